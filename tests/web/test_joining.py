"""Joining: every way in, what keeps programs out (ABU-002, SEC-032, 033, 073, 079, 088 to 091)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from rostra.forum.members import actions, inviting, joining
from rostra.forum.members.models import Application, Invitation, Member, Session
from rostra.forum.modlog.models import LogEntry
from rostra.kernel.models import Tries
from rostra.web.accounts import defences
from tests.web.joining import PASSWORD, filled_in
from tests.web.letters import link_of, written
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
OUTSIDE = "198.51.100.7"


@pytest.fixture(autouse=True)
def _easy(monkeypatch):
    """Puzzles that take a test no time; how many and how long a browser needs is a journey's."""
    monkeypatch.setattr(defences, "BITS", 4)


@pytest.fixture
def way(settings):
    """Set how people get in."""

    def choose(registration, **more):
        settings.ROSTRA = dataclasses.replace(settings.ROSTRA, registration=registration, **more)

    return choose


def send(web, form, *, after=5, address="/account/join", **extra):
    """Send the form some seconds after it was opened."""
    with time_machine.travel(timezone.now() + timedelta(seconds=after), tick=True):
        return web.post(address, form, **extra)


def is_signed_in(web) -> bool:
    return web.get("/account").status_code == 200


def test_who_joins_an_open_forum_is_in_at_once(web, cast):
    answer = send(web, filled_in(web))
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert is_signed_in(web)
    member = Member.objects.get(name="Wren")
    assert member.check_password(PASSWORD)
    assert member.email == ""
    assert written() == []


def test_an_address_named_at_joining_counts_once_confirmed(web, cast):
    send(web, filled_in(web, email="wren@example.org"))
    (letter,) = written()
    assert letter.to == ["wren@example.org"]
    assert Member.objects.get(name="Wren").email == ""
    web.post(link_of(letter))
    assert Member.objects.get(name="Wren").email == "wren@example.org"


@pytest.mark.parametrize(
    "name", ["Quay", "quay", "Ｑｕａｙ", "ab", "admin", "Q\u0075\u0430y", "system"]
)
def test_a_name_that_may_not_be_keeps_what_was_typed(web, cast, name):
    """SEC-089, over the form; the rules themselves are tested in tests/forum/members."""
    answer = send(web, filled_in(web, name=name, email="wren@example.org"))
    assert answer.status_code == 422
    assert "wren@example.org" in answer.text
    assert PASSWORD not in answer.text
    assert Member.objects.count() == 5


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("short77", False), ("password1", False), ("Rostra2026!", False), ("localhost", False),
        ("Wren12345", False), ("x" * 1025, False), ("é" * 513, False), ("a\0bcdefgh", False),
        ("x" * 1024, True), ("é" * 512, True), ("all lower", True), ("  spaces  ", True),
    ],
)  # fmt: skip
def test_what_a_password_may_be(web, cast, password, is_taken):
    """SEC-091: 8 characters to 1,024 bytes, not common, not the site's words; nothing else."""
    answer = send(web, filled_in(web, password=password))
    assert answer.status_code == (303 if is_taken else 422)
    found = Member.objects.filter(name="Wren").first()
    assert (found is not None) is is_taken
    if found:  # exact bytes
        assert found.check_password(password)
        assert not found.check_password(password.strip() + "x")


@pytest.mark.parametrize(
    ("form", "after", "said"),
    [
        ({"website": "https://spam.example"}, 5, "A field that nobody sees"),
        ({}, 1, "That was quick"),
        ({}, 2 * 60 * 60 + 5, "too old"),
        ({"slip": "forged"}, 5, "too old"),
        ({"proof": ""}, 5, "Wait 20 seconds"),
        ({"proof": "1,2,3"}, 5, "Wait 20 seconds"),
        ({"proof": ",".join(["0"] * 16)}, 5, "Wait 20 seconds"),
        ({"email": "a@mailinator.com"}, 5, "last minutes only"),
        ({"email": "a@x.mailinator.com"}, 5, "last minutes only"),
        ({"email": "a@good.example)b@evil.example"}, 5, "not an address"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, 5, "not an address"),
        ({"email": '"a b"@c.example'}, 5, "not an address"),
        ({"email": "mıke@example.org"}, 5, "not an address"),
    ],
)
def test_what_looks_like_a_program_is_refused(web, cast, form, after, said):
    """ABU-002, SEC-111: and says what to do; nothing is written, no letter goes out."""
    answer = send(web, filled_in(web) | form, after=after)
    assert answer.status_code == 422
    assert said in answer.text
    assert not Member.objects.filter(name="Wren").exists()
    assert written() == []


