"""What cleaning up after a member would do, and what was done before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rostra.forum.access.viewer import Viewer
from rostra.forum.cleaning.queries import LISTED, CleaningRow, Preview, cleanings_of, preview_for
from rostra.forum.members.queries import MemberCard, card_of
from rostra.forum.modlog.rulebook import RuleRow, rules_in_force
from rostra.forum.threads.queries import Reference, references


@dataclass(frozen=True, slots=True)
class CleaningPage:
    """All the template needs; `threads` and `posts`: the first that would go, by name."""

    card: MemberCard
    preview: Preview
    threads: Mapping[int, Reference]
    posts: Mapping[int, Reference]
    rules: list[RuleRow]
    before: list[CleaningRow]


def cleaning_page(viewer: Viewer, member_id: int) -> CleaningPage:
    """Gather the page; raises NotFound, Refused. The same queries for one post and for hundreds."""
    preview = preview_for(viewer, member_id)
    standing = preview.standing
    threads, posts = references(viewer, standing.threads[:LISTED], standing.posts[:LISTED])
    return CleaningPage(
        card=card_of(member_id),
        preview=preview,
        threads=threads,
        posts=posts,
        rules=rules_in_force(),
        before=cleanings_of(member_id),
    )
