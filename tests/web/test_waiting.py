"""What waits for approval, and watched words, as pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostra.forum.holds.actions import let_wait
from rostra.forum.holds.models import Caution, Hold
from rostra.forum.members.models import Application, Member
from rostra.forum.modlog.models import Statement
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post
from rostra.forum.words.actions import watch_words
from rostra.forum.words.models import WatchedWord
from rostra.kernel import jobs
from tests.budgets import MEMBER_MORE, WAITING
from tests.cast import WHY
from tests.web.joining import filled_in
from tests.web.test_own_data import told_to
from tests.web.visits import as_, thread_address

WORDS = "Please say where this can be read."


@pytest.fixture
def first(monkeypatch):
    monkeypatch.setattr(settings, "ROSTRA", replace(settings.ROSTRA, held_first_posts=1))


def reply(web, cast, source="Hello, I am <b>new</b> here."):
    web.force_login(cast.newcomer, backend=settings.AUTHENTICATION_BACKENDS[0])
    return web.post(f"/threads/{cast.barrier.pk}/reply", {"source": source})["Location"]


def test_an_author_sees_what_waits_and_is_told_what_came_of_it(web, cast, first):
    """Only they and the moderators; approved, it stands at the end of the thread."""
    address = reply(web, cast)
    post = Post.objects.get(state="pending")
    assert address == f"/posts/{post.pk}/waiting"
    page = web.get(address).text
    assert "It waits for a moderator to look at it." in page
    assert "Take it back" in page
    assert "Let it through" not in page
    assert "Hello, I am" in web.get(thread_address(cast)).text
    assert web.get(f"/posts/{post.pk}")["Location"] == address
    assert "Hello, I am" in web.get("/account/waiting").text
    assert "first_posts" in told_to(cast, "newcomer")
    assert "Hello, I am" not in as_(web, cast, "hill").get(thread_address(cast)).text
    assert web.get(address).status_code == 404
    as_(web, cast, "mod")
    hold = Hold.objects.get()
    assert "Hello, I am" in web.get("/staff/waiting").text
    form = {"do": "approve", "hold": str(hold.pk), "version": str(hold.version)}
    done = web.post("/staff/waiting?board=&reason=first_posts", form)["Location"]
    assert "Let through." in web.get(done).text
    late = web.post("/staff/waiting", {**form, "version": "2"})
    assert (late.status_code, "Somebody was faster" in late.text) == (403, True)
    while jobs.run_due():
        continue
    as_(web, cast, "newcomer")
    assert "A moderator has looked at what you wrote" in web.get("/notifications").text
    assert web.get(f"/account/waiting/{hold.pk}")["Location"] == f"/posts/{post.pk}"
    assert "#post-4" in web.get(f"/posts/{post.pk}")["Location"]


def test_turned_down_keeps_what_was_typed_until_it_is_right(web, cast, first):
    reply(web, cast)
    hold = Hold.objects.get()
    as_(web, cast, "mod")
    form = {
        "do": "reject",
        "hold": str(hold.pk),
        "version": "1",
        "rule": "",
        "reason": "Too <short",
    }
    wrong = web.post("/staff/waiting", form)
    assert wrong.status_code == 422
    assert "Too &lt;short" in wrong.text
    assert "aria-invalid" in wrong.text
    assert web.post("/staff/waiting", {**form, "rule": "R5", "reason": WHY}).status_code == 303
    n = Statement.objects.get().pk
    assert (
        f'href="/statements/{n}"'
        in as_(web, cast, "newcomer").get(f"/posts/{hold.post_id}/waiting").text
    )


def test_given_back_the_author_finds_the_text_in_the_editor(web, cast, first):
    address = reply(web, cast)
    hold = Hold.objects.get()
    form = {"do": "return", "hold": str(hold.pk), "version": "1", "words": WORDS}
    as_(web, cast, "mod").post(address, form)
    page = as_(web, cast, "newcomer").get(address).text
    assert WORDS in page
    assert f"/threads/{cast.barrier.pk}/reply" in page
    assert (
        "Hello, I am &lt;b&gt;new&lt;/b&gt; here."
        in web.get(f"/threads/{cast.barrier.pk}/reply").text
    )


def test_a_new_thread_waits_on_its_own_page(web, cast, first):
    web.force_login(cast.newcomer, backend=settings.AUTHENTICATION_BACKENDS[0])
    form = {"title": "A first thread", "source": "Words.", "kind": "discussion"}
    address = web.post(f"/boards/{cast.harbour.pk}/start", form)["Location"]
    assert web.get(address)["Location"].endswith("/waiting")
    page = web.get(web.get(address)["Location"]).text
    assert "A first thread" in page
    web.post(web.get(address)["Location"], {"do": "withdraw"})
    assert Hold.objects.get().state == "withdrawn"


def test_an_edit_that_waits_shows_what_it_changes(web, cast):
    watch_words(cast.view(cast.mod), ["toll"], "hold", reason=WHY)
    post = Post.objects.get(thread=cast.barrier, number=2)
    form = {"source": "The toll.", "reason": "", "was": ""}
    address = as_(web, cast, "hill").post(f"/posts/{post.pk}/edit", form)["Location"]
    assert address == f"/posts/{post.pk}/waiting"
    assert "Your edit waits" in web.get(thread_address(cast)).text
    assert "Post 2." in as_(web, cast, "quay").get(thread_address(cast)).text
    assert "<ins>" in as_(web, cast, "mod").get("/staff/waiting").text


def test_ten_thousand_that_wait_cost_what_twenty_do(web, cast, first):
    """The queue has a fixed number of queries."""
    reply(web, cast)
    as_(web, cast, "mod")
    one = Hold.objects.get()
    post = Post.objects.get(pk=one.post_id)

    def fill_to(count):
        have = Hold.objects.count()
        posts = Post.objects.bulk_create(
            Post(
                thread=post.thread, author=cast.newcomer, state="pending", source="Words.",
                html="<p>Words.</p>", created_at=timezone.now(),
            )
            for _ in range(count - have)
        )  # fmt: skip
        Hold.objects.bulk_create(
            Hold(
                kind="reply", post_id=row.pk, thread_id=row.thread_id, board_id=one.board_id,
                author=cast.newcomer, reasons=one.reasons, names=one.names, held_at=one.held_at,
            )
            for row in posts
        )  # fmt: skip

    def price():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert web.get("/staff/waiting?reason=first_posts").status_code == 200
        return len(asked)

    fill_to(40)
    web.get("/")  # what a process asks once after a change of settings
    assert price() == WAITING["queue"] + MEMBER_MORE
    fill_to(10_000)
    assert price() == WAITING["queue"] + MEMBER_MORE


@pytest.mark.parametrize(("who", "status"), [(None, 403), ("hill", 403), ("mod", 200)])
def test_whose_posts_wait_is_set_by_moderators(web, cast, who, status):
    as_(web, cast, who)
    form = {"do": "set", "scope": "board", "target": str(cast.harbour.pk), "reason": WHY}
    for address in ("/staff/cautions", "/staff/waiting", "/staff/words"):
        assert web.get(address).status_code == status
    web.post("/staff/cautions", form)
    assert Caution.objects.count() == int(who == "mod")
    web.post(f"/threads/{cast.barrier.pk}/caution", {"reason": WHY})
    assert Caution.objects.count() == 2 * int(who == "mod")


def test_cautions_are_listed_and_lifted_with_what_was_typed(web, cast):
    as_(web, cast, "mod")
    short = {
        "do": "set",
        "scope": "group",
        "target": str(cast.groups.administrators),
        "reason": "Short",
    }
    wrong = web.post("/staff/cautions", short)
    assert (wrong.status_code, 'value="Short"' in wrong.text) == (422, True)
    web.post("/staff/cautions", {**short, "reason": WHY})
    assert "Posts of a group" in web.get("/staff/cautions").text
    web.post("/staff/cautions", {**short, "do": "lift", "reason": WHY})
    assert not Caution.objects.exists()
    odd = web.post("/staff/cautions", {**short, "scope": "everybody", "reason": WHY})
    assert odd.status_code == 422


def test_while_newcomers_wait_who_joins_waits_to_be_let_in(web, cast):
    """ABU-010."""
    let_wait(cast.view(cast.mod), "newcomers", hours=6, reason=WHY)
    assert "Newcomers" in as_(web, cast, "mod").get("/staff/waiting").text
    on_guard = "Newcomers' posts wait for approval"
    assert on_guard in web.get("/").text  # on every page of theirs
    assert on_guard not in as_(web, cast, "hill").get("/").text
    web.logout()
    form = filled_in(web, name="Late comer")
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        web.post("/account/join", form)
    assert Application.objects.filter(name="Late comer", kind="approve").exists()
    assert not Member.objects.filter(name="Late comer").exists()
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "No newcomer where limits are off.")
    assert post.state == "visible"


def test_words_are_watched_tried_and_taken_off_the_list(web, cast):
    as_(web, cast, "mod")
    form = {"do": "watch", "words": "casino*\ndamn", "act": "censor", "link": "", "reason": "x"}
    wrong = web.post("/staff/words", form)
    assert (wrong.status_code, "casino*\ndamn" in wrong.text) == (422, True)
    assert web.post("/staff/words", {**form, "reason": WHY}).status_code == 303
    tried = web.post("/staff/words", {"do": "try", "try": "Damn <casinos>!"}).text
    assert "■■■■" in tried
    assert "Damn &lt;casinos&gt;!" in tried
    ids = list(WatchedWord.objects.values_list("pk", flat=True))
    assert web.post("/staff/words", {"do": "unwatch", "reason": WHY}).status_code == 422
    gone = web.post("/staff/words", {"do": "unwatch", "word": ids, "reason": WHY})
    assert (gone.status_code, WatchedWord.objects.count()) == (303, 0)
    log = web.get("/moderation-log").text
    assert "Watched words changed" in log
    assert "casino" not in log


def test_a_poll_goes_with_the_thread_that_waits(web, cast, first):
    """Who decides reads what it asks; given back, its author goes on with it."""
    asked = {
        "title": "Tram", "source": "Let us see.", "poll_question": "Which <i>way</i>?",
        "poll_options": "The quay\nMill Street", "poll_days": "3",
    }  # fmt: skip
    address = f"/boards/{cast.harbour.pk}/start"
    assert as_(web, cast, "newcomer").post(address, asked).status_code == 303
    page = as_(web, cast, "mod").get("/staff/waiting").text
    for words in ("Which &lt;i&gt;way&lt;/i&gt;?", "The quay", "Mill Street"):
        assert words in page
    hold = Hold.objects.get()
    form = {"hold": hold.pk, "version": hold.version, "do": "return", "words": WORDS}
    assert web.post("/staff/waiting", form).status_code == 303
    page = as_(web, cast, "newcomer").get(address).text
    assert 'value="Which &lt;i&gt;way&lt;/i&gt;?"' in page
    assert "The quay\nMill Street</textarea>" in page
