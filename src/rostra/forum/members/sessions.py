"""Sessions in the database, each with the member it belongs to and where it was begun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Max, Q
from django.utils.crypto import salted_hmac

from rostra.forum.members.models import Session
from rostra.kernel import clock

ALIKE_FOR = timedelta(days=30)
ALIKE_ROWS = 1000
ALIKE_LISTED = 50
SEEN_EVERY = timedelta(minutes=10)  # a write each; letters wait while somebody is about


class SessionStore(DatabaseStore):
    """Django's store, with the member's id and what they may recognise it by beside the data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to be saved."""
        row = cast(Session, super().create_model_instance(data))
        row.member_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        if "begun" in data:
            row.begun_at = datetime.fromtimestamp(data["begun"], UTC)
        row.seen_at = clock.now()
        row.agent = str(data.get("agent", ""))[:200]
        row.network = str(data.get("network", ""))[:50]
        return row


class SessionRow(NamedTuple):
    """A session as its owner sees it; the key never leaves the server, `ref` stands for it."""

    ref: str
    begun_at: datetime | None
    seen_at: datetime | None
    agent: str
    network: str
    is_this: bool


class Alike(NamedTuple):
    """A member whose session has something in common with another member's; what, is not said
    but by the two words: from which network, by which browser."""

    member_id: int
    name: str
    is_same_network: bool
    is_same_browser: bool
    seen_at: datetime


def sessions_of(member_id: int, own_key: str | None) -> list[SessionRow]:
    """Return a member's living sessions, the last seen first. One query."""
    rows = Session.objects.filter(member_id=member_id, expire_date__gt=clock.now())
    return [
        SessionRow(
            _ref(row.session_key), row.begun_at, row.seen_at, row.agent, row.network,
            row.session_key == own_key,
        )
        for row in rows.order_by("-seen_at")
    ]  # fmt: skip


def end_session(member_id: int, ref: str) -> None:
    """End one session of this member's; what is none of theirs stays."""
    rows = Session.objects.filter(member_id=member_id).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=[key for key in rows if _ref(key) == ref]).delete()


def end_sessions(member_id: int, *, but: str | None = None) -> None:
    """End all sessions of a member, on every node: each request looks its session up."""
    Session.objects.filter(member_id=member_id).exclude(session_key=but or "").delete()


def saw(session_key: str) -> None:
    """Note that a session is in use."""
    Session.objects.filter(session_key=session_key).update(seen_at=clock.now())


def last_seen(member_ids: Collection[int]) -> dict[int, datetime]:
    """Return when these members were here last, to ten minutes; absent: long ago. One query."""
    found = Session.objects.filter(member_id__in=list(member_ids), seen_at__isnull=False)
    rows: Any = found.values_list("member_id").annotate(Max("seen_at"))
    return dict(rows)


def members_seen(since: datetime) -> int:
    """Return how many members were here since then, by the sessions they still have. One query."""
    found = Session.objects.filter(seen_at__gte=since, member__isnull=False)
    return found.values("member_id").distinct().count()


def networks_of(member_ids: Collection[int]) -> dict[int, set[str]]:
    """Return member → the networks their sessions of the last 30 days came from. One query."""
    since = clock.now() - ALIKE_FOR
    lately = Session.objects.filter(seen_at__gt=since, member_id__in=list(member_ids))
    found: dict[int, set[str]] = {}
    for member_id, network in lately.exclude(network="").values_list("member_id", "network"):
        if member_id is not None:
            found.setdefault(member_id, set()).add(network)
    return found


def alike_to(member_id: int) -> list[Alike]:
    """Return whose sessions of the last 30 days came from where a member's did, or by the same
    browser, those with both first. Two queries.
    """
    since = clock.now() - ALIKE_FOR
    lately = Session.objects.filter(seen_at__gt=since)
    own: Any = lately.filter(member_id=member_id).values_list("network", "agent")
    networks, agents = ({pair[at] for pair in own if pair[at]} for at in (0, 1))
    others = lately.exclude(member_id=member_id).filter(
        Q(network__in=networks) | Q(agent__in=agents), member__isnull=False
    )
    found: dict[int, Alike] = {}
    for other_id, name, network, agent, seen_at in others.order_by("-seen_at").values_list(
        "member_id", "member__name", "network", "agent", "seen_at"
    )[:ALIKE_ROWS]:
        one = Alike(other_id, name, network in networks, agent in agents, seen_at or since)
        before = found.get(other_id, one)
        found[other_id] = one._replace(
            is_same_network=one.is_same_network or before.is_same_network,
            is_same_browser=one.is_same_browser or before.is_same_browser,
            seen_at=before.seen_at,
        )
    ranked = sorted(found.values(), key=lambda one: (-one[2], -one[3]))
    return ranked[:ALIKE_LISTED]


def _ref(session_key: str) -> str:
    return salted_hmac("rostra.sessions", session_key, algorithm="sha256").hexdigest()[:24]
