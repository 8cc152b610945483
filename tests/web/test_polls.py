"""Polls as they are made, shown and voted in: plain forms, every role; nothing secret told."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rostra.forum.polls.actions import close_poll, start_with_poll, vote
from rostra.forum.polls.models import Option, Poll, Vote
from rostra.forum.polls.rules import LONG_AGO, Plan
from rostra.forum.threads.actions.posts import remove_post
from rostra.forum.threads.models import Post, Thread
from rostra.forum.words.actions import watch_words
from rostra.web import addresses
from tests.budgets import GUEST, MEMBER_MORE
from tests.web.door import Door
from tests.web.visits import as_, thread_address

REASON = "The question names a private person."
FORM = {
    "title": "Tram", "source": "Let us see.", "poll_question": "أي طريق؟ <b>",
    "poll_options": "The quay\r\n\r\nMill <i>Street\r\n",
}  # fmt: skip
PLAN = Plan("Which way?", ("The quay", "Mill Street", "Neither"))


def polled(cast, plan=PLAN):
    return start_with_poll(cast.view(cast.quay), cast.harbour.pk, "Tram", "Words.", plan)


def page_of(thread):
    return addresses.thread(thread.pk, thread.title)


def brought_along(cast, **more):
    """A public poll of which an import told only how many voted, with one voter's name."""
    thread = polled(cast, PLAN._replace(is_public=True, **more))
    vote(cast.view(cast.hill), thread.pk, [1])
    Option.objects.filter(poll_id=thread.pk, place=1).update(vote_count=3, without_names=2)
    Poll.objects.filter(pk=thread.pk).update(voter_count=3, without_names=2)
    return thread


def ballot(thread):
    return f"/threads/{thread.pk}/poll"


def test_a_poll_is_made_by_a_plain_form(web, cast):
    as_(web, cast, "quay")
    start = f"/boards/{cast.harbour.pk}/start"
    assert 'name="poll_options"' in web.get(start).text
    answer = web.post(start, {**FORM, "poll_most": "2", "poll_days": "7", "poll_public": "1"})
    assert answer.status_code == 303
    poll = Poll.objects.get()
    assert (poll.most, poll.is_public, poll.may_change, poll.shows_results) == (2, True, True, True)
    page = web.get(answer.headers["Location"]).text
    assert page.index('id="poll"') < page.index('id="post-1"')
    assert '<h2 id="poll-question" dir="auto">أي طريق؟ &lt;b&gt;</h2>' in page
    assert 'name="choice-2" value="1"' in page
    assert "Mill &lt;i&gt;Street" in page
    assert "style=" not in page
    board = web.get(addresses.board(cast.harbour.pk, cast.harbour.title)).text
    assert '<span class="tag kind">Poll</span>' in board


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"poll_options": "One"}, "2 to 10 options"),
        ({"poll_options": "One\none"}, "options are the same"),
        ({"poll_question": ""}, "Please write something"),
        ({"poll_most": "9"}, "as many as there are options"),
        ({"poll_most": "x"}, "as many as there are options"),
        ({"poll_days": "0"}, "1 to 365"),
        ({"poll_days": "٧٧٧٧"}, "1 to 365"),
        ({"poll_options": "x" * 201 + "\nTwo"}, "200 characters at most"),
        ({"title": ""}, "Please write something"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(web, cast, more, words):
    as_(web, cast, "quay")
    start = f"/boards/{cast.harbour.pk}/start"
    form = {**FORM, "poll_question": "Which way?", "poll_options": "Left\nRight", "poll_fixed": "1"}
    answer = web.post(start, {**form, **more})
    assert answer.status_code == 422
    assert words in answer.text
    assert {**form, **more}["poll_options"] in answer.text
    assert 'name="poll_fixed" value="1" checked' in answer.text
    assert "add-poll" in answer.text
    assert {**form, **more}["poll_options"] in web.get(start).text  # the draft
    assert not Thread.objects.filter(title="Tram").exists()


def test_a_vote_is_cast_and_changed_by_a_plain_form(web, cast):
    thread = polled(cast)
    as_(web, cast, "hill")
    page = web.get(page_of(thread)).text
    assert page.count('type="radio"') == 3
    answer = web.post(ballot(thread), {"choice": "2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page_of(thread)}#poll")
    page = web.get(page_of(thread)).text
    assert "✓ Your vote" in page
    assert re.search(r'<meter min="0" max="1" value="1" aria-label="Mill Street">', page)
    assert "Change your vote" in page
    web.post(ballot(thread), {"choice": "2"})
    web.post(ballot(thread), {"choice": "3"})
    assert list(Vote.objects.values_list("option__place", flat=True)) == [3]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422), ({"choice": "4"}, 422), ({"choice": "x"}, 422), ({"choice": ["1", "2"]}, 422),
        ({"choice": "1", "choice-2": "1"}, 422), ({"choice": "1", "most": "9"}, 422),
        ({"choice-11": "1"}, 422), ({"choice-9": "1"}, 422), ({"choice": "1"}, 303),
        ({"choice-1": "1"}, 303),
    ],
)  # fmt: skip
def test_a_ballot_is_a_ballot_of_this_poll(web, cast, form, status):
    """SEC-064."""
    thread = polled(cast)
    as_(web, cast, "hill")
    assert web.post(ballot(thread), form).status_code == status
    assert Vote.objects.count() == (status == 303)


