"""The form of a decision about something that waits, wherever it is shown."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from rostra.forum.threads.actions.approving import Decision, decide_alike, decide_held
from rostra.forum.threads.waiting import Waiting
from rostra.kernel.errors import NotFound, Refused
from rostra.web.differing import differences
from rostra.web.forms import fields, id_in
from rostra.web.fragments import filled, worded
from rostra.web.request import RostraRequest

FORM = ("do", "hold", "version", "rule", "reason", "words", "alike")
DONE = ("", "approve", "reject", "return")


class Card(NamedTuple):
    """Something that waits, as it is shown: its words, or what an edit makes of them."""

    row: Waiting
    html: Markup
    lines: list[list[tuple[str, str]]]


def cards_of(request: RostraRequest, rows: list[Waiting]) -> list[Card]:
    """Return rows as they are shown. One query where words refer to posts."""
    words = filled(request.viewer, [worded(row.html) for row in rows])
    return [
        Card(row, html, differences(row.old_source, row.new_source) if row.kind == "edit" else [])
        for row, html in zip(rows, words, strict=True)
    ]


def typed(request: RostraRequest) -> dict[str, str]:
    """Return what the form of a decision holds."""
    return fields(request, *FORM)


def decide(request: RostraRequest, values: dict[str, str]) -> None:
    """Do what a form asks for, for what is alike as well where that is ticked."""
    hold_id = id_in(values["hold"])
    decision = Decision(values["do"], values["rule"], values["reason"], values["words"])
    try:
        decide_held(request.viewer, hold_id, id_in(values["version"]), decision)
    except NotFound:  # or not to be known of: the page with the form is there all the same
        raise Refused("does_not_wait") from None
    if values["alike"]:
        decide_alike(request.viewer, hold_id, decision)
