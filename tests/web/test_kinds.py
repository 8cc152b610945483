"""Types of threads as they are shown and chosen: forms without scripts, every role."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.threads.actions.answers import accept_answer
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.composing import draft_for
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Post, Thread
from rostra.web import addresses
from tests.budgets import GUEST, MEMBER_MORE
from tests.web.door import Door
from tests.web.visits import as_

REASON = "It was filed under the wrong type."
LINK = "https://www.example.org/barrier?a=1&b=2"
NEWS = {"kind": "news", "link": LINK, "excerpt": "أُغلق الحاجز.\nIt was <b>closed</b>."}


@pytest.fixture
def question(cast):
    return start_thread(
        cast.view(cast.quay), cast.harbour.pk, "Why?", "I ask.", head=Head("question")
    )


@pytest.fixture
def answer(cast, question):
    return post_reply(cast.view(cast.hill), question.pk, "Because.")


def page_of(thread):
    return addresses.thread(thread.pk, thread.title)


def opening(thread):
    return Post.objects.get(thread=thread, number=1)


def test_news_is_started_by_a_plain_form_and_shown_as_a_card(web, cast):
    as_(web, cast, "hill")
    page = web.get(f"/boards/{cast.harbour.pk}/start").text
    assert re.search(r'name="kind" value="discussion" checked', page)
    form = {**NEWS, "title": "Barrier closed", "source": "My own words."}
    answer = web.post(f"/boards/{cast.harbour.pk}/start", form)
    assert answer.status_code == 303
    web.logout()
    shown = web.get(answer.headers["Location"]).text
    escaped = LINK.replace("&", "&amp;")
    assert f'<a class="to" href="{escaped}" rel="nofollow ugc noopener noreferrer"' in shown
    assert '<bdi dir="ltr">example.org</bdi>' in shown
    assert '<blockquote dir="auto"' in shown
    assert '<p dir="auto">أُغلق الحاجز.</p>' in shown
    assert "It was &lt;b&gt;closed&lt;/b&gt;." in shown
    board = web.get(addresses.board(cast.harbour.pk, cast.harbour.title)).text
    assert re.search(r'class="tag kind news">News · <bdi dir="ltr">example.org</bdi>', board)
    ld = json.loads(re.search(r'ld\+json">(.*?)</script>', shown, re.S)[1])
    assert ld["sharedContent"] == {"@type": "WebPage", "url": LINK}


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "news"}, "needs the address of its article"),
        ({"kind": "news", "link": "javascript:alert(1)"}, "not the address of a web page"),
        ({"kind": "news", "link": LINK, "excerpt": "x" * 601}, "600 characters at most"),
        ({"kind": "rant"}, "choose one of the list"),
        ({"kind": "news", "link": LINK, "excerpt": "e", "source": " "}, "Please write something"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(web, cast, form, words):
    as_(web, cast, "hill")
    full = {"title": "A good title", "source": "Kept words.", "excerpt": "Kept excerpt.", **form}
    answer = web.post(f"/boards/{cast.harbour.pk}/start", full)
    assert answer.status_code == 422
    assert words in answer.text
    assert "A good title" in answer.text
    assert full["excerpt"] in answer.text
    assert full.get("link", "") in unescape(answer.text)
    kept = draft_for(cast.view(cast.hill), f"b{cast.harbour.pk}")
    assert kept.more["excerpt"] == full["excerpt"]
    assert full["excerpt"] in web.get(f"/boards/{cast.harbour.pk}/start").text  # the draft
    assert not Thread.objects.filter(title="A good title").exists()


def test_a_draft_of_the_open_page_holds_the_article(web, cast):
    as_(web, cast, "hill")
    form = {"place": f"b{cast.harbour.pk}", "title": "T", "source": "Half a thought.", **NEWS}
    assert web.post("/write/draft", form).status_code == 204
    page = web.get(f"/boards/{cast.harbour.pk}/start").text
    assert 'name="kind" value="news" checked' in page
    assert "It was &lt;b&gt;closed" in page


@pytest.mark.parametrize(
    ("who", "status"), [(None, 403), ("hill", 403), ("quay", 200), ("mod", 200), ("newcomer", 403)]
)
def test_who_may_mark_the_answer_is_offered_it(web, cast, question, answer, who, status):
    """SEC-067."""
    page = as_(web, cast, who).get(page_of(question)).text
    address = f"/posts/{answer.pk}/answer"
    assert (address in page) is (status == 200)
    assert f"/posts/{opening(question).pk}/answer" not in page
    assert web.get(address).status_code == status
    form = {"accepted": "yes", "reason": REASON}
    assert web.post(address, form).status_code == (303 if status == 200 else 403)
    assert (Thread.objects.get(pk=question.pk).answer_id == answer.pk) is (status == 200)


def test_the_answer_is_marked_linked_and_told_in_lists(web, cast, question, answer):
    board = addresses.board(cast.harbour.pk, cast.harbour.title)
    assert 'class="tag kind question"' in web.get(board).text
    as_(web, cast, "quay").post(f"/posts/{answer.pk}/answer", {"accepted": "yes"})
    assert "Not the answer" in web.get(page_of(question)).text
    web.logout()
    page = web.get(page_of(question)).text
    assert "✓ Accepted answer" in page
    assert re.search(rf'class="answered-by"><a href="/posts/{answer.pk}">.*#2.*Hill', page)
    listed = web.get(board).text
    assert "Answered" in listed
    assert 'class="tag kind question"' not in listed
    remove_post(cast.view(cast.mod), answer.pk, REASON)
    page, listed = web.get(page_of(question)).text, web.get(board).text
    assert "answered-by" not in page
    assert "Accepted answer" not in page
    assert "Answered" not in listed


def test_a_moderator_says_why(web, cast, question, answer):
    as_(web, cast, "mod")
    address = f"/posts/{answer.pk}/answer"
    assert 'name="reason"' in web.get(address).text
    refused = web.post(address, {"accepted": "yes", "reason": "short"})
    assert (refused.status_code, "short" in refused.text) == (422, True)
    assert web.post(address, {"accepted": "yes", "reason": REASON}).status_code == 303
    assert "Post marked as the answer" in web.get("/moderation-log").text
    assert REASON in web.get("/moderation-log").text


@pytest.mark.parametrize("form", [{}, {"accepted": "1"}, {"accepted": ["yes", "no"]}, {"x": "1"}])
def test_an_odd_form_changes_nothing(web, cast, question, answer, form):
    """SEC-064; SEC-028: looking changes nothing either."""
    as_(web, cast, "quay").get(f"/posts/{answer.pk}/answer?accepted=yes")
    assert web.post(f"/posts/{answer.pk}/answer", form).status_code == 422
    assert Thread.objects.get(pk=question.pk).answer_id is None


def test_a_guests_kept_page_follows_every_change(door, cast, question, answer):
    """SEC-113: the very next answer is the one Django would give."""
    places = [page_of(question), addresses.board(cast.harbour.pk, cast.harbour.title), "/whats-new"]
    acts = [
        lambda: accept_answer(cast.view(cast.quay), answer.pk, accepted=True),
        lambda: accept_answer(cast.view(cast.quay), answer.pk, accepted=False),
    ]
    for act in acts:
        before = [door.get(place).body for place in places]
        act()
        after = [door.get(place).body for place in places]
        assert all(old != new for old, new in zip(before, after, strict=True))
        assert after == [Door().get(place).body for place in places]


def test_the_type_is_changed_where_the_opening_post_is(web, cast, question, answer):
    address = f"/posts/{opening(question).pk}/edit"
    page = as_(web, cast, "quay").get(address).text
    assert 'name="kind" value="question" checked' in page
    assert 'name="kind"' not in as_(web, cast, "hill").get(f"/posts/{answer.pk}/edit").text
    assert web.post(f"/posts/{answer.pk}/edit", {"source": "B.", "kind": "news"}).status_code == 422
    as_(web, cast, "quay")
    wrong = web.post(address, {"source": "I ask.", "kind": "news", "link": "nowhere"})
    assert (wrong.status_code, "nowhere" in wrong.text) == (422, True)
    assert web.post(address, {"source": "I ask.", **NEWS}).status_code == 303
    assert Thread.objects.get(pk=question.pk).kind == "news"
    assert web.post(address, {"source": "I still ask."}).status_code == 303  # an older form
    assert Thread.objects.get(pk=question.pk).kind == "news"


def test_a_moderators_change_of_type_needs_a_reason(web, cast, question):
    address = f"/posts/{opening(question).pk}/edit"
    as_(web, cast, "mod")
    form = {"source": "I ask.", "kind": "discussion"}
    assert web.post(address, form).status_code == 422
    assert web.post(address, {**form, "reason": REASON}).status_code == 303
    assert "Title, type, article or tags of a thread changed" in web.get("/moderation-log").text


@pytest.mark.parametrize("who", [None, "quay"])
def test_news_and_questions_cost_what_others_cost(web, cast, question, answer, who):
    accept_answer(cast.view(cast.quay), answer.pk, accepted=True)
    as_(web, cast, who).get(page_of(question))
    with CaptureQueriesContext(connection) as queries:
        web.get(page_of(question))
    assert len(queries) == GUEST["thread"] + (MEMBER_MORE if who else 0)
