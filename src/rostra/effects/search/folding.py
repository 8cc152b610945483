"""Text to folded words, the same for the index and for a query. Pure.

What readers spell differently becomes one: accents, case, English endings, Arabic points and
letter forms, the Arabic article, Persian and Urdu letters and joiners, Hebrew points and final
letters, digits of every script, Katakana and Hiragana. Scripts written without spaces become pairs
of letters that overlap, and the last letter alone, so that each letter begins some word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

LONGEST_WORD = 40
MOST_WORDS = 10_000  # of one post; what stands further down is not found

# Where the marks are; asking of every character takes as long as all the rest of a start.
_MARKED = (
    (0x300, 0x3100), (0xA660, 0xAC00), (0xFB1E, 0xFE30), (0x101FD, 0x12000), (0x13430, 0x13460),
    (0x16100, 0x16140), (0x16AF0, 0x17000), (0x1BC90, 0x1BCA0), (0x1CF00, 0x1EA00),
)  # fmt: skip
_MARKS = "".join(
    chr(code)
    for first, end in _MARKED
    for code in range(first, end)
    if unicodedata.category(chr(code))[0] == "M"
)
_JOINERS = "\u200c\u200d\u00ad\u05f3\u05f4"
_ZWNJ = "\u200c"
# Written without spaces between words: Han, Kana, Hangul; Thai, Lao, Burmese, Khmer.
_DENSE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3031-\u3035\u3041-\u30ff\u3105-\u312f\u3131-\u318e\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\u1100-\u11ff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_CONTRACTION = r"['’](?:s|t|d|m|re|ve|ll)(?![^\W_])"
_RUN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}{_JOINERS}])*(?:{_CONTRACTION})?", re.IGNORECASE)
_PLAIN_RUN = re.compile(r"[a-z0-9]+(?:'(?:s|t|d|m|re|ve|ll)(?![a-z0-9]))?")
_PIECE = re.compile(rf"[{_DENSE}]+|[^{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_ENGLISH = re.compile(r"[a-z]{3,}")
_ARTICLE = re.compile(r"[وف]?(?:ال|بال|كال|لل)(?=.{3})|و(?=.{4})")  # and the "and" before a word
_CARRIED = re.compile(r"[ؤئ](?=[ء-\u06ff])")  # a hamza within a word has many carriers
_IS_ARABIC = re.compile(r"[\u0621-\u06ff]")
_DROPPED_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x08CA, 0x08FF), (0x0E47, 0x0E4E), (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x3099, 0x309A), (0xFE00, 0xFE0F),
)  # fmt: skip
_LETTERS = {
    **dict.fromkeys("آأإٱٲٳ", "ا"),
    **dict.fromkeys("ىيیېۍێےۓئ", "ي"),
    **dict.fromkeys("كکڪ", "ك"),
    **dict.fromkeys("ةهہۂۀەھۃ", "ه"),
    **dict.fromkeys("وؤۇۆۈۋ", "و"),
    "ٹ": "ٹ",
    "ں": "ن",
    "گ": "گ",
    "ء": "",
    "ـ": "",
    "ё": "е",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "ŋ": "n",
    "ſ": "s",
    "ĸ": "k",
    "ŧ": "t",
    "ς": "σ",
    "ך": "כ",
    "ם": "מ",
    "ן": "נ",
    "ף": "פ",
    "ץ": "צ",
    **dict.fromkeys("\u200d\u00ad\u05f3\u05f4'’", ""),
}


class Token(NamedTuple):
    """A folded word and where in the text its letters stand."""

    word: str
    start: int
    end: int


class _Letters(dict[int, str]):
    """What becomes of one letter, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        found = self[code] = _letter(chr(code))
        return found


def normal(text: str) -> str:
    """Return a text as `tokens` wants it: letters and their marks composed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """Return a text's folded words in order, as they are indexed."""
    text = normal(text)
    if text.isascii():
        return [_english(run) for run in _PLAIN_RUN.findall(text.lower())[:MOST_WORDS]]
    found: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            found.append(_english(run.lower()))
        elif _IS_DENSE.search(run):
            found.extend(token.word for token in _of_run(run, 0))
        else:
            found.extend(_folded(run))
        if len(found) >= MOST_WORDS:
            return found[:MOST_WORDS]
    return found


def tokens(text: str) -> list[Token]:
    """Return a normal text's folded words with their places, at most MOST_WORDS."""
    found: list[Token] = []
    if text.isascii():
        for run in _PLAIN_RUN.finditer(text.lower()):
            found.append(Token(_english(run[0]), run.start(), run.end()))
            if len(found) >= MOST_WORDS:
                break
        return found
    for run in _RUN.finditer(text):
        found.extend(_of_run(run[0], run.start()))
        if len(found) >= MOST_WORDS:
            return found[:MOST_WORDS]
    return found


