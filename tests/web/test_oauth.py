"""Logging in by a provider that speaks OAuth 2 alone (SEC-087, 088)."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import logging
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from rostra.forum.members import actions, identities, joining
from rostra.forum.members.models import Identity, Member
from rostra.web.accounts import vouched
from tests.cast import PASSWORD
from tests.forum.documents.press import Press
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
GITHUB = "https://github.com/login/oauth"
WORDS = {
    "key": "acme", "name": "Acme", "issuer": "https://acme.example", "client": "us", "secret": "s&s",
    "authorize": "https://acme.example/go?x=1", "token": "https://acme.example/token",
    "user": "https://api.acme.example/me", "scope": "who am i", "id": "data.id",
    "called": "data.login", "email": "data.mail", "checked": "data.mail_checked",
}  # fmt: skip
SETTING = ";".join(
    ("like=github&client=hub-us&secret=hub-secret", "like=discord&client=cord-us&secret=cs", urlencode(WORDS))
)  # fmt: skip
OPENID = "key=open&name=Open&issuer=https://open.example&client=c&secret=s"
TOKEN = "gho_a-token-that-nobody-reads"


class Site:
    """A provider in memory; what it says can be wrong in every way."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict | None, dict]] = []
        self.tells: dict = {"access_token": TOKEN, "token_type": "bearer", "scope": "user:email"}
        self.user: object = {"id": 583231, "login": "Wren", "email": "shown@example.org"}
        self.emails: object = [
            {"email": "old@example.org", "primary": False, "verified": True},
            {"email": "wren@example.org", "primary": True, "verified": True},
        ]
        self.challenge = ""

    def fetch(self, address, form=None, headers=None):
        self.asked.append((address, dict(form) if form else None, dict(headers or {})))
        if form is not None:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.challenge:
                return {"error": "invalid_grant"}
            return self.tells
        assert headers["Authorization"] == f"Bearer {TOKEN}"
        found = self.emails if address.endswith("/emails") else self.user
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def site(monkeypatch, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, oauth=SETTING, oidc=OPENID)
    made = Site()
    monkeypatch.setattr(vouched, "fetch", made.fetch)
    return made


def guest() -> Client:
    return Client(HTTP_HOST="localhost:8000")


def begin(web, site, key="github", **words) -> dict:
    """Press the button; return what the browser is sent to the provider with."""
    page = web.post(f"/account/with/{key}", words)
    assert page.status_code == 200, page
    address = html.unescape(re.search(r'url=([^"]+)">', page.text)[1])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == f"http://localhost:8000/account/with/{key}/back"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    site.challenge = asked["code_challenge"]
    return asked | {"at": address.partition("?")[0]}


def come_back(web, site, key="github", **wrong):
    asked = begin(web, site, key)
    return web.get(f"/account/with/{key}/back", {"code": "c", "state": asked["state"]} | wrong)


def is_in(web) -> bool:
    return web.get("/account").status_code == 200


def test_joining_by_github_and_coming_again(web, cast, site):
    assert "Log in with GitHub" in web.get("/account/login").text
    asked = begin(web, site)
    assert (asked["at"], asked["client_id"]) == (f"{GITHUB}/authorize", "hub-us")
    assert asked["scope"] == "user:email" and "nonce" not in asked
    answer = web.get("/account/with/github/back", {"code": "c", "state": asked["state"]})
    assert answer["Location"] == "/account/with"
    (token, form, _), (user, _, told), (emails, _, _) = site.asked
    assert (token, user, emails) == (
        f"{GITHUB}/access_token", "https://api.github.com/user", "https://api.github.com/user/emails",
    )  # fmt: skip
    assert (form["client_secret"], form["redirect_uri"]) == ("hub-secret", asked["redirect_uri"])
    assert told == {"Authorization": f"Bearer {TOKEN}"}
    page = web.get("/account/with").text
    assert 'value="Wren"' in page and "wren@example.org" in page
    assert web.post("/account/with", {"name": "Wren"}).status_code == 303
    row = Identity.objects.get(member__name="Wren")
    assert (row.issuer, row.subject) == (GITHUB, "583231")
    assert row.member.email == "wren@example.org"
    site.user = {"id": 583231, "login": "called-otherwise-now"}
    again = guest()
    assert come_back(again, site)["Location"] == "/"
    assert "Wren" in again.get("/account").text


