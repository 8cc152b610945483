"""Reading reactions."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from rostra.forum.access.viewer import Viewer
from rostra.forum.reactions.models import Reaction, Reputation
from rostra.forum.threads.readable import readable
from rostra.kernel import dialect

type Counts = tuple[tuple[str, int], ...]  # kind and how many, most first


def beside(
    post_ids: Collection[int], member_ids: Collection[int], viewer_id: int | None = None
) -> tuple[dict[int, Counts], dict[int, int], dict[int, str]]:
    """Return the counts of these posts, the scores of these members, the viewer's own reactions.

    Absent means none. One query, none for no posts: what stands beside the posts of a page.
    """
    if not post_ids:
        return {}, {}, {}
    posts, members = dialect.padded(post_ids), dialect.padded(member_ids or [0])
    sql = _BESIDE.format(dialect.marks(posts), dialect.marks(members))
    values = [*posts, *members]
    if viewer_id is not None:
        sql += _OWN.format(dialect.marks(posts))
        values += [viewer_id, *posts]
    counts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    scores: dict[int, int] = {}
    own: dict[int, str] = {}
    for what, kind, id_, number in dialect.recall(sql, values):
        if what == 1:
            counts[id_].append((kind, number))
        elif what == 0:
            scores[id_] = number
        else:
            own[id_] = kind
    most_first = {id_: tuple(sorted(c, key=lambda k: (-k[1], k[0]))) for id_, c in counts.items()}
    return most_first, scores, own


class Reacted(NamedTuple):
    """Somebody who reacted."""

    id: int
    kind: str
    member_id: int
    name: str
    at: datetime | None


def who_reacted(post_id: int, *, before: int | None = None, limit: int = 50) -> list[Reacted]:
    """Return who reacted to a post, newest first, by key; for viewers who may read it."""
    found = Reaction.objects.filter(post_id=post_id)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.order_by("-id").values_list("id", "kind", "member_id", "member__name", "at")
    return [Reacted._make(row) for row in rows[:limit]]


class Given(NamedTuple):
    """A reaction, with the post that it was given to."""

    id: int
    kind: str
    post_id: int
    number: int | None
    thread_title: str
    author: str | None
    at: datetime | None


def given_by(
    viewer: Viewer, member_id: int, *, before: int | None = None, limit: int = 20
) -> list[Given]:
    """Return a member's reactions to what the viewer may read, newest first. One query, by key."""
    found = Reaction.objects.filter(readable(viewer, "post__"), member_id=member_id)
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.order_by("-id").values_list(
        "id", "kind", "post_id", "post__number", "post__thread__title", "post__author__name", "at"
    )
    return [Given._make(row) for row in rows[:limit]]


def all_given(
    member_id: int, after: int, limit: int
) -> list[tuple[int, int, str, datetime | None]]:
    """Return a member's reactions from one on: (id, post, kind, when). One query, by key."""
    found = Reaction.objects.filter(member_id=member_id, id__gt=after).order_by("id")
    return list(found.values_list("id", "post_id", "kind", "at")[:limit])


def latest_of(member_id: int, limit: int) -> list[datetime]:
    """Return when a member last reacted, newest first. One query, by key."""
    found = Reaction.objects.filter(member_id=member_id, at__isnull=False).order_by("-at")
    return [at for at in found.values_list("at", flat=True)[:limit] if at is not None]


def scores(member_ids: Collection[int]) -> dict[int, int]:
    """Return the reaction scores of these members; absent means 0. One query; none for none."""
    if not member_ids:
        return {}
    return dict(
        Reputation.objects.filter(member_id__in=member_ids).values_list("member_id", "score")
    )


_BESIDE = """
SELECT 1, kind, post_id, count FROM reactions_tally WHERE count > 0 AND post_id IN ({})
UNION ALL
SELECT 0, '', member_id, score FROM reactions_reputation WHERE member_id IN ({})
"""
_OWN = """UNION ALL
SELECT 2, kind, post_id, 1 FROM reactions_reaction WHERE member_id = %s AND post_id IN ({})
"""
