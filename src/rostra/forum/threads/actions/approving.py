"""Deciding about what waits: showing it, rejecting it, giving it back; and taking it back oneself.

Whoever decides names the version they looked at: an author may have written it anew meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import actions as holds
from rostra.forum.holds import rules
from rostra.forum.holds.queries import alike_waiting, find_hold, hold_of, post_of
from rostra.forum.holds.rules import HoldFacts
from rostra.forum.members.queries import account_for
from rostra.forum.modlog.rules import check_reason
from rostra.forum.threads.actions.describing import describe
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.posts import announce, write_words
from rostra.forum.threads.actions.rows import locked_post, locked_thread, save_changed
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, State, Thread
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.submissions import digest_of
from rostra.kernel import clock, rows
from rostra.kernel.errors import Gathered, Invalid, NotFound, Refused

if TYPE_CHECKING:
    from rostra.forum.holds.models import Hold

LOOKED_AT = "A moderator has looked at it and let it through."
GIVEN_BACK = "Given back to its author, with words about what is to change."
AT_ONCE = 50  # of a bunch that one decision is for


class Decision(NamedTuple):
    """What is decided: approve, reject (with rule and public reason), return (with words)."""

    do: str
    rule: str = ""
    reason: str = ""
    words: str = ""


@transaction.atomic
def decide_held(viewer: Viewer, hold_id: int, version: int, decision: Decision) -> None:
    """Decide about something that waits; emits HoldDecided, and what showing it emits.

    Raises Invalid for one that has changed since it was looked at, Refused where somebody has
    decided already, and for whoever may not.
    """
    thread, post, held = _locked(viewer, hold_id)
    rules.may_decide(viewer, _facts(held)).enforce()
    if held.version != version:
        raise Invalid({"version": "hold_changed"})
    match decision.do:
        case "approve":
            _approve(viewer, thread, post, held, LOOKED_AT, OF_OWN_ACCORD)
        case "reject":
            _reject(viewer, thread, post, held, decision)
        case "return":
            _give_back(viewer, thread, post, held, decision)
        case _:
            raise Invalid({"decision": "not_a_choice"})


def decide_alike(viewer: Viewer, hold_id: int, decision: Decision) -> int:
    """Decide the same about what waits of the same bunch, each by itself; return about how many.

    What cannot be decided so, because something is otherwise with it, goes on waiting.
    """
    first = hold_of(hold_id)
    if first is None:
        raise NotFound
    count = 0
    for other_id in alike_waiting(viewer, first.bunch, hold_id, AT_ONCE):
        other = hold_of(other_id)
        try:
            if other is not None:
                decide_held(viewer, other_id, other.version, decision)
                count += 1
        except (Invalid, NotFound, Refused):
            continue
    return count


@transaction.atomic
def withdraw_held(viewer: Viewer, post_id: int) -> None:
    """Take back what waits of one's own: a post, or an edit of one. Emits HoldDecided."""
    _, post = locked_post(viewer, post_id)
    if post.author_id != viewer.require_member():
        raise Refused("not_your_post")
    found = find_hold(post_id)
    if found is None or found.state != "waiting":
        raise Refused("does_not_wait")
    holds.settle(holds.lock_hold(found.id), "withdrawn", None)


@transaction.atomic
def show_rejected(viewer: Viewer, post_id: int, reason: str, *, why: Why) -> None:
    """Show after all what was rejected, where that was overturned; emits HoldDecided."""
    found = find_hold(post_id)
    if found is None or found.state != "rejected":
        raise Refused("not_removed")
    thread, post, held = _locked(viewer, found.id)
    waiting = _facts(held)._replace(state="waiting")
    rules.may_decide(viewer, waiting).enforce()
    _approve(viewer, thread, post, held, reason, why)


@transaction.atomic
def let_thread_wait(viewer: Viewer, thread_id: int, *, waits: bool, reason: str) -> None:
    """Have all further posts in a thread wait for approval, or no longer; emits CautionChanged."""
    thread = locked_thread(viewer, thread_id)
    if waits:
        holds.let_wait(viewer, "thread", thread.pk, board_id=thread.board_id, reason=reason)
    else:
        holds.wait_no_longer(viewer, "thread", thread.pk, board_id=thread.board_id, reason=reason)


