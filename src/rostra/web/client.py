"""Where a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

_NEAR = tuple(
    ip_network(words)
    for words in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
        "::1/128", "fc00::/7", "fe80::/10",
    )
)  # fmt: skip


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks: right to left past the configured proxies (SEC-082)."""
    return address_in(request.META)


def address_in(environ: Mapping[str, Any]) -> str:
    """Return the same of what a server says of a request."""
    address = str(environ.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and hops[-1] and is_proxy(address):
        address = hops.pop()
    return address


def is_proxy_unknown(request: HttpRequest) -> bool:
    """Return whether a proxy beside us says whom it asks for, and its word does not count."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    return "HTTP_X_FORWARDED_FOR" in request.META and is_near(address) and not is_proxy(address)


def is_proxy(address: str) -> bool:
    """Return whether an address is one of the proxies whose word counts."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _proxies())


@lru_cache(maxsize=4096)
def is_near(address: str) -> bool:
    """Return whether it is of this machine or its own network, or no address at all."""
    try:
        found = ip_address(address)
    except ValueError:
        return True
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in network for network in _NEAR)


@lru_cache(maxsize=4096)
def shortened(address: str) -> str:
    """Return the /24 or /48 an address lies in, "" for what is none (PRV-004)."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _proxies() -> tuple[IPv4Network | IPv6Network, ...]:
    words = settings.ROSTRA.trusted_proxies.split(",")
    return tuple(ip_network(word.strip()) for word in words if word.strip())
