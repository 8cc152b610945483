"""The ways to change members and groups."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from rostra.forum.members import names, queries
from rostra.forum.members.addresses import address_key
from rostra.forum.members.groups import OF_EVERY_FORUM, ensure_groups
from rostra.forum.members.looks import PLAIN, Look
from rostra.forum.members.models import Group, Member, Membership, SetupToken
from rostra.forum.members.queries import AccountLook, KeptSanctions, Profile
from rostra.forum.members.sessions import end_sessions
from rostra.forum.members.turns import take_turn, wait_for_turn
from rostra.forum.modlog import actions as modlog
from rostra.kernel import clock, text, versions
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.paging import PER_PAGE_CHOICES

THEMES = ("", "light", "dark")
DENSITIES = ("", "compact")
GROUPS_VERSION = "boards"  # one version for all that access is worked out from


@transaction.atomic
def create_member(
    name: str,
    *,
    password: str | None = None,
    password_hash: str = "",
    email: str = "",
    language: str = "",
) -> Member:
    """Make an account; raises Invalid when the name may not be or is taken.

    email: an address that its owner has confirmed; password_hash: of a password that was hashed
    before, in place of `password`.
    """
    name, key = checked_name(name)
    member = Member(name=name, name_key=key, joined_at=clock.now(), language=language)
    member.email, member.email_key = email, address_key(email)
    if password_hash:
        member.password = password_hash
    else:
        member.set_password(password)
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as error:  # somebody took it this very moment
        raise Invalid({"name": "name_taken"}) from error
    return member


def checked_name(name: str, *, member_id: int | None = None) -> tuple[str, str]:
    """Return a name that may be taken, tidied, and its key; raises Invalid.

    It may not look like a member's, like that of somebody on the way in, or like one that somebody
    gave up lately; `member_id` may take up a name of their own again.
    """
    name = names.tidy(name)
    verdict = names.may_be_name(name)
    if not verdict:
        raise Invalid({"name": verdict.reason})
    key = names.name_key(name)
    if queries.is_name_taken(key, member_id=member_id):
        raise Invalid({"name": "name_taken"})
    return name, key


@transaction.atomic
def create_group(
    name: str,
    *,
    kind: Literal["everyone", "members", "chosen"] = "chosen",
    capabilities: Collection[str] = (),
) -> Group:
    """Make a group of people who get the same rights."""
    group = Group.objects.create(name=name, kind=kind, capabilities=sorted(capabilities))
    versions.raise_version(GROUPS_VERSION)
    return group


@transaction.atomic
def save_group(
    group_id: int | None, name: str, *, capabilities: Collection[str], needs_second_factor: bool
) -> Group:
    """Make a group, or change one. Raises NotFound, Invalid, Refused.

    Who is in a group that gives more than it gave signs in again (SEC-083).
    """
    name = text.one_line(name)
    if text.is_blank(name) or len(name) > 60:
        raise Invalid({"name": "empty" if text.is_blank(name) else "too_long"})
    locked = {group.pk: group for group in Group.objects.select_for_update().order_by("id")}
    if any(g.name.casefold() == name.casefold() for g in locked.values() if g.pk != group_id):
        raise Invalid({"name": "group_there_already"})
    group = Group() if group_id is None else locked.get(group_id)
    if group is None:
        raise NotFound
    if group.name in OF_EVERY_FORUM and name != group.name:
        raise Invalid({"name": "group_keeps_its_name"})
    if group.kind != Group.Kind.CHOSEN and (capabilities or needs_second_factor):
        raise Invalid({"capabilities": "for_chosen_groups"})
    if "manage_access" in group.capabilities and "manage_access" not in capabilities:
        _keep_one_administrator(locked.values(), Q(group_id=group.pk))
    rises = set(capabilities) - set(group.capabilities)
    group.name, group.capabilities = name, sorted(capabilities)
    group.needs_second_factor = needs_second_factor
    group.save()
    if rises:
        for member_id in Membership.objects.filter(group=group).values_list("member_id", flat=True):
            end_sessions(member_id)
    versions.raise_version(GROUPS_VERSION)
    return group


@transaction.atomic
def join_group(
    group_id: int,
    member_id: int,
    *,
    reason: str,
    by: int | None = None,
    role: modlog.Role = "operator",
    reverts: int | None = None,
) -> None:
    """Put a member into a chosen group; logged. Already in it: nothing happens.

    reverts: the entry of the act that took them out, where that is taken back.
    """
    _change_membership(group_id, member_id, "group.join", reason, by, role, reverts)


@transaction.atomic
def leave_group(
    group_id: int,
    member_id: int,
    *,
    reason: str,
    by: int | None = None,
    role: modlog.Role = "operator",
) -> None:
    """Take a member out of a group; logged. Not in it: nothing happens."""
    _change_membership(group_id, member_id, "group.leave", reason, by, role)


def _change_membership(
    group_id: int,
    member_id: int,
    kind: str,
    reason: str,
    by: int | None,
    role: modlog.Role,
    reverts: int | None = None,
) -> None:
    # All groups, in order: who takes somebody out looks at the others too.
    locked = {group.pk: group for group in Group.objects.select_for_update().order_by("id")}
    group = locked.get(group_id)
    if group is None or not Member.objects.filter(id=member_id).exists():
        raise NotFound
    if group.kind != Group.Kind.CHOSEN:
        raise Refused("group_has_no_list")
    rows = Membership.objects.filter(group_id=group_id, member_id=member_id)
    if rows.exists() == (kind == "group.join"):
        return
    if kind == "group.join":
        Membership.objects.create(group_id=group_id, member_id=member_id)
    else:
        _keep_one_administrator(locked.values(), Q(group_id=group.id, member_id=member_id))
        rows.delete()
    if group.capabilities or group.needs_second_factor:
        # Whoever holds a session of theirs that they do not know of does not rise with them
        # (SEC-083): they sign in again, with their second factor.
        end_sessions(member_id)
    modlog.append(
        kind,
        role=role,
        reason=modlog.check_reason(reason),
        actor_id=by,
        subject_id=member_id,
        facts={"group": group.name, "id": group.pk},
        reverts=reverts,
    )


def _keep_one_administrator(groups: Iterable[Group], leaving: Q) -> None:
    """Refuse to let the last go who can manage access: nobody could mend it."""
    able = [g.pk for g in groups if "manage_access" in g.capabilities]
    there = Membership.objects.filter(group_id__in=able)
    others = there.filter(member__is_active=True).exclude(leaving)
    if there.filter(leaving).exists() and not others.exists():
        raise Refused("last_administrator")


@transaction.atomic
def set_open(
    member_id: int,
    *,
    is_open: bool,
    role: modlog.Role,
    reason: str,
    by: int | None = None,
    reverts: int | None = None,
) -> None:
    """Close a member's account, or open it again; nothing of theirs is written once it is closed.

    It ends their sessions. Already so: nothing changes. Raises NotFound; Refused for the last
    administrator. reverts: the entry of the closing that is taken back.
    """
    wait_for_turn(member_id)
    locked = list(Group.objects.select_for_update().order_by("id"))
    member = Member.objects.select_for_update().filter(id=member_id).first()
    if member is None:
        raise NotFound
    if member.is_active == is_open:
        return
    if not is_open:
        _keep_one_administrator(locked, Q(member_id=member_id))
        end_sessions(member_id)
    member.is_active = is_open
    member.save(update_fields=["is_active"])
    modlog.append(
        "member.open" if is_open else "member.close",
        role=role,
        reason=modlog.check_reason(reason),
        actor_id=by,
        subject_id=member_id,
        reverts=reverts,
    )


@transaction.atomic
def make_setup_token() -> str | None:
    """Return a fresh one-time token for the first administrator; None once one was used."""
    row = SetupToken.objects.select_for_update().filter(id=1).first()
    if row is not None and row.used_at is not None:
        return None
    token = secrets.token_urlsafe(32)
    SetupToken.objects.update_or_create(
        id=1, defaults={"token_hash": _hash_of(token), "created_at": clock.now()}
    )
    return token


def is_setup_token(token: str) -> bool:
    """Return whether this is the unused one-time token. One query."""
    row = SetupToken.objects.filter(id=1, used_at=None).first()
    return row is not None and hmac.compare_digest(row.token_hash, _hash_of(token))


@transaction.atomic
def become_administrator(token: str, name: str, password: str) -> Member:
    """Make the first administrator's account, using the token up; raises Refused or Invalid."""
    row = SetupToken.objects.select_for_update().filter(id=1, used_at=None).first()
    if row is None or not hmac.compare_digest(row.token_hash, _hash_of(token)):
        raise Refused("setup_link_invalid")
    member = create_member(name, password=password)
    join_group(
        ensure_groups().administrators,
        member.pk,
        reason="The one-time link of the first start was used.",
    )
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
    return member


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def call_all_read(member_id: int, until: datetime) -> None:
    """Note that a member has called all read that was written until a time. One statement."""
    Member.objects.filter(id=member_id).update(read_before=until)


