"""Reporting, the queue and a case, as pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.cases.models import Case
from rostra.forum.claims.actions.making import make_claim
from rostra.forum.modlog import queries as modlog
from rostra.forum.threads.models import Post
from rostra.kernel import clock, jobs
from tests.web.visits import as_, thread_address

REASON = "Insults a group of people."
FORM = {"rule": "R2", "line": "Insults us <b>all</b>."}


def second(cast) -> Post:
    return Post.objects.get(thread=cast.barrier, number=2)


def reported(cast) -> Case:
    report_item(cast.view(cast.quay), "post", second(cast).pk, rule="R2", line="Insults us all.")
    return Case.objects.get()


def test_a_guest_reports_and_reads_what_came_of_it(web, cast):
    """LAW-001: without an account, without JavaScript, with a receipt."""
    address = f"/posts/{second(cast).pk}/report"
    assert address in web.get(thread_address(cast)).text
    assert "Which rule" in web.get(address).text
    wrong = web.post(address, {"rule": "", "line": FORM["line"]})
    assert wrong.status_code == 422
    assert "Insults us &lt;b&gt;all&lt;/b&gt;." in wrong.text
    receipt = web.post(address, FORM)["Location"]
    assert re.fullmatch("/reports/[0-9a-f]{32}", receipt)
    assert "waits for a decision" in web.get(receipt).text
    assert web.get("/reports/" + "0" * 32).status_code == 404
    case = Case.objects.get()
    as_(web, cast, "mod").post(
        f"/staff/cases/{case.pk}",
        {"do": "remove", "version": "1", "rule": "R2", "reason": REASON},
    )
    web.logout()
    page = web.get(receipt).text
    assert "Something was done about it." in page
    assert "Mod Ferris" not in page


def test_what_cannot_be_seen_cannot_be_reported(web, cast):
    """SEC-049: 404 and no echo, to guests and members alike."""
    secret = Post.objects.get(thread=cast.secret).pk
    for who in (None, "hill"):
        as_(web, cast, who)
        for address in (f"/posts/{secret}/report", f"/threads/{cast.secret.pk}/report"):
            for answer in (web.get(address), web.post(address, FORM)):
                assert answer.status_code == 404
                assert "canary" not in answer.text
    assert not Case.objects.exists()


def test_who_reports_is_told_that_it_arrived(web, cast):
    as_(web, cast, "quay")
    answer = web.post(f"/posts/{second(cast).pk}/report", FORM)
    assert answer["Location"] == "/account/record?done=reported#reports"
    assert "Thank you, it was reported." in web.get(answer["Location"]).text
    assert "Thank you, it was reported." not in web.get("/account/record").text


def test_from_the_report_to_what_all_are_told(web, cast):
    case = reported(cast)
    as_(web, cast, "mod")
    assert f"/staff/cases/{case.pk}" in web.get("/staff/cases").text
    address = f"/staff/cases/{case.pk}"
    page = web.get(address).text
    for words in ("Insults us all.", "Post 2.", "Quay", "Remove the post"):
        assert words in page, words
    form = {"do": "remove", "version": "1", "rule": "R2", "reason": "short"}
    wrong = web.post(address, form)
    assert wrong.status_code == 422
    assert ">short</textarea>" in wrong.text
    stale = web.post(address, {**form, "version": "7", "reason": REASON})
    assert stale.status_code == 422
    assert "has changed since you looked" in stale.text
    assert web.post(address, {**form, "reason": REASON}).status_code == 303
    n = modlog.head()[0]
    while jobs.run_due():
        continue
    as_(web, cast, "quay")
    assert "What you reported was decided" in web.get("/notifications").text
    assert "Something was done about it." in web.get("/account/record").text
    as_(web, cast, "hill")
    page = web.get("/account/record").text
    assert f"/statements/{n}" in page
    for address in ("/account/record", f"/statements/{n}", "/moderation-log"):
        page = web.get(address).text
        assert "Insults us all." not in page, "what reporters write is for staff alone"
        assert "Quay" not in page.replace("Quay</a>", "") or address == "/moderation-log"


@pytest.mark.parametrize("who", [None, "hill", "newcomer"])
def test_cases_are_for_staff(web, cast, who):
    """SEC-051: others see neither the cases nor what staff say in them."""
    address = f"/staff/cases/{reported(cast).pk}"
    as_(web, cast, who)
    for answer in (
        web.get("/staff/cases"), web.get(address),
        web.post(address, {"do": "note", "note": "I was here."}),
    ):  # fmt: skip
        assert answer.status_code == 403
        assert "Insults us all." not in answer.text


def test_the_queue_costs_the_same_with_ten_thousand_cases(web, cast):
    """Counted in queries and read by key."""
    reported(cast)
    as_(web, cast, "mod")
    now, counts = clock.now(), []
    for numbers in (range(40), range(40, 10_000)):
        Case.objects.bulk_create(
            Case(
                kind="post", target_id=1000 + n, thread=cast.barrier, digest="", rule="R2",
                source=f"Words {n}.", opened_at=now + timedelta(seconds=n),
            )
            for n in numbers
        )  # fmt: skip
        web.get("/staff/cases")
        with CaptureQueriesContext(connection) as asked:
            page = web.get("/staff/cases").text
        counts.append(len(asked))
    assert counts[0] == counts[1]
    further = re.search(r'href="(/staff/cases\?[^"]*after=[^"]*)"', page)[1].replace("&amp;", "&")
    following = web.get(further).text
    assert "Words 29." in following
    assert "Words 28." not in following


def test_claims_and_notes_are_reported_where_they_stand(web, cast):
    claim = make_claim(cast.view(cast.mod), second(cast).pk, "The barrier is a waste of money.")
    as_(web, cast, "quay")
    assert f"/claims/{claim.pk}/report" in web.get(f"/claims/{claim.pk}").text
    address = f"/claims/{claim.pk}/report"
    assert "Report a claim" in web.get(address).text
    wrong = web.post(address, {**FORM, "rule": ""})
    assert (wrong.status_code, "Insults us" in wrong.text) == (422, True)
    assert web.post(address, FORM)["Location"].startswith("/account/record")
    assert "A claim" in web.get("/account/record").text
    case = Case.objects.get(kind="claim")
    page = as_(web, cast, "admin").get(f"/staff/cases/{case.pk}").text
    for words in (claim.text, "Remove the claim", f"/claims/{claim.pk}"):
        assert words in page, words
    assert web.get("/staff/cases?kind=claim").text.count(f"/staff/cases/{case.pk}") == 1