def test_without_scripts_one_waits_longer(web, cast):
    """ABU-002: and those who come without share a limit of ten an hour."""
    assert send(web, filled_in(web, proof=False), after=21).status_code == 303
    codes = [
        send(Client(HTTP_HOST="localhost:8000"), filled_in(web := Client(HTTP_HOST="localhost:8000"),
             proof=False, name=f"Wren {'abcdefghijkl'[n]}"), after=21).status_code
        for n in range(11)
    ]  # fmt: skip
    assert codes == [303] * 9 + [429] * 2


def test_a_form_makes_one_account(web, cast):
    """ABU-002: single use, also for who keeps the page."""
    form = filled_in(web)
    assert send(web, form).status_code == 303
    web.cookies.clear()
    other = Client(HTTP_HOST="localhost:8000")
    assert send(other, form | {"name": "Heron"}).status_code == 422
    assert not Member.objects.filter(name="Heron").exists()


def test_a_form_that_was_refused_can_be_sent_again(web, cast):
    form = filled_in(web, name="Quay")
    assert send(web, form).status_code == 422
    assert send(web, form | {"name": "Wren"}).status_code == 303


def test_three_accounts_a_day_for_an_address(web, cast):
    """ABU-002: of an IPv6 network too; another address has its own."""
    for n, name in enumerate(("Heron one", "Heron two", "Heron three")):
        guest = Client(HTTP_HOST="localhost:8000", REMOTE_ADDR=f"2001:db8::{n + 1}")
        assert send(guest, filled_in(guest, name=name)).status_code == 303
    guest = Client(HTTP_HOST="localhost:8000", REMOTE_ADDR="2001:db8::77")
    answer = send(guest, filled_in(guest))
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 23 * 60 * 60
    assert "Wren" in answer.text
    assert send(guest, filled_in(guest), REMOTE_ADDR=OUTSIDE).status_code == 303
    assert not Tries.objects.filter(key__contains="2001").exists()


def test_a_question_of_the_operator(web, cast, way):
    """ABU-002."""
    way("open", signup_question="Which river?", signup_answer="Elbe|the Elbe")
    assert "Which river?" in web.get("/account/join").text
    assert send(web, filled_in(web, answer="Rhine")).status_code == 422
    assert send(web, filled_in(web, answer=" ELBE ")).status_code == 303


@pytest.mark.parametrize("registration", ["closed", "invitation"])
def test_a_closed_door_is_closed(web, cast, way, registration):
    form = filled_in(web)
    way(registration)
    assert "slip" not in web.get("/account/join").text
    send(web, form)
    assert not Member.objects.filter(name="Wren").exists()


# Confirmed by mail


def test_a_confirmed_account_needs_link_form_and_password(web, cast, way):
    """SEC-032, 033: looking changes nothing; SEC-088: the mailbox alone is not enough."""
    way("confirmed")
    answer = send(web, filled_in(web, email="wren@example.org"))
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
    (letter,) = written()
    link = link_of(letter)
    reader = Client(HTTP_HOST="localhost:8000")
    for _ in range(3):
        page = reader.get(link)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        assert reader.head(link).status_code == 200
    assert not Member.objects.filter(name="Wren").exists()
    assert reader.post(link, {"password": "some other words"}).status_code == 422
    assert not Member.objects.filter(name="Wren").exists()
    assert reader.post(link, {"password": PASSWORD}).status_code == 303
    assert is_signed_in(reader)
    assert Member.objects.get(name="Wren").email == "wren@example.org"
    assert Client(HTTP_HOST="localhost:8000").get(link).status_code == 404


