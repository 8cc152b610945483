"""What is said of notes, in words."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

WHYS = {
    "factual_error": _("It says something that is wrong"),
    "missing_context": _("It leaves out what matters"),
    "outdated": _("It was true and no longer is"),
    "unverified_as_fact": _("It states as fact what nobody has verified"),
    "altered_media": _("A picture or recording in it was altered"),
    "satire_as_fact": _("It takes satire for fact"),
}
STATES = {
    "calibration": _("Calibration"),
    "proposed": _("Proposed"),
    "on_panel": _("Being asked about"),
    "shown": _("Shown"),
    "under_review": _("Under review"),
    "not_helpful": _("Not helpful"),
    "no_agreement": _("No agreement"),
    "taken_back": _("No longer shown"),
    "removed": _("Removed by a moderator"),
}
REASONS = {
    "clear": _("Clear"),
    "good_sources": _("Good sources"),
    "addresses_claim": _("Addresses what the post says"),
    "important_context": _("Important context"),
    "neutral_language": _("Neutral language"),
    "incorrect": _("Incorrect"),
    "sources_missing": _("Sources missing"),
    "sources_do_not_support": _("Sources do not support it"),
    "opinion": _("Opinion"),
    "misses_point": _("Misses the point"),
    "argumentative": _("Argumentative"),
    "note_not_needed": _("Not needed"),
    "abuse": _("Abuse"),
}


def in_words(code: str) -> str:
    """Return a state, a reason for a note or one for an answer, in the reader's language."""
    return gettext(WHYS.get(code) or STATES.get(code) or REASONS.get(code, code))
