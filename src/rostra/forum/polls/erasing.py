"""Erasing somebody's ballots, and the words of polls they began."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.threads.actions.rows import lock_any, note_changed

GONE = "…"


@transaction.atomic
def erase_ballots(member_id: int, limit: int) -> bool:
    """Take some ballots of a member out of the count; return whether there are more."""
    mine = Vote.objects.filter(member_id=member_id)
    polls = list(mine.order_by("poll_id").values_list("poll_id", flat=True).distinct()[:limit])
    for poll_id in polls:
        lock_any(poll_id)
        votes = list(mine.filter(poll_id=poll_id))
        chosen = [vote.option_id for vote in votes]
        Option.objects.filter(id__in=chosen).update(vote_count=F("vote_count") - 1)
        Poll.objects.filter(pk=poll_id).update(voter_count=F("voter_count") - 1)
        mine.filter(poll_id=poll_id).delete()
        note_changed(poll_id)
    return len(polls) == limit


def erase_questions(thread_ids: Collection[int]) -> None:
    """Overwrite the words of these threads' polls; what was chosen how often stays."""
    Poll.objects.filter(thread_id__in=list(thread_ids)).update(question=GONE)
    Option.objects.filter(poll_id__in=list(thread_ids)).update(text=GONE)
