"""Splitting and merging threads: every link holds, every number and count adds up, both undone."""

from dataclasses import replace

import pytest

from rostra.forum.appeals.actions import decide_appeal, file_appeal
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.claims.queries import claim_for
from rostra.forum.modlog.queries import head
from rostra.forum.polls.actions import start_with_poll
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.approving import Decision, decide_held
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.marks import watch_thread
from rostra.forum.threads.actions.posts import post_reply, remove_post, withdraw_post
from rostra.forum.threads.actions.splitting import (
    merge_threads,
    move_posts,
    rejoin,
    split_thread,
    unmerge,
)
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.elsewhere import gone_elsewhere, merged_into
from rostra.forum.threads.models import BoardStats, Post, Thread, ThreadMark
from rostra.forum.threads.queries import place_of, posts_on_page, thread_for
from rostra.forum.threads.waiting import EVERYTHING, queue
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.jobs import run_due
from rostra.transfer.integrity import examine

WHY = "Another matter than the thread's."


@pytest.fixture
def mod(cast):
    return cast.view(cast.mod)


def ids(thread_id: int) -> list[int]:
    return list(
        Post.objects.filter(thread_id=thread_id).order_by("number").values_list("id", flat=True)
    )


def numbered(thread_id: int) -> list[tuple[int, str]]:
    found = Post.objects.filter(thread_id=thread_id).order_by("number")
    return list(found.values_list("number", "state"))


def counts(board) -> tuple[int, int]:
    return BoardStats.objects.values_list("thread_count", "post_count").get(board=board)


@pytest.fixture
def long(cast):
    for n in range(4):
        author = cast.hill if n % 2 else cast.quay
        post_reply(cast.view(author), cast.barrier.pk, f"About the dredger, {n}")
    return cast.barrier


@pytest.fixture
def other(cast):
    return start_thread(cast.view(cast.hill), cast.harbour.pk, "Dredging", "The dredger is back.")


def test_a_split_leaves_tombstones_and_every_link_holds(cast, mod, long):
    before = counts(cast.harbour)
    went = [ids(long.pk)[at] for at in (3, 5)]
    new = split_thread(mod, long.pk, went, "The dredger", reason=WHY)
    assert ids(new.pk) == went and numbered(new.pk) == [(1, "visible"), (2, "visible")]
    assert [state for _, state in numbered(long.pk)] == ["visible"] * 3 + [
        "moved", "visible", "moved", "visible"
    ]  # fmt: skip
    assert place_of(mod, went[1])[:2] == (went[1], new.pk)
    guest = cast.view(None)
    rows = posts_on_page(guest, thread_for(guest, long.pk), 1)
    assert [row.html for row in rows if row.state == "moved"] == ["", ""]
    assert [one.post_id for one in gone_elsewhere(rows).values()] == went
    new.refresh_from_db()
    assert (new.starter_id, new.reply_count, new.last_number) == (cast.quay.pk, 1, 2)
    assert counts(cast.harbour) == (before[0] + 1, before[1])
    assert thread_for(guest, long.pk).reply_count == 4
    assert examine() == []


@pytest.mark.parametrize(
    ("chosen", "code"),
    [(lambda own: [], "choose_some"), (lambda own: own[:1], "opening_stays"),
     (lambda own: [own[1], 10**9], "not_all_in_thread")],
)  # fmt: skip
def test_a_choice_that_cannot_go_changes_nothing(mod, long, chosen, code):
    before = numbered(long.pk), head()
    with pytest.raises(Invalid) as caught:
        split_thread(mod, long.pk, chosen(ids(long.pk)), "The dredger", reason=WHY)
    assert caught.value.fields == {"posts": code}
    assert (numbered(long.pk), head()) == before


def test_tombstones_are_no_posts_to_act_on(mod, long):
    split_thread(mod, long.pk, ids(long.pk)[3:4], "The dredger", reason=WHY)
    stone = Post.objects.get(thread=long, state="moved")
    with pytest.raises(Invalid):
        split_thread(mod, long.pk, [stone.pk], "Again", reason=WHY)
    with pytest.raises(Refused):
        remove_post(mod, stone.pk, WHY)


