"""The newest matches, span by span, from the newest on, until there are enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from typing import NamedTuple

from rostra.effects.search.backends import backend
from rostra.effects.search.models import Span
from rostra.effects.search.places import Pair, Proposal
from rostra.effects.search.wanted import Wanted

RANKED = 10_000  # matches are ranked, the newest
MOST_SPANS = 64  # in one statement
MOST_AT_ONCE = 2_000


class SpanRow(NamedTuple):
    """A span that is not empty."""

    number: int
    oldest: int
    newest: int
    posts: int


def by_relevance(wanted: Wanted, after: Proposal | None) -> Iterator[Proposal]:
    """Yield the newest RANKED matches, best first, newest first among equals, beyond a key."""
    found = newest(wanted, _spans(wanted), RANKED, ranked=True)
    key = (after.score, after.place) if after is not None else None
    found.sort(key=itemgetter(1, 0), reverse=True)
    for place, score in found:
        if key is None or (score, place) < key:
            yield Proposal(place, score)


def by_date(wanted: Wanted, after: Proposal | None, first: int = 21) -> Iterator[Proposal]:
    """Yield all matches, newest first, beyond a key; asks for more each time."""
    spans = _spans(wanted)
    if after is not None:
        wanted = replace(wanted, highest=min(wanted.highest, after.place - 1))
    need = first
    while True:
        found = newest(wanted, spans, need, ranked=False)
        for pair in found:
            yield Proposal(*pair)
        if len(found) < need:
            return
        wanted = replace(wanted, highest=found[-1][0] - 1)
        need = min(need * 2, MOST_AT_ONCE)


def newest(wanted: Wanted, spans: list[SpanRow], need: int, *, ranked: bool) -> list[Pair]:
    """Return the `need` newest matches; as many queries as it takes, each bounded.

    Ordered by date they come newest first and are exact, also where spans overlap; ranked, they
    come in no order, and need not be the very newest.
    """
    spans = [s for s in spans if s.oldest <= wanted.highest and s.newest >= wanted.lowest]
    find = backend().find
    found: list[Pair] = []
    at, step = 0, 1
    while at < len(spans):
        some = spans[at : at + step]
        lacking = need - len(found) if ranked else need
        found += find(wanted, [span.number for span in some], lacking, ranked=ranked)
        at += len(some)
        if ranked and len(found) >= need:
            break
        if len(found) >= need:
            found.sort(reverse=True)
            if at == len(spans) or found[need - 1][0] > spans[at].newest:
                break
        step = _step(len(found), need, spans, at)
    if not ranked:
        found.sort(reverse=True)
    return found[:need]


def _step(found: int, need: int, spans: list[SpanRow], at: int) -> int:
    """Return how many spans to look at next: as many as seem to hold what is lacking."""
    if not found:
        return min(at * 8, MOST_SPANS)
    share = found / sum(span.posts for span in spans[:at])
    lacking = need - found
    step = 0
    for span in spans[at : at + MOST_SPANS]:
        step += 1
        lacking -= int(span.posts * share)
        if lacking <= 0:
            break
    return max(step, 1)


def _spans(wanted: Wanted) -> list[SpanRow]:
    """Return the spans that may hold matches, the newest first. One query."""
    rows = Span.objects.filter(count__gt=0, oldest__lte=wanted.highest, newest__gte=wanted.lowest)
    found = rows.order_by("-newest").values_list("number", "oldest", "newest", "count")
    return [SpanRow(*row) for row in found]
