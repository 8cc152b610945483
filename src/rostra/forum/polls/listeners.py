"""What follows for polls after a thread that waited is shown."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from rostra.forum.holds.events import HoldDecided
from rostra.forum.holds.queries import hold_of
from rostra.forum.polls.actions import moment
from rostra.forum.polls.models import Poll
from rostra.forum.threads.actions.rows import lock_any, note_changed
from rostra.kernel.events import after


@after(HoldDecided)
def let_the_time_begin(happened: HoldDecided) -> None:
    """Give a poll the days it was to be open from when its thread is shown, not from before."""
    held = hold_of(happened.hold_id) if happened.outcome == "approved" else None
    if held is None or held.decided_at is None or not held.more.get("poll_days"):
        return
    with transaction.atomic():
        lock_any(held.thread_id)
        poll = Poll.objects.filter(thread_id=held.thread_id).first()
        # Somebody may have ended it since, or this may be the second time.
        if poll is not None and moment(poll.closes_at) == held.more.get("poll_ends"):
            poll.closes_at = held.decided_at + timedelta(days=int(held.more["poll_days"]))
            poll.save(update_fields=["closes_at"])
            note_changed(held.thread_id)
