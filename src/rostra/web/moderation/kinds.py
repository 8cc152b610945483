"""The kinds of act in the moderation log, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "post.remove": _("Post removed"),
    "post.hide": _("Post hidden until a moderator has looked at it"),
    "post.restore": _("Post restored"),
    "post.edit": _("Post edited by a moderator"),
    "post.redact": _("Words of a post taken out for good"),
    "post.accept": _("Post marked as the answer"),
    "post.unaccept": _("Post no longer marked as the answer"),
    "thread.describe": _("Title, type, article or tags of a thread changed"),
    "poll.edit": _("Poll changed by a moderator"),
    "poll.close": _("Poll closed"),
    "document.describe": _("Description of a document changed"),
    "claim.edit": _("Claim reworded by a moderator"),
    "claim.merge": _("Two claims made one"),
    "claim.remove": _("Claim removed"),
    "claim.strike": _("Words of a dispute taken out"),
    "claim.withdraw_entry": _("Entry of a claim taken out"),
    "note.remove": _("Community note removed"),
    "note.restore": _("Community note brought back"),
    "notes.pause": _("Community notes paused"),
    "notes.resume": _("Community notes shown again"),
    "thread.lock": _("Thread locked"),
    "thread.unlock": _("Thread opened"),
    "thread.pin": _("Thread pinned"),
    "thread.unpin": _("Thread unpinned"),
    "thread.move": _("Thread moved"),
    "thread.split": _("Posts moved to another thread"),
    "thread.merge": _("Thread merged into another"),
    "thread.rejoin": _("Posts brought back from another thread"),
    "thread.unmerge": _("Merged thread made one of its own again"),
    "thread.slow": _("Pause between posts in a thread changed"),
    "group.join": _("Member put into a group"),
    "group.leave": _("Member taken out of a group"),
    "member.admit": _("Member let in"),
    "member.refuse": _("Application turned away"),
    "member.close": _("Account closed"),
    "member.open": _("Account opened again"),
    "member.avatar_remove": _("Picture beside a name taken away"),
    "member.warn": _("Member warned"),
    "member.unwarn": _("Warning taken back"),
    "member.limit": _("Member limited"),
    "member.read_only": _("Member may only read"),
    "member.suspend": _("Member suspended"),
    "member.ban": _("Member banned"),
    "member.shorten": _("Limit shortened"),
    "member.lift": _("Limit lifted"),
    "group.add": _("Group made"),
    "group.change": _("Group changed"),
    "board.add": _("Board opened"),
    "board.change": _("Board named or placed otherwise"),
    "board.delete": _("Empty board deleted"),
    "access.set": _("Access to a board changed"),
    "rule.change": _("Rule changed"),
    "appeal.upheld": _("Appeal: the act stands"),
    "appeal.overturned": _("Appeal: the act was overturned"),
    "appeal.partly": _("Appeal: partly right"),
}
ORIGINS = {
    "origin.own_initiative": _("own initiative"),
    "origin.report": _("after a report"),
    "origin.automatic": _("automatic"),
    "origin.legal": _("legal demand"),
}
ROLES = {
    "moderator": _("Moderator"),
    "administrator": _("Administrator"),
    "operator": _("Operator"),
    "automatic": _("Automatic"),
}
# A member's own record, and appeals.
OWN = {
    "appealed.open": _("under appeal"),
    "appealed.upheld": _("upheld on appeal"),
    "appealed.overturned": _("overturned on appeal"),
    "appealed.partly": _("partly overturned on appeal"),
    "outcome.upheld": _("The act stands"),
    "outcome.overturned": _("Overturn it: it is undone at once"),
    "outcome.partly": _("Partly right: what is to change, staff do by hand"),
    "report.post": _("A post"),
    "report.thread": _("A thread"),
    "report.member": _("A member"),
    "report.message": _("A private message"),
    "came.remove": _("it was removed"),
    "came.lock": _("the thread was locked"),
    "came.settle": _("it was dealt with"),
    "came.dismiss": _("nothing was found against the rules"),
    "outcome.": _("waits for a decision"),
    "outcome.acted": _("Something was done about it."),
    "outcome.nothing": _("The staff looked at it and found nothing against the rules."),
}
ALL = WORDS | ROLES | ORIGINS | OWN


def in_words(kind: str) -> str:
    """Return a kind of act, the role of who acted, or what made them act, in words."""
    return gettext(ALL.get(kind, kind))
