"""One post of a number: the same seed and number give the same post, on any machine."""

from __future__ import annotations

import random
from typing import NamedTuple

from bench.fuzz import pieces
from bench.fuzz.suites import attacks, data_folder, naughty

from rostra.content.markup.references import DIALECTS, Dialect

LONGEST = 32_000  # signs of a member's post


class Input(NamedTuple):
    """A post as somebody might send it."""

    source: str
    dialect: Dialect


class Maker:
    """Makes posts by grammar, by chance and by changing what others collected."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        data = data_folder()
        self.corpus = (*pieces.MUTATING, *attacks(data), *naughty(data))

    def make(self, number: int) -> Input:
        """Return the post of a number; the dialects take turns."""
        chance = random.Random(f"{self.seed}:{number}")
        dialect = DIALECTS[number % len(DIALECTS)]
        how = chance.random()
        if how < 0.02:
            source = _deep(chance, dialect)
        elif how < 0.35:
            source = _grown(chance, dialect, chance.choice((1, 2, 3, 4, 6)))
        elif how < 0.55:
            source = _strewn(chance, dialect)
        elif how < 0.85:
            source = self._changed(chance)
        else:
            source = self._mixed(chance, dialect)
        if chance.random() < 0.004:
            source *= chance.randint(2, LONGEST // (len(source) + 1) + 2)
        return Input(source[:LONGEST], dialect)

    def _changed(self, chance: random.Random) -> str:
        source = chance.choice(self.corpus)
        for _ in range(chance.choice((0, 1, 1, 2, 3, 5))):
            source = _mutated(chance, source, chance.choice(self.corpus))
        return framed(chance, source) if chance.random() < 0.5 else source

    def _mixed(self, chance: random.Random, dialect: Dialect) -> str:
        parts = [
            chance.choice(self.corpus) if chance.random() < 0.3 else _grown(chance, dialect, 2)
            for _ in range(chance.randint(2, 8))
        ]
        return framed(chance, "".join(parts))


def framed(chance: random.Random, source: str) -> str:
    """Put a post into one place or several, one inside the other."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        source = chance.choice(pieces.FRAMES).replace("{}", source)
    return source


def _signs(chance: random.Random, dialect: Dialect) -> tuple[str, ...] | list[str]:
    """Return signs that mean something in a dialect; now and then those of another."""
    if chance.random() < 0.1:
        return chance.choice((pieces.NATIVE, pieces.BBCODE, pieces.MAIL, pieces.MUTATING))
    if dialect == "native":
        return chance.choice((pieces.NATIVE, pieces.BBCODE, pieces.CLOSING))
    if dialect == "bbcode":
        return chance.choice((pieces.BBCODE, pieces.CLOSING))
    return pieces.MAIL if dialect == "plain" else pieces.MUTATING


def _deep(chance: random.Random, dialect: Dialect) -> str:
    """Nest the same few things in one another, far deeper than anybody means."""
    count = chance.choice((12, 20, 41, 100, 450))
    if dialect == "plain":
        return "> " * count + "x" if chance.random() < 0.5 else "\n".join(
            ">" * depth + " x" for depth in range(min(count, 100))
        )  # fmt: skip
    if dialect == "html":
        names = chance.choices(pieces.ELEMENTS, k=chance.choice((1, 1, 2, 3)))
        if chance.random() < 0.5:
            names = chance.choice(pieces.NESTING).split()
        opening = "".join(f"<{name}>{chance.choice(('', 'x'))}" for name in names)
        closing = "".join(f"</{name}>" for name in reversed(names))
    else:
        opening, closing = chance.choice(pieces.BBCODE), chance.choice(pieces.CLOSING)
        if chance.random() < 0.5:
            opening = chance.choice((*pieces.NATIVE, "[list][*]", "[table][tr][td]", "> ", "- "))
    return opening * count + "x" + closing * chance.choice((0, 1, count))