def test_too_many_choices_are_told_on_the_ballots_page(web, cast):
    thread = polled(cast, PLAN._replace(most=2))
    as_(web, cast, "hill")
    form = {f"choice-{place}": "1" for place in (1, 2, 3)}
    answer = web.post(ballot(thread), form)
    assert (answer.status_code, "more choices than" in answer.text) == (422, True)
    assert 'class="ballot"' in answer.text
    assert web.post(ballot(thread), dict(list(form.items())[:2])).status_code == 303


@pytest.mark.parametrize(
    ("who", "votes", "edits"),
    [(None, 403, 403), ("quay", 303, 200), ("hill", 303, 403), ("mod", 303, 200)],
)
def test_who_may_what(web, cast, who, votes, edits):
    """SEC-067; SEC-028: looking changes nothing."""
    thread = polled(cast)
    page = as_(web, cast, who).get(page_of(thread)).text
    assert ('class="ballot"' in page) is (votes == 303)
    assert ("Log in to vote" in page) is (who is None)
    for act in ("edit", "close"):
        address = f"{ballot(thread)}/{act}"
        assert (address in page) is (edits == 200)
        assert web.get(address).status_code == edits
    assert web.get(f"{ballot(thread)}?choice=1").status_code == 200
    assert not Vote.objects.exists()
    assert web.post(ballot(thread), {"choice": "1"}).status_code == votes
    form = {"poll_question": "Q?", "poll_options": "A\nB\nC", "reason": REASON}
    changed = web.post(f"{ballot(thread)}/edit", form).status_code
    assert changed == {"mod": 303}.get(who, 403)  # somebody has voted, but for a guest
    closed = web.post(f"{ballot(thread)}/close", {"reason": REASON}).status_code
    assert closed == (303 if edits == 200 else 403)


def test_no_vote_without_the_token(cast):
    """SEC-026."""
    thread = polled(cast)
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost:8000")
    as_(client, cast, "hill")
    page = client.get(page_of(thread)).text
    for act in ("", "/edit", "/close"):
        assert client.post(ballot(thread) + act, {"choice": "1"}).status_code == 403
    token = re.search(r'class="ballot">\s*<input[^>]+value="([^"]+)"', page)[1]
    form = {"choice": "1", "csrfmiddlewaretoken": token}
    assert client.post(ballot(thread), form).status_code == 303


def test_its_author_changes_the_poll_before_anybody_votes(web, cast):
    thread = polled(cast)
    as_(web, cast, "quay")
    address = f"{ballot(thread)}/edit"
    assert "The quay\nMill Street\nNeither</textarea>" in web.get(address).text
    wrong = web.post(address, {"poll_question": "Kept?", "poll_options": "One"})
    assert (wrong.status_code, "Kept?" in wrong.text) == (422, True)
    form = {"poll_question": "Whither?", "poll_options": "Left\nRight", "poll_hidden": "1"}
    assert web.post(address, form).status_code == 303
    assert "Whither?" in web.get(page_of(thread)).text
    vote(cast.view(cast.hill), thread.pk, [1])
    assert web.get(address).status_code == 403
    page = web.get(page_of(thread)).text
    assert address not in page
    assert "<meter" not in page  # the results wait


def test_a_moderators_act_needs_a_reason(web, cast):
    thread = polled(cast)
    as_(web, cast, "mod")
    assert web.post(f"{ballot(thread)}/close", {"reason": "short"}).status_code == 422
    assert web.post(f"{ballot(thread)}/close", {"reason": REASON}).status_code == 303
    assert web.get(f"{ballot(thread)}/close").status_code == 403
    assert "Poll closed" in web.get("/moderation-log").text
    assert 'class="ballot"' not in web.get(page_of(thread)).text


@pytest.mark.parametrize("who", [None, "quay", "mod", "admin"])
def test_secret_votes_stand_on_no_page(web, cast, who):
    thread = polled(cast)
    vote(cast.view(cast.hill), thread.pk, [1])
    as_(web, cast, who)
    for address in (page_of(thread), ballot(thread)):
        page = web.get(address).text
        assert "Hill" not in page
        assert "Your vote" not in page
    assert web.get(f"{ballot(thread)}/voters").status_code == 404


