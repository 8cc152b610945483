"""What cannot lie as before although an appeal is right: said beforehand, and never half done."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from rostra.forum.access.accounts import rename_member
from rostra.forum.access.actions import close_board, save_group, set_membership
from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.appeals.models import Appeal
from rostra.forum.appeals.undoing import beforehand, outlook_of, undo
from rostra.forum.claims.actions.describing import describe_claim
from rostra.forum.claims.actions.making import make_claim, reword_claim
from rostra.forum.claims.circumstances import Circumstances
from rostra.forum.claims.models import Claim
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import FormerName, Group, Member, Membership
from rostra.forum.members.names import name_key
from rostra.forum.members.queries import is_name_taken
from rostra.forum.members.recovery import rename
from rostra.forum.modlog.models import LogEntry, LogText, Statement
from rostra.forum.modlog.rules import ALL_COMES_BACK
from rostra.forum.modlog.statements import statement_of
from rostra.forum.polls.actions import edit_poll, vote
from rostra.forum.polls.models import Poll
from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.describing import edit_opening, head_of
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.actions.removing import remove_thread
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.rules import BLOCKS
from rostra.forum.uploads.actions import choose_avatar, drop_taken, remove_avatar
from rostra.forum.uploads.queries import avatar_of
from rostra.kernel import clock
from rostra.kernel.errors import NotFound, Refused
from tests.forum.appeals.every_kind import CASES, PLAN, TEXT, boss, poll_closed, poll_edited, polled
from tests.pictures import png

WHY = "It was not what the rule is about."
SUMMARY = "The quoted words were another member's."


def done(cast, case) -> int:
    """Have an act done and appealed against; return its entry."""
    case.act()
    n = Statement.objects.latest("entry_id").entry_id
    file_appeal(cast.view(case.member), n, "I only quoted what the article says.")
    return n


def overturned(cast, n: int) -> dict[str, object]:
    outcome = decide_appeal(cast.view(cast.admin), n, "overturned", SUMMARY)
    return LogEntry.objects.get(n=outcome).public["facts"]


def outlook(cast, n: int):
    return outlook_of(cast.view(cast.admin), statement_of(n))


def refused(cast, n: int, reason: str) -> None:
    """See that it is said beforehand, and that nothing is overturned, but for part of it."""
    assert outlook(cast, n).refused == reason
    entries = LogEntry.objects.count()
    with pytest.raises(Refused, match=reason):
        overturned(cast, n)
    assert (Appeal.objects.get().state, LogEntry.objects.count()) == ("open", entries)
    decide_appeal(cast.view(cast.admin), n, "partly", SUMMARY)


def stays(cast, n: int, reason: str) -> dict[str, object]:
    """See that it is said beforehand and afterwards what stays; return what the entry says."""
    assert outlook(cast, n).left == reason
    facts = overturned(cast, n)
    assert facts["left"] == reason
    return facts


def test_a_name_that_somebody_else_has_by_now(cast):
    n = done(cast, CASES["member.rename"](cast))
    FormerName.objects.all().delete()  # it has rested for long enough
    create_member("Hill")
    assert beforehand(cast.view(cast.hill), statement_of(n)) == "name_taken_since"
    refused(cast, n, "name_taken_since")
    assert Member.objects.get(pk=cast.hill.pk).name == "Somebody"


def test_a_name_that_its_member_has_chosen_since(cast):
    n = done(cast, CASES["member.rename"](cast))
    rename(cast.hill.pk, "Hillside")
    assert "undone_by" not in stays(cast, n, "name_chosen_since")
    assert Member.objects.get(pk=cast.hill.pk).name == "Hillside"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_names_that_staff_gave_one_after_the_other(cast, order):
    """Whichever appeal is decided first, the name comes back that was theirs; no other was."""
    acts = []
    for name in ("Somebody", "Somebody Else"):
        rename_member(boss(cast), cast.hill.pk, name, reason=WHY)
        acts.append(Statement.objects.latest("entry_id").entry_id)
        file_appeal(cast.view(cast.hill), acts[-1], "It was my own name.")
    for at in order:
        overturned(cast, acts[at])
    assert Member.objects.get(pk=cast.hill.pk).name == "Hill"
    assert not FormerName.objects.exclude(name="").exists()
    assert all(is_name_taken(name_key(name)) for name in ("Somebody", "Somebody Else"))


def test_the_name_that_staff_gave_rests_as_nobodys(cast):
    """SEC-090: nobody takes up what somebody was called meanwhile, and it was never theirs."""
    overturned(cast, done(cast, CASES["member.rename"](cast)))
    assert is_name_taken(name_key("Somebody"))
    assert not FormerName.objects.exclude(name="").exists()
    rename_member(boss(cast), cast.hill.pk, "Hillock", reason=WHY)
    assert list(FormerName.objects.exclude(name="").values_list("name", flat=True)) == ["Hill"]


def test_a_group_that_is_gone_and_one_that_gives_more_than_one_has(cast):
    n = done(cast, CASES["group.leave"](cast))
    group = Group.objects.get(name="Readers")
    acting = boss(cast)
    needs = {"needs_second_factor": False, "reason": WHY}
    save_group(acting, group.pk, "Watchers", capabilities=["see_networks"], **needs)
    assert outlook(cast, n).refused == ""
    fewer = ["manage_members", "manage_access"]
    save_group(acting, cast.groups.administrators, "Administrators", capabilities=fewer, **needs)
    refused(cast, n, "above_your_own")
    assert not Membership.objects.filter(group=group).exists()
    Group.objects.filter(pk=group.pk).delete()
    assert outlook(cast, n).refused == "group_gone"


def test_who_is_put_back_into_a_group_with_rights_signs_in_again(cast, client):
    """SEC-083."""
    acting = boss(cast)
    set_membership(acting, cast.groups.moderators, cast.hill.pk, is_in=True, reason=WHY)
    set_membership(acting, cast.groups.moderators, cast.hill.pk, is_in=False, reason=WHY)
    n = Statement.objects.latest("entry_id").entry_id
    client.force_login(cast.hill)
    file_appeal(cast.view(cast.hill), n, "I did what I was asked to.")
    overturned(cast, n)
    assert Membership.objects.filter(group=cast.groups.moderators, member=cast.hill).exists()
    assert client.get("/account/record").status_code in (302, 303, 403)


def test_a_poll_whose_own_time_is_over(cast):
    n = done(cast, polled(cast, 3, poll_closed))
    with time_machine.travel(clock.now() + timedelta(days=4)):
        assert "undone_by" in stays(cast, n, "poll_time_is_over")
        assert timedelta(0) < clock.now() - Poll.objects.get().closes_at < timedelta(days=2)


def test_a_poll_of_which_an_old_entry_does_not_say_when_it_was_to_end(cast):
    stated = statement_of(done(cast, polled(cast, 3, poll_closed)))
    of_old = stated._replace(entry=stated.entry._replace(facts={}))
    assert outlook_of(cast.view(cast.admin), of_old).left == "poll_end_not_kept"
    undo(cast.view(cast.admin), of_old, SUMMARY)
    assert Poll.objects.get().closes_at is None


def test_a_poll_without_an_end_has_none_again(cast):
    overturned(cast, done(cast, polled(cast, None, poll_closed)))
    assert Poll.objects.get().closes_at is None


def test_a_poll_in_which_somebody_voted_since(cast):
    """What was voted on stays: more options, another number of them."""
    n = done(cast, polled(cast, 3, poll_edited))
    vote(cast.view(cast.hill), Poll.objects.get().pk, [1])
    refused(cast, n, "poll_voted_since")


def test_votes_stay_where_words_alone_come_back(cast):
    def reworded(cast, thread_id):
        edit_poll(cast.view(cast.mod), thread_id, PLAN._replace(question="Where?"), reason=WHY)

    n = done(cast, polled(cast, None, reworded))
    poll = Poll.objects.get()
    vote(cast.view(cast.hill), poll.pk, [1])
    assert "undone_by" in stays(cast, n, "poll_votes_stay")
    poll.refresh_from_db()
    assert (poll.question, poll.voter_count) == ("Which way?", 1)


def test_a_title_changed_since_is_not_written_over_and_tags_changed_since_stay(cast):
    opening = cast.barrier.posts.get(number=1)

    def titled(who, title, tags, **reason):
        head = head_of(Thread.objects.get(pk=cast.barrier.pk))._replace(tags=tags)
        edit_opening(cast.view(who), opening.pk, opening.source, head, title=title, **reason)

    def appealed():
        n = Statement.objects.latest("entry_id").entry_id
        file_appeal(cast.view(cast.quay), n, "It says what the article says.")
        return n

    titled(cast.mod, "Barrier", "Harbour", reason=WHY)
    n = appealed()
    titled(cast.quay, "Barrier", "Port")
    overturned(cast, n)
    thread = Thread.objects.get(pk=cast.barrier.pk)
    assert (thread.title, thread.tags) == ("Flood barrier", "port")
    titled(cast.mod, "Barrier", "Port", reason=WHY)
    n = appealed()
    titled(cast.quay, "The barrier", "Port")
    assert outlook(cast, n).refused == "words_changed_since"
    with pytest.raises(Refused, match="words_changed_since"):
        overturned(cast, n)
    LogText.objects.filter(field="before", entry_id=n).update(value="Flood barrier\ndiscussion")
    assert outlook(cast, n).refused == "not_kept", "entries of old say it in lines"


def test_another_answer_by_now(cast):
    case = CASES["post.unaccept"](cast)
    n = done(cast, case)
    thread = Thread.objects.get(title="Why?")
    better = post_reply(cast.view(cast.newcomer), thread.pk, "No, this is why.")
    accept_answer(cast.view(cast.quay), better.pk, accepted=True)
    assert "undone_by" not in stays(cast, n, "answer_chosen_since")
    assert case.look() == better.pk


def test_redacted_words_are_gone_and_their_author_may_write_them_in_again(cast):
    """PRV-001, LAW-003: nothing keeps them; so it is their author's to say them once more."""
    n = done(cast, CASES["post.redact"](cast))
    post = Post.objects.get(thread=cast.barrier, number=2)
    with pytest.raises(Refused, match="edit_time_over"):
        edit_post(cast.view(cast.hill), post.pk, "Ask Ida Quist, or me.")
    assert beforehand(cast.view(cast.hill), statement_of(n)) == "redacted_words_gone"
    stays(cast, n, "redacted_words_gone")
    post.refresh_from_db()
    assert post.source == f"Ask {BLOCKS}, or me."
    assert not LogText.objects.filter(value__contains="Quist").exists()
    with pytest.raises(Refused):
        edit_post(cast.view(cast.quay), post.pk, "Ask Ida Quist, or me.")
    edit_post(cast.view(cast.hill), post.pk, "Ask Ida Quist, or me.")
    with pytest.raises(Refused, match="edit_time_over"):
        edit_post(cast.view(cast.hill), post.pk, "And what I like besides.")


