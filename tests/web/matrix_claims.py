"""Claims in the table of who may see what: with their threads, words of posts with the posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from rostra.forum.claims.models import Attribution, Claim, ClaimEvent
from rostra.forum.threads.models import Post, Thread

if TYPE_CHECKING:
    from tests.web.matrix import Matrix


def claim_from(
    matrix: Matrix, post: Post, name: str, who: frozenset[str], of: frozenset[str] | None = None
) -> None:
    """A claim that comes from a post, and an entry on that post: its words are the post's."""
    now = timezone.now()
    claim = Claim.objects.create(
        thread_id=post.thread_id, post=post, text=f"{name}claimed of one", kind="event",
        made_at=now, changed_at=now, quote=f"{name}anchored in one",
    )  # fmt: skip
    ClaimEvent.objects.create(claim=claim, at=now, kind="made", data={"text": claim.text})
    Attribution.objects.create(
        claim=claim, speaker=f"{name}speaking one", stance="asserts", post=post, at=now,
        added_at=now, quote=f"{name}cited of one",
    )  # fmt: skip
    Thread.objects.filter(pk=post.thread_id).update(claim_count=1)
    matrix.add(f"{name}claimed", of or who, f"/claims/{claim.pk}")
    for word in ("anchored", "speaking", "cited"):
        matrix.add(f"{name}{word}", who, f"/claims/{claim.pk}")


def of_claims() -> list[str]:
    found = [
        "/claims",
        "/claims?status=unsourced",
        "/claims?show=watched",
        "/claims/changes",
        "/claims/changes.atom",
    ]
    for pk in Claim.objects.values_list("pk", flat=True):
        found += [
            f"/claims/{pk}{act}"
            for act in ("", ".json", "/add", "/edit", "/report", "/watch", "?asof=2100")
        ]
    found += [f"/claims/entries/{pk}" for pk in Attribution.objects.values_list("pk", flat=True)]
    posts = Post.objects.exclude(source__startswith="http")
    return found + [f"/posts/{pk}/claim" for pk in posts.values_list("pk", flat=True)]
