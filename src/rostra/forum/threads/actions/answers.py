"""The answer to a question: who asked, or a moderator, says which reply it is."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import counting, rules
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.rows import locked_post, save_changed
from rostra.forum.threads.events import AnswerChanged
from rostra.forum.threads.models import Thread
from rostra.kernel.events import emit


@transaction.atomic
def accept_answer(
    viewer: Viewer,
    post_id: int,
    *,
    accepted: bool,
    reason: str = "",
    why: Why = OF_OWN_ACCORD,
) -> Thread:
    """Mark a reply as the answer, instead of another, or take that back; emits AnswerChanged.

    Already so: nothing changes. A moderator's act in another's thread is logged.
    """
    thread, post = locked_post(viewer, post_id)
    rules.may_accept(viewer, thread, post).enforce()
    if (thread.answer_id == post.pk) == accepted:
        return thread
    member_id = viewer.require_member()
    log_n = None
    if thread.starter_id != member_id:
        kind = "post.accept" if accepted else "post.unaccept"
        log_n = log_act(viewer, kind, thread, reason, post=post, why=why)
    thread.answer = post if accepted else None
    save_changed(thread)
    counting.count_in_board(thread.board_id)  # its lists show it
    emit(
        AnswerChanged(
            thread_id=thread.pk,
            post_id=post.pk,
            member_id=member_id,
            is_accepted=accepted,
            log_n=log_n,
        )
    )
    return thread
