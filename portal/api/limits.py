"""How often one address may ask."""

from ipaddress import IPv6Address, ip_address

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

_CUSTOMER = 64  # bits of an IPv6 address that one customer is given; the rest is theirs to choose


class PerAddress(AnonRateThrottle):
    """Counts in the cache; while Redis is away nothing is counted, for reading goes on without it."""

    def get_ident(self, request: Request) -> str:
        """Return the address that asks; of IPv6 the network that a customer has."""
        found = str(super().get_ident(request))
        try:
            address = ip_address(found)
        except ValueError:
            return found
        return f"{int(address) >> _CUSTOMER:x}::" if isinstance(address, IPv6Address) else found
