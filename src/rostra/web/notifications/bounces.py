"""Letters that came back: what the server of mail says of them, by whatever way it reaches us."""

from __future__ import annotations

import email
from email import policy
from email.message import Message
from typing import NamedTuple

from rostra.effects.notifications.rules import HARD, SOFT
from rostra.web.notifications import subscriptions

LONGEST = 1 << 20  # bytes


class Bounce(NamedTuple):
    """Whose letter came back, and what that counts."""

    member_id: int
    points: int


def read_bounce(raw: bytes) -> Bounce | None:
    """Return what a report of delivery (RFC 3464) says; None for anything else.

    Whose letter it was is told by the signed link in the letter that comes with the report, so
    that nobody can have another's mail stopped without one of their letters.
    """
    message = email.message_from_bytes(raw[:LONGEST], policy=policy.default)
    status, whose = "", None
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else ():
                said = "" if isinstance(block, str) else str(block.get("Status", ""))
                status = status or said.strip()
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            whose = whose or subscriptions.find_in(_header_in(part))
    if whose is None or not status.startswith(("4.", "5.")):
        return None
    return Bounce(whose.member_id, HARD if status.startswith("5.") else SOFT)


def _header_in(part: Message) -> str:
    """Return the header with our link of a letter that came back, whole or its head alone."""
    payload = part.get_payload()
    if isinstance(payload, list):
        inner = payload[0]
        return "" if isinstance(inner, str) else str(inner.get("List-Unsubscribe", ""))
    return str(payload)
