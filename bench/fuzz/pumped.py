"""Posts of one thing, as long as a post may be (SEC-103): what each takes to render."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from bench.fuzz.inputs import LONGEST
from bench.fuzz.pieces import KNOWN

from rostra.content.markup.references import DIALECTS, Dialect
from rostra.content.markup.render import render

MOST_MS = 200.0
_SHOWN = 25
_TRIES = 3

TYPED = (
    "[", "*", "_", ">", "> ", "[quote]", "](", "![", "&", "&amp;", "@a ", "http://", "😀",
    "||", "|", "[b]", "`", "~", "~~", "- ", "* a\n", "1. ", "**a", "a**b_", "*_", "[a](", "[a][",
    "[a]: b\n", "<", "<!--", "\\", "\n", "a\n\n", "|a", "a|b\n-|-\n", "`a", "``a`", "#", "# a\n",
    "- a\n  ", "[x]", "[^a]", "[^a]: b\n", "```\n", "~~~a\n", "[quote]x[/quote]", "[/quote]",
    "[list]", "[*]", "[list][*]", "[b][/b]", "[b]a[i]", "[quote=", '[b="', "[quote=[a]",
    "[/b:abcd]", "[url=http://a]", "[code]", "[img]", "[icode]", "[table][td]", "[td]", ":)",
    ":) ", "www.a.b ", "a@b.cd ", "@aaa bbb ccc ", "<http://a>", "[a](<", '[a](b "', "&#",
    "\u202e", "\x00", "[color=red]a", "https://youtu.be/", "[user]", "http://[", "http://(",
    "www.[", "[a](http://[", "a|b\n-|-\nc|d\n", "* * a\n", "*a*\n\n",
)  # fmt: skip
MAILED = (
    ">> ", "a wrote:\n> b\n", "On 1 May 2009, a wrote:\n", "a at b dot ", "a@", "begin 644 a\n",
    "-- \n", "a   b   c\n", "| a\n", "SB> a\n", "\x1b[1m", "a\x08", "_ at _",
    "-----BEGIN PGP A-----\n",
)  # fmt: skip
SAVED = (
    "<b>", "<p>", "<div>", "<ul>", "<ul><li>", "<dl><dd>", "<dl><dt>a<dd>b", "<table><tr><td>",
    "<blockquote>", "<blockquote><cite>a wrote:</cite>", "<details><summary>", "<a href=http://a.b>",
    "<p><b>a</p>", "<img src=http://a.b/c>", "<br>", "<pre>\n", "<span class=x>", "<!---->", "</p>",
    "<p a=b c='d'>", "<svg><p>", "<select><option>",
)  # fmt: skip
TOKENS = (*TYPED, *MAILED, *SAVED)
NESTED = (
    ("[quote]", "[/quote]"), ("[list][*]", "[/list]"), ("[b]", "[/b]"), ("[spoiler]", "[/spoiler]"),
    ("[", "]"), ("[", "](x)"), ("(", ")"), ("*", "*"), ("[url=http://a]", "[/url]"), ("![", "](x)"),
    ("<div>", "</div>"), ("<dl><dd>", "</dd></dl>"), ("<ul><li>", "</li></ul>"),
)  # fmt: skip


class Pumped(NamedTuple):
    """A post of one thing, and the thing."""

    name: str
    source: str


def pumped(length: int) -> Iterator[Pumped]:
    """Give a post of a length of each token, and of each pair in one another."""
    for token in TOKENS:
        yield Pumped(repr(token), token * (length // len(token)))
    for opening, closing in NESTED:
        count = length // len(opening + closing)
        yield Pumped(f"{opening}…{closing} nested", opening * count + "x" + closing * count)


def milliseconds(source: str, dialect: Dialect) -> float:
    """Return the least processor time of some tries at rendering a post."""
    least = _once(source, dialect)
    for _ in range(_TRIES if least > MOST_MS / 2 else 0):
        least = min(least, _once(source, dialect))
    return least


def table() -> int:
    """Print the dearest posts; return 1 if one takes more than it may."""
    for dialect in DIALECTS:
        render("a", dialect)
    found = sorted(
        (
            (milliseconds(source, dialect), dialect, name)
            for name, source in pumped(LONGEST)
            for dialect in DIALECTS
        ),
        reverse=True,
    )
    for ms, dialect, name in found[:_SHOWN]:
        print(f"{ms:6.0f} ms  {dialect:7} {name}")
    is_passed = found[0][0] <= MOST_MS
    print(
        f"SEC-103 {'PASS' if is_passed else 'FAIL'} posts={len(found)} signs={LONGEST} "
        f"max={found[0][0]:.0f}ms over={sum(ms > MOST_MS for ms, _, _ in found)}"
    )
    return 0 if is_passed else 1


def _once(source: str, dialect: Dialect) -> float:
    began = time.process_time()
    render(source, dialect, KNOWN)
    return (time.process_time() - began) * 1000
