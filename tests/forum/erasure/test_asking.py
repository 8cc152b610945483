"""Asking to be erased, thinking better of it, and what happens when it is done (PRV-002, PRV-005)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rostra.content.markup import erasing
from rostra.forum.erasure import actions, ledger, queries, rules
from rostra.forum.erasure.models import Erasure
from rostra.forum.members.actions import join_group, leave_group
from rostra.forum.members.models import Member, Session
from rostra.forum.modlog.models import LogEntry, LogText
from rostra.forum.modlog.queries import first_fault
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post
from rostra.kernel import clock, jobs
from rostra.kernel.errors import Invalid, NotFound, Refused
from tests.cast import WHY

pytestmark = pytest.mark.django_db


def due(member: Member) -> None:
    """Let the fourteen days be over."""
    Erasure.objects.filter(member=member).update(due_at=clock.now() - timedelta(seconds=1))
    actions.begin_due()
    for _ in range(20):
        jobs.run_due()
        jobs.run_aside()


def test_nothing_happens_for_fourteen_days_and_it_can_be_taken_back(cast):
    actions.ask(cast.view(cast.hill), "words")
    wish = queries.wish_of(cast.hill.pk)
    assert wish.due_at - wish.asked_at == timedelta(days=14)
    actions.carry_out(cast.hill.pk)
    assert Member.objects.get(id=cast.hill.pk).name == "Hill"
    with pytest.raises(Refused, match="erasure_asked_already"):
        actions.ask(cast.view(cast.hill), "name")
    actions.take_back(cast.view(cast.hill))
    assert queries.wish_of(cast.hill.pk) is None
    with pytest.raises(NotFound):
        actions.take_back(cast.view(cast.hill))


def test_who_is_staff_hands_over_first(cast):
    with pytest.raises(Refused, match="hand_over_rights_first"):
        actions.ask(cast.view(cast.mod), "name")
    with pytest.raises(Refused, match="hand_over_rights_first"):
        actions.ask_for(cast.view(cast.admin), cast.mod.pk, "name", reason=WHY)


def test_who_became_staff_meanwhile_is_asked_again_when_it_is_due(cast):
    """SEC-063: what may be done is asked when it is done, not only when it was put off."""
    actions.ask(cast.view(cast.hill), "name")
    join_group(cast.groups.moderators, cast.hill.pk, reason=WHY)
    due(cast.hill)
    assert Member.objects.get(id=cast.hill.pk).name == "Hill"
    leave_group(cast.groups.moderators, cast.hill.pk, reason=WHY)
    due(cast.hill)
    assert Member.objects.get(id=cast.hill.pk).name != "Hill"


def test_the_name_goes_and_words_stay(cast):
    said = post_reply(cast.view(cast.hill), cast.barrier.pk, "What everybody reads.")
    actions.ask(cast.view(cast.hill), "name")
    due(cast.hill)
    member = Member.objects.get(id=cast.hill.pk)
    assert (member.name, member.is_active) == (rules.neutral_name(member.pk), False)
    assert Post.objects.get(id=said.pk).source == "What everybody reads."
    entry = LogEntry.objects.get(kind="member.erase")
    assert not LogText.objects.filter(entry=entry).exclude(field="reason").exists()
    assert first_fault() is None and not Session.objects.filter(member=member).exists()


def test_words_of_listed_posts_go_once_staff_agreed(cast):
    hill = cast.view(cast.hill)
    first = post_reply(hill, cast.barrier.pk, "The first of these.")
    second = post_reply(hill, cast.barrier.pk, "The second of these.")
    actions.ask(hill, "some", f"http://localhost:8000/posts/{first.pk}\n")
    due(cast.hill)
    assert Post.objects.get(id=first.pk).source  # nobody has looked at the list
    with pytest.raises(Refused):
        actions.agree(cast.view(cast.mod), cast.hill.pk)
    actions.agree(cast.view(cast.admin), cast.hill.pk)
    due(cast.hill)
    first.refresh_from_db()
    assert (first.source, first.html, first.state) == ("", "", "withdrawn")
    assert Post.objects.get(id=second.pk).source == "The second of these."


def test_a_list_holds_ones_own_posts_alone(cast):
    other = cast.barrier.posts.get(number=1)
    for posts in (str(other.pk), "", "nonsense", "999999"):
        with pytest.raises(Invalid):
            actions.ask(cast.view(cast.hill), "some", posts)
    assert not Erasure.objects.exists()


def test_for_who_asks_by_letter_with_a_reason_in_the_log(cast):
    with pytest.raises(Refused):
        actions.ask_for(cast.view(cast.mod), cast.hill.pk, "name", reason=WHY)
    with pytest.raises(Invalid):
        actions.ask_for(cast.view(cast.admin), cast.hill.pk, "name", reason="short")
    actions.ask_for(cast.view(cast.admin), cast.hill.pk, "name", reason=WHY)
    assert LogEntry.objects.filter(kind="member.erase_ask").count() == 1
    actions.take_back(cast.view(cast.hill))  # they did not write that letter


def test_a_killed_worker_leaves_it_to_the_next(cast, monkeypatch):
    """Wherever it was killed, the next one ends it (REL)."""
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    for n in range(4):
        post_reply(cast.view(cast.hill), cast.barrier.pk, f"Words, the {n}th of them.")
    actions.ask(cast.view(cast.hill), "words")
    Erasure.objects.update(due_at=clock.now())
    assert actions._begin(cast.hill.pk)
    rounds = 0
    while True:
        assert actions._begin(cast.hill.pk) or rounds
        if not actions._go_on(cast.hill.pk):
            break
        rounds += 1
    assert rounds > 4
    actions.carry_out(cast.hill.pk)  # once more does nothing
    assert not Post.objects.filter(author=cast.hill).exclude(source="").exists()
    assert LogEntry.objects.filter(kind="member.erase").count() == 1


def test_what_an_older_backup_brings_back_is_erased_again(cast):
    """REL-053: the ledger stays; of another forum's member of that number nothing is touched."""
    before = Member.objects.filter(id=cast.hill.pk).values().get()
    actions.ask(cast.view(cast.hill), "words")
    due(cast.hill)
    assert actions.erase_again() == 0
    Erasure.objects.all().delete()
    Member.objects.filter(id=cast.hill.pk).update(**before)
    Post.objects.filter(author=cast.hill).update(source="It is back.", html="<p>It is back.</p>")
    assert actions.erase_again() == 1
    assert Member.objects.get(id=cast.hill.pk).name != "Hill"
    assert not Post.objects.filter(author=cast.hill).exclude(source="").exists()
    Member.objects.filter(id=cast.hill.pk).update(name="Somebody", name_key="somebody")
    assert actions.erase_again() == 0
    assert "Hill" not in ledger.path().read_text()


