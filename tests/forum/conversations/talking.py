"""What tests of conversations begin with."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

from django.conf import settings

from rostra.forum.conversations.actions.messages import start_conversation
from rostra.forum.conversations.models import Message
from rostra.forum.members.models import Member
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock, jobs

LIMITS_ON = replace(settings.ROSTRA, posting_limits="on")
numbers = itertools.count(1)


def settled(*members: Member) -> None:
    """Have members been here long enough to write to strangers."""
    for member in members:
        Member.objects.filter(pk=member.pk).update(joined_at=clock.now() - timedelta(days=9))
        MemberStats.objects.update_or_create(member_id=member.pk, defaults={"post_count": 5})


def later(by: timedelta = timedelta(hours=1)) -> None:
    """Have everything that was said been said some time ago, so that no pace holds."""
    for message in Message.objects.all():
        message.created_at -= by
        message.save(update_fields=["created_at"])


def talk(cast, *others: Member, words: str = "", title: str = "About the barrier") -> Message:
    """Have Quay begin a conversation; return its first message."""
    words = words or f"Words to these few, {next(numbers)}."
    return start_conversation(cast.view(cast.quay), [one.pk for one in others], title, words)


def work() -> None:
    """Do what waits in the background."""
    while jobs.run_due():
        pass
    assert jobs.dead_of("rostra") == 0
