"""The signed links that stand in letters, by which they can be stopped."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer

_TOKEN = re.compile(r"([1-9]\d{0,17})\.(all|digest)", re.ASCII)
_LINK = re.compile(r"/unsubscribe/([\w.~=-]{10,200})", re.ASCII)


class Subscription(NamedTuple):
    """Whose letters, and which."""

    member_id: int
    what: str  # "all" or "digest"


def link(member_id: int, what: str) -> str:
    """Return the address by which a member's letters are stopped; it holds for ever."""
    token = _signer().sign(f"{member_id}.{what}")
    return f"{settings.ROSTRA.base_url}/unsubscribe/{token}"


def headers(member_id: int, what: str) -> dict[str, str]:
    """Return what mail programs make a button of (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{link(member_id, what)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read_token(token: str) -> Subscription | None:
    """Return what a token is for, None for one that is none of ours."""
    try:
        found = _TOKEN.fullmatch(_signer().unsign(token))
    except BadSignature:
        return None
    return Subscription(int(found[1]), found[2]) if found else None


def find_in(text: str) -> Subscription | None:
    """Return what the first of our links in a letter is for, None without one."""
    return next(filter(None, (read_token(found[1]) for found in _LINK.finditer(text))), None)


def _signer() -> Signer:
    return Signer(salt="rostra.unsubscribe", sep="~")
