"""Whether words fit a query, where they stand, and the piece of a text worth showing. Pure.

The same answer as the index gives, from the words as they are now: an index that is behind, or
broken, can so propose what it likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rostra.effects.search.folding import normal, places, words
from rostra.effects.search.parse import Phrase, Query, Term

EXCERPT = 260  # characters


class Piece(NamedTuple):
    """A part of an excerpt, to be marked or not."""

    text: str
    is_match: bool


class Words:
    """A text's words by their places."""

    def __init__(self, text: str) -> None:
        self.text = normal(text)
        self.row = words(self.text)
        self._spans: list[tuple[int, int]] = []
        self._ahead = places(self.text)
        self.at: dict[str, list[int]] = {}
        for place, word in enumerate(self.row):
            self.at.setdefault(word, []).append(place)

    def span(self, place: int) -> tuple[int, int]:
        """Return where in the text a word stands; the text is gone through no further than that."""
        if place >= len(self._spans):
            self._spans += islice(self._ahead, place + 1 - len(self._spans))
        return self._spans[place]

    def holds(self, term: Term) -> bool:
        """Return whether the words contain the term in any of its spellings."""
        return any(True for phrase in term.phrases for _ in self.runs(phrase))

    def runs(self, phrase: Phrase) -> Iterator[tuple[int, int]]:
        """Yield the first and last place of each occurrence."""
        *head, last = phrase.words
        if not head:
            for word in self._words_like(last, phrase.is_prefix):
                for place in self.at[word]:
                    if not phrase.begins or self._is_written(place, phrase.begins):
                        yield place, place
            return
        for first in self.at.get(head[0], ()):
            end = first + len(head)
            if end < len(self.row) and self.row[first:end] == head:
                found = self.row[end]
                if found == last or (phrase.is_prefix and found.startswith(last)):
                    yield first, end

    def _is_written(self, place: int, beginning: str) -> bool:
        start, end = self.span(place)
        return self.text[start:end].lower().startswith(beginning)

    def _words_like(self, word: str, is_prefix: bool) -> list[str]:
        if is_prefix:
            return [known for known in self.at if known.startswith(word)]
        return [word] if word in self.at else []


def fits(query: Query, title: Words | None, body: Words | None) -> bool:
    """Return whether title and body together hold what is looked for and nothing left out.

    title: None where the post bears none, or where it may not count; so for the body.
    """

    def holds(term: Term) -> bool:
        is_titular = term.in_title or query.titles_only
        if title is not None and title.holds(term):
            return True
        return not is_titular and body is not None and body.holds(term)

    return all(map(holds, query.terms)) and not any(map(holds, query.excluded))


def marked(query: Query, words: Words) -> list[Piece]:
    """Return a whole text in pieces, what fits the query marked."""
    spans = _spans(query.terms, words)
    return _pieces(words.text, [(start, end) for start, end, _ in spans], 0, len(words.text))


def excerpt(query: Query, words: Words, limit: int = EXCERPT) -> list[Piece]:
    """Return the stretch of a text that holds most of what is looked for, marked."""
    text = words.text
    terms = [term for term in query.terms if not term.in_title]
    spans = [] if query.titles_only else _spans(terms, words)
    start, end = _stretch(text, spans, limit)
    pieces = _pieces(text, [(one, other) for one, other, _ in spans], start, end)
    if start > 0:
        pieces.insert(0, Piece("… ", False))
    if end < len(text):
        pieces.append(Piece(" …", False))
    return pieces


def _spans(terms: Sequence[Term], words: Words) -> list[tuple[int, int, int]]:
    """Return start, end and term of every match, in order."""
    found = {
        (words.span(first)[0], words.span(last)[1], number)
        for number, term in enumerate(terms)
        for phrase in term.phrases
        for first, last in words.runs(phrase)
    }
    return sorted(found)


def _stretch(text: str, spans: Sequence[tuple[int, int, int]], limit: int) -> tuple[int, int]:
    """Return where to cut: around most different terms, then most matches; the first of equals."""
    if len(text) <= limit:
        return 0, len(text)
    best, best_worth, ahead = 0, (0, 0), 0
    inside: dict[int, int] = {}
    for place, (start, _, number) in enumerate(spans):
        while ahead < len(spans) and spans[ahead][1] - start <= limit * 3 // 4:
            inside[spans[ahead][2]] = inside.get(spans[ahead][2], 0) + 1
            ahead += 1
        worth = (len(inside), sum(inside.values()))
        if worth > best_worth:
            best, best_worth = start, worth
        if ahead > place:
            inside[number] -= 1
            if not inside[number]:
                del inside[number]
        else:
            ahead = place + 1  # one match that is longer than the stretch
    start = max(0, min(best - limit // 5, len(text) - limit))
    return _to_word(text, start, back=True), _to_word(text, start + limit, back=False)


def _to_word(text: str, at: int, *, back: bool) -> int:
    """Return the place of a gap between words near a place, or the place itself."""
    if at <= 0 or at >= len(text):
        return max(0, min(at, len(text)))
    for step in range(30):
        place = at - step if back else at + step
        if place <= 0 or place >= len(text):
            return max(0, min(place, len(text)))
        if text[place].isspace():
            return place + 1 if back else place
    return at


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for first, last in _merged(spans):
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if first > at:
            pieces.append(Piece(text[at:first], False))
        pieces.append(Piece(text[first:last], True))
        at = last
    if at < end:
        pieces.append(Piece(text[at:end], False))
    return pieces


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield spans that overlap or touch as one."""
    open_: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if open_ is not None and start <= open_[1]:
            open_ = (open_[0], max(open_[1], end))
            continue
        if open_ is not None:
            yield open_
        open_ = (start, end)
    if open_ is not None:
        yield open_
