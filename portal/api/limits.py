"""How often one address may ask."""

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from portal.addresses import customer


class PerAddress(AnonRateThrottle):
    """Counts in the cache; while Redis is away nothing is counted, for reading goes on without it."""

    def get_ident(self, request: Request) -> str:
        """Return the address that asks; of IPv6 the network that a customer has."""
        return customer(str(super().get_ident(request)))
