"""Ready-made grants for a board. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rostra.forum.access.viewer import VERBS, Verb

type Preset = Literal["public", "members_only", "staff", "invited"]

PRESETS: tuple[Preset, ...] = ("public", "members_only", "staff", "invited")
READING: tuple[Verb, ...] = ("see", "read")
TAKING_PART: tuple[Verb, ...] = ("see", "read", "start", "reply", "react", "attach")


def table(
    preset: Preset,
    *,
    everyone: int,
    members: int,
    staff: tuple[int, ...],
    invited: int | None = None,
) -> Mapping[int, tuple[Verb, ...]]:
    """Return group → verbs of a preset.

    public: all read, members write. members_only: members read and write. staff: staff alone.
    invited: one chosen group beside staff. Staff always moderates.
    """
    found: dict[int, tuple[Verb, ...]] = dict.fromkeys(staff, VERBS)
    if preset == "public":
        found[everyone] = READING
    if preset in ("public", "members_only"):
        found[members] = TAKING_PART
    if preset == "invited":
        if invited is None:
            raise ValueError("the preset 'invited' needs the group that is invited")
        found[invited] = TAKING_PART
    return found
