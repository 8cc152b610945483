"""Lines that say who is quoted: "In article <…> Ann writes:" in the forms of many programs."""

from __future__ import annotations

import re
from functools import lru_cache

from rostra.content.markup.plain_mail import MASK, mask_mail

NOBODY = "…"
MAX_LENGTH = 500

_VERBS = (
    r"writes|wrote|says|said|write|schrieb(?:en)?|schreibt|meinte|a écrit|a ecrit|écrivait|écrit"
    r"|escribió|escribio|escribe|ha scritto|scrisse|scrive|escreveu|schreef|skrev|kirjoitti"
    r"|napisał(?:a|\(a\))?|pisze|napsal(?:a|\(a\))?|пишет|писал(?:а|\(а\))?|написал(?:а|\(а\))?"
    r"|yazdı|كتب(?:ت)?|כתב(?:ה)?|نوشت|写道|寫道|さんは書きました|さんが書きました"
)
_END = re.compile(
    rf"(?:^|[\s\"'>)\],،])(?P<verb>{_VERBS})"
    r"(?:\s+in (?:message|article|news)\S*\s*(?:<[^<>]*>|\S+))?"
    r"(?:\s+(?:the following|on .{1,60}|in .{1,60}))?\s*(?:[:：]|\.{2,4}|[-,>]*)\s*$",
    re.IGNORECASE,
)
# "Am 3. Mai schrieb Ann Lee:" has the verb before the name.
_GERMAN = re.compile(
    r"^(?:Am|Den|El|Op|W dniu|Il giorno|В)\s.{4,120}?\s(?:schrieb|skrev|schreef)\s+"
    r"(?P<name>[^:]{1,160}):\s*$",
    re.I,
)
_VERB_FIRST = re.compile(r"^(?:كتبت?|قالت?|כתבה?|אמרה?)\s+(?P<name>[^:]{1,80}):\s*$")
_VERB = re.compile(rf"(?:\b(?:{_VERBS})\b)|写道|寫道|書きました", re.IGNORECASE)
_HEAD = re.compile(
    r"^[\s>\"'*]*(?:quoting |in (?:a |your |the )?(?:previous |recent |earlier )?"
    r"(?:article|message|posting|post|news|msg|mail|letter)\b[ ,]*(?:of|from)?[ ,]*|in (?=<))",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"^(?:on|at|am|le|el|il(?: giorno)?|em|op|den|w dniu|dne|в|בתאריך|في|در) (?=.{0,40}\d)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:\b\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[\s?]?[ap]\.?m\b\.?)?"
    r"(?:\s*(?:[+-]\d{4}\b|\([A-Z]{2,5}\)|GMT|UTC|[A-Z]{1,3}[SD]?T\b))*|\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4})"
    r"\s*(?:г\.|r\.)?\s*[,،;:]*\s*(?:\bat\b|\bum\b|à|a las)?",
    re.IGNORECASE,
)
_ID = re.compile(r"<[^<>\s]*>?|\S+@\S+|\S*…@…\S*|news:\S+")
_NAMED = re.compile(r"\(([^()]{2,80}(?:\([^()]{0,40}\)[^()]{0,40})?)\)")
_WORDISH = re.compile(
    r"[\"“'`]?[^\W\d_a-zà-ÿ][\w.'’`-]*[\"”'`,]?|[\"“'][^\"”]+[\"”']|van|von|de|der|la|le|den|al|el|bin|Van|\w\.|&|/|and|\[\w{1,4}\]\S*"
)
_PRONOUNS = frozenset({
    "i", "he", "she", "they", "you", "it", "we", "who", "one", "this", "that", "then",
    "and", "but", "so", "as", "someone", "somebody", "others",
})  # fmt: skip


def attribution_at(text: str) -> str | None:
    """Return the name in a line that announces a quote ("…" if it names none), else None."""
    return _name_in(text) if 2 < len(text) <= MAX_LENGTH else None


@lru_cache(maxsize=1_000)  # what is quoted again and again announces quotes again and again
def _name_in(text: str) -> str | None:
    if not _VERB.search(text):
        return None
    text = " ".join(text.split())
    if named := _GERMAN.match(text) or _VERB_FIRST.match(text):
        return _name(named["name"])
    end = _END.search(text)
    if end is None:
        return None
    return _announced(text[: end.start("verb")].strip())


def begins_attribution(text: str) -> bool:
    """Tell whether a line may be the first of an attribution of several lines."""
    return bool(
        _HEAD.match(text) or _DATED.match(text.lstrip()) or text.count("(") > text.count(")")
    )


def ends_attribution(text: str) -> bool:
    """Tell whether a line ends as an attribution does."""
    return len(text) <= MAX_LENGTH and _ends_with_verb(text)


@lru_cache(maxsize=1_000)
def _ends_with_verb(text: str) -> bool:
    if text.isascii() and not _holds_verb(text.lower()):
        return False
    return bool(_END.search(text) or _GERMAN.match(text) or _VERB_FIRST.match(text))


def _holds_verb(text: str) -> bool:
    """Tell whether a piece of one of the verbs without accents is there: far cheaper than them."""
    return (
        "wr" in text or "said" in text or "says" in text or "schr" in text or "scri" in text
        or "ecrit" in text or "meinte" in text or "escrev" in text or "skrev" in text
        or "kirjoitti" in text or "pisze" in text or "napsal" in text
    )  # fmt: skip


def _announced(text: str) -> str | None:
    """Return the name out of what stands before the verb; None if it is ordinary prose."""
    head = _HEAD.match(text)
    rest = text[head.end() :] if head else text
    dated = _DATED.match(rest)
    if dated:
        rest = _undated(rest[dated.end() :])
    has_address = bool(_ID.search(rest)) or mask_mail(rest) != rest
    if head or dated or has_address:
        return _name(rest)
    words = rest.strip(" ,:*").split()
    if not 0 < len(words) < 7 or words[0].lower().strip("\"'") in _PRONOUNS:
        return None
    if all(_WORDISH.fullmatch(word) for word in words) or len(words) == 1:
        return _name(rest)
    return None


def _undated(text: str) -> str:
    times = list(_TIME.finditer(text))
    return text[times[-1].end() :] if times else text.rpartition(",")[2]


def _name(text: str) -> str:
    """Return a name without addresses, ids and the signs around them."""
    masked = mask_mail(text)
    inside = _NAMED.findall(masked)
    bare = _tidy(_ID.sub(" ", _NAMED.sub(" ", masked)))
    names = [name for name in (_tidy(part) for part in inside) if _is_name(name)]
    if _ID.search(masked) and names:
        return names[-1]
    if bare and _is_name(bare):
        return bare
    return names[-1] if names else NOBODY


def _tidy(text: str) -> str:
    text = _ID.sub(" ", text).replace(MASK, " ")
    # "?" stands in archives where a hard blank was: "?Ann wrote".
    return " ".join(text.split()).strip(" ,;:\"'`“”<>()[]{}*|-=#").lstrip("? ")


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= 60
        and "@" not in text
        and any(sign.isalpha() for sign in text)
        and text.lower() != "you"
    )
