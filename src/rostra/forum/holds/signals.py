"""What newcomers' posts are looked at for: named signals, and what several have alike. Pure.

A signal adds to a score; a score that is high enough lets the post wait, and does nothing else
(ABU-004). What is alike is found by hosts, numbers, and words as sixty-four bits of which few
differ (ABU-005).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

HOLDS_AT = 4
WEIGHTS = {
    "first_link": 1,  # the first posts of somebody lead elsewhere
    "little_but_links": 3,
    "shortened_link": 2,
    "contact": 2,  # a number to call, or an address of a messenger
    "mixed_letters": 3,  # letters of two scripts in one word
    "unseen_signs": 2,
    "shouting": 1,
}
NEAR_BITS = 3
WORDS_TO_COMPARE = 8
SHORTENERS = frozenset(
    ("bit.ly", "cutt.ly", "goo.gl", "is.gd", "ow.ly", "rb.gy", "shorturl.at", "t.co", "t.ly",
     "tinyurl.com", "v.gd")
)  # fmt: skip
MESSENGERS = frozenset(("t.me", "telegram.me", "wa.me", "api.whatsapp.com", "signal.me"))

# As numbers to call are written: with + or a zero first, as years, sums and times are not.
_NUMBER = re.compile(r"(?<![\w.,:/-])(?:\+|0)[0-9](?:[ ()/-]{0,3}[0-9]){7,13}(?![\w,:.]?[0-9])")
_WORD = re.compile(r"\w+")
_UNSEEN = re.compile("[\u00ad\u034f\u180e\u2060-\u2064]")
_BETWEEN = re.compile(r"(?<=[a-zA-Z])[\u200b-\u200d\ufeff](?=[a-zA-Z])")
_LIKE_LATIN = ("CYRILLIC", "GREEK", "LATIN")
_ADDRESS = re.compile(r"\bhttps?://\S+", re.IGNORECASE)


class Marks(NamedTuple):
    """What a post may have in common with others."""

    hosts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    print: int | None = None  # None: too short to compare

    def traces(self) -> list[tuple[str, str]]:
        """Return each as (what to find it by, the whole of it)."""
        found = [(f"host:{host}", "") for host in self.hosts]
        found += [(f"number:{number}", "") for number in self.numbers]
        if self.print is not None:
            whole = f"{self.print:016x}"
            # Of four parts one is the same wherever no more than three bits differ.
            found += [(f"words{at}:{whole[at * 4 : at * 4 + 4]}", whole) for at in range(4)]
        return found


def hosts_of(links: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts that links lead to, each once, without "www."."""
    found: dict[str, None] = {}
    for link in links:
        try:
            host = urlsplit(link).hostname
        except ValueError:
            host = None
        if host:
            found[host.lower().removeprefix("www.")[:60]] = None
    return tuple(found)


def marks_of(source: str, links: Collection[str]) -> Marks:
    """Return what a post may have in common with others."""
    numbers = {re.sub(r"\D", "", number[0]) for number in _NUMBER.finditer(source)}
    return Marks(hosts_of(links), tuple(sorted(numbers))[:5], print_of(source))


def signals_of(source: str, links: Collection[str], *, posts: int) -> list[str]:
    """Return the names of the signals in a newcomer's post; `posts`: how many of theirs stand."""
    found = []
    hosts = hosts_of(links)
    bare = _ADDRESS.sub(" ", source)
    letters = [char for char in bare if char.isalpha()]
    if links and not posts:
        found.append("first_link")
    if links and len(_WORD.findall(bare)) < 6 * len(links):
        found.append("little_but_links")
    if any(host in SHORTENERS for host in hosts):
        found.append("shortened_link")
    if _NUMBER.search(bare) or any(host in MESSENGERS for host in hosts):
        found.append("contact")
    if any(_is_mixed(word) for word in _WORD.findall(bare)):
        found.append("mixed_letters")
    if _UNSEEN.search(source) or _BETWEEN.search(source):
        found.append("unseen_signs")
    if len(letters) >= 40 and sum(char.isupper() for char in letters) > 0.7 * len(letters):
        found.append("shouting")
    return found


def score_of(signals: Iterable[str]) -> int:
    """Return what signals come to."""
    return sum(WEIGHTS[name] for name in signals)


def print_of(source: str) -> int | None:
    """Return sixty-four bits that nearly the same words share nearly all of; None for few words."""
    words = _WORD.findall(unicodedata.normalize("NFKC", source).casefold())[:3000]
    if len(words) < WORDS_TO_COMPARE:
        return None
    counts = [0] * 64
    for pair in pairwise(words):
        bits = int.from_bytes(blake2b("\0".join(pair).encode(), digest_size=8).digest())
        for at in range(64):
            counts[at] += 1 if bits >> at & 1 else -1
    return sum(1 << at for at in range(64) if counts[at] > 0)


def is_near(one: int, other: int) -> bool:
    """Return whether two prints are those of nearly the same words."""
    return (one ^ other).bit_count() <= NEAR_BITS


def _is_mixed(word: str) -> bool:
    """Return whether letters that look alike in several scripts stand in one word."""
    if word.isascii() or len(word) < 4:
        return False
    scripts = {unicodedata.name(char, "").partition(" ")[0] for char in word if char.isalpha()}
    return len(scripts.intersection(_LIKE_LATIN)) > 1
