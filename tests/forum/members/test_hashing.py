"""Passwords as they are kept, and those of older forums (SEC-091, 092)."""

from __future__ import annotations

import json

import bcrypt
import pytest
from argon2 import PasswordHasher
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from rostra.forum.members import hashing
from rostra.forum.members.hashing import wrapped

REAL = ["rostra.forum.members.hashing.Argon2id", "rostra.forum.members.hashing.Wrapped"]


@pytest.fixture(autouse=True)
def _real_hashers(settings):
    settings.PASSWORD_HASHERS = REAL


def test_argon2id_at_its_price():
    """SEC-091, gate 17."""
    kept = make_password("seven grey herons")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password("seven grey herons", kept)
    assert not check_password("seven grey heron", kept)


def vectors(test_data):
    return json.loads((test_data / "suites/passwords/legacy_hash_vectors.json").read_text())


OURS = {"smf1": "smf", "mybb": "mybb", "vb3": "vbulletin", "phpass": "phpass"}


@pytest.mark.corpus
def test_hashes_that_others_made(test_data):
    """SEC-092: every vector of the kinds we take; the unsalted MD5 of phpBB 2 is not taken."""
    seen = 0
    for vector in vectors(test_data):
        scheme = next(
            (ours for word, ours in OURS.items() if vector["scheme"].startswith(word)), None
        )
        if scheme is None:
            continue
        kept = wrapped(
            scheme, vector["hash"], salt=vector.get("salt", ""), login=vector.get("login", "")
        )
        assert kept.startswith(f"wrapped${scheme}$")
        assert vector["hash"] not in kept
        assert "$argon2id$v=19$m=19456,t=2,p=1$" in kept
        assert check_password(vector["password"], kept) is vector["ok"], vector
        assert not check_password(vector["password"] + "x", kept)
        seen += 1
    assert seen >= 7


def made(scheme, password):
    """Return a hash of a scheme, made by others' code or by its definition."""
    from hashlib import md5, sha1

    def hexed(data):
        return md5(data, usedforsecurity=False).hexdigest()

    if scheme == "bcrypt":
        return (
            bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode().replace("$2b$", "$2y$"),
            "",
            "",
        )
    if scheme == "vbulletin":
        return hexed(hexed(password.encode()).encode() + b"a'c"), "a'c", ""
    if scheme == "mybb":
        return hexed(hexed(b"salt").encode() + hexed(password.encode()).encode()), "salt", ""
    if scheme == "smf":
        old = sha1(b"quay" + password.encode(), usedforsecurity=False)
        return old.hexdigest(), "", "Quay"
    return PasswordHasher(1, 8, 1).hash(password), "", ""


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["bcrypt", "vbulletin", "mybb", "smf", "argon2"])
def test_wrapped_verified_once_upgraded(cast, web_login, scheme):
    """SEC-092: right at the first sign-in, then as if it had never been otherwise."""
    old, salt, login = made(scheme, "seven grey herons")
    cast.quay.password = wrapped(scheme, old, salt=salt, login=login)
    cast.quay.save()
    assert old not in cast.quay.password or scheme == "argon2"
    assert web_login("seven grey heron") == 422
    cast.quay.refresh_from_db()
    before = cast.quay.password
    assert web_login("seven grey herons") == 303
    cast.quay.refresh_from_db()
    assert cast.quay.password != before
    assert cast.quay.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert web_login("seven grey herons") == 303


@pytest.fixture
def web_login():
    from django.test import Client

    def sign_in(password):
        return (
            Client(HTTP_HOST="localhost:8000")
            .post("/account/login", {"login": "Quay", "password": password})
            .status_code
        )

    return sign_in


@pytest.mark.parametrize(
    ("scheme", "old", "more"),
    [
        ("vbulletin", "a" * 32, {}), ("mybb", "a" * 32, {}), ("smf", "a" * 40, {}),
        ("bcrypt", "$2y$10$short", {}), ("bcrypt", "a" * 32, {}), ("phpass", "a" * 32, {}),
        ("phpass", "$H$9short", {}), ("argon2", "$argon2i$v=19$m=8,t=1,p=1$x$y", {}),
    ],
)  # fmt: skip
def test_what_is_no_such_hash_forces_a_reset(scheme, old, more):
    """SEC-092: also what has no salt."""
    assert wrapped(scheme, old, **more) == ""


def test_the_hash_itself_is_no_password():
    """SEC-092: who stole the old table cannot sign in with what stood in it."""
    old, salt, _ = made("mybb", "seven grey herons")
    kept = wrapped("mybb", old, salt=salt)
    assert not check_password(old, kept)
    assert not check_password(salt, kept)
    assert identify_hasher(kept).must_update(kept)


def test_a_long_password_is_not_worked_on():
    kept = wrapped("mybb", "a" * 32, salt="x")
    assert not hashing.Wrapped().verify("x" * 1025, kept)
