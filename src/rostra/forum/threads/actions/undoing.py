"""Taking back what a moderator made of a thread or a post, where an appeal was right.

Each has its outlook: what is known beforehand of what cannot lie as it did.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.queries import whole_tree
from rostra.forum.holds.queries import find_hold
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.queries import LogRow
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import StatementRow
from rostra.forum.threads import rules
from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.describing import describe, said_of
from rostra.forum.threads.actions.logging import Why, log_act
from rostra.forum.threads.actions.posts import edit_post, write_words
from rostra.forum.threads.actions.rows import locked_post, save_changed
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, State, Thread
from rostra.forum.threads.submissions import digest_of
from rostra.kernel.errors import NotFound


def edit_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a post can have the words again that a moderator changed."""
    words = log.words_of(stated.entry.n)
    if "before" not in words:
        return Outlook(refused="not_kept")
    source = (
        Post.objects.filter(id=stated.entry.post_id or 0).values_list("source", flat=True).first()
    )
    if source != words.get("after"):
        return Outlook(refused="words_changed_since")
    return ALL_COMES_BACK


@transaction.atomic
def undo_edit(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Give a post the words it had, unless they have been changed since. Raises Refused."""
    _, post = locked_post(viewer, stated.entry.post_id or 0)
    edit_outlook(viewer, stated).enforce()
    edit_post(viewer, post.pk, log.words_of(stated.entry.n)["before"], reason=reason, why=why)


def describing_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a thread can have the title and the rest again that a moderator changed."""
    thread = Thread.objects.filter(id=stated.entry.thread_id or 0).first()
    said = _changes(stated.entry)
    if said is None or thread is None:
        return Outlook(refused="not_kept")
    before, after = said
    now = said_of(thread)
    if any(now[name] not in (before[name], after[name]) for name in before):
        return Outlook(refused="words_changed_since")
    return ALL_COMES_BACK


@transaction.atomic
def undo_describing(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Give a thread back what it was called and was; emits ThreadDescribed.

    What the act did not change stays as it is by now. An answer that went with the type comes
    back. Raises Refused.
    """
    opening = Post.objects.filter(thread_id=stated.entry.thread_id or 0, number=1).first()
    if opening is None:
        raise NotFound
    thread, post = locked_post(viewer, opening.pk)
    rules.may_moderate(viewer, thread.board_id).enforce()
    describing_outlook(viewer, stated).enforce()
    before, _ = _changes(stated.entry) or ({}, {})
    wanted = {**said_of(thread), **before}
    title = wanted.pop("title")
    if title != thread.title:  # the titles it had are in the history of its opening post
        as_it_is = Rendered(post.html)
        write_words(
            viewer, thread, post, post.source, as_it_is, reason=reason, old_title=thread.title
        )
    if wanted["kind"] == "question" and thread.answer_id is None:
        thread.answer = _answer(thread, stated.entry.facts.get("answer"))
    describe(viewer, thread, post, title, Head(**wanted), (reason, why))


def answer_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a post can be the answer again that a moderator says it is not."""
    post = Post.objects.select_related("thread").filter(id=stated.entry.post_id or 0).first()
    if post is None:
        return Outlook(refused="not_kept")
    if not (verdict := rules.may_accept(viewer, post.thread, post)):
        return Outlook(refused=verdict.reason)
    if post.thread.answer_id not in (None, post.pk):
        return Outlook(left="answer_chosen_since")
    return ALL_COMES_BACK


@transaction.atomic
def undo_unaccepting(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Mark a post as the answer again, unless another is by now; emits AnswerChanged."""
    _, post = locked_post(viewer, stated.entry.post_id or 0)
    outlook = answer_outlook(viewer, stated)
    outlook.enforce()
    if not outlook.left:
        accept_answer(viewer, post.pk, accepted=True, reason=reason, why=why)


def rejection_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether what was turned down, a post or an edit of one, can be shown after all."""
    post = Post.objects.select_related("thread").filter(id=stated.entry.post_id or 0).first()
    held = find_hold(stated.entry.post_id or 0)
    if post is None or held is None:
        return Outlook(refused="not_kept")
    if held.state != "rejected":
        return ALL_COMES_BACK  # it was shown already, or waits once more
    if held.kind == "edit":
        if post.state != State.VISIBLE:
            return Outlook(refused="post_not_standing")
        if digest_of(post.source) != held.more.get("was"):
            return Outlook(refused="words_changed_since")
    elif held.kind == "reply" and post.thread.state != State.VISIBLE:
        return Outlook(refused="thread_not_open")
    return ALL_COMES_BACK


def move_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a thread can be filed again where it was: there is such a board, and the
    viewer may."""
    thread = Thread.objects.filter(id=stated.entry.thread_id or 0).first()
    board = whole_tree().rows.get(stated.entry.facts["from"])
    if thread is None or board is None:
        return Outlook(refused="changed_since")
    if thread.board_id == board.id:
        return ALL_COMES_BACK
    verdict = rules.may_move(viewer, thread.board_id, board.id, is_category=board.is_category)
    return Outlook(refused=verdict.reason)


def redaction_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return that redacted words are gone, whatever is decided about them."""
    return Outlook(left="redacted_words_gone")


@transaction.atomic
def undo_redaction(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Say that words were taken out that should have stayed; return the entry.

    Nothing keeps them. Their author may write them in again, however long ago the post was
    written (`composing.editable_since`).
    """
    thread, post = locked_post(viewer, stated.entry.post_id or 0)
    rules.may_moderate(viewer, thread.board_id).enforce()
    log_act(viewer, "post.unredact", thread, reason, post=post, why=why)
    save_changed(thread)  # its page says so


def _changes(act: LogRow) -> tuple[dict[str, str], dict[str, str]] | None:
    """Return what a description said of what was changed, before and after; None: not kept."""
    words = log.words_of(act.n)
    said = [_said(words.get(name, "")) for name in ("before", "after")]
    if None in said or set(said[0]) != set(said[1]):
        return None
    return said[0], said[1]


def _said(text: str) -> Any:
    """Return what was put down as JSON; None for lines, as entries of old have them."""
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _answer(thread: Thread, post_id: int | None) -> Post | None:
    """Return the answer a thread lost, while it still stands in it."""
    return Post.objects.filter(id=post_id or 0, thread=thread, state=State.VISIBLE).first()
