"""Everything of a member's in words: where it stands in the archive, and what is said of it.

A thing comes as `reading/own_data` yields it; a test holds that each kind and field is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from rostra.web import act_words, claim_words, hold_words, limited, note_words
from rostra.web.templating import REACTIONS, day, moment

SECTIONS = {
    "profile": _("You and your account"),
    "posts": _("Posts"),
    "earlier": _("Earlier words, and what waited"),
    "drafts": _("Drafts"),
    "messages": _("Private messages"),
    "reactions": _("Reactions, votes, bookmarks"),
    "notes": _("Community notes and ratings"),
    "claims": _("Claims"),
    "record": _("What was decided about you, and what you reported"),
    "people": _("Followed, watched, muted"),
    "files": _("Pictures and files"),
    "sessions": _("Sessions"),
}


class Kind(NamedTuple):
    """A kind of thing: in which section, its name, and where in the forum it is."""

    section: str
    words: str
    path: str = ""


KINDS = {
    "account": Kind("profile", _("Account"), "/members/{id}"),
    "former_name": Kind("profile", _("Name before")),
    "group": Kind("profile", _("Group")),
    "identity": Kind("profile", _("Login by another site")),
    "invitation": Kind("profile", _("Invitation that you sent")),
    "who_may_write": Kind("profile", _("Who may write to you")),
    "told_how": Kind("profile", _("How you are told of news")),
    "consent": Kind("profile", _("Consent")),
    "erasure": Kind("profile", _("Wish to be erased")),
    "post": Kind("posts", _("Post"), "/posts/{id}"),
    "earlier_words": Kind("earlier", _("What a post said before"), "/posts/{post}"),
    "held": Kind("earlier", _("What waited for approval"), "/posts/{post}"),
    "poll": Kind("posts", _("Poll that you made"), "/threads/{thread}"),
    "draft": Kind("drafts", _("Draft")),
    "message": Kind("messages", _("Your message"), "/messages/{id}"),
    "message_of_another": Kind("messages", _("Message to you"), "/messages/{id}"),
    "reaction": Kind("reactions", _("Reaction"), "/posts/{post}"),
    "vote": Kind("reactions", _("Your vote"), "/threads/{thread}"),
    "bookmark": Kind("reactions", _("Bookmark"), "/posts/{post}"),
    "note": Kind("notes", _("Community note by you"), "/notes/{note}"),
    "rating": Kind("notes", _("Your rating of a note"), "/notes/{note}"),
    "placement": Kind("notes", _("Where your ratings put you")),
    "claim": Kind("claims", _("Claim"), "/claims/{id}"),
    "claim_entry": Kind("claims", _("Who says what"), "/claims/{claim}"),
    "claim_dispute": Kind("claims", _("Entry that you disputed"), "/claims/entries/{entry}"),
    "description": Kind("claims", _("Description of a document")),
    "statement": Kind("record", _("Statement of reasons"), "/statements/{entry}"),
    "log_entry": Kind("record", _("Entry of the moderation log")),
    "sanction": Kind("record", _("Warning or limit"), "/statements/{entry}"),
    "report": Kind("record", _("Your report")),
    "appeal": Kind("record", _("Your appeal"), "/statements/{entry}"),
    "look": Kind("record", _("Somebody of the staff looked something up")),
    "follow": Kind("people", _("You follow"), "/members/{member}"),
    "ignore": Kind("people", _("You ignore"), "/members/{member}"),
    "watched": Kind("people", _("Watched or muted")),
    "muted_tag": Kind("people", _("Muted tag")),
    "upload": Kind("files", _("Picture or file")),
    "session": Kind("sessions", _("Session")),
}

LABELS = {
    "a_day": _("Posts a day"), "about": _("About"), "act": _("Act"), "added_at": _("Added"),
    "address": _("Address"), "agent": _("Browser"), "alias": _("Name as a rater"),
    "appeal_until": _("Appeal until"), "at": _("When"), "author": _("Written by"),
    "begun_at": _("Begun"), "board": _("Board"), "board_id": _("Board"),
    "channels": _("Ways chosen"), "choice": _("Choice"), "claim": _("Claim"),
    "conversation": _("Conversation"), "created_at": _("Written"), "decided_at": _("Decided"),
    "density": _("Density"), "due": _("Due"), "edit": _("The words that waited"),
    "edited_at": _("Edited"), "email": _("E-mail"), "entry": _("Entry"),
    "facts": _("What happened"), "file": _("File"), "group": _("Group"),
    "has_bounced": _("Letters came back"), "has_digest": _("Letter of the week"),
    "hides_signatures": _("Hides signatures"), "is_automatic": _("Automatic"), "issuer": _("Site"),
    "joined_at": _("Joined"), "language": _("Language"), "level": _("How"),
    "line": _("What you wrote"), "log_n": _("Entry of the log"), "made_at": _("Made"),
    "name": _("Name"), "network": _("Network"), "note": _("Note"), "number": _("Its number"),
    "open_data": _("Ratings are published without your name"),
    "opens_to": _("Open to"), "option": _("Option"), "options": _("Options"),
    "per_page": _("Posts a page"), "origin": _("Origin"), "outcome": _("Outcome"),
    "place": _("Place"), "points": _("Points"), "post": _("Post"), "post_id": _("Post"),
    "posts": _("Shown in posts"), "published": _("Published"), "question": _("Question"),
    "quote": _("Quote"), "ratings": _("Ratings it was inferred from"), "reaction": _("Reaction"),
    "reason": _("Reason"), "remind_at": _("Reminder"), "reverts": _("Takes back entry"),
    "role": _("Role"), "rule": _("Rule"), "said_at": _("Said"), "saved_at": _("Saved"),
    "seen_at": _("Last seen"), "signature": _("Signature"), "size": _("Bytes"),
    "source": _("Words"), "speaker": _("Speaker"), "stance": _("Stance"), "state": _("State"),
    "summary": _("Summary"), "tag": _("Tag"), "tags": _("Tags"),
    "taken_back_n": _("Taken back by entry"),
    "target_id": _("Its number"), "text": _("Words"), "theme": _("Theme"), "thread": _("Thread"),
    "thread_id": _("Thread"), "threshold": _("Points that led to it"), "time_zone": _("Time zone"),
    "title": _("Title"), "to": _("To what"), "until": _("Until"), "used_at": _("Used"),
    "value": _("Helpful, from 0 to 1"), "verbs": _("What is limited"),
    "wait": _("Pause in seconds"), "warning_n": _("Warning"),
    "watches_own": _("Watches threads you write in"), "what": _("What"),
    "when": _("When it happened"), "why": _("Why"),
    "withdrawn_at": _("Withdrawn"), "words": _("Words"),
}  # fmt: skip

TEXTS = frozenset(
    {"edit", "facts", "line", "quote", "reason", "signature", "source", "summary", "text"}
)
# Words in one kind, a code or number in another.
TEXTS_OF = {"account": {"about"}, "bookmark": {"note"}, "held": {"words"}}
NAMES = ("title", "name", "tag")  # the first that a thing has stands in its heading
ITS_WORDS = {"source", "text"}  # need no label
NOT_SAID = {"kind", "id", "dialect", "file", "member"}  # said by the link, or as a link

_WORDS = {
    "visible": _("stands"), "pending": _("waits for approval"), "hidden": _("hidden"),
    "removed": _("removed by a moderator"), "withdrawn": _("withdrawn by you"),
    "merged": _("merged"), "picture": _("picture"), "file": _("file"),
    "avatar": _("picture of you"), "everybody": _("Every member"), "followed": _("Those I follow"),
    "nobody": _("Nobody"), "light": _("Light"), "dark": _("Dark"), "compact": _("Compact"),
    "watch": _("watched"), "mute": _("muted"), "rating": _("rating community notes"),
    "networks": _("where you come from"), "address": _("your account, by your address of mail"),
    "warning": _("warning"), "limit": _("limit"), "self": _("of your own accord"),
    "panel": _("asked as one of a panel"), "a": _("one of two groups"),
    "b": _("the other of two groups"), "between": _("between the groups"),
    "name": _("the name goes, words stay"), "words": _("all words go"),
    "some": _("the words of some posts go"),
    "asked": _("asked"), "waiting": _("waits for its day"), "running": _("being done"),
    "site": _("on the site"), "mail": _("by mail"), "calibration": _("Calibration"),
}  # fmt: skip
_HELD = {"thread": "kind.thread", "reply": "kind.reply", "edit": "kind.edit"}
type Say = Callable[[str], str]


def _own(code: str) -> str:
    return gettext(_WORDS[code]) if code in _WORDS else code


def _held(code: str) -> str:
    key = code if code in hold_words.WORDS else _HELD.get(code, f"state.{code}")
    return hold_words.in_words(key) if key in hold_words.WORDS else code


def _limit(code: str) -> str:
    found = limited.VERBS.get(code) or limited.KINDS.get(code)
    return gettext(found) if found else _own(code)


SAYS: dict[tuple[str, str], Say] = {
    ("statement", "act"): act_words.in_words, ("log_entry", "act"): act_words.in_words,
    ("statement", "origin"): lambda code: act_words.in_words(f"origin.{code}"),
    ("log_entry", "origin"): lambda code: act_words.in_words(f"origin.{code}"),
    ("log_entry", "role"): act_words.in_words,
    ("report", "about"): lambda code: act_words.in_words(f"report.{code}"),
    ("report", "outcome"): lambda code: act_words.in_words(f"outcome.{code}"),
    ("appeal", "state"): lambda code: act_words.in_words(f"appealed.{code}"),
    ("sanction", "what"): _limit, ("sanction", "verbs"): _limit,
    ("claim", "what"): lambda code: claim_words.in_words(code, "kind"),
    ("claim_entry", "stance"): lambda code: claim_words.in_words(code, "stance"),
    ("claim_entry", "state"): lambda code: claim_words.in_words(code, "state"),
    ("note", "why"): note_words.in_words, ("note", "state"): note_words.in_words,
    ("rating", "origin"): _own,
    ("held", "what"): _held, ("held", "why"): _held, ("held", "state"): _held,
    ("reaction", "reaction"): lambda code: gettext(REACTIONS.get(code, code)),
}  # fmt: skip
CODES = {
    "channels", "choice", "density", "group", "level", "opens_to", "origin", "state", "theme", "to",
    "what",
}  # fmt: skip
POSTS, THREADS = {"post", "post_id", "posts"}, {"thread", "thread_id"}


EXPLAINED = {
    "placement": _(
        "Raters who tend to answer alike stand together, in one of two groups without names. That "
        "is inferred every night from ratings of notes, and from nothing else. It is used to have "
        "notes decided by people of both groups. Nobody else is told where you stand, and it is "
        "erased when you rate no more."
    ),
    "look": _("Such looks are put down. Who it was is not told."),
}


class Fact(NamedTuple):
    """Something said of a thing in a line, with where it leads to, if anywhere."""

    label: str
    values: list[tuple[str, str]]


class Text(NamedTuple):
    """Words of a thing, by paragraphs."""

    label: str
    paragraphs: list[str]


class Shown(NamedTuple):
    """A thing as it stands on a page."""

    title: str
    name: str
    link: str
    facts: list[Fact]
    texts: list[Text]
    file: str  # its place in the archive
    is_picture: bool


def shown(thing: dict[str, Any], zone: tzinfo) -> Shown:
    """Return a thing in the words of the language in force, its times in this zone."""
    name = thing["kind"]
    kind = KINDS[name]
    said = {
        field: value
        for field, value in thing.items()
        if field not in NOT_SAID and value is not None and value not in ("", [], (), {})
    }
    heading = next((field for field in said if field in NAMES), "")
    file = thing.get("file") or ""
    return Shown(
        title=gettext(kind.words),
        name=str(said.pop(heading, "")),
        link=_address(kind.path.format(**thing)) if kind.path else "",
        texts=list(_texts(name, said)),
        facts=list(_facts(name, said, zone)),
        file=file,
        is_picture=file.endswith(".webp"),
    )


def _texts(kind: str, said: dict[str, Any]) -> Iterator[Text]:
    for field, value in said.items():
        if _is_text(kind, field):
            label = "" if field in ITS_WORDS else gettext(LABELS[field])
            yield Text(label, _paragraphs(str(value)))
    if kind in EXPLAINED:
        yield Text("", [gettext(EXPLAINED[kind])])


def _facts(kind: str, said: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    for field, value in said.items():
        if not _is_text(kind, field) and (values := list(_values(kind, field, value, zone))):
            yield Fact(gettext(LABELS[field]), values)


def _is_text(kind: str, field: str) -> bool:
    return field in TEXTS or field in TEXTS_OF.get(kind, ())


def _values(kind: str, field: str, value: Any, zone: tzinfo) -> Iterator[tuple[str, str]]:
    """Yield what is said of a field, and the address it leads to or ""."""
    if isinstance(value, dict) and field == "rule":
        yield f"{value['code']} · {value['version']}", _address(f"/rules/{value['code']}")
    elif isinstance(value, dict):  # of notifications: a kind and its ways
        for name, ways in value.items():
            yield f"{name}: {', '.join(map(_own, ways)) or '–'}", ""
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _values(kind, field, one, zone)
    elif field in POSTS:
        yield str(value), _address(f"/posts/{value}")
    elif field in THREADS:
        yield str(value), _address(f"/threads/{value}")
    elif words := _plain(kind, field, value, zone):
        yield words, ""


def _plain(kind: str, field: str, value: Any, zone: tzinfo) -> str:
    language = get_language() or settings.ROSTRA.language
    if isinstance(value, datetime):
        return moment(value.astimezone(zone), language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if (kind, field) in SAYS:
        return SAYS[kind, field](str(value))
    return _own(str(value)) if field in CODES else str(value)


def _paragraphs(words: str) -> list[str]:
    return [one.strip("\n") for one in words.replace("\r\n", "\n").split("\n\n") if one.strip()]


def _address(path: str) -> str:
    base: str = settings.ROSTRA.base_url
    return base + path
