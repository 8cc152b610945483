"""Reading reactions."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from rostra.forum.reactions.models import Reputation, Tally


def tallies(post_ids: Collection[int]) -> Mapping[int, dict[str, int]]:
    """Return the counts by kind of these posts. One query; none for no posts."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if not post_ids:
        return found
    rows = Tally.objects.filter(post_id__in=post_ids, count__gt=0).order_by("-count", "kind")
    for post_id, kind, count in rows.values_list("post_id", "kind", "count"):
        found[post_id][kind] = count
    return found


def scores(member_ids: Collection[int]) -> dict[int, int]:
    """Return the reaction scores of these members; absent means 0. One query; none for none."""
    if not member_ids:
        return {}
    return dict(
        Reputation.objects.filter(member_id__in=member_ids).values_list("member_id", "score")
    )
