"""Sessions in the database, each with the member it belongs to and where it was begun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Max
from django.utils.crypto import salted_hmac

from rostra.forum.members.models import Session
from rostra.kernel import clock

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


def _ref(session_key: str) -> str:
    return salted_hmac("rostra.sessions", session_key, algorithm="sha256").hexdigest()[:24]
