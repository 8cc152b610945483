"""Whether a post has to wait before it is shown, and letting it wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import actions as holds
from rostra.forum.holds import rules as why
from rostra.forum.holds import signals
from rostra.forum.holds.actions import Place
from rostra.forum.holds.queries import cautions, find_hold, known_among, traces_like
from rostra.forum.holds.rules import Reason
from rostra.forum.holds.signals import Marks
from rostra.forum.members.queries import group_ids_of
from rostra.forum.threads import attachments
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, State, Thread
from rostra.forum.threads.standing import LIMITS, Limits
from rostra.forum.threads.submissions import digest_of
from rostra.forum.words.queries import watched
from rostra.kernel import clock, dialect, rows
from rostra.kernel.errors import Invalid, Refused


class Said(NamedTuple):
    """What is to be posted: `before` is what stood there, of an edit."""

    source: str
    links: Sequence[str] = ()
    title: str = ""
    before: str | None = None
    title_before: str = ""
    is_late: bool = False  # an edit that others may have seen the post before


class Examined(NamedTuple):
    """Why something waits, if it does, and what is to be remembered of it."""

    reasons: tuple[Reason, ...] = ()
    bunch: str = ""
    marks: Marks = Marks()  # of a newcomer's
    links: tuple[str, ...] = ()  # of all others'


NO_MARKS = Marks()
NOTHING_FOUND = Examined()


def examine(viewer: Viewer, thread: Thread, said: Said, limits: Limits | None) -> Examined:
    """Return why something has to wait, nothing for most; raises Invalid for words not taken.

    One query; two more for newcomers, and one where groups have to wait. Nothing is asked of who
    moderates the board.
    """
    if viewer.can("moderate", thread.board_id):
        return NOTHING_FOUND
    member_id = viewer.require_member()
    [(words_version, holds_version, posts)] = dialect.rows(_FACTS, [member_id])
    found = _by_words(said, int(words_version or 0))
    held = cautions(int(holds_version or 0))
    is_new = limits == LIMITS["new"]
    now = clock.now()
    if said.before is None and (posts or 0) < settings.ROSTRA.held_first_posts:
        found.append(Reason("first_posts"))
    if is_new and held.newcomers_until is not None and held.newcomers_until > now:
        found.append(Reason("newcomers"))
    found += why.by_place(
        held,
        board_id=thread.board_id,
        thread_id=thread.pk if thread.last_number else None,
        groups=group_ids_of(member_id) if held.groups else (),
    )
    if settings.ROSTRA.spam_signals == "off" or not is_new:
        return Examined(_in_order(found), links=() if limits is None else tuple(said.links))
    added, bunch, marks = _of_newcomer(member_id, said, posts or 0)
    return Examined(_in_order(found + added), bunch, marks)


def hold_new(
    viewer: Viewer,
    thread: Thread,
    source: str,
    rendered: Rendered,
    found: Examined,
    *,
    reply_to: int | None,
) -> Post:
    """Write a post that waits: without a number, counted nowhere, told nobody; emits PostHeld.

    The thread is as it was, for nobody may notice; a new one waits with its opening post.
    """
    member_id = viewer.require_member()
    is_opening = not thread.last_number
    if is_opening:
        thread.state = State.PENDING
        rows.update(thread)
    post = Post(
        thread=thread,
        author_id=member_id,
        state=State.PENDING,
        source=source,
        html=rendered.html,
        created_at=clock.now(),
        reply_to_id=reply_to,
    )
    rows.insert(post)
    attachments.attach(viewer, thread, post, rendered, is_new=True)
    holds.hold(
        "thread" if is_opening else "reply",
        Place(post.pk, thread.pk, thread.board_id),
        member_id,
        found.reasons,
        bunch=found.bunch,
    )
    return post


def hold_edit(
    viewer: Viewer,
    thread: Thread,
    post: Post,
    source: str,
    found: Examined,
    beside: tuple[str, Head | None, str],
) -> None:
    """Let new words of a locked post wait; those that stand there stay. Emits PostHeld.

    beside: title and head of the thread that go with them, and why it was edited.
    """
    title, head, reason = beside
    more = {"was": digest_of(post.source), "reason": reason[:500]}
    if head is not None:
        more |= {"title": title, **head._asdict()}
    holds.hold(
        "edit",
        Place(post.pk, thread.pk, thread.board_id),
        viewer.require_member(),
        found.reasons,
        bunch=found.bunch,
        source=source,
        more=more,
    )
    remember(found, viewer, post)


def write_anew(
    viewer: Viewer, thread: Thread, post: Post, source: str, rendered: Rendered, found: Examined
) -> None:
    """Change the words of a locked post that waits; it waits on, for what it did and does."""
    held = find_hold(post.pk)
    if held is None or held.state != "waiting":
        raise Refused("post_not_standing")
    post.source, post.html = source, rendered.html
    attachments.attach(viewer, thread, post, rendered, is_new=False)
    rows.update(post)
    holds.hold(
        held.kind,
        Place(post.pk, thread.pk, thread.board_id),
        viewer.require_member(),
        _in_order((*held.reasons, *found.reasons)),
        bunch=found.bunch or held.bunch,
        more=held.more,
    )


def remember(found: Examined, viewer: Viewer, post: Post) -> None:
    """Note what a post has that newcomers' may have too, once it is written."""
    if found.links and not found.reasons:
        holds.get_to_know(found.links)
    if found.marks != NO_MARKS:
        holds.leave_traces(found.marks, viewer.require_member(), post.pk)


