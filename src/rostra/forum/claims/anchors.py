"""Where words stand in a text, and where they stand after it has changed. Pure.

The selectors are those of W3C's Web Annotation: the words with a little of what stands around
them, and their place. Everything is over plain text as `plain` makes it. What a search costs is
bounded by the length of the text and of the words, whatever both of them hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

type Found = Literal["stands", "moved", "gone"]
type Check = Literal["verified", "fuzzy", "not_found", "unchecked"]

CHECKS: tuple[Check, ...] = ("verified", "fuzzy", "not_found", "unchecked")
AROUND = 32  # characters kept before and after
SHORTEST, LONGEST = 8, 500  # of words that are quoted; what is shorter stands in any text
MOST_EDITS = 256
SILENT, NOTICED = 0.80, 0.60  # likeness from which words stand, and from which they have moved
SAME, ALIKE = 0.95, 0.80  # likeness of a quote that is verified, and of one that is nearly
PLACES = 40  # that are looked at, of those that fit exactly
AREAS = 12  # that are looked at, of those that hold the most of the words' letters
_WORD = re.compile(r"\w+")
_RUN = 3  # characters
_MARKS = str.maketrans("“”„«»‘’‚–—‐‑", '"""""\'\'\'----')


class Anchor(NamedTuple):
    """Words in a text: themselves, what stands around them, and where they begin and end."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int

    def selectors(self) -> list[dict[str, Any]]:
        """Return it as W3C selectors."""
        return [
            {"type": "TextQuoteSelector", "exact": self.exact, "prefix": self.prefix,
             "suffix": self.suffix},
            {"type": "TextPositionSelector", "start": self.start, "end": self.end},
        ]  # fmt: skip


class Place(NamedTuple):
    """Where words were found, how many letters differ, and how like all of it is, 0 to 1."""

    start: int
    end: int
    edits: int
    score: float


def plain(text: str) -> str:
    """Return a text as anchors count in it: composed, every run of white space one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def anchor_at(text: str, words: str) -> Anchor | None:
    """Return the first place of words in a plain text; None where they are not in it as they are.

    Neither are words too short or too long to be told by.
    """
    words = plain(words)
    if not SHORTEST <= len(words) <= LONGEST:
        return None
    start = text.find(words)
    return None if start < 0 else _anchored(text, start, start + len(words))


def again(text: str, anchor: Anchor) -> tuple[Found, Anchor]:
    """Return what became of words in a plain text that has changed, and where they stand now.

    What is gone keeps the anchor it had.
    """
    place = find(text, anchor)
    if place is None or place.score < NOTICED:
        return "gone", anchor
    return (
        "stands" if place.score >= SILENT else "moved",
        _anchored(text, place.start, place.end),
    )


def find(text: str, anchor: Anchor) -> Place | None:
    """Return the place in a plain text that is most like an anchor; None where there is none."""
    if not anchor.exact or not text:
        return None
    spans = _exactly(text, anchor.exact, anchor.start) or _nearly(text, anchor.exact)
    scored = (_scored(text, anchor, *span) for span in spans)
    return max(scored, key=lambda place: place.score, default=None)


def check(quote: str, text: str) -> Check:
    """Return whether a document's text holds a quote.

    Verified only where every word of it is there: one "not" more in a long quote is few letters.
    """
    quote, text = _folded(quote), _folded(text)
    if len(quote) < SHORTEST:
        return "not_found"
    bare = Anchor(quote, "", "", 0, len(quote))
    spans = _exactly(text, quote, 0) or _nearly(text, quote)
    likest, best = 0.0, bare
    for start, end, edits in spans:
        likeness = 1 - edits / len(quote)
        if likeness > likest:
            likest, best = likeness, _anchored(text, start, end)
    if likest >= SAME and _words(best.exact) == _words(quote):
        return "verified"
    return "fuzzy" if likest >= ALIKE else "not_found"


def place_of(quote: str, text: str) -> tuple[int, int] | None:
    """Return where a plain text has the words of a quote, by the marks and case of either one."""
    quote, text = plain(quote), plain(text)
    start = _of_same_length(text).find(_of_same_length(quote))
    return None if start < 0 else (start, start + len(quote))


def _of_same_length(text: str) -> str:
    """Return a plain text folded, every sign in its place."""
    small = (sign.casefold() for sign in text.translate(_MARKS))
    return "".join(one if len(one) == 1 else sign for one, sign in zip(small, text, strict=True))


