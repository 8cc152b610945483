"""Links by mail, and the changes of password, address and name."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal, NamedTuple

from django.db import IntegrityError, transaction

from rostra.forum.members import actions, names, queries
from rostra.forum.members.addresses import address_key
from rostra.forum.members.hashing import erased_key
from rostra.forum.members.joining import hash_of
from rostra.forum.members.models import Application, FormerName, MailToken, Member
from rostra.forum.members.sessions import end_sessions
from rostra.kernel import clock, dialect, versions
from rostra.kernel.errors import Invalid, NotFound, Refused

type Kind = Literal["email", "reset"]
VALID: dict[Kind, timedelta] = {"email": timedelta(days=1), "reset": timedelta(minutes=30)}
NAMES_A_MONTH = 2


class Letter(NamedTuple):
    """What a letter with a link is made of."""

    token: str
    member: Member
    email: str


class Asked(NamedTuple):
    """What a link is about, as much of it as its page shows."""

    member_id: int
    name: str
    email: str


@transaction.atomic
def fresh_token(member_id: int, kind: Kind, *, email: str = "") -> Letter | None:
    """Return a new token, the only one of its kind that holds for this member; None: gone."""
    member = Member.objects.select_for_update().filter(id=member_id, is_active=True).first()
    if member is None:
        return None
    to = email if kind == "email" else member.email
    if not to:
        return None
    token = secrets.token_urlsafe(32)
    MailToken.objects.update_or_create(
        member=member,
        kind=kind,
        defaults={
            "token_hash": hash_of(token),
            "email": to,
            "until": clock.now() + VALID[kind],
        },
    )
    return Letter(token, member, to)


def asked(token: str, kind: Kind) -> Asked:
    """Return what a link is about; raises NotFound. Changes nothing (SEC-032, 033)."""
    row = _row(token, kind, lock=False)
    return Asked(row.member_id, row.member.name, row.email)


def pending_email(member_id: int) -> str:
    """Return the address that waits to be confirmed, "" for none."""
    rows = MailToken.objects.filter(member_id=member_id, kind="email", until__gt=clock.now())
    return rows.values_list("email", flat=True).first() or ""


@transaction.atomic
def confirm_email(token: str) -> tuple[Member, str]:
    """Give a member the address they confirmed; return who, and the address before.

    Whoever has it unconfirmed elsewhere loses it there: only its owner can confirm it.
    """
    row = _row(token, "email")
    member, old = row.member, row.member.email
    member.email, member.email_key = row.email, address_key(row.email)
    try:
        with transaction.atomic():
            member.save(update_fields=["email", "email_key"])
    except IntegrityError as error:
        raise Refused("email_has_account") from error
    MailToken.objects.filter(member=member).delete()  # a reset sent to the old one, too (SEC-075)
    Application.objects.filter(email_key=member.email_key, kind=Application.Kind.CONFIRM).delete()
    return member, old


@transaction.atomic
def drop_email(member_id: int) -> str:
    """Take a member's address away on their wish; return it."""
    member = Member.objects.select_for_update().get(id=member_id)
    old = member.email
    member.email = member.email_key = ""
    member.save(update_fields=["email", "email_key"])
    MailToken.objects.filter(member=member).delete()
    return old


@transaction.atomic
def reset_password(token: str, password: str) -> Member:
    """Choose a new password by a link; all sessions end. Raises NotFound where it holds no more."""
    row = _row(token, "reset")
    return _new_password(row.member, password, keep_session=None)


@transaction.atomic
def change_password(member_id: int, password: str, *, keep_session: str | None) -> Member:
    """Choose a new password; all other sessions end (SEC-076)."""
    member = Member.objects.select_for_update().get(id=member_id)
    return _new_password(member, password, keep_session=keep_session)


def forget_resets(member_id: int) -> None:
    """Let links for a new password end: their owner got in without (SEC-075)."""
    MailToken.objects.filter(member_id=member_id, kind="reset").delete()


@transaction.atomic
def rename(member_id: int, name: str, *, as_often: bool = False) -> tuple[str, str]:
    """Change a member's name; the old one rests and is shown. Return both; raises Invalid.

    as_often: whether it does not matter how often they changed it lately.
    """
    member = Member.objects.select_for_update().get(id=member_id)
    name, key = actions.checked_name(name, member_id=member_id)
    old = member.name
    if name == old:
        raise Invalid({"name": "name_is_yours"})
    now = clock.now()
    lately = FormerName.objects.filter(
        member=member, given_up_at__gt=now - timedelta(days=30)
    ).count()
    if lately >= NAMES_A_MONTH and not as_often:
        raise Invalid({"name": "name_changed_lately"})
    FormerName.objects.create(member=member, name=old, name_key=member.name_key, given_up_at=now)
    member.name, member.name_key = name, key
    try:
        with transaction.atomic():
            member.save(update_fields=["name", "name_key"])
    except IntegrityError as error:
        raise Invalid({"name": "name_taken"}) from error
    versions.raise_version(actions.GROUPS_VERSION)  # kept pages bear names
    return old, name


@transaction.atomic
def take_name_back(member_id: int, old: str, given: str) -> None:
    """Give a member the name again that was taken from them; raises Refused where it is another's.

    given: the name that came in its place. It, and the one they have now, were never theirs: they
    are not shown as such, and rest as nobody's.
    """
    member = Member.objects.select_for_update().get(id=member_id)
    key, never_theirs = names.name_key(old), {member.name_key, names.name_key(given)}
    if queries.is_name_taken(key, member_id=member_id):
        raise Refused("name_taken_since")
    FormerName.objects.filter(member=member, name__in=(old, given)).delete()
    member.name, member.name_key = old, key
    try:
        with transaction.atomic():
            member.save(update_fields=["name", "name_key"])
    except IntegrityError as error:
        raise Refused("name_taken_since") from error
    FormerName.objects.bulk_create(
        FormerName(name_key=erased_key(one), given_up_at=clock.now())
        for one in sorted(never_theirs - {key})
    )
    versions.raise_version(actions.GROUPS_VERSION)


@transaction.atomic
def drop_second_factors(member_id: int) -> bool:
    """Take a member's second factors and recovery codes away, and end their sessions.

    Return whether there were any.
    """
    Member.objects.select_for_update().get(id=member_id)
    if not dialect.rows(_SECOND_FACTORS, [member_id]):
        return False
    dialect.write("DELETE FROM mfa_authenticator WHERE user_id = %s", [member_id])
    end_sessions(member_id)
    return True


def has_second_factor(member_id: int) -> bool:
    """Return whether a member signs in with more than a password. One query."""
    return bool(dialect.rows(_SECOND_FACTORS, [member_id]))


def is_email_free(email: str, *, member_id: int) -> bool:
    """Return whether nobody else has confirmed this address."""
    found = queries.find_by_email(email)
    return found is None or found.pk == member_id


def _new_password(member: Member, password: str, *, keep_session: str | None) -> Member:
    member.set_password(password)
    member.is_claimed = True
    member.save(update_fields=["password", "is_claimed"])
    MailToken.objects.filter(member=member, kind="reset").delete()
    end_sessions(member.pk, but=keep_session)
    return member


def _row(token: str, kind: Kind, *, lock: bool = True) -> MailToken:
    rows = MailToken.objects.select_related("member").filter(
        token_hash=hash_of(token), kind=kind, until__gt=clock.now(), member__is_active=True
    )
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound
    return found


# The table is allauth's, which rooms of the forum know nothing of.
_SECOND_FACTORS = "SELECT 1 FROM mfa_authenticator WHERE user_id = %s LIMIT 1"
