"""What stands beside posts and threads, for the rooms above that keep track of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import F, Max, Q

from rostra.forum.threads.models import Post, Thread
from rostra.kernel import rows


class Saying(NamedTuple):
    """A post's fragment, and the article of its thread where it opens one about it."""

    thread_id: int
    author_id: int | None
    html: str
    link: str


def saying_of(post_id: int) -> Saying | None:
    """Return what a post leads to; None where it is gone. One query."""
    row = Post.objects.filter(id=post_id).values_list(
        "thread_id", "author_id", "html", "number", "thread__link"
    )
    for thread_id, author_id, html, number, link in row:
        return Saying(thread_id, author_id, html, link if number == 1 else "")
    return None


def post_numbered(thread_id: int, number: int) -> int | None:
    """Return the post of a number in a thread, whoever may read it. One query."""
    found = Post.objects.filter(thread_id=thread_id, number=number)
    return found.values_list("id", flat=True).first()


def saying_between(first: int, last: int) -> list[int]:
    """Return the ids of posts, from one id to another, that lead anywhere outside. One query."""
    leads = Q(html__contains=' href="http') | Q(number=1, thread__link__gt="")
    found = Post.objects.filter(leads, id__gte=first, id__lte=last)
    return list(found.order_by("id").values_list("id", flat=True))


def last_post_id() -> int:
    """Return the highest id of a post; 0 where there is none. One query."""
    return Post.objects.aggregate(last=Max("id"))["last"] or 0


def show_cards(thread_ids: Collection[int]) -> None:
    """Have the pages of these threads made anew, with what they show of documents."""
    for thread_id in sorted(set(thread_ids)):
        Thread.objects.filter(id=thread_id).update(has_cards=True, version=F("version") + 1)


def hold_thread(thread_id: int) -> None:
    """Lock a thread until the transaction ends, on nobody's behalf: before whatever hangs on it."""
    rows.lock(Thread, thread_id)


def show_claims(thread_id: int, count: int) -> None:
    """Have a thread's pages made anew, with so many claims. Its row is locked by who calls."""
    Thread.objects.filter(id=thread_id).update(claim_count=count, version=F("version") + 1)


def show_notes(thread_id: int, count: int) -> None:
    """Have a thread's pages made anew, with so many notes below its posts."""
    Thread.objects.filter(id=thread_id).update(note_count=count, version=F("version") + 1)


def threads_of(post_ids: Collection[int]) -> dict[int, int]:
    """Return in which threads posts are. One query."""
    return dict(Post.objects.filter(id__in=list(post_ids)).values_list("id", "thread_id"))


def source_of(post_id: int) -> str:
    """Return what a post says, whoever may read it; "" where it is gone. One query."""
    found = Post.objects.filter(id=post_id)
    return found.values_list("source", flat=True).first() or ""
