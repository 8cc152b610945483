"""What reading a page costs: python -m bench.previews DATA_DIR [--times N].

DATA_DIR holds saved pages of forums under `data/forum_pages`; articles as newspapers write them
are made besides. Prints p50 and the slowest of reading what a page says of itself and its text,
for all pages together and by the size of each; and what it costs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rostra.content.previews.pages import Unreadable, read_apart, read_page

URL = "https://courier.example/2026/barrier?id=1"


def article(paragraphs: int) -> str:
    """Return an article with all that newspapers put around one."""
    said = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "Harbour Courier", "logo": {"url": "/logo.png"}},
            {
                "@type": "NewsArticle",
                "headline": "Authority says barrier closed in time",
                "datePublished": "2026-11-20T07:10:00Z",
                "author": [{"@type": "Person", "name": "A. Reporter"}],
            },
        ],
    }
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(150))
    text = "".join(
        f'<p class="para">The gauge at the quay stood at <b>{n}</b> metres that morning, the '
        f'<a href="/topic/{n}">authority</a> said, while others doubted it.</p>'
        for n in range(paragraphs)
    )
    tags = "".join(f'<meta property="og:x{n}" content="Words {n}">' for n in range(40))
    script = "<script>var page = {" + "'key': 'value', " * 4000 + "};</script>"
    return (
        f'<!doctype html><html lang="en"><head><title>Barrier</title>{tags}'
        f'<link rel="canonical" href="/2026/barrier"><script type="application/ld+json">'
        f"{json.dumps(said)}</script>{script}</head><body><nav><ul>{menu}</ul></nav>"
        f"<article>{text}</article><footer><ul>{menu}</ul></footer></body></html>"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    paths = sorted((args.folder / "data" / "forum_pages").rglob("*.html"))
    pages = [path.read_text(errors="replace") for path in paths]
    pages += [article(count) for count in (20, 60, 200)]
    took = [_median(read_page, page, args.times) for page in pages]
    print(f"{len(pages)} pages: p50 {statistics.median(took):.1f} ms, slowest {max(took):.1f} ms")
    for page, each in sorted(zip(pages, took, strict=True), key=lambda pair: len(pair[0])):
        print(f"{len(page) / 1000:7.0f} kB {each:6.1f} ms")
    apart = _median(_read_apart, pages[-1], 5)
    print(f"in a process of its own, all in all: {apart:.0f} ms")


def _read_apart(page: str, url: str) -> object:
    return read_apart(page.encode(), "text/html; charset=utf-8", url)


def _median(read: Callable[[str, str], object], page: str, times: int) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        with suppress(Unreadable):
            read(page, URL)
        spent.append(1000 * (time.perf_counter() - began))
    return statistics.median(spent)


if __name__ == "__main__":
    main()
