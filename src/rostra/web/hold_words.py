"""Why posts wait, and what came of it, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "first_posts": _("First posts of a new member"),
    "newcomers": _("Newcomers' posts wait for some hours"),
    "group": _("Posts of their group wait"),
    "threads": _("New threads of this board wait"),
    "board": _("All posts of this board wait"),
    "thread": _("All posts of this thread wait"),
    "word": _("Watched word"),
    "host": _("Third post of a newcomer to the same site"),
    "link_later": _("A newcomer's edit adds a link"),
    "word_later": _("An edit adds a watched word"),
    "same_words": _("New accounts say the same"),
    "same_host": _("New accounts lead to the same site"),
    "same_number": _("New accounts give the same number"),
    "signals": _("Signs of spam"),
    "signal.first_link": _("first posts with a link"),
    "signal.little_but_links": _("little but links"),
    "signal.shortened_link": _("a shortened link"),
    "signal.contact": _("a number or messenger to call"),
    "signal.mixed_letters": _("letters of two scripts in one word"),
    "signal.unseen_signs": _("signs that cannot be seen"),
    "signal.shouting": _("capital letters"),
    "kind.thread": _("New thread"),
    "kind.reply": _("Reply"),
    "kind.edit": _("Edit"),
    "state.waiting": _("It waits for a moderator to look at it."),
    "state.approved": _("It was let through."),
    "state.rejected": _("It was turned down."),
    "state.returned": _("You have it back, to change it."),
    "state.withdrawn": _("Its author took it back."),
    "done.approve": _("Let through."),
    "done.reject": _("Turned down: its author is told why."),
    "done.return": _("Given back to its author."),
    "scope.group": _("Posts of a group"),
    "scope.threads": _("New threads of a board"),
    "scope.board": _("All posts of a board"),
    "scope.thread": _("Posts in a thread"),
    "scope.newcomers": _("Newcomers' posts"),
}


def in_words(key: str) -> str:
    """Return a reason, a kind, a state or an outcome in the reader's language."""
    return gettext(WORDS[key])


def detail_of(name: str, detail: str) -> str:
    """Return what a reason was, for those who decide: signals by their names."""
    if name != "signals":
        return detail
    return ", ".join(gettext(WORDS[f"signal.{one}"]) for one in detail.split(", "))
