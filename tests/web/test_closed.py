"""Who is told why their account is closed, and appeals without being let in (LAW-003)."""

from __future__ import annotations

import pytest

from rostra.forum.access.accounts import set_account_open
from rostra.forum.appeals.models import Appeal
from rostra.forum.members.actions import set_open
from rostra.forum.members.models import Member, Session
from rostra.forum.modlog import queries as modlog
from tests.cast import PASSWORD
from tests.forum.appeals.every_kind import boss
from tests.web.visits import as_

REASON = "It was taken for the account of a <b>program</b>."
SUMMARY = "It is a person, whom two others know."


@pytest.fixture
def n(cast) -> int:
    set_account_open(boss(cast), cast.quay.pk, is_open=False, reason=REASON)
    return modlog.head()[0]


def log_in(web, password=PASSWORD):
    return web.post("/account/login", {"login": "Quay", "password": password})


def slip_in(page: str) -> str:
    return page.split('name="slip" value="')[1].split('"')[0]


def test_from_the_log_in_to_an_open_account(web, cast, n):
    shut = log_in(web)
    assert shut.status_code == 403
    for words in ("Your account is closed", "a &lt;b&gt;program&lt;/b&gt;.", "You can appeal once"):
        assert words in shut.text
    assert shut["Cache-Control"] == "private, no-store"
    assert not Session.objects.filter(member=cast.quay).exists(), "nobody is let in"
    slip = slip_in(shut.text)
    wrong = web.post("/account/closed", {"slip": slip, "text": "<i>" + "x" * 2000})
    assert (wrong.status_code, "&lt;i&gt;xxx" in wrong.text) == (422, True)
    filed = web.post("/account/closed", {"slip": slip_in(wrong.text), "text": "I am no program."})
    assert (filed.status_code, filed["Location"]) == (303, "/account/closed?filed=1")
    assert "Your appeal is with the staff" in web.get(filed["Location"]).text
    again = web.post("/account/closed", {"slip": slip, "text": "Once more."})
    assert (again.status_code, Appeal.objects.count()) == (403, 1)
    assert "under appeal" in log_in(web).text
    as_(web, cast, "admin")
    form = {"outcome": "overturned", "reason": SUMMARY}
    assert web.post(f"/staff/appeals/{n}", form).status_code == 303
    web.logout()
    assert log_in(web).status_code == 303
    assert SUMMARY in web.get(f"/statements/{n}").text


def test_what_became_of_an_appeal_that_was_not_right(web, cast, n):
    web.post("/account/closed", {"slip": slip_in(log_in(web).text), "text": "I am no program."})
    as_(web, cast, "admin")
    web.post(f"/staff/appeals/{n}", {"outcome": "upheld", "reason": SUMMARY})
    web.logout()
    page = log_in(web).text
    assert "upheld on appeal" in page
    assert SUMMARY in page
    assert 'name="text"' not in page


def test_nobody_else_learns_of_it(web, cast, n):
    """SEC-079: not without the password, nor by a slip of one's own making."""
    assert "Name or password is wrong." in log_in(web, "not the password").text
    for slip in ("", "guess", "WzEsMV0:1:guess"):
        answer = web.post("/account/closed", {"slip": slip, "text": "Words."})
        assert (answer.status_code, answer["Location"]) == (303, "/account/closed")
    assert not Appeal.objects.exists()
    set_open(cast.hill.pk, is_open=False, role="operator", reason=REASON)
    Member.objects.filter(pk=cast.hill.pk).update(password="!")
    answer = web.post("/account/login", {"login": "Hill", "password": PASSWORD})
    assert "Name or password is wrong." in answer.text
    assert "program" not in web.get("/account/closed").text
