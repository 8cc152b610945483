"""Watched words in polls, and in what else is read beside a thread's words as it was typed."""

import pytest

from rostra.forum.holds.models import Hold
from rostra.forum.polls.actions import edit_poll, plan_of, start_with_poll
from rostra.forum.polls.models import Poll
from rostra.forum.polls.rules import Plan
from rostra.forum.threads.actions.approving import Decision, decide_held
from rostra.forum.threads.actions.describing import edit_opening
from rostra.forum.threads.actions.posts import edit_post
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Thread
from rostra.forum.words.actions import unwatch_words, watch_words
from rostra.forum.words.models import WatchedWord
from rostra.kernel.errors import Invalid

WHY = "Said for the tests of watched words."
PLAN = Plan("Which way?", ("The quay", "Mill Street"))
BLOCKED, WAITS = "watched_word_blocked", "watched_word_waits"


@pytest.fixture(autouse=True)
def words(cast):
    for word, act in (("casino", "block"), ("damn", "censor"), ("toll", "hold"), ("quay", "link")):
        watch_words(
            cast.view(cast.mod), [word], act, link="/boards/1" if act == "link" else "", reason=WHY
        )


def start(cast, who=None, plan=PLAN, **more):
    viewer = cast.view(who or cast.quay)
    return start_with_poll(viewer, cast.harbour.pk, "Tram", "Let us see.", plan, **more)


@pytest.mark.parametrize("word", ["casino", "damn"])
def test_what_is_blocked_or_covered_is_taken_in_no_part_of_a_poll(cast, word):
    before = Thread.objects.count()
    plan = Plan(f"Which {word}?", ("The quay", f"No {word.upper()}"))
    with pytest.raises(Invalid) as caught:
        start(cast, plan=plan, head=Head(tags=f"tram, {word}"))
    assert caught.value.fields == {
        "poll_question": BLOCKED, "poll_options": BLOCKED, "tags": BLOCKED,
    }  # fmt: skip
    assert (Thread.objects.count(), Poll.objects.count()) == (before, 0)
    assert start(cast, cast.mod, plan).has_poll  # who moderates may write any


@pytest.mark.parametrize("plan", [PLAN._replace(question="A toll?"), Plan("Well?", ("Toll", "No"))])
def test_a_thread_whose_poll_says_a_word_that_waits_waits_with_it(cast, plan):
    thread = start(cast, plan=plan)
    held = Hold.objects.get()
    assert (thread.state, held.kind, held.more["poll_question"]) == (
        "pending", "thread", plan.question,
    )  # fmt: skip
    decide_held(cast.view(cast.mod), held.pk, held.version, Decision("approve"))
    thread.refresh_from_db()
    assert (thread.state, thread.has_poll) == ("visible", True)


def test_an_edit_of_a_poll_takes_no_word_that_would_have_waited(cast):
    thread = start(cast)
    poll = Poll.objects.get()
    for word, reason in (("casino", BLOCKED), ("damn", BLOCKED), ("toll", WAITS)):
        plan = PLAN._replace(options=("The quay", word))
        with pytest.raises(Invalid) as caught:
            edit_poll(cast.view(cast.quay), thread.pk, plan)
        assert caught.value.fields == {"poll_options": reason}
    assert plan_of(poll) == PLAN
    edit_poll(cast.view(cast.mod), thread.pk, plan, reason=WHY)
    assert plan_of(poll) == plan
    # What stands there stays: its author changes the rest.
    edit_poll(cast.view(cast.quay), thread.pk, plan._replace(question="Where?"))


def test_tags_and_excerpts_are_looked_at_when_they_alone_are_changed(cast):
    viewer, opening = cast.view(cast.quay), cast.barrier.posts.get(number=1)
    article = Head("news", "https://example.org/a", excerpt="A damn fine wall.", tags="casino")
    with pytest.raises(Invalid) as caught:
        edit_opening(viewer, opening.pk, opening.source, article)
    assert caught.value.fields == {"excerpt": BLOCKED, "tags": BLOCKED}
    edit_opening(viewer, opening.pk, opening.source, Head(tags="Harbour, toll"))
    held, thread = Hold.objects.get(), Thread.objects.get(pk=cast.barrier.pk)
    assert (held.kind, held.reasons[0][0], thread.tags) == ("edit", "word_later", "harbour")
    decide_held(cast.view(cast.mod), held.pk, held.version, Decision("approve"))
    thread.refresh_from_db()
    assert thread.tags == "harbour, toll"
    edit_opening(viewer, opening.pk, opening.source, Head(tags="Toll"))  # which stood there
    thread.refresh_from_db()
    assert thread.tags == "toll"


def test_why_somebody_edited_is_read_by_everybody_as_well(cast):
    viewer, post = cast.view(cast.quay), cast.barrier.posts.get(number=1)
    with pytest.raises(Invalid) as caught:
        edit_post(viewer, post.pk, "It was closed late.", reason="That damn clock")
    assert caught.value.fields == {"reason": BLOCKED}
    unwatch_words(
        cast.view(cast.mod), list(WatchedWord.objects.values_list("id", flat=True)), reason=WHY
    )
    edit_post(viewer, post.pk, "It was closed late.", reason="That damn clock")
