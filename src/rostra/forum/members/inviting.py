"""Links by which a member lets one other person in."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from rostra.forum.members import actions, queries
from rostra.forum.members.addresses import address_key
from rostra.forum.members.joining import check_email, hash_of
from rostra.forum.members.models import Invitation, Member
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused

A_DAY = 10
VALID = timedelta(days=90)


class InvitationRow(NamedTuple):
    """An invitation as its sender sees it."""

    id: int
    email: str
    created_at: datetime
    until: datetime
    used_at: datetime | None


class Invited(NamedTuple):
    """What an invitation says to who holds it."""

    inviter: str
    email: str


@transaction.atomic
def invite(inviter_id: int, email: str) -> tuple[int, str]:
    """Make an invitation for one address; raises Invalid, Refused. Return its id and token.

    It gives no rights beyond those of any new member (SEC-073).
    """
    email = check_email(email)
    inviter = Member.objects.select_for_update().get(id=inviter_id)
    now = clock.now()
    if not _may_invite(inviter):
        raise Refused("may_not_invite")
    lately = Invitation.objects.filter(
        inviter=inviter, created_at__gt=now - timedelta(days=1)
    ).count()
    if lately >= A_DAY:
        raise Invalid({"email": "invited_enough"})
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        inviter=inviter, email=email, email_key=address_key(email), token_hash=hash_of(token),
        created_at=now, until=now + VALID,
    )  # fmt: skip
    return row.pk, token


def invitations_of(inviter_id: int) -> list[InvitationRow]:
    """Return what a member sent, the latest first. One query."""
    rows = Invitation.objects.filter(inviter_id=inviter_id).order_by("-created_at", "-id")
    return [InvitationRow(*row) for row in rows.values_list(*InvitationRow._fields)[:100]]


def withdraw(inviter_id: int, invitation_id: int) -> None:
    """Take an invitation back that nobody used."""
    Invitation.objects.filter(id=invitation_id, inviter_id=inviter_id, used_at=None).delete()


def invited_by(token: str) -> Invited:
    """Return what an invitation says; raises NotFound where it holds no more. Changes nothing."""
    row = _living(token, lock=False)
    return Invited(row.inviter.name, row.email)


@transaction.atomic
def accept(token: str, name: str, password_hash: str, *, email: str, language: str) -> Member:
    """Join by an invitation; only with the address it was sent to, only once (SEC-073).

    Whoever has the link has read that address's mail, so that it counts as confirmed.
    """
    row = _living(token, lock=True)
    if address_key(email.strip()) != row.email_key:
        raise Invalid({"email": "invited_as_another"})
    if queries.find_by_email(row.email) is not None:
        raise Invalid({"email": "email_has_account"})
    member = actions.create_member(
        name, password_hash=password_hash, email=row.email, language=language
    )
    row.used_at, row.used_by = clock.now(), member
    row.save(update_fields=["used_at", "used_by"])
    return member


def _living(token: str, *, lock: bool) -> Invitation:
    rows = Invitation.objects.select_related("inviter").filter(
        token_hash=hash_of(token), used_at=None, until__gt=clock.now()
    )
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None or not _may_invite(row.inviter):
        raise NotFound
    return row


def _may_invite(inviter: Member) -> bool:
    """Return whether somebody's invitations count: not while they are barred."""
    suspended = inviter.suspended_until
    return inviter.is_active and (suspended is None or suspended <= clock.now())
