"""Sanctions on pages: given with a preview, said where one would write, lifted, known to staff."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.members.models import Member, Session
from rostra.forum.modlog.queries import head
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.actions.noting import write_note
from rostra.forum.sanctions.models import Limited, Look, StaffNote, Warned
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.models import Post
from rostra.kernel import clock
from tests.cast import PASSWORD
from tests.forum.sanctions.people import sanctioned
from tests.web.test_own_data import of, told_to
from tests.web.visits import as_, thread_address

REASON = "Insulted others twice in a day."
GROUND = Ground("R2", REASON, "Called them names in two threads.")
FORM = {
    "what": "warn",
    "points": "3",
    "days": "30",
    "rule": "R2",
    "reason": REASON,
    "facts": "Names.",
}


def second(cast):
    return Post.objects.get(thread=cast.barrier, number=2)


def limit(cast, wish, whom="hill"):
    return limit_member(cast.view(cast.mod), getattr(cast, whom).pk, wish, GROUND)


def test_from_the_post_by_a_preview_to_the_warning(web, cast):
    as_(web, cast, "mod")
    assert f"/posts/{second(cast).pk}/sanction" in web.get(thread_address(cast)).text
    address = f"/posts/{second(cast).pk}/sanction"
    shown = web.post(address, {**FORM, "do": "preview"})
    assert shown.status_code == 200
    for words in ("What the member will read", REASON, "Names.", "By itself follows", "30 minutes"):
        assert words in shown.text, words
    assert not Warned.objects.exists()
    wrong = web.post(address, {**FORM, "do": "give", "reason": "short", "points": "x"})
    assert wrong.status_code == 422
    assert "Give 1 to 5 points." in wrong.text
    assert "Names." in wrong.text, "what was typed is kept"
    given = web.post(address, {**FORM, "do": "give"})
    assert given.headers["Location"] == f"/staff/members/{cast.hill.pk}"
    page = web.get(given.headers["Location"]).text
    assert "Warning, 3 points" in page
    assert "30 minutes between two posts" in page
    answer = web.post(address, {**FORM, "do": "give", "log_n": "1"})
    assert answer.status_code == 422  # SEC-064
    assert Warned.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish("limit", 3, verbs=("reply", "links")), "no replies · no links to other sites"),
        (Wish("limit", 3, thread_id=0), "no replies in one thread"),
        (Wish("read_only", 3), "reading only"),
        (Wish("suspend", 3), "suspended"),
        (Wish("ban"), "without an end"),
    ],
)
def test_who_is_limited_is_told_where_they_would_write(web, cast, wish, words):
    """Why, until when, by which rule, and where to appeal; the page costs no query more."""
    as_(web, cast, "hill")
    web.get(thread_address(cast))
    with CaptureQueriesContext(connection) as before:
        web.get(thread_address(cast))
    if wish.thread_id is not None:
        wish = wish._replace(thread_id=cast.barrier.pk)
    n = limit(cast, wish)
    as_(web, cast, "hill")  # who is suspended was signed out
    web.get(thread_address(cast))
    with CaptureQueriesContext(connection) as after:
        page = web.get(thread_address(cast)).text
    assert len(after) <= len(before)
    assert words in page
    assert "/rules/R2" in page
    assert f"/statements/{n}" in page
    refused = web.get(f"/threads/{cast.barrier.pk}/reply")
    assert refused.status_code == 403
    assert f"/statements/{n}" in refused.text
    told = web.get(f"/statements/{n}").text
    assert "Called them names in two threads." in told
    assert "Why is it wrong?" in told
    record = web.get("/account/record").text
    assert f"/statements/{n}" in record
    as_(web, cast, "quay")
    assert words not in web.get(thread_address(cast)).text


def test_a_wait_is_said_beside_the_composer_and_when_it_is_not_over(web, cast):
    limit(cast, Wish("limit", 3, wait=60))
    as_(web, cast, "hill")
    assert "60 minutes between two posts" in web.get(thread_address(cast)).text
    sent = web.post(f"/threads/{cast.barrier.pk}/reply", {"source": "Kept words."})
    assert sent.status_code == 429
    assert "A limit of yours asks for a wait" in sent.text
    assert "Kept words." in sent.text


def test_who_is_suspended_comes_in_as_far_as_their_record(web, cast):
    """LAW-002: or nobody could read why, and appeal."""
    n = limit(cast, Wish("suspend", 3))
    assert not Session.objects.filter(member=cast.hill).exists()
    form = {"login": "Hill", "password": PASSWORD}
    answer = web.post("/account/login", form, follow=True)
    assert answer.request["PATH_INFO"] == "/account/record"
    assert f"/statements/{n}" in answer.text
    assert web.post(f"/statements/{n}/appeal", {"text": "It was not me."}).status_code == 303


def test_a_case_is_decided_with_a_warning(web, cast):
    from rostra.forum.cases.actions.reporting import report_item
    from rostra.forum.cases.models import Case

    report_item(cast.view(cast.quay), "post", second(cast).pk, rule="R2", line="Insults us.")
    case = Case.objects.get()
    as_(web, cast, "mod")
    form = {**FORM, "version": "1", "do": "remove"}
    stale = web.post(f"/staff/cases/{case.pk}", {**form, "version": "7"})
    assert stale.status_code == 422
    looked = web.post(f"/staff/cases/{case.pk}", {**form, "do": "preview"})
    assert looked.status_code == 200
    assert "By itself follows" in looked.text
    wrong = web.post(f"/staff/cases/{case.pk}", {**form, "points": "9"})
    assert "Give 1 to 5 points." in wrong.text
    assert second(cast).state == "visible"
    assert web.post(f"/staff/cases/{case.pk}", form).status_code == 303
    assert (second(cast).state, Warned.objects.get().case_id) == ("removed", case.pk)


def test_what_holds_is_listed_by_key_and_lifted(web, cast):
    as_(web, cast, "mod")
    n = limit(cast, Wish("limit", 9, verbs=("reply",), board_id=cast.harbour.pk))
    limit(cast, Wish("read_only", 9), "newcomer")
    page = web.get("/staff/sanctions").text
    assert page.index("Newcomer") < page.index("Hill")
    assert "Newcomer" not in web.get(f"/staff/sanctions?board={cast.harbour.pk}").text
    assert "Hill" not in web.get("/staff/sanctions?kind=read_only&rule=R2").text
    assert "Newcomer" not in web.get(f"/staff/sanctions?before={head()[0]}").text
    wrong = web.post(f"/staff/sanctions/{n}", {"do": "shorten", "days": "99", "reason": REASON})
    assert "ends sooner than now" in wrong.text
    assert (
        web.post(
            f"/staff/sanctions/{n}", {"do": "shorten", "days": "1", "reason": REASON}
        ).status_code
        == 303
    )
    assert (
        web.post(f"/staff/sanctions/{n}", {"do": "take_back", "reason": REASON}).status_code == 303
    )
    assert "Hill" not in web.get("/staff/sanctions").text
    assert "taken back" in web.get(f"/staff/sanctions/{n}").text
    log = web.get("/moderation-log").text
    assert "Limit lifted" in log
    assert "Limit shortened" in log


def test_the_list_costs_as_much_for_a_hundred(web, cast):
    sanctioned(cast, cast.hill)
    as_(web, cast, "mod")
    web.get("/staff/sanctions")
    with CaptureQueriesContext(connection) as few:
        web.get("/staff/sanctions")
    row = Limited.objects.first()
    for n in range(1000, 1100):
        row.log_n, row.until = n, clock.now() + timedelta(days=9)
        row.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page = web.get("/staff/sanctions").text
    assert len(few) == len(many)
    assert page.count('class="hit"') == 50
    assert "before=" in page


def test_staff_notes_are_written_and_withdrawn_and_never_shown_to_the_member(web, cast):
    """SEC-051, SEC-010: escaped, for staff alone, not in what members take along."""
    as_(web, cast, "mod")
    address = f"/staff/members/{cast.hill.pk}"
    words = "<b>notecanary</b> of the staff"
    assert web.post(f"{address}/notes", {"note": " "}).status_code == 422
    assert web.post(f"{address}/notes", {"note": words}).status_code == 303
    assert "&lt;b&gt;notecanary" in web.get(address).text
    for who, status in (("hill", 403), ("quay", 403), ("admin", 200)):
        answer = as_(web, cast, who).get(address)
        assert answer.status_code == status
    note = StaffNote.objects.get()
    assert web.post(f"{address}/notes", {"withdraw": str(note.pk)}).status_code == 303
    page = web.get(address).text
    assert "notecanary" not in page
    assert "Withdrawn by" in page
    assert "notecanary" not in told_to(cast)


def test_networks_are_looked_at_by_a_form_and_that_is_put_down(web, cast):
    """PRV-004, ABU-015: a right of its own; the page holds no address."""
    now = clock.now()
    for key, who in (("a", cast.hill), ("b", cast.quay)):
        Session.objects.create(
            session_key=key, member=who, network="203.0.113.0/24", agent="Fox", seen_at=now,
            expire_date=now + timedelta(days=1),
        )  # fmt: skip
    address = f"/staff/members/{cast.hill.pk}/networks"
    assert as_(web, cast, "mod").get(address).status_code == 403
    as_(web, cast, "admin")
    assert "Quay" not in web.get(address).text
    assert not Look.objects.exists()
    page = web.post(address, {}).text
    assert re.search(r"Quay.*same network.*same browser", page, re.DOTALL)
    assert "203.0.113" not in page
    assert "Ada Minh" in page
    assert Look.objects.get().by_id == cast.admin.pk


def test_a_members_own_record_and_data_tell_of_points_and_their_day(web, cast):
    """PRV-001."""
    warned, limited = sanctioned(cast, cast.hill)
    as_(web, cast, "hill")
    page = web.get("/account/record").text
    for words in ("3 points of warnings", "falls off", "no new threads", f"/statements/{warned}"):
        assert words in page, words
    assert "will not happen again" not in page
    assert "Called them names in two threads." in told_to(cast)
    told = of(cast, "sanction")
    assert {one["entry"] for one in told} == {warned, warned + 1, limited}


def test_ranks_are_kept_on_pages_too(web, cast):
    """SEC-065."""
    as_(web, cast, "mod")
    assert web.get(f"/staff/members/{cast.admin.pk}/sanction").status_code == 403
    assert web.get(f"/staff/members/{cast.mod.pk}").status_code == 403
    assert web.get(f"/staff/members/{cast.quay.pk}/sanction").status_code == 200
    warn_member(cast.view(cast.admin), cast.mod.pk, 1, 30, GROUND)
    write_note(cast.view(cast.admin), cast.mod.pk, "Was told.")
    assert Member.objects.get(pk=cast.mod.pk).sanctioned_at is not None