def _locked(viewer: Viewer, hold_id: int) -> tuple[Thread, Post, Hold]:
    """Return a hold with its post and thread, locked in the order of all acts on posts."""
    post_id = post_of(hold_id)
    if post_id is None:
        raise NotFound
    thread, post = locked_post(viewer, post_id)
    held = holds.lock_hold(hold_id)
    if not (viewer.can("moderate", thread.board_id) or post.author_id == viewer.member_id):
        raise NotFound
    return thread, post, held


def _approve(viewer: Viewer, thread: Thread, post: Post, held: Hold, reason: str, why: Why) -> None:
    if held.kind == "edit":
        log_n = log_act(viewer, "post.approve_edit", thread, reason, post=post, why=why)
        _show_edit(thread, post, held)
    else:
        log_n = log_act(viewer, "post.approve", thread, reason, post=post, why=why)
        _show(thread, post)
    holds.settle(held, "approved", viewer.member_id, log_n=log_n)


def _show(thread: Thread, post: Post) -> None:
    """Give a post its number, at the end of its thread as that is now, and count it."""
    is_opening = thread.state == State.PENDING and not thread.last_number
    if not is_opening and thread.state != State.VISIBLE:
        raise Refused("thread_not_open")
    author = viewer_for(account_for(post.author_id or 0))
    rendered = render_for(author, post.source, post_id=post.pk)
    now = clock.now()
    thread.last_number += 1
    if is_opening:
        thread.state, thread.created_at = State.VISIBLE, now
    else:
        thread.reply_count += 1
    thread.last_post_at = thread.bumped_at = now
    thread.last_poster_id, thread.last_poster_name = post.author_id, ""
    save_changed(thread)
    # It is from now: to those who read the thread it comes after what they have read.
    post.state, post.number, post.created_at = State.VISIBLE, thread.last_number, now
    post.html = rendered.html
    rows.update(post)
    announce(post, thread, rendered)


def _show_edit(thread: Thread, post: Post, held: Hold) -> None:
    """Put the new words into a post, in its author's name, and what its thread is with them."""
    if post.state != State.VISIBLE:
        raise Refused("post_not_standing")
    if digest_of(post.source) != held.more["was"]:
        raise Refused("words_changed_since")
    author = viewer_for(account_for(post.author_id or 0))
    rendered = render_for(author, held.source, post_id=post.pk)
    title = held.more.get("title") or thread.title
    old_title = thread.title if title != thread.title else ""
    reason = held.more["reason"]
    write_words(author, thread, post, held.source, rendered, reason=reason, old_title=old_title)
    if "kind" in held.more:
        head = Head(*(held.more[name] for name in Head._fields))
        describe(author, thread, post, title, head, (reason, OF_OWN_ACCORD))


def _reject(viewer: Viewer, thread: Thread, post: Post, held: Hold, decision: Decision) -> None:
    gathered = Gathered()
    with gathered:
        check_reason(decision.reason)
    if not decision.rule:
        gathered.wrong["rule"] = "rule_missing"
    gathered.enforce()
    kind = "post.reject_edit" if held.kind == "edit" else "post.reject"
    why = Why(rule=decision.rule)
    log_n = log_act(viewer, kind, thread, decision.reason, post=post, why=why)
    holds.settle(held, "rejected", viewer.member_id, log_n=log_n)


def _give_back(viewer: Viewer, thread: Thread, post: Post, held: Hold, decision: Decision) -> None:
    words = rules.check_words(decision.words)
    log_n = log_act(viewer, "post.give_back", thread, GIVEN_BACK, post=post)
    holds.settle(held, "returned", viewer.member_id, words=words, log_n=log_n)
    author = viewer_for(account_for(post.author_id or 0))
    if held.kind == "edit":
        head = {name: held.more[name] for name in Head._fields if name in held.more}
        _into_draft(author, f"p{post.pk}", held.more.get("title", ""), held.source, head)
    elif held.kind == "thread":
        head = {name: getattr(thread, name) for name in Head._fields}
        beside = {**head, **held.more}  # its poll
        _into_draft(author, f"b{thread.board_id}", thread.title, post.source, beside)
    else:
        _into_draft(author, f"t{thread.pk}", "", post.source, {})


def _into_draft(author: Viewer, place: str, title: str, source: str, more: dict[str, str]) -> None:
    """Put words where their author goes on writing, before what they have begun there since."""
    begun = draft_for(author, place)
    if begun is not None and begun.source.strip() not in ("", source.strip()):
        source = f"{source}\n\n{begun.source}"
    save_draft(author, place, title=title, source=source, more=more)


def _facts(held: Hold) -> HoldFacts:
    return HoldFacts(held.board_id, held.author_id, held.state)
