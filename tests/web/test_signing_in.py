"""Signing in, its limits, its sessions (SEC-027, 030, 079, 080, 083 to 085, 091, 093)."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone

from rostra.forum.members import actions, recovery
from rostra.forum.members.models import Member, Session
from rostra.web.accounts import backend
from tests.cast import PASSWORD
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
OUTSIDE = "198.51.100.7"


def guest(**more) -> Client:
    return Client(HTTP_HOST="localhost:8000", **more)


def sign_in(web, login="Quay", password=PASSWORD, **more):
    return web.post("/account/login", {"login": login, "password": password, **more})


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


@pytest.mark.parametrize(
    "login", ["Quay", " quay ", "ＱＵＡＹ", "quay@example.org", "QUAY@example.org"]
)
def test_by_name_or_address(web, cast, login):
    Member.objects.filter(pk=cast.quay.pk).update(
        email="quay@example.org", email_key="quay@example.org"
    )
    answer = sign_in(web, login)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert web.get("/account").status_code == 200


@pytest.mark.parametrize(
    "login", ["Quay", "Nobody", "quay@example.org", "nobody@example.org", "", "\0", "x" * 5000,
              "quay@example.org\0", "Quay' OR 1=1--"],
)  # fmt: skip
def test_a_wrong_one_gets_the_same_answer(web, cast, login):
    """SEC-079: status, words, headers, cookies."""
    Member.objects.filter(pk=cast.quay.pk).update(
        email="quay@example.org", email_key="quay@example.org"
    )
    answer = sign_in(web, login, "not the password")
    assert answer.status_code == 422
    assert "Name or password is wrong." in answer.text
    assert set(answer.cookies) <= {"csrf"}
    assert sorted(answer.headers) == sorted(sign_in(guest(), "Somebody", "x" * 9).headers)


@pytest.mark.parametrize("who", ["inactive", "unclaimed", "unusable"])
def test_who_cannot_sign_in_is_told_no_more_than_others(web, cast, who):
    changes = {
        "inactive": {"is_active": False}, "unclaimed": {"is_claimed": False},
        "unusable": {"password": "!"},
    }  # fmt: skip
    Member.objects.filter(pk=cast.quay.pk).update(**changes[who])
    assert "Name or password is wrong." in sign_in(web).text


def test_a_password_is_always_worked_out(web, cast, monkeypatch):
    """SEC-079: known or not, exactly one hash is made."""
    made = []
    real = Member.set_password
    monkeypatch.setattr(Member, "set_password", lambda *a: made.append("dummy") or real(*a))
    check = Member.check_password
    monkeypatch.setattr(Member, "check_password", lambda *a: made.append("real") or check(*a))
    sign_in(web, "Nobody")
    sign_in(web, "Quay", "wrong words")
    assert made == ["dummy", "real"]


def test_a_megabyte_of_password_costs_nothing(web, cast):
    """SEC-091: refused without being hashed."""
    web.get("/account/login")
    started = time.perf_counter()
    answer = sign_in(web, "Quay", "x" * 1_000_000)
    assert answer.status_code == 422
    assert time.perf_counter() - started < 1
    assert not backend.is_password_of(cast.quay, "x" * 1025)


@pytest.mark.parametrize(
    "away",
    ["//e.example", "/\\e.example", "\t//e.example", "https:e.example", "/%09/e.example",
     "http:///e.example", "javascript:alert(1)", "@e.example", "https://localhost:8000@e.example",
     "/\t/e.example", "/\n/e.example", "///e.example", "\\\\e.example", "/ /e.example",
     "//localhost:8000@e.example", "data:text/html,x", "https://e.example", "e.example", "/" * 3000],
)  # fmt: skip
def test_signing_in_stays_here(web, cast, away):
    """SEC-030: by the form's field, and by the address of the form."""
    shown = guest().get("/account/login", {"next": away}).text
    kept = re.findall(r'name="next" value="([^"]*)"', shown)
    assert set(kept) <= {"/%09/e.example"}
    answer = sign_in(web, next=away)
    assert answer.status_code == 303
    assert answer["Location"] in ("/", "/%09/e.example")  # a path of ours, with a tab in its name


def test_signing_in_leads_back(web, cast):
    assert sign_in(web, next="/threads/12.x/page-2?a=b")["Location"] == "/threads/12.x/page-2?a=b"
    assert web.get("/account/login?next=/members")["Location"] == "/members"