def test_a_third_person_who_opens_the_link_stays_who_they_are(web, cast, way):
    """SEC-032."""
    way("confirmed")
    send(web, filled_in(web, email="wren@example.org"))
    link = link_of(written()[0])
    as_(web, cast, "quay")
    before = Member.objects.filter(pk=cast.quay.pk).values().get()
    web.get(link)
    web.post(link, {"password": "open water at dawn"})
    assert Member.objects.filter(pk=cast.quay.pk).values().get() == before
    assert Session.objects.get(session_key=web.cookies["session"].value).member_id == cast.quay.pk


def test_a_squatter_gains_nothing_by_naming_anothers_address(web, cast, way):
    """SEC-088: the owner joins later with the same address; the first application is gone."""
    way("confirmed")
    send(web, filled_in(web, name="Squatter", email="heron@example.org"))
    first = link_of(written()[0])
    owner = Client(HTTP_HOST="localhost:8000")
    send(owner, filled_in(owner, name="Heron", email="Heron@Example.org", password="my own words"))
    second = link_of(written()[0])
    assert owner.post(second, {"password": "my own words"}).status_code == 303
    assert web.post(first, {"password": PASSWORD}).status_code == 404
    assert not Member.objects.filter(name="Squatter").exists()
    assert Application.objects.count() == 0


def test_only_its_owner_learns_that_an_address_has_an_account(web, cast, way):
    """SEC-079: the page is the same, letter for letter; the owner is told by mail."""
    way("confirmed")
    actions.create_member("Heron", password=PASSWORD, email="heron@example.org")
    told = []
    for name, email in (("Wren", "heron@example.org"), ("Siskin", "lapwing@example.org")):
        guest = Client(HTTP_HOST="localhost:8000")
        answer = send(guest, filled_in(guest, name=name, email=email))
        told.append((answer.status_code, answer.text.replace(email, "X"), sorted(answer.headers)))
    assert told[0] == told[1]
    known, new = written()
    assert "have an account already" in known.subject
    assert "Confirm your address" in new.subject
    assert "/account/join/" not in known.body


def test_a_name_is_held_while_it_waits(web, cast, way):
    way("confirmed")
    send(web, filled_in(web, email="wren@example.org"))
    other = Client(HTTP_HOST="localhost:8000")
    form = filled_in(other, name="WREN", email="heron@example.org")
    assert send(other, form).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        form = filled_in(other, name="WREN", email="heron@example.org")
        assert send(other, form).status_code == 200


# Approved by staff


def test_staff_let_in_or_turn_away(web, cast, way):
    way("approved")
    for name, email in (("Wren", "wren@example.org"), ("Heron", "")):
        guest = Client(HTTP_HOST="localhost:8000")
        assert send(guest, filled_in(guest, name=name, email=email)).status_code == 200
        sign_in = guest.post("/account/login", {"login": name, "password": PASSWORD})
        assert sign_in.status_code == 422
    for who in (None, "quay", "mod"):
        assert (
            as_(Client(HTTP_HOST="localhost:8000"), cast, who)
            .get("/staff/applications")
            .status_code
            == 403
        )
    as_(web, cast, "admin")
    page = web.get("/staff/applications").text
    assert "wren@example.org" in page
    wren, heron = (row.id for row in joining.waiting())
    before = LogEntry.objects.count()
    assert (
        web.post(
            "/staff/applications", {"id": wren, "do": "approve", "reason": "too short"}
        ).status_code
        == 422
    )
    reason = "The application was read by the staff."
    assert (
        web.post("/staff/applications", {"id": wren, "do": "approve", "reason": reason}).status_code
        == 303
    )
    assert (
        web.post("/staff/applications", {"id": heron, "do": "refuse", "reason": reason}).status_code
        == 303
    )
    assert (
        web.post("/staff/applications", {"id": wren, "do": "approve", "reason": reason}).status_code
        == 422
    )
    assert [e.kind for e in LogEntry.objects.order_by("n")[before:]] == [
        "member.admit",
        "member.refuse",
    ]
    subjects = sorted(letter.subject for letter in written())
    assert [s.split(" · ")[0] for s in subjects] == ["Confirm your address", "Welcome"]
    guest = Client(HTTP_HOST="localhost:8000")
    assert guest.post("/account/login", {"login": "Wren", "password": PASSWORD}).status_code == 303
    assert not Member.objects.filter(name="Heron").exists()
    assert "Member let in" in web.get("/moderation-log").text


