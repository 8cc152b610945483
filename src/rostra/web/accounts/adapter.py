"""How allauth fits this forum."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No registration yet, no flash messages (they would give guests a session), real address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: pages say what happened themselves."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks: right to left past the configured proxies (SEC-082)."""
    trusted = {part.strip() for part in settings.ROSTRA.trusted_proxies.split(",") if part.strip()}
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while address in trusted and hops and hops[-1]:
        address = hops.pop()
    return address