def _anchored(text: str, start: int, end: int) -> Anchor:
    before = text[max(start - AROUND, 0) : start]
    return Anchor(text[start:end], before, text[end : end + AROUND], start, end)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _folded(text: str) -> str:
    """Return a plain text without what printers, not speakers, decide: case and kinds of marks."""
    return plain(text.translate(_MARKS)).casefold()


def _scored(text: str, anchor: Anchor, start: int, end: int, edits: int) -> Place:
    """Weights as in Hypothesis' client: the words, what is around them, a little for the place."""
    quote = 1 - edits / len(anchor.exact)
    before = _likeness(anchor.prefix, text[max(start - AROUND, 0) : start])
    after = _likeness(anchor.suffix, text[end : end + AROUND])
    near = 1 - min(abs(start - anchor.start) / len(text), 1)
    return Place(start, end, edits, (50 * quote + 20 * before + 20 * after + 2 * near) / 92)


def _likeness(wanted: str, there: str) -> float:
    if not wanted:
        return 1.0
    _, edits = min(_ends(there, wanted), key=lambda one: one[1], default=(0, len(wanted)))
    return 1 - min(edits, len(wanted)) / len(wanted)


def _exactly(text: str, words: str, near: int) -> list[tuple[int, int, int]]:
    """Return places where words stand as they are, around one; so many at most."""
    found: list[int] = []
    at = text.find(words, max(near, 0))
    while at >= 0 and len(found) < PLACES // 2:
        found.append(at)
        at = text.find(words, at + 1)
    at = text.rfind(words, 0, max(near, 0) + len(words) - 1) if near > 0 else -1
    while at >= 0 and len(found) < PLACES:
        found.append(at)
        at = text.rfind(words, 0, at + len(words) - 1)
    return [(at, at + len(words), 0) for at in found]


def _nearly(text: str, words: str) -> list[tuple[int, int, int]]:
    """Return places that are like words: one in each area that holds the most of their letters."""
    most = min(MOST_EDITS, len(words) // 2)
    found = []
    for start, end in _areas(text, words):
        area = text[start:end]
        stop, edits = min(_ends(area, words), key=lambda one: one[1])
        if edits > most:
            continue
        # Where it begins: the same search backwards from where it ends.
        back, _ = min(_ends(area[:stop][::-1], words[::-1]), key=lambda one: one[1])
        found.append((start + stop - back, start + stop, edits))
    return found


def _areas(text: str, words: str) -> list[tuple[int, int]]:
    """Return the parts of a text, each a few times as long as the words, to look at closely."""
    size = len(words)
    if len(text) <= 4 * size:
        return [(0, len(text))]
    runs = {words[at : at + _RUN] for at in range(size - _RUN + 1)}
    counts = [0] * (len(text) // size + 2)
    for at in range(len(text) - _RUN + 1):
        if text[at : at + _RUN] in runs:
            counts[at // size] += 1
    pairs = [counts[block] + counts[block + 1] for block in range(len(counts) - 1)]
    best = sorted(range(len(pairs)), key=lambda block: -pairs[block])[:AREAS]
    half = size // 2
    return [
        (max(block * size - half, 0), min((block + 2) * size + half, len(text)))
        for block in best
        if pairs[block]
    ]


def _ends(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield, for every end of a stretch of a text, the fewest edits that make it these words.

    Bit-parallel (Myers 1999): one step a letter, on integers as long as the words.
    """
    size = len(words)
    last = 1 << (size - 1)
    full = (1 << size) - 1
    peq: dict[str, int] = {}
    for at, letter in enumerate(words):
        peq[letter] = peq.get(letter, 0) | 1 << at
    plus, minus, edits = full, 0, size
    yield 0, size
    for at, letter in enumerate(text, 1):
        eq = peq.get(letter, 0)
        vertical = eq | minus
        horizontal = (((eq & plus) + plus) ^ plus) | eq
        up = minus | (~(horizontal | plus) & full)
        down = plus & horizontal
        if up & last:
            edits += 1
        elif down & last:
            edits -= 1
        up = (up << 1) & full
        down = (down << 1) & full
        plus = down | (~(vertical | up) & full)
        minus = up & vertical
        yield at, edits
