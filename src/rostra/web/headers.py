"""Security headers of every answer (ASVS V3.4), and the one host we answer for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.utils.csp import CSP, build_policy

from rostra.web.bare import bare

METHODS = ("GET", "HEAD", "POST")  # no handler answers another, whatever it is made of
WITHOUT_BODY = (204, 304)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class HeadersMiddleware:
    """Put the fixed headers on; send the local address to the name, which passkeys need."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.host = settings.ROSTRA.base_url.partition("://")[2]
        self.headers = FIXED.copy()
        if settings.ROSTRA.base_url.startswith("https://"):
            self.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            response: HttpResponse = HttpResponseNotAllowed(METHODS)
        else:
            response = self._answer(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault(CSP.HEADER_ENFORCE, _policy(settings.ROSTRA.embeds))
        if not response.streaming and response.status_code not in WITHOUT_BODY:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        if host.startswith("127.0.0.1:") and self.host.startswith("localhost:"):
            return HttpResponsePermanentRedirect(settings.ROSTRA.base_url + request.get_full_path())
        try:
            request.get_host()
        except DisallowedHost:
            return bare(400, request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        return self.get_response(request)


@cache
def _policy(embeds: str) -> str:
    """Return the content security policy where these players may be shown."""
    hosts = [settings.EMBED_HOSTS[name] for name in embeds.split(",") if name]
    fixed: dict[str, list[str]] = cast(Any, settings.SECURE_CSP)
    return build_policy({**fixed, "frame-src": hosts or [CSP.NONE]})
