"""Reading members and groups."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import OuterRef, Subquery
from django.utils.crypto import constant_time_compare

from rostra.forum.members.addresses import address_key, is_address
from rostra.forum.members.hashing import erased_key
from rostra.forum.members.models import Application, FormerName, Group, Member, Membership, Tie
from rostra.forum.members.names import name_key
from rostra.forum.members.sessions import SessionStore
from rostra.kernel import clock, dialect
from rostra.kernel.errors import NotFound

NAME_RESTS = timedelta(days=180)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when the suspension of who is banned ends


class AccountRow(NamedTuple):
    """What a request needs to know of the member who makes it."""

    id: int
    name: str
    suspended_until: datetime | None
    per_page: int
    language: str
    theme: str
    density: str
    time_zone: str
    hides_signatures: bool
    bell: int  # what they were told and have not read
    unread_conversations: int
    read_before: datetime | None  # nothing older is unread
    avatar: str  # key of their picture, "" for none
    limits: str  # of theirs, as forum.access.limits has it
    dismissed: str  # ids of the notices that they want to see no more, by comma
    ignored: frozenset[int]  # the members whose words are not to be shown
    group_ids: frozenset[int]  # the chosen groups, without those that need a second factor
    lacks_second_factor: bool = False  # and is in a group that needs one
    seen_at: datetime | None = None  # when the session was last noted to be in use


class KeptSanctions(NamedTuple):
    """What a member's row keeps of their sanctions, whose tables are `forum/sanctions`' own.

    is_suspended_here: whether they ever were by an act of this forum; what an import brought
    stays until then. suspended_until: None for who is not now.
    """

    limits: str
    sanctioned_at: datetime | None
    is_suspended_here: bool
    suspended_until: datetime | None


class MemberCard(NamedTuple):
    """What is shown beside a post."""

    id: int
    name: str
    title: str
    joined_at: datetime | None
    avatar: str = ""  # key of their picture, "" for none


class PageCard(NamedTuple):
    """What stands on a member's page; `tie` is what they are to who looks: "follow", "ignore"."""

    card: MemberCard
    about: str  # a kept fragment
    tie: str


class Profile(NamedTuple):
    """What a member says of themselves, as they wrote it and as it is shown."""

    about: str
    about_html: str
    signature: str


class AccountLook(NamedTuple):
    """What an account shows of itself: its picture, its words, as written and as shown."""

    avatar: str
    about: str
    about_html: str
    signature: str
    signature_html: str

    def bare(self) -> AccountLook:
        """Return the look of an account that shows nothing."""
        return AccountLook("", "", "", "", "")

    def made(self, values: Iterable[str]) -> AccountLook:
        """Return the look of these values, in their order."""
        return AccountLook(*values)


class MailRow(NamedTuple):
    """Whom a letter goes to."""

    id: int
    name: str
    email: str
    language: str


class GroupRow(NamedTuple):
    """A group with what its people may do beyond boards."""

    id: int
    name: str
    kind: str
    capabilities: list[str]


def account_of(session_key: str) -> AccountRow | None:
    """Return the member signed in by a session, None where it does not hold. One query.

    It holds while it has not run out, the account is active and its password is the one it was
    begun with.
    """
    found = dialect.recall(_ACCOUNT.format(dialect.listed("x.other_id")), [session_key])
    if not found:
        return None
    data, until, password, is_active, seen_at, has_second, ignored, *facts, _, _ = found[0]
    member_id, password_hash = _begun(data)
    if until <= clock.now() or not is_active or member_id != facts[0]:
        return None
    if not constant_time_compare(password_hash, _hash_of(password)):
        return None
    held, lacks = _held((row[-2], bool(row[-1])) for row in found if row[-2] is not None)
    if has_second:
        held, lacks = held | lacks, frozenset()
    return AccountRow._make((*facts, _ids(ignored), held, bool(lacks), seen_at))


def account_for(member_id: int, *, as_operator: bool = False) -> AccountRow:
    """Return what a request of this member's would know of them; raises NotFound. Three queries.

    as_operator: as if they had a second factor, for commands that act in somebody's name.
    """
    fields = AccountRow._fields[: AccountRow._fields.index("ignored")]
    found = Member.objects.filter(id=member_id).values_list(*fields).first()
    if found is None:
        raise NotFound
    held, lacks = _groups_held(member_id)
    if as_operator:
        held, lacks = held | lacks, frozenset()
    ignored = Tie.objects.filter(member_id=member_id, kind=Tie.Kind.IGNORE)
    others = frozenset(ignored.values_list("other_id", flat=True))
    return AccountRow._make((*found, others, held, bool(lacks), None))


