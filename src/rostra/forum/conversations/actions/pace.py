"""How fast and to how many somebody may write: the limits of their standing, held to."""

from __future__ import annotations

from collections.abc import Collection

from rostra.content.markup.references import Rendered
from rostra.forum.access.viewer import Viewer
from rostra.forum.conversations import queries, rules
from rostra.forum.conversations.rules import Unreached
from rostra.forum.conversations.standing import Held
from rostra.forum.threads.actions.pace import enforce, may_say
from rostra.kernel import clock
from rostra.kernel.errors import Invalid


def may_start_now(viewer: Viewer, held: Held, addressees: int) -> None:
    """Raise TooMany for one who began too many conversations. Two queries."""
    if held.pace is not None:
        started = queries.latest_started(viewer.require_member(), held.pace.starts_a_day)
        enforce(rules.wait_to_start(held.pace, started, clock.now()))
    may_ask_now(viewer, held, addressees)


def may_ask_now(viewer: Viewer, held: Held, addressees: int) -> None:
    """Raise TooMany for one who asked too many into conversations. One query."""
    if held.pace is not None:
        asked = queries.latest_asked(viewer.require_member(), held.pace.addressees_a_day)
        enforce(rules.wait_to_ask(held.pace, asked, addressees, clock.now()))


def may_write_now(viewer: Viewer, held: Held, rendered: Rendered) -> None:
    """Raise TooMany for one who wrote too much, Invalid for too many links. One query."""
    if held.pace is not None:
        written = queries.latest_written(viewer.require_member(), held.pace.messages_a_day)
        enforce(rules.wait_to_write(held.pace, written, clock.now()))
    may_say(held.limits, rendered)


def may_reach(viewer: Viewer, member_ids: Collection[int], held: Held) -> None:
    """Raise Unreached, which names them, for members that the viewer may not write to."""
    refused: dict[str, list[str]] = {}
    found = queries.reach(viewer, member_ids, held.rung)
    if len(found) < len(set(member_ids)):
        raise Invalid({"to": "no_such_member"})
    for one in found:
        verdict = rules.may_write_to(viewer, one, held.rung)
        if not verdict:
            refused.setdefault(verdict.reason, []).append(one.name)
    for reason, names in refused.items():
        raise Unreached(reason, names)
