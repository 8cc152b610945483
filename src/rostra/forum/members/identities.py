"""Members whom another site vouches for: by its issuer and subject, never by an address of mail."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from rostra.forum.members import actions, queries
from rostra.forum.members.addresses import is_address
from rostra.forum.members.models import Identity, Member
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, Refused


class IdentityRow(NamedTuple):
    """One of them, as its member sees it."""

    id: int
    issuer: str
    added_at: datetime


def find(issuer: str, subject: str) -> Member | None:
    """Return the member who is this subject of that issuer. One query."""
    rows = Identity.objects.select_related("member").filter(issuer=issuer, subject=subject)
    row = rows.first()
    return row.member if row is not None and row.member.is_active else None


def identities_of(member_id: int) -> list[IdentityRow]:
    """Return by whom a member is vouched for. One query."""
    rows = Identity.objects.filter(member_id=member_id).order_by("id")
    return [IdentityRow(*row) for row in rows.values_list(*IdentityRow._fields)]


@transaction.atomic
def connect(member_id: int, issuer: str, subject: str) -> None:
    """Let a member be vouched for from now on; raises Refused where it is somebody else already."""
    row, is_new = Identity.objects.get_or_create(
        issuer=issuer, subject=subject,
        defaults={"member_id": member_id, "added_at": clock.now()},
    )  # fmt: skip
    if not is_new and row.member_id != member_id:
        raise Refused("identity_of_another")


@transaction.atomic
def disconnect(member_id: int, identity_id: int) -> bool:
    """End it; return whether there was one. Refuses to leave a member without a way in."""
    member = Member.objects.select_for_update().get(id=member_id)
    rows = Identity.objects.filter(member=member)
    if not rows.filter(id=identity_id).exists():
        return False
    if rows.count() == 1 and not member.has_usable_password():
        raise Refused("identity_is_the_last")
    rows.filter(id=identity_id).delete()
    return True


@transaction.atomic
def join(issuer: str, subject: str, name: str, *, email: str, needs_email: bool) -> Member:
    """Make an account for whom another site vouches; raises Invalid.

    email: one the other site has checked, "" for none. Whoever has an account with it must log in
    there and connect the two: an address alone proves nothing about an account here (SEC-087).
    """
    if email and not is_address(email):
        email = ""
    if needs_email and not email:
        raise Invalid({"email": "email_not_checked"})
    if email and queries.find_by_email(email) is not None:
        raise Invalid({"email": "email_has_account"})
    member = actions.create_member(name, email=email)
    try:
        with transaction.atomic():
            Identity.objects.create(
                member=member, issuer=issuer, subject=subject, added_at=clock.now()
            )
    except IntegrityError as error:
        raise Invalid({"form": "form_expired"}) from error
    return member
