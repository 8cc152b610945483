"""From what somebody typed to what is looked for. Pure; nothing that can be typed is an error.

    barrier motor        both words        author:name  board:name   by whom, where
    "flood barrier"      these in a row    title:word                in a title
    -tram  -"old mole"   without           has:link                  with a link
    barri*               words beginning   before:2026-11  after:2026

Operators are known in English and in Arabic whatever the language of the pages is, and any kind of
quotation mark will do. What is no operator is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from rostra.effects.search.folding import LONGEST_WORD, beginning, fold, normal, spellings
from rostra.kernel.text import storable

LONGEST = 500  # characters of a query; the rest is left out
MOST_TERMS = 12

OPERATORS = {
    **dict.fromkeys(("author", "from", "by", "كاتب", "الكاتب"), "author"),
    **dict.fromkeys(("board", "in", "لوحة", "اللوحة", "قسم"), "board"),
    **dict.fromkeys(("title", "intitle", "عنوان", "العنوان"), "title"),
    **dict.fromkeys(("has", "فيه", "يحوي"), "has"),
    **dict.fromkeys(("before", "until", "قبل"), "before"),
    **dict.fromkeys(("after", "since", "بعد", "منذ"), "after"),
}
LINKS = frozenset({"link", "links", "رابط", "روابط"})
_STOP_WORDS = (
    "a an and are as at be been but by for from had has have he her his i if in into is it its "
    "me my no not of on or our she so that the their them then there they this to was we were "
    "what when which who will with you your "
    "في من على عن إلى أن إن هذا هذه ذلك التي الذي ما لا و أو ثم قد كان "
    "از به با در را که این آن و یا است "
    "کے کی کا میں ہے سے کو اور"
)
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "「": "」", "『": "』", "״": "״"}
_OPEN = re.escape("".join(_QUOTES))
_PART = re.compile(
    rf"(?P<minus>[-−–](?=\S))?(?:(?P<name>[^\W\d_]{{2,12}}):(?!//))?"
    rf"(?:(?P<open>[{_OPEN}])|(?P<word>[^\s{_OPEN}]+)|(?=\s|$))"
)
_ENDINGS = ("", "s", "es", "d", "ed", "g", "ng", "ing", "r", "ly")
_DATE = re.compile(r"([12]\d{3})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")


class Phrase(NamedTuple):
    """Folded words in a row; where `is_prefix`, the last is the beginning of one.

    begins: how the word as it is written has to begin, where folding took that away.
    """

    words: tuple[str, ...]
    is_prefix: bool = False
    begins: str = ""


class Term(NamedTuple):
    """One thing looked for, in any of its spellings."""

    phrases: tuple[Phrase, ...]
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `author` and `board` are names as typed, "" for any."""

    terms: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    author: str = ""
    board: str = ""
    titles_only: bool = False
    has_link: bool = False
    since: datetime | None = None  # this moment and later
    until: datetime | None = None  # earlier than this moment
    not_understood: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for: what is left out alone finds nothing."""
        return not (self.terms or self.author or self.board or self.has_link or self.dated)

    @property
    def is_ranked(self) -> bool:
        """Whether a word is asked for that some posts say more about than others."""
        return any(not _is_stop_word(term) for term in self.terms)

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None


@cache
def stop_words() -> frozenset[str]:
    """Return what stands everywhere and is left out beside other words, folded as all words are.

    Not while the program starts: the stemmers that fold them take four megabytes.
    """
    return frozenset(fold(_STOP_WORDS).split())


def parse(text: str) -> Query:
    """Return what a text asks for."""
    text = normal(storable(text[:LONGEST]))
    found = Query()
    terms: list[tuple[Term, bool]] = []  # and whether it may be left out
    at = 0
    while at < len(text) and len(terms) + len(found.excluded) < MOST_TERMS:
        part = _PART.match(text, at)
        if part is None or part.end() == at:
            at += 1
            continue
        value, at = _value(text, part)
        operator = OPERATORS.get((part["name"] or "").lower())
        if operator not in (None, "title"):
            found = _with(found, str(operator), value, part[0])
            continue
        if part["name"] and operator is None:
            value = f"{part['name']} {value}"
        term = _term(value, is_quoted=bool(part["open"]), in_title=operator == "title")
        if term is None:
            continue
        if part["minus"]:
            found = replace(found, excluded=(*found.excluded, term))
        else:
            terms.append((term, not part["open"] and _is_stop_word(term)))
    needed = [term for term, is_spare in terms if not is_spare]
    return replace(found, terms=tuple(dict.fromkeys(needed or [term for term, _ in terms])))


def _value(text: str, part: re.Match[str]) -> tuple[str, int]:
    """Return what is asked for and where the next part begins; a quotation may lack its end."""
    if not part["open"]:
        return part["word"] or "", part.end()
    ends = [place for mark in _QUOTES[part["open"]] if (place := text.find(mark, part.end())) >= 0]
    end = min(ends, default=len(text))
    return text[part.end() : end], end + 1


def _term(value: str, *, is_quoted: bool, in_title: bool) -> Term | None:
    wants_prefix = not is_quoted and value.endswith("*")
    phrases: list[Phrase] = []
    for row, is_prefix in spellings(value):
        typed = value.rstrip("*").lower()
        if wants_prefix and len(row) == 1 and typed.isascii() and typed.isalpha():
            phrases += _beginnings(typed)
        elif wants_prefix and len(row) == 1:
            phrases += [Phrase(row, is_prefix=True), Phrase((beginning(typed) or row[0],), True)]
        else:
            phrases.append(Phrase(row, is_prefix or wants_prefix))
    return Term(tuple(dict.fromkeys(phrases)), in_title) if phrases else None


def _beginnings(typed: str) -> list[Phrase]:
    """Return what English words that begin like this are folded to.

    Most keep the beginning; but "runni" is more than "run" is, and "city" becomes "citi". Those are
    looked for whole, and only what is written with the beginning counts.
    """
    stems = {fold(typed + ending) for ending in _ENDINGS}
    other = sorted(s for s in stems if len(s) <= len(typed) and not s.startswith(typed))
    whole = [Phrase((stem,), begins=typed) for stem in other]
    return [Phrase((typed[:LONGEST_WORD],), is_prefix=True), *whole]


def _is_stop_word(term: Term) -> bool:
    return all(
        len(phrase.words) == 1 and not phrase.is_prefix and phrase.words[0] in stop_words()
        for phrase in term.phrases
    )


def _with(query: Query, operator: str, value: str, typed: str) -> Query:
    """Return the query with one filter more; one that makes no sense is told apart."""
    if operator == "author" and fold(value):
        return replace(query, author=value.strip().removeprefix("@"))
    if operator == "board" and fold(value):
        return replace(query, board=value.strip())
    if operator == "has" and value.lower() in LINKS:
        return replace(query, has_link=True)
    if operator in ("before", "after"):
        moment = moment_of(value)
        if moment is not None:
            is_since = operator == "after"
            return replace(query, since=moment) if is_since else replace(query, until=moment)
    return replace(query, not_understood=(*query.not_understood, typed.strip()))


def moment_of(text: str) -> datetime | None:
    """Return the beginning of a year, a month or a day, in digits of any script; None for none."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text.strip())
    found = _DATE.fullmatch(digits)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
