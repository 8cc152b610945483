"""Who asks in the table of who may see what, and what they search for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from rostra.forum.members.models import Member

if TYPE_CHECKING:
    from tests.web.matrix import Matrix


def asked_for(matrix: Matrix, role: str) -> list[str]:
    """Return the searches in which a role would meet what is not for it."""
    found = []
    for canary in matrix.canaries:
        if role in canary.who:
            continue
        if canary.word.startswith("talk"):
            found.append(f"/conversations?q={canary.word[:-2]}*")
        found += [f"/search?q={canary.word[:-2]}*", f"/search/suggest?q={canary.word[:-2]}",
                  f"/search/alike?title={canary.word[:-2]}"]  # fmt: skip
    return found


def sign_in(client, member: Member | None):
    """Return the client, as this member."""
    client.defaults["HTTP_HOST"] = "localhost:8000"
    if member is not None:
        client.force_login(member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
