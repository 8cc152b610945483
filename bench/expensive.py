"""What costs most, each page made afresh: python -m bench.expensive FOLDER [--times N].

FOLDER holds a forum of `bench.forum`, indexed for search; DATABASE_URL may name PostgreSQL. Prints
the slowest of N for every kind of page that reads much, and the limit that stands before it
(SEC-109: at most a second each). The forty searches have a command of their own.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

MOST = 1000.0  # milliseconds


def main() -> None:
    """Measure, and print; ends with 1 where a page took longer than a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    os.environ["ROSTRA_DATA"] = str(args.folder.absolute())
    os.environ |= {"ROSTRA_SEARCH_PER_MINUTE": "100000", "ROSTRA_KEPT_PAGES": "0"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "rostra.project.settings"
    import django

    django.setup()
    from django.test import Client

    from rostra.web.threads import articles

    client = Client(headers={"host": "localhost:8000"})
    slowest: dict[str, float] = {}
    for name, address in _pages().items():
        for _ in range(args.times):
            articles.forget()
            started = time.perf_counter()
            answer = client.get(address, follow=True)
            took = (time.perf_counter() - started) * 1000
            assert answer.status_code == 200, (name, address, answer.status_code)
            slowest[name] = max(took, slowest.get(name, 0.0))
    for name, took in sorted(slowest.items(), key=lambda pair: -pair[1]):
        print(f"{took:8.1f} ms  {name}")
    verdict = "PASS" if max(slowest.values()) <= MOST else "FAIL"
    print(f"SEC-109 {verdict} pages={len(slowest)} slowest={max(slowest.values()):.0f}ms")
    raise SystemExit(verdict == "FAIL")


def _pages() -> dict[str, str]:
    """Return the pages that read most, by name."""
    from rostra.kernel import dialect

    def first(sql: str, *given: Any) -> Any:
        return dialect.rows(sql, given)[0][0]

    thread = first("SELECT id FROM threads_thread ORDER BY last_number DESC LIMIT 1")
    posts = first("SELECT last_number FROM threads_thread WHERE id = %s", thread)
    board = first("SELECT board_id FROM threads_boardstats ORDER BY thread_count DESC LIMIT 1")
    oldest = first("SELECT MIN(id) FROM threads_thread")
    writer = first("SELECT member_id FROM threads_memberstats ORDER BY post_count DESC LIMIT 1")
    title = first("SELECT title FROM threads_thread WHERE id = %s", oldest)
    last = (posts + 19) // 20
    return {
        "front": "/",
        "board, page 50": f"/boards/{board}.x?page=50",
        "board by replies": f"/boards/{board}.x?sort=replies",
        "board's feed": f"/boards/{board}/feed.atom",
        "thread, last page": f"/threads/{thread}.x/page-{last}",
        "thread, middle": f"/threads/{thread}.x/page-{last // 2}",
        "thread's feed": f"/threads/{thread}/feed.atom",
        "similar threads": f"/threads/{oldest}/similar",
        "What's new": "/whats-new",
        "What's new, page 50": "/whats-new?page=50",
        "What's new, unanswered": "/whats-new?show=unanswered",
        "members": "/members",
        "member who wrote most": f"/members/{writer}.x",
        "moderation log": "/moderation-log",
        "sitemap": "/sitemap.xml",
        "sitemap, first part": "/sitemap-0.xml",
        "search, a common word by relevance": "/search?q=people",
        "search, a beginning": "/search?q=s*",
        "suggestions, one letter": "/search/suggest?q=s",
        "suggestions, a title": f"/search/suggest?q={title.split()[0][:4]}",
    }


if __name__ == "__main__":
    main()