# By invitation


def test_an_invitation_is_for_one_address_once(web, cast, way):
    """SEC-073: no reuse, no other address, no rights beyond a new member's; GET uses nothing up."""
    way("invitation")
    as_(web, cast, "quay")
    assert web.post("/account/invitations", {"email": "wren@example.org"}).status_code == 200
    (letter,) = written()
    link = link_of(letter)
    guest = Client(HTTP_HOST="localhost:8000")
    for _ in range(3):
        assert guest.get(link).status_code == 200
    form = filled_in(guest, link, email="other@example.org")
    assert send(guest, form, address=link).status_code == 422
    assert send(guest, form | {"email": "Wren@example.org"}, address=link).status_code == 303
    member = Member.objects.get(name="Wren")
    assert member.email == "wren@example.org"
    assert member.groups.count() == 0
    other = Client(HTTP_HOST="localhost:8000")
    assert other.get(link).status_code == 404
    assert other.post(link, form).status_code == 404


@pytest.mark.parametrize("change", ["suspended", "inactive", "withdrawn", "lapsed"])
def test_an_invitation_ends_with_its_inviters_right(web, cast, way, change):
    """SEC-073."""
    way("invitation")
    _, token = inviting.invite(cast.quay.pk, "wren@example.org")
    now = timezone.now()
    if change == "suspended":
        Member.objects.filter(pk=cast.quay.pk).update(suspended_until=now + timedelta(days=1))
    elif change == "inactive":
        Member.objects.filter(pk=cast.quay.pk).update(is_active=False)
    elif change == "withdrawn":
        inviting.withdraw(cast.quay.pk, Invitation.objects.get().pk)
    else:
        Invitation.objects.update(until=now)
    assert web.get(f"/account/invitation/{token}").status_code == 404


def test_ten_invitations_a_day(web, cast):
    as_(web, cast, "quay")
    codes = [
        web.post("/account/invitations", {"email": f"wren{n}@example.org"}).status_code
        for n in range(11)
    ]
    assert codes == [200] * 10 + [422]
    assert Invitation.objects.filter(until__gt=timezone.now() + timedelta(days=89)).count() == 10


def test_nobody_takes_back_anothers_invitation(web, cast):
    number, _ = inviting.invite(cast.quay.pk, "wren@example.org")
    as_(web, cast, "hill").post("/account/invitations", {"withdraw": number})
    assert Invitation.objects.filter(pk=number).exists()


# Mail of the forum


def test_staff_see_where_mail_goes_and_try_it(web, cast):
    for who in (None, "quay", "mod"):
        assert (
            as_(Client(HTTP_HOST="localhost:8000"), cast, who).get("/staff/mail").status_code == 403
        )
    as_(web, cast, "admin")
    assert "No server of mail is set up" in web.get("/staff/mail").text
    answer = web.post("/staff/mail", {"email": "ada@example.org"})
    assert "Sent to" in answer.text
    from django.core import mail

    assert mail.outbox[-1].to == ["ada@example.org"]
    assert web.post("/staff/mail", {"email": "nobody"}).status_code == 422


def test_a_refusal_of_the_server_is_shown(web, cast, monkeypatch):
    from rostra.kernel import mailing

    def refuse(*words, **more):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(mailing, "send", refuse)
    answer = as_(web, cast, "admin").post("/staff/mail", {"email": "ada@example.org"})
    assert answer.status_code == 502
    assert "Connection refused" in answer.text
