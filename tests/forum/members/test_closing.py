"""Closing an account, and opening it again."""

from __future__ import annotations

import pytest

from rostra.forum.members.actions import create_member, join_group, set_open
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.models import Member, Session
from rostra.forum.modlog.models import LogEntry
from rostra.forum.threads.actions.posts import post_reply
from rostra.kernel.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db
REASON = "Asked for by its member."


def close(member, *, is_open=False, reason=REASON):
    set_open(member.pk, is_open=is_open, role="operator", reason=reason)


def test_it_ends_the_sessions_and_what_is_under_way(cast, client):
    """SEC-072, 093."""
    client.force_login(cast.quay)
    viewer = cast.view(cast.quay)  # found out before the account was closed
    close(cast.quay)
    assert not Session.objects.filter(member_id=cast.quay.pk).exists()
    with pytest.raises(Refused, match="account_closed"):
        post_reply(viewer, cast.barrier.pk, "One more thing.")
    close(cast.quay, is_open=True)
    assert post_reply(viewer, cast.barrier.pk, "One more thing.").number


def test_it_stands_in_the_log_once(cast):
    for _ in range(2):
        close(cast.quay)
    assert LogEntry.objects.filter(kind="member.close").count() == 1
    with pytest.raises(Invalid):
        close(cast.quay, is_open=True, reason="")
    assert not Member.objects.get(pk=cast.quay.pk).is_active


def test_the_last_administrator_stays(cast):
    first = create_member("First Warden")
    Member.objects.exclude(pk=first.pk).update(is_active=False)
    join_group(ensure_groups().administrators, first.pk, reason=REASON)
    with pytest.raises(Refused, match="last_administrator"):
        close(first)
    with pytest.raises(NotFound):
        set_open(10**9, is_open=False, role="operator", reason=REASON)
