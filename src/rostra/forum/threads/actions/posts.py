"""Replying, editing, taking away and bringing back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.holds import actions as holds
from rostra.forum.modlog import actions as modlog
from rostra.forum.threads import attachments, composing, counting, rules, submissions
from rostra.forum.threads.actions import holding, pace
from rostra.forum.threads.actions.drafts import drop_draft
from rostra.forum.threads.actions.holding import Said
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.rows import locked_post, locked_thread, save_changed
from rostra.forum.threads.events import PostEdited, PostPublished, PostStateChanged
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Revision, State, Thread
from rostra.forum.threads.rendering import render_for
from rostra.forum.threads.standing import Limits
from rostra.forum.threads.submissions import Sent
from rostra.kernel import clock, rows, text
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit

NOT_BY_FORM = Sent()


def post_reply(
    viewer: Viewer,
    thread_id: int,
    source: str,
    *,
    reply_to: int | None = None,
    sent: Sent = NOT_BY_FORM,
) -> Post:
    """Add a reply at the end of the thread; emits PostPublished, or PostHeld where it waits.

    The same form again returns the same post, whatever has become of the thread. Raises TooMany
    for one who writes faster or more than they may.
    """
    source = check_source(source)
    viewer.require_member()
    rendered = render_for(viewer, source)  # while nobody has to wait for it
    return _reply(viewer, thread_id, source, rendered, reply_to, sent)


@transaction.atomic
def _reply(
    viewer: Viewer,
    thread_id: int,
    source: str,
    rendered: Rendered,
    reply_to: int | None,
    sent: Sent,
) -> Post:
    member_id = viewer.require_member()
    thread = locked_thread(viewer, thread_id)
    digest = submissions.digest_of("reply", thread_id, source)
    if (posted := submissions.earlier(member_id, sent, digest)) is not None:
        return posted
    rules.may_reply(viewer, thread).enforce()
    if reply_to is not None and not Post.objects.filter(id=reply_to, thread=thread).exists():
        raise Invalid({"reply_to": "not_in_this_thread"})
    pace.hold_to_limits(viewer, thread.board_id, thread_id)
    limits = pace.limits_for(viewer, thread.board_id)
    pace.may_post_now(viewer, limits)
    pace.may_go_on(viewer, thread, sent)
    post = publish(viewer, thread, source, rendered, limits, reply_to=reply_to)
    submissions.keep(member_id, sent, digest, post)
    drop_draft(member_id, f"t{thread_id}")
    return post


@transaction.atomic
def edit_post(
    viewer: Viewer,
    post_id: int,
    source: str,
    *,
    reason: str = "",
    was: str | None = None,
    why: Why = OF_OWN_ACCORD,
) -> Post:
    """Change a post's words, keeping the old ones; emits PostEdited, or PostHeld where they wait.

    A moderator's change to another's words needs a public reason and is logged.
    was: a hash (`submissions.digest_of`) of the words that were to be changed; raises Invalid
    where they are others by now.
    """
    source = check_source(source)
    thread, post = locked_post(viewer, post_id)
    change_words(viewer, thread, post, source, reason=reason, was=was, why=why)
    return post


def change_words(
    viewer: Viewer,
    thread: Thread,
    post: Post,
    source: str,
    *,
    reason: str,
    was: str | None,
    title: str = "",
    head: Head | None = None,
    why: Why = OF_OWN_ACCORD,
) -> bool:
    """Do what `edit_post` does to a locked post; return whether it is done, and does not wait.

    title, head: those its thread is to have, where it opens one; what else waits goes with them.
    """
    editor_id = viewer.require_member()
    limits = pace.limits_for(viewer, thread.board_id)
    since = composing.editable_since(limits, post.pk, post.source)
    rules.may_edit(viewer, thread, post, post.created_at, since).enforce()
    drop_draft(editor_id, f"p{post.pk}")
    is_changed = source != post.source
    old_title = thread.title if title and title != thread.title else ""
    link = head.link if head is not None and head.link != thread.link else ""
    if not (is_changed or old_title or link):
        return True
    if was is not None and was != submissions.digest_of(post.source):
        raise Invalid({"was": "edited_meanwhile"})
    is_foreign = post.author_id != editor_id
    if is_foreign and post.state == State.PENDING:
        raise Refused("post_waits")  # it is approved, or given back with what is to change
    rendered = render_for(viewer, source, post_id=post.pk)
    pace.may_say(limits, rendered, link=link)
    if not is_foreign:
        said = Said(
            source,
            (*rendered.links, *filter(None, [link])),
            title,
            before=post.source,
            title_before=thread.title,
            is_late=post.created_at is not None and clock.now() - post.created_at > _grace(),
        )
        found = holding.examine(viewer, thread, said, limits)
        if post.state == State.PENDING:
            holding.write_anew(viewer, thread, post, source, rendered, found)
            return True
        if found.reasons:
            holding.hold_edit(viewer, thread, post, source, found, (title, head, reason))
            return False
        holds.drop_edit(post.pk)
        holding.remember(found, viewer, post)
    write_words(viewer, thread, post, source, rendered, reason=reason, old_title=old_title, why=why)
    return True


def write_words(
    viewer: Viewer,
    thread: Thread,
    post: Post,
    source: str,
    rendered: Rendered,
    *,
    reason: str,
    old_title: str = "",
    why: Why = OF_OWN_ACCORD,
) -> None:
    """Put words in the place of a locked post's, which are kept; emits PostEdited.

    old_title: of its thread, where that changes.
    """
    editor_id = viewer.require_member()
    is_changed = source != post.source
    if not is_changed and not old_title:
        return
    is_foreign = post.author_id != editor_id
    log_n = None
    if is_foreign and is_changed:
        log_n = log_act(
            viewer, "post.edit", thread, reason, post=post, before=post.source, after=source,
            why=why,
        )  # fmt: skip
    now = clock.now()
    is_silent = post.created_at is not None and now - post.created_at <= _grace()
    if is_foreign or not is_silent or post.edit_count:
        _keep_revision(post, editor_id, reason, old_title)
        post.edited_at, post.is_edited_by_moderator = now, is_foreign
    if is_changed:
        post.source, post.dialect = source, "native"
        attachments.attach(viewer, thread, post, rendered, is_new=False)
        post.html = rendered.html
    rows.update(post)
    save_changed(thread)
    emit(PostEdited(post_id=post.pk, thread_id=thread.pk, editor_id=editor_id, log_n=log_n))


@transaction.atomic
def remove_post(viewer: Viewer, post_id: int, reason: str, *, why: Why = OF_OWN_ACCORD) -> Post:
    """Take a post away as a moderator, leaving a tombstone; emits PostStateChanged."""
    thread, post = locked_post(viewer, post_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if post.state == State.REMOVED:
        raise Refused("already_removed")
    if post.state not in (State.VISIBLE, State.HIDDEN):
        raise Refused("post_not_standing")  # a withdrawal never comes to look like a removal
    log_n = log_act(viewer, "post.remove", thread, reason, post=post, why=why)
    return set_state(thread, post, State.REMOVED, log_n)


@transaction.atomic
def hide_post(post_id: int, reason: str, *, rule: str) -> int:
    """Hide a visible post by itself, until a moderator has looked at it; return the log entry.

    Nobody did it: the entry says so. Emits PostStateChanged; raises NotFound, Refused.
    """
    thread_id = Post.objects.filter(id=post_id).values_list("thread_id", flat=True).first()
    thread = rows.lock(Thread, thread_id) if thread_id is not None else None
    post = Post.objects.select_for_update(no_key=True).filter(id=post_id, thread=thread).first()
    if thread is None or post is None:
        raise NotFound
    if post.state != State.VISIBLE:
        raise Refused("post_not_standing")
    log_n = modlog.append(
        "post.hide",
        role="automatic",
        origin="automatic",
        reason=reason,
        rule=rule,
        subject_id=post.author_id,
        board_id=thread.board_id,
        thread_id=thread.pk,
        post_id=post.pk,
        facts={"number": post.number},
    )
    set_state(thread, post, State.HIDDEN, log_n)
    return log_n


@transaction.atomic
def restore_post(viewer: Viewer, post_id: int, reason: str, *, why: Why = OF_OWN_ACCORD) -> Post:
    """Bring back what was removed or hidden, never what its author withdrew."""
    thread, post = locked_post(viewer, post_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    if post.state not in (State.REMOVED, State.HIDDEN):
        raise Refused("not_removed")
    log_n = log_act(viewer, "post.restore", thread, reason, post=post, why=why)
    return set_state(thread, post, State.VISIBLE, log_n)


@transaction.atomic
def withdraw_post(viewer: Viewer, post_id: int) -> Post:
    """Take one's own post back; its place says so, and never looks like a removal."""
    thread, post = locked_post(viewer, post_id)
    rules.may_withdraw(viewer, thread, post).enforce()
    return set_state(thread, post, State.WITHDRAWN, None)