def hold(member_ids: Collection[int]) -> None:
    """Lock members' rows until the transaction ends, in one order for all who do."""
    rows = Member.objects.select_for_update(no_key=True).filter(id__in=list(member_ids))
    list(rows.order_by("id").values_list("id", flat=True))


def set_bells(counts: Mapping[int, int]) -> None:
    """Set what stands beside the bells of these members. One statement a number."""
    _set_counts("bell", counts)


def set_unread_conversations(counts: Mapping[int, int]) -> None:
    """Set what stands beside the envelopes of these members. One statement a number."""
    _set_counts("unread_conversations", counts)


def _set_counts(field: str, counts: Mapping[int, int]) -> None:
    by_count: dict[int, list[int]] = {}
    for member_id, count in counts.items():
        by_count.setdefault(count, []).append(member_id)
    for count, ids in by_count.items():
        Member.objects.filter(id__in=ids).exclude(**{field: count}).update(**{field: count})


@transaction.atomic
def choose_reading(member_id: int, *, language: str, per_page: str, look: Look = PLAIN) -> None:
    """Keep in which language, how many posts a page and in what look a member reads.

    Raises Invalid for what is no choice.
    """
    take_turn(member_id)
    errors: dict[str, str] = {}
    if per_page not in [str(choice) for choice in PER_PAGE_CHOICES]:
        errors["per_page"] = "not_a_choice"
    if language and language not in dict(settings.LANGUAGES):
        errors["language"] = "not_a_choice"
    if look.theme not in THEMES:
        errors["theme"] = "not_a_choice"
    if look.density not in DENSITIES:
        errors["density"] = "not_a_choice"
    if look.time_zone and look.time_zone not in available_timezones():
        errors["time_zone"] = "no_such_time_zone"
    if errors:
        raise Invalid(errors)
    Member.objects.filter(id=member_id).update(
        language=language, per_page=int(per_page), **look._asdict()
    )


