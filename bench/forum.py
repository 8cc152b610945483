"""A large forum to measure on: python -m bench.forum POSTS FOLDER [--seed N].

A tenth of the posts (at most 100,000) stands in one thread, and as many threads in one board; the
rest is threads of some twenty posts, a few of hundreds, in seven boards. The words are the demo's,
rendered once and repeated; a fifth of the posts quotes an earlier one. The counters are what
`rostra doctor --repair` finds.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

BATCH = 20_000
FIRST_DAY = datetime(2014, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2026, 11, 20, tzinfo=UTC)
LARGEST = 100_000
MARK = 987654321  # stands for the quoted post in what is rendered once
KINDS = ("like", "thanks", "insightful", "funny")
REASON = "Set up to measure on it."


class Words(NamedTuple):
    """A post's source and what it is rendered to; `MARK` is the post it quotes, if it does."""

    source: str
    html: str


def main() -> None:
    """Build the forum in an empty data folder; DATABASE_URL may name PostgreSQL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.environ["ROSTRA_DATA"] = str(args.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "rostra.project.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    started = time.monotonic()
    build(random.Random(args.seed), args.posts)
    print(f"{args.posts:,} posts in {time.monotonic() - started:.0f} s: {args.folder}")


def build(chance: random.Random, posts: int) -> None:
    """Write the forum: people, boards, then thread after thread."""
    from rostra.transfer.integrity import examine

    writer = _Writer(chance, _people(max(50, min(5000, posts // 100))))
    boards = _boards(writer.members[0])
    large = min(LARGEST, posts // 10)
    writer.thread(boards[1], large)
    for _ in range(large):
        writer.thread(boards[0], 1)
    left = posts - 2 * large
    while left:
        length = min(left, int(chance.lognormvariate(2.6, 1.2)) + 1)
        writer.thread(chance.choice(boards[2:]), length)
        left -= length
    writer.flush()
    examine(repair=True)


class _Writer:
    """Gives out ids in order and writes rows by the batch."""

    def __init__(self, chance: random.Random, members: list[int]) -> None:
        from rostra.forum.reactions.models import Tally
        from rostra.forum.threads.models import Post, Thread
        from rostra.transfer.load.columns import Into

        self.chance = chance
        self.members = members
        self.plain, self.quoting = _words()
        self.thread_id = self.post_id = 0
        self.into = (
            Into(
                Thread,
                *("id", "board_id", "title", "starter_id", "last_number", "reply_count", "version"),
                *("created_at", "last_post_at", "last_poster_id", "bumped_at"),
            ),
            Into(
                Post,
                *("id", "thread_id", "number", "author_id", "source", "html", "created_at"),
            ),
            Into(Tally, "post_id", "kind", "count"),
        )
        self.rows: tuple[list[tuple[Any, ...]], ...] = ([], [], [])

    def thread(self, board_id: int, length: int) -> None:
        """Write a thread of so many posts."""
        chance = self.chance
        self.thread_id += 1
        authors = chance.choices(self.members, k=length)
        begun = FIRST_DAY + (LAST_DAY - FIRST_DAY) * chance.random()
        step = min((LAST_DAY - begun) / (length + 1), timedelta(hours=3))
        title = f"{chance.choice(self.plain).source.split('.')[0][:70]} {self.thread_id}"
        last_at = begun + step * length
        threads, posts, tallies = self.rows
        threads.append(
            (self.thread_id, board_id, " ".join(title.split()), authors[0], length, length - 1,
             length, begun + step, last_at, authors[-1], last_at)
        )  # fmt: skip
        first = self.post_id + 1
        for number, author in enumerate(authors, 1):
            self.post_id += 1
            words = chance.choice(self.plain)
            if number > 1 and chance.random() < 0.2:
                words = chance.choice(self.quoting)
                quoted = str(chance.randrange(max(first, self.post_id - 30), self.post_id))
                words = Words(*(text.replace(str(MARK), quoted) for text in words))
            posts.append(
                (self.post_id, self.thread_id, number, author, *words, begun + step * number)
            )
            if chance.random() < 0.3:
                for kind in chance.sample(KINDS, chance.randint(1, 3)):
                    tallies.append((self.post_id, kind, chance.randint(1, 9)))
            if len(posts) >= BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what has gathered, in one transaction."""
        from django.db import transaction

        from rostra.kernel import dialect

        with transaction.atomic():
            for into, rows in zip(self.into, self.rows, strict=True):
                dialect.write_many(into.sql, [(*row, *into.defaults) for row in rows])
                rows.clear()
        print(f"\r{self.post_id:,} ", end="", flush=True)


def _people(count: int) -> list[int]:
    from rostra.forum.members.models import Member
    from rostra.forum.members.names import name_key

    Member.objects.bulk_create(
        [
            Member(name=name, name_key=name_key(name), joined_at=FIRST_DAY)
            for name in (f"Member {n}" for n in range(1, count + 1))
        ]
    )
    return list(Member.objects.order_by("id").values_list("id", flat=True))


def _boards(administrator: int) -> list[int]:
    from rostra.forum.access.actions import set_access
    from rostra.forum.access.presets import table
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.boards.actions import create_board
    from rostra.forum.members.actions import join_group
    from rostra.forum.members.groups import ensure_groups
    from rostra.forum.members.queries import account_for

    groups = ensure_groups()
    join_group(groups.administrators, administrator, reason=REASON)
    category = create_board("Everything", is_category=True)
    grants = table(
        "public",
        everyone=groups.everyone,
        members=groups.members,
        staff=(groups.administrators, groups.moderators),
    )
    set_access(
        viewer_for(account_for(administrator, as_operator=True)), category.pk, grants, reason=REASON
    )
    return [
        create_board(f"Board {n}", parent_id=category.pk, description="To be measured.").pk
        for n in range(1, 10)
    ]


def _words() -> tuple[list[Words], list[Words]]:
    """Return the demo's posts rendered once: plain ones, and ones that quote a post first."""
    from rostra.content.markup.references import Known, PostRef
    from rostra.content.markup.render import render
    from rostra.project.demo.content import people, plays

    plain: list[Words] = []
    quoting: list[Words] = []
    for play in plays(LAST_DAY, people(LAST_DAY)):
        for line in play.lines:
            plain.append(Words(line.source, render(line.source).html))
            said = " ".join(line.source.split()[:30])
            known = Known(posts={str(MARK): PostRef(MARK, 1, "Member 1", line.source)})
            source = f'[quote="Member 1, post: {MARK}"]{said}[/quote]\n\n{line.source}'
            quoting.append(Words(source, render(source, "native", known).html))
    return plain, quoting


if __name__ == "__main__":
    main()
