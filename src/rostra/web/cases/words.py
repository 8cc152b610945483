"""Kinds, states, steps and decisions of cases, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WORDS = {
    "kind.post": _("Post"),
    "kind.thread": _("Thread"),
    "kind.member": _("Member"),
    "kind.message": _("Private message"),
    "kind.claim": _("Claim"),
    "kind.note": _("Community note"),
    "state.open": _("waits"),
    "state.claimed": _("claimed"),
    "state.decided": _("decided"),
    "state.dismissed": _("nothing found"),
    "state.duplicate": _("decided with another case"),
    "do.remove": _("Remove the post"),
    "do.remove.claim": _("Remove the claim"),
    "do.remove.note": _("Remove the note"),
    "do.lock": _("Lock the thread"),
    "do.settle": _("Dealt with"),
    "do.dismiss": _("Nothing to do"),
    "do.duplicate": _("The same as another case"),
    "done.remove": _("removed"),
    "done.lock": _("thread locked"),
    "done.settle": _("dealt with"),
    "done.dismiss": _("kept"),
    "done.duplicate": _("decided with another case"),
    "step.note": _("wrote"),
    "step.claimed": _("took the case"),
    "step.released": _("gave it back"),
    "step.handed": _("handed it over to"),
    "step.hidden": _("Hidden by reports, log entry"),
    "step.decided": _("decided"),
    "step.reopened": _("Opened again"),
    "outcome.": _("waits for a decision"),
    "outcome.acted": _("Something was done about it."),
    "outcome.nothing": _("The staff looked at it and found nothing against the rules."),
}


def in_words(key: str) -> str:
    """Return a word of a case in the reader's language."""
    return gettext(WORDS[key])