def page_card(member_id: int, asked_by: int | None) -> PageCard:
    """Return what stands on a member's page; raises NotFound. One query.

    asked_by: the member who looks at it, None for a guest.
    """
    tie = Tie.objects.filter(member_id=asked_by or 0, other_id=OuterRef("id")).values("kind")
    found = Member.objects.filter(id=member_id).annotate(tie=Subquery(tie))
    row = found.values_list(*MemberCard._fields, "about_html", "tie").first()
    if row is None:
        raise NotFound
    *card, about, kind = row
    return PageCard(MemberCard(*card), about, kind or "")


def profile_of(member_id: int) -> Profile:
    """Return what a member says of themselves; raises NotFound. One query."""
    found = Member.objects.filter(id=member_id).values_list(*Profile._fields).first()
    if found is None:
        raise NotFound
    return Profile(*found)


def mail_of(member_id: int) -> MailRow | None:
    """Return where a member's letters go; None where there is no confirmed address. One query."""
    found = Member.objects.filter(id=member_id, is_active=True).exclude(email="")
    return next((MailRow(*row) for row in found.values_list(*MailRow._fields)), None)


def cards(member_ids: Iterable[int | None]) -> dict[int, MemberCard]:
    """Return the cards of these members by id. One query; none for nobody."""
    wanted = {member_id for member_id in member_ids if member_id is not None}
    if not wanted:
        return {}
    rows = Member.objects.filter(id__in=wanted).values_list(*MemberCard._fields)
    return {row[0]: MemberCard(*row) for row in rows}


def account_look(member_id: int) -> AccountLook:
    """Return what an account shows of itself; raises NotFound. One query."""
    found = Member.objects.filter(id=member_id).values_list(*AccountLook._fields).first()
    if found is None:
        raise NotFound
    return AccountLook(*found)


def card_of(member_id: int) -> MemberCard:
    """Return one member's card; raises NotFound."""
    found = cards([member_id])
    if member_id not in found:
        raise NotFound
    return found[member_id]


def listed(
    *, after: tuple[str, int] | None, before: tuple[str, int] | None, limit: int
) -> list[MemberCard]:
    """Return members by name, beyond a (name, id) in either direction. One query."""
    found = Member.objects.all()
    fields = MemberCard._fields
    if before is not None:
        name, member_id = before
        rows = found.filter(name__lte=name).exclude(name=name, id__gte=member_id)
        page = list(rows.order_by("-name", "-id").values_list(*fields)[:limit])[::-1]
    else:
        rows = found
        if after is not None:
            name, member_id = after
            rows = found.filter(name__gte=name).exclude(name=name, id__lte=member_id)
        page = list(rows.order_by("name", "id").values_list(*fields)[:limit])
    return [MemberCard(*row) for row in page]


