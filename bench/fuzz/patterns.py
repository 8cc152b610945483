"""Every regular expression of the project, on text that repeats what it looks for (SEC-103).

The patterns are found in the modules and classes of the project, not listed by hand. What each
repeats is read from its own parse tree; that is pumped, with an end that spoils the match. What
markup looks for is rendered as a post of the greatest length, as nothing else ever reaches it.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from re import _constants as codes
from re import _parser as parser
from typing import Any, NamedTuple

from bench.fuzz.inputs import LONGEST

import rostra
from rostra.content.markup.references import DIALECTS
from rostra.content.markup.render import render

LENGTH = 100_000
MOST_MS = 50.0
MOST_RENDERED_MS = 4 * 200.0  # in all dialects
MARKUP = "content.markup."
_LITTLE = 2_000
_GIVEN_UP_AFTER = 3_000  # milliseconds
_SHOWN = 25
_MOST_PUMPS = 12
_SPOILERS = ("", "\x01\n")
_LETTERS = {
    codes.CATEGORY_DIGIT: "7", codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a", codes.CATEGORY_WORD: "a", codes.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_PLAIN = 'a7 -.\n<"x'


class Named(NamedTuple):
    """A pattern and the first place where it was found."""

    where: str
    pattern: re.Pattern[str]


def patterns() -> list[Named]:
    """Return the compiled patterns of text in all modules and classes, each once."""
    found: dict[tuple[str, int], Named] = {}
    for info in pkgutil.walk_packages(rostra.__path__, "rostra."):
        if ".migrations" in info.name or info.name.endswith(".__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in _values(module):
            for number, one in enumerate(_patterns_in(value)):
                if isinstance(one.pattern, str):
                    where = f"{info.name.removeprefix('rostra.')}.{name}[{number}]"
                    key = one.pattern, one.flags
                    found.setdefault(key, Named(where.removesuffix("[0]"), one))
    return list(found.values())


def pumps(pattern: re.Pattern[str]) -> list[str]:
    """Return short texts that, repeated, keep a pattern busy: prefix, a tab sign, what repeats."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    found: dict[str, None] = {}
    _walk(tree, "", found, re.sub(r"\W", "", pattern.pattern)[:1] or "a")
    return [*dict.fromkeys([*found, *_LITERAL])][:_MOST_PUMPS]


_LITERAL = ("\0a", "\0 ", "\0\n", "\0a ")


def texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Give the pumped texts of a length, each with every end that may spoil a match."""
    for pump in pumps(pattern):
        prefix, _, repeated = pump.partition("\0")
        for whole in dict.fromkeys((repeated, prefix + repeated)):
            body = prefix + whole * ((length - len(prefix)) // max(len(whole), 1))
            yield from (body + spoiler for spoiler in _SPOILERS)


def cost(where: str, pattern: re.Pattern[str], text: str) -> float:
    """Return the processor time, in milliseconds, that a text takes where a pattern is used.

    Those of markup are met through rendering, which bounds what reaches them; others by themselves.
    """
    if where.startswith(MARKUP):
        return max(_took(partial(render, text, dialect)) for dialect in DIALECTS)
    return _took(
        lambda: (list(pattern.finditer(text)), pattern.match(text), pattern.fullmatch(text))
    )


def _took(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def dearest(where: str, pattern: re.Pattern[str]) -> tuple[float, str]:
    """Return what the dearest pumped text takes, and how it begins.

    What is dearest on a little is dearest on much: that alone is pumped on, and no further than
    where it takes too long already.
    """
    at = _dearest_of(where, pattern)
    most = LONGEST if where.startswith(MARKUP) else LENGTH
    length, ms, text = _LITTLE, 0.0, ""
    while length < most and ms < _GIVEN_UP_AFTER:
        length = min(length * 4, most)
        text = next(islice(texts(pattern, length), at, None))
        ms = cost(where, pattern, text)
    return ms, text[:24]


def _dearest_of(where: str, pattern: re.Pattern[str]) -> int:
    short = [cost(where, pattern, text) for text in texts(pattern, _LITTLE)]
    return short.index(max(short))


def table() -> int:
    """Print the dearest patterns; return 1 if one takes more than it may."""
    _set_up()
    found = [(*dearest(where, pattern), where) for where, pattern in patterns()]
    found.sort(reverse=True)
    over = 0
    for number, (ms, text, where) in enumerate(found):
        over += ms > (MOST_MS if not where.startswith(MARKUP) else MOST_RENDERED_MS)
        if number < _SHOWN:
            print(f"{ms:7.1f} ms  {where:50} {text!r}")
    print(
        f"SEC-103 {'FAIL' if over else 'PASS'} patterns={len(found)} signs={LENGTH} "
        f"rendered={LONGEST} max={found[0][0]:.1f}ms over={over}"
    )
    return int(over > 0)


def _set_up() -> None:
    import os
    import tempfile

    os.environ.setdefault("ROSTRA_DATA", tempfile.mkdtemp(prefix="rostra-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")
    import django

    django.setup()


def _values(module: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            for inner, attribute in vars(value).items():
                yield f"{name}.{inner}", attribute
        else:
            yield name, value


def _patterns_in(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns_in(one)
    elif isinstance(value, list | tuple | set | frozenset) and len(value) < 500:
        for one in value:
            yield from _patterns_in(one)


def _walk(tree: Any, prefix: str, found: dict[str, None], letter: str) -> str:
    """Note what a tree repeats and what may stand before it; return a text that it matches."""
    text = ""
    for code, given in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, inner = given
            one = _walk(inner, prefix + text, found, letter)
            if most > 3 and one:
                found.setdefault(f"{prefix + text}\0{one}")
            text += one * max(least, 1)
        elif code is codes.BRANCH:
            parts = [_walk(inner, prefix + text, found, letter) for inner in given[1]]
            text += parts[0]
        elif code is codes.SUBPATTERN:
            text += _walk(given[3], prefix + text, found, letter)
        elif code is codes.ATOMIC_GROUP:
            text += _walk(given, prefix + text, found, letter)
        elif code is codes.ASSERT:
            _walk(given[1], prefix + text, found, letter)
        else:
            text += _single(code, given, letter)
    if text and prefix == "":
        found.setdefault(f"\0{text}")
    return text


def _single(code: Any, given: Any, letter: str) -> str:
    """Return a sign that one part of a pattern matches, or nothing."""
    if code is codes.LITERAL:
        return chr(given)
    if code is codes.NOT_LITERAL:
        return next(sign for sign in _PLAIN if ord(sign) != given)
    if code is codes.IN:
        return _one_of(given)
    return letter if code is codes.ANY else ""


def _one_of(choices: Any) -> str:
    if choices[0][0] is codes.NEGATE:
        shape = re.compile(_written(choices))
        return next((sign for sign in _PLAIN + "é€" if shape.match(sign)), "")
    code, given = choices[0]
    if code is codes.LITERAL:
        return chr(given)
    return chr(given[0]) if code is codes.RANGE else _LETTERS.get(given, "a")


def _written(choices: Any) -> str:
    """Write a set of signs as a pattern again."""
    named = {
        codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_NOT_DIGIT: r"\D", codes.CATEGORY_SPACE: r"\s",
        codes.CATEGORY_NOT_SPACE: r"\S", codes.CATEGORY_WORD: r"\w", codes.CATEGORY_NOT_WORD: r"\W",
    }  # fmt: skip
    out = "["
    for code, given in choices:
        if code is codes.NEGATE:
            out += "^"
        elif code is codes.LITERAL:
            out += re.escape(chr(given))
        elif code is codes.RANGE:
            out += f"{re.escape(chr(given[0]))}-{re.escape(chr(given[1]))}"
        else:
            out += named.get(given, "")
    return out + "]"