def places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a normal text stands, one after another: as far as anybody asks."""
    if text.isascii():  # nothing needs to be folded to tell one word from the next
        yield from (run.span() for run in _PLAIN_RUN.finditer(text.lower()))
        return
    for run in _RUN.finditer(text):
        yield from ((token.start, token.end) for token in _of_run(run[0], run.start()))


def fold(text: str) -> str:
    """Return a text's folded words joined by spaces: equal for names that are spelled alike."""
    return " ".join(words(text))


def spellings(text: str) -> list[tuple[tuple[str, ...], bool]]:
    """Return what to look for to find `text` as a phrase: any of these rows of words.

    True: the last word is the beginning of one. A Persian joiner may stand in a text as a joiner,
    as a space, or not at all.
    """
    text = normal(text)
    variants = [text]
    if _ZWNJ in text:
        variants += [text.replace(_ZWNJ, " "), text.replace(_ZWNJ, "")]
    found: dict[tuple[str, ...], bool] = {}
    for variant in variants:
        row = tokens(variant)
        is_prefix = False
        if row and len(row[-1].word) == 1 and _IS_DENSE.match(row[-1].word):
            if len(row) > 1 and row[-2].end == row[-1].end:
                row.pop()  # the pair before it says as much
            else:
                is_prefix = True
        if row:
            found[tuple(token.word for token in row)] = is_prefix
    return list(found.items())


def beginning(text: str) -> str:
    """Return how a word begins that is typed in part: folded, with all that it wears."""
    return "".join(_fold_letters(normal(text)).split())[:LONGEST_WORD]


def _of_run(run: str, start: int) -> Iterator[Token]:
    if not _IS_DENSE.search(run):
        end = start + len(run)
        for word in _folded(run):
            yield Token(word, start, end)
        return
    for piece in _PIECE.finditer(run):
        at = start + piece.start()
        if _IS_DENSE.match(piece[0]):
            yield from _pairs(piece[0], at)
        else:
            for word in _folded(piece[0]):
                yield Token(word, at, at + len(piece[0]))


def _pairs(piece: str, start: int) -> Iterator[Token]:
    letters: list[Token] = []
    for place, char in enumerate(piece, start):
        word = _fold_letters(char)
        if word:
            letters.append(Token(word, place, place + 1))
    for one, other in pairwise(letters):
        yield Token(one.word + other.word, one.start, other.end)
    if letters:
        yield letters[-1]


@lru_cache(maxsize=100_000)
def _folded(run: str) -> tuple[str, ...]:
    """Return the words of a run of letters, most often one."""
    if run.isascii():
        return (_english(run.lower()),)
    head, _, tail = run.replace("’", "'").partition("'")
    text = _fold_letters(head if tail.lower() in ("", "s") else head + tail)
    if _ZWNJ in text:
        parts = [part for part in text.split(_ZWNJ) if part]
        joined = "".join(parts)
        if not _IS_ARABIC.match(joined) or len(parts) < 2:
            parts = []
        return tuple(_ended(word) for word in (joined, *parts) if word)
    return tuple(_ended(word) for word in text.split())


def _ended(word: str) -> str:
    """Return a folded word without what it only wears: an English ending, an Arabic article."""
    if word.isascii():
        return _english(word)
    if _IS_ARABIC.match(word):
        found = _ARTICLE.match(word)
        word = word[found.end() :] if found else word
    return word[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def _english(word: str) -> str:
    if "'" in word:
        head, _, tail = word.partition("'")
        word = head if tail == "s" else head + tail
    if _ENGLISH.fullmatch(word) and len(word) <= LONGEST_WORD:
        from snowballstemmer.english_stemmer import EnglishStemmer  # those of forty languages come

        # A stemmer keeps the word it works on: one for each call, for threads share this function.
        stem: str = EnglishStemmer().stemWord(word)
        return stem
    return word[:LONGEST_WORD]


def _fold_letters(text: str) -> str:
    """Return text with every letter folded; white space only where a ligature holds it."""
    plain = _CARRIED.sub("", unicodedata.normalize("NFKC", text))
    folded = plain.casefold().translate(_FOLDED)
    return unicodedata.normalize("NFC", folded)


def _letter(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    if char == _ZWNJ:
        return char
    code = ord(char)
    if 0x30A1 <= code <= 0x30F6:
        return chr(code - 0x60)  # Katakana as Hiragana
    kind = unicodedata.category(char)
    if kind[0] == "M":
        return "" if any(first <= code <= last for first, last in _DROPPED_MARKS) else char
    if kind == "Nd":
        return str(unicodedata.digit(char))
    if kind[0] not in "LN":
        return " "
    base = unicodedata.normalize("NFD", char)
    if len(base) > 1 and unicodedata.name(base[0], "").startswith(("LATIN", "GREEK")):
        return _LETTERS.get(base[0], base[0])
    return char


_FOLDED = _Letters()
