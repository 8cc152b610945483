"""The doctor: what differs is named; what can be computed anew is mended."""

import pytest
from django.db import connection

from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.members.models import Member
from rostra.forum.modlog.models import LogText
from rostra.forum.reactions.models import Reputation, Tally
from rostra.forum.threads.actions.marks import watch_thread
from rostra.forum.threads.models import BoardStats, MemberStats, Post, Thread, ThreadMark
from rostra.transfer.integrity import examine
from tests.forum.sanctions.people import sanctioned

pytestmark = pytest.mark.django_db


def miscount_replies(cast):
    Thread.objects.filter(pk=cast.barrier.pk).update(reply_count=99)


def miscount_numbers(cast):
    Thread.objects.filter(pk=cast.barrier.pk).update(last_number=99)


def miscount_board(cast):
    BoardStats.objects.filter(board=cast.harbour).update(thread_count=7, post_count=7)


def lose_board_counts(cast):
    BoardStats.objects.filter(board=cast.harbour).delete()


def lose_last_thread(cast):
    BoardStats.objects.filter(board=cast.harbour).update(last_thread=cast.secret)


def miscount_member(cast):
    MemberStats.objects.filter(member=cast.quay).update(post_count=99)


def lose_member(cast):
    MemberStats.objects.filter(member=cast.quay).delete()


def invent_score(cast):
    Reputation.objects.create(member=cast.quay, score=5)


def invent_reactions(cast):
    Tally.objects.create(post=Post.objects.first(), kind="like", count=3, without_names=0)


def miscount_bookmarks(cast):
    keep_post(cast.view(cast.hill), cast.barrier.posts.first().pk, note="", remind_at=None)
    ThreadMark.objects.update(bookmarks=9)


def lose_bookmark_count(cast):
    keep_post(cast.view(cast.hill), cast.barrier.posts.first().pk, note="", remind_at=None)
    ThreadMark.objects.all().delete()


def invent_bookmarks(cast):
    watch_thread(cast.view(cast.hill), cast.barrier.pk, "watch")
    ThreadMark.objects.update(bookmarks=1)


def forget_a_limit(cast):
    sanctioned(cast, cast.hill)
    Member.objects.update(limits="", sanctioned_at=None)


def invent_a_limit(cast):
    Member.objects.filter(pk=cast.hill.pk).update(
        limits='[{"kind":"ban","n":1,"rule":"R2","until":null}]'
    )


def garble_a_limit(cast):
    Member.objects.filter(pk=cast.hill.pk).update(limits="{")


MENDABLE = [
    forget_a_limit, invent_a_limit, garble_a_limit,
    miscount_replies, miscount_numbers, miscount_board, lose_board_counts, lose_last_thread, miscount_member,
    lose_member, invent_score, invent_reactions, miscount_bookmarks, lose_bookmark_count, invent_bookmarks,
]  # fmt: skip


@pytest.mark.parametrize("harm", MENDABLE, ids=lambda f: f.__name__)
def test_wrong_counters_are_found_and_mended(cast, harm):
    assert examine() == []
    harm(cast)
    found = examine()
    assert found
    assert not any(finding.is_mended for finding in found)
    assert all(finding.is_mended for finding in examine(repair=True))
    assert examine() == []


def leave_a_hole(cast):
    Post.objects.filter(thread=cast.barrier, number=2).update(number=50)


def empty_a_thread(cast):
    Post.objects.filter(thread=cast.barrier).update(
        thread=cast.secret, number=None, state="pending"
    )


def answer_from_elsewhere(cast):
    Thread.objects.filter(pk=cast.barrier.pk).update(answer=Post.objects.get(thread=cast.secret))


def reply_from_elsewhere(cast):
    Post.objects.filter(thread=cast.barrier, number=2).update(
        reply_to=Post.objects.get(thread=cast.secret)
    )


def forge_a_reason(cast):
    LogText.objects.filter(field="reason").update(value="A nicer reason than it was.")


@pytest.mark.parametrize(
    "harm", [leave_a_hole, empty_a_thread, answer_from_elsewhere, reply_from_elsewhere, forge_a_reason],
    ids=lambda f: f.__name__,
)  # fmt: skip
def test_what_cannot_be_computed_is_named_and_left(cast, harm):
    harm(cast)
    left = [finding for finding in examine(repair=True) if not finding.is_mended]
    assert left
    assert all(finding.count and finding.examples for finding in left)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL forbids orphans by itself")
def test_orphans_are_found(cast):
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("UPDATE threads_post SET author_id = 987654 WHERE number = 2")
        assert [finding.check for finding in examine()][-1] == "orphans"
        cursor.execute("UPDATE threads_post SET author_id = %s WHERE number = 2", [cast.hill.pk])
