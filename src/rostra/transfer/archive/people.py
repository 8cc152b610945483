"""Members in the archive: out as records, in as rows."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.content.markup.references import Known
from rostra.content.markup.render import render
from rostra.forum.members import names
from rostra.forum.members.addresses import address_key
from rostra.forum.members.models import Member
from rostra.transfer.records import MemberRecord

PAGE = 500
# What the record and the row call the same, and hold alike.
ALIKE = (
    "name", "title", "joined_at", "email", "language", "per_page", "theme", "density", "time_zone",
    "hides_signatures", "about", "signature", "read_before", "suspended_until", "is_active",
    "dismissed",
)  # fmt: skip


def records() -> Iterator[MemberRecord]:
    """Yield every member in the order of ids, in short reads."""
    last = 0
    while page := list(Member.objects.filter(id__gt=last).order_by("id")[:PAGE]):
        for member in page:
            yield MemberRecord(
                id=str(member.pk),
                password=member.password if member.is_claimed else "",
                **{name: getattr(member, name) for name in ALIKE},
            )
        last = page[-1].pk


def row(record: MemberRecord, known: Known) -> Member:
    """Return the row of a record; what it says of itself is rendered anew, never taken as HTML."""
    return Member(
        id=int(record.id),
        name_key=names.name_key(record.name),
        email_key=address_key(record.email),
        password=record.password or "!",
        is_claimed=bool(record.password),
        about_html=render(record.about, known=known).html if record.about else "",
        signature_html=render(record.signature, known=known).html if record.signature else "",
        **{name: getattr(record, name) for name in ALIKE},
    )
