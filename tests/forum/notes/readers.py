"""Members who rate notes, of two camps, and notes for them."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.access.queries import viewer_for
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.notes.actions.rating import answer, rate
from rostra.forum.notes.actions.writing import set_calibration, write_note
from rostra.forum.notes.models import Note, Placement, Rater, Seat
from rostra.forum.notes.rules import Draft
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock

SOURCE = "https://courier.example/gate"


def draft(text="The gauge at the quay stood at four metres that night.", *, sources=(SOURCE,)):
    return Draft("missing_context", text, sources)


def trusted(member):
    """Make somebody a trusted member: thirty days, twenty posts."""
    Member.objects.filter(pk=member.pk).update(joined_at=clock.now() - timedelta(days=31))
    MemberStats.objects.update_or_create(member_id=member.pk, defaults={"post_count": 20})
    return member


def rater(cast, name, *, side=0):
    """A new member who rates, placed by hand where a side is given."""
    found = Member(name=name, name_key=name.casefold(), joined_at=clock.now())
    found.save()
    join(found, side=side)
    return found


def join(member, *, side=0):
    row = Rater.objects.create(
        member=member, alias=f"Reader {member.pk}", consented_at=clock.now(), is_active=True
    )
    if side:
        Placement.objects.create(rater=row, factor=side / 2, side=side)
    return row


def view(member):
    return viewer_for(account_for(member.pk))


def calibration(cast, count=10):
    """The administrator's calibration notes: two that anybody rates alike, the others camps."""
    first = cast.barrier.posts.get(number=1)
    return [
        set_calibration(
            cast.view(cast.admin), first.pk, draft(f"Calibration note number {n} of the set."),
            expected={0: "yes", 1: "no"}.get(n, ""),
        )
        for n in range(count)
    ]  # fmt: skip


def proposed(cast, author, post=None, text="The gauge at the quay stood at four metres."):
    found = post or cast.barrier.posts.get(number=1)
    return Note.objects.get(pk=write_note(view(author), found.pk, draft(text)))


def nominate(note, people):
    """Have some rate a note as helpful, of their own accord."""
    for member in people:
        rate(view(member), note.pk, "yes")


def answer_all(says):
    """Let everybody who is asked answer; `says`: the value by side."""
    for seat in Seat.objects.filter(answered_at=None, expires_at__gt=clock.now()).order_by("pk"):
        value = says(seat.side) if callable(says) else says
        if value is not None:
            answer(view(seat.rater.member), seat.pk, value)
