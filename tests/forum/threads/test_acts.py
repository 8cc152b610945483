"""Locks that end by themselves, slow threads, redacted words, one act on many posts."""

from datetime import timedelta

import pytest
import time_machine

from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.models import Case
from rostra.forum.modlog.models import LogText, Statement
from rostra.forum.modlog.queries import EVERYTHING, entries, first_fault, head
from rostra.forum.threads.actions.bulk import remove_posts, restore_posts
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.actions.redacting import redact_post
from rostra.forum.threads.actions.threads import lock_thread, open_again, slow_thread
from rostra.forum.threads.models import Post, Revision, Thread
from rostra.forum.threads.rules import BLOCKS
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.kernel.jobs import run_due

WHY = "A quarrel that needs a night's sleep."


@pytest.fixture
def mod(cast):
    return cast.view(cast.mod)


def test_a_lock_ends_by_itself_and_the_log_says_so(cast, mod):
    until = clock.now() + timedelta(hours=4)
    lock_thread(mod, cast.barrier.pk, locked=True, reason=WHY, until=until)
    locked = head()[0]
    assert entries(EVERYTHING, limit=1)[0].until == until
    assert open_again() == 0
    with pytest.raises(Refused):
        post_reply(cast.view(cast.hill), cast.barrier.pk, "Not yet.")
    with time_machine.travel(until + timedelta(seconds=1)):
        assert open_again() == 1
        assert open_again() == 0
        post_reply(cast.view(cast.hill), cast.barrier.pk, "Good morning.")
    (entry,) = entries(EVERYTHING, limit=1)
    assert (entry.kind, entry.role, entry.reverts) == ("thread.unlock", "automatic", locked)


def test_who_opens_it_earlier_ends_the_clock_too(cast, mod):
    until = clock.now() + timedelta(hours=4)
    lock_thread(mod, cast.barrier.pk, locked=True, reason=WHY, until=until)
    lock_thread(mod, cast.barrier.pk, locked=False, reason=WHY)
    lock_thread(mod, cast.barrier.pk, locked=True, reason=WHY)
    with time_machine.travel(until + timedelta(seconds=1)):
        assert open_again() == 0
    assert Thread.objects.get(pk=cast.barrier.pk).is_locked


@pytest.mark.parametrize("hours", [-1, 0, 366 * 24])
def test_a_lock_ends_within_a_year(cast, mod, hours):
    with pytest.raises(Invalid):
        lock_thread(
            mod, cast.barrier.pk, locked=True, reason=WHY,
            until=clock.now() + timedelta(hours=hours),
        )  # fmt: skip


def test_a_slow_thread_takes_a_post_of_each_only_now_and_then(cast, mod):
    slow_thread(mod, cast.barrier.pk, 300, reason=WHY)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False) as clock_:
        post_reply(cast.view(cast.hill), cast.barrier.pk, "First.")
        clock_.shift(200)
        with pytest.raises(TooMany) as caught:
            post_reply(cast.view(cast.hill), cast.barrier.pk, "Second.")
        assert (caught.value.reason, caught.value.seconds) == ("thread_is_slow", 100)
        post_reply(cast.view(cast.quay), cast.barrier.pk, "Each has their own pause.")
        post_reply(mod, cast.barrier.pk, "A moderator has none.")
        post_reply(mod, cast.barrier.pk, "None at all.")
        clock_.shift(101)
        post_reply(cast.view(cast.hill), cast.barrier.pk, "Second.")
    slow_thread(mod, cast.barrier.pk, 0, reason=WHY)
    assert Thread.objects.get(pk=cast.barrier.pk).slow_seconds == 0


def test_redacted_words_are_nowhere_any_more(cast, mod):
    """PRV-001: gone from the post, its history, drafts of the log and of cases; the chain holds."""
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "Ask **Ida Quist, 4 Mole Lane**, now.")
    edit_post(mod, post.pk, "Ask Ida Quist, 4 Mole Lane, or me.", reason="Set without bold type.")
    report_item(cast.view(cast.quay), "post", post.pk, rule="R4", line="An address.")
    redact_post(mod, post.pk, ["Ida Quist, 4 Mole Lane", "Quist"], reason="An address of a person.")
    run_due()
    post.refresh_from_db()
    assert post.source == f"Ask {BLOCKS}, or me." and "Quist" not in post.html
    kept = [*Revision.objects.values_list("source", flat=True),
            *LogText.objects.values_list("value", flat=True),
            *Case.objects.values_list("source", flat=True)]  # fmt: skip
    assert BLOCKS in kept[0] and not [words for words in kept if "Quist" in words]
    assert first_fault() is None
    assert Statement.objects.filter(entry_id=head()[0]).exists()


@pytest.mark.parametrize(
    ("passages", "code"),
    [([], "empty"), (["  "], "empty"), (["x"], "passage_too_short"),
     (["Quist", "nowhere"], "passage_not_there"), ([f"no {n}" for n in range(21)], "too_many_at_once")],
)  # fmt: skip
def test_a_passage_that_cannot_be_redacted_changes_nothing(cast, mod, passages, code):
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "Ask Quist.")
    with pytest.raises(Invalid) as caught:
        redact_post(mod, post.pk, passages, reason="An address of a person.")
    assert caught.value.fields == {"passages": code}
    assert Post.objects.get(pk=post.pk).source == "Ask Quist."


@pytest.mark.parametrize("dialect", ["plain", "html", "bbcode"])
def test_what_was_imported_is_redacted_in_its_own_dialect(cast, mod, dialect):
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "Ask Quist & Sons.")
    said = "Ask Quist &amp; Sons." if dialect == "html" else "Ask Quist & Sons."
    Post.objects.filter(pk=post.pk).update(source=said, dialect=dialect)
    passage = "Quist &amp; Sons" if dialect == "html" else "Quist & Sons"
    redact_post(mod, post.pk, [passage], reason="An address of a person.")
    post.refresh_from_db()
    assert (post.dialect, BLOCKS in post.html, "Quist" in post.html) == (dialect, True, False)


def test_many_posts_one_reason_an_entry_each(cast, mod):
    wrote = [post_reply(cast.view(cast.hill), cast.barrier.pk, f"Buy now {n}") for n in range(4)]
    remove_post(mod, wrote[0].pk, WHY)
    before = head()[0]
    chosen = [post.pk for post in wrote]
    assert remove_posts(mod, chosen, "The same advertising four times.", why=Why("R5")) == 3
    found = entries(EVERYTHING, limit=3)
    assert head()[0] == before + 3 and {entry.post_id for entry in found} == set(chosen[1:])
    assert restore_posts(mod, chosen, "It was no advertising at all.", why=Why("R5")) == 4
    with pytest.raises(Refused):
        restore_posts(mod, chosen, "It was no advertising at all.", why=Why("R5"))


def test_what_is_not_theirs_to_moderate_is_left_alone(cast):
    secret = cast.secret.posts.get(number=1).pk
    for viewer in (cast.view(cast.hill), cast.view(None)):
        with pytest.raises((Refused, NotFound)):
            remove_posts(viewer, [secret], "Not theirs to do anything.", why=Why())
