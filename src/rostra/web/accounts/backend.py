"""Signing in by name or address of mail; names that look the same are the same."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from rostra.forum.members import queries
from rostra.forum.members.hashing import LONGEST_BYTES
from rostra.forum.members.models import Member


class NameBackend(BaseBackend):
    """Checks name and password; takes as long for a name that nobody has."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> Member | None:
        if username is None or password is None:
            return None
        member = queries.find_by_login(username)
        return member if is_password_of(member, password) else None

    def get_user(self, user_id: int) -> Member | None:
        return Member.objects.filter(pk=user_id).first()


def is_password_of(member: Member | None, password: str) -> bool:
    """Return whether somebody may come in as this member by this password."""
    return is_right(member, password) and member is not None and member.is_active


def is_right(member: Member | None, password: str) -> bool:
    """Return whether it is this member's password, be their account closed or not.

    Nobody costs as much as somebody (SEC-079).
    """
    if len(password.encode(errors="replace")) > LONGEST_BYTES or "\0" in password:
        return False
    if member is None or not member.is_claimed or not member.has_usable_password():
        Member().set_password(password)  # the same work, so that time tells nothing
        return False
    return member.check_password(password)
