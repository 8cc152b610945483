"""Searching: the index proposes the newest matches, the live rows decide what a viewer is shown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Literal, NamedTuple

from django.db.utils import DatabaseError

from rostra.content.markup.excerpt import excerpt as text_without_spoilers
from rostra.content.markup.excerpt import words as text_of
from rostra.effects.search import documents, newest
from rostra.effects.search.backends import backend
from rostra.effects.search.folding import fold, words
from rostra.effects.search.matching import Piece, Words, excerpt, fits, marked
from rostra.effects.search.models import Entry, Mark
from rostra.effects.search.parse import Phrase, Query, Term, stop_words
from rostra.effects.search.places import END, NOWHERE, Proposal, moment_place
from rostra.effects.search.wanted import Wanted
from rostra.forum.access.viewer import Viewer
from rostra.forum.threads.searching import (
    Found,
    FoundThread,
    found_posts,
    found_threads,
    post_ids_after,
)

type Order = Literal["relevance", "date"]

CHECKED = 3_000  # matches at most are asked of the live rows for one page
LIKENED = 600  # threads of which the most similar are chosen
ALIKE = 0.3  # of a title's weight must be in the other
SUGGESTED = 100
MOST_FACTS = 500
EVERYTHING = 100_000  # characters of a text that an excerpt is cut from


class Unavailable(Exception):
    """The index cannot be read: it is lost or broken, and waits to be rebuilt."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is searched, beyond what the query says; None for anywhere and anybody.

    all_boards: every board there is, so that those closed to the viewer are not looked at.
    """

    author_id: int | None = None
    board_ids: frozenset[int] | None = None
    thread_id: int | None = None
    all_boards: frozenset[int] = frozenset()


class Hit(NamedTuple):
    """A post that was found, as this viewer may see it; no excerpt where the title is all."""

    post: Found
    title: list[Piece]
    excerpt: list[Piece]


class Results(NamedTuple):
    """One page; `further` is the key to go on from, None at the end."""

    hits: list[Hit]
    further: Proposal | None


class Fault(NamedTuple):
    """What is wrong with the index, and how often."""

    what: str
    times: int
    example: str


def search(
    viewer: Viewer,
    query: Query,
    scope: Scope,
    *,
    order: Order = "relevance",
    after: Proposal | None = None,
    limit: int = 20,
) -> Results:
    """Return a page of what fits and the viewer may read; raises Unavailable.

    By date also where nothing but words are asked for that stand everywhere. Four queries; in a
    large forum or where much is hidden some more, and never without bound.
    """
    wanted = _wanted(viewer, query, scope)
    hits: list[Hit] = []
    last: Proposal | None = None
    with _readable_index():
        stream = (
            newest.by_date(wanted, after, limit + 1)
            if order == "date" or not query.is_ranked
            else newest.by_relevance(wanted, after)
        )
        checked, size = 0, limit + 1
        while checked < CHECKED and (batch := list(islice(stream, size))):
            posts = _live(viewer, batch)
            for proposal in batch:
                post = posts.get(proposal.place)
                shown = post is not None and _is_to_show(viewer, scope, post)
                hit = _hit(query, scope, post) if post is not None and shown else None
                if hit is not None and len(hits) == limit:
                    return Results(hits, last)
                if hit is not None:
                    hits.append(hit)
                last = proposal
            checked, size = checked + len(batch), min(size * 2, 500)
    return Results(hits, last if checked >= CHECKED else None)


def suggest_threads(
    viewer: Viewer, query: Query, all_boards: frozenset[int], limit: int = 5
) -> list[FoundThread]:
    """Return readable threads whose titles hold the words, the newest first; raises Unavailable."""
    if not query.terms:
        return []
    wanted = _wanted(viewer, query, Scope(all_boards=all_boards))
    found: list[FoundThread] = []
    with _readable_index():
        stream = islice(newest.by_date(wanted, None, limit * 2), SUGGESTED)
        while len(found) < limit and (batch := list(islice(stream, limit * 2))):
            threads = found_threads(viewer, _post_ids(batch).values())
            found += [
                thread
                for thread in sorted(threads.values(), key=lambda t: -t.id)
                if fits(query, Words(thread.title), None)
            ]
    return found[:limit]


def similar_threads(
    viewer: Viewer, thread_id: int, title: str, limit: int = 5
) -> list[FoundThread]:
    """Return readable threads whose titles share most with this one, best first.

    Four queries at most for any forum of a few spans; [] where the index cannot be read.
    """
    own = set(words(title)) - stop_words()
    if not own:
        return []
    term = Term(tuple(Phrase((word,)) for word in sorted(own)[:12]), in_title=True)
    try:
        with _readable_index():
            stream = newest.by_date(Wanted(terms=(term,)), None, LIKENED)
            proposals = list(islice(stream, LIKENED))
            if not proposals:
                return []
            threads = found_threads(viewer, _post_ids(proposals).values()).values()
    except Unavailable:
        return []
    others = {t.id: (t, set(words(t.title)) - stop_words()) for t in threads if t.id != thread_id}
    return [others[key][0] for key in _most_alike(own, others)][:limit]


def faults() -> list[Fault]:
    """Return what is wrong with the index: posts it lost, words that are not to be read."""
    found: list[Fault] = []
    seen = _mark("seen")
    lost = list(_lost(seen))
    if lost:
        found.append(Fault("posts are not indexed", len(lost), f"post {lost[0]}"))
    try:
        with _readable_index():
            words_ = backend()
            words_.check()
            kept, entries = words_.count(), Entry.objects.count()
    except Unavailable as error:
        return [*found, Fault("the index cannot be read", 1, str(error))]
    if kept != entries:
        found.append(Fault("words and entries differ", abs(kept - entries), f"{kept}, {entries}"))
    return found


def is_being_rebuilt() -> bool:
    """Return whether posts are missing for the time being. One query."""
    return Mark.objects.filter(name="reindex", post_id__gte=0).exists()


@contextmanager
def _readable_index() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        raise Unavailable(str(error).strip().partition("\n")[0]) from error


def _wanted(viewer: Viewer, query: Query, scope: Scope) -> Wanted:
    facts: list[tuple[str, ...]] = []
    if query.author or scope.author_id is not None:
        by = [documents.by_member(scope.author_id)] if scope.author_id is not None else []
        facts.append((*by, *([documents.by_guest(query.author)] if query.author else [])))
    if scope.thread_id is not None:
        facts.append((documents.in_thread(scope.thread_id),))
    if query.has_link:
        facts.append((documents.WITH_LINK,))
    closed = scope.all_boards - viewer.readable
    boards = None if scope.board_ids is None else scope.board_ids & viewer.readable
    if boards is None and len(closed) > len(viewer.readable & scope.all_boards):
        boards = viewer.readable
    excluded: tuple[str, ...] = ()
    if boards is not None:
        facts.append(tuple(documents.in_board(i) for i in sorted(boards)[:MOST_FACTS]) or ("none",))
    else:
        excluded = tuple(documents.in_board(i) for i in sorted(closed)[:MOST_FACTS])
    return Wanted(
        terms=query.terms,
        excluded=query.excluded,
        facts=tuple(facts),
        excluded_facts=excluded,
        titles_only=query.titles_only,
        lowest=NOWHERE if query.since is None else moment_place(query.since),
        highest=END if query.until is None else moment_place(query.until) - 1,
    )


def _live(viewer: Viewer, batch: Sequence[Proposal]) -> dict[int, Found]:
    """Return by place what the viewer may read of the proposed posts. Two queries."""
    ids = _post_ids(batch)
    posts = found_posts(viewer, ids.values())
    return {place: posts[post_id] for place, post_id in ids.items() if post_id in posts}


def _post_ids(batch: Collection[Proposal]) -> dict[int, int]:
    found = Entry.objects.filter(place__in=[proposal.place for proposal in batch])
    return dict(found.values_list("place", "post_id"))


def _is_to_show(viewer: Viewer, scope: Scope, post: Found) -> bool:
    """Return whether the viewer wants to meet its author: not one they ignore, unless asked for."""
    return post.author_id not in viewer.ignored or post.author_id == scope.author_id


def _hit(query: Query, scope: Scope, post: Found) -> Hit | None:
    """Return the post as it is shown, None where, as it is now, it does not fit."""
    if not _is_within(query, scope, post):
        return None
    title = Words(post.thread_title)
    body = None if post.html is None else Words(text_of(post.html))
    is_opening = post.number == 1
    if body is None and not query.terms:
        return None
    if not fits(query, title if is_opening else None, body):
        return None
    shown: list[Piece] = []
    if post.html is not None and body is not None:
        if 'class="spoiler"' in post.html:
            body = Words(text_without_spoilers(post.html, EVERYTHING))
        shown = excerpt(query, body)
    heading = marked(query, title) if is_opening else [Piece(title.text, False)]
    return Hit(post, heading, shown)


def _is_within(query: Query, scope: Scope, post: Found) -> bool:
    if scope.thread_id is not None and post.thread_id != scope.thread_id:
        return False
    if scope.board_ids is not None and post.board_id not in scope.board_ids:
        return False
    if query.has_link and (post.html is None or not documents.has_link(post.html)):
        return False
    if query.author or scope.author_id is not None:
        if post.author_id is None:
            return bool(query.author) and fold(post.author_name) == fold(query.author)
        return post.author_id == scope.author_id
    return True


def _most_alike(own: set[str], others: dict[int, tuple[FoundThread, set[str]]]) -> list[int]:
    """Return the keys of those that share enough, best first: rare words weigh more."""
    held = Counter(word for _, theirs in others.values() for word in theirs)
    weight = {word: math.log(1 + len(others) / (held[word] or 0.5)) for word in {*own, *held}}
    whole = sum(weight[word] for word in own)
    alike = {}
    for key, (thread, theirs) in others.items():
        shared = sum(weight[word] for word in own & theirs)
        spread = math.sqrt(sum(weight[word] for word in theirs) or 1)
        if shared >= ALIKE * whole:
            alike[key] = (shared / spread, thread.reply_count, key)
    return sorted(alike, key=lambda key: alike[key], reverse=True)


def _lost(seen: int) -> Iterator[int]:
    """Yield the ids of posts that were indexed once and are not now."""
    at = 0
    while ids := [post_id for post_id in post_ids_after(at, 5_000) if post_id <= seen]:
        there = Entry.objects.filter(post_id__range=(ids[0], ids[-1]))
        yield from sorted(set(ids) - set(there.values_list("post_id", flat=True)))
        at = ids[-1]


def _mark(name: str) -> int:
    return Mark.objects.filter(name=name).values_list("post_id", flat=True).first() or 0