def test_only_who_moderates_both_may(cast, long, other):
    quay = cast.view(cast.quay)
    for act in (
        lambda: split_thread(quay, long.pk, ids(long.pk)[3:4], "The dredger", reason=WHY),
        lambda: move_posts(quay, long.pk, ids(long.pk)[3:4], other.pk, reason=WHY),
        lambda: merge_threads(quay, other.pk, long.pk, reason=WHY),
    ):
        with pytest.raises(Refused):
            act()


def test_chosen_posts_are_appended_in_their_order(mod, long, other):
    went = ids(long.pk)[4:6]
    move_posts(mod, long.pk, went[::-1], other.pk, reason=WHY)
    assert ids(other.pk)[1:] == went
    assert examine() == []


def test_a_split_undone_is_as_if_nothing_had_been(cast, mod, long):
    before, held = ids(long.pk), counts(cast.harbour)
    new = split_thread(mod, long.pk, before[3:6], "The dredger", reason=WHY)
    rejoin(mod, long.pk, new.pk, reason=WHY, why=Why(reverts=head()[0]))
    assert ids(long.pk) == before and counts(cast.harbour) == held
    with pytest.raises(NotFound):
        thread_for(cast.view(None), new.pk)
    assert examine() == []


def test_what_was_said_since_stays_where_it_was_said(cast, mod, long):
    new = split_thread(mod, long.pk, ids(long.pk)[3:5], "The dredger", reason=WHY)
    later = post_reply(cast.view(cast.hill), new.pk, "It came back today.")
    rejoin(mod, long.pk, new.pk, reason=WHY, why=Why())
    assert numbered(new.pk) == [(1, "moved"), (2, "moved"), (3, "visible")]
    assert place_of(cast.view(None), later.pk).thread_id == new.pk
    assert examine() == []


def test_a_merge_appends_below_a_line_and_the_old_address_leads_there(cast, mod, long, other):
    post_reply(cast.view(cast.quay), other.pk, "Until Friday.")
    held, went = counts(cast.harbour), ids(other.pk)
    merge_threads(mod, other.pk, long.pk, reason=WHY)
    assert numbered(long.pk)[-3:] == [(8, "merged"), (9, "visible"), (10, "visible")]
    assert ids(long.pk)[-2:] == went
    guest = cast.view(None)
    with pytest.raises(NotFound):
        thread_for(guest, other.pk)
    assert merged_into(guest, other.pk) == long.pk
    rows = posts_on_page(guest, thread_for(guest, long.pk), 1)
    assert [one.title for one in gone_elsewhere(rows).values()] == ["Dredging"]
    assert counts(cast.harbour) == (held[0] - 1, held[1])
    assert examine() == []


def test_an_address_is_followed_through_two_merges_but_not_into_a_closed_room(
    cast, mod, long, other
):
    third = start_thread(mod, cast.staff_room.pk, "Closed", "For staff.")
    merge_threads(mod, other.pk, long.pk, reason=WHY)
    merge_threads(mod, long.pk, third.pk, reason=WHY)
    assert merged_into(mod, other.pk) == third.pk
    assert merged_into(cast.view(None), other.pk) is None
    assert examine() == []


def test_a_merge_undone_is_as_if_nothing_had_been(cast, mod, long, other):
    answer = post_reply(cast.view(cast.quay), other.pk, "Until Friday.")
    Thread.objects.filter(pk=other.pk).update(kind="question", answer=answer)
    before, held = ids(other.pk), counts(cast.harbour)
    merge_threads(mod, other.pk, long.pk, reason=WHY)
    post_reply(cast.view(cast.hill), long.pk, "And now?")
    unmerge(mod, other.pk, reason=WHY, why=Why())
    assert ids(other.pk) == before
    assert Thread.objects.get(pk=other.pk).answer_id == answer.pk
    assert [state for _, state in numbered(long.pk)][-4:] == ["merged", "moved", "moved", "visible"]
    assert counts(cast.harbour) == (held[0], held[1] + 1)
    assert examine() == []


