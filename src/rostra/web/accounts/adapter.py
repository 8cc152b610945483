"""How allauth fits this forum."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from rostra.forum.members.names import name_key


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No registration yet, no flash messages (they would give guests a session), real address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: pages say what happened themselves."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account, however its name was spelled (SEC-080)."""
        spelled = str(credentials.get("username") or credentials.get("login") or "")
        key: str = super()._get_login_attempts_cache_key(
            request, **{**credentials, "username": name_key(spelled[:100])}
        )
        return key

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


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
