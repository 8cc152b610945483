"""The newest matches, span by span, from the newest on, until there are enough."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from rostra.effects.search.backends import backend
from rostra.effects.search.models import Span
from rostra.effects.search.places import Proposal
from rostra.effects.search.wanted import Wanted

RANKED = 10_000  # matches are ranked, the newest
MOST_SPANS = 64  # in one statement
MOST_AT_ONCE = 2_000


class SpanRow(NamedTuple):
    """A span that is not empty."""

    number: int
    oldest: int
    newest: int


def by_relevance(wanted: Wanted, after: Proposal | None) -> Iterator[Proposal]:
    """Yield the newest RANKED matches, best first, newest first among equals, beyond a key."""
    found = newest(wanted, _spans(wanted), RANKED, ranked=True)
    key = (after.score, after.place) if after is not None else None
    for proposal in sorted(found, key=_worth, reverse=True):
        if key is None or _worth(proposal) < key:
            yield proposal


def by_date(wanted: Wanted, after: Proposal | None, first: int = 21) -> Iterator[Proposal]:
    """Yield all matches, newest first, beyond a key; asks for more each time."""
    spans = _spans(wanted)
    if after is not None:
        wanted = replace(wanted, highest=min(wanted.highest, after.place - 1))
    need = first
    while True:
        found = newest(wanted, spans, need, ranked=False)
        yield from found
        if len(found) < need:
            return
        wanted = replace(wanted, highest=found[-1].place - 1)
        need = min(need * 2, MOST_AT_ONCE)


def newest(wanted: Wanted, spans: list[SpanRow], need: int, *, ranked: bool) -> list[Proposal]:
    """Return the `need` newest matches, newest first; as many queries as it takes, each bounded."""
    spans = [s for s in spans if s.oldest <= wanted.highest and s.newest >= wanted.lowest]
    find = backend().find
    found: list[Proposal] = []
    at, step = 0, 1
    while at < len(spans):
        some = [span.number for span in spans[at : at + step]]
        found += find(wanted, some, need, ranked=ranked)
        at += len(some)
        if len(found) >= need:
            found.sort(key=_place, reverse=True)
            # An order by date must be exact where spans overlap; what is ranked need not be.
            if ranked or at == len(spans) or found[need - 1].place > spans[at].newest:
                break
        step = _step(len(found), at, need)
    found.sort(key=_place, reverse=True)
    return found[:need]


def _step(found: int, seen: int, need: int) -> int:
    """Return how many spans to look at next: as many as seem to hold what is lacking."""
    if not found:
        return min(seen * 8, MOST_SPANS)
    lacking = max(need - found, 1) * seen / found
    return max(1, min(math.ceil(lacking * 1.2), MOST_SPANS))


def _spans(wanted: Wanted) -> list[SpanRow]:
    """Return the spans that may hold matches, the newest first. One query."""
    rows = Span.objects.filter(count__gt=0, oldest__lte=wanted.highest, newest__gte=wanted.lowest)
    found = rows.order_by("-newest").values_list(*SpanRow._fields)
    return [SpanRow(*row) for row in found]


def _worth(proposal: Proposal) -> tuple[int, int]:
    return proposal.score, proposal.place


def _place(proposal: Proposal) -> int:
    return proposal.place
