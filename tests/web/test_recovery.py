"""Getting back in, and changing password and address (SEC-032, 033, 074 to 078, 085, 088, 111)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from rostra.forum.members import actions, recovery
from rostra.forum.members.models import MailToken, Member, Session
from tests.cast import PASSWORD
from tests.web.letters import link_of, written
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
ADDRESS = "quay@example.org"
NEW = "entirely other words"


def guest(**more) -> Client:
    return Client(HTTP_HOST="localhost:8000", **more)


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


@pytest.fixture
def quay(cast):
    """Quay, with an address that was confirmed."""
    Member.objects.filter(pk=cast.quay.pk).update(email=ADDRESS, email_key=ADDRESS)
    cast.quay.refresh_from_db()
    return cast.quay


def ask(web, email=ADDRESS, **extra):
    return web.post("/account/reset", {"email": email}, **extra)


def link_for(web) -> str:
    ask(web)
    return link_of(written()[-1])


def sign_in(web, password=PASSWORD):
    return web.post("/account/login", {"login": "Quay", "password": password})


def test_a_new_password_by_mail(web, quay):
    """SEC-033, 076: looking uses nothing up; every session ends; the owner is told."""
    there = guest()
    sign_in(there)
    link = link_for(web)
    for _ in range(3):
        page = web.get(link)
        assert page.status_code == 200
        assert web.head(link).status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert web.post(link, {"password": "short"}).status_code == 422
    assert web.post(link, {"password": NEW}).status_code == 303
    assert there.get("/account").status_code == 303
    assert Session.objects.filter(member=quay).count() == 0
    assert sign_in(guest()).status_code == 422
    assert sign_in(guest(), NEW).status_code == 303
    (told,) = written()
    assert told.to == [ADDRESS]
    assert "password was changed" in told.body


def test_a_link_works_once(web, quay):
    """SEC-075."""
    link = link_for(web)
    web.post(link, {"password": NEW})
    assert web.get(link).status_code == 404
    assert web.post(link, {"password": "yet other words"}).status_code == 404
    assert sign_in(guest(), NEW).status_code == 303


@pytest.mark.parametrize("end", ["newer", "time", "email", "login", "password", "inactive"])
def test_a_link_ends_also_in_a_page_that_was_open(web, quay, end):
    """SEC-075: after a newer one, 30 minutes, a change of address, a log-in, a new password."""
    link = link_for(web)
    assert web.get(link).status_code == 200
    moment = later(minutes=31) if end == "time" else later(seconds=1)
    if end == "newer":
        link_for(guest())
    elif end == "email":
        token = recovery.fresh_token(quay.pk, "email", email="new@example.org").token
        recovery.confirm_email(token)
    elif end == "login":
        sign_in(guest())
    elif end == "password":
        recovery.change_password(quay.pk, "words of today", keep_session=None)
    elif end == "inactive":
        Member.objects.filter(pk=quay.pk).update(is_active=False)
    before = Member.objects.get(pk=quay.pk).password
    with moment:
        answer = web.post(link, {"password": NEW})
    assert answer.status_code == 404
    after = Member.objects.get(pk=quay.pk)
    assert not after.check_password(NEW)
    assert end == "login" or after.password == before


@pytest.mark.parametrize(
    "spelled",
    ["quaу@example.org", "quay@exampIe.org".replace("I", "ı"), "ＱＵＡＹ@example.org", "quay@EXAMPLE.org\u212a",
     "quay+x@example.org", "quay@example.org.evil.example", "quay@example.org\r\nCc: x@e.example",
     "quay@example.org,x@e.example", "x@e.example;quay@example.org", '"quay"@example.org', "Quay"],
)  # fmt: skip
def test_only_the_exact_address_gets_a_letter(web, quay, spelled):
    """SEC-078: look-alikes, the dotless i, the Kelvin sign, full width: nobody's."""
    assert ask(web, spelled).status_code == 200
    assert written() == []


