"""Polls in pages: the panel above a thread, and the fields that a poll is made with."""

from __future__ import annotations

from typing import Any

from rostra.forum.polls.queries import PollShown
from rostra.forum.polls.rules import MOST_BROUGHT, Plan
from rostra.web.jinja import kept
from rostra.web.request import RostraRequest
from rostra.web.tokens import TOKEN, with_token

POLL = (
    "poll_question", "poll_options", "poll_most", "poll_days", "poll_public", "poll_fixed",
    "poll_hidden",
)  # fmt: skip
CHOICES = ("choice", *(f"choice-{place}" for place in range(1, MOST_BROUGHT + 1)))


def panel(request: RostraRequest, poll: PollShown | None) -> str:
    """Return a poll as this reader sees it, "" for none; guests' pages set no cookie."""
    if poll is None:
        return ""
    made = str(kept(request.language, "polls/_poll.html", "poll_panel", poll, TOKEN))
    return with_token(request, made) if TOKEN in made else str(made)


def plan_in(values: dict[str, str]) -> Plan | None:
    """Return the poll that a form asks for; None where it asks for none."""
    if not (values["poll_question"].strip() or values["poll_options"].strip()):
        return None
    return Plan(
        question=values["poll_question"],
        options=tuple(values["poll_options"].splitlines()),
        most=_number(values["poll_most"] or "1"),
        days=_number(values["poll_days"]) if values["poll_days"].strip() else None,
        is_public=values["poll_public"] == "1",
        may_change=values["poll_fixed"] != "1",
        shows_results=values["poll_hidden"] != "1",
    )


def chosen_in(values: dict[str, Any]) -> set[int]:
    """Return the places of the options that a ballot names; -1 for what is no place."""
    found = {_number(values["choice"])} if values["choice"] else set()
    return found | {int(name.rpartition("-")[2]) for name in CHOICES[1:] if values[name]}


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 5 else -1
