"""Taking whole threads away as a moderator, and bringing them back."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.threads import counting, rules
from rostra.forum.threads.actions.logging import OF_OWN_ACCORD, Why, log_act
from rostra.forum.threads.actions.rows import locked_thread, save_changed
from rostra.forum.threads.events import ThreadStateChanged
from rostra.forum.threads.models import State
from rostra.kernel.errors import Refused
from rostra.kernel.events import emit


@transaction.atomic
def remove_thread(viewer: Viewer, thread_id: int, reason: str, *, why: Why = OF_OWN_ACCORD) -> int:
    """Take a visible thread out of sight with all its posts; return the log entry.

    Emits ThreadStateChanged; raises NotFound, Refused, Invalid.
    """
    return _set_state(viewer, thread_id, "thread.remove", State.REMOVED, reason, why)


@transaction.atomic
def restore_thread(viewer: Viewer, thread_id: int, reason: str, *, why: Why = OF_OWN_ACCORD) -> int:
    """Bring a removed thread back; return the log entry. Emits ThreadStateChanged."""
    return _set_state(viewer, thread_id, "thread.restore", State.VISIBLE, reason, why)


def _set_state(
    viewer: Viewer, thread_id: int, kind: str, state: State, reason: str, why: Why
) -> int:
    thread = locked_thread(viewer, thread_id)
    rules.may_moderate(viewer, thread.board_id).enforce()
    expected = State.VISIBLE if state == State.REMOVED else State.REMOVED
    if thread.state != expected:
        raise Refused("already_removed" if state == State.REMOVED else "not_removed")
    log_n = log_act(viewer, kind, thread, reason, why=why)
    thread.state = state
    save_changed(thread)
    counting.count_in_board(thread.board_id, threads=1 if state == State.VISIBLE else -1)
    counting.find_last_thread(thread.board_id)
    emit(ThreadStateChanged(thread_id=thread.pk, state=state.value, log_n=log_n))
    return log_n
