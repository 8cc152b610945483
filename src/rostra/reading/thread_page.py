"""A page of a thread, as a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from rostra.forum.access.limits import Limit
from rostra.forum.access.viewer import NONE, Viewer
from rostra.forum.boards.tree import BoardRow
from rostra.forum.bookmarks.queries import bookmarked
from rostra.forum.cases.queries import guests_may_report
from rostra.forum.claims.queries import ClaimRow, EntryRow, claims_in, entries_beside, status_when
from rostra.forum.documents.queries import Card, cards_of
from rostra.forum.modlog.queries import latest_for_posts, latest_in_thread
from rostra.forum.notes.queries import NoteRow, below_posts
from rostra.forum.polls.queries import PollShown, find_poll
from rostra.forum.reactions.queries import Counts, beside
from rostra.forum.threads import queries, rules
from rostra.forum.threads.elsewhere import Elsewhere, gone_elsewhere
from rostra.forum.threads.marks import ThreadOwn
from rostra.forum.threads.queries import AuthorRow, PostRow, ThreadRow, ThreadState
from rostra.forum.threads.waiting import OwnWaiting, own_waiting_in
from rostra.kernel.errors import NotFound
from rostra.kernel.paging import page_count
from rostra.kernel.verdict import Verdict
from rostra.reading.front_page import whole_tree_of

# Whether there still is time is asked when somebody comes to do it: a page may lie open for long.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_LATELY = datetime(1970, 1, 2, tzinfo=UTC)


class Act(NamedTuple):
    """What a moderator did to a post: the entry of the log, and the reason until it is erased."""

    n: int
    reason: str | None


class May(NamedTuple):
    """What a viewer is offered below a post."""

    react: bool = False
    quote: bool = False
    keep: bool = False
    note: bool = False
    edit: bool = False
    withdraw: bool = False
    bring_back: bool = False
    accept: bool = False  # or take that back
    claim: bool = False  # made from it
    report: bool = False
    sanction: bool = False  # its author, for it
    moderate: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is something: one question instead of one for each."""
        return any(self)


NOTHING = May()
CARDS = 12  # claims above a thread that are shown with what is said of them
SAID = 5  # entries on each
WRITING = ("reply", "react", "attach", "links")


class Known(NamedTuple):
    """A claim that comes from a post, and what was known of it when the post was written."""

    claim_id: int
    text: str
    status: str


class ClaimShown(NamedTuple):
    """A claim above the posts; `entries` are the latest, none where there are many claims."""

    claim: ClaimRow
    entries: tuple[EntryRow, ...]


class Answer(NamedTuple):
    """Where the answer to a question is, for whoever reads the question."""

    post_id: int
    number: int
    author: str


