"""Which posts of real people would have waited: python -m bench.held DATA_DIR [NAME …].

Imports each corpus and lets its posts come again in the order of their times, everybody being a
newcomer for their first three posts and first day. Prints how many would have waited for signals
of spam, for hosts, numbers and words that new accounts share, and for the third post to one host;
nearly all of them are no spam. Then what two thousand watched words cost.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, cast

from bench.operator import NAMES, Forum, unpack

from rostra.content.markup.references import Dialect
from rostra.content.markup.render import render
from rostra.forum.holds import rules, signals
from rostra.forum.holds.rules import TraceRow
from rostra.forum.threads.standing import DAY, FIRST_POSTS
from rostra.forum.words.matching import Matcher, Word

KINDS = {
    "ng20": "newsgroups",
    "r_sig_mac_mbox": "a mailing list",
    "urho3d_discourse": "a forum of programmers",
    "iac_fourforums": "a forum of debates",
    "alriyadh_comments_ar": "readers' comments, Arabic",
    "percqa_fa": "questions, Persian",
}
LONG = 32_000


class Said(NamedTuple):
    """A post of somebody at a time."""

    who: str
    at: datetime
    source: str
    dialect: Dialect


def main(arguments: list[str]) -> int:
    """Print the table of all corpora, or of those that are named."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    names = arguments[1:] or NAMES
    print(f"{'':28}{'posts':>9}{'newcomers':>11}{'held':>7}{'of theirs':>11}{'of all':>9}  why")
    everything: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            corpus = unpack(name, Path(arguments[0]), Path(folder) / "corpora")
            forum = Forum(Path(folder) / f"forum-{name}")
            done = forum.bring_in(corpus)
            if done.code:
                raise SystemExit(done.err)
            counts = replay(posts_of(next(forum.folder.glob("*.sqlite3"))))
            _line(KINDS.get(name, name), counts)
            everything += counts
    _line("all", everything)
    _words()
    return 0


def posts_of(database: Path) -> Iterator[Said]:
    """Yield a forum's posts by their times; those without one come a minute after another."""
    with sqlite3.connect(database) as connection:
        found = connection.execute(
            "SELECT author_id, author_name, created_at, source, dialect FROM threads_post"
            " WHERE state = 'visible' ORDER BY created_at, id"
        )
        undated = datetime(1980, 1, 1, tzinfo=UTC)
        for member, name, at, source, dialect in found:
            undated += timedelta(minutes=1)
            when = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else undated
            yield Said(str(member or name), when, source, cast(Dialect, dialect))


def replay(posts: Iterator[Said]) -> Counter[str]:
    """Count what would have waited; who waits is let through, as people would."""
    counts: Counter[str] = Counter()
    first: dict[str, datetime] = {}
    written: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    known: set[str] = set()
    traces: defaultdict[str, list[TraceRow]] = defaultdict(list)
    for said in posts:
        counts["posts"] += 1
        since = first.setdefault(said.who, said.at)
        stand = written[said.who]
        written[said.who] += 1
        if stand >= FIRST_POSTS and said.at - since >= DAY:
            known.update(signals.hosts_of(render(said.source, said.dialect).links))
            continue
        counts["newcomers"] += 1
        member = numbers.setdefault(said.who, len(numbers) + 1)
        links = render(said.source, said.dialect).links
        marks = signals.marks_of(said.source, links)
        fresh = tuple(host for host in marks.hosts if host not in known)
        marks = marks._replace(hosts=fresh)
        keys = {key for key, _ in marks.traces()}
        earlier = [row for key in keys for row in traces[key][-200:]]
        reasons, _ = rules.by_company(marks, earlier, member, said.at)
        reasons += rules.by_signals(signals.signals_of(said.source, links, posts=stand))
        counts["held"] += bool(reasons)
        counts.update({f"sign {one.detail}" for one in reasons if one.name == "signals"})
        counts.update({f"why {reason.name}" for reason in reasons})
        for key, value in marks.traces():
            traces[key].append(TraceRow(key, value, member, said.at))
    return counts


def _line(name: str, counts: Counter[str]) -> None:
    why = ", ".join(
        f"{key.removeprefix('why ')} {count}"
        for key, count in counts.most_common()
        if key.startswith("why ")
    )
    signs = [
        f"{key.removeprefix('sign ')} {count}"
        for key, count in counts.most_common()
        if key.startswith("sign ")
    ]
    why += f" ({'; '.join(signs[:4])})" if signs else ""
    print(
        f"{name:28}{counts['posts']:>9,}{counts['newcomers']:>11,}{counts['held']:>7,}"
        f"{counts['held'] / max(counts['newcomers'], 1):>11.2%}"
        f"{counts['held'] / max(counts['posts'], 1):>9.3%}  {why}",
        flush=True,
    )


def _words() -> None:
    """Print what it costs to look for two thousand words."""
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = ["".join(chance.choices(letters, k=chance.randint(4, 20))) for _ in range(2000)]
    words = [Word(n, word, "hold") for n, word in enumerate(many)]
    built = _timed(lambda: Matcher(words))
    tracemalloc.start()
    matcher = Matcher(words)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\n2,000 words made ready in {built:.0f} ms, {size / 2**20:.1f} MB")
    texts = {
        "500 characters": " ".join(chance.choices(many, k=60))[:500].replace("a", "ä", 3),
        "32,000 characters": "".join(f"{one}s " for one in chance.choices(many, k=5000))[:LONG],
        "32,000 of one letter": "a" * LONG,
        "32,000, each with a mark": "e\u0301" * (LONG // 2),
    }
    for name, text in texts.items():
        times = [_timed(lambda text=text: matcher.find(text)) for _ in range(21)]
        print(f"a text of {name}: {sorted(times)[10]:.2f} ms")


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