@transaction.atomic
def bring_back_post(viewer: Viewer, post_id: int) -> Post:
    """Undo one's own withdrawal; emits PostStateChanged."""
    thread, post = locked_post(viewer, post_id)
    rules.may_bring_back(viewer, thread, post, post.state_at, clock.now()).enforce()
    return set_state(thread, post, State.VISIBLE, None)


def check_title(title: str) -> str:
    """Return the title as it is kept; raises Invalid for none or too much."""
    title = text.one_line(title)
    if text.is_blank(title):
        raise Invalid({"title": "empty"})
    if len(title) > rules.TITLE_LENGTH:
        raise Invalid({"title": "too_long"})
    return title


def check_source(source: str) -> str:
    """Return the source as it is kept; raises Invalid for none or too much."""
    source = text.storable(source).strip("\n")
    if text.is_blank(source):
        raise Invalid({"source": "empty"})
    if len(source) > rules.SOURCE_LENGTH:
        raise Invalid({"source": "too_long"})
    return source


def publish(
    viewer: Viewer,
    thread: Thread,
    source: str,
    rendered: Rendered,
    limits: Limits | None,
    *,
    reply_to: int | None = None,
) -> Post:
    """Write a post at the end of a locked thread, with everything that is counted about it.

    A post that has to wait is written where nobody sees it, with nothing counted.
    """
    link = "" if thread.last_number else thread.link
    pace.may_say(limits, rendered, link=link)
    title = "" if thread.last_number else thread.title
    said = Said(source, (*rendered.links, *filter(None, [link])), title)
    found = holding.examine(viewer, thread, said, limits)
    if found.reasons:
        post = holding.hold_new(viewer, thread, source, rendered, found, reply_to=reply_to)
    else:
        post = _write(viewer, thread, source, rendered, reply_to)
    holding.remember(found, viewer, post)
    return post


