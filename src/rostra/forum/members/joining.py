"""How somebody becomes a member: at once, after mail was confirmed, after staff said yes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction

from rostra.forum.members import actions, queries
from rostra.forum.members.addresses import address_key, is_address, is_disposable
from rostra.forum.members.models import Application, Member
from rostra.forum.modlog import actions as modlog
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused

CONFIRM_WITHIN = timedelta(days=3)
DECIDE_WITHIN = timedelta(days=90)


class Waiting(NamedTuple):
    """Somebody who waits for staff."""

    id: int
    name: str
    email: str
    created_at: datetime


class Link(NamedTuple):
    """What a link of a mail leads to, as much of it as its page shows."""

    id: int
    name: str
    email: str


def check_email(email: str) -> str:
    """Return the address as it is kept; raises Invalid for what is none, or one for minutes."""
    email = email.strip()
    if not is_address(email):
        raise Invalid({"email": "email_odd"})
    if is_disposable(email):
        raise Invalid({"email": "email_disposable"})
    return email


@transaction.atomic
def apply(name: str, password_hash: str, *, email: str, language: str, kind: str) -> int:
    """Write down that somebody would join; raises Invalid. Return the application's id.

    With `confirm` its link is made when the letter is written (`fresh_link`).
    """
    _clear_expired()
    name, key = actions.checked_name(name)
    now = clock.now()
    within = CONFIRM_WITHIN if kind == Application.Kind.CONFIRM else DECIDE_WITHIN
    try:
        with transaction.atomic():
            row = Application.objects.create(
                kind=kind, name=name, name_key=key, email=email, email_key=address_key(email),
                password=password_hash, language=language, created_at=now, until=now + within,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid({"name": "name_taken"}) from error
    return row.pk


def fresh_link(application_id: int) -> tuple[str, Application] | None:
    """Return a new token for an application, the only one that holds; None: it is gone."""
    token = secrets.token_urlsafe(32)
    rows = Application.objects.filter(id=application_id, kind=Application.Kind.CONFIRM)
    if not rows.filter(until__gt=clock.now()).update(token_hash=hash_of(token)):
        return None
    return token, rows.get()


def link_of(token: str) -> Link:
    """Return what a confirming link is about; raises NotFound. Changes nothing."""
    row = Application.objects.filter(token_hash=hash_of(token), until__gt=clock.now()).first()
    if row is None:
        raise NotFound
    return Link(row.pk, row.name, row.email)


@transaction.atomic
def confirm(token: str, password: str) -> Member:
    """Make the account of a confirmed application; raises NotFound, Invalid.

    The password must be the one chosen then: whoever owns the mailbox and did not apply does not
    get an account to which somebody else knows the password (SEC-088).
    """
    rows = Application.objects.select_for_update()
    row = rows.filter(token_hash=hash_of(token), until__gt=clock.now()).first()
    if row is None:
        raise NotFound
    if not Member(password=row.password).check_password(password):
        raise Invalid({"password": "password_not_the_one"})
    if queries.find_by_email(row.email) is not None:
        raise Refused("email_has_account")
    return _admit(row, email=row.email)


def waiting() -> list[Waiting]:
    """Return who waits for staff, the longest waiting first. One query."""
    rows = Application.objects.filter(kind=Application.Kind.APPROVE, until__gt=clock.now())
    fields = rows.order_by("created_at", "id").values_list(*Waiting._fields)
    return [Waiting(*row) for row in fields[:200]]


@transaction.atomic
def approve(
    application_id: int, *, by: int, role: modlog.Role, reason: str
) -> tuple[Member, Waiting]:
    """Let somebody in who waits; logged. Their address is still to be confirmed."""
    row = _to_decide(application_id)
    told = Waiting(row.pk, row.name, row.email, row.created_at)
    member = _admit(row, email="")
    modlog.append(
        "member.admit", role=role, reason=modlog.check_reason(reason), actor_id=by,
        subject_id=member.pk,
    )  # fmt: skip
    return member, told


@transaction.atomic
def refuse(application_id: int, *, by: int, role: modlog.Role, reason: str) -> Waiting:
    """Turn somebody away; logged without a name, as there is no member to speak of."""
    row = _to_decide(application_id)
    told = Waiting(row.pk, row.name, row.email, row.created_at)
    row.delete()
    modlog.append("member.refuse", role=role, reason=modlog.check_reason(reason), actor_id=by)
    return told


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _to_decide(application_id: int) -> Application:
    rows = Application.objects.select_for_update()
    row = rows.filter(id=application_id, kind=Application.Kind.APPROVE).first()
    if row is None:
        raise Refused("already_decided")
    return row


def _admit(row: Application, *, email: str) -> Member:
    """Turn an application into a member; the others for the same address end with it."""
    row.delete()
    if email:
        Application.objects.filter(email_key=row.email_key, kind=Application.Kind.CONFIRM).delete()
    return actions.create_member(
        row.name, password_hash=row.password, email=email, language=row.language
    )


def _clear_expired() -> None:
    Application.objects.filter(until__lte=clock.now()).delete()
