"""OpenID Connect: what is told in a signed token, which only this browser asked for (SEC-087)."""

from __future__ import annotations

import secrets
from typing import Any

from rostra.web.accounts import vouched
from rostra.web.accounts.providers import OpenID, is_safe
from rostra.web.accounts.vouched import LONGEST_NAME, LONGEST_SUBJECT, Failed, Vouched, an_object

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # none of a shared secret, none of none


def asked(provider: OpenID, *, nonce: str) -> tuple[str, dict[str, str]]:
    """Return where a browser is sent to, and what the provider is asked there; raises Failed."""
    address = str(_about(provider)["authorization_endpoint"])
    if not is_safe(address):
        raise Failed("not over https")
    return address, {"scope": "openid profile email", "nonce": nonce}


def vouch(provider: OpenID, form: dict[str, str], *, nonce: str) -> Vouched:
    """Return whom the provider vouches for, by the form that redeems a code; raises Failed."""
    about = _about(provider)
    answer = an_object(vouched.fetch(str(about["token_endpoint"]), form))
    claims = _claims(provider, about, str(answer.get("id_token", "")))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise Failed("another nonce")
    subject, is_checked = str(claims["sub"]), claims.get("email_verified") is True
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise Failed("no subject")
    return Vouched(
        issuer=provider.issuer,
        subject=subject,
        email=str(claims.get("email", "")) if is_checked else "",
        name=str(claims.get("preferred_username") or claims.get("name") or "")[:LONGEST_NAME],
    )


def _about(provider: OpenID) -> dict[str, Any]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    about = an_object(vouched.fetch(address))
    # To the letter: an issuer for many tenants says something else here than in its tokens.
    if about.get("issuer") != provider.issuer:
        raise Failed("the provider calls itself otherwise")
    if not about.keys() >= {"authorization_endpoint", "token_endpoint", "jwks_uri"}:
        raise Failed("the provider does not say where to ask")
    return about


def _claims(provider: OpenID, about: dict[str, Any], token: str) -> dict[str, Any]:
    """Return what a token says, signed by a key of the provider's, for us, now."""
    import jwt  # megabytes that a site where nobody vouches does without

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise Failed("not signed as it must be")
        keys = jwt.PyJWKSet.from_dict(an_object(vouched.fetch(str(about["jwks_uri"])))).keys
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