@pytest.mark.parametrize(
    "address", ["/account/login", "/account/logout", "/account/join", "/account/reset"]
)
def test_no_form_is_sent_from_elsewhere(cast, address):
    """SEC-027: without the token of this browser, or from another origin."""
    strict = Client(HTTP_HOST="localhost:8000", enforce_csrf_checks=True)
    assert strict.post(address, {"login": "Quay", "password": PASSWORD}).status_code == 403
    strict.get("/account/login")
    token = strict.cookies["csrf"].value
    data = {"login": "Quay", "password": PASSWORD, "csrfmiddlewaretoken": token}
    for origin in ("https://e.example", "null", "http://localhost:8001"):
        assert strict.post(address, data, HTTP_ORIGIN=origin).status_code == 403
    assert "session" not in strict.cookies


def test_cookies_are_as_they_should_be(web, cast):
    """SEC-084: every cookie there is."""
    web.get("/account/login")
    sign_in(web)
    assert set(web.cookies) == {"csrf", "session", "device"}
    for cookie in web.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""


# Limits


def test_five_tries_at_an_account(web, cast):
    """SEC-080: however its name is spelled, from wherever; the right password comes too late."""
    for n, login in enumerate(("Quay", "QUAY", "Ｑuay", "quay ", "Q.uay")):
        who = guest(REMOTE_ADDR=f"198.51.100.{n}")
        assert sign_in(who, login, "wrong words").status_code == 422
    answer = sign_in(guest(REMOTE_ADDR="198.51.100.99"))
    assert answer.status_code == 429
    assert 29 * 60 < int(answer["Retry-After"]) <= 30 * 60
    assert "30 minutes" in answer.text
    assert sign_in(guest(REMOTE_ADDR="198.51.100.99"), "Hill").status_code == 303
    with later(minutes=31):
        assert sign_in(guest(REMOTE_ADDR="198.51.100.99")).status_code == 303