def test_the_letter_goes_to_the_address_that_is_kept(web, quay):
    """SEC-078."""
    ask(web, "QUAY@EXAMPLE.ORG")
    assert [letter.to for letter in written()] == [[ADDRESS]]


def test_who_asks_learns_nothing(web, quay):
    """SEC-079: the same status, words and headers for an address that nobody has."""
    told = [ask(guest(), email) for email in (ADDRESS, "nobody@example.org")]
    first, second = (
        (a.status_code, a.text.replace(ADDRESS, "X").replace("nobody@example.org", "X"),
         sorted(a.headers)) for a in told
    )  # fmt: skip
    import re

    def same(text):
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)

    assert (first[0], same(first[1]), first[2]) == (second[0], same(second[1]), second[2])
    from rostra.kernel.models import Job

    assert Job.objects.filter(name__endswith="reset_password").count() == 2


def test_three_letters_an_hour_to_an_address(web, quay):
    codes = [ask(guest(REMOTE_ADDR=f"198.51.100.{n}")).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "forged",
    [
        {"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_FORWARDED": "host=evil.example"},
        {"SERVER_NAME": "evil.example"}, {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_ORIGINAL_HOST": "evil.example"},
    ],
)  # fmt: skip
def test_addresses_in_letters_are_ours(web, quay, forged):
    """SEC-074: whatever the request claims."""
    ask(web, **forged)
    (letter,) = written()
    told = str(letter.message())
    assert "evil.example" not in told
    assert "http://localhost:8000/account/reset/" in told
    assert "https://localhost" not in told


def test_an_unknown_host_has_no_letter_sent(web, quay):
    """SEC-074."""
    assert ask(web, HTTP_HOST="evil.example").status_code == 400
    assert written() == []


def test_a_reset_does_not_get_past_the_second_step(web, cast):
    """SEC-077: nor does it sign anybody in."""
    Member.objects.filter(pk=cast.mod.pk).update(
        email="mod@example.org", email_key="mod@example.org"
    )
    ask(web, "mod@example.org")
    web.post(link_of(written()[-1]), {"password": NEW})
    assert web.get("/account").status_code == 303
    answer = web.post("/account/login", {"login": "Mod Ferris", "password": NEW})
    assert answer["Location"] == "/account/code"
    assert web.get("/account").status_code == 303


def test_an_address_that_is_not_confirmed_gets_nothing(web, cast):
    """SEC-088: so that nobody gets at an account by a mistyped or borrowed address."""
    recovery.fresh_token(cast.quay.pk, "email", email=ADDRESS)
    ask(web)
    assert written() == []


# Changes


def test_a_changed_password_ends_all_other_sessions(web, quay):
    """SEC-076: on the spot; this one goes on under new keys; the owner is told."""
    here, there = guest(), guest()
    sign_in(here)
    sign_in(there)
    old = here.cookies["session"].value
    here.get("/account/password")
    csrf = here.cookies["csrf"].value
    assert here.post("/account/password", {"password": "short"}).status_code == 422
    assert here.post("/account/password", {"password": NEW}).status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200
    assert here.cookies["session"].value != old
    assert here.cookies["csrf"].value != csrf
    stolen = guest()
    stolen.cookies["session"] = old
    assert stolen.get("/account").status_code == 303
    assert "password was changed" in written()[0].body


def test_a_changed_address_is_confirmed_and_the_old_one_told(web, quay):
    """SEC-032, 033, 075."""
    sign_in(web)
    assert web.post("/account/email", {"email": "new@example.org"}).status_code == 303
    (letter,) = written()
    assert letter.to == ["new@example.org"]
    link = link_of(letter)
    assert Member.objects.get(pk=quay.pk).email == ADDRESS
    for _ in range(2):
        assert guest().get(link).status_code == 200
    assert Member.objects.get(pk=quay.pk).email == ADDRESS
    assert guest().post(link).status_code == 422  # whoever reads that mailbox
    assert guest().post(link, {"password": "wrong words"}).status_code == 422
    assert web.post(link).status_code == 303
    assert Member.objects.get(pk=quay.pk).email == "new@example.org"
    (told,) = written()
    assert told.to == [ADDRESS]
    assert "address of your account was changed" in told.body
    assert web.post(link).status_code == 404


def test_somebody_else_who_opens_the_link_is_not_touched(web, quay, cast):
    """SEC-032: the page says whose account it is about."""
    letter = recovery.fresh_token(quay.pk, "email", email="new@example.org")
    stranger = as_(guest(), cast, "hill")
    page = stranger.get(f"/account/email/{letter.token}").text
    assert "“Quay”" in page
    assert "You are logged in as somebody else" in page
    before = Member.objects.filter(pk=cast.hill.pk).values().get()
    assert stranger.post(f"/account/email/{letter.token}").status_code == 422
    assert (
        stranger.post(f"/account/email/{letter.token}", {"password": PASSWORD}).status_code == 303
    )
    assert Member.objects.filter(pk=cast.hill.pk).values().get() == before


def test_two_members_never_have_one_address(web, quay, cast):
    """SEC-088, 079: the form tells nothing, its owner is told; whoever confirms first has it."""
    hill = guest()
    hill.post("/account/login", {"login": "Hill", "password": PASSWORD})
    assert hill.post("/account/email", {"email": "QUAY@example.org"}).status_code == 303
    (told,) = written()
    assert "have an account already" in told.subject
    token = recovery.fresh_token(cast.hill.pk, "email", email="Quay@example.org").token
    assert hill.post(f"/account/email/{token}").status_code == 403
    assert Member.objects.get(pk=cast.hill.pk).email == ""


def test_an_address_can_be_removed(web, quay):
    sign_in(web)
    web.post("/account/email", {"do": "remove"})
    assert Member.objects.get(pk=quay.pk).email_key == ""
    assert "removed from your account" in written()[0].body


@pytest.mark.parametrize(
    "name", ["Quay\r\nBcc: x@e.example", "Quay\u2028Bcc: x@e.example", "Quay\0x", "Quay\x0bBcc: x"]
)
def test_nothing_breaks_out_of_a_header(web, quay, settings, name):
    """SEC-111: whatever stands in a name or the site's name when it becomes part of a letter."""
    import dataclasses

    from rostra.web.accounts import letters

    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, site_name=name)
    letters.tell_owner(ADDRESS, name, "name_changed", "en")
    from django.core import mail

    made = mail.outbox[-1].message()
    assert made["Bcc"] is None
    assert made.get_all("To") == [ADDRESS]
    assert len(made.as_bytes().split(b"\n\n")[0].splitlines()) < 20
    with pytest.raises(ValueError, match=r"[Nn]ewline|linefeed|header|address"):
        letters.tell_owner("quay@example.org\nBcc: x@e.example", name, "name_changed", "en")


def test_letters_are_in_the_language_of_their_reader(web, quay):
    ask(web, HTTP_ACCEPT_LANGUAGE="ar")
    (letter,) = written()
    assert "كلمة مرور" in letter.subject
    html = letter.alternatives[0].content
    assert 'dir="rtl"' in html


def test_tokens_are_kept_as_hashes_alone(web, quay):
    ask(web)
    from rostra.kernel.models import Job

    assert not MailToken.objects.exists()  # made when the letter is written
    waiting = str(list(Job.objects.values()))
    token = link_of(written()[0]).rpartition("/")[2]
    assert token not in waiting
    assert token not in str(list(MailToken.objects.values()))


def test_a_new_name_keeps_old_mentions(web, quay):
    """SEC-090: what refers to somebody refers to the person, not to the letters."""
    sign_in(web)
    web.post("/account/name", {"name": "Gull"})
    assert Member.objects.get(name="Gull").pk == quay.pk
    with later(days=200):
        other = actions.create_member("Quay", password=PASSWORD)
    assert other.pk != quay.pk
