"""A provider elsewhere vouches for whoever is at the browser: the code flow (SEC-087, 088).

Nothing here knows members: a provider says that whoever is at the browser is `subject` of `issuer`,
and perhaps which address of mail it has checked. What a provider may not do is decide who that is
here. What is the same for all of them stands here: state, verifier, once, in one session.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from rostra.web.accounts import oauth, oidc, providers
from rostra.web.accounts.providers import OpenID, Provider
from rostra.web.accounts.vouched import Declined, Failed, Vouched

LASTS = 10 * 60
_KEPT = "vouching"


def configured() -> dict[str, Provider]:
    """Return who may vouch, by key, in order."""
    return providers.all_in(settings.ROSTRA.oidc, settings.ROSTRA.oauth)


def begin(request: HttpRequest, provider: Provider, *, member_id: int | None, back: str) -> str:
    """Return where to send the browser; what must come back stands in this session alone."""
    kept = {
        "key": provider.key,
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
        "member": member_id,
        "back": back,
    }
    if isinstance(provider, OpenID):
        address, more = oidc.asked(provider, nonce=str(kept["nonce"]))
    else:
        address, more = oauth.asked(provider)
    digest = hashlib.sha256(str(kept["verifier"]).encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": _back(provider),
        "state": kept["state"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **more,
    }
    request.session[_KEPT] = kept
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def finish(request: HttpRequest, provider: Provider) -> tuple[Vouched, dict[str, Any]]:
    """Return whom the provider vouches for, and what was begun; raises Failed. Good once."""
    kept = request.session.pop(_KEPT, None)
    if not isinstance(kept, dict) or kept.get("key") != provider.key:
        raise Failed("nothing was begun with this provider in this session")
    if not 0 <= time.time() - kept["at"] < LASTS:
        raise Failed("it took too long")
    if not secrets.compare_digest(request.GET.get("state", "").encode(), kept["state"].encode()):
        raise Failed("another state")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise Failed("another provider answered")
    code, error = request.GET.get("code", ""), request.GET.get("error", "")
    if error == "access_denied":
        raise Declined("declined")
    if error or not code:
        raise Failed(f"no code: {error!r:.100}")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(provider),
        "client_id": provider.client_id,
        "client_secret": provider.secret,
        "code_verifier": kept["verifier"],
    }
    if isinstance(provider, OpenID):
        return oidc.vouch(provider, form, nonce=kept["nonce"]), kept
    return oauth.vouch(provider, form), kept


def kept_for_joining(vouched: Vouched) -> dict[str, str]:
    """Return what stands in a session until a name was chosen."""
    return asdict(vouched)


def _back(provider: Provider) -> str:
    """Return the address a provider sends browsers back to: no other one has the same."""
    return f"{settings.ROSTRA.base_url}/account/with/{provider.key}/back"
