"""Signing in by name: names that look the same are the same."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from rostra.forum.members.models import Member
from rostra.forum.members.names import name_key


class NameBackend(BaseBackend):
    """Checks name and password; takes as long for a name that nobody has."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **others: Any,
    ) -> Member | None:
        if username is None or password is None or len(password.encode()) > 1024:
            return None
        member = Member.objects.filter(name_key=name_key(username[:100])).first()
        if member is None or not member.is_claimed:
            Member().set_password(password)  # the same work, so that time tells nothing
            return None
        if member.check_password(password) and member.is_active:
            return member
        return None

    def get_user(self, user_id: int) -> Member | None:
        return Member.objects.filter(pk=user_id).first()
