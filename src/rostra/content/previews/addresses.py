"""Addresses of documents: one form for all the ways one is written, and whose it is. Pure."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import idna

from rostra.kernel import http

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

LONGEST = 2000
# What is added to addresses to follow people about, and says nothing of the document.
_FOLLOWING = re.compile(
    r"(?:utm_\w*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|yclid|twclid|ttclid"
    r"|igshid|igsh|mkt_tok|_hsenc|_hsmi|vero_id|oly_(?:anon|enc)_id|at_(?:medium|campaign)"
    r"|ref_src|cmpid|ocid|__twitter_impression)\Z",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


def normalise(url: str) -> str | None:
    """Return an address as all who mean the same document come to it; None for none of the web.

    The host in small letters of ASCII; no fragment, no marks of those who follow readers, the
    query in order; signs are percent-encoded where they must be, and nowhere else. What is
    normalised stays as it is.
    """
    if len(url) > 4 * LONGEST:
        return None
    try:
        target = http.target_of(url.strip().replace("\\", "/"))
        host = _host(target.host)
    except (http.Failed, ValueError):  # some of what urllib and idna take for wrong
        return None
    if host is None:
        return None
    path, _, query = target.path.partition("?")
    port = "" if target.port == http.PORTS[target.scheme] else f":{target.port}"
    found = f"{target.scheme}://{host}{port}{_spelled(_climbed(path))}"
    if kept := _query(query):
        found += f"?{kept}"
    return found if len(found) <= LONGEST else None


def key_of(normalised: str) -> str:
    """Return what a normalised address is found by: the same with and without encryption."""
    return hashlib.sha256(normalised.partition("://")[2].encode()).hexdigest()


def host_of(normalised: str) -> str:
    """Return the host of a normalised address."""
    return urlsplit(normalised).hostname or ""


def registrable(host: str) -> str:
    """Return the name under which somebody registered a host: news.bbc.co.uk → bbc.co.uk.

    By the public suffix list that comes with the library. What stands under no known suffix, and
    an address of numbers, is its own.
    """
    try:
        ip_address(host)
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host


def is_of_same(one: str, other: str) -> bool:
    """Return whether two normalised addresses are under one registrable name."""
    return registrable(host_of(one)) == registrable(host_of(other))


def joined(base: str, reference: str) -> str | None:
    """Return the address that a reference on a page means, normalised; None for none."""
    try:
        return normalise(urljoin(base, reference.strip()))
    except ValueError:
        return None


def _host(host: str) -> str | None:
    """Return a host as it is looked up; None for what no resolver should be asked."""
    host = host.lower()
    if ":" in host:
        return f"[{ip_address(host)}]"
    if len(host) > 253 or not _HOST.fullmatch(host):
        return None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # four plain numbers, and no other spelling of them
        return str(ip_address(host))
    for label in labels:
        if label.startswith("xn--"):
            idna.decode(label)  # raises ValueError for what is of no script
    return host


def _climbed(path: str) -> str:
    """Return a path without the steps `.` and `..`."""
    if "/." not in path and "/%2" not in path:
        return path
    kept: list[str] = []
    steps = path.split("/")[1:]
    for at, step in enumerate(steps):
        is_last = at == len(steps) - 1
        name = re.sub("%2e", ".", step, flags=re.IGNORECASE)
        if name not in (".", ".."):
            kept.append(step)
            continue
        if name == ".." and kept:
            kept.pop()
        if is_last:
            kept.append("")
    return "/" + "/".join(kept)


def _query(query: str) -> str:
    pairs = [_spelled(pair) for pair in query.split("&") if pair]
    return "&".join(sorted(p for p in pairs if not _FOLLOWING.match(p.partition("=")[0])))


def _spelled(text: str) -> str:
    """Return percent-encoding in its one form: capitals, and not where a sign may stand itself."""

    def spell(found: re.Match[str]) -> str:
        sign = chr(int(found[1], 16))
        return sign if sign in _PLAIN else f"%{found[1].upper()}"

    return _PERCENT.sub(spell, text)


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # reads its list: only where it is needed

    return PublicSuffixList()
