"""Browsers in which somebody signed in before: they keep a count of tries of their own.

So nobody can keep a member out by trying wrong passwords from elsewhere (SEC-080). The cookie says
who, signed, and nothing else; it gives no access to anything.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "rostra.device"
KEPT = 60 * 60 * 24 * 365


def remember(request: HttpRequest, response: HttpResponse, member_id: int) -> None:
    """Have this browser known as one of this member's."""
    if known(request, member_id):
        return
    value = signing.dumps([member_id, secrets.token_urlsafe(12)], salt=SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, value, max_age=KEPT, httponly=True, samesite="Lax",
        secure=settings.IS_HTTPS, path="/",
    )  # fmt: skip


def known(request: HttpRequest, member_id: int) -> str:
    """Return what stands for this browser where the member signed in by it before, else ""."""
    try:
        who, device = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=SALT, max_age=KEPT
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(device) if who == member_id else ""
