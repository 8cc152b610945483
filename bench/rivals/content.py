"""What every rival is filled with: the posts of a forum of `bench.forum`, as plain data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

READER = "Reader1"  # who is signed in; wrote nothing
QUOTE = re.compile(r"\[quote=[^\]]*\](.*?)\[/quote\]", re.DOTALL)


def write_content(target: Path) -> None:
    """Write the members, boards and threads of the forum that Django is set up for, as JSON.

    Quotations are Markdown's: every rival knows those. Names are of one word: not every rival
    takes two.
    """
    from rostra.forum.boards.models import Board
    from rostra.forum.members.models import Member
    from rostra.forum.threads.models import Post, Thread

    posts: dict[int, list[dict[str, Any]]] = {}
    for thread_id, author_id, source, created_at in Post.objects.order_by(
        "thread_id", "number"
    ).values_list("thread_id", "author_id", "source", "created_at"):
        posts.setdefault(thread_id, []).append(
            {"author": author_id, "at": created_at.isoformat(), "source": _markdown(source)}
        )
    members = Member.objects.order_by("id").values_list("id", "name")
    boards = Board.objects.filter(is_category=False).order_by("id").values_list("id", "title")
    threads = Thread.objects.order_by("id").values_list("id", "board_id", "title")
    content = {
        "reader": READER,
        "members": [{"id": pk, "name": name.replace(" ", "")} for pk, name in members],
        "boards": [{"id": pk, "title": title} for pk, title in boards],
        "threads": [
            {"id": pk, "board": board, "title": title, "posts": posts[pk]}
            for pk, board, title in threads
        ],
        "measured": measured(),
    }
    target.write_text(json.dumps(content))


def measured() -> dict[str, int]:
    """Return which thread and board are asked for: those that `bench.speed` asks for."""
    from rostra.forum.boards.models import Board
    from rostra.forum.threads.models import Thread

    long = Thread.objects.order_by("-last_number")[0]
    middle = Thread.objects.filter(last_number__gte=20).exclude(pk=long.pk).order_by("id")[0]
    return {"thread": middle.pk, "board": Board.objects.get(title="Board 1").pk}


def fragments(content: dict[str, Any]) -> list[str]:
    """Return a run of words of each of the first 20 posts of the measured thread."""
    wanted = content["measured"]["thread"]
    thread = next(thread for thread in content["threads"] if thread["id"] == wanted)
    return [_fragment(post["source"]) for post in thread["posts"][:20]]


def _markdown(source: str) -> str:
    return QUOTE.sub(lambda found: f"> {' '.join(found[1].split())}\n", source)


def _fragment(source: str) -> str:
    """Return the longest run of words that no markup can stand in."""
    lines = [line for line in source.splitlines() if not line.startswith(">")]
    runs = [run.strip() for run in re.findall(r"[^\W_][^\W_ ]*(?: [^\W_]+)*", "\n".join(lines))]
    return max(runs, key=len)[:60].strip()
