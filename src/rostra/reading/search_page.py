"""Searching, and what a search field suggests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from rostra.effects.search import queries
from rostra.effects.search.folding import beginning, fold
from rostra.effects.search.parse import Query, parse
from rostra.effects.search.places import Proposal
from rostra.effects.search.queries import Order, Results, Scope, Unavailable
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.tree import BoardRow, Tree
from rostra.forum.claims.queries import ClaimRow, claims_saying
from rostra.forum.members.finding import MemberName, named_like
from rostra.forum.members.queries import ids_by_name
from rostra.forum.threads.queries import ThreadRow, thread_for
from rostra.forum.threads.searching import FoundThread
from rostra.reading.front_page import whole_tree_of

PER_PAGE = 20
SUGGESTIONS = 5


class Wish(NamedTuple):
    """What a reader chose at the search form; what is typed may hold operators as well."""

    text: str = ""
    author: str = ""
    board_id: int | None = None
    thread_id: int | None = None
    since: datetime | None = None  # the first day
    until: datetime | None = None  # the last day
    titles_only: bool = False
    has_link: bool = False
    order: Order = "relevance"
    after: Proposal | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """All the template needs; `results` is None where nothing was asked for."""

    query: Query
    results: Results | None
    boards: Mapping[int, BoardRow]
    choices: list[tuple[int, BoardRow]]  # how deep, and which
    thread: ThreadRow | None
    unknown_author: str
    unknown_board: str
    is_unavailable: bool
    is_being_rebuilt: bool
    claims: list[ClaimRow]  # that hold the words, on the first page of results


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a reader may mean by what is typed so far."""

    boards: list[BoardRow]
    members: list[MemberName]
    threads: list[FoundThread]


def search_page(viewer: Viewer, wish: Wish) -> SearchPage:
    """Gather one page. Six queries, one more each for an author, a thread and further spans.

    Raises NotFound for a thread that is not the viewer's to see.
    """
    tree = whole_tree_of(viewer)
    query = _asked(wish)
    thread = thread_for(viewer, wish.thread_id) if wish.thread_id is not None else None
    scope = Scope(thread_id=wish.thread_id, all_boards=frozenset(tree.rows))
    unknown_author = unknown_board = ""
    if query.author:
        found = ids_by_name([query.author]).get(query.author)
        # Guests have names too, if no account: nobody is known until something is found.
        unknown_author = "" if found else query.author
        scope = replace(scope, author_id=found[0] if found else None)
    board_id = wish.board_id
    if board_id is None and query.board:
        board_id = _board_named(viewer, tree, query.board)
        unknown_board = "" if board_id is not None else query.board
    if board_id is not None:
        below = tree.below(board_id, viewer.boards) if board_id in viewer.boards else []
        scope = replace(scope, board_ids=frozenset(below))
    results, is_unavailable = None, False
    if not query.is_empty or scope.board_ids is not None or thread is not None:
        try:
            results = queries.search(
                viewer, query, scope, order=wish.order, after=wish.after, limit=PER_PAGE
            )
        except Unavailable:
            is_unavailable = True
    return SearchPage(
        query=query,
        results=results,
        boards=tree.rows,
        choices=_choices(viewer, tree),
        thread=thread,
        unknown_author=unknown_author if results is None or not results.hits else "",
        unknown_board=unknown_board,
        is_unavailable=is_unavailable,
        is_being_rebuilt=results is not None and queries.is_being_rebuilt(),
        claims=_claims(viewer, wish, query),
    )


def suggestions(viewer: Viewer, text: str) -> Suggestions:
    """Gather what a search field offers. Five queries at most in a forum of one span."""
    query = parse(text.rstrip(" *\"'-") + "*") if fold(text) else Query()
    tree = whole_tree_of(viewer)
    typed = fold(text)
    boards = [
        row
        for row in tree.in_order()
        if row.id in viewer.boards and typed and _begins(fold(row.title), typed, beginning(text))
    ]
    try:
        threads = queries.suggest_threads(
            viewer, replace(query, titles_only=True), frozenset(tree.rows), SUGGESTIONS
        )
    except Unavailable:
        threads = []
    return Suggestions(
        boards=boards[:SUGGESTIONS], members=named_like(text, SUGGESTIONS), threads=threads
    )


def _claims(viewer: Viewer, wish: Wish, query: Query) -> list[ClaimRow]:
    """Return a few claims with all the words that are asked for, where nothing narrows it down."""
    is_narrowed = wish.after or query.author or query.board or wish.board_id or wish.thread_id
    if is_narrowed or query.excluded or not query.terms:
        return []
    return claims_saying(viewer, re.findall(r"\w+", wish.text), SUGGESTIONS)


def _asked(wish: Wish) -> Query:
    """Return what the text asks for, narrowed by what was chosen beside it."""
    query = parse(wish.text)
    return replace(
        query,
        author=wish.author or query.author,
        titles_only=wish.titles_only,
        has_link=wish.has_link or query.has_link,
        since=wish.since or query.since,
        until=wish.until + timedelta(days=1) if wish.until is not None else query.until,
    )


def _board_named(viewer: Viewer, tree: Tree, name: str) -> int | None:
    """Return the board of this name, or the first whose name begins so, that the viewer knows."""
    wanted = fold(name)
    known = [(row.id, fold(row.title)) for row in tree.in_order() if row.id in viewer.boards]
    exact = [board_id for board_id, title in known if title == wanted]
    return next(iter(exact + [i for i, title in known if title.startswith(wanted)]), None)


def _choices(viewer: Viewer, tree: Tree) -> list[tuple[int, BoardRow]]:
    return [(len(tree.path(row.id)) - 1, row) for row in tree.in_order() if row.id in viewer.boards]


def _begins(title: str, typed: str, start: str) -> bool:
    """Return whether a title, or a word of it, begins as typed."""
    return title.startswith(typed) or any(
        word.startswith((typed, start) if start else typed) for word in title.split()
    )
