"""What of a member's stands, for who would take all of it away."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from rostra.forum.holds.signals import hosts_of
from rostra.forum.threads.models import Post, State, Thread


class Standing(NamedTuple):
    """What of a member's is shown: posts, and threads that nobody else wrote in."""

    posts: list[int]
    threads: list[int]
    hosts: tuple[str, ...]  # that their latest posts lead to


LOOKED_AT = 200  # posts, for hosts
_LINK = re.compile(r'href="(https?://[^"]+)"')


def standing_of_member(member_id: int, limit: int, boards: Collection[int]) -> Standing:
    """Return what of a member's is shown in some boards, up to so many posts, by their order.

    Three queries.
    """
    posts = Post.objects.filter(
        author_id=member_id,
        state=State.VISIBLE,
        thread__state=State.VISIBLE,
        thread__board_id__in=list(boards),
    )
    ids = list(posts.order_by("id").values_list("id", flat=True)[:limit])
    started = Thread.objects.filter(
        starter_id=member_id, state=State.VISIBLE, board_id__in=list(boards)
    ).order_by("id")
    others = Post.objects.exclude(author_id=member_id).exclude(number=None)
    own = started.exclude(id__in=others.filter(thread__starter_id=member_id).values("thread_id"))
    said = posts.order_by("-id").values_list("html", flat=True)[:LOOKED_AT]
    hosts = hosts_of(link for html in said for link in _LINK.findall(html))
    return Standing(ids, list(own.values_list("id", flat=True)[:limit]), hosts[:50])
