"""From where a request comes: the address that limits count by."""

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

_CUSTOMER = 64  # bits of an IPv6 address that one customer is given; the rest is theirs to choose


def customer(address: str) -> str:
    """Return what of an address names a customer: of IPv6 the network, of IPv4 all of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return f"{int(parsed) >> _CUSTOMER:x}::" if isinstance(parsed, IPv6Address) else address


def asking_from(request: HttpRequest) -> str:
    """Return the customer that asks; behind the proxy what it says last, which no sender can forge."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return customer(forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))
