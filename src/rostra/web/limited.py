"""What a limit keeps somebody from, in words; for the member and for staff alike."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

VERBS = {
    "start": _("no new threads"),
    "reply": _("no replies"),
    "react": _("no reactions"),
    "attach": _("no pictures and files"),
    "links": _("no links to other sites"),
    "report": _("no reports"),
    "messages": _("no private messages"),
}
KINDS = {
    "read_only": _("reading only"),
    "suspend": _("suspended"),
    "ban": _("banned"),
}


class LimitFacts(Protocol):
    """What words are made of."""

    @property
    def kind(self) -> str: ...
    @property
    def verbs(self) -> tuple[str, ...]: ...
    @property
    def thread_id(self) -> int | None: ...
    @property
    def a_day(self) -> int | None: ...
    @property
    def wait(self) -> int | None: ...


def in_words(limit: LimitFacts) -> list[str]:
    """Return what a limit comes to, in the reader's language."""
    if limit.kind in KINDS:
        return [gettext(KINDS[limit.kind])]
    if limit.thread_id is not None:
        return [gettext("no replies in one thread")]
    found = [gettext(VERBS[verb]) for verb in limit.verbs if verb in VERBS]
    if limit.a_day is not None:
        words = ngettext(
            "%(n)s post in 24 hours at most", "%(n)s posts in 24 hours at most", limit.a_day
        )
        found.append(words % {"n": limit.a_day})
    if limit.wait is not None:
        minutes = max(limit.wait // 60, 1)
        words = ngettext(
            "%(n)s minute between two posts", "%(n)s minutes between two posts", minutes
        )
        found.append(words % {"n": minutes})
    return found