def test_an_account_that_nobody_has_is_limited_alike(web, cast):
    """SEC-079: the limit tells nothing either."""
    codes = [sign_in(guest(REMOTE_ADDR=f"198.51.100.{n}"), "Nobody").status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2


def test_six_a_minute_and_thirty_an_hour_from_an_address(web, cast):
    """SEC-080: at a thousand accounts."""
    who = guest(REMOTE_ADDR=OUTSIDE)
    codes = [sign_in(who, f"Somebody {chr(97 + n)}").status_code for n in range(8)]
    assert codes == [422] * 6 + [429] * 2
    for minute in range(1, 5):
        with later(minutes=minute, seconds=5):
            codes = [sign_in(who, f"Else {chr(97 + n)}{minute}").status_code for n in range(6)]
            assert codes == [422] * 6
    with later(minutes=6):
        assert sign_in(who, "Hill").status_code == 429
    with later(minutes=62):
        assert sign_in(who, "Hill").status_code == 303


def test_who_was_here_before_gets_in_all_the_same(web, cast):
    """SEC-080: nobody is kept out of their own browser by tries from elsewhere."""
    assert sign_in(web).status_code == 303
    web.post("/account/logout")
    for n in range(9):
        sign_in(guest(REMOTE_ADDR=f"198.51.100.{n}"), "Quay", "wrong words")
    assert sign_in(guest()).status_code == 429
    assert sign_in(web).status_code == 303
    web.post("/account/logout")
    codes = [sign_in(web, "Quay", "wrong words").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert sign_in(web, "Hill", PASSWORD).status_code == 303


@pytest.mark.parametrize("device", ["", "x", "forged:1:x", "a" * 5000])
def test_a_made_up_device_is_none(web, cast, device):
    for n in range(5):
        sign_in(guest(REMOTE_ADDR=f"198.51.100.{n}"), "Quay", "wrong words")
    web.cookies["device"] = device
    assert sign_in(web).status_code == 429


def test_a_right_password_counts_for_nothing(web, cast):
    for _ in range(12):
        assert sign_in(web).status_code == 303
        web.post("/account/logout")


# Sessions


def test_a_planted_session_is_left_behind(web, cast):
    """SEC-083: a new key at sign-in, and when one shows again who one is."""
    from rostra.forum.members.sessions import SessionStore

    planted = SessionStore()
    planted["x"] = 1
    planted.save()
    web.cookies["session"] = planted.session_key
    sign_in(web)
    first = web.cookies["session"].value
    assert first != planted.session_key
    assert not Session.objects.filter(session_key=planted.session_key).exists()
    with later(minutes=16):
        web.post("/account/confirm", {"password": PASSWORD})
    assert web.cookies["session"].value != first
    assert not Session.objects.filter(session_key=first).exists()


def test_who_rises_signs_in_again(cast):
    """SEC-083, 093: a session that somebody else may hold does not become a moderator's."""
    here, own = guest(), Session.objects.filter(member_id=cast.quay.pk)
    for change in (actions.join_group, actions.leave_group):
        sign_in(here)
        assert own.exists()
        change(cast.groups.moderators, cast.quay.pk, reason="Decided by all of the staff.")
        assert not own.exists()


def test_members_see_and_end_their_sessions(cast):
    """SEC-093: from one browser the other is out at its next request; keys stay on the server."""
    here, there = guest(), guest()
    sign_in(here)
    there.post(
        "/account/login", {"login": "Quay", "password": PASSWORD},
        HTTP_USER_AGENT="Somebody's phone", REMOTE_ADDR=OUTSIDE,
    )  # fmt: skip
    page = here.get("/account/sessions").text
    assert "Somebody&#39;s phone" in page
    assert "198.51.100.0/24" in page
    assert OUTSIDE not in page
    assert there.cookies["session"].value not in page
    (ref,) = re.findall(r'name="ref" value="(\w+)"', page)
    stranger = as_(guest(), cast, "hill")
    stranger.post("/account/sessions/end", {"ref": ref})
    assert there.get("/account").status_code == 200
    here.post("/account/sessions/end", {"ref": ref})
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    sign_in(there)
    here.post("/account/sessions/end", {"all": "1"})
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


SENSITIVE = [
    "/account/password", "/account/email", "/account/name", "/account/second-factor/app",
    "/account/second-factor/passkey", "/account/second-factor/remove",
    "/account/second-factor/codes", "/account/data",
    "/account/data/archive",
]  # fmt: skip


@pytest.mark.parametrize("address", SENSITIVE)
def test_what_matters_is_asked_again_after_a_quarter_of_an_hour(web, cast, address):
    """SEC-085: by every method, and nothing is changed meanwhile."""
    sign_in(web)
    before = Member.objects.filter(pk=cast.quay.pk).values().get()
    with later(minutes=15, seconds=5):
        for method in ("get", "post"):
            answer = getattr(web, method)(
                address, {"password": "quite other words", "name": "Gull", "email": "a@b.example"}
            )
            if answer.status_code == 405:
                continue
            assert answer.status_code == 303
            assert answer["Location"].startswith("/account/confirm?next=/account/")
        assert Member.objects.filter(pk=cast.quay.pk).values().get() == before
        assert web.post("/account/confirm", {"password": "wrong words"}).status_code == 422
        answer = web.post("/account/confirm", {"password": PASSWORD, "next": address})
        assert (answer.status_code, answer["Location"]) == (303, address)
        assert web.get(address).status_code in (200, 404, 405)
        # What this session showed is worth nothing in another.
        other = guest()
        as_(other, cast, "quay")
        session = other.session
        session["sure_at"] = 0
        session.save()
        assert other.get("/account/password")["Location"].startswith("/account/confirm")


def test_a_name_is_given_up_for_a_while(web, cast):
    """SEC-090: not to be taken by another for 180 days; its owner may return to it; shown."""
    sign_in(web)
    assert web.post("/account/name", {"name": "Gull"}).status_code == 303
    hill = guest()
    sign_in(hill, "Hill")
    assert hill.post("/account/name", {"name": "Quay"}).status_code == 422
    with pytest.raises(Exception, match="name_taken"):
        actions.create_member("quay", password=PASSWORD)
    assert "Quay" in web.get("/account/name").text
    page = guest().get(f"/members/{cast.quay.pk}.x", follow=True).text
    assert "Names before" in page
    assert "Quay" in page
    assert web.post("/account/name", {"name": "Quay"}).status_code == 303
    assert web.post("/account/name", {"name": "Tern"}).status_code == 422  # a third in a month
    with later(days=40):
        recovery.rename(cast.quay.pk, "Tern")
    with later(days=230):
        actions.create_member("Gull", password=PASSWORD)


def test_seen_is_noted_by_the_hour(web, cast):
    sign_in(web)
    first = Session.objects.get().seen_at
    web.get("/members")
    assert Session.objects.get().seen_at == first
    with later(hours=2):
        web.get("/members")
    assert Session.objects.get().seen_at > first + timedelta(hours=1)


def test_a_guest_costs_no_session(web, cast):
    for address in ("/account/login", "/account/join", "/account/reset"):
        assert set(web.get(address).cookies) <= {"csrf"}
    assert Session.objects.count() == 0
    assert settings.SESSION_COOKIE_NAME not in web.cookies