class PostShown(NamedTuple):
    """All that a post's article is made of: equal ones look equal, whoever reads."""

    post: PostRow
    author: AuthorRow | None  # None for a guest
    score: int  # of the author
    reactions: Counts
    act: Act | None
    is_by_starter: bool
    is_answer: bool
    answer: Answer | None = None  # below the opening post
    mine: str = ""  # the viewer's own reaction
    may: May = NOTHING
    is_bookmarked: bool = False
    is_ignored: bool = False  # by the viewer: the words are folded away
    cards: tuple[Card, ...] = ()  # of documents that the post leads to
    known: tuple[Known, ...] = ()  # of the claims that come from it
    notes: tuple[NoteRow, ...] = ()  # of the community, below it
    elsewhere: Elsewhere | None = None  # a place without words: where its post went


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All the template needs; it can ask for nothing more."""

    thread: ThreadRow
    path: tuple[BoardRow, ...]
    number: int
    last_number: int
    posts: list[PostShown]
    may_reply: Verdict
    own: ThreadOwn  # what the thread is to the viewer
    poll: PollShown | None = None
    article: Card | None = None  # what the thread is about, on its first page
    claims: tuple[ClaimShown, ...] = ()
    waiting: tuple[OwnWaiting, ...] = ()  # of the viewer's, below the last page
    limits: tuple[Limit, ...] = ()  # of the viewer's, on what they would write here
    lock: Act | None = None  # that nobody can reply for


def thread_page(viewer: Viewer, thread_id: int, number: int) -> ThreadPage:
    """Gather one page. Four queries, however many posts.

    Two more for removals, two for edits, one for a poll, one for documents, two for claims, one
    for notes, one for posts that are elsewhere now, one for lines above posts that came, two for
    what a thread is locked for.

    One more for a member with bookmarks in the thread, and for one of whom something waits in it.

    Raises NotFound for a thread not to be seen and for a page beyond the last.
    """
    thread, own = queries.own_thread_for(viewer, thread_id)
    last = page_count(thread.last_number, viewer.per_page)
    if not 1 <= number <= last:
        raise NotFound
    posts = queries.posts_on_page(viewer, thread, number)
    author_ids = {post.author_id for post in posts if post.author_id is not None}
    authors = queries.authors(author_ids)
    if viewer.look.hides_signatures:
        authors = {key: author._replace(signature="") for key, author in authors.items()}
    reactions, scores, mine = beside([post.id for post in posts], author_ids, viewer.member_id)
    acts = _acts(posts)
    elsewhere = gone_elsewhere(posts)
    kept = bookmarked(viewer, [post.id for post in posts]) if own.bookmarks else NONE
    kinds = {_kind(viewer, post): post for post in posts}
    may = {kind: _may(viewer, thread, post) for kind, post in kinds.items()}
    answer = _answer(thread)
    standing = [post.id for post in posts if post.state == "visible"]
    cards = cards_of(standing) if thread.has_cards else {}
    notes = below_posts(standing) if thread.note_count else {}
    claims = _claims(viewer, thread) if thread.claim_count else ()
    return ThreadPage(
        thread=thread,
        path=tuple(whole_tree_of(viewer).path(thread.board_id)),
        number=number,
        last_number=last,
        posts=[
            PostShown(
                post,
                authors.get(post.author_id or 0),
                scores.get(post.author_id or 0, 0),
                reactions.get(post.id, ()),
                acts.get(post.id),
                is_by_starter=post.author_id is not None and post.author_id == thread.starter_id,
                is_answer=post.id == thread.answer_id,
                answer=answer if post.number == 1 else None,
                mine=mine.get(post.id, ""),
                may=_may_accept(viewer, thread, post, may),
                is_bookmarked=post.id in kept,
                is_ignored=post.author_id in viewer.ignored,
                cards=cards.get(post.id, ()),
                known=_known(post, claims),
                notes=notes.get(post.id, ()),
                elsewhere=elsewhere.get(post.id),
            )
            for post in posts
        ],
        may_reply=rules.may_reply(viewer, thread),
        own=own,
        poll=_poll(viewer, thread, posts),
        article=_article(posts, cards),
        claims=claims,
        waiting=_waiting(viewer, thread, own) if number == last else (),
        limits=viewer.limits_on(WRITING, thread.board_id, thread.id) if viewer.limits else (),
        lock=_lock(thread) if thread.is_locked else None,
    )


def _lock(thread: ThreadRow) -> Act | None:
    """Return why a thread is locked; None where it came so from elsewhere. Two queries."""
    entry = latest_in_thread(thread.id, rules.LOCKS)
    return Act(entry.n, entry.reason) if entry is not None else None


def _waiting(viewer: Viewer, thread: ThreadRow, own: ThreadOwn) -> tuple[OwnWaiting, ...]:
    """Return what of the viewer's waits here. One query, where anything does."""
    if not own.waiting:
        return ()
    return tuple(own_waiting_in(viewer.require_member(), thread.id))