def taken(cast, **how) -> tuple[int, str]:
    choose_avatar(cast.view(cast.hill), png(80, 80))
    key = Member.objects.get(pk=cast.hill.pk).avatar
    remove_avatar(cast.view(cast.mod), cast.hill.pk, WHY, **how)
    n = Statement.objects.latest("entry_id").entry_id
    file_appeal(cast.view(cast.hill), n, "It is a picture of my own boat.")
    with pytest.raises(NotFound):
        avatar_of(key)
    return n, key


def test_a_picture_that_was_deleted_for_good(cast):
    n, _ = taken(cast, for_good=True)
    assert not LogText.objects.filter(entry_id=n, field="before").exists()
    assert "undone_by" not in stays(cast, n, "picture_deleted")


def test_a_picture_that_was_taken_too_long_ago(cast):
    """It is kept for as long as an appeal can bring it back, and no longer."""
    n, _ = taken(cast)
    with time_machine.travel(clock.now() + timedelta(days=200)):
        assert drop_taken() == 0
    with time_machine.travel(clock.now() + timedelta(days=213)):
        assert (drop_taken(), drop_taken()) == (1, 0)
    assert outlook(cast, n).left == "picture_deleted"


def test_a_picture_that_came_back_stays(cast):
    n, key = taken(cast)
    overturned(cast, n)
    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert drop_taken() == 0
    assert avatar_of(key).owner_id == cast.hill.pk


