"""What posts and threads lead to elsewhere, for those who keep track of that."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import F

from rostra.forum.threads.models import Post, Thread


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


def show_cards(thread_ids: Collection[int]) -> None:
    """Have the pages of these threads made anew, with what they show of documents."""
    for thread_id in sorted(set(thread_ids)):
        Thread.objects.filter(id=thread_id).update(has_cards=True, version=F("version") + 1)
