"""How allauth fits this forum: it leads a sign-in through its stages, and keeps second factors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rostra.forum.members import recovery
from rostra.forum.members.models import Member
from rostra.web.accounts import devices
from rostra.web.client import client_address


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our own pages join, recover and ask again; no flash messages (guests have no session)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: pages say what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: our own letters do."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Leave it to our own pages (rostra.web.sure)."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Send them on; the browser is known from now on, links for a new password are not."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.status_code = 303
        recovery.forget_resets(user.pk)
        devices.remember(request, response, user.pk)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Who we are to an authenticator: by configuration, whatever a request says of its host."""

    def get_totp_label(self, user: Member) -> str:
        return user.name

    def get_totp_issuer(self) -> str:
        return settings.ROSTRA.site_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": settings.HOST, "name": settings.ROSTRA.site_name}
