"""Appeals: once an act, decided by another, undone where it was wrong (LAW-003)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostra.forum.access.actions import set_access
from rostra.forum.appeals import queries
from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.appeals.models import Appeal
from rostra.forum.members.actions import set_open
from rostra.forum.members.models import Member
from rostra.forum.modlog import queries as modlog
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post, restore_post
from rostra.forum.threads.actions.threads import lock_thread, move_thread
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.models import Job
from tests.cast import WHY

REASON = "Insults a group of people."
SUMMARY = "The quoted words were another member's."
WORDS = "I only quoted what the article says."


def second(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=2)


def removed(cast) -> int:
    remove_post(cast.view(cast.mod), second(cast).pk, REASON, why=Why("R2"))
    return modlog.head()[0]


def appealed(cast) -> int:
    n = removed(cast)
    file_appeal(cast.view(cast.hill), n, WORDS)
    return n


def refused(reason):
    return pytest.raises(Refused, match=reason)


def test_an_appeal_is_once_an_act_and_its_members_alone(cast):
    n = removed(cast)
    for who in (cast.quay, cast.mod):
        with pytest.raises(NotFound):
            file_appeal(cast.view(who), n, WORDS)
    for words, wrong in (("  ", "empty"), ("x" * 2001, "appeal_too_long")):
        with pytest.raises(Invalid) as caught:
            file_appeal(cast.view(cast.hill), n, words)
        assert caught.value.fields == {"text": wrong}
    file_appeal(cast.view(cast.hill), n, WORDS)
    with refused("appealed_before"):
        file_appeal(cast.view(cast.hill), n, WORDS)
    appeal = Appeal.objects.get()
    assert appeal.due_at - appeal.at == timedelta(days=7)


def test_half_a_year_to_appeal_and_nothing_against_what_was_undone(cast):
    n = removed(cast)
    statement = Statement.objects.get(entry_id=n)
    assert 180 < (statement.appeal_until - statement.at).days < 185
    Statement.objects.update(appeal_until=clock.now())
    with refused("appeal_too_late"):
        file_appeal(cast.view(cast.hill), n, WORDS)
    Statement.objects.update(appeal_until=statement.appeal_until)
    restore_post(cast.view(cast.mod), second(cast).pk, SUMMARY, why=Why("R2", reverts=n))
    with refused("act_taken_back"):
        file_appeal(cast.view(cast.hill), n, WORDS)


def test_the_suspended_may_appeal(cast):
    n = removed(cast)
    Member.objects.filter(pk=cast.hill.pk).update(suspended_until=clock.now() + timedelta(days=9))
    file_appeal(cast.view(cast.hill), n, WORDS)
    assert [row.log_n for row in queries.appeals_of(cast.hill.pk)] == [n]


def test_whose_account_is_closed_may_appeal_against_that_alone(cast):
    """SEC-072: nothing else is written in their name any more."""
    n = removed(cast)
    set_open(cast.hill.pk, is_open=False, role="operator", reason=WHY)
    with refused("account_closed"):
        file_appeal(cast.view(cast.hill), n, WORDS)
    file_appeal(cast.view(cast.hill), modlog.head()[0], WORDS)


def test_another_decides_and_what_is_overturned_is_undone(cast):
    n = appealed(cast)
    with refused("own_act"):
        decide_appeal(cast.view(cast.mod), n, "overturned", SUMMARY)
    assert second(cast).state == "removed"
    outcome = decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert second(cast).state == "visible"
    told, undone = modlog.entries(limit=2)
    assert (told.n, told.kind, told.reason) == (outcome, "appeal.overturned", SUMMARY)
    assert told.facts == {"entry": n, "undone_by": undone.n}
    assert (undone.kind, undone.reverts) == ("post.restore", n)
    assert queries.states_of([n]) == {n: ("overturned", outcome)}
    events = Job.objects.filter(name="appeals.appeal_decided")
    assert [job.payload["member_id"] for job in events] == [cast.hill.pk]
    with refused("already_decided"):
        decide_appeal(cast.view(cast.admin), n, "upheld", SUMMARY)
    assert modlog.first_fault() is None


@pytest.mark.parametrize("outcome", ["upheld", "partly"])
def test_what_is_upheld_stays_and_is_one_entry(cast, outcome):
    n = appealed(cast)
    before = LogEntry.objects.count()
    decide_appeal(cast.view(cast.admin), n, outcome, SUMMARY)
    assert LogEntry.objects.count() == before + 1
    assert modlog.entries(limit=1)[0].kind == f"appeal.{outcome}"
    assert second(cast).state == "removed"


def test_where_one_moderates_alone_the_log_says_who_looked_again(cast):
    """No second person is invented where there is none."""
    n = appealed(cast)
    rows = {
        cast.groups.everyone: ["see", "read"],
        cast.groups.moderators: ["see", "read", "moderate"],
    }
    set_access(None, cast.harbour.pk, rows, reason=WHY)
    decide_appeal(cast.view(cast.mod), n, "upheld", SUMMARY)
    assert modlog.entries(limit=1)[0].facts == {"entry": n, "same_person": True}
    assert Appeal.objects.get().is_by_same_person


def test_every_act_that_can_be_taken_back_is(cast):
    """One table: the act, and what must be as before once it was overturned."""
    mod, admin, quay = cast.view(cast.mod), cast.view(cast.admin), cast.view(cast.quay)
    first = cast.barrier.posts.get(number=1)

    def facts():
        thread = Thread.objects.get(pk=cast.barrier.pk)
        words = Post.objects.get(pk=first.pk)
        return thread.board_id, thread.is_locked, words.state, words.source

    before = facts()
    for act in (
        lambda: remove_post(mod, first.pk, REASON),
        lambda: edit_post(mod, first.pk, "Other words.", reason=REASON),
        lambda: lock_thread(mod, cast.barrier.pk, locked=True, reason=REASON),
        lambda: move_thread(mod, cast.barrier.pk, cast.region.pk, reason=REASON),
    ):
        act()
        assert facts() != before
        n = modlog.head()[0]
        stated = Statement.objects.count()
        file_appeal(quay, n, WORDS)
        decide_appeal(admin, n, "overturned", SUMMARY)
        assert facts() == before
        assert Statement.objects.count() == stated, "what takes an act back restricts nobody"
        assert list(modlog.taken_back([n])) == [n]


def test_words_that_were_changed_since_are_not_written_over(cast):
    edit_post(cast.view(cast.mod), second(cast).pk, "Post, redacted.", reason=REASON)
    n = modlog.head()[0]
    file_appeal(cast.view(cast.hill), n, WORDS)
    edit_post(cast.view(cast.hill), second(cast).pk, "Mine, and new.")
    with refused("words_changed_since"):
        decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert second(cast).source == "Mine, and new."
    assert Appeal.objects.get().state == "open"


def test_who_decides_what(cast):
    """SEC-062: of places one does not moderate, and of oneself, there is nothing to decide."""
    n = appealed(cast)
    assert [row.log_n for row in queries.appeals_for(cast.view(cast.admin), limit=9)] == [n]
    for who in (cast.quay, cast.hill):
        assert queries.appeals_for(cast.view(who), limit=9) == []
        with pytest.raises(NotFound):
            decide_appeal(cast.view(who), n, "upheld", SUMMARY)
    for outcome, summary in (("upheld", "short"), ("nonsense", SUMMARY)):
        with pytest.raises(Invalid):
            decide_appeal(cast.view(cast.admin), n, outcome, summary)


def test_overdue_ones_are_counted(cast):
    appealed(cast)
    assert queries.overdue_count() == 0
    Appeal.objects.update(due_at=clock.now() - timedelta(hours=1))
    assert queries.overdue_count() == 1


def test_a_warning_that_is_overturned_goes_with_all_that_followed_from_it(cast):
    """LAW-003: undone everywhere, in the same transaction, by whoever decides the appeal."""
    ground = Ground("R2", REASON, post_id=second(cast).pk)
    n = warn_member(cast.view(cast.mod), cast.hill.pk, 5, 30, ground)
    with refused("read_only"):
        post_reply(cast.view(cast.hill), cast.barrier.pk, "More.")
    file_appeal(cast.view(cast.hill), n, WORDS)  # who may only read may
    with refused("own_act"):
        decide_appeal(cast.view(cast.mod), n, "overturned", SUMMARY)
    decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    undone, *lifted, told = modlog.entries(limit=4)[::-1]
    assert (undone.kind, undone.reverts) == ("member.unwarn", n)
    assert [one.kind for one in lifted] == ["member.lift", "member.lift"]
    assert told.facts == {"entry": n, "undone_by": undone.n}
    post_reply(cast.view(cast.hill), cast.barrier.pk, "More.")
    assert Member.objects.get(pk=cast.hill.pk).sanctioned_at is None


def test_a_ban_can_be_appealed_against_and_is_lifted(cast):
    """Who is banned reads their statement and appeals; that needs no right to write."""
    n = limit_member(cast.view(cast.mod), cast.hill.pk, Wish("ban"), Ground("R2", REASON))
    file_appeal(cast.view(cast.hill), n, WORDS)
    assert queries.appeals_for(cast.view(cast.mod), limit=9) == []
    decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    assert not cast.view(cast.hill).is_suspended