def test_public_votes_have_a_page(web, cast):
    thread = polled(cast, PLAN._replace(is_public=True, shows_results=False))
    vote(cast.view(cast.hill), thread.pk, [1])
    assert "Hill" not in web.get(f"{ballot(thread)}/voters").text
    close_poll(cast.view(cast.quay), thread.pk)
    page = web.get(f"{ballot(thread)}/voters").text
    assert "Hill" in page
    assert "The quay" in page


def test_a_guests_kept_page_counts_every_vote(door, cast):
    """SEC-113: and has no form, and sets no cookie."""
    thread = polled(cast)
    pages = [door.get(page_of(thread)).body]
    for who in (cast.hill, cast.mod):
        vote(cast.view(who), thread.pk, [1])
        pages.append(door.get(page_of(thread)).body)
        assert pages[-1] == Door().get(page_of(thread)).body
    close_poll(cast.view(cast.quay), thread.pk)
    last = door.get(page_of(thread))
    pages.append(last.body)
    assert len(set(pages)) == 4
    assert "set-cookie" not in last.headers
    assert b"csrfmiddlewaretoken" not in b"".join(pages)
    assert settings.CSRF_COOKIE_NAME.encode() not in b"".join(pages)


def test_with_its_opening_post_a_poll_goes_and_comes(web, cast):
    thread = polled(cast)
    remove_post(cast.view(cast.mod), Post.objects.get(thread=thread).pk, REASON)
    for who in (None, "quay", "mod"):
        page = as_(web, cast, who).get(page_of(thread)).text
        assert PLAN.question not in page
        assert web.get(ballot(thread)).status_code == 404


@pytest.mark.parametrize("who", [None, "hill"])
def test_a_poll_costs_one_query_and_none_where_there_is_none(web, cast, who):
    thread = polled(cast)
    as_(web, cast, who)
    for address, more in ((page_of(thread), GUEST["poll"]), (thread_address(cast), 0)):
        web.get(address)
        with CaptureQueriesContext(connection) as queries:
            web.get(address)
        assert len(queries) == GUEST["thread"] + more + (MEMBER_MORE if who else 0)


def test_votes_that_came_without_names_are_counted_and_told_apart(web, cast):
    thread = brought_along(cast)
    page = web.get(page_of(thread)).text
    assert "With votes from another forum" in page and '<span class="num">3 voters' in page
    voters = web.get(f"{ballot(thread)}/voters").text
    assert "Hill" in voters and "2 more voted in the forum this came from" in voters
    Vote.objects.all().delete()
    voters = web.get(f"{ballot(thread)}/voters").text
    assert "2 more voted" in voters and "Nobody has voted yet" not in voters
    other = polled(cast, PLAN._replace(is_public=True))
    assert "another forum" not in web.get(page_of(other)).text
    Poll.objects.filter(pk=other.pk).update(closes_at=LONG_AGO)
    Thread.objects.filter(pk=other.pk).update(version=F("version") + 1)
    assert "<span>Closed</span>" in web.get(page_of(other)).text
    assert "Nobody has voted yet" in web.get(f"{ballot(other)}/voters").text


def test_how_many_came_is_told_no_sooner_than_the_results(web, cast):
    thread = brought_along(cast, shows_results=False)
    assert "more voted in the forum" not in web.get(f"{ballot(thread)}/voters").text


def test_options_beyond_those_of_a_form_can_be_chosen(web, cast):
    """A poll that was brought along may have more of them."""
    thread = polled(cast, PLAN._replace(most=3))
    for place in range(4, 21):
        Option.objects.create(poll_id=thread.pk, place=place, text=f"Option {place}")
    as_(web, cast, "hill")
    assert web.post(ballot(thread), {"choice-1": "1", "choice-20": "1"}).status_code == 303
    assert set(Vote.objects.values_list("option__place", flat=True)) == {1, 20}
    assert web.post(ballot(thread), {"choice-21": "1"}).status_code == 422
    as_(web, cast, "admin")
    edit = f"{ballot(thread)}/edit"
    assert 'max="20"' in web.get(edit).text


def test_a_watched_word_is_told_at_its_field_and_what_was_typed_stays(web, cast):
    watch_words(cast.view(cast.mod), ["damn"], "censor", reason=REASON)
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=REASON)
    as_(web, cast, "quay")
    values = {"poll_question": "Which damn way?", "poll_options": "Quay\r\nDamn street"}
    answer = web.post(f"/boards/{cast.harbour.pk}/start", {**FORM, **values, "tags": "damn"})
    assert (answer.status_code, Poll.objects.count()) == (422, 0)
    assert answer.text.count("There is a word in it that is not taken here.") == 3
    assert 'value="Which damn way?"' in answer.text
    thread = polled(cast)
    values = {"poll_question": "Which toll?", "poll_options": "Quay\r\nMill street"}
    answer = web.post(f"/threads/{thread.pk}/poll/edit", values)
    assert answer.status_code == 422
    assert "moderators look at before others do" in answer.text
    assert 'value="Which toll?"' in answer.text
    assert Poll.objects.get().question == PLAN.question
