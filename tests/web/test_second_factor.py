"""The second step: apps, recovery codes, passkeys, and staff who need one (SEC-077, 081, 083, 086)."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from rostra.forum.access.queries import grants_for, viewer_for
from rostra.forum.members.models import Session
from rostra.forum.members.queries import account_for
from rostra.web.accounts import codes
from tests.cast import PASSWORD
from tests.web.letters import written
from tests.web.passkey import Device
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def guest(**more) -> Client:
    return Client(HTTP_HOST="localhost:8000", **more)


def code_now(secret=SECRET, steps=0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def first_step(web, login="Mod Ferris"):
    return web.post("/account/login", {"login": login, "password": PASSWORD, "next": "/members"})


def later(**delta):
    return time_machine.travel(timezone.now() + timedelta(**delta), tick=True)


def test_a_password_alone_is_half_a_sign_in(web, cast):
    assert first_step(web)["Location"] == "/account/code"
    assert web.get("/account").status_code == 303
    assert web.get("/account/code").status_code == 200
    half = web.cookies["session"].value
    assert Session.objects.get(session_key=half).member_id is None
    answer = web.post("/account/code", {"code": f" {code_now()[:3]} {code_now()[3:]} "})
    assert (answer.status_code, answer["Location"]) == (303, "/members")
    assert web.get("/account").status_code == 200
    assert web.cookies["session"].value != half  # SEC-083


def test_nobody_reaches_the_second_step_without_the_first(web, cast):
    assert web.get("/account/code")["Location"] == "/account/login"
    assert web.post("/account/code", {"code": code_now()})["Location"] == "/account/login"


def test_a_code_is_good_once(web, cast):
    """SEC-081: not again in its window, nor one of a step before it."""
    code = code_now()
    first_step(web)
    assert web.post("/account/code", {"code": code}).status_code == 303
    other = guest()
    first_step(other)
    assert other.post("/account/code", {"code": code}).status_code == 422
    assert other.post("/account/code", {"code": code_now(steps=-1)}).status_code == 422
    assert other.post("/account/code", {"code": code_now(steps=1)}).status_code == 303


@pytest.mark.parametrize("steps", [-5, -3, 3, 5])
def test_a_code_of_another_time_is_none(web, cast, steps):
    first_step(web)
    assert web.post("/account/code", {"code": code_now(steps=steps)}).status_code == 422


def test_five_guesses_whatever_the_form(web, cast):
    """SEC-081: over sessions, addresses and kinds of code; the right one comes too late."""
    sessions = [guest(REMOTE_ADDR=f"198.51.100.{n}") for n in range(4)]
    for one in sessions:
        first_step(one)
    guesses = ["000000", "12345678", "", "x" * 500, "٠٠٠٠٠٠"]
    codes_ = [
        sessions[n % 4].post("/account/code", {"code": guess}).status_code
        for n, guess in enumerate(guesses)
    ]
    assert codes_ == [422] * 5
    answer = sessions[0].post("/account/code", {"code": code_now()})
    assert answer.status_code == 429
    assert 4 * 60 < int(answer["Retry-After"]) <= 5 * 60
    with later(minutes=5, seconds=5):
        assert sessions[0].post("/account/code", {"code": code_now()}).status_code == 303


def test_recovery_codes_work_once_each(web, cast):
    """SEC-081."""
    made = codes.fresh_recovery_codes(cast.mod)
    assert len(set(made)) == 10
    first_step(web)
    assert web.post("/account/code", {"code": made[3]}).status_code == 303
    other = guest()
    first_step(other)
    assert other.post("/account/code", {"code": made[3]}).status_code == 422
    assert other.post("/account/code", {"code": made[4]}).status_code == 303
    assert codes.recovery_codes_left(cast.mod.pk) == 8
    codes.fresh_recovery_codes(cast.mod)
    third = guest()
    first_step(third)
    assert third.post("/account/code", {"code": made[5]}).status_code == 422


def test_taking_up_an_app(web, cast):
    """SEC-083: a new session key; recovery codes come with the first, shown this once; told."""
    first_step(web, "Quay")
    page = web.get("/account/second-factor/app").text
    secret = re.search(r'<code class="key" dir="ltr">(\w+)</code>', page)[1]
    assert 'src="data:image/svg+xml;base64,' in page
    assert web.post("/account/second-factor/app", {"code": "000000"}).status_code == 422
    assert not codes.has_second_factor(cast.quay.pk)
    old = web.cookies["session"].value
    answer = web.post("/account/second-factor/app", {"code": code_now(secret)})
    assert answer.text.count("<li><code>") == 10
    assert web.cookies["session"].value != old
    assert web.get("/account/second-factor").text.count("<li><code>") == 0
    assert "app_added" in str(letters_waiting())
    other = guest()
    assert first_step(other, "Quay")["Location"] == "/account/code"
    assert (
        other.post("/account/code", {"code": code_now(secret)}).status_code == 422
    )  # used just now
    assert other.post("/account/code", {"code": code_now(secret, 1)}).status_code == 303


def letters_waiting():
    from rostra.kernel.models import Job

    return list(Job.objects.values("payload"))


def test_removing_the_last_one_removes_recovery_codes_too(web, cast):
    codes.fresh_recovery_codes(cast.mod)
    as_(web, cast, "mod")
    row = Authenticator.objects.get(user=cast.mod, type="totp")
    stranger = as_(guest(), cast, "hill")
    stranger.post("/account/second-factor/remove", {"id": row.pk})
    assert Authenticator.objects.filter(pk=row.pk).exists()
    web.post("/account/second-factor/remove", {"id": row.pk})
    assert not Authenticator.objects.filter(user=cast.mod).exists()


def test_staff_without_a_second_step_have_no_rights_of_staff(web, cast):
    """On every way a right is asked for; what they have as members stays."""
    assert "manage_access" in cast.view(cast.admin).capabilities
    assert cast.view(cast.mod).can("moderate", cast.harbour.pk)
    Authenticator.objects.filter(user__in=[cast.admin, cast.mod]).delete()
    assert cast.view(cast.admin).capabilities == frozenset()
    assert cast.view(cast.admin).lacks_second_factor
    viewer = viewer_for(account_for(cast.mod.pk))
    assert not viewer.can("moderate", cast.harbour.pk)
    assert viewer.can("reply", cast.harbour.pk)
    assert cast.staff_room.pk not in grants_for(cast.mod.pk)["see"]
    assert not cast.view(cast.quay).lacks_second_factor
    as_(web, cast, "admin")
    answer = web.get("/staff/access")
    assert answer.status_code == 403
    assert "Set one up" in answer.text
    assert "Your groups need a second step" in web.get("/account").text
    codes.fresh_recovery_codes(cast.admin)  # these alone are no second step
    assert web.get("/staff/access").status_code == 403
    Authenticator.objects.create(user=cast.admin, type="totp", data={"secret": SECRET})
    assert web.get("/staff/access").status_code == 200


# Passkeys


@pytest.fixture
def device(web, cast):
    """A device with a passkey of Quay's."""
    as_(web, cast, "quay")
    made = Device()
    options = made.options(web.get("/account/second-factor/passkey"))
    answer = web.post(
        "/account/second-factor/passkey", {"name": "My phone", "credential": made.make(options)}
    )
    assert answer.status_code == 200
    assert "My phone" in answer.text
    assert answer.text.count("<li><code>") == 10
    return made


