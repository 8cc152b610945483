"""Forty searches: python -m bench.search FOLDER [--times N] [--pages].

FOLDER holds a forum that is indexed (`python -m bench.forum`, then `rostra search reindex`);
DATABASE_URL may name PostgreSQL. Prints p50 and p99 over all, and every search with its slowest;
--pages measures the whole page, not the search alone.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

# Common and rare, rows and beginnings, filters and scripts: {member}, {board} and {thread} are
# those with most posts.
SEARCHES = [
    "barrier", "flood barrier", '"flood barrier"', "barrier motor", "people", "people think",
    "the", "the of and", "council money", "barri*", "co*", "s*", "pre* post*", "tram -bus",
    "people -think -money", "harbour budget council people water", "zzyzx", "zzyzx people",
    "title:barrier", "title:the", "has:link", "has:link people", "after:2024 people",
    "before:2016 people", "after:2018 before:2019 barrier", "author:{member}",
    "author:{member} people", "board:{board}", "board:{board} barrier", "thread:{thread} people",
    "الميزانية", "المدينة الناس", "سد الفيضان", "کتاب", "می‌خواهم", "防潮堤", "堤", "Αθήνα",
    "sort:date people", "sort:date harbour budget",
]  # fmt: skip


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--pages", action="store_true")
    args = parser.parse_args()
    os.environ["ROSTRA_DATA"] = str(args.folder)
    os.environ["ROSTRA_SEARCH_PER_MINUTE"] = "100000"
    os.environ["DJANGO_SETTINGS_MODULE"] = "rostra.project.settings"
    import django

    django.setup()
    assert len(SEARCHES) == 40
    names = _names()
    ask = _page if args.pages else _search
    took: dict[str, list[float]] = {text: [] for text in SEARCHES}
    for turn in range(args.times + 1):
        for text in SEARCHES:
            started = time.perf_counter()
            ask(text, names)
            if turn:  # the first warms up what stays in memory
                took[text].append((time.perf_counter() - started) * 1000)
    everything = sorted(ms for row in took.values() for ms in row)
    for text, row in sorted(took.items(), key=lambda pair: -max(pair[1])):
        print(f"{sorted(row)[len(row) // 2]:8.1f} {max(row):8.1f}  {text}")
    print(f"p50 {_share(everything, 0.5):.1f} ms, p99 {_share(everything, 0.99):.1f} ms")


def _search(text: str, names: dict[str, Any]) -> None:
    from rostra.forum.access.queries import viewer_for
    from rostra.reading.search_page import Wish, search_page

    options: dict[str, Any] = {}
    if "thread:" in text:
        options["thread_id"] = names["thread"]
    if "sort:date" in text:
        options["order"] = "date"
    page = search_page(viewer_for(None), Wish(text=_typed(text, names), **options))
    assert not page.is_unavailable


def _page(text: str, names: dict[str, Any]) -> None:
    from django.test import Client

    asked = {"q": _typed(text, names), "sort": "date" if "sort:date" in text else "relevance"}
    if "thread:" in text:
        asked["thread"] = str(names["thread"])
    answer = Client(headers={"host": "localhost:8000"}).get("/search", asked)
    assert answer.status_code == 200, (text, answer.status_code)


def _typed(text: str, names: dict[str, Any]) -> str:
    words = [w for w in text.split(" ") if not w.startswith(("thread:", "sort:"))]
    return " ".join(words).format(**names)


def _names() -> dict[str, Any]:
    from rostra.kernel import dialect

    def first(sql: str) -> Any:
        return dialect.rows(sql)[0][0]

    return {
        "member": '"{}"'.format(first(
            "SELECT m.name FROM threads_memberstats s JOIN members_member m ON m.id = s.member_id "
            "ORDER BY s.post_count DESC LIMIT 1"
        )),
        "board": '"{}"'.format(first(
            "SELECT b.title FROM threads_boardstats s JOIN boards_board b ON b.id = s.board_id "
            "ORDER BY s.post_count DESC LIMIT 1"
        )),
        "thread": first("SELECT id FROM threads_thread ORDER BY last_number DESC LIMIT 1"),
    }  # fmt: skip


def _share(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


if __name__ == "__main__":
    main()
