"""What members say of themselves: rendered as posts are, within limits of its own."""

from __future__ import annotations

from django.db import transaction

from rostra.forum.access.viewer import Viewer
from rostra.forum.members.actions import keep_profile
from rostra.forum.members.queries import Profile, profile_of
from rostra.forum.members.turns import take_turn
from rostra.forum.threads.composing import standing_for
from rostra.forum.threads.rendering import render_words
from rostra.forum.words.taking import check_texts
from rostra.kernel import text
from rostra.kernel.errors import Invalid, Refused

ABOUT_LENGTH = 2_000
SIGNATURE_LENGTH = 255
SIGNATURE_LINES = 4
# What would make a signature larger than the post above it.
_LARGE = (
    "<img", "<figure", "<blockquote", "<details", "<table", "<pre", "<h", "rostra-embed",
    '="image"',
)  # fmt: skip


@transaction.atomic
def write_profile(viewer: Viewer, *, about: str, signature: str) -> None:
    """Keep a member's words about themselves and below their posts.

    Raises Invalid for too long ones, for words that are watched, and for a signature that is more
    than a few words; Refused
    for newcomers, whose links nobody has seen yet, and for who may only read.
    """
    member_id = viewer.require_member()
    take_turn(member_id)
    if viewer.barred:
        raise Refused(viewer.barred)
    about, signature = text.storable(about).strip(), text.storable(signature).strip()
    if (about or signature) and standing_for(member_id).rung == "new":
        raise Refused("profile_for_newcomers")
    errors: dict[str, str] = {}
    if len(about) > ABOUT_LENGTH:
        errors["about"] = "too_long"
    if len(signature) > SIGNATURE_LENGTH or signature.count("\n") >= SIGNATURE_LINES:
        errors["signature"] = "signature_too_long"
    if errors:
        raise Invalid(errors)
    kept = profile_of(member_id)
    texts = {"about": about, "signature": signature}
    check_texts(viewer, texts, before=(kept.about, kept.signature), is_covered=True)
    below = render_words(viewer, signature).html if signature else ""
    if any(large in below for large in _LARGE):
        raise Invalid({"signature": "signature_too_large"})
    shown = render_words(viewer, about).html if about else ""
    keep_profile(member_id, Profile(about, shown, signature), below)
