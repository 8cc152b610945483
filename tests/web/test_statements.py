"""Statements of reasons: for whom an act restricts, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.core import mail
from django.utils import timezone

from rostra.forum.modlog import queries
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import edit_post, remove_post, restore_post
from rostra.forum.threads.actions.threads import move_thread
from rostra.forum.threads.models import Post
from rostra.kernel import jobs
from rostra.web.notifications import letters
from tests.web.test_own_data import of
from tests.web.visits import as_

REASON = "Insults a group of people."


def _removed(cast) -> int:
    post = Post.objects.get(thread=cast.barrier, number=2)
    remove_post(cast.view(cast.mod), post.pk, REASON, why=Why("R2", "report"))
    return queries.head()[0]


def test_the_member_is_told_and_reads_what_why_and_by_which_rule(web, cast):
    """LAW-002: at the same moment, with their own words, without who reported."""
    n = _removed(cast)
    while jobs.run_due():
        continue
    as_(web, cast, "hill")
    told = web.get("/notifications").text
    assert "A moderator acted on something of yours" in told
    page = web.get(f"/statements/{n}").text
    for words in (
        "Post removed", REASON, "R2", "Say what is wrong with a claim", "after a report",
        "by a person, not automatically", "Post 2.", "Flood barrier",
    ):  # fmt: skip
        assert words in page, words
    assert "Mod Ferris" not in page
    assert REASON in web.get("/account/record").text


def test_a_statement_is_its_members_alone(web, cast):
    """SEC-049: to all others it is not there, staff among them."""
    n = _removed(cast)
    assert web.get(f"/statements/{n}").status_code == 403
    for who in ("quay", "mod", "admin"):
        assert as_(web, cast, who).get(f"/statements/{n}").status_code == 404
    assert as_(web, cast, "hill").get(f"/statements/{n}").status_code == 200
    assert web.get("/statements/999").status_code == 404


def test_what_was_redacted_is_in_no_statement(web, cast):
    """PRV: what a moderator took out of the words is not in the words the author is shown."""
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.mod), post.pk, "Post, redacted.", reason="Personal data of a third.")
    page = as_(web, cast, "hill").get(f"/statements/{queries.head()[0]}").text
    assert "Post, redacted." in page
    assert "Post 2." not in page


def test_the_place_it_was_moved_to_is_not_told_to_who_may_not_see_it(web, cast):
    move_thread(
        cast.view(cast.mod), cast.barrier.pk, cast.staff_room.pk, reason="Not for everybody's eyes."
    )
    page = as_(web, cast, "quay").get(f"/statements/{queries.head()[0]}").text
    assert "in a place not open to you" in page
    assert "Staff room" not in page


def test_what_was_taken_back_says_so_and_all_of_it_is_in_ones_own_data(web, cast):
    n = _removed(cast)
    post = Post.objects.get(thread=cast.barrier, number=2)
    restore_post(cast.view(cast.mod), post.pk, "It was a quotation.", why=Why("R2", reverts=n))
    page = as_(web, cast, "hill").get(f"/statements/{n}").text
    assert f"Taken back by entry {n + 1}" in page
    assert [(one["entry"], one["reason"]) for one in of(cast, "statement")] == [(n, REASON)]


def test_a_letter_tells_of_a_statement_and_of_nobody(cast):
    """LAW-002: that there is one, and where; neither who acted nor the reason stands in mail."""
    cast.hill.email = cast.hill.email_key = "hill@example.org"
    cast.hill.save()
    _removed(cast)
    while jobs.run_due():
        continue
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        letters.write_letters()
        while jobs.run_due():
            continue
    (letter,) = [one for one in mail.outbox if "acted on something" in one.subject]
    assert letter.to == ["hill@example.org"]
    assert "/notifications/" in letter.body
    assert "Mod Ferris" not in letter.body and REASON not in letter.body