def _claims(viewer: Viewer, thread: ThreadRow) -> tuple[ClaimShown, ...]:
    """Return the claims of a thread, those that changed last first. Two queries."""
    facts = ThreadState(thread.board_id, thread.starter_id, thread.state, thread.is_locked)
    found = sorted(claims_in(viewer, thread.id, facts), key=lambda c: c.changed_at, reverse=True)
    said = entries_beside(viewer, facts, [claim.id for claim in found[:CARDS]], SAID)
    return tuple(ClaimShown(claim, tuple(said.get(claim.id, ()))) for claim in found)


def _known(post: PostRow, claims: tuple[ClaimShown, ...]) -> tuple[Known, ...]:
    """Return the claims that come from a post, as they stood when it was written."""
    return tuple(
        Known(one.claim.id, one.claim.text, status_when(one.claim.history, post.created_at))
        for one in claims
        if one.claim.post_id == post.id and post.state == "visible"
    )


def _poll(viewer: Viewer, thread: ThreadRow, posts: list[PostRow]) -> PollShown | None:
    """Return the poll above an opening post that is shown: it is part of what was said there."""
    if not (thread.has_poll and posts and posts[0].number == 1 and posts[0].state == "visible"):
        return None
    return find_poll(viewer, thread.id, thread)


def _article(posts: list[PostRow], cards: Mapping[int, tuple[Card, ...]]) -> Card | None:
    """Return the document that the thread is about, beside its opening post."""
    found = cards.get(posts[0].id, ()) if posts and posts[0].number == 1 else ()
    return next((card for card in found if card.place == 0), None)


def _kind(viewer: Viewer, post: PostRow) -> tuple[bool, bool, str]:
    """Return all of a post that decides what a viewer is offered below it."""
    return post.author_id == viewer.member_id, post.author_id is None, post.state


def _may(viewer: Viewer, thread: ThreadRow, post: PostRow) -> May:
    """Return what the viewer is offered; the act itself asks the rules in full."""
    is_shown = post.state == "visible"
    if viewer.is_guest:
        return May(report=is_shown and guests_may_report())
    is_own = post.author_id == viewer.member_id
    return May(
        react=bool(rules.may_react(viewer, thread, post)),
        quote=post.state == "visible" and bool(rules.may_reply(viewer, thread)),
        keep=is_shown,
        note=is_shown,
        claim=is_shown and bool(rules.may_reply(viewer, thread)),
        edit=bool(rules.may_edit(viewer, thread, post, _LATELY, _EVER)),
        withdraw=is_own and bool(rules.may_withdraw(viewer, thread, post)),
        report=is_shown and not is_own,
        sanction=not is_own
        and post.author_id is not None
        and viewer.can("moderate", thread.board_id),
        moderate=bool(rules.may_moderate(viewer, thread.board_id)),
        bring_back=is_own and bool(rules.may_bring_back(viewer, thread, post, _LATELY, _LATELY)),
    )


def _may_accept(
    viewer: Viewer, thread: ThreadRow, post: PostRow, may: Mapping[tuple[bool, bool, str], May]
) -> May:
    """Return what the viewer is offered below a post: for a question, to say what its answer is."""
    offered = may[_kind(viewer, post)]
    if thread.kind == "question" and rules.may_accept(viewer, thread, post):
        return offered._replace(accept=True)
    return offered


def _answer(thread: ThreadRow) -> Answer | None:
    if thread.answer_id is None:
        return None
    return Answer(thread.answer_id, thread.answer_number or 1, thread.answer_by or "")


def _acts(posts: list[PostRow]) -> dict[int, Act]:
    """Return what moderators did to these posts: the removal, or the last edit of one standing."""
    removed = [post.id for post in posts if post.state == "removed"]
    edited = [p.id for p in posts if p.is_edited_by_moderator and p.state == "visible"]
    rows = {
        **latest_for_posts(edited, ["post.edit", "post.redact", "post.unredact"]),
        **latest_for_posts(removed, ["post.remove"]),
    }
    return {post_id: Act(row.n, row.reason) for post_id, row in rows.items()}