def ids_by_name(candidates: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return candidate → (id, name) for those that are members' names. One query; none for none."""
    keys: dict[str, list[str]] = {}
    for candidate in candidates:
        keys.setdefault(name_key(candidate), []).append(candidate)
    keys.pop("", None)
    if not keys:
        return {}
    rows = dialect.rows(_BY_NAME.format(dialect.marks(list(keys))), list(keys))
    return {
        candidate: (member_id, name) for key, member_id, name in rows for candidate in keys[key]
    }


def id_of_name(name: str) -> int:
    """Return the id of the member of this name; raises NotFound."""
    found = ids_by_name([name])
    if name not in found:
        raise NotFound
    return found[name][0]


def find_by_email(email: str) -> Member | None:
    """Return the member who confirmed exactly this address, but for the case of ASCII letters."""
    if not is_address(email):
        return None
    return Member.objects.filter(email_key=address_key(email)).first()


def find_by_login(login: str) -> Member | None:
    """Return the member of this name, however it is spelled, or of this address. One query."""
    if "@" in login:  # which no name has
        return find_by_email(login.strip())
    return Member.objects.filter(name_key=name_key(login[:100])).first()


def is_name_taken(key: str, *, member_id: int | None = None) -> bool:
    """Return whether a name is a member's, an applicant's, or was given up lately (SEC-090)."""
    if Member.objects.filter(name_key=key).exclude(id=member_id or 0).exists():
        return True
    now = clock.now()
    if Application.objects.filter(name_key=key, until__gt=now).exists():
        return True
    keys = (key, erased_key(key))
    given_up = FormerName.objects.filter(name_key__in=keys, given_up_at__gt=now - NAME_RESTS)
    if member_id is not None:
        given_up = given_up.exclude(member_id=member_id)
    return given_up.exists()


def former_names(member_id: int) -> list[tuple[str, datetime]]:
    """Return the names a member had, the latest first, each with the day it was given up."""
    rows = FormerName.objects.filter(member_id=member_id).order_by("-given_up_at")
    return list(rows.values_list("name", "given_up_at")[:20])


def groups() -> list[GroupRow]:
    """Return all groups. One query."""
    return [GroupRow(*row) for row in Group.objects.order_by("id").values_list(*GroupRow._fields)]


def group_ids_of(member_id: int) -> Collection[int]:
    """Return the chosen groups whose rights a member has.

    One query; one more for who is in a group that needs a second factor.
    """
    return _groups_held(member_id)[0]


def chosen_groups(member_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the chosen groups of those of these members who are in any. One query."""
    found: dict[int, set[int]] = {}
    rows = Membership.objects.filter(member_id__in=list(member_ids))
    for member_id, group_id in rows.values_list("member_id", "group_id"):
        found.setdefault(member_id, set()).add(group_id)
    return {member_id: frozenset(ids) for member_id, ids in found.items()}


def members_in(group_ids: Collection[int]) -> set[int]:
    """Return who is in any of these chosen groups and can act: neither closed nor suspended."""
    found = Membership.objects.filter(group_id__in=list(group_ids), member__is_active=True)
    found = found.exclude(member__suspended_until__gt=clock.now())
    return set(found.values_list("member_id", flat=True))


def suspended_among(member_ids: Collection[int]) -> frozenset[int]:
    """Return those of some members who are suspended now. One query."""
    found = Member.objects.filter(id__in=list(member_ids), suspended_until__gt=clock.now())
    return frozenset(found.values_list("id", flat=True))


def page_of_group(group_id: int, *, after: tuple[str, int] | None, limit: int) -> list[MemberCard]:
    """Return the members of a chosen group by name, beyond a (name, id). One query."""
    found = Member.objects.filter(membership__group_id=group_id)
    if after is not None:
        name, member_id = after
        found = found.filter(name__gte=name).exclude(name=name, id__lte=member_id)
    rows = found.order_by("name", "id").values_list(*MemberCard._fields)[:limit]
    return [MemberCard(*row) for row in rows]


def needs_second_factor(group_id: int) -> bool:
    """Return whether a group's rights wait for a second factor. One query."""
    return Group.objects.filter(id=group_id, needs_second_factor=True).exists()


def count() -> int:
    """Return how many members there are."""
    return Member.objects.count()


def _groups_held(member_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the groups whose rights a member has, and those a second factor is missing for."""
    rows = Membership.objects.filter(member_id=member_id)
    held, lacks = _held(rows.values_list("group_id", "group__needs_second_factor"))
    if lacks and dialect.rows(_SECOND_FACTOR, [member_id]):
        return held | lacks, frozenset()
    return held, lacks


def _held(rows: Iterable[tuple[int, bool]]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the groups whose rights hold anyway, and those that need a second factor."""
    found = list(rows)
    return (
        frozenset(group_id for group_id, needs in found if not needs),
        frozenset(group_id for group_id, needs in found if needs),
    )


@lru_cache(maxsize=1024)
def _begun(session_data: str) -> tuple[int, str]:
    """Return whom a session was begun for and the hash of their password then."""
    data = SessionStore().decode(session_data)
    return int(data.get(SESSION_KEY, 0)), str(data.get(HASH_SESSION_KEY, ""))


@lru_cache(maxsize=1024)
def _ids(listed: str | None) -> frozenset[int]:
    return frozenset(map(int, listed.split(","))) if listed else frozenset()


@lru_cache(maxsize=1024)
def _hash_of(password: str) -> str:
    return Member(password=password).get_session_auth_hash()


_SECOND_FACTOR = """
SELECT 1 FROM mfa_authenticator WHERE user_id = %s AND type IN ('totp', 'webauthn') LIMIT 1
"""
_ACCOUNT = """
SELECT s.session_data, s.expire_date, m.password, m.is_active, s.seen_at,
       EXISTS (SELECT 1 FROM mfa_authenticator a
               WHERE a.user_id = m.id AND a.type IN ('totp', 'webauthn')),
       (SELECT {} FROM members_tie x
        WHERE x.member_id = m.id AND x.kind = 'ignore'),
       m.id, m.name, m.suspended_until, m.per_page, m.language, m.theme, m.density,
       m.time_zone, m.hides_signatures, m.bell, m.unread_conversations, m.read_before,
       m.avatar, m.limits, m.dismissed,
       g.group_id, o.needs_second_factor
FROM members_session s
JOIN members_member m ON m.id = s.member_id
LEFT JOIN members_membership g ON g.member_id = m.id
LEFT JOIN members_group o ON o.id = g.group_id
WHERE s.session_key = %s
"""
_BY_NAME = "SELECT name_key, id, name FROM members_member WHERE name_key IN ({})"
