"""Posts that wait: which, who sees them, and what comes of them."""

from dataclasses import replace

import pytest
import time_machine
from django.conf import settings

from rostra.effects.notifications.models import Notification
from rostra.forum.holds.actions import end_cautions, let_wait, wait_no_longer
from rostra.forum.holds.models import Caution, Hold, Trace
from rostra.forum.members.actions import create_member
from rostra.forum.modlog.models import LogEntry, Statement
from rostra.forum.threads.actions.approving import (
    Decision,
    decide_alike,
    decide_held,
    let_thread_wait,
    withdraw_held,
)
from rostra.forum.threads.actions.describing import edit_opening
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Attachment, BoardStats, MemberStats, Post, Thread
from rostra.forum.threads.waiting import EVERYTHING, Asked, held_for, own_waiting, queue
from rostra.forum.words.actions import unwatch_words, watch_words
from rostra.kernel import jobs
from rostra.kernel.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db
WHY = "Said for the tests of what waits."
APPROVE = Decision("approve")
REJECT = Decision("reject", rule="R5", reason=WHY)


def configured(monkeypatch, **values):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, **values))


@pytest.fixture
def first(monkeypatch):
    configured(monkeypatch, held_first_posts=1)


@pytest.fixture
def limits(monkeypatch):
    configured(monkeypatch, posting_limits="on")


def counts(cast):
    thread = Thread.objects.get(pk=cast.barrier.pk)
    board = BoardStats.objects.get(board=cast.harbour)
    return (
        thread.version, thread.last_number, thread.reply_count, thread.last_post_at,
        thread.bumped_at, board.version, board.post_count, board.thread_count, board.last_thread_id,
        MemberStats.objects.filter(member=cast.newcomer, post_count__gt=0).count(),
    )  # fmt: skip


def held(post):
    return Hold.objects.get(post_id=post.pk, state="waiting")


def decide(cast, post, decision=APPROVE, who=None):
    row = held(post)
    decide_held(cast.view(who or cast.mod), row.pk, row.version, decision)
    post.refresh_from_db()
    return Hold.objects.get(pk=row.pk)


def test_a_first_post_waits_and_nothing_tells_of_it(cast, first):
    """DECISIONS 8: no number, no count, no event that others hear of."""
    before = counts(cast)
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Hello, I am new.")
    assert (post.state, post.number) == ("pending", None)
    assert counts(cast) == before
    while jobs.run_due():
        continue
    assert not Notification.objects.filter(post=post).exists()
    assert held(post).names == " first_posts "
    assert post_reply(cast.view(cast.quay), cast.barrier.pk, "I am here for long.").number == 4


def test_an_approved_post_comes_at_the_end_and_then_is_told(cast, first):
    """REL-038 for what waited: one transaction, one entry, then the events of any post."""
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Hello @Hill, at the harbour.")
    post_reply(cast.view(cast.quay), cast.barrier.pk, "Meanwhile.")
    row = decide(cast, post)
    assert (post.state, post.number, row.state) == ("visible", 5, "approved")
    thread = Thread.objects.get(pk=cast.barrier.pk)
    assert (thread.last_number, thread.reply_count, thread.last_poster) == (5, 4, cast.newcomer)
    assert MemberStats.objects.get(member=cast.newcomer).post_count == 1
    entry = LogEntry.objects.get(n=row.log_n)
    assert (entry.kind, entry.post_id) == ("post.approve", post.pk)
    assert not Statement.objects.exists()
    while jobs.run_due():
        continue
    kinds = set(Notification.objects.filter(post=post).values_list("member__name", "kind"))
    assert ("Hill", "mention") in kinds
    assert post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Known by now.").number == 6


