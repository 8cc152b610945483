"""What somebody who writes needs: their limits, their draft, words to quote or change."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from rostra.content.markup.excerpt import quoted
from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog.queries import latest_for_posts
from rostra.forum.threads import rules
from rostra.forum.threads.heads import Head
from rostra.forum.threads.heat import Said
from rostra.forum.threads.models import Draft, Post, Revision
from rostra.forum.threads.queries import PostState, ThreadState
from rostra.forum.threads.readable import readable
from rostra.forum.threads.standing import LIMITS, Limits, Standing, standing_of
from rostra.kernel import clock, dialect
from rostra.kernel.errors import NotFound

REVISIONS = 50  # of a post that are listed, newest first
QUOTED_AT_ONCE = 20
LATELY = rules.SLOWEST // 5  # posts of a member: nobody writes more in the slowest pause
_QUOTE = re.compile(r"\[quote(?:=[^\]\n]{0,200})?\](?:(?!\[/?quote).)*?\[/quote\]\n?", re.S | re.I)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_UNFIT = re.compile(r'["\[\]\n]')


class Written(NamedTuple):
    """A post as somebody needs it who would change it."""

    id: int
    thread_id: int
    thread_title: str
    board_id: int
    number: int | None
    author_id: int | None
    source: str
    created_at: datetime | None
    state: str
    state_at: datetime | None
    is_locked: bool
    thread_state: str
    starter_id: int | None
    dialect: str
    kind: str
    link: str
    excerpt: str
    tags: str
    answer_id: int | None

    @property
    def thread(self) -> ThreadState:
        return ThreadState(
            self.board_id, self.starter_id, self.thread_state, self.is_locked, self.kind,
            self.thread_id,
        )  # fmt: skip

    @property
    def post(self) -> PostState:
        return PostState(self.author_id, self.state, self.number)

    @property
    def head(self) -> Head:
        return Head(self.kind, self.link, self.excerpt, self.tags)


class OwnPost(NamedTuple):
    """A post as its author may take it along."""

    id: int
    number: int | None
    created_at: datetime | None
    edited_at: datetime | None
    state: str
    dialect: str
    source: str
    html: str
    thread_id: int
    thread_title: str
    thread: ThreadState


class Kept(NamedTuple):
    """A draft."""

    title: str
    source: str
    saved_at: datetime
    more: dict[str, str]


class DraftRow(NamedTuple):
    """A draft in its member's list: where it goes on, how it begins."""

    place: str
    title: str
    source: str
    saved_at: datetime

    @property
    def address(self) -> str:
        """The form that goes on with it."""
        kind, number = self.place[0], self.place[1:]
        forms = {
            "t": f"/threads/{number}/reply",
            "b": f"/boards/{number}/start",
            "c": f"/conversations/{number}/reply",
            "m": f"/messages/{number}/edit",
            "n": "/conversations/new",
        }
        return forms.get(kind, f"/posts/{number}/edit")


class Earlier(NamedTuple):
    """What a post of a member's own said until an edit."""

    id: int
    post_id: int
    replaced_at: datetime
    dialect: str
    source: str
    thread: ThreadState


class RevisionRow(NamedTuple):
    """What a post said until an edit; who edited it then, and why."""

    number: int
    source: str
    replaced_at: datetime
    editor_id: int | None
    editor: str | None
    reason: str
    title: str  # of the thread until then, where it was changed


def standing_for(member_id: int) -> Standing:
    """Return where a member stands on the ladder; raises NotFound. One query."""
    found = dialect.rows(_STANDING, [member_id])
    if not found:
        raise NotFound
    joined_at, posts, sanctioned_at = found[0]
    return standing_of(joined_at, posts, clock.now(), sanctioned_at)


def editable_since(limits: Limits | None, post_id: int, source: str) -> datetime:
    """Return when a post must have been written for somebody with these limits to change it.

    One with words taken out that were to stay may be filled in whenever. No query but for those.
    """
    if rules.BLOCKS in source and latest_for_posts([post_id], ["post.unredact"]):
        return _EVER
    return clock.now() - edit_window(limits)


def edit_window(limits: Limits | None) -> timedelta:
    """Return how long somebody with these limits may change a post of theirs."""
    new = LIMITS["new"]
    if limits is not None and limits._replace(links=new.links) == new:
        return timedelta(hours=settings.ROSTRA.edit_hours_new)
    return timedelta(days=settings.ROSTRA.edit_days)


def latest_posted(member_id: int, limit: int) -> list[datetime]:
    """Return when a member's latest posts were written, newest first. One query, by key."""
    return _times(_POSTED.format(""), member_id, limit)


def latest_openings(member_id: int, limit: int) -> list[datetime]:
    """Return when a member's latest threads were started, newest first. One query, by key."""
    return _times(_POSTED.format("AND number = 1"), member_id, limit)


def last_posted_in(member_id: int, thread_id: int) -> datetime | None:
    """Return when a member last wrote in a thread, among their latest posts. One query, by key."""
    posts = Post.objects.filter(author_id=member_id).order_by("-id")
    lately = list(posts.values_list("thread_id", "created_at")[:LATELY])
    return next((at for thread, at in lately if thread == thread_id), None)


