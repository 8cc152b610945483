"""The groups that every forum has."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from rostra.forum.members.models import Group
from rostra.kernel import versions

ADMINISTRATOR_CAPABILITIES = (
    "manage_access", "manage_boards", "manage_members", "sanction_members", "see_networks",
)  # fmt: skip
MODERATOR_CAPABILITIES = ("sanction_members",)

# Found again by these names.
OF_EVERY_FORUM = ("Everyone", "Members", "Administrators", "Moderators")


class Groups(NamedTuple):
    """Their ids."""

    everyone: int
    members: int
    administrators: int
    moderators: int

    @property
    def staff(self) -> tuple[int, int]:
        return (self.administrators, self.moderators)


@transaction.atomic
def ensure_groups() -> Groups:
    """Return the groups every forum has, making those that are missing."""
    wanted = {
        "everyone": Group(name="Everyone", kind=Group.Kind.EVERYONE),
        "members": Group(name="Members", kind=Group.Kind.MEMBERS),
        "administrators": Group(
            name="Administrators",
            capabilities=list(ADMINISTRATOR_CAPABILITIES),
            needs_second_factor=True,
        ),
        "moderators": Group(
            name="Moderators",
            capabilities=list(MODERATOR_CAPABILITIES),
            needs_second_factor=True,
        ),
    }
    names = [group.name for group in wanted.values()]
    found = dict(Group.objects.filter(name__in=names).values_list("name", "id"))
    if len(found) < len(wanted):
        Group.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        versions.raise_version("boards")
        found = dict(Group.objects.filter(name__in=names).values_list("name", "id"))
    return Groups(**{key: found[group.name] for key, group in wanted.items()})
