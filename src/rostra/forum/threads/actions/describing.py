"""Changing what a thread is: title, type, article and tags, together with its opening post."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import counting, heads, tags
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.posts import change_words, check_source, check_title
from rostra.forum.threads.actions.rows import locked_post, save_changed
from rostra.forum.threads.events import ThreadDescribed
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Tagging, Thread
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit


@transaction.atomic
def edit_opening(
    viewer: Viewer,
    post_id: int,
    source: str,
    head: Head,
    *,
    title: str | None = None,
    reason: str = "",
    was: str | None = None,
    why: Why = OF_OWN_ACCORD,
) -> Post:
    """Change an opening post and what its thread is; emits PostEdited, ThreadDescribed.

    Where the words wait, all of it does, and PostHeld is emitted.

    Who may edit the post may do both; what a moderator changes of another's is logged.
    title: None leaves it.
    """
    title, source, head = _checked(title, source, head)
    thread, post = locked_post(viewer, post_id)
    if post.number != 1:
        raise Invalid({"kind": "not_an_opening"})
    title = thread.title if title is None else title
    if change_words(
        viewer, thread, post, source, reason=reason, was=was, title=title, head=head, why=why
    ):
        describe(viewer, thread, post, title, head, (reason, why))
    return post


def described(head: Head) -> dict[str, Any]:
    """Return a head as columns of a thread."""
    return {**head._asdict(), "host": heads.host_of(head.link)}


def head_of(thread: Thread) -> Head:
    """Return the head of a thread."""
    return Head(thread.kind, thread.link, thread.excerpt, thread.tags)


def said_of(thread: Thread) -> dict[str, str]:
    """Return title and head of a thread by their names."""
    return {"title": thread.title, **head_of(thread)._asdict()}


def file_under_tags(thread: Thread) -> None:
    """Write the rows by which lists find a thread under its tags, instead of those there are."""
    Tagging.objects.filter(thread=thread).delete()
    Tagging.objects.bulk_create(
        Tagging(thread=thread, tag=tag, board_id=thread.board_id, bumped_at=thread.bumped_at)
        for tag in tags.split(thread.tags)
    )


def describe(
    viewer: Viewer, thread: Thread, post: Post, title: str, head: Head, ground: tuple[str, Why]
) -> None:
    """Give a locked thread its title and head; emits ThreadDescribed where anything changes.

    ground: the reason, and what else the act rests on, where a moderator does it.
    """
    old = head_of(thread)
    if head == old and title == thread.title:
        return
    editor_id = viewer.require_member()
    log_n = None
    if post.author_id != editor_id:
        log_n = _log(viewer, thread, said_of(thread), {"title": title, **head._asdict()}, ground)
    for name, value in {"title": title, **described(head)}.items():
        setattr(thread, name, value)
    if head.kind != "question":
        thread.answer = None
    if head.tags != old.tags:
        file_under_tags(thread)
    save_changed(thread)
    counting.count_in_board(thread.board_id)  # its lists show it
    emit(ThreadDescribed(thread_id=thread.pk, opening_id=post.pk, editor_id=editor_id, log_n=log_n))


def _log(
    viewer: Viewer,
    thread: Thread,
    old: Mapping[str, str],
    new: Mapping[str, str],
    ground: tuple[str, Why],
) -> int:
    """Put down what a moderator made of another's thread, so that it can be taken back.

    An answer that goes because the thread is no question any more is named: it comes back too.
    """
    changed = [name for name in old if new[name] != old[name]]
    before, after = (
        json.dumps({name: said[name] for name in changed}, ensure_ascii=False)
        for said in (old, new)
    )
    reason, why = ground
    lost = thread.answer_id if new["kind"] != "question" else None
    facts = {"answer": lost} if lost is not None else None
    return log_act(
        viewer, "thread.describe", thread, reason, before=before, after=after, facts=facts, why=why
    )


def _checked(title: str | None, source: str, head: Head) -> tuple[str | None, str, Head]:
    gathered = Gathered()
    with gathered:
        title = None if title is None else check_title(title)
    with gathered:
        source = check_source(source)
    with gathered:
        head = heads.checked(head)
    gathered.enforce()
    return title, source, head
