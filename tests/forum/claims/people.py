"""People who stand somewhere on the ladder, and documents that said something."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.claims.actions.entries import add_attribution
from rostra.forum.claims.rules import Entry
from rostra.forum.documents.models import Document, Snapshot
from rostra.forum.members.actions import create_member
from rostra.forum.members.models import Member
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock

WHY = "That is not what stands there."


def raise_to(member: Member, rung: str = "trusted") -> Member:
    """Have a member stand on a rung: by when they joined and how many posts of theirs stand."""
    days, posts = {"new": (0, 0), "member": (5, 5), "trusted": (100, 50)}[rung]
    joined = clock.now() - timedelta(days=days)
    Member.objects.filter(pk=member.pk).update(joined_at=joined)
    MemberStats.objects.update_or_create(member=member, defaults={"post_count": posts})
    return member


def someone(name: str, rung: str = "trusted") -> Member:
    """Return a new member who stands there."""
    return raise_to(create_member(name), rung)


def read(url: str, words: str, published=None) -> None:
    """Have a document read that an entry rests on: what it said is saved."""
    found = Document.objects.get(address__document__url=url)
    now = clock.now()
    Document.objects.filter(pk=found.pk).update(
        read_at=now, state="live", title=words[:60], published_at=published, is_exact=True
    )
    Snapshot.objects.create(document=found, taken_at=now, text=words, sha256="0" * 64)
    from rostra.forum.claims.actions.listeners import reckon_claims_on

    reckon_claims_on(document_id=found.pk)


def says(viewer, claim, stance, speaker, page, said="", quote="", **more):
    """Add who says what; `page`: of a site of the speaker's own."""
    said_ = Entry(stance, speaker, f"https://{page}.example/1", quote=quote, said=said, **more)
    return add_attribution(viewer, claim.pk, said_)
