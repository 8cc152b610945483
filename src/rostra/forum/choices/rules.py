"""Which settings are the forum's own, on which pages, what each may be, who chooses. Pure.

All others are the machine's: they are set where it is started, and only shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from rostra.forum.access.rules import may_manage_access
from rostra.forum.choices import colours
from rostra.forum.sanctions.rules import steps_in
from rostra.forum.uploads.rules import quotas_in
from rostra.kernel import text
from rostra.kernel.errors import Invalid

if TYPE_CHECKING:
    from rostra.forum.access.viewer import Viewer
    from rostra.kernel.verdict import Verdict

type Kind = Literal["line", "whole", "choice", "quotas", "steps", "colour", "picture"]

PAGES = ("forum", "joining", "writing", "moderation", "links")
ON_OFF = ("on", "off")
PICTURE = re.compile(r"[0-9a-f]{32}(?:-[12])?")  # as its address has it


class Setting(NamedTuple):
    """A setting that is chosen on the web."""

    name: str
    page: str
    kind: Kind
    bounds: tuple[int, int] = (0, 0)  # of a whole number; of a text's length
    options: tuple[str, ...] = ()
    is_secret: bool = False  # its value stands in no log


SETTINGS = (
    Setting("site_name", "forum", "line", (1, 60)),
    Setting("site_description", "forum", "line", (0, 200)),
    Setting("logo", "forum", "picture"),
    Setting("logo_text", "forum", "line", (0, 120)),
    Setting("accent", "forum", "colour"),
    Setting("language", "forum", "choice", options=("en", "ar")),
    Setting("ai_crawlers", "forum", "choice", options=("allow", "refuse")),
    Setting("read_only_mode", "forum", "choice", options=ON_OFF),
    Setting(
        "registration", "joining", "choice",
        options=("open", "confirmed", "approved", "invitation", "closed"),
    ),
    Setting("signup_question", "joining", "line", (0, 200)),
    Setting("signup_answer", "joining", "line", (0, 200), is_secret=True),
    Setting("signups_per_day", "joining", "whole", (1, 1000)),
    Setting("edit_grace_minutes", "writing", "whole", (0, 60)),
    Setting("edit_hours_new", "writing", "whole", (0, 24 * 365)),
    Setting("edit_days", "writing", "whole", (0, 36_500)),
    Setting("upload_megabytes", "writing", "whole", (1, 25)),
    Setting("upload_quotas", "writing", "quotas", (3, 500)),
    Setting("posts_in_a_row", "writing", "whole", (0, 100)),
    Setting("cooling", "moderation", "choice", options=ON_OFF),
    Setting("held_first_posts", "moderation", "whole", (0, 100)),
    Setting("spam_signals", "moderation", "choice", options=ON_OFF),
    Setting("guest_reports", "moderation", "choice", options=ON_OFF),
    Setting("moderators", "moderation", "choice", options=("labels", "names")),
    Setting("warning_steps", "moderation", "steps", (0, 300)),
    Setting("clean_posts", "moderation", "whole", (0, 1000)),
    Setting("clean_days", "moderation", "whole", (0, 36_500)),
    Setting("clean_reactions", "moderation", "whole", (0, 1_000_000)),
    Setting("fetch_links", "links", "choice", options=ON_OFF),
    Setting("embeds", "links", "choice", options=("youtube,vimeo", "youtube", "vimeo", "")),
    Setting("remote_images", "links", "choice", options=("link", "proxy", "copy")),
    Setting("remote_images_megabytes", "links", "whole", (1, 1_000_000)),
)  # fmt: skip
BY_NAME = {setting.name: setting for setting in SETTINGS}


def may_choose(viewer: Viewer) -> Verdict:
    """Whether the viewer may see the settings and choose others."""
    return may_manage_access(viewer)


def on_page(page: str) -> list[Setting]:
    """Return the settings of a page, in order."""
    return [setting for setting in SETTINGS if setting.page == page]


def checked(setting: Setting, typed: str) -> str:
    """Return a value as it is kept; raises Invalid, naming the setting, for what cannot be."""
    try:
        return _CHECKS[setting.kind](setting, text.storable(typed))
    except _WrongValue as wrong:
        raise Invalid({setting.name: wrong.reason}) from None


def check_together(values: Mapping[str, str], changed: Collection[str]) -> None:
    """Raise Invalid where a change makes values, each of which may be, shut everybody out.

    values: all of them, as they would be.
    """
    touched = {"signup_question", "signup_answer"} & set(changed)
    if touched and values["signup_question"] and not values["signup_answer"]:
        raise Invalid({"signup_answer": "answer_missing"})


class _WrongValue(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _line(setting: Setting, typed: str) -> str:
    line = text.one_line(typed)
    shortest, longest = setting.bounds
    if shortest and text.is_blank(line):
        raise _WrongValue("empty")
    if len(line) > longest:
        raise _WrongValue("too_long")
    return line


def _whole(setting: Setting, typed: str) -> str:
    digits = typed.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise _WrongValue("not_a_whole_number")
    if not setting.bounds[0] <= int(digits) <= setting.bounds[1]:
        raise _WrongValue("number_out_of_bounds")
    return str(int(digits))


def _choice(setting: Setting, typed: str) -> str:
    if typed not in setting.options:
        raise _WrongValue("not_a_choice")
    return typed


def _quotas(setting: Setting, typed: str) -> str:
    line = _line(setting, typed)
    try:
        quotas_in(line)
    except ValueError:
        raise _WrongValue("quotas_odd") from None
    return line


def _steps(setting: Setting, typed: str) -> str:
    line = _line(
        setting, "; ".join(part.strip() for part in re.split("[;\n]", typed) if part.strip())
    )
    try:
        steps_in(line)
    except ValueError:
        raise _WrongValue("steps_odd") from None
    return line


def _colour(setting: Setting, typed: str) -> str:
    colour = typed.strip().lower()
    if colour and not colours.COLOUR.fullmatch(colour):
        raise _WrongValue("not_a_colour")
    if colour and not colours.is_readable(colour):
        raise _WrongValue("colour_too_pale")
    return colour


def _picture(setting: Setting, typed: str) -> str:
    if typed and not PICTURE.fullmatch(typed):
        raise _WrongValue("not_a_picture")
    return typed


_CHECKS = {
    "line": _line,
    "whole": _whole,
    "choice": _choice,
    "quotas": _quotas,
    "steps": _steps,
    "colour": _colour,
    "picture": _picture,
}