def test_a_new_thread_waits_with_its_opening_post(cast, first):
    thread = start_thread(
        cast.view(cast.newcomer), cast.harbour.pk, "A new thread", "Words.", head=Head(tags="sea")
    )
    post = thread.posts.get()
    assert (thread.state, thread.last_number, post.number) == ("pending", 0, None)
    with pytest.raises(NotFound):
        post_reply(cast.view(cast.hill), thread.pk, "Is there something?")
    board = BoardStats.objects.get(board=cast.harbour)
    decide(cast, post)
    thread.refresh_from_db()
    assert (thread.state, thread.last_number, post.number) == ("visible", 1, 1)
    after = BoardStats.objects.get(board=cast.harbour)
    assert after.thread_count == board.thread_count + 1
    assert after.last_thread_id == thread.pk


def test_moderators_never_wait_and_nobody_approves_their_own(cast, first):
    """SEC-062: only in their boards, and a decision is made once, of what was looked at."""
    assert post_reply(cast.view(cast.mod), cast.barrier.pk, "From a moderator.").number == 4
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "One.")
    row = held(post)
    with pytest.raises(NotFound):
        decide_held(cast.view(cast.hill), row.pk, row.version, APPROVE)
    with pytest.raises(Refused, match="not_a_moderator_here"):
        decide_held(cast.view(cast.newcomer), row.pk, row.version, APPROVE)
    edit_post(cast.view(cast.newcomer), post.pk, "One, said otherwise.")
    with pytest.raises(Invalid) as caught:
        decide_held(cast.view(cast.mod), row.pk, row.version, APPROVE)
    assert caught.value.fields == {"version": "hold_changed"}
    decide(cast, post, who=cast.admin)
    assert (post.source, post.number, post.edit_count) == ("One, said otherwise.", 5, 0)
    with pytest.raises(Refused, match="hold_is_approved"):
        decide_held(cast.view(cast.mod), row.pk, row.version + 2, APPROVE)


def test_a_rejection_states_its_reasons_to_the_author(cast, first):
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Buy this.")
    with pytest.raises(Invalid) as caught:
        decide(cast, post, Decision("reject", reason="Short"))
    assert caught.value.fields == {"reason": "reason_too_short", "rule": "rule_missing"}
    before = counts(cast)
    row = decide(cast, post, REJECT)
    assert (row.state, post.state, post.number, counts(cast)) == (
        "rejected",
        "pending",
        None,
        before,
    )
    statement = Statement.objects.get()
    assert (statement.member_id, statement.entry.kind, statement.entry.rule) == (
        cast.newcomer.pk, "post.reject", "R5",
    )  # fmt: skip
    assert queue(cast.view(cast.mod), limit=9) == []
    with pytest.raises(Refused, match="post_not_standing"):
        edit_post(cast.view(cast.newcomer), post.pk, "Buy that.")


def test_what_is_given_back_is_a_draft_with_words_about_it(cast, first):
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Half a thought.")
    words = "Please say where this can be read."
    row = decide(cast, post, Decision("return", words=words))
    assert (row.state, row.words) == ("returned", words)
    assert draft_for(cast.view(cast.newcomer), f"t{cast.barrier.pk}").source == "Half a thought."
    assert not Statement.objects.exists()
    thread = start_thread(
        cast.view(cast.newcomer), cast.harbour.pk, "My title", "Words.", head=Head(tags="sea")
    )
    decide(cast, thread.posts.get(), Decision("return", words=words))
    draft = draft_for(cast.view(cast.newcomer), f"b{cast.harbour.pk}")
    assert (draft.title, draft.source, draft.more["tags"]) == ("My title", "Words.", "sea")


def test_who_wrote_it_takes_it_back(cast, first):
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Better not.")
    with pytest.raises(NotFound):
        held_for(cast.view(cast.hill), post.pk)
    assert held_for(cast.view(cast.newcomer), post.pk)[1].old_source == "Better not."
    assert len(own_waiting(cast.newcomer.pk, limit=9)) == 1
    withdraw_held(cast.view(cast.newcomer), post.pk)
    assert own_waiting(cast.newcomer.pk, limit=9) == []
    with pytest.raises(Refused, match="does_not_wait"):
        withdraw_held(cast.view(cast.newcomer), post.pk)
    assert not LogEntry.objects.filter(post_id=post.pk).exists()  # one's own is not logged


