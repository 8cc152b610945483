"""Changing what a thread is: its type, its article and its tags, together with its opening post."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import counting, heads, tags
from rostra.forum.threads.actions import pace
from rostra.forum.threads.actions.logging import log_act
from rostra.forum.threads.actions.posts import check_source, edit_post
from rostra.forum.threads.actions.rows import locked_post, locked_thread, save_changed
from rostra.forum.threads.events import ThreadDescribed
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Tagging, Thread
from rostra.forum.threads.rendering import render_for
from rostra.kernel.errors import Gathered, Invalid
from rostra.kernel.events import emit


@transaction.atomic
def edit_opening(
    viewer: Viewer,
    post_id: int,
    source: str,
    head: Head,
    *,
    reason: str = "",
    was: str | None = None,
) -> Post:
    """Change an opening post and what its thread is; emits PostEdited, ThreadDescribed.

    Who may edit the post may do both; what a moderator changes of another's is logged.
    """
    source, head = _checked(source, head)
    _, post = locked_post(viewer, post_id)
    if post.number != 1:
        raise Invalid({"kind": "not_an_opening"})
    post = edit_post(viewer, post_id, source, reason=reason, was=was)
    _describe(viewer, post, head, reason)
    return post


def described(head: Head) -> dict[str, Any]:
    """Return a head as columns of a thread."""
    return {**head._asdict(), "host": heads.host_of(head.link)}


def head_of(thread: Thread) -> Head:
    """Return the head of a thread."""
    return Head(thread.kind, thread.link, thread.excerpt, thread.tags)


def file_under_tags(thread: Thread) -> None:
    """Write the rows by which lists find a thread under its tags, instead of those there are."""
    Tagging.objects.filter(thread=thread).delete()
    Tagging.objects.bulk_create(
        Tagging(thread=thread, tag=tag, board_id=thread.board_id, bumped_at=thread.bumped_at)
        for tag in tags.split(thread.tags)
    )


def _describe(viewer: Viewer, post: Post, head: Head, reason: str) -> None:
    thread = locked_thread(viewer, post.thread_id)
    old = head_of(thread)
    if head == old:
        return
    if head.link and head.link != old.link:
        limits = pace.limits_for(viewer, thread.board_id)
        pace.may_say(limits, render_for(viewer, post.source), link=head.link)
    editor_id = viewer.require_member()
    log_n = _log(viewer, thread, old, head, reason) if post.author_id != editor_id else None
    for name, value in described(head).items():
        setattr(thread, name, value)
    if head.kind != "question":
        thread.answer = None
    if head.tags != old.tags:
        file_under_tags(thread)
    save_changed(thread)
    counting.count_in_board(thread.board_id)  # its lists show it
    emit(ThreadDescribed(thread_id=thread.pk, editor_id=editor_id, log_n=log_n))


def _log(viewer: Viewer, thread: Thread, old: Head, new: Head, reason: str) -> int:
    """Put down what a moderator made of another's thread."""
    before, after = ("\n".join(filter(None, head)) for head in (old, new))
    return log_act(viewer, "thread.describe", thread, reason, before=before, after=after)


def _checked(source: str, head: Head) -> tuple[str, Head]:
    gathered = Gathered()
    with gathered:
        source = check_source(source)
    with gathered:
        head = heads.checked(head)
    gathered.enforce()
    return source, head
