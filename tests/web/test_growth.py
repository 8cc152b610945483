"""No page costs more in a larger forum: counted in the steps that SQLite's machine takes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from rostra.forum.threads.listing import Key
from rostra.forum.threads.models import Post, Tagging, Thread
from rostra.transfer.integrity import examine
from rostra.web import addresses, query
from tests.web.visits import as_

SMALL, LARGE = 1_100, 4_400  # threads in a board, posts in a thread
GRAIN = 20  # steps
DAY = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def counted(cast):
    if connection.vendor != "sqlite":
        pytest.skip("the steps of SQLite are counted; what they show holds for the statements")
    return cast


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_no_page_grows_with_the_forum(counted, web, who):
    as_(web, counted, who)
    _grow_to(counted, SMALL)
    before = _prices(web, counted, who)
    _grow_to(counted, LARGE)
    after = _prices(web, counted, who)
    grown = {
        name: (before[name], after[name]) for name in before if after[name] > _limit(before[name])
    }
    assert grown == {}


@pytest.mark.parametrize("who", [None, "quay"])
def test_the_last_page_costs_what_the_first_costs(counted, web, who):
    as_(web, counted, who)
    _grow_to(counted, LARGE)
    prices = _prices(web, counted, who)
    assert prices["thread, last page"] <= _limit(prices["thread"])
    assert prices["tag, oldest"] <= _limit(prices["tag"])
    assert prices["board, oldest"] <= _limit(prices["board"])


def _limit(price):
    return price * 1.15 + 10


def _grow_to(cast, count):
    """Have so many threads in the harbour's board, and so many posts in the thread."""
    have = Thread.objects.filter(board=cast.harbour).count()
    Thread.objects.bulk_create(
        [
            Thread(
                board=cast.harbour,
                title=f"Thread {number}",
                starter=cast.hill,
                last_number=1,
                created_at=DAY + timedelta(hours=number),
                last_post_at=DAY + timedelta(hours=number),
                bumped_at=DAY + timedelta(hours=number),
                last_poster=cast.hill,
                tags="flood barrier, harbour" if number % 2 else "harbour",
            )
            for number in range(have, count)
        ]
    )
    untagged = Thread.objects.filter(board=cast.harbour, tagging=None).exclude(tags="")
    Tagging.objects.bulk_create(
        Tagging(thread=thread, tag=tag, board=cast.harbour, bumped_at=thread.bumped_at)
        for thread in untagged
        for tag in thread.tags.split(", ")
    )
    threads = Thread.objects.filter(board=cast.harbour, last_number=1, posts=None)
    have = Post.objects.filter(thread=cast.barrier).count()
    Post.objects.bulk_create(
        [
            *(
                Post(thread=thread, number=1, author=cast.hill, source="Words.", html="<p>Words.</p>")
                for thread in threads
            ),
            *(
                Post(
                    thread=cast.barrier, number=number, author=cast.hill, created_at=DAY,
                    source="Words.", html="<p>Words.</p>",
                )
                for number in range(have + 1, count + 1)
            ),
        ]
    )  # fmt: skip
    Thread.objects.filter(pk=cast.barrier.pk).update(bumped_at=DAY + timedelta(days=3000))
    examine(repair=True)


def _prices(web, cast, who):
    board = addresses.board(cast.harbour.pk, cast.harbour.title)
    oldest = Thread.objects.filter(board=cast.harbour).order_by("bumped_at", "id")[25]
    last = Thread.objects.get(pk=cast.barrier.pk).last_number // 20
    pages = {
        "front": "/",
        "whats_new": "/whats-new",
        "board": board,
        "board, page 50": f"{board}?page=50",
        "board, newest thread": f"{board}?sort=started",
        "board, most replies": f"{board}?sort=replies",
        "board, oldest": f"{board}?older={query.key_text(Key(oldest.bumped_at, oldest.pk))}",
        "board feed": f"/boards/{cast.harbour.pk}/feed.atom",
        "thread": addresses.thread(cast.barrier.pk, cast.barrier.title),
        "thread, page 20": addresses.thread(cast.barrier.pk, cast.barrier.title, 20),
        "thread, last page": addresses.thread(cast.barrier.pk, cast.barrier.title, last),
        "thread feed": f"/threads/{cast.barrier.pk}/feed.atom",
        "member": addresses.member(cast.hill.pk, cast.hill.name),
        "members": "/members",
        "tag": "/tags/flood_barrier",
        "tag, oldest": f"/tags/flood_barrier?older={query.key_text(Key(oldest.bumped_at, oldest.pk))}",
        "log": "/moderation-log",
        "claims": "/claims",
        "claims that changed": "/claims/changes",
        "search, claims beside it": "/search?q=nowhere",
        "post": f"/posts/{Post.objects.filter(thread=cast.barrier).last().pk}",
    }
    if who is not None:
        pages |= {feed: f"/whats-new?show={feed}" for feed in ("unread", "watched")}
    return {name: _price(web, page) for name, page in pages.items()}


def _price(web, address):
    """Return how many steps the second asking takes; the first may fill what is kept."""
    web.get(address)
    steps = Counter()

    def count():
        steps["taken"] += 1

    connection.connection.set_progress_handler(count, GRAIN)
    answer = web.get(address)
    connection.connection.set_progress_handler(None, 0)
    assert answer.status_code in (200, 302), address
    return steps["taken"]
