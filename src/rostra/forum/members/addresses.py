"""Addresses of mail: what may be one, and which two are the same. Pure.

An address is plain ASCII: letters, digits and the usual marks before the @, a name of a host
behind it. Quoted parts, comments, routes and other letters are refused, so that no two programs
can read it differently. Two are the same where they differ in the case of ASCII letters alone;
nothing else is folded.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 254
_ASCII_LOWER = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
)  # str.lower() would fold the Kelvin sign too
_PLAIN = re.compile(
    r"(?!.{255})(?![^@]{65})[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


def is_address(text: str) -> bool:
    """Return whether this is one plain address of mail, with nothing around it."""
    return _PLAIN.fullmatch(text) is not None


def address_key(address: str) -> str:
    """Return what is unique about an address."""
    return address.translate(_ASCII_LOWER)


def is_disposable(address: str) -> bool:
    """Return whether it belongs to those who give addresses away for minutes."""
    host = address_key(address).rpartition("@")[2].split(".")
    return any(".".join(host[start:]) in _disposable() for start in range(len(host) - 1))


@lru_cache(maxsize=1)
def _disposable() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)
