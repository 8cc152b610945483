"""Taking back what a moderator made of a poll, where an appeal was right.

Each has its outlook: what is known beforehand of what cannot lie as it did.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import StatementRow
from rostra.forum.polls import rules
from rostra.forum.polls.actions import (
    locked_poll,
    moment,
    only_words_differ,
    plan_of,
    put_down,
    told,
)
from rostra.forum.polls.events import PollChanged
from rostra.forum.polls.models import Poll, Vote
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.logging import Why, log_act
from rostra.forum.threads.actions.rows import save_changed
from rostra.forum.threads.rules import may_moderate
from rostra.kernel import clock
from rostra.kernel.errors import Refused
from rostra.kernel.events import emit


class _Kept(NamedTuple):
    """What a poll was before an act on it, and after."""

    before: Plan
    after: Plan


def edit_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a poll can be again what it was before a moderator changed it."""
    poll = Poll.objects.filter(thread_id=stated.entry.thread_id or 0).first()
    kept = _kept(stated)
    if poll is None or kept is None:
        return Outlook(refused="not_kept")
    now = plan_of(poll)
    if now == kept.before:
        return ALL_COMES_BACK
    if now != kept.after:
        return Outlook(refused="poll_changed_since")
    if poll.voter_count and not only_words_differ(kept.before, kept.after):
        return Outlook(refused="poll_voted_since")
    if Vote.objects.filter(poll=poll, at__gte=stated.entry.at).exists():
        return Outlook(left="poll_votes_stay")
    return ALL_COMES_BACK


@transaction.atomic
def undo_edit(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Have a poll ask again what it asked; emits PollChanged. Votes stay. Raises Refused.

    When it is to end comes back with it, unless something else has been said about that since.
    """
    thread, poll = locked_poll(viewer, stated.entry.thread_id or 0)
    may_moderate(viewer, thread.board_id).enforce()
    edit_outlook(viewer, stated).enforce()
    kept, facts, now = _kept(stated), stated.entry.facts, told(poll)
    if kept is not None and plan_of(poll) != kept.before:
        put_down(poll, kept.before)
    if "ends" in facts and moment(poll.closes_at) == facts["ends"]:
        poll.closes_at = _moment(facts["ended"])
        poll.save(update_fields=["closes_at"])
    log_n = log_act(viewer, "poll.edit", thread, reason, before=now, after=told(poll), why=why)
    save_changed(thread)
    emit(PollChanged(thread_id=thread.pk, log_n=log_n))


def close_outlook(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return whether a poll that a moderator ended takes votes again."""
    ended = stated.entry.facts.get("ended")
    if ended is None:
        return Outlook(left="poll_end_not_kept")
    ends = _moment(ended)
    if ends is not None and ends <= clock.now():
        return Outlook(left="poll_time_is_over")
    return ALL_COMES_BACK


@transaction.atomic
def undo_closing(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    """Give a poll the end back that it had, or none; emits PollChanged.

    Where that is over by now, it ended then. Raises Refused where it takes votes already.
    """
    thread, poll = locked_poll(viewer, stated.entry.thread_id or 0)
    may_moderate(viewer, thread.board_id).enforce()
    if not rules.is_closed(poll, clock.now()):
        raise Refused("not_closed")
    log_n = log_act(viewer, "poll.reopen", thread, reason, why=why)
    poll.closes_at = _moment(stated.entry.facts.get("ended", ""))
    poll.save(update_fields=["closes_at"])
    save_changed(thread)
    emit(PollChanged(thread_id=thread.pk, log_n=log_n))


def _kept(stated: StatementRow) -> _Kept | None:
    """Return what an entry keeps of a poll; None for lines, as entries of old have them."""
    words = log.words_of(stated.entry.n)
    try:
        before, after = (json.loads(words[name]) for name in ("before", "after"))
        return _Kept(_plan(before), _plan(after))
    except (KeyError, TypeError, ValueError):
        return None


def _plan(said: dict[str, object]) -> Plan:
    plan = Plan(**said)  # type: ignore[arg-type]
    return plan._replace(options=tuple(plan.options))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