def test_another_picture_by_now(cast):
    n, key = taken(cast)
    choose_avatar(cast.view(cast.hill), png(90, 90))
    assert "undone_by" not in stays(cast, n, "picture_chosen_since")
    assert Member.objects.get(pk=cast.hill.pk).avatar != key


def test_a_claim_that_its_thread_has_again(cast):
    case = CASES["claim.remove"](cast)
    n = done(cast, case)
    assert outlook(cast, n) == ALL_COMES_BACK
    make_claim(cast.view(cast.hill), cast.barrier.posts.get(number=1).pk, TEXT)
    refused(cast, n, "claim_there_already")


def test_a_claim_that_was_reworded_since(cast):
    n = done(cast, CASES["claim.edit"](cast))
    assert outlook(cast, n) == ALL_COMES_BACK
    reword_claim(cast.view(cast.quay), Claim.objects.get().pk, "The barrier was opened early.")
    refused(cast, n, "words_changed_since")


def test_a_claim_that_is_said_to_be_elsewhere_since(cast):
    n = done(cast, CASES["claim.describe"](cast))
    assert outlook(cast, n) == ALL_COMES_BACK
    there = Circumstances(place="Old Port")
    describe_claim(cast.view(cast.quay), Claim.objects.get().pk, there)
    refused(cast, n, "words_changed_since")


def test_an_edit_that_was_turned_down_of_a_post_that_is_otherwise_now(cast):
    n = done(cast, CASES["post.reject_edit"](cast))
    assert outlook(cast, n) == ALL_COMES_BACK
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.hill), post.pk, "Something else.")
    refused(cast, n, "words_changed_since")


def test_a_post_that_was_turned_down_in_a_thread_that_is_gone(cast):
    n = done(cast, CASES["post.reject"](cast))
    remove_thread(cast.view(cast.mod), cast.barrier.pk, WHY)
    refused(cast, n, "thread_not_open")


def test_a_thread_moved_out_of_a_board_that_is_gone(cast):
    """The board is empty by then, and may have been taken away."""
    n = done(cast, CASES["thread.move"](cast))
    assert outlook(cast, n) == ALL_COMES_BACK
    close_board(cast.view(cast.admin), cast.harbour.pk, reason=WHY)
    refused(cast, n, "changed_since")
