"""What members are told of, once, and only of what they may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from rostra.effects.notifications import actions, listeners, queries
from rostra.effects.notifications.models import Notification
from rostra.forum.bookmarks.actions import keep_post
from rostra.forum.bookmarks.models import Bookmark
from rostra.forum.members.models import Member
from rostra.forum.members.ties import set_tie
from rostra.forum.reactions.actions import react
from rostra.forum.threads.actions.marks import mute_tag, watch_board, watch_thread
from rostra.forum.threads.actions.posts import (
    bring_back_post,
    post_reply,
    remove_post,
    restore_post,
    withdraw_post,
)
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.events import PostPublished
from rostra.forum.threads.models import Post, ThreadMark
from rostra.kernel import clock, jobs

pytestmark = pytest.mark.django_db
REASON = "Insults a group of people."


@pytest.fixture
def quiet(cast):
    """The cast, of whom nobody has been told anything yet."""
    work()
    Notification.objects.all().delete()
    ThreadMark.objects.all().delete()
    Member.objects.update(bell=0)
    return cast


def work():
    while jobs.run_due():
        pass
    assert jobs.dead_of("rostra") == 0


def told(cast, member):
    work()
    rows = queries.latest_for(cast.view(member))
    return [(row.kind, row.actor) for row in rows]


def bell(member):
    return Member.objects.get(pk=member.pk).bell


def test_each_is_told_once_for_the_best_reason(quiet):
    cast = quiet
    first = Post.objects.get(thread=cast.barrier, number=1)
    for member in (cast.quay, cast.hill, cast.newcomer):
        watch_thread(cast.view(member), cast.barrier.pk, "watch")
    words = f'@Quay look\n\n[quote="Quay, post: {first.pk}"]It was closed in time.[/quote]'
    post_reply(cast.view(cast.mod), cast.barrier.pk, words, reply_to=first.pk)
    assert told(cast, cast.quay) == [("mention", "Mod Ferris")]
    assert told(cast, cast.hill) == [("watch", "Mod Ferris")]
    assert told(cast, cast.newcomer) == [("watch", "Mod Ferris")]
    assert told(cast, cast.mod) == []
    assert bell(cast.quay) == 1


@pytest.mark.parametrize(
    ("source", "replies", "kind"),
    [
        ("@Quay look here", False, "mention"),
        ('[quote="Quay, post: {post}"]It was closed in time.[/quote]', False, "quote"),
        ("Not so.", True, "reply"),
    ],
)
def test_who_is_spoken_to_is_told(quiet, source, replies, kind):
    cast = quiet
    first = Post.objects.get(thread=cast.barrier, number=1)
    words = source.replace("{post}", str(first.pk))
    post_reply(cast.view(cast.hill), cast.barrier.pk, words, reply_to=first.pk if replies else None)
    assert told(cast, cast.quay) == [(kind, "Hill")]


def test_an_event_that_comes_twice_tells_once(quiet):
    cast = quiet
    watch_thread(cast.view(cast.hill), cast.barrier.pk, "watch")
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "Something new.")
    happened = PostPublished(
        post_id=post.pk, thread_id=cast.barrier.pk, board_id=cast.harbour.pk, author_id=cast.quay.pk
    )
    for _ in range(3):
        listeners.tell_of_posts([happened])
    assert told(cast, cast.hill) == [("watch", "Quay")]
    assert bell(cast.hill) == 1


def test_who_wrote_hears_of_what_came_after_them(quiet):
    """Also where the worker comes to several posts at once: each watches from their own on."""
    cast = quiet
    for member in (cast.hill, cast.newcomer, cast.hill):
        post_reply(cast.view(member), cast.barrier.pk, f"Words by {member.name}.")
    assert told(cast, cast.hill) == [("watch", "Newcomer")]
    assert told(cast, cast.newcomer) == [("watch", "Hill")]


def test_many_replies_are_one_line_and_one_on_the_bell(quiet):
    cast = quiet
    watch_thread(cast.view(cast.newcomer), cast.barrier.pk, "watch")
    posts = [
        post_reply(cast.view(member), cast.barrier.pk, f"Words by {member.name}.")
        for member in (cast.quay, cast.hill, cast.mod)
    ]
    assert len(told(cast, cast.newcomer)) == 3
    (line,) = queries.lines(queries.latest_for(cast.view(cast.newcomer)))
    assert line.told.actor == "Mod Ferris" and line.others == 2
    assert queries.one_for(cast.view(cast.newcomer), line.first_id).post_id == posts[0].pk
    assert bell(cast.newcomer) == 1


def test_who_watches_a_board_hears_of_threads_or_of_posts(quiet):
    cast = quiet
    watch_board(cast.view(cast.hill), cast.region.pk, "threads")
    watch_board(cast.view(cast.newcomer), cast.region.pk, "posts")
    thread = start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.")
    post_reply(cast.view(cast.mod), thread.pk, "A reply.")
    assert len(told(cast, cast.hill)) == 1
    assert len(told(cast, cast.newcomer)) == 2


def test_who_follows_hears_of_what_is_started(quiet):
    cast = quiet
    set_tie(cast.hill.pk, cast.quay.pk, "follow")
    thread = start_thread(cast.view(cast.quay), cast.region.pk, "Elsewhere", "Words.")
    post_reply(cast.view(cast.quay), thread.pk, "More.")
    assert told(cast, cast.hill) == [("follow", "Quay")]
    assert told(cast, cast.quay) == [("follow", "Hill")]  # who follows them


def test_who_writes_in_a_thread_watches_it_unless_they_chose_otherwise(quiet):
    cast = quiet
    post_reply(cast.view(cast.hill), cast.barrier.pk, "Something.")
    work()
    post_reply(cast.view(cast.quay), cast.barrier.pk, "And more.")
    assert told(cast, cast.hill) == [("watch", "Quay")]
    actions.choose_ways(cast.newcomer.pk, {}, watches_own=False, has_digest=False)
    post_reply(cast.view(cast.newcomer), cast.barrier.pk, "I as well.")
    work()
    assert not ThreadMark.objects.filter(member=cast.newcomer, level="watch").exists()


@pytest.mark.parametrize("what", ["thread", "board", "tag", "member"])
def test_what_is_muted_or_ignored_tells_nothing(quiet, what):
    cast = quiet
    if what == "thread":
        watch_thread(cast.view(cast.quay), cast.barrier.pk, "mute")
    elif what == "board":
        watch_board(cast.view(cast.quay), cast.harbour.pk, "mute")
    elif what == "tag":
        mute_tag(cast.view(cast.quay), "harbour", "mute")
    else:
        set_tie(cast.quay.pk, cast.hill.pk, "ignore")
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay, answer me!")
    react(cast.view(cast.hill), Post.objects.get(thread=cast.barrier, number=1).pk, "like")
    set_tie(cast.hill.pk, cast.quay.pk, "follow")
    assert told(cast, cast.quay) == ([] if what == "member" else [("follow", "Hill")])
    assert post.pk


def test_who_may_not_read_is_not_told(quiet):
    """A name in a closed room rings no bell outside (SEC-047)."""
    cast = quiet
    post_reply(cast.view(cast.mod), cast.secret.pk, "@Quay and @Hill need not know.")
    assert told(cast, cast.quay) == told(cast, cast.hill) == []
    assert not Notification.objects.exists()


def test_a_post_that_was_taken_away_meanwhile_tells_nothing(quiet):
    cast = quiet
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay, look!")
    remove_post(cast.view(cast.mod), post.pk, REASON)
    assert told(cast, cast.quay) == []
    assert bell(cast.quay) == 0


def test_the_bell_follows_what_stands(quiet):
    cast = quiet
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay, look!")
    assert told(cast, cast.quay) == [("mention", "Hill")]
    assert bell(cast.quay) == 1
    withdraw_post(cast.view(cast.hill), post.pk)
    assert told(cast, cast.quay) == []
    assert bell(cast.quay) == 0
    bring_back_post(cast.view(cast.hill), post.pk)
    work()
    assert bell(cast.quay) == 1
    remove_post(cast.view(cast.mod), post.pk, REASON)
    work()
    assert bell(cast.quay) == 0
    restore_post(cast.view(cast.mod), post.pk, REASON)
    work()
    assert bell(cast.quay) == 1


def test_a_thread_moved_out_of_sight_is_told_of_no_more(quiet):
    cast = quiet
    post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay and @Mod Ferris, look!")
    work()
    assert bell(cast.quay) == 1
    move_thread(cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason=REASON)
    assert told(cast, cast.quay) == [("notice", None)], "that it was moved, and of no post in it"
    assert bell(cast.quay) == 1
    assert Notification.objects.get(member=cast.quay).kind == "notice"


def test_a_reaction_taken_back_before_it_was_read_is_told_of_no_more(quiet):
    cast = quiet
    post = Post.objects.get(thread=cast.barrier, number=1)
    for member in (cast.hill, cast.mod, cast.newcomer):
        react(cast.view(member), post.pk, "like")
    assert len(told(cast, cast.quay)) == 3
    assert bell(cast.quay) == 1
    for member in (cast.hill, cast.mod, cast.newcomer):
        react(cast.view(member), post.pk, "")
    assert told(cast, cast.quay) == []
    assert bell(cast.quay) == 0


def test_a_reminder_comes_once_when_its_time_has_come(quiet):
    cast = quiet
    post = Post.objects.get(thread=cast.barrier, number=1)
    keep_post(cast.view(cast.hill), post.pk, note="", remind_at=clock.now() + timedelta(days=1))
    listeners.remind()
    assert told(cast, cast.hill) == []
    with time_machine.travel(clock.now() + timedelta(days=2), tick=True):
        for _ in range(2):
            listeners.remind()
    assert [kind for kind, _ in told(cast, cast.hill)] == ["reminder"]
    assert Bookmark.objects.get().remind_at is None


def test_reading_a_thread_reads_what_was_told_of_it(quiet):
    cast = quiet
    watch_thread(cast.view(cast.hill), cast.barrier.pk, "watch")
    for number in (4, 5):
        post_reply(cast.view(cast.quay), cast.barrier.pk, f"Post {number}.")
    work()
    actions.read_in_thread(cast.view(cast.hill), cast.barrier.pk, 4)
    assert bell(cast.hill) == 1
    actions.read_in_thread(cast.view(cast.hill), cast.barrier.pk, 5)
    assert bell(cast.hill) == 0
    assert not Notification.objects.filter(member=cast.hill, mail_at__isnull=False).exists()


@pytest.mark.parametrize("ways", [[], ["site"], ["mail"], ["mail", "site"]])
def test_everybody_is_told_by_the_ways_they_chose(quiet, ways):
    cast = quiet
    actions.choose_ways(cast.quay.pk, {"mention": ways}, watches_own=True, has_digest=False)
    post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay, look!")
    assert told(cast, cast.quay) == ([("mention", "Hill")] if "site" in ways else [])
    assert bell(cast.quay) == int("site" in ways)
    row = Notification.objects.filter(member=cast.quay).first()
    assert (row is not None and row.mail_at is not None) == ("mail" in ways)


def test_the_best_reason_of_a_line_is_what_it_says(quiet):
    cast = quiet
    watch_thread(cast.view(cast.quay), cast.barrier.pk, "watch")
    post_reply(cast.view(cast.hill), cast.barrier.pk, "@Quay, look!")
    post_reply(cast.view(cast.mod), cast.barrier.pk, "Something else.")
    work()
    (line,) = queries.lines(queries.latest_for(cast.view(cast.quay)))
    assert (line.told.kind, line.told.actor, line.others) == ("mention", "Hill", 1)
