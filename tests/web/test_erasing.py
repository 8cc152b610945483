"""Being erased, from the pages: asking, keeping, and what every surface shows afterwards."""

from __future__ import annotations

import dataclasses

import pytest

from rostra.forum.erasure import actions, queries
from rostra.forum.erasure.models import Erasure
from rostra.forum.threads.actions.posts import post_reply
from rostra.kernel import clock, jobs
from tests.cast import WHY
from tests.web.visits import as_

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)


def due() -> None:
    Erasure.objects.update(due_at=clock.now())
    actions.begin_due()
    for _ in range(20):
        jobs.run_due()
        jobs.run_aside()


def read(web, address: str) -> str:
    """Return what is there, following where it leads."""
    answer = web.get(address)
    while 300 < answer.status_code < 304:
        answer = web.get(answer.headers["Location"].partition("#")[0])
    return answer.getvalue().decode()


def test_a_member_asks_and_keeps_the_account(web, cast):
    as_(web, cast, "hill")
    assert "Erase your account" in web.get("/account").text
    assert web.post("/account/erase", {"do": "ask", "choice": "words"}).status_code == 303
    page = web.get("/account/erase").text
    assert "Keep my account" in page and "Your name goes, and all your words." in page
    assert web.post("/account/erase", {"do": "keep"}).status_code == 303
    assert queries.wish_of(cast.hill.pk) is None


def test_what_was_typed_stays_where_it_is_wrong(web, cast):
    as_(web, cast, "hill")
    answer = web.post("/account/erase", {"do": "ask", "choice": "some", "posts": "my rant"})
    assert answer.status_code == 422
    assert "my rant" in answer.text and "the number of a post" in answer.text
    answer = web.post("/account/erase", {"do": "ask", "choice": "some", "posts": " "})
    assert "List the posts whose words are to go" in answer.text
    assert web.post("/account/erase", {"do": "ask"}).status_code == 422
    assert not Erasure.objects.exists()


def test_staff_are_told_to_hand_over_first(web, cast):
    as_(web, cast, "mod")
    assert "hands over their rights first" in web.get("/account/erase").text


def test_staff_agree_to_lists_and_enter_letters(web, cast):
    post = post_reply(cast.view(cast.hill), cast.barrier.pk, "A post that is to go.")
    actions.ask(cast.view(cast.hill), "some", str(post.pk))
    as_(web, cast, "mod")
    assert web.get("/staff/erasures").status_code == 403
    as_(web, cast, "admin")
    assert f"/posts/{post.pk}" in web.get("/staff/erasures").text
    web.post("/staff/erasures", {"do": "agree", "member": cast.hill.pk})
    assert queries.wish_of(cast.hill.pk).state == "waiting"
    wrong = {"do": "ask", "name": "Nobody Here", "choice": "name", "reason": WHY}
    assert web.post("/staff/erasures", wrong).status_code == 422
    web.post("/staff/erasures", {**wrong, "name": "Quay"})
    assert queries.wish_of(cast.quay.pk).state == "waiting"


def test_nowhere_on_the_web_is_the_name_afterwards(web, cast):
    """PRV-002: pages, kept ones too, lists, feeds, structured data, search, the log."""
    first = post_reply(cast.view(cast.hill), cast.barrier.pk, "Low water is a lanternfish matter.")
    post_reply(
        cast.view(cast.quay), cast.barrier.pk,
        f'[quote="Hill, post: {first.pk}"]Low water is a lanternfish matter.[/quote]\n\n@Hill, no.',
    )  # fmt: skip
    thread = f"/threads/{cast.barrier.pk}"
    jobs.run_due()
    as_(web, cast, None)
    assert "Hill" in read(web, thread)  # and it is kept
    actions.ask(cast.view(cast.hill), "words")
    due()
    for who in (None, "quay", "mod", "admin"):
        as_(web, cast, who)
        for address in (
            thread,
            f"{thread}/feed.atom",
            f"/members/{cast.hill.pk}",
            "/members",
            "/whats-new",
            f"/boards/{cast.harbour.pk}",
            f"/boards/{cast.harbour.pk}/feed.atom",
            "/",
            "/search?q=lanternfish",
            "/moderation-log",
            "/moderation-log/entries.json",
            f"/posts/{first.pk}/history",
            "/sitemap-0.xml",
            "/staff/erasures",
            "/notifications",
            "/account/data",
        ):
            said = read(web, address)
            found = said.replace('value="lanternfish"', "").replace("q=lanternfish", "")
            assert "Hill" not in found, (who, address)
            assert "lanternfish matter" not in found, (who, address)


def test_who_was_erased_cannot_come_in_and_nobody_takes_the_name(web, cast):
    """SEC-090."""
    as_(web, cast, "hill")
    actions.ask(cast.view(cast.hill), "name")
    due()
    assert web.get("/account").status_code == 303  # the session has ended
