"""Polls in Discourse's posts: a thread has one here, above its opening post."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.content.markup.excerpt import words
from rostra.content.markup.render import render
from rostra.transfer.importers.discourse_json import Json, flag, items, number, text, time_of
from rostra.transfer.records import Ballot, PollRecord, Skipped

# Of ranks, what is kept here knows nothing.
_KINDS = ("regular", "multiple", "number")
_OF_ALL = ("always", "on_vote", "on_close")  # the others are for staff


def polls_in(topic: int, title: str, posts: list[Json]) -> Iterator[PollRecord | Skipped]:
    """Give the poll of a topic, and for each that it cannot be a Skipped saying why."""
    is_found = False
    for post in posts:
        for poll in items(post, "polls"):
            if why := "poll_in_a_reply" if post is not posts[0] else _why_not(poll):
                pass
            elif is_found:
                why = "second_poll_of_a_thread"
            if why:
                name = text(poll, "name")
                yield Skipped(f"poll: {name} in post {text(post, 'id')}", why)
                continue
            is_found = True
            yield _record(topic, title, poll)


def voters_in(post: Json) -> Iterator[Json]:
    """Give those who are known to have voted above a topic; they may never have written."""
    for poll in items(post, "polls") if number(post.get("post_number")) == 1 else ():
        for listed in _listed(poll).values():
            yield from listed


def _why_not(poll: Json) -> str:
    """Return why a poll cannot be taken over; "" if it can."""
    options = items(poll, "options")
    if (text(poll, "type") or "regular") not in _KINDS:
        return "poll_of_another_kind"
    if not options:
        return "poll_without_options"
    if (text(poll, "results") or "always") not in _OF_ALL or any(
        number(option.get("votes")) is None for option in options
    ):
        return "poll_results_unknown"
    return ""


def _record(topic: int, title: str, poll: Json) -> PollRecord:
    options = items(poll, "options")
    places = {text(option, "id"): place for place, option in enumerate(options, 1)}
    chosen: dict[str, list[int]] = {}
    named = [0] * len(options)
    for option, listed in _listed(poll).items():
        for voter in listed:
            if option in places:
                chosen.setdefault(text(voter, "id"), []).append(places[option])
                named[places[option] - 1] += 1
    counts = tuple(max(0, number(option.get("votes")) or 0) for option in options)
    is_multiple = text(poll, "type") == "multiple"
    if is_multiple and any(n < all_ for n, all_ in zip(named, counts, strict=True)):
        chosen = {}  # lists end after 25: of nobody it is certain that this was all they chose
    voters = number(poll.get("voters"))
    if voters is None:
        voters = max(counts) if is_multiple else sum(counts)
    return PollRecord(
        thread=str(topic),
        question=_plain(text(poll, "title")) or title,
        options=tuple(_plain(text(option, "html")) for option in options),
        counts=counts,
        voters=voters,
        ballots=tuple(Ballot(member, tuple(places)) for member, places in chosen.items()),
        most=(number(poll.get("max")) or len(options)) if is_multiple else 1,
        closes_at=time_of(poll, "close"),
        is_closed=text(poll, "status") == "closed",
        is_public=flag(poll, "public"),
        shows_results=(text(poll, "results") or "always") == "always",
    )


def _listed(poll: Json) -> dict[str, list[Json]]:
    """Return who is known to have chosen which option, of a poll that tells everybody."""
    found = poll.get("preloaded_voters")
    if not (flag(poll, "public") and isinstance(found, dict)):
        return {}
    return {
        option: [voter for voter in items(found, option) if number(voter.get("id")) is not None]
        for option in found
    }


def _plain(html: str) -> str:
    """Return the words of what an option is called, its emoji as such."""
    return words(render(html, "html").html) if html else ""
