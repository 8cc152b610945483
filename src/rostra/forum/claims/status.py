"""What is known of a claim at a moment: a pure function of who said what about it, and when.

Nobody sets a status. Whoever doubts one can be shown the entries it follows from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Stance = Literal["asserts", "corroborates", "relays", "doubts", "denies", "concedes", "retracts"]
Party = Literal["aligned", "adverse", "non_party", "unknown"]
Modality = Literal["stated", "probably", "possibly", "alleged"]
Status = Literal[
    "unsourced", "single_source", "contested", "doubted", "corroborated", "conceded", "retracted"
]

STANCES: tuple[Stance, ...] = (
    "asserts", "corroborates", "relays", "doubts", "denies", "concedes", "retracts",
)  # fmt: skip
PARTIES: tuple[Party, ...] = ("aligned", "adverse", "non_party", "unknown")
MODALITIES: tuple[Modality, ...] = ("stated", "probably", "possibly", "alleged")
SUPPORTING = frozenset({"asserts", "corroborates", "concedes"})
DENYING = frozenset({"denies", "retracts"})
_SURE = {modality: rank for rank, modality in enumerate(MODALITIES)}


class Attribution(NamedTuple):
    """Who said what about a claim, as far as its status depends on it.

    `said_at` is any number that grows with time (here: seconds since 1970). `root` is the group of
    speakers who do not stand for each other. `is_backed`: its quote was found in a document, or a
    second trusted member confirmed it. `counts`: it is neither disputed nor withdrawn.
    """

    root: str
    stance: Stance
    said_at: float
    party: Party = "unknown"
    modality: Modality = "stated"
    has_details: bool = True
    is_backed: bool = True
    counts: bool = True


class Change(NamedTuple):
    """From when on a status holds."""

    at: float
    status: Status


def status_of(attributions: Iterable[Attribution], at: float | None = None) -> Status:
    """Return the status by what was said until a moment (None: ever). First that fits."""
    standing = _standing(attributions, at)
    supporting = [one for one in standing if one.stance in SUPPORTING]
    denying = [one for one in standing if one.stance in DENYING]
    is_doubted = any(one.stance == "doubts" for one in standing)
    if not supporting:
        if any(one.stance == "retracts" and one.is_backed for one in denying):
            return "retracted"
        if denying:
            return "contested"
        return "doubted" if is_doubted else "unsourced"
    if denying:
        return "contested"
    backed = [one for one in supporting if one.is_backed]
    if any(one.party == "adverse" for one in backed):
        return "conceded"
    if len(backed) >= 2 and any(one.party == "non_party" for one in backed):
        return "corroborated"
    return "contested" if is_doubted else "single_source"


def history(attributions: Sequence[Attribution]) -> list[Change]:
    """Return every status there was and from when on, the oldest first; nothing for no entries.

    What was said at one moment counts together.
    """
    found: list[Change] = []
    for at in sorted({one.said_at for one in attributions if one.counts}):
        status = status_of(attributions, at)
        if status != (found[-1].status if found else "unsourced"):
            found.append(Change(at, status))
    return found


def caveats(attributions: Iterable[Attribution], at: float | None = None) -> tuple[Modality, bool]:
    """Return how sure the surest supporter is, and whether none of them gave details."""
    supporting = [one for one in _standing(attributions, at) if one.stance in SUPPORTING]
    if not supporting:
        return "stated", False
    surest = min((one.modality for one in supporting), key=_SURE.__getitem__)
    return surest, not any(one.has_details for one in supporting)


def _standing(attributions: Iterable[Attribution], at: float | None) -> list[Attribution]:
    """Return the newest word of each root; who only passes something on has said nothing.

    Of two of one moment the one that was entered later stands.
    """
    newest: dict[str, Attribution] = {}
    for one in attributions:
        if not one.counts or one.stance == "relays" or (at is not None and one.said_at > at):
            continue
        last = newest.get(one.root)
        if last is None or one.said_at >= last.said_at:
            newest[one.root] = one
    return list(newest.values())
