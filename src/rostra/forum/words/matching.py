"""Finding many words in a text at once, in one walk over it (Aho and Corasick). Pure.

What staff typed is never a regular expression: the time is that of the text's length, whatever
the words and the text are (SEC-103).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rostra.forum.words.folding import Folded, folded, is_word, stands_alone

_SHIFT = 21  # bits of a character


class Pattern(NamedTuple):
    """A watched word as it is looked for: `opens`, `closes`: a word may go on there."""

    literal: str
    opens: bool = False
    closes: bool = False


class Word(NamedTuple):
    """A watched word: its number, as it was typed, and what is done where it is said."""

    id: int
    word: str
    act: str
    link: str = ""


class Found(NamedTuple):
    """A watched word at a place of a text."""

    start: int
    end: int
    word: Word


def pattern_of(word: str) -> Pattern:
    """Return how a word is looked for; its literal is empty where nothing is left of it."""
    typed = word.strip()
    opens, closes = typed.startswith("*"), typed.endswith("*")
    return Pattern(folded(typed.strip("*")).text.strip(), opens, closes)


def key_of(word: str) -> str:
    """Return what is the same for words that are looked for alike."""
    literal, opens, closes = pattern_of(word)
    return f"{'*' * opens}{literal}{'*' * closes}"


class Matcher:
    """All watched words, ready to be looked for."""

    def __init__(self, words: Iterable[Word]) -> None:
        self._goto: dict[int, int] = {}
        self._fail: list[int] = [0]
        self._ends: dict[int, list[tuple[Pattern, Word]]] = {}
        self._further: list[int] = [0]  # the next node on the way of failing where a word ends
        chars: list[list[str]] = [[]]
        for word in words:
            pattern = pattern_of(word.word)
            if not pattern.literal:
                continue
            node = 0
            for char in pattern.literal:
                step = node << _SHIFT | ord(char)
                if step not in self._goto:
                    chars[node].append(char)
                    chars.append([])
                    self._goto[step] = len(self._fail)
                    self._fail.append(0)
                    self._further.append(0)
                node = self._goto[step]
            self._ends.setdefault(node, []).append((pattern, word))
        self._link(chars)

    def __bool__(self) -> bool:
        return bool(self._ends)

    def find(self, text: str) -> list[Found]:
        """Return the watched words a text says, each time, in their order."""
        if not self._ends:
            return []
        said = folded(text)
        found = [
            Found(said.starts[first], said.ends[last - 1], word)
            for first, last, word in self._walk(said)
        ]
        return sorted(found, key=lambda one: (one.start, -one.end, one.word.id))

    def _walk(self, said: Folded) -> Iterator[tuple[int, int, Word]]:
        goto, fail, ends, further = self._goto, self._fail, self._ends, self._further
        node = 0
        for at, char in enumerate(said.text):
            code = ord(char)
            while node and node << _SHIFT | code not in goto:
                node = fail[node]
            node = goto.get(node << _SHIFT | code, 0)
            end = node if node in ends else further[node]
            while end:
                for pattern, word in ends[end]:
                    first = at + 1 - len(pattern.literal)
                    if _is_bounded(said.text, first, at + 1, pattern):
                        yield first, at + 1, word
                end = further[end]

    def _link(self, chars: list[list[str]]) -> None:
        """Give each node the longest other that its letters end with."""
        waiting = deque([0])
        while waiting:
            node = waiting.popleft()
            for char in chars[node]:
                child = self._goto[node << _SHIFT | ord(char)]
                back = self._fail[node]
                while back and back << _SHIFT | ord(char) not in self._goto:
                    back = self._fail[back]
                to = self._goto.get(back << _SHIFT | ord(char), 0) if node else 0
                self._fail[child] = to
                self._further[child] = to if to in self._ends else self._further[to]
                waiting.append(child)


def _is_bounded(text: str, first: int, last: int, pattern: Pattern) -> bool:
    """Return whether a word stands by itself where it has to."""
    starts = pattern.opens or first == 0 or _parts(text[first - 1], text[first])
    return starts and (pattern.closes or last == len(text) or _parts(text[last], text[last - 1]))


def _parts(beyond: str, edge: str) -> bool:
    """Return whether a word ends between a character of its edge and the one beyond."""
    return not (is_word(beyond) and is_word(edge)) or stands_alone(edge)