def test_no_more_than_five_wait_of_one_member(cast, monkeypatch):
    configured(monkeypatch, held_first_posts=1)
    for n in range(5):
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, f"Post {n}.")
    with pytest.raises(Refused, match="too_many_waiting"):
        post_reply(cast.view(cast.newcomer), cast.barrier.pk, "One more.")


def test_places_and_groups_wait_until_they_no_longer_do(cast):
    mod, hill = cast.view(cast.mod), cast.view(cast.hill)
    let_thread_wait(mod, cast.barrier.pk, waits=True, reason=WHY)
    assert post_reply(hill, cast.barrier.pk, "In the thread.").state == "pending"
    other = start_thread(hill, cast.harbour.pk, "Another", "Words.")
    assert other.state == "visible"
    let_thread_wait(mod, cast.barrier.pk, waits=False, reason=WHY)
    assert post_reply(hill, cast.barrier.pk, "In it again.").state == "visible"
    let_wait(mod, "threads", cast.harbour.pk, reason=WHY)
    with pytest.raises(Refused, match="waits_already"):
        let_wait(mod, "threads", cast.harbour.pk, reason=WHY)
    assert start_thread(hill, cast.harbour.pk, "A third", "Words.").state == "pending"
    assert post_reply(hill, other.pk, "A reply does not wait.").state == "visible"
    let_wait(mod, "board", cast.harbour.pk, reason=WHY)
    assert post_reply(hill, other.pk, "Now it does.").state == "pending"
    wait_no_longer(mod, "board", cast.harbour.pk, reason=WHY)
    let_wait(mod, "group", cast.groups.administrators, reason=WHY)
    assert post_reply(hill, other.pk, "Of no such group.").state == "visible"
    with pytest.raises(Refused, match="not_a_moderator"):
        let_wait(hill, "board", cast.harbour.pk, reason=WHY)
    kinds = LogEntry.objects.filter(kind__startswith="caution.").values_list("kind", flat=True)
    assert sorted(kinds) == ["caution.lift"] * 2 + ["caution.set"] * 4


def test_for_some_hours_newcomers_wait_and_then_no_more(cast, limits):
    """ABU-010: one switch; it falls off by itself, and the log says both."""
    mod = cast.view(cast.mod)
    with pytest.raises(Invalid):
        let_wait(mod, "newcomers", hours=100, reason=WHY)
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        let_wait(mod, "newcomers", hours=6, reason=WHY)
        assert post_reply(cast.view(cast.newcomer), cast.barrier.pk, "One.").state == "pending"
    with time_machine.travel("2026-11-20 16:01Z", tick=False):
        post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Two.")
        assert post.state == "visible"  # though nothing has taken it down yet
        end_cautions()
        end_cautions()
    assert not Caution.objects.exists()
    entry = LogEntry.objects.get(kind="caution.lift")
    assert entry.public["role"] == "automatic"


