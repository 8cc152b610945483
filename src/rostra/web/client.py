"""Where a request comes from."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks: right to left past the configured proxies (SEC-082)."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and hops[-1] and _is_proxy(address):
        address = hops.pop()
    return address


def _is_proxy(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _proxies())


@lru_cache(maxsize=1)
def _proxies() -> tuple[IPv4Network | IPv6Network, ...]:
    words = settings.ROSTRA.trusted_proxies.split(",")
    return tuple(ip_network(word.strip()) for word in words if word.strip())
