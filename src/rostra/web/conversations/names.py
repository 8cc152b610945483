"""From the names in a field to members."""

from __future__ import annotations

import re

from rostra.forum.conversations.rules import MOST_SEATS, Unreached
from rostra.forum.members.queries import ids_by_name
from rostra.kernel import text
from rostra.kernel.errors import Invalid

LONGEST = 3000
_BETWEEN = re.compile(r"[,،;؛\n]")  # none of them can be in a name


def members_named(typed: str) -> list[int]:
    """Return the members that are named, with commas between. One query.

    Raises Invalid for too many; Unreached, with the names, for those that are nobody's.
    """
    parts = (text.one_line(part).removeprefix("@") for part in _BETWEEN.split(typed[:LONGEST]))
    names = list(dict.fromkeys(part for part in parts if part))
    if len(names) > MOST_SEATS:
        raise Invalid({"to": "too_many_recipients"})
    found = ids_by_name(names)
    unknown = [name for name in names if name not in found]
    if unknown:
        raise Unreached("no_such_members", unknown)
    return [found[name][0] for name in names]
