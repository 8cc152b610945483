"""The one way into the moderation log."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max

from rostra.forum.modlog import chain
from rostra.forum.modlog.models import ActorLabel, LogEntry, LogHead, LogText
from rostra.kernel import clock
from rostra.kernel.errors import Invalid

type Role = Literal["moderator", "administrator", "operator", "automatic"]
type Origin = Literal["own_initiative", "report", "automatic", "legal"]

REASON_LENGTH = (15, 500)


def check_reason(reason: str) -> str:
    """Return the public reason, trimmed; raises Invalid when it is too short or too long."""
    reason = reason.strip()
    shortest, longest = REASON_LENGTH
    if len(reason) < shortest:
        raise Invalid({"reason": "reason_too_short"})
    if len(reason) > longest:
        raise Invalid({"reason": "reason_too_long"})
    return reason


def append(
    kind: str,
    *,
    role: Role,
    reason: str,
    actor_id: int | None = None,
    subject_id: int | None = None,
    board_id: int | None = None,
    thread_id: int | None = None,
    post_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    facts: Mapping[str, Any] | None = None,
    origin: Origin = "own_initiative",
    reverts: int | None = None,
) -> int:
    """Append one entry in the transaction of the act it records; return its number.

    reason, actor, subject, before and after enter as salted commitments (erasable); kind, role,
    place, `facts` (short public values) and the rest enter as they are.
    """
    with transaction.atomic():
        head = LogHead.objects.select_for_update().get_or_create(id=1)[0]
        plain = {
            "reason": reason,
            "actor": None if actor_id is None else str(actor_id),
            "subject": None if subject_id is None else str(subject_id),
            "before": before,
            "after": after,
        }
        texts = [
            LogText(field=field, salt=secrets.token_bytes(chain.SALT_BYTES), value=value)
            for field, value in plain.items()
            if value is not None
        ]
        at = clock.now()
        public: dict[str, Any] = {
            "n": head.n + 1,
            "prev": head.hash,
            "kind": kind,
            "at": at.isoformat(),
            "role": role,
            "origin": origin,
            "by": _label(actor_id),
            "board": board_id,
            "thread": thread_id,
            "post": post_id,
            "facts": dict(facts) if facts else None,
            "reverts": reverts,
        }
        commits = {text.field: chain.commitment(bytes(text.salt), text.value) for text in texts}
        public["commit"] = commits.pop("reason")
        public["commits"] = commits or None
        public = {key: value for key, value in public.items() if value is not None}
        entry = LogEntry.objects.create(
            n=head.n + 1,
            at=at,
            kind=kind,
            board_id=board_id,
            thread_id=thread_id,
            post_id=post_id,
            public=public,
            hash=chain.digest(public),
        )
        for text in texts:
            text.entry = entry
        LogText.objects.bulk_create(texts)
        head.n, head.hash = entry.n, entry.hash
        head.save(update_fields=["n", "hash"])
    return entry.n


def _label(actor_id: int | None) -> int | None:
    """Return the stable number that stands for this actor in public."""
    if actor_id is None:
        return None
    number = ActorLabel.objects.filter(member_id=actor_id).values_list("number", flat=True).first()
    if number is None:
        # The head of the log is locked by now, so that two new actors cannot meet here.
        highest = ActorLabel.objects.aggregate(highest=Max("number"))["highest"] or 0
        number = highest + 1
        ActorLabel.objects.create(member_id=actor_id, number=number)
    return number
