"""Logging in by a provider elsewhere (SEC-077, 087, 088)."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone

from rostra.forum.members import actions, identities
from rostra.forum.members.models import Identity, Member
from rostra.project.config import ConfigError, load
from rostra.web.accounts import vouched
from tests.cast import PASSWORD
from tests.forum.documents.press import Press
from tests.web.letters import written
from tests.web.visits import as_

pytestmark = pytest.mark.django_db
ISSUER, OTHER = "https://id.example", "https://other.example"
SETTING = ";".join(
    urlencode(
        {"key": key, "name": key.title(), "issuer": issuer, "client": f"{key}-us", "secret": "s&s"}
    )
    for key, issuer in (("acme", ISSUER), ("other", OTHER))
)
KEY, WRONG_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())


class Provider:
    """A provider in memory; what it says can be wrong in every way."""

    def __init__(self) -> None:
        self.says: dict = {}
        self.asked: list[tuple[str, dict]] = []
        self.about: dict = {}
        self.key, self.algorithm, self.token = KEY, "ES256", None

    def fetch(self, address, form=None, headers=None):
        issuer = address.partition("/.well-known")[0].removesuffix("/token").removesuffix("/keys")
        if address.endswith("openid-configuration"):
            return {
                "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize?x=1",
                "token_endpoint": f"{issuer}/token", "jwks_uri": f"{issuer}/keys",
            } | self.about  # fmt: skip
        if address.endswith("/keys"):
            public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key()))
            return {"keys": [public | {"kid": "one", "alg": "ES256", "use": "sig"}]}
        self.asked.append((address, form))
        now = int(time.time())
        claims = {
            "iss": issuer, "sub": "subject-1", "aud": form["client_id"], "iat": now,
            "exp": now + 300, "preferred_username": "Wren",
        } | self.says  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {
            "id_token": self.token
            or jwt.encode(claims, self.key, self.algorithm, headers={"kid": "one"})
        }


@pytest.fixture
def provider(monkeypatch, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, oidc=SETTING)
    made = Provider()
    monkeypatch.setattr(vouched, "fetch", made.fetch)
    return made


def guest(**more) -> Client:
    return Client(HTTP_HOST="localhost:8000", **more)


def begin(web, key="acme") -> dict:
    """Press the button; return what the browser is sent to the provider with."""
    page = web.post(f"/account/with/{key}", {"next": "/members"})
    assert page.status_code == 200, page
    address = html.unescape(re.search(r'url=([^"]+)">', page.text)[1])
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://localhost:8000/account/with/{key}/back"
    return asked


def come_back(web, provider, key="acme", **wrong):
    asked = begin(web, key)
    provider.says = {"nonce": asked["nonce"]} | provider.says
    return web.get(f"/account/with/{key}/back", {"code": "c", "state": asked["state"]} | wrong)


def test_joining_and_coming_again(web, cast, provider):
    assert "Log in with Acme" in web.get("/account/login").text
    provider.says = {"email": "wren@example.org", "email_verified": True}
    answer = come_back(web, provider)
    assert answer["Location"] == "/account/with"
    ((address, form),) = provider.asked
    assert address == f"{ISSUER}/token"
    assert len(form["code_verifier"]) >= 43
    assert 'value="Wren"' in web.get("/account/with").text
    assert web.post("/account/with", {"name": "Quay"}).status_code == 422
    assert web.post("/account/with", {"name": "Wren"}).status_code == 303
    member = Member.objects.get(name="Wren")
    assert (member.email, member.has_usable_password()) == ("wren@example.org", False)
    assert web.get("/account").status_code == 200
    again = guest()
    provider.says = {}
    assert come_back(again, provider)["Location"] == "/members"
    assert "Wren" in again.get("/account").text
    assert again.post("/account/with", {"name": "Wren two"})["Location"] == "/account/login"


def test_the_second_step_is_asked_all_the_same(web, cast, provider):
    """SEC-077."""
    identities.connect(cast.mod.pk, ISSUER, "subject-1")
    assert come_back(web, provider)["Location"] == "/account/code"
    assert web.get("/account").status_code == 303


WRONG_CLAIMS = [
    {"nonce": "another"}, {"nonce": None}, {"iss": OTHER}, {"iss": f"{ISSUER}/"}, {"iss": None},
    {"iss": "https://login.example/{tenantid}/v2.0"}, {"aud": "somebody-else"}, {"aud": None},
    {"aud": ["acme-us", "somebody-else"]}, {"exp": 1}, {"exp": None}, {"iat": None},
    {"iat": 9_999_999_999}, {"sub": None}, {"sub": ""}, {"sub": "x" * 300}, {"nbf": 9_999_999_999},
]  # fmt: skip


@pytest.mark.parametrize("claims", WRONG_CLAIMS, ids=str)
def test_a_wrong_claim_lets_nobody_in(web, cast, provider, claims):
    """SEC-087: also where the subject is somebody known here."""
    identities.connect(cast.quay.pk, ISSUER, "subject-1")
    provider.says = claims
    assert come_back(web, provider).status_code == 403
    assert web.get("/account").status_code == 303


@pytest.mark.parametrize(
    "wrong",
    ["key", "none", "shared", "junk", "issuer of the provider", "endpoint over http", "kid"],
)
def test_a_token_that_is_not_signed_as_it_must_be(web, cast, provider, wrong):
    """SEC-087."""
    identities.connect(cast.quay.pk, ISSUER, "subject-1")
    if wrong == "key":
        provider.key = WRONG_KEY
    elif wrong == "none":
        provider.key, provider.algorithm = None, "none"
    elif wrong == "shared":
        provider.key, provider.algorithm = "s&s" * 20, "HS256"
    elif wrong == "junk":
        provider.token = "a.b.c"
    elif wrong == "issuer of the provider":
        provider.about = {"issuer": OTHER}
    elif wrong == "kid":
        provider.about = {"jwks_uri": f"{ISSUER}/token"}
    else:
        provider.about = {"token_endpoint": "http://id.example/token"}
    if wrong == "issuer of the provider":
        assert web.post("/account/with/acme").status_code == 403
        return
    assert come_back(web, provider).status_code == 403
    assert web.get("/account").status_code == 303


def test_nothing_is_taken_that_was_not_begun_here(web, cast, provider):
    """SEC-087: no state, another session's, another provider's, twice, too late, for another."""
    identities.connect(cast.quay.pk, ISSUER, "subject-1")
    back = "/account/with/acme/back"
    assert web.get(back, {"code": "c", "state": "x"}).status_code == 403
    assert come_back(web, provider, state="").status_code == 403
    assert come_back(web, provider, iss=OTHER).status_code == 403
    asked = begin(web)
    provider.says = {"nonce": asked["nonce"]}
    good = {"code": "c", "state": asked["state"]}
    assert guest().get(back, good).status_code == 403
    assert web.get("/account/with/other/back", good).status_code == 403  # mixed up; and used up
    assert web.get(back, good).status_code == 403
    asked = begin(web)
    good = {"code": "c", "state": asked["state"]}
    provider.says = {"nonce": asked["nonce"]}
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=2), tick=True):
        assert web.get(back, good).status_code == 403
    asked = begin(web)
    provider.says = {"nonce": asked["nonce"]}
    signed_in = web
    signed_in.post("/account/login", {"login": "Hill", "password": PASSWORD})
    signed_in.get(back, {"code": "c", "state": asked["state"]})
    assert not Identity.objects.filter(member=cast.hill).exists()


@pytest.mark.parametrize("is_checked", [True, False, None, "true", 1])
def test_an_address_alone_leads_into_no_account(web, cast, provider, is_checked):
    """SEC-087: neither a checked one nor a claimed one."""
    actions.create_member("Heron", password=PASSWORD, email="heron@example.org")
    provider.says = {"email": "heron@example.org", "email_verified": is_checked}
    come_back(web, provider)
    answer = web.post("/account/with", {"name": "Wren"})
    if is_checked is True:
        assert answer.status_code == 422
        assert "connect the two" in answer.text
        assert not Member.objects.filter(name="Wren").exists()
    else:  # what was not checked counts for nothing
        assert answer.status_code == 303
        assert Member.objects.get(name="Wren").email == ""
    assert not Identity.objects.filter(member__name="Heron").exists()


def test_a_changed_subject_is_somebody_else(web, cast, provider):
    """SEC-087: with the same address."""
    identities.join(ISSUER, "subject-1", "Wren", email="wren@example.org", needs_email=False)
    provider.says = {"sub": "subject-2", "email": "wren@example.org", "email_verified": True}
    assert come_back(web, provider)["Location"] == "/account/with"
    assert web.post("/account/with", {"name": "Siskin"}).status_code == 422


def test_the_same_subject_of_another_provider_is_somebody_else(web, cast, provider):
    """SEC-087."""
    identities.connect(cast.quay.pk, ISSUER, "subject-1")
    assert come_back(web, provider, key="other")["Location"] == "/account/with"


def test_connecting_and_removing(web, cast, provider):
    """The owner is told; nobody is left without a way in; it takes a fresh proof (SEC-085)."""
    Member.objects.filter(pk=cast.quay.pk).update(email="q@example.org", email_key="q@example.org")
    as_(web, cast, "quay")
    assert come_back(web, provider)["Location"] == "/account/providers"
    row = Identity.objects.get(member=cast.quay)
    assert "Another way to log in" in written()[0].body
    other = as_(guest(), cast, "hill")
    provider.says = {}
    assert come_back(other, provider).status_code == 403  # it is Quay's already
    other.post("/account/providers", {"id": row.pk})
    assert Identity.objects.filter(pk=row.pk).exists()
    Member.objects.filter(pk=cast.quay.pk).update(password="!")
    cast.quay.refresh_from_db()
    as_(web, cast, "quay")
    assert web.post("/account/providers", {"id": row.pk}).status_code == 422
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=True):
        assert web.post("/account/with/other")["Location"].startswith("/account/confirm")


@pytest.mark.parametrize("way", ["closed", "invitation", "approved"])
def test_a_provider_opens_no_closed_door(web, cast, provider, settings, way):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, registration=way)
    assert come_back(web, provider).status_code == 200
    assert web.post("/account/with", {"name": "Wren"})["Location"] == "/account/login"
    assert not Member.objects.filter(name="Wren").exists()


def test_where_mail_is_confirmed_a_checked_address_is_needed(web, cast, provider, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, registration="confirmed")
    provider.says = {"email": "wren@example.org"}
    come_back(web, provider)
    assert web.post("/account/with", {"name": "Wren"}).status_code == 422


@pytest.mark.parametrize(
    "text", ["x", "key=a&issuer=https://a.example&client=b", "key=A b&issuer=https://a&client=b&secret=c",
             "key=a&issuer=http://a.example&client=b&secret=c", "key=a&issuer=https://a&client=b&secret=c&x=y"],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start(text):
    with pytest.raises(ConfigError, match="oidc"):
        load({"ROSTRA_OIDC": text})


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "127.0.0.1:1", "[::1]", "localhost", "10.0.0.7"]
)
def test_sec_038_an_operators_address_reaches_nothing_inside(host):
    """SEC-038: the address of a provider is typed by the operator, and fetched like any other."""
    with pytest.raises(vouched.Failed, match="address_is_inside"):
        vouched.fetch(f"https://{host}/.well-known/openid-configuration")


def test_sec_038_what_the_operator_opened_is_reached(settings):
    press = Press()
    press.put("/about", b'{"issuer": "ours"}', kind="application/json")
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, reach_inside="127.0.0.0/8")
    assert vouched.fetch(press.url("/about", "127.0.0.1")) == {"issuer": "ours"}
    press.close()
