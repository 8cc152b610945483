"""How allauth fits this forum."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from rostra.forum.members.names import name_key
from rostra.web.client import client_address


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