def keep_avatar(member_id: int, key: str) -> str:
    """Keep which picture stands beside a member's name, "" for none; return the one before."""
    members = Member.objects.filter(id=member_id)
    before = members.values_list("avatar", flat=True).first()
    members.update(avatar=key)
    return before or ""


def keep_profile(member_id: int, profile: Profile, signature_html: str) -> None:
    """Keep what a member says of themselves; `threads.actions.profiles` renders it."""
    Member.objects.filter(id=member_id).update(**profile._asdict(), signature_html=signature_html)


def keep_look(member_id: int, look: AccountLook) -> None:
    """Keep picture and words of an account as they are given, already rendered."""
    Member.objects.filter(id=member_id).update(**look._asdict())


def keep_dismissed(member_id: int, notice_id: int, standing: Collection[int]) -> None:
    """Keep on a member's row that they dismissed a notice; forget those that stand no longer."""
    take_turn(member_id)
    before = Member.objects.filter(id=member_id).values_list("dismissed", flat=True).get()
    ids = {int(one) for one in before.split(",") if one}.intersection(standing) | {notice_id}
    Member.objects.filter(id=member_id).update(dismissed=",".join(map(str, sorted(ids))))


def keep_sanctions(member_id: int, kept: KeptSanctions) -> None:
    """Keep on a member's row what `forum/sanctions` says of them. One statement."""
    values: dict[str, object] = {"limits": kept.limits, "sanctioned_at": kept.sanctioned_at}
    if kept.is_suspended_here:
        values["suspended_until"] = kept.suspended_until
    Member.objects.filter(id=member_id).update(**values)
