"""What staff write down about a member, and looking at who comes from where they do."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.addresses import is_address
from rostra.forum.members.queries import card_of, find_by_email
from rostra.forum.members.sessions import Alike, alike_to
from rostra.forum.members.turns import take_turn
from rostra.forum.sanctions import rules
from rostra.forum.sanctions.events import AddressLookedUp, NetworksLookedAt, StaffNoteChanged
from rostra.forum.sanctions.models import Look, StaffNote
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.events import emit


@transaction.atomic
def write_note(viewer: Viewer, member_id: int, words: str) -> int:
    """Write something down about a member, for the staff; return its id. Emits StaffNoteChanged."""
    rules.may_see(viewer, member_id).enforce()
    words = rules.check_note(words)
    take_turn(viewer.require_member())
    card_of(member_id)
    row = StaffNote.objects.create(
        member_id=member_id, author_id=viewer.member_id, text=words, at=clock.now()
    )
    emit(StaffNoteChanged(note_id=row.pk))
    return row.pk


@transaction.atomic
def withdraw_note(viewer: Viewer, note_id: int) -> None:
    """Withdraw a note, for good: its author, or who may sanction everywhere.

    That there was one, whose, and who withdrew it stays. Emits StaffNoteChanged; raises NotFound,
    Refused.
    """
    rules.may_work(viewer).enforce()
    take_turn(viewer.require_member())
    row = StaffNote.objects.select_for_update(of=("self",)).filter(id=note_id).first()
    if row is None or row.member_id == viewer.member_id:
        raise NotFound
    if row.withdrawn_at is not None:
        raise Refused("note_withdrawn")
    if row.author_id != viewer.member_id and "sanction_members" not in viewer.capabilities:
        raise Refused("not_your_note")
    row.withdrawn_by_id, row.withdrawn_at = viewer.require_member(), clock.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    emit(StaffNoteChanged(note_id=row.pk))


@transaction.atomic
def look_at_networks(viewer: Viewer, member_id: int) -> list[Alike]:
    """Return who came from the same network or by the same browser in 30 days; it is put down.

    Emits NetworksLookedAt; raises NotFound, Refused (ABU-009, 015, PRV-004).
    """
    rules.may_see_networks(viewer, member_id).enforce()
    take_turn(viewer.require_member())
    card_of(member_id)
    Look.objects.create(member_id=member_id, by_id=viewer.member_id, at=clock.now())
    emit(NetworksLookedAt(member_id=member_id, by_id=viewer.require_member()))
    return alike_to(member_id)


@transaction.atomic
def look_up_address(viewer: Viewer, email: str) -> int | None:
    """Return the member who confirmed exactly this address, None for nobody.

    Either way it is put down that the viewer looked, with whose it was and without the address:
    trying many that are nobody's is what somebody would do who should not. Emits AddressLookedUp;
    raises Invalid, Refused (PRV-004).
    """
    rules.may_look_up(viewer).enforce()
    email = email.strip()
    if not is_address(email):
        raise Invalid({"email": "email_odd"})
    take_turn(viewer.require_member())
    found = find_by_email(email)
    Look.objects.create(
        member=found, by_id=viewer.member_id, at=clock.now(), what=Look.What.ADDRESS
    )
    member_id = found.pk if found is not None else None
    emit(AddressLookedUp(member_id=member_id, by_id=viewer.require_member()))
    return member_id