def test_watched_words_are_not_taken_or_wait_or_are_covered(cast):
    """SEC-103, ABU-004: the source stays as it was written."""
    mod, hill = cast.view(cast.mod), cast.view(cast.hill)
    watch_words(mod, ["casino*"], "block", reason=WHY)
    watch_words(mod, ["damn", "blast"], "censor", reason=WHY)
    watch_words(mod, ["bridge toll"], "hold", reason=WHY)
    watch_words(mod, ["barrier law"], "link", link="https://law.example/7", reason=WHY)
    with pytest.raises(Invalid) as caught:
        post_reply(hill, cast.barrier.pk, "Come to our Ca\u200bsinos.")
    assert caught.value.fields == {"source": "watched_word_blocked"}
    with pytest.raises(Invalid) as caught:
        start_thread(hill, cast.harbour.pk, "Damn it", "Words.")
    assert caught.value.fields == {"title": "watched_word_blocked"}
    post = post_reply(hill, cast.barrier.pk, "Damn the barrier law!")
    assert post.source == "Damn the barrier law!"
    assert post.html == (
        '<p dir="auto">■■■■ the <a href="https://law.example/7" rel="nofollow noopener">barrier law</a>!</p>\n'
    )
    waits = post_reply(hill, cast.barrier.pk, "About the bridge  toll.")
    assert held(waits).reasons == [["word", "bridge toll"]]
    assert post_reply(mod, cast.barrier.pk, "The bridge toll, a casino.").state == "visible"
    facts = [
        row.public["facts"] for row in LogEntry.objects.filter(kind="words.change").order_by("n")
    ]
    assert facts[1] == {"act": "censor", "added": 2}  # which words they are is not public


def test_the_list_of_words_is_changed_by_who_moderates_everything(cast):
    mod = cast.view(cast.mod)
    for words, act, fields in (
        (["a*b"], "hold", {"words": "watched_word_star"}),
        (["**"], "hold", {"words": "watched_word_star"}),
        (["x" * 101], "hold", {"words": "watched_word_too_long"}),
        (["\ufdfa" * 60], "hold", {"words": "watched_word_too_long"}),  # 18 letters each
        ([" "], "hold", {"words": "empty"}),
        (["one"], "link", {"link": "watched_word_link"}),
        (["one"], "burn", {"act": "not_a_choice"}),
        ([f"w{n}" for n in range(2001)], "hold", {"words": "too_many_watched_words"}),
    ):
        with pytest.raises(Invalid) as caught:
            watch_words(mod, words, act, link="javascript:x", reason=WHY)
        assert caught.value.fields == fields
    with pytest.raises(Refused):
        watch_words(cast.view(cast.hill), ["one"], "hold", reason=WHY)
    assert watch_words(mod, ["One", "one", "two"], "hold", reason=WHY) == 2
    assert watch_words(mod, ["ONE"], "block", reason=WHY) == 1  # the other act, not both
    with pytest.raises(Invalid):
        watch_words(mod, ["one"], "block", reason=WHY)
    with pytest.raises(Invalid):
        unwatch_words(mod, [], reason=WHY)


def test_an_edit_that_adds_a_word_waits_and_the_old_words_stay(cast):
    """ABU-003."""
    watch_words(cast.view(cast.mod), ["bridge toll"], "hold", reason=WHY)
    hill = cast.view(cast.hill)
    post = post_reply(hill, cast.barrier.pk, "About the bridge.")
    edit_post(hill, post.pk, "About the bridge toll.")
    post.refresh_from_db()
    assert (post.source, post.state, post.number) == ("About the bridge.", "visible", 4)
    assert held(post).reasons == [["word_later", "bridge toll"]]
    edit_post(hill, post.pk, "About the bridge toll, again.")  # in the place of the other
    assert held(post).version == 2
    row = decide(cast, post)
    assert (post.source, row.state, post.edited_at is not None) == (
        "About the bridge toll, again.", "approved", False,
    )  # fmt: skip
    edit_post(hill, post.pk, "The bridge toll it is.")  # it stood there already
    post.refresh_from_db()
    assert post.source == "The bridge toll it is."


def test_an_edit_of_an_opening_post_waits_with_its_title(cast):
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    quay = cast.view(cast.quay)
    post = cast.barrier.posts.get(number=1)
    edit_opening(quay, post.pk, "It was.", Head(tags="sea"), title="The toll")
    cast.barrier.refresh_from_db()
    assert (cast.barrier.title, cast.barrier.tags) == ("Flood barrier", "harbour")
    decide(cast, post)
    cast.barrier.refresh_from_db()
    assert (cast.barrier.title, cast.barrier.tags, post.source) == ("The toll", "sea", "It was.")
    edit_opening(quay, post.pk, "It was so.", Head(tags="sea"), title="The toll and tide")
    edit_opening(quay, post.pk, "Toll.", Head(tags="sea"), title="The toll and toll")
    cast.barrier.refresh_from_db()
    assert cast.barrier.title == "The toll and toll"  # the word stood there