def test_a_poll_stays_above_its_own_thread(cast, mod, long):
    plan = Plan("Which?", ("One", "Two"))
    polled = start_with_poll(cast.view(cast.quay), cast.harbour.pk, "Poll", "Words.", plan)
    with pytest.raises(Refused) as caught:
        merge_threads(mod, polled.pk, long.pk, reason=WHY)
    assert caught.value.reason == "poll_in_the_way"
    merge_threads(mod, long.pk, polled.pk, reason=WHY)


def test_counters_follow_into_another_board(cast, mod, long, other):
    move_thread(mod, other.pk, cast.region.pk, reason=WHY)
    before = counts(cast.harbour), counts(cast.region)
    remove_post(mod, ids(long.pk)[4], WHY)
    withdraw_post(cast.view(cast.hill), ids(long.pk)[6])
    move_posts(mod, long.pk, ids(long.pk)[3:7], other.pk, reason=WHY)
    assert counts(cast.harbour)[1] == before[0][1] - 4
    assert counts(cast.region)[1] == before[1][1] + 2
    assert examine() == []


def test_a_quoted_reply_answers_only_in_its_own_thread(cast, mod, long):
    own = ids(long.pk)
    reply = post_reply(cast.view(cast.hill), long.pk, "To that.", reply_to=own[4])
    split_thread(mod, long.pk, [own[4]], "The dredger", reason=WHY)
    assert Post.objects.get(pk=reply.pk).reply_to_id is None


def test_what_hangs_on_a_post_goes_along(cast, mod, long):
    """Claims, bookmarks, who watches: after the listeners, and never shown to others before."""
    own = ids(long.pk)
    claim = make_claim(mod, own[4], "The dredger left on Monday.")
    keep_post(cast.view(cast.hill), own[4], note="", remind_at=None)
    watch_thread(cast.view(cast.hill), long.pk, ThreadMark.Level.WATCH)
    new = split_thread(mod, long.pk, own[3:6], "The dredger", reason=WHY)
    move_thread(mod, new.pk, cast.staff_room.pk, reason=WHY)
    with pytest.raises(NotFound):
        claim_for(cast.view(None), claim.pk)  # not for a moment where it was
    run_due()
    with pytest.raises(NotFound):
        claim_for(cast.view(None), claim.pk)
    assert claim_for(mod, claim.pk).thread_id == new.pk
    assert Thread.objects.get(pk=new.pk).claim_count == 1
    assert Thread.objects.get(pk=long.pk).claim_count == 0
    mark = ThreadMark.objects.get(thread=new, member=cast.hill)
    assert (mark.level, mark.bookmarks) == ("watch", 1)
    assert examine() == []


@pytest.mark.parametrize("kind", ["split", "merge"])
def test_an_appeal_that_is_right_puts_everything_back(cast, mod, long, other, kind):
    """LAW-003: overturned means undone, by another person than who acted."""
    before = {thread.pk: ids(thread.pk) for thread in (long, other)}
    if kind == "split":
        split_thread(mod, long.pk, before[long.pk][4:5], "The dredger", reason=WHY)
    else:
        merge_threads(mod, other.pk, long.pk, reason=WHY)
    entry = head()[0]
    file_appeal(cast.view(cast.hill), entry, "It was about the same thing.")
    from rostra.forum.members.actions import join_group

    join_group(cast.groups.moderators, cast.admin.pk, reason="A second moderator for a while.")
    decide_appeal(cast.view(cast.admin), entry, "overturned", "It was the same matter indeed.")
    assert ids(long.pk)[:7] == before[long.pk] and ids(other.pk) == before[other.pk]
    assert examine() == []


def test_what_waits_goes_along_and_is_approved_where_it_is_by_now(cast, mod, long, other, settings):
    settings.ROSTRA = replace(settings.ROSTRA, held_first_posts=1)
    post = post_reply(cast.view(cast.newcomer), other.pk, "I am new here.")
    assert post.number is None
    merge_threads(mod, other.pk, long.pk, reason=WHY)
    (waits,) = queue(mod, EVERYTHING, limit=5)
    decide_held(mod, waits.id, 1, Decision("approve"))
    post.refresh_from_db()
    assert (post.thread_id, post.number, post.state) == (long.pk, 10, "visible")
    assert examine() == []
