"""The kinds of act in the moderation log, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "post.remove": _("Post removed"),
    "post.restore": _("Post restored"),
    "post.edit": _("Post edited by a moderator"),
    "post.accept": _("Post marked as the answer"),
    "post.unaccept": _("Post no longer marked as the answer"),
    "thread.describe": _("Title, type, article or tags of a thread changed"),
    "poll.edit": _("Poll changed by a moderator"),
    "poll.close": _("Poll closed"),
    "document.describe": _("Description of a document changed"),
    "thread.lock": _("Thread locked"),
    "thread.unlock": _("Thread opened"),
    "thread.pin": _("Thread pinned"),
    "thread.unpin": _("Thread unpinned"),
    "thread.move": _("Thread moved"),
    "group.join": _("Member put into a group"),
    "group.leave": _("Member taken out of a group"),
    "member.admit": _("Member let in"),
    "member.refuse": _("Application turned away"),
    "member.close": _("Account closed"),
    "member.open": _("Account opened again"),
    "member.avatar_remove": _("Picture beside a name taken away"),
    "access.set": _("Access to a board changed"),
}
ROLES = {
    "moderator": _("Moderator"),
    "administrator": _("Administrator"),
    "operator": _("Operator"),
    "automatic": _("Automatic"),
}


def in_words(kind: str) -> str:
    """Return a kind of act, or the role of who acted, in the reader's language."""
    return gettext(WORDS.get(kind) or ROLES.get(kind, kind))