def latest_in(thread_id: int, last_number: int, limit: int) -> list[Said]:
    """Return who wrote a thread's latest posts that stand, newest first. One query, by key.

    Of the last `limit` numbers: how many posts were taken away before them costs nothing.
    """
    rows = dialect.rows(_LATEST, [thread_id, last_number - limit])
    # Imported posts may have no date: nobody who wrote before them is in a hurry now.
    return [Said(*row) for row in itertools.takewhile(lambda row: row[1] is not None, rows)]


def draft_for(viewer: Viewer, place: str) -> Kept | None:
    """Return what this member was writing for a place. One query."""
    found = Draft.objects.filter(member_id=viewer.require_member(), place=place)
    row = found.values_list("title", "source", "saved_at", "more").first()
    return None if row is None else Kept._make(row)


def drafts_of(member_id: int) -> list[DraftRow]:
    """Return what a member left unfinished, the latest first. One query."""
    found = Draft.objects.filter(member_id=member_id).order_by("-saved_at")
    return [DraftRow(*row) for row in found.values_list("place", "title", "source", "saved_at")]


def written(viewer: Viewer, post_id: int) -> Written:
    """Return a post whose words this viewer may read, with its source; raises NotFound."""
    row = Post.objects.filter(id=post_id).values_list(
        "id", "thread_id", "thread__title", "thread__board_id", "number", "author_id", "source",
        "created_at", "state", "state_at", "thread__is_locked", "thread__state",
        "thread__starter_id", "dialect", "thread__kind", "thread__link", "thread__excerpt",
        "thread__tags", "thread__answer_id",
    ).first()  # fmt: skip
    if row is None:
        raise NotFound
    found = Written._make(row)
    if not rules.may_read(viewer, found.thread):
        raise NotFound
    if not rules.may_read_post(viewer, found.thread, found.post):
        raise NotFound
    return found


def quotations(viewer: Viewer, post_ids: Collection[int]) -> str:
    """Return these posts as quotes to begin a reply with; those nobody may quote are left out.

    What a post itself quotes is not quoted again. One query.
    """
    wanted = list(dict.fromkeys(post_ids))[:QUOTED_AT_ONCE]
    rows = Post.objects.filter(readable(viewer), id__in=wanted).values_list(
        "id", "author__name", "author_name", "dialect", "source", "html"
    )
    found = {row[0]: _quotation(*row) for row in rows}
    return "".join(found[post_id] for post_id in wanted if post_id in found)


def posts_by(member_id: int, after: int, limit: int) -> list[OwnPost]:
    """Return a member's posts in order of their ids, from one on, in any state. One query.

    They are the member's own to see; what stands around them is not.
    """
    found = Post.objects.filter(author_id=member_id, id__gt=after).order_by("id")
    rows = found.values_list(
        "id", "number", "created_at", "edited_at", "state", "dialect", "source", "html",
        "thread_id", "thread__title", "thread__board_id", "thread__starter_id", "thread__state",
    )  # fmt: skip
    return [OwnPost(*row[:10], ThreadState(*row[10:])) for row in rows[:limit]]


def earlier_by(member_id: int, after: int, limit: int) -> list[Earlier]:
    """Return what a member's posts said before, by the ids of it, from one on. One query."""
    found = Revision.objects.filter(post__author_id=member_id, id__gt=after).order_by("id")
    rows = found.values_list(
        "id", "post_id", "replaced_at", "dialect", "source", "post__thread__board_id",
        "post__thread__starter_id", "post__thread__state",
    )  # fmt: skip
    return [Earlier(*row[:5], ThreadState(*row[5:])) for row in rows[:limit]]


def own_words(dialect_: str, source: str, html: str) -> str:
    """Return what a post says without what it quotes."""
    if dialect_ != "native":
        return quoted(html).strip()
    before = None
    while source != before:  # the innermost first
        before, source = source, _QUOTE.sub("", source)
    return "\n".join(line for line in source.split("\n") if not line.startswith(">")).strip()


def revisions_of(post_id: int) -> list[RevisionRow]:
    """Return the latest of what a post said before, newest first; ask `written` before."""
    rows = Revision.objects.filter(post_id=post_id).order_by("-number")
    fields = ("number", "source", "replaced_at", "editor_id", "editor__name", "reason", "title")
    return [RevisionRow._make(row) for row in rows.values_list(*fields)[:REVISIONS]]


def _quotation(
    post_id: int, name: str | None, guest: str, dialect_: str, source: str, html: str
) -> str:
    who = _UNFIT.sub("", name or guest or "…")
    words = own_words(dialect_, source, html)
    return f'[quote="{who}, post: {post_id}"]\n{words}\n[/quote]\n\n'


def _times(sql: str, member_id: int, limit: int) -> list[datetime]:
    return [at for (at,) in dialect.rows(sql, [member_id, limit]) if at is not None]


_POSTED = "SELECT created_at FROM threads_post WHERE author_id = %s {} ORDER BY id DESC LIMIT %s"
_LATEST = """
SELECT author_id, created_at FROM threads_post
WHERE thread_id = %s AND number > %s AND state = 'visible' ORDER BY number DESC
"""
_STANDING = """
SELECT m.joined_at, COALESCE(s.post_count, 0), m.sanctioned_at
FROM members_member m
LEFT JOIN threads_memberstats s ON s.member_id = m.id
WHERE m.id = %s
"""
