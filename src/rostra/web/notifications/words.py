"""What happened, in one sentence; for pages and letters."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from markupsafe import Markup, escape

from rostra.effects.notifications.queries import Line
from rostra.kernel.text import one_line

WHO, THREAD = "%(who)s", "%(thread)s"
SENTENCES = {
    "mention": _("%(who)s mentioned you in %(thread)s"),
    "quote": _("%(who)s quoted you in %(thread)s"),
    "reply": _("%(who)s replied to you in %(thread)s"),
    "watch": _("%(who)s wrote in %(thread)s"),
    "follow": _("%(who)s started %(thread)s"),
    "follower": _("%(who)s follows you now"),
    "reaction": _("%(who)s reacted to your post in %(thread)s"),
    "message": _("%(who)s wrote to you: %(thread)s"),
    "message_by_mail": _("%(who)s wrote you a private message"),
    "claim": _("A claim of %(thread)s has another status"),
    "note": _("A community note stands below your post in %(thread)s"),
    "panel": _("You were drawn: does a note below a post in %(thread)s help?"),
    "statement": _("A moderator acted on something of yours. Read why, and how to appeal."),
    "held": _("A moderator has looked at what you wrote"),
    "report": _("What you reported was decided"),
    "appeal": _("Your appeal was decided"),
    "takeout": _("The archive of everything of yours is ready"),
    "reminder": _("You wanted to be reminded of a post in %(thread)s"),
}


def on_page(line: Line) -> Markup:
    """Return the sentence as HTML: names and titles keep their own direction."""
    who = Markup("<strong><bdi>{}</bdi></strong>{}").format(line.told.actor or "", _others(line))
    title = Markup("<bdi>{}</bdi>").format(line.told.title or "")
    return escape(_sentence(line)).replace(WHO, who).replace(THREAD, title)


def in_letter(line: Line) -> str:
    """Return the sentence as plain text on one line, whatever the title holds (SEC-021).

    Of a conversation, which is private, a letter does not even give the title (PRV-011).
    """
    who = f"{line.told.actor or ''}{_others(line)}"
    words = _sentence(line, by_mail=True).replace(THREAD, f"“{line.told.title or ''}”")
    return one_line(words.replace(WHO, who))


def _sentence(line: Line, *, by_mail: bool = False) -> str:
    kind = line.told.kind
    if kind == "follow" and line.told.post_id is None:
        kind = "follower"
    elif line.told.group.startswith("claim:"):
        kind = "claim"
    elif kind == "message" and by_mail:
        kind = "message_by_mail"
    elif kind == "notice":
        kind = line.told.group.partition(":")[0]
    return gettext(SENTENCES[kind])


def _others(line: Line) -> str:
    return f" +{line.others}" if line.others else ""
