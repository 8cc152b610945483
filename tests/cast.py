"""The people and places of the tests: a small forum with two views and a closed room."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.queries import viewer_for
from rostra.forum.access.viewer import Viewer
from rostra.forum.boards.actions import create_board
from rostra.forum.boards.models import Board
from rostra.forum.members.actions import create_member, join_group
from rostra.forum.members.groups import Groups, ensure_groups
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.modlog.actions import ensure_rules
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.heads import Head
from rostra.forum.threads.models import Thread

PASSWORD = "open water at dawn"
WHY = "Set up for the tests of the house."


@dataclass
class Cast:
    """Quay is of one view, Hill of the other; Mod moderates everywhere, Admin sets access."""

    groups: Groups
    quay: Member
    hill: Member
    newcomer: Member
    mod: Member
    admin: Member
    city: Board  # a category
    harbour: Board
    region: Board
    staff_room: Board
    barrier: Thread
    secret: Thread

    def view(self, member: Member | None) -> Viewer:
        """Return who is looking, as a request of theirs would."""
        if member is None:
            return viewer_for(None)
        return viewer_for(account_for(member.pk))


def assemble(posts: int = 3) -> Cast:
    """Build the forum; the thread about the barrier gets so many posts."""
    groups = ensure_groups()
    ensure_rules()
    people = {
        name: create_member(name, password=PASSWORD)
        for name in ("Quay", "Hill", "Newcomer", "Mod Ferris", "Ada Minh")
    }
    join_group(groups.moderators, people["Mod Ferris"].pk, reason=WHY)
    join_group(groups.administrators, people["Ada Minh"].pk, reason=WHY)
    for name in ("Mod Ferris", "Ada Minh"):  # what their groups need before they have rights
        Authenticator.objects.create(
            user=people[name], type="totp", data={"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
        )
    city = create_board("City news", is_category=True)
    harbour = create_board("Harbour", parent_id=city.pk, description="Port, barrier, rail.")
    region = create_board("Region", parent_id=city.pk, position=1)
    staff_room = create_board("Staff room", parent_id=city.pk, position=2)
    for board, preset in ((city, "public"), (staff_room, "staff")):
        rows = table(preset, everyone=groups.everyone, members=groups.members, staff=groups.staff)
        set_access(None, board.pk, rows, reason=WHY)
    cast = Cast(
        groups=groups,
        quay=people["Quay"],
        hill=people["Hill"],
        newcomer=people["Newcomer"],
        mod=people["Mod Ferris"],
        admin=people["Ada Minh"],
        city=city,
        harbour=harbour,
        region=region,
        staff_room=staff_room,
        barrier=None,  # type: ignore[arg-type]
        secret=None,  # type: ignore[arg-type]
    )
    cast.barrier = start_thread(
        cast.view(cast.quay),
        harbour.pk,
        "Flood barrier",
        "It was closed in time.",
        head=Head(tags="Harbour"),
    )
    for n in range(2, posts + 1):
        post_reply(cast.view(cast.hill if n % 2 == 0 else cast.quay), cast.barrier.pk, f"Post {n}.")
    cast.secret = start_thread(
        cast.view(cast.mod), staff_room.pk, "canary-title", "canary-words of staff"
    )
    cast.barrier.refresh_from_db()
    return cast
