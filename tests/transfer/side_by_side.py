"""Ten threads of an imported forum, the source of each post beside what is shown of it.

python -m tests.transfer.side_by_side FORUM.sqlite3 [SEED]

Five by chance, the longest, the two with the most quotes and the two with the most letters beyond
ASCII. Words that are in one and not in the other are listed under each post.
"""

from __future__ import annotations

import random
import re
import sqlite3
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

_WORD = re.compile(r"\w+")
_BLOCKS = {"p", "pre", "blockquote", "li", "tr", "br", "hr", "figcaption", "h4", "h5", "h6"}
_BLOCKS |= {"details", "summary", "div"}


class Shown(HTMLParser):
    """A fragment as lines of text: a bar for each quote around it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._depth += tag == "blockquote"
        if tag in _BLOCKS:
            self._break()
        if "data-said" in given:
            self.lines[-1] += f"[{given['data-said']}] wrote"
        for name in ("data-quote", "data-word", "data-thread", "data-post"):
            if name in given:
                self.lines[-1] += f"{{{name[5:]} {given[name]}}}"
        if tag == "a" and given.get("href"):
            self.lines[-1] += "→"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "blockquote"
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        for number, line in enumerate(data.split("\n")):
            if number:
                self._break()
            self.lines[-1] += line

    def _break(self) -> None:
        if self.lines[-1].strip("│ "):
            self.lines.append("")
        self.lines[-1] = "│ " * self._depth


def text_of(html: str) -> str:
    """Return a fragment as text to look at."""
    shown = Shown()
    shown.feed(html)
    return "\n".join(shown.lines)


def chosen(db: sqlite3.Connection, seed: int) -> list[int]:
    """Return the ids of the ten threads."""
    every = [row[0] for row in db.execute("SELECT id FROM threads_thread ORDER BY id")]
    size: Counter[int] = Counter()
    quotes: Counter[int] = Counter()
    beyond: Counter[int] = Counter()
    for thread, html in db.execute("SELECT thread_id, html FROM threads_post ORDER BY id"):
        size[thread] += 1
        quotes[thread] += html.count("<blockquote")
        beyond[thread] += len(html) - len(html.encode("ascii", "ignore"))
    short = {thread for thread, count in size.items() if count < 20}
    most = [thread for thread, _ in size.most_common(1)]
    for counted in (quotes, beyond):
        ranked = [thread for thread, _ in counted.most_common() if thread in short - set(most)]
        most += ranked[:2]
    rest = sorted(short - set(most))
    return [*random.Random(seed).sample(rest, 10 - len(most)), *most] if every else []


def main(arguments: list[str]) -> None:
    """Print them."""
    db = sqlite3.connect(f"file:{Path(arguments[0])}?mode=ro", uri=True)
    for thread in chosen(db, int(arguments[1]) if len(arguments) > 1 else 1):
        title = db.execute("SELECT title FROM threads_thread WHERE id = ?", (thread,)).fetchone()[0]
        print(f"\n{'=' * 100}\n{thread} {title}")
        for row in db.execute(
            "SELECT number, coalesce(m.name, author_name), p.created_at, source, html FROM"
            " threads_post p LEFT JOIN members_member m ON m.id = author_id WHERE thread_id = ?"
            " ORDER BY number LIMIT 40",
            (thread,),
        ):
            number, name, at, source, html = row
            text = text_of(html)
            print(f"\n--- {number} {name} {at}\n{source}\n{'-' * 30}\n{text}")
            here, there = Counter(_WORD.findall(source)), Counter(_WORD.findall(text))
            print(f"LOST {dict(here - there)}\nMORE {dict(there - here)}")


if __name__ == "__main__":
    main(sys.argv[1:])