def test_free_words_of_others_are_listed_and_not_rewritten(cast):
    """PRV-003."""
    free = post_reply(cast.view(cast.quay), cast.barrier.pk, "As Hill says, it was late.")
    actions.ask(cast.view(cast.hill), "words")
    due(cast.hill)
    assert Post.objects.get(id=free.pk).source == "As Hill says, it was late."
    assert free.pk in queries.wish_of(cast.hill.pk).review


def test_quotes_within_quotes():
    inside = '[quote="A, post: 5"]one [quote="B, post: 6"]two[/quote] three[/quote] four'
    assert erasing.unquoted_source(inside, {6}) == (
        '[quote="A, post: 5"]one [quote="B, post: 6"]…[/quote] three[/quote] four'
    )
    assert erasing.unquoted_source(inside, {5}) == '[quote="A, post: 5"]…[/quote] four'
    html = '<a data-quote="5"></a><blockquote dir="auto">x<blockquote>y</blockquote>z</blockquote>w'
    assert erasing.unquoted_html(html, {5}) == (
        '<a data-quote="5"></a><blockquote dir="auto"><p>…</p></blockquote>w'
    )
    assert erasing.renamed_source('@Hill, @"Hill" and @Hillside', ["Hill"], "Former member 2") == (
        '@"Former member 2", @"Former member 2" and @Hillside'
    )