def _write(
    viewer: Viewer, thread: Thread, source: str, rendered: Rendered, reply_to: int | None
) -> Post:
    now = clock.now()
    thread.last_number += 1
    if thread.last_number > 1:
        thread.reply_count += 1
    thread.last_post_at = thread.bumped_at = now
    thread.last_poster_id, thread.last_poster_name = viewer.require_member(), ""
    save_changed(thread)
    post = Post(
        thread=thread,
        author_id=viewer.require_member(),
        number=thread.last_number,
        source=source,
        html=rendered.html,
        created_at=now,
        reply_to_id=reply_to,
    )
    rows.insert(post)
    attachments.attach(viewer, thread, post, rendered, is_new=True)
    announce(post, thread, rendered)
    return post


def _grace() -> timedelta:
    """Return how soon an author's edits leave no mark."""
    return timedelta(minutes=settings.ROSTRA.edit_grace_minutes)


def announce(post: Post, thread: Thread, rendered: Rendered) -> None:
    """Count a post that is visible from now on; emits PostPublished."""
    counting.count_in_board(thread.board_id, threads=int(post.number == 1), posts=1)
    counting.count_for_member(post.author_id, 1)
    counting.find_last_thread(thread.board_id)
    emit(
        PostPublished(
            post_id=post.pk,
            thread_id=thread.pk,
            board_id=thread.board_id,
            author_id=post.author_id or 0,
            mentioned_ids=rendered.mentions,
            quoted_post_ids=tuple(quote.post_id for quote in rendered.quotes),
        )
    )


def set_state(thread: Thread, post: Post, state: State, log_n: int | None) -> Post:
    """Set a locked post's state, with all that is counted; emits PostStateChanged."""
    was_visible, post.state = post.state == State.VISIBLE, state
    post.state_at = clock.now()
    post.save(update_fields=["state", "state_at"])
    change = int(state == State.VISIBLE) - int(was_visible)
    if change:
        if post.number != 1:
            thread.reply_count += change
        counting.find_last_post(thread)
        counting.count_in_board(thread.board_id, posts=change)
        counting.count_for_member(post.author_id, change)
    save_changed(thread)
    if change:
        counting.find_last_thread(thread.board_id)
    emit(PostStateChanged(post_id=post.pk, thread_id=thread.pk, state=state.value, log_n=log_n))
    return post


def _keep_revision(post: Post, editor_id: int, reason: str, old_title: str) -> None:
    post.edit_count += 1
    Revision.objects.create(
        post=post,
        number=post.edit_count,
        source=post.source,
        title=old_title,
        dialect=post.dialect,
        replaced_at=clock.now(),
        editor_id=editor_id,
        reason=reason[:500],
    )