def _strewn(chance: random.Random, dialect: Dialect) -> str:
    """Strew signs and text without any order."""
    count = int(chance.lognormvariate(2.3, 1.0)) + 1
    return "".join(
        chance.choice(pieces.TEXT)
        if chance.random() < 0.4
        else _element(chance)
        if dialect == "html" and chance.random() < 0.7
        else chance.choice(_signs(chance, dialect))
        for _ in range(min(count, 400))
    )


def _grown(chance: random.Random, dialect: Dialect, depth: int) -> str:
    """Grow a post that is well formed, but for an accident here and there."""
    if depth <= 0 or chance.random() < 0.1:
        return "".join(chance.choices(pieces.TEXT, k=chance.randint(1, 4)))
    inner = "".join(_grown(chance, dialect, depth - 1) for _ in range(chance.choice((1, 1, 2, 3))))
    if chance.random() < 0.05:
        return inner + chance.choice(_signs(chance, dialect))
    if dialect == "html":
        return _element(chance) + inner + f"</{chance.choice(pieces.ELEMENTS)}>"
    if dialect == "plain":
        return _answered(chance, inner)
    if dialect == "native" and chance.random() < 0.6:
        return _markdown(chance, inner)
    opening = chance.choice(pieces.BBCODE)
    name = opening[1:].rstrip("]").partition("=")[0].partition(" ")[0].partition(":")[0]
    return f"{opening}{inner}[/{name}]" if chance.random() < 0.9 else opening + inner


def _element(chance: random.Random) -> str:
    name = chance.choice(pieces.ELEMENTS)
    attributes = "".join(
        chance.choice((" ", " ", "/", "\n")) + chance.choice(pieces.ATTRIBUTES)
        for _ in range(chance.choice((0, 0, 1, 1, 2, 4)))
    )
    return f"<{name}{attributes}{chance.choice(('>', '>', '>', '/>', ' '))}"


def _answered(chance: random.Random, inner: str) -> str:
    mark = chance.choice(("> ", ">", "| ", ": ", "SB> ", ">> ", "    ", ""))
    said = chance.choice(("", "Ann Lee wrote:\n", chance.choice(pieces.MAIL)))
    return said + "\n".join(mark + line for line in inner.split("\n")) + "\n"


def _markdown(chance: random.Random, inner: str) -> str:
    mark = chance.choice(("**", "*", "~~", "`", "||", "> ", "- ", "1. ", "# ", "    ", "[", "|"))
    if mark in ("> ", "- ", "1. ", "    "):
        lines = inner.split("\n")
        return "\n" + "\n".join(mark + line for line in lines) + "\n\n"
    if mark == "[":
        return f"[{inner}]({chance.choice(pieces.TEXT)})"
    if mark == "|":
        return f"\n|{inner}|b|\n|-|:-:|\n|c|{inner}|\n"
    return f"\n# {inner}\n" if mark == "# " else mark + inner + mark


def _mutated(chance: random.Random, source: str, other: str) -> str:
    """Change a post in one way: cut, doubled, swapped, spliced, encoded, broken up."""
    if not source:
        return other
    at, end = sorted((chance.randrange(len(source) + 1), chance.randrange(len(source) + 1)))
    how = chance.randrange(9)
    if how == 0:
        return source[:at] + source[end:]
    if how == 1:
        return source[:end] + source[at:]
    if how == 2:
        return source[:at] + chance.choice(pieces.TEXT) + source[at:]
    if how == 3:
        return source[:at] + other[chance.randrange(len(other)) :]
    if how == 4:
        return source[:at] + other + source[end:]
    if how == 5:
        return source[:at] + source[at:end].swapcase() + source[end:]
    if how == 6:
        coded = "".join(f"&#{ord(sign)};" for sign in source[at : at + 20])
        return source[:at] + coded + source[at + 20 :]
    if how == 7:
        return source.replace(
            chance.choice(('"', "<", ">", "=", " ", "[", "]")), chance.choice(pieces.TEXT)
        )
    return (
        source[:at]
        + chance.choice(pieces.BBCODE)
        + source[at:end]
        + chance.choice(pieces.CLOSING)
        + source[end:]
    )
