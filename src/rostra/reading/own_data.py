"""Everything a member wrote and chose, for themselves to take along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rostra.forum.access.viewer import Viewer
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.members.models import Member
from rostra.forum.members.ties import ties_of
from rostra.forum.reactions.models import Reaction
from rostra.forum.threads import rules
from rostra.forum.threads.composing import drafts_of, own_words
from rostra.forum.threads.models import Post
from rostra.forum.threads.queries import ThreadState

BATCH = 500


def own_data(viewer: Viewer) -> Iterator[dict[str, Any]]:
    """Yield it, a thing at a time: first the account, then posts, reactions, bookmarks and so on.

    Own words all of them, wherever they stand now. Titles, and what was quoted of others, only
    where the member may still read (SEC-058). Four queries, and one for 500 posts or reactions.
    """
    member_id = viewer.require_member()
    yield _account(member_id)
    yield from _posts(viewer, member_id)
    yield from _reactions(member_id)
    kept = Bookmark.objects.filter(member_id=member_id).order_by("id")
    for post_id, note, remind_at, at in kept.values_list("post_id", "note", "remind_at", "at"):
        yield {"kind": "bookmark", "post": post_id, "note": note, "remind_at": remind_at, "at": at}
    for draft in drafts_of(member_id):
        yield {"kind": "draft", **draft._asdict()}
    for tie, others in ties_of(member_id).items():
        for other_id, name in others:
            yield {"kind": tie, "member": other_id, "name": name}


def _account(member_id: int) -> dict[str, Any]:
    fields = (
        "id", "name", "email", "joined_at", "language", "time_zone", "about", "signature",
    )  # fmt: skip
    return {"kind": "account", **Member.objects.values(*fields).get(id=member_id)}


def _posts(viewer: Viewer, member_id: int) -> Iterator[dict[str, Any]]:
    found = Post.objects.filter(author_id=member_id).values_list(
        "id", "number", "created_at", "edited_at", "state", "dialect", "source", "html",
        "thread_id", "thread__title", "thread__board_id", "thread__starter_id", "thread__state",
    )  # fmt: skip
    for row in _by_key(found):
        *post, dialect, source, html, thread_id, title, board_id, starter_id, state = row
        may_read = rules.may_read(viewer, ThreadState(board_id, starter_id, state))
        yield {
            "kind": "post",
            **dict(zip(("id", "number", "created_at", "edited_at", "state"), post, strict=True)),
            "thread": thread_id,
            "title": title if may_read else None,
            "dialect": dialect,
            "source": source if may_read else own_words(dialect, source, html),
        }


def _reactions(member_id: int) -> Iterator[dict[str, Any]]:
    found = Reaction.objects.filter(member_id=member_id).values_list("id", "post_id", "kind", "at")
    for _, post_id, kind, at in _by_key(found):
        yield {"kind": "reaction", "post": post_id, "reaction": kind, "at": at}


def _by_key(found: Any) -> Iterable[tuple[Any, ...]]:
    """Yield rows in order of their ids, which stand first in them, some at a time."""
    after = 0
    while rows := list(found.filter(id__gt=after).order_by("id")[:BATCH]):
        yield from rows
        after = rows[-1][0]
