"""Notices above pages in the table of who may see what."""

from __future__ import annotations

from rostra.forum.notices.actions import write_notice
from rostra.forum.notices.models import Notice
from rostra.forum.notices.rules import Plan
from tests.cast import WHY

ADMIN = frozenset({"admin"})  # who sees them all in the list


def put_up(matrix, cast, boards) -> None:
    """A notice is for those it is for; above a board's pages for who reads there."""
    admin = cast.view(cast.admin)
    everybody = frozenset(matrix.roles)
    guests = frozenset({"guest", "kept", "suspended"})
    staff = frozenset({"mod", "admin"})
    for name, who, at, plan in (
        ("members", everybody - guests, "/", Plan({}, "members")),
        ("guests", guests | ADMIN, None, Plan({}, "guests")),
        ("club", staff | {"club", "author"}, f"/boards/{boards['club']}.x",
         Plan({}, boards=(boards["club"],))),
        ("staff", staff, f"/boards/{boards['staff']}.x", Plan({}, boards=(boards["staff"],))),
    ):  # fmt: skip
        text = f"noticed{name}words of one"
        write_notice(admin, plan._replace(texts={"en": text}), reason=WHY)
        matrix.add(f"noticed{name}words", who, at)


def of_notices() -> list[str]:
    """Return the addresses of notices, for each there is."""
    found = ["/staff/notices", "/staff/notices/new", "/staff/smilies", f"/smilies/{'0' * 32}"]
    for pk in Notice.objects.values_list("pk", flat=True):
        found += [f"/staff/notices/{pk}", f"/notices/{pk}/dismiss"]
    return found
