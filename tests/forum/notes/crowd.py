"""A forum of two hundred raters who all rated some notes days ago, made at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rostra.forum.members.models import Member
from rostra.forum.notes.models import Note, Rater, Rating
from rostra.kernel import clock

LONG_AGO = timedelta(days=9)


def raters(count: int = 205) -> list[int]:
    """Members with names that nothing else holds; every second of another camp."""
    now = clock.now() - LONG_AGO
    members = Member.objects.bulk_create(
        Member(name=f"Kanarix {n}", name_key=f"kanarix {n}", joined_at=now) for n in range(count)
    )
    Rater.objects.bulk_create(
        Rater(
            member=member, alias=f"Kanalias {n}", consented_at=now, is_active=True, terms=2
        )
        for n, member in enumerate(members)
    )  # fmt: skip
    return [member.pk for member in members]


def notes(post_id: int, author_id: int, count: int = 12, state: str = "proposed") -> list[Note]:
    """Notes of one author below a post."""
    then = clock.now() - LONG_AGO
    return Note.objects.bulk_create(
        Note(
            post_id=post_id, author_id=author_id, why="outdated", state=state, created_at=then,
            state_at=then, text=f"The gauge was mended on day {n} of that month.",
        )
        for n in range(count)
    )  # fmt: skip


def say(people: Sequence[int], about: Sequence[Note], origin: str = "self") -> None:
    """Have everybody rate all notes, far enough apart to be no echoes: the first is liked, the second is not, the others by camps."""
    then = clock.now() - LONG_AGO
    Rating.objects.bulk_create(
        Rating(
            note=note, rater_id=rater, origin=origin, at=then + timedelta(minutes=25 * n),
            value=2 if at == 0 or (at > 1 and (at // 2 + n) % 2 == 0) else 0,
        )
        for n, rater in enumerate(people)
        for at, note in enumerate(about)
    )  # fmt: skip