def _by_words(said: Said, version: int) -> list[Reason]:
    """Return the watched words that let a post wait; raises Invalid for those not taken."""
    words = watched(version)
    in_text = {one.word.id: one.word for one in words.taken.find(said.source)}
    in_title = {one.word.id: one.word for one in words.taken.find(said.title)}
    wrong = {}
    if any(word.act == "block" for word in in_text.values()):
        wrong["source"] = "watched_word_blocked"
    # A title is shown in too many places to cover words in it: they are not taken.
    covered = [one for one in words.shown.find(said.title) if one.word.act == "censor"]
    if covered or any(word.act == "block" for word in in_title.values()):
        wrong["title"] = "watched_word_blocked"
    if wrong:
        raise Invalid(wrong)
    held = {**in_text, **in_title}
    if said.before is None:
        return [Reason("word", word.word) for word in held.values()]
    before = words.taken.find(f"{said.title_before}\n{said.before}") if held else []
    old = {one.word.id for one in before}
    return [Reason("word_later", word.word) for key, word in held.items() if key not in old]


def _of_newcomer(member_id: int, said: Said, posts: int) -> tuple[list[Reason], str, Marks]:
    """Return what a newcomer's post waits for, beside words and places."""
    marks = signals.marks_of(said.source, said.links)
    if said.before is not None:
        # What stood there already was looked at when it was written.
        before = said.before.casefold()
        marks = marks._replace(
            hosts=tuple(host for host in marks.hosts if host not in before), print=None
        )
    known = known_among(marks.hosts)
    marks = marks._replace(hosts=tuple(host for host in marks.hosts if host not in known))
    earlier = traces_like({key for key, _ in marks.traces()})
    found, bunch = why.by_company(marks, earlier, member_id, clock.now())
    if said.before is None or marks.hosts or marks.numbers:
        found += why.by_signals(signals.signals_of(said.source, said.links, posts=posts))
    if said.is_late and marks.hosts:
        found.append(Reason("link_later", ", ".join(marks.hosts)))
    return found, bunch, marks


def _in_order(found: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda one: why.NAMES.index(one.name)))


_FACTS = """
SELECT (SELECT value FROM kernel_version WHERE name = 'words'),
       (SELECT value FROM kernel_version WHERE name = 'holds'),
       (SELECT post_count FROM threads_memberstats WHERE member_id = %s)
"""
