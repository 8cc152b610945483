"""Reading reactions."""

from collections import defaultdict
from collections.abc import Collection

from rostra.forum.reactions.models import Reputation
from rostra.kernel import dialect

type Counts = tuple[tuple[str, int], ...]  # kind and how many, most first


def beside(
    post_ids: Collection[int], member_ids: Collection[int]
) -> tuple[dict[int, Counts], dict[int, int]]:
    """Return the counts of these posts and the scores of these members; absent means none.

    One query, none for no posts: what stands beside the posts of a page.
    """
    if not post_ids:
        return {}, {}
    posts, members = dialect.padded(post_ids), dialect.padded(member_ids or [0])
    sql = _BESIDE.format(dialect.marks(posts), dialect.marks(members))
    counts: dict[int, list[tuple[str, int]]] = defaultdict(list)
    scores: dict[int, int] = {}
    for of_post, kind, id_, number in dialect.recall(sql, [*posts, *members]):
        if of_post:
            counts[id_].append((kind, number))
        else:
            scores[id_] = number
    most_first = {id_: tuple(sorted(c, key=lambda k: (-k[1], k[0]))) for id_, c in counts.items()}
    return most_first, scores


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