def test_who_would_join_is_offered_it_where_it_leads_in(web, cast, site, settings):
    assert "Join with GitHub" in web.get("/account/join").text
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, registration="approved")
    assert "GitHub" not in web.get("/account/join").text


def test_discord_and_a_site_that_is_described(web, cast, site):
    site.user = {"id": "80351110224678912", "username": "nelly", "verified": True,
                 "email": "nelly@example.org"}  # fmt: skip
    assert begin(web, site, "discord")["at"] == "https://discord.com/oauth2/authorize"
    assert come_back(web, site, "discord")["Location"] == "/account/with"
    assert "nelly@example.org" in web.get("/account/with").text
    site.user = {"data": {"id": "7f3", "login": "Siskin", "mail": "s@example.org",
                          "mail_checked": True}}  # fmt: skip
    other = guest()
    asked = begin(other, site, "acme")
    assert (asked["x"], asked["scope"]) == ("1", "who am i")
    assert come_back(other, site, "acme")["Location"] == "/account/with"
    assert other.post("/account/with", {"name": "Siskin"}).status_code == 303
    row = Identity.objects.get(member__name="Siskin")
    assert (row.issuer, row.subject) == ("https://acme.example", "7f3")


def test_where_the_secret_goes(web, cast, site, settings):
    """Reddit and some others take it in a header alone."""
    words = urlencode(WORDS | {"basic": "yes"})
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, oauth=words)
    site.user = {"data": {"id": 1}}
    come_back(web, site, "acme")
    _, form, told = site.asked[0]
    assert "client_secret" not in form
    assert base64.b64decode(told["Authorization"].removeprefix("Basic ")) == b"us:s%26s"


def test_the_second_step_is_asked_all_the_same(web, cast, site):
    """SEC-077."""
    identities.connect(cast.mod.pk, GITHUB, "583231")
    assert come_back(web, site)["Location"] == "/account/code"
    assert not is_in(web)


def test_nothing_is_taken_that_was_not_begun_here(web, cast, site):
    """SEC-087: no state, another session's (login CSRF), twice, too late, with another verifier."""
    identities.connect(cast.quay.pk, GITHUB, "583231")
    back = "/account/with/github/back"
    assert web.get(back, {"code": "c", "state": "x"}).status_code == 403
    for wrong in ({"state": ""}, {"state": "x"}, {"code": ""}):
        assert come_back(web, site, **wrong).status_code == 403
    assert not site.asked  # nobody's code went anywhere
    asked = begin(web, site)
    good = {"code": "c", "state": asked["state"]}
    assert guest().get(back, good).status_code == 403
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=2), tick=True):
        assert web.get(back, good).status_code == 403
    assert web.get(back, good).status_code == 403  # used up
    assert not site.asked
    asked = begin(web, site)
    begin(guest(), site)  # a code that was given out to another session, put in here
    assert web.get(back, {"code": "c", "state": asked["state"]}).status_code == 403
    assert not is_in(web)
    asked = begin(web, site)
    web.post("/account/login", {"login": "Hill", "password": PASSWORD})
    web.get(back, {"code": "c", "state": asked["state"]})
    assert not Identity.objects.filter(member=cast.hill).exists()


@pytest.mark.parametrize("other", ["discord", "acme", "open"])
def test_providers_are_not_mixed_up(web, cast, site, other):
    """SEC-087: what one gave is never taken to another, whatever it speaks; `iss` is compared."""
    identities.connect(cast.quay.pk, GITHUB, "583231")
    asked = begin(web, site)
    good = {"code": "c", "state": asked["state"]}
    assert web.get(f"/account/with/{other}/back", good).status_code == 403
    assert web.get("/account/with/github/back", good).status_code == 403
    assert come_back(web, site, iss="https://discord.com").status_code == 403
    assert come_back(web, site, iss=f"{GITHUB}/").status_code == 403
    assert not site.asked and not is_in(web)
    assert come_back(web, site, iss=GITHUB)["Location"] == "/"  # GitHub says it since 2026
    assert is_in(web)


def test_a_number_of_another_provider_is_somebody_else(web, cast, site):
    """SEC-087."""
    identities.connect(cast.quay.pk, GITHUB, "583231")
    assert come_back(web, site, "discord")["Location"] == "/account/with"
    assert not is_in(web)


WRONG_USERS = [
    {}, {"id": None}, {"id": ""}, {"id": True}, {"id": 1.5}, {"id": ["583231"]}, {"id": {}},
    {"id": "wren@example.org"}, {"id": "a b"}, {"id": "1\n"}, {"id": "9" * 256}, [], None, "583231",
    {"sub": 583231}, {"login": "583231"},
]  # fmt: skip