def test_words_that_changed_meanwhile_are_not_written_over(cast):
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    hill = cast.view(cast.hill)
    post = post_reply(hill, cast.barrier.pk, "One.")
    edit_post(hill, post.pk, "One toll.")
    edit_post(cast.view(cast.mod), post.pk, "One, by a moderator.", reason=WHY)
    with pytest.raises(Refused, match="words_changed_since"):
        decide(cast, post)
    edit_post(hill, post.pk, "Two.")  # of their own: what waited is past
    assert not Hold.objects.filter(state="waiting").exists()


def test_a_newcomers_late_link_waits(cast, limits):
    """ABU-003: edits that add links later are checked again."""
    with time_machine.travel("2026-11-20 10:00Z", tick=False):
        post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Nothing to see here, yet.")
    with time_machine.travel("2026-11-20 11:00Z", tick=False):
        edit_post(
            cast.view(cast.newcomer), post.pk,
            "Nothing to see here, yet, but this here: https://shop.example/",
        )  # fmt: skip
    post.refresh_from_db()
    assert post.source == "Nothing to see here, yet."
    assert ["link_later", "shop.example"] in held(post).reasons


def test_what_new_accounts_say_alike_is_decided_at_once(cast, limits):
    """ABU-005: held together, one decision for all."""
    text = "Best prices for used cars in the whole city, call us today and drive home tomorrow"
    posts = [
        post_reply(
            cast.view(create_member(f"Fresh {len(n)}{ord(n[-1])}")), cast.barrier.pk, f"{text} {n}"
        )
        for n in ("!", "!!", "...", "!?", "-")
    ]
    assert [post.state for post in posts[:2]] == ["visible", "visible"]
    waiting = [post for post in posts if post.state == "pending"]
    assert len(waiting) == 3
    assert len({held(post).bunch for post in waiting}) == 1
    row = decide(cast, waiting[0], REJECT)
    assert decide_alike(cast.view(cast.mod), row.pk, REJECT) == 2
    assert set(Hold.objects.values_list("state", flat=True)) == {"rejected"}
    assert Statement.objects.count() == 3
    assert Trace.objects.count() == 20


def test_the_queue_is_of_ones_boards_by_key_and_by_reason(cast, first):
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    one = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "One.")
    two = post_reply(cast.view(cast.newcomer), cast.barrier.pk, "Two toll.")
    mod = cast.view(cast.mod)
    rows = queue(mod, limit=1)
    assert [row.post_id for row in rows] == [one.pk]
    assert [row.post_id for row in queue(mod, after=rows[0].id, limit=9)] == [two.pk]
    assert [row.post_id for row in queue(mod, Asked(reason="word"), limit=9)] == [two.pk]
    assert queue(mod, Asked(board_id=cast.region.pk), limit=9) == []
    move_thread(mod, cast.barrier.pk, cast.region.pk, reason=WHY)
    assert len(queue(mod, Asked(board_id=cast.region.pk), limit=9)) == 2
    assert EVERYTHING.reason == ""
    with pytest.raises(Refused):
        queue(cast.view(cast.hill), limit=9)


def test_what_is_attached_stays_with_what_waits(cast, first):
    from rostra.forum.uploads.actions import upload_file

    row = upload_file(cast.view(cast.newcomer), "notes.txt", b"Words in a file.")
    post = post_reply(cast.view(cast.newcomer), cast.barrier.pk, f"[notes](upload:{row.key})")
    decide(cast, post)
    assert Attachment.objects.filter(post=post).count() == 1
    assert f"/files/{row.key}" in Post.objects.get(pk=post.pk).html
