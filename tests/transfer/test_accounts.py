"""Passwords that come with a forum of one's own (SEC-092)."""

from __future__ import annotations

from hashlib import md5

import bcrypt
import pytest

from rostra.forum.members.models import Member
from rostra.transfer.load.run import load
from rostra.transfer.records import MemberRecord
from tests.transfer.test_load import Reader

pytestmark = pytest.mark.django_db
PASSWORD = "seven grey herons"


def members():
    old = md5(
        (md5(PASSWORD.encode(), usedforsecurity=False).hexdigest() + "a'c").encode(),
        usedforsecurity=False,
    ).hexdigest()
    return [
        MemberRecord(id="1", name="Wren", password=old, password_scheme="vbulletin",
                     password_salt="a'c", email="Wren@example.org"),
        MemberRecord(id="2", name="Heron", password_scheme="bcrypt", email="wren@example.org",
                     password=bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()),
        MemberRecord(id="3", name="Siskin", password=old, password_scheme="vbulletin",
                     email="siskin@example.org"),
        MemberRecord(id="4", name="Tern", password="x", password_scheme="unheard of",
                     email="a@good.example)b@evil.example"),
    ]  # fmt: skip


@pytest.fixture
def _real_hashers(settings):
    settings.PASSWORD_HASHERS = [
        "rostra.forum.members.hashing.Argon2id",
        "rostra.forum.members.hashing.Wrapped",
    ]


def test_nobody_becomes_an_account_unasked(tmp_path):
    load(Reader(*members()), tmp_path, processes=1)
    assert set(Member.objects.values_list("password", "email", "is_claimed")) == {("!", "", False)}


def test_members_of_ones_own_forum_sign_in(tmp_path, _real_hashers):
    """SEC-092: wrapped; without a salt or a known scheme only a letter helps."""
    load(Reader(*members()), tmp_path, processes=1, accounts=True)
    wren, heron, siskin, tern = Member.objects.order_by("id")
    assert wren.check_password(PASSWORD)
    assert wren.password.startswith("argon2$")  # replaced at the first right one
    assert heron.password.startswith("wrapped$bcrypt$")
    assert heron.check_password(PASSWORD)
    assert (wren.email_key, heron.email_key) == ("wren@example.org", "")  # the first has it
    assert (siskin.password, siskin.email, siskin.is_claimed) == ("!", "siskin@example.org", True)
    assert (tern.password, tern.email, tern.is_claimed) == ("!", "", False)
    assert members()[0].password not in str(list(Member.objects.values_list("password")))