@pytest.mark.parametrize("user", WRONG_USERS, ids=str)
def test_who_is_no_number_is_nobody(web, cast, site, user):
    """SEC-087: a name or an address of mail is never taken for who somebody is."""
    for subject in ("583231", "wren@example.org", "True", "None", "1"):
        identities.connect(cast.quay.pk, GITHUB, subject)
    site.user = user
    assert come_back(web, site).status_code == 403
    assert not is_in(web)


@pytest.mark.parametrize(
    "tells",
    [
        {"error": "bad_verification_code", "access_token": TOKEN}, {}, {"access_token": None},
        {"access_token": ""}, {"access_token": "a\r\nX-Evil: 1"}, {"access_token": TOKEN * 200},
        {"access_token": TOKEN, "token_type": "mac"}, {"access_token": [TOKEN]}, [TOKEN], None,
    ],
    ids=str,
)  # fmt: skip
def test_without_a_token_nobody_is_asked(web, cast, site, tells):
    identities.connect(cast.quay.pk, GITHUB, "583231")
    site.tells = tells
    assert come_back(web, site).status_code == 403
    assert len(site.asked) == 1


def test_what_went_wrong_is_said_in_our_words(web, cast, site, caplog):
    """A provider's own words are for the log, and neither token, code nor secret is in it."""
    said = {"error": "<b>server_error", "error_description": "<b>Call 555", "code": ""}
    caplog.set_level(logging.DEBUG)
    page = come_back(web, site, **said)
    assert page.status_code == 403 and "did not tell us who you are" in page.text
    assert "server_error" not in page.text and "555" not in page.text
    page = come_back(web, site, error="access_denied", code="")
    assert page.status_code == 403 and "You told GitHub not to say who you are" in page.text
    assert come_back(web, site, error="access_denied", state="x").text.count("You told") == 0
    assert not site.asked
    identities.connect(cast.quay.pk, GITHUB, "583231")
    site.tells = {"error": "incorrect_client_credentials"}
    come_back(web, site, code="the-code-itself")
    site.tells = {"access_token": TOKEN, "token_type": "odd"}
    come_back(web, site, code="the-code-itself")
    site.tells = {"access_token": TOKEN}
    come_back(web, site, code="the-code-itself")
    assert is_in(web)
    assert "incorrect_client_credentials" in caplog.text
    kept = str(dict(web.session)) + caplog.text
    assert not any(word in kept for word in (TOKEN, "the-code-itself", "hub-secret"))


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_one_comes_back_to_this_forum_alone(web, cast, site, where):
    """SEC-087: no open redirect, whichever way it is asked for."""
    identities.connect(cast.quay.pk, GITHUB, "583231")
    asked = begin(web, site, next=where)
    back = {"code": "c", "state": asked["state"], "next": where, "redirect_uri": where}
    assert web.get("/account/with/github/back", back)["Location"] == "/"


EMAILS = [
    ([{"email": "heron@example.org", "primary": True, "verified": False}], ""),
    ([{"email": "heron@example.org", "primary": True, "verified": "true"}], ""),
    ([{"email": "heron@example.org", "primary": False, "verified": True}], ""),
    ([{"email": None, "primary": True, "verified": True}], ""),
    ([{"email": "no address", "primary": True, "verified": True}], ""),
    ({"message": "no"}, ""), (["heron@example.org"], ""), (vouched.Failed("403"), ""), ([], ""),
    ([{"email": "free@example.org", "primary": True, "verified": True}], "free@example.org"),
]  # fmt: skip


@pytest.mark.parametrize(("emails", "taken"), EMAILS, ids=str)
def test_only_an_address_that_was_checked_is_taken(web, cast, site, emails, taken):
    """SEC-087."""
    site.user = {"id": 5, "login": "Wren", "email": "heron@example.org", "verified": True}
    site.emails = emails
    assert come_back(web, site)["Location"] == "/account/with"
    assert web.post("/account/with", {"name": "Wren"}).status_code == 303
    assert Member.objects.get(name="Wren").email == taken


