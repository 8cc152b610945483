"""Before a thread is started: what is like it, and who was first with the same article."""

from __future__ import annotations

import re

import pytest

from rostra.effects.search.actions import catch_up
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Thread
from tests.web.visits import as_

LINK = "https://courier.example/barrier"


@pytest.fixture
def news(cast):
    head = Head("news", LINK, "It was shut at six.")
    thread = start_thread(
        cast.view(cast.quay), cast.harbour.pk, "Courier on the gate", "W.", head=head
    )
    start_thread(cast.view(cast.mod), cast.staff_room.pk, "canary of staff", "Words.", head=head)
    catch_up()
    return thread


def form(cast, web, **more):
    page = web.get(f"/boards/{cast.harbour.pk}/start").text
    found = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("key", "seen")
    }
    return {**found, "title": "Another title", "source": "My own words.", **more}


def test_the_same_article_is_said_once_and_then_taken(web, cast, news):
    as_(web, cast, "hill")
    door = f"/boards/{cast.harbour.pk}/start"
    sent = form(cast, web, kind="news", link=LINK)
    before = Thread.objects.count()
    answer = web.post(door, sent)
    assert answer.status_code == 200
    assert "about this article already" in answer.text and "Courier on the gate" in answer.text
    assert "canary" not in answer.text
    assert "My own words." in answer.text and 'name="seen" value=""' in answer.text
    assert Thread.objects.count() == before
    assert web.post(door, {**sent, "seen": ""}).status_code == 303
    assert Thread.objects.count() == before + 1


def test_another_article_is_taken_at_once(web, cast, news):
    as_(web, cast, "hill")
    sent = form(cast, web, kind="news", link=LINK + "-2")
    assert web.post(f"/boards/{cast.harbour.pk}/start", sent).status_code == 303


def test_a_link_that_is_none_is_said_by_the_form(web, cast, news):
    as_(web, cast, "hill")
    sent = form(cast, web, kind="news", link="javascript:alert(1)")
    assert web.post(f"/boards/{cast.harbour.pk}/start", sent).status_code == 422


@pytest.mark.parametrize("who", [None, "hill", "mod"])
def test_titles_that_are_alike(web, cast, news, who):
    as_(web, cast, who)
    page = web.get("/search/alike?title=What+the+Courier+says+on+the+gate").text
    assert "Courier on the gate" in page
    assert (
        "canary"
        in web.get("/search/alike?title=canary+of+staff").text.partition(
            '<ul class="panel similar"'
        )[2]
    ) == (who == "mod")
    assert "No other thread" in web.get("/search/alike?title=").text


def test_a_preview_shows_what_is_alike(web, cast, news):
    as_(web, cast, "hill")
    sent = form(cast, web, title="The Courier on the gate", do="preview")
    page = web.post(f"/boards/{cast.harbour.pk}/start", sent).text
    assert "Similar threads" in page and "Courier on the gate</a>" in page
