"""Warnings, limits and notes about a member in the table of who may see what."""

from __future__ import annotations

from rostra.forum.members.models import Member
from rostra.forum.modlog.models import Statement
from rostra.forum.sanctions.actions.giving import Ground, limit_member, warn_member
from rostra.forum.sanctions.actions.noting import withdraw_note, write_note
from rostra.forum.sanctions.rules import Wish
from rostra.forum.threads.models import Post


def sanctions(matrix, cast, boards, author) -> None:
    """Reasons are as public as their place, what happened is its member's and staff's.

    Who moderates one board is shown what is of that board, and what staff wrote of anybody.
    """
    mod, admin = cast.view(cast.mod), cast.view(cast.admin)
    staff, everybody = frozenset({"mod", "admin"}), frozenset(matrix.roles)
    for name, who, there in (
        ("public", everybody, staff), ("staff", staff, staff),
        ("region", everybody, staff | {"other_mod"}),
    ):  # fmt: skip
        ground = Ground("R2", f"sanction{name}reason of staff.", f"sanction{name}facts of it")
        wish = Wish("limit", 9, verbs=("links",), board_id=boards[name])
        limit_member(mod, author.pk, wish, ground)
        matrix.add(f"sanction{name}reason", who | {"author"}, None)
        matrix.add(f"sanction{name}facts", there | {"author"}, None)
    post = Post.objects.filter(author=author, thread__board_id=boards["club"]).first()
    ground = Ground("R2", "warnedclubreason of staff.", "warnedclubfacts of it", post.pk)
    warn_member(mod, author.pk, 1, 30, ground)
    matrix.add("warnedclubreason", staff | {"club", "author"}, "/moderation-log")
    matrix.add("warnedclubfacts", staff | {"author"}, None)
    ground = Ground("R2", "warnedeverywherereason of it.", "warnedeverywherefacts of it")
    warn_member(mod, author.pk, 1, 30, ground)
    matrix.add("warnedeverywherereason", everybody, "/moderation-log")
    matrix.add("warnedeverywherefacts", staff | {"author"}, None)
    write_note(mod, author.pk, "staffnotewords of the staff")
    matrix.add("staffnotewords", staff | {"other_mod"}, f"/staff/members/{author.pk}")
    withdraw_note(admin, write_note(mod, author.pk, "staffnotewithdrawn of the staff"))
    matrix.add("staffnotewithdrawn", frozenset(), None)


def of_sanctions() -> list[str]:
    found = [
        "/staff/members",
        "/staff/members?name=au",
        "/staff/sanctions",
        "/staff/sanctions?kind=warn",
    ]
    for pk in Member.objects.values_list("pk", flat=True):
        acts = ("", "/sanction", "/notes", "/networks", "/account")
        found += [f"/staff/members/{pk}{act}" for act in acts]
    told = Statement.objects.filter(entry__kind__startswith="member.")
    for n in told.values_list("entry_id", flat=True):
        found += [f"/staff/sanctions/{n}", f"/statements/{n}", f"/statements/{n}/appeal"]
    return found