@pytest.mark.parametrize("is_checked", [True, False, None, "true", 1])
def test_an_address_alone_leads_into_no_account(web, cast, site, is_checked):
    """SEC-087: neither a checked one nor a claimed one."""
    actions.create_member("Heron", password=PASSWORD, email="heron@example.org")
    site.user = {"id": "7", "username": "x", "email": "heron@example.org", "verified": is_checked}
    assert come_back(web, site, "discord")["Location"] == "/account/with"
    answer = web.post("/account/with", {"name": "Wren"})
    if is_checked is True:
        assert answer.status_code == 422 and "connect the two" in answer.text
        assert not Member.objects.filter(name="Wren").exists()
    else:
        assert answer.status_code == 303
        assert Member.objects.get(name="Wren").email == ""
    assert not Identity.objects.filter(member__name="Heron").exists()


def test_a_changed_number_with_the_same_address_is_somebody_else(web, cast, site):
    """SEC-087."""
    identities.join(GITHUB, "583231", "Wren", email="wren@example.org", needs_email=False)
    site.user = {"id": 583232, "login": "Wren"}
    assert come_back(web, site)["Location"] == "/account/with"
    assert web.post("/account/with", {"name": "Siskin"}).status_code == 422
    assert not is_in(web)


def test_a_squatter_gains_nothing_by_naming_the_address_before(web, cast, site):
    """SEC-088: the owner joins by a provider; what the squatter knows opens nothing."""
    squatters = "their own words here"
    applied = joining.apply(
        "Squatter",
        make_password(squatters),
        email="wren@example.org",
        language="en",
        kind="confirm",
    )
    token, _ = joining.fresh_link(applied)
    come_back(web, site)
    assert web.post("/account/with", {"name": "Wren"}).status_code == 303
    assert Member.objects.get(email="wren@example.org").name == "Wren"
    squatter = guest()
    for login in ("wren@example.org", "Wren", "Squatter"):
        answer = squatter.post("/account/login", {"login": login, "password": squatters})
        assert answer.status_code == 422
    squatter.post(f"/account/join/{token}", {"password": squatters})
    assert not is_in(squatter) and not Member.objects.filter(name="Squatter").exists()


def test_connecting_takes_a_fresh_proof_and_one_account(web, cast, site):
    """SEC-085."""
    as_(web, cast, "quay")
    assert come_back(web, site)["Location"] == "/account/providers"
    assert "GitHub" in web.get("/account/providers").text
    assert come_back(as_(guest(), cast, "hill"), site).status_code == 403  # it is Quay's already
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        assert web.post("/account/with/discord")["Location"].startswith("/account/confirm")


@pytest.mark.parametrize("wrong", ["", "hop", "large", "no json"])
def test_a_token_goes_nowhere_but_where_the_setting_says(web, cast, settings, wrong):
    """SEC-087: over a real connection; a hop is not followed, an answer has an end."""
    press = Press()
    press.server.RequestHandlerClass.do_POST = press.server.RequestHandlerClass.do_GET
    words = {"client": "us", "secret": "s", "key": "acme", "issuer": "https://acme.example"}
    for name in ("authorize", "token", "user"):
        words[name] = press.url(f"/{name}", "127.0.0.1")
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, oauth=urlencode(words), reach_inside="127.0.0.0/8"
    )
    json_type = "application/json"
    press.put("/token", json.dumps({"access_token": TOKEN}).encode(), kind=json_type)
    press.put("/user", b'{"id": 583231}', kind=json_type)
    press.put("/elsewhere", b'{"id": 583231}', kind=json_type)
    if wrong == "hop":
        press.put("/user", b"", kind=press.url("/elsewhere", "127.0.0.1"), status=302)
    elif wrong == "large":
        press.put("/user", b'{"id": 583231}' + b" " * 1_100_000, kind=json_type)
    elif wrong == "no json":
        press.put("/user", b"id=583231", kind="text/plain")
    identities.connect(cast.quay.pk, "https://acme.example", "583231")
    come_back(web, Site(), "acme")
    assert is_in(web) == (not wrong)
    assert [path for path, _ in press.asked] == ["/token", "/user"]
    (_, told_token), (_, told_user) = press.asked
    assert "authorization" not in told_token and told_token["user-agent"] == "Rostra"
    assert told_user["authorization"] == f"Bearer {TOKEN}"
    press.close()


def test_sec_038_an_operators_address_reaches_nothing_inside(web, cast, settings):
    """SEC-038."""
    words = WORDS | {"token": "https://169.254.169.254/token"}
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, oauth=urlencode(words))
    assert come_back(web, Site(), "acme").status_code == 403
