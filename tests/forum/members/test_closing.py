"""Closing an account, and opening it again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from rostra.effects.notifications.actions import choose_ways
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.members.actions import choose_reading, create_member, join_group, set_open
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.models import Group, Member, Session
from rostra.forum.members.ties import set_tie
from rostra.forum.modlog.models import LogEntry
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.drafts import save_draft
from rostra.forum.threads.actions.marks import mark_read, watch_board, watch_thread
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.profiles import write_profile
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


def test_nor_who_is_the_last_one_in_two_groups(cast):
    first = create_member("First Warden")
    Member.objects.exclude(pk=first.pk).update(is_active=False)
    second = Group.objects.create(name="Wardens", kind="chosen", capabilities=["manage_access"])
    for group in (ensure_groups().administrators, second.pk):
        join_group(group, first.pk, reason=REASON)
    with pytest.raises(Refused, match="last_administrator"):
        close(first)


WRITES = {
    "profile": lambda c, v: write_profile(v, about="Words.", signature=""),
    "watch a thread": lambda c, v: watch_thread(v, c.barrier.pk, "watch"),
    "watch a board": lambda c, v: watch_board(v, c.harbour.pk, "threads"),
    "all read": lambda c, v: mark_read(v, None, timezone.now()),
    "reading": lambda c, v: choose_reading(v.member_id, language="ar", per_page="20"),
    "ways": lambda c, v: choose_ways(v.member_id, {}, watches_own=False, has_digest=True),
    "a tie": lambda c, v: set_tie(v.member_id, c.hill.pk, "follow"),
    "a draft": lambda c, v: save_draft(v, "b1", title="", source="Half a thought"),
    "a reaction": lambda c, v: react(v, c.barrier.posts.get(number=2).pk, "like"),
    "a bookmark": lambda c, v: keep_post(
        v, c.barrier.posts.get(number=1).pk, note="", remind_at=None
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nothing_else_is_written_either(cast, write):
    """SEC-072: by whom was found out before the account was closed."""
    post_reply(cast.view(cast.hill), cast.barrier.pk, "Words of another.")
    viewer = cast.view(cast.quay)
    close(cast.quay)
    with pytest.raises(Refused, match="account_closed"):
        write(cast, viewer)