def challenge(web) -> dict:
    import json

    return json.loads(web.post("/account/passkey").json()["options"])


def test_a_passkey_is_name_password_and_second_step(device, cast):
    """SEC-086, 083."""
    web = guest()
    options = challenge(web)
    planted = web.cookies["session"].value
    answer = web.post(
        "/account/passkey", {"credential": device.answer(options), "next": "/members"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/members")
    assert web.cookies["session"].value != planted
    assert "Quay" in web.get("/account").text
    assert Authenticator.objects.get(type="webauthn").last_used_at is not None


def test_a_passkey_as_second_step_and_as_proof(device, cast):
    web = guest()
    assert first_step(web, "Quay")["Location"] == "/account/code"
    options = device.options(web.get("/account/code"))
    assert web.post("/account/code", {"credential": device.answer(options)}).status_code == 303
    with later(minutes=20):
        options = device.options(web.get("/account/confirm"))
        answer = web.post("/account/confirm", {"credential": device.answer(options)})
        assert answer.status_code == 303
        assert web.get("/account/password").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"}, {"origin": "http://localhost:8001"},
        {"origin": "http://evil.localhost:8000"}, {"rp_id": "evil.example"}, {"verified": False},
        {"present": False}, {"kind": "webauthn.create"}, {"challenge": b"another challenge here!!"},
        {"handle": b"999999"}, {"handle": b"x"}, {"handle": b""}, {"signature": b"forged"},
        {"credential_id": b"somebody else's"},
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_answer_opens_nothing(device, cast, wrong):
    """SEC-086: origin, relying party, verification, ceremony, challenge, owner, signature."""
    web = guest()
    answer = web.post("/account/passkey", {"credential": device.answer(challenge(web), **wrong)})
    assert answer.status_code == 422
    assert web.get("/account").status_code == 303


def test_a_challenge_is_good_once_and_for_five_minutes(device, cast):
    """SEC-086."""
    web = guest()
    options = challenge(web)
    assert (
        web.post(
            "/account/passkey", {"credential": device.answer(options, verified=False)}
        ).status_code
        == 422
    )
    assert web.post("/account/passkey", {"credential": device.answer(options)}).status_code == 422
    options = challenge(web)
    with later(minutes=5, seconds=2):
        assert (
            web.post("/account/passkey", {"credential": device.answer(options)}).status_code == 422
        )
    other = guest()
    challenge(other)
    assert (
        other.post("/account/passkey", {"credential": device.answer(challenge(web))}).status_code
        == 422
    )


def test_an_answer_to_one_question_is_none_to_another(device, web, cast):
    """SEC-086: what was asked to confirm does not sign in, what signs in is no second step."""
    with later(minutes=20):
        options = device.options(web.get("/account/confirm"))
        thief = guest()
        session = web.cookies["session"].value
        thief.cookies["session"] = session
        assert (
            thief.post("/account/passkey", {"credential": device.answer(options)}).status_code
            == 422
        )
    other = guest()
    first_step(other, "Quay")
    other.get("/account/code")
    answer = other.post("/account/code", {"credential": device.answer(challenge(other))})
    assert answer.status_code == 422


def test_a_key_of_another_member_confirms_nothing(device, cast):
    """SEC-086."""
    mod = guest()
    first_step(mod)
    other = Device()
    hill = as_(guest(), cast, "hill")
    hill.post(
        "/account/second-factor/passkey",
        {"credential": other.make(other.options(hill.get("/account/second-factor/passkey")))},
    )
    web = guest()
    first_step(web, "Quay")
    options = device.options(web.get("/account/code"))
    assert web.post("/account/code", {"credential": other.answer(options)}).status_code == 422
    assert web.get("/account").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"verified": False},
        {"challenge": b"x" * 32},
        {"rp_id": "evil.example"},
    ],
    ids=str,
)
def test_a_wrong_key_is_not_taken_up(web, cast, wrong):
    """SEC-086."""
    as_(web, cast, "quay")
    made = Device()
    options = made.options(web.get("/account/second-factor/passkey"))
    answer = web.post("/account/second-factor/passkey", {"credential": made.make(options, **wrong)})
    assert answer.status_code == 422
    assert not Authenticator.objects.filter(user=cast.quay).exists()


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"id": 1}',
        "[" * 50_000,
        '{"response": {"userHandle": 5}}',
        '{"response": 5}',
    ],
)
def test_junk_is_a_wrong_answer(web, cast, junk):
    challenge(web)
    assert web.post("/account/passkey", {"credential": junk}).status_code == 422
    as_(web, cast, "quay").get("/account/second-factor/passkey")
    assert web.post("/account/second-factor/passkey", {"credential": junk}).status_code == 422


def test_the_owner_is_told_of_every_change(device, web, cast):
    from rostra.forum.members.models import Member

    Member.objects.filter(pk=cast.quay.pk).update(
        email="quay@example.org", email_key="quay@example.org"
    )
    web.post("/account/second-factor/codes")
    web.post("/account/second-factor/remove", {"id": Authenticator.objects.get(type="webauthn").pk})
    told = [letter.body for letter in written()]
    assert any("New recovery codes" in body for body in told)
    assert any("A passkey was removed" in body for body in told)
