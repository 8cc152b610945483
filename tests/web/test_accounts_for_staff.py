"""The list of accounts for those who see to them, and the page of one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.members.models import Member
from rostra.kernel.models import Job
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
REASON = "They asked the staff for it in person."


def test_accounts_are_found_by_name_page_by_page(web, cast):
    Member.objects.bulk_create(
        Member(name=f"Zed {n:03}", name_key=f"zed {n:03}") for n in range(90)
    )
    as_(web, cast, "admin")
    page, seen, address = "", [], "/staff/members?name=zed"
    for _ in range(3):
        page = web.get(address).text
        seen += [n for n in range(90) if f">Zed {n:03}<" in page]
        if 'rel="next"' in page:
            address = page.partition('rel="next"')[2].partition('href="')[2].partition('"')[0]
            address = address.replace("&amp;", "&")
    assert seen == list(range(90)) and 'rel="next"' not in page
    assert "Nobody here" in web.get("/staff/members?name=xyzzy").text


def test_many_cost_what_few_do(web, cast):
    as_(web, cast, "admin")

    def cost():
        web.get("/staff/members")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert web.get("/staff/members").status_code == 200
        return len(asked)

    few = cost()
    Member.objects.bulk_create(Member(name=f"A {n}", name_key=f"a {n}") for n in range(300))
    assert cost() == few <= 10


def test_an_address_is_looked_for_by_a_form_and_kept_when_it_is_nobodys(web, cast):
    """PRV-004."""
    Member.objects.filter(pk=cast.quay.pk).update(email="q@x.example", email_key="q@x.example")
    as_(web, cast, "admin")
    found = web.post("/staff/members", {"email": "q@x.example"})
    assert f"/staff/members/{cast.quay.pk}/account" in found.text
    assert f"/staff/members/{cast.hill.pk}/account" not in found.text
    wrong = web.post("/staff/members", {"email": "r@x.example"})
    assert wrong.status_code == 422 and "r@x.example" in wrong.text
    assert "Who looked up addresses that are nobody's" in wrong.text
    again = web.get("/staff/members").text
    assert "nobody's</h2>" in again and "r@x.example" not in again
    looks = web.get(f"/staff/members/{cast.quay.pk}/networks").text
    assert "found them by their address" in looks


def test_a_name_is_changed_and_its_owner_is_told(web, cast):
    Member.objects.filter(pk=cast.quay.pk).update(email="q@x.example", email_key="q@x.example")
    as_(web, cast, "admin")
    address = f"/staff/members/{cast.quay.pk}/account"
    assert "Close the account" in web.get(address).text
    form = {"do": "rename", "name": "Pier <One>", "reason": REASON}
    wrong = web.post(address, form)
    assert wrong.status_code == 422 and "Pier &lt;One&gt;" in wrong.text and REASON in wrong.text
    assert web.post(address, {**form, "name": "Pier One"}).status_code == 303
    assert "Pier One" in web.get(address).text
    assert Job.objects.filter(name__endswith="tell_owner").count() == 1
    assert web.post(address, {**form, "do": "guess"}).status_code == 422


def test_an_account_is_closed_and_opened(web, cast):
    as_(web, cast, "admin")
    address = f"/staff/members/{cast.quay.pk}/account"
    for do in ("close", "open"):
        assert web.post(address, {"do": do, "reason": REASON}).status_code == 303
        assert Member.objects.get(pk=cast.quay.pk).is_active == (do == "open")


@pytest.mark.parametrize("who", [None, "hill", "mod"])
def test_no_other_opens_them(web, cast, who):
    """SEC-050."""
    as_(web, cast, who)
    for address in ("/staff/members", f"/staff/members/{cast.quay.pk}/account"):
        for answer in (web.get(address), web.post(address, {"do": "close", "reason": REASON})):
            assert answer.status_code in (302, 303, 403)
    assert Member.objects.get(pk=cast.quay.pk).is_active
