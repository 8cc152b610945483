"""OpenID Connect: the code flow with PKCE, state and nonce, against what is configured (SEC-087).

Nothing here knows members: a provider says that whoever is at the browser is `subject` of `issuer`,
and perhaps which address of mail it has checked. What a provider may not do is decide who that is
here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest

from rostra.kernel import http

LASTS = 10 * 60
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # none of a shared secret, none of none
LARGEST = 1_000_000


class Failed(Exception):
    """The provider's answer is not one to rely on; the text is for the log."""


class Provider(NamedTuple):
    """Who may vouch for members."""

    key: str
    name: str
    issuer: str
    client_id: str
    secret: str

    @property
    def back(self) -> str:
        """The address a provider sends browsers back to."""
        return f"{settings.ROSTRA.base_url}/account/with/{self.key}/back"


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for."""

    issuer: str
    subject: str
    email: str  # "" where the provider has not checked it
    name: str


def providers() -> dict[str, Provider]:
    """Return the configured ones by key, in order."""
    return _read(settings.ROSTRA.oidc)


@lru_cache(maxsize=8)
def _read(text: str) -> dict[str, Provider]:
    found = {}
    for part in text.split(";"):
        words = {name: values[0] for name, values in parse_qs(part.strip()).items()}
        if words:
            key = words["key"]
            found[key] = Provider(
                key, words.get("name", key), words["issuer"], words["client"], words["secret"]
            )
    return found


def begin(request: HttpRequest, provider: Provider, *, member_id: int | None, back: str) -> str:
    """Return where to send the browser; what must come back stands in this session alone."""
    about = _about(provider)
    kept = {
        "key": provider.key,
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "at": time.time(),
        "member": member_id,
        "back": back,
    }
    request.session["oidc"] = kept
    digest = hashlib.sha256(str(kept["verifier"]).encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.back,
        "scope": "openid profile email",
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = _safe(about["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def finish(request: HttpRequest, provider: Provider) -> tuple[Vouched, dict[str, Any]]:
    """Return whom the provider vouches for, and what was begun; raises Failed. Good once."""
    kept = request.session.pop("oidc", None)
    if not isinstance(kept, dict) or kept.get("key") != provider.key:
        raise Failed("nothing was begun with this provider in this session")
    if not 0 <= time.time() - kept["at"] < LASTS:
        raise Failed("it took too long")
    if not secrets.compare_digest(request.GET.get("state", "").encode(), kept["state"].encode()):
        raise Failed("another state")
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise Failed("another provider answered")
    code = request.GET.get("code", "")
    if not code:
        raise Failed(f"no code: {request.GET.get('error', '')[:100]}")
    about = _about(provider)
    answer = fetch(
        _safe(about["token_endpoint"]),
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.back,
            "client_id": provider.client_id,
            "client_secret": provider.secret,
            "code_verifier": kept["verifier"],
        },
    )
    claims = _claims(provider, about, str(answer.get("id_token", "")))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), kept["nonce"].encode()):
        raise Failed("another nonce")
    is_checked = claims.get("email_verified") is True
    vouched = Vouched(
        issuer=provider.issuer,
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")) if is_checked else "",
        name=str(claims.get("preferred_username") or claims.get("name") or "")[:60],
    )
    if not 0 < len(vouched.subject) <= 255:
        raise Failed("no subject")
    return vouched, kept


def kept_for_joining(vouched: Vouched) -> dict[str, str]:
    """Return what stands in a session until a name was chosen."""
    return asdict(vouched)


def fetch(address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address of the provider's; raises Failed."""
    try:
        answer = http.fetch(
            address, most=LARGEST, headers={"Accept": "application/json"}, form=form, hops=0,
            allowed=http.networks(settings.ROSTRA.reach_inside),
        )  # fmt: skip
        if answer.status != 200:
            raise Failed(f"{urlsplit(address).path}: {answer.status}")
        if not answer.is_whole:
            raise Failed("too long an answer")
        found = json.loads(answer.body)
    except (http.Failed, ValueError) as error:
        raise Failed(str(error)[:200]) from error
    if not isinstance(found, dict):
        raise Failed("no JSON object")
    return found


def _about(provider: Provider) -> dict[str, Any]:
    about = fetch(_safe(provider.issuer.rstrip("/") + "/.well-known/openid-configuration"))
    # To the letter: an issuer for many tenants says something else here than in its tokens.
    if about.get("issuer") != provider.issuer:
        raise Failed("the provider calls itself otherwise")
    return about


def _claims(provider: Provider, about: dict[str, Any], token: str) -> dict[str, Any]:
    """Return what a token says, signed by a key of the provider's, for us, now."""
    import jwt  # megabytes that a site where nobody vouches does without

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise Failed("not signed as it must be")
        keys = jwt.PyJWKSet.from_dict(fetch(_safe(about["jwks_uri"]))).keys
        fitting = [key for key in keys if key.key_id == header.get("kid") or len(keys) == 1]
        if not fitting:
            raise Failed("signed by an unknown key")
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0].key,
            algorithms=[header["alg"]],
            audience=provider.client_id,
            issuer=provider.issuer,
            leeway=60,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Failed(f"the token: {error}"[:200]) from error
    if isinstance(claims["aud"], list) and claims.get("azp") != provider.client_id:
        raise Failed("for several, and not by us")
    return claims


def _safe(address: Any) -> str:
    """Return an address that tokens may be sent to: https, or this machine."""
    parts = urlsplit(str(address))
    is_here = parts.hostname in ("localhost", "127.0.0.1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
        raise Failed("not over https")
    return str(address)
