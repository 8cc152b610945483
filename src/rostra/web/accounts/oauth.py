"""OAuth 2, against providers that speak nothing more (SEC-087).

A token of theirs says nothing: whose it is, is asked with it once, and then it is forgotten. That
it was made for us follows from how we came by it: for a code, with our secret and the verifier
that only this session has.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from rostra.web.accounts import vouched
from rostra.web.accounts.providers import OAuth
from rostra.web.accounts.vouched import LONGEST_NAME, LONGEST_SUBJECT, Failed, Vouched, an_object

_TOKEN = re.compile(r"[\x21-\x7e]{1,4000}")
_SUBJECT = re.compile(r"[A-Za-z0-9._:-]+")  # no address of mail


def asked(provider: OAuth) -> tuple[str, dict[str, str]]:
    """Return where a browser is sent to, and what the provider is asked there."""
    return provider.authorize, {"scope": provider.scope} if provider.scope else {}


def vouch(provider: OAuth, form: dict[str, str]) -> Vouched:
    """Return whom the provider vouches for, by the form that redeems a code; raises Failed."""
    told = {"Authorization": f"Bearer {_token(provider, form)}"}
    found = an_object(vouched.fetch(provider.user, headers=told))
    return Vouched(
        issuer=provider.issuer,
        subject=_subject(_at(found, provider.subject)),
        email=_email(provider, found, told),
        name=str(_at(found, provider.called) or "")[:LONGEST_NAME],
    )


def _token(provider: OAuth, form: dict[str, str]) -> str:
    """Redeem a code. What is raised and logged holds nothing of the token, code or secret."""
    headers = {}
    if provider.is_basic:
        client, secret = quote_plus(provider.client_id), quote_plus(form.pop("client_secret"))
        pair = base64.b64encode(f"{client}:{secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    answer = an_object(vouched.fetch(provider.token, form, headers))
    if "error" in answer:  # which some say with the status of success
        raise Failed(f"no token: {answer['error']!r:.100}")
    token, kind = answer.get("access_token"), str(answer.get("token_type", "bearer"))
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or kind.lower() != "bearer":
        raise Failed("no token that can be used")
    return token


def _subject(found: Any) -> str:
    """Return a number, or the letters that stand for one; raises Failed."""
    subject = str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
    if not _SUBJECT.fullmatch(subject) or len(subject) > LONGEST_SUBJECT:
        raise Failed("no subject")
    return subject


def _email(provider: OAuth, found: Mapping[str, Any], told: dict[str, str]) -> str:
    """Return the address of mail that the provider has checked, or "" for none."""
    if provider.email:
        email = _at(found, provider.email) if _at(found, provider.checked) is True else ""
        return email if isinstance(email, str) else ""
    if not provider.emails:
        return ""
    try:
        rows = vouched.fetch(provider.emails, headers=told)
    except Failed:  # that may be kept from us; who it is, is known all the same
        return ""
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("primary") is True and row.get("verified") is True:
            return str(row.get("email") or "")
    return ""


def _at(found: Any, path: str) -> Any:
    """Return what stands at "id", or within another object at "data.id"; None for nothing."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
