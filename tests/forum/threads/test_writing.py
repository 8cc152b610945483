"""Writing by form: once, within limits, in time; drafts and quotations. Both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings

from rostra.forum.members.models import Member
from rostra.forum.threads import composing, submissions
from rostra.forum.threads.actions import drafts, posts, threads
from rostra.forum.threads.models import Draft, MemberStats, Post, Submission, Thread
from rostra.forum.threads.submissions import Sent, digest_of
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany

DAY = timedelta(days=1)


@pytest.fixture
def limits(monkeypatch):
    """The limits, in force."""
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posting_limits="on"))


@pytest.fixture
def clock(cast):
    """Now, to be moved on; the cast joined a moment ago."""
    with time_machine.travel(datetime.now(UTC), tick=False) as traveller:
        yield traveller


def grown(member, *, days=2, count=9):
    """Make somebody a member of some standing."""
    Member.objects.filter(pk=member.pk).update(joined_at=datetime.now(UTC) - days * DAY)
    MemberStats.objects.update_or_create(member=member, defaults={"post_count": count})


def reply(cast, words, who="hill", **options):
    return posts.post_reply(cast.view(getattr(cast, who)), cast.barrier.pk, words, **options)


def test_the_same_form_is_one_post(cast):
    """REL-011, 012: the same key is answered with the same post, whatever became of the thread."""
    sent = Sent(submissions.fresh_key())
    first = reply(cast, "Once.", sent=sent)
    threads.lock_thread(
        cast.view(cast.mod), cast.barrier.pk, locked=True, reason="It is settled now."
    )
    assert reply(cast, "Once.", sent=sent).pk == first.pk
    assert Post.objects.filter(source="Once.").count() == 1


def test_other_words_under_the_same_key_are_refused(cast):
    """REL-011."""
    sent = Sent(submissions.fresh_key())
    reply(cast, "Once.", sent=sent)
    with pytest.raises(Invalid) as caught:
        reply(cast, "Twice.", sent=sent)
    assert caught.value.fields == {"key": "sent_with_other_words"}
    assert not Post.objects.filter(source="Twice.").exists()


def test_a_key_is_its_members_own(cast):
    sent = Sent(submissions.fresh_key())
    assert reply(cast, "Mine.", sent=sent).pk != reply(cast, "Mine.", who="quay", sent=sent).pk


def test_the_same_words_again_are_asked_about(cast, limits, clock):
    """REL-011: without the key, within five minutes; who is sure may."""
    grown(cast.hill)
    clock.shift(timedelta(seconds=5))
    reply(cast, "Again.")
    clock.shift(timedelta(minutes=4, seconds=30))
    with pytest.raises(Invalid) as caught:
        reply(cast, "Again.", sent=Sent(submissions.fresh_key()))
    assert caught.value.fields == {"sure": "same_words_again"}
    clock.shift(timedelta(seconds=5))
    reply(cast, "Again.", sent=Sent(submissions.fresh_key(), is_sure=True))
    clock.shift(timedelta(minutes=6))
    reply(cast, "Again.")
    assert Post.objects.filter(source="Again.").count() == 3


def test_a_thread_is_started_once(cast):
    """REL-011."""
    sent = Sent(submissions.fresh_key())
    view = cast.view(cast.hill)
    first = threads.start_thread(view, cast.harbour.pk, "Once", "Words.", sent=sent)
    assert threads.start_thread(view, cast.harbour.pk, "Once", "Words.", sent=sent).pk == first.pk
    assert Thread.objects.filter(title="Once").count() == 1


def test_both_what_is_wrong_with_title_and_words_is_said(cast):
    with pytest.raises(Invalid) as caught:
        threads.start_thread(cast.view(cast.hill), cast.harbour.pk, " ", "")
    assert caught.value.fields == {"title": "empty", "source": "empty"}


def test_old_submissions_are_forgotten(cast, clock):
    reply(cast, "Once.")
    clock.shift(timedelta(days=1, hours=23))
    reply(cast, "Later.")
    before = Submission.objects.count()
    clock.shift(timedelta(hours=2))
    assert submissions.forget_old() > 0
    assert 0 < Submission.objects.count() < before


def test_a_newcomer_waits_and_is_told_how_long(cast, limits, clock):
    """ABU-001, 003."""
    reply(cast, "One.", who="newcomer")
    clock.shift(timedelta(seconds=12))
    with pytest.raises(TooMany) as caught:
        reply(cast, "Two.", who="newcomer")
    assert (caught.value.seconds, caught.value.reason) == (18, "post_too_soon")
    clock.shift(timedelta(seconds=18))
    reply(cast, "Two.", who="newcomer")


def test_a_newcomers_day_has_ten_replies_and_three_threads(cast, limits, clock, monkeypatch):
    """ABU-003."""
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, posts_in_a_row=0))
    for n in range(10):
        clock.shift(timedelta(seconds=31))
        reply(cast, f"Reply {n}.", who="newcomer")
    clock.shift(timedelta(seconds=31))
    with pytest.raises(TooMany) as caught:
        reply(cast, "Eleventh.", who="newcomer")
    assert caught.value.reason == "replies_a_day"
    view = cast.view(cast.quay)
    Post.objects.filter(author=cast.quay).update(created_at=datetime.now(UTC) - 2 * DAY)
    for n in range(3):
        clock.shift(timedelta(seconds=121))
        threads.start_thread(view, cast.harbour.pk, f"Thread {n}", "Words.")
    clock.shift(timedelta(seconds=121))
    with pytest.raises(TooMany) as caught:
        threads.start_thread(view, cast.harbour.pk, "Fourth", "Words.")
    assert caught.value.reason == "threads_a_day"
    assert not Thread.objects.filter(title="Fourth").exists()


def test_a_newcomer_puts_two_links_in_a_post_and_not_more_by_editing(cast, limits, clock):
    """ABU-003: edits that add links later are checked again."""
    two = "https://a.example/1 and https://b.example/2"
    with pytest.raises(Invalid) as caught:
        reply(cast, f"{two} and https://c.example/3", who="newcomer")
    assert caught.value.fields == {"source": "too_many_links"}
    post = reply(cast, two, who="newcomer")
    with pytest.raises(Invalid):
        posts.edit_post(cast.view(cast.newcomer), post.pk, f"{two} https://c.example/3")
    grown(cast.newcomer)
    posts.edit_post(cast.view(cast.newcomer), post.pk, f"{two} https://c.example/3")


def test_mentions_are_few(cast, limits, clock):
    """ABU-003, 013."""
    with pytest.raises(Invalid) as caught:
        reply(cast, "@Quay @Hill @Ada Minh", who="newcomer")
    assert caught.value.fields == {"source": "too_many_mentions"}
    reply(cast, "@Quay @Hill", who="newcomer")


def test_a_moderator_waits_for_nothing(cast, limits, clock):
    for n in range(3):
        reply(cast, f"Note {n}.", who="mod")


def test_the_time_to_edit_ends(cast, clock):
    """24 hours for newcomers, 30 days for others; without end for moderators, with a reason."""
    post = reply(cast, "First.", who="newcomer")
    old = reply(cast, "Other.", who="hill")
    clock.shift(timedelta(hours=23))
    settings_on = composing.edit_window(composing.standing_for(cast.newcomer.pk).limits)
    assert settings_on == timedelta(hours=24)
    posts.edit_post(cast.view(cast.hill), old.pk, "Other, better.")
    clock.shift(29 * DAY + timedelta(hours=2))
    with pytest.raises(Refused) as caught:
        posts.edit_post(cast.view(cast.hill), old.pk, "Too late.")
    assert caught.value.reason == "edit_time_over"
    posts.edit_post(cast.view(cast.mod), post.pk, "By a mod.", reason="A name had to go from it.")


def test_a_newcomers_time_to_edit_is_a_day(cast, limits, clock):
    post = reply(cast, "First.", who="newcomer")
    clock.shift(timedelta(hours=25))
    with pytest.raises(Refused):
        posts.edit_post(cast.view(cast.newcomer), post.pk, "Too late.")


def test_words_that_were_changed_meanwhile_are_not_written_over(cast):
    """REL-017: the second of two is told, and loses nothing."""
    post = reply(cast, "First.")
    was = digest_of("First.")
    posts.edit_post(cast.view(cast.mod), post.pk, "A mod's.", reason="A name had to go from it.")
    with pytest.raises(Invalid) as caught:
        posts.edit_post(cast.view(cast.hill), post.pk, "Mine.", was=was)
    assert caught.value.fields == {"was": "edited_meanwhile"}
    assert Post.objects.get(pk=post.pk).source == "A mod's."


def test_a_withdrawal_is_undone_within_a_day(cast, clock):
    post = reply(cast, "Rash.")
    view = cast.view(cast.hill)
    posts.withdraw_post(view, post.pk)
    clock.shift(timedelta(hours=23))
    posts.bring_back_post(view, post.pk)
    assert Post.objects.get(pk=post.pk).state == "visible"
    posts.withdraw_post(view, post.pk)
    for who in ("quay", "mod"):
        with pytest.raises((Refused, NotFound)):
            posts.bring_back_post(cast.view(getattr(cast, who)), post.pk)
    clock.shift(timedelta(hours=25))
    with pytest.raises(Refused) as caught:
        posts.bring_back_post(view, post.pk)
    assert caught.value.reason == "withdrawn_for_good"


def test_what_a_moderator_removed_its_author_does_not_bring_back(cast):
    post = reply(cast, "Rash.")
    posts.remove_post(cast.view(cast.mod), post.pk, "Insults a group of people.")
    with pytest.raises(Refused):
        posts.bring_back_post(cast.view(cast.hill), post.pk)


def test_drafts_are_their_writers_own(cast):
    """SEC-067."""
    hill, quay = cast.view(cast.hill), cast.view(cast.quay)
    drafts.save_draft(hill, "t1", title="", source="half a thought")
    assert composing.draft_for(quay, "t1") is None
    drafts.save_draft(quay, "t1", title="", source="another")
    assert composing.draft_for(hill, "t1").source == "half a thought"
    drafts.save_draft(hill, "t1", title="", source=" \n")
    assert composing.draft_for(hill, "t1") is None
    with pytest.raises(Refused):
        drafts.save_draft(cast.view(None), "t1", title="", source="x")


def test_a_draft_goes_with_its_post_and_with_time(cast, clock):
    view = cast.view(cast.hill)
    place = f"t{cast.barrier.pk}"
    drafts.save_draft(view, place, title="", source="Done.")
    reply(cast, "Done.")
    assert composing.draft_for(view, place) is None
    drafts.save_draft(view, place, title="", source="Not done.")
    clock.shift(179 * DAY)
    assert drafts.forget_old() == 0
    clock.shift(2 * DAY)
    assert drafts.forget_old() == 1
    assert Draft.objects.count() == 0


def test_a_quotation_holds_words_but_not_what_they_quoted(cast):
    inner = reply(cast, "Inner words.", who="quay")
    outer = reply(
        cast, f'[quote="Quay, post: {inner.pk}"]\nInner words.\n[/quote]\n\nOuter **words**.'
    )
    assert composing.quotations(cast.view(cast.quay), [outer.pk]) == (
        f'[quote="Hill, post: {outer.pk}"]\nOuter **words**.\n[/quote]\n\n'
    )
    several = composing.quotations(cast.view(cast.quay), [outer.pk, inner.pk, outer.pk])
    assert several.count("[quote=") == 2


def test_nobody_quotes_what_they_may_not_read(cast):
    """SEC-047."""
    secret = Post.objects.get(thread=cast.secret)
    gone = reply(cast, "Canary of the removed.")
    posts.remove_post(cast.view(cast.mod), gone.pk, "Insults a group of people.")
    for post in (secret, gone):
        assert composing.quotations(cast.view(cast.quay), [post.pk]) == ""
    assert "canary" in composing.quotations(cast.view(cast.mod), [secret.pk])
