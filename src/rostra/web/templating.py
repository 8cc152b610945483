"""What templates can call: addresses, dates, numbers, words."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import translation
from django.utils.translation import gettext_noop as _
from jinja2 import Environment
from markupsafe import Markup, escape

from rostra.content.markup.excerpt import excerpt
from rostra.content.media.formats import ACCEPTED
from rostra.forum.choices.colours import stylesheet
from rostra.forum.claims.circumstances import from_text
from rostra.forum.reactions.kinds import KINDS
from rostra.forum.threads.tags import split
from rostra.kernel.paging import links_around
from rostra.web import addresses, assets, setting_words
from rostra.web.claim_words import in_words as in_claim_words
from rostra.web.limited import in_words as in_limit_words
from rostra.web.reasons import in_words

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def equip(env: Environment, language: str) -> Environment:
    """Give the environment of a language our globals and filters."""
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(
        to=addresses,
        asset=assets.address_of,
        site=Site(),
        base_url=settings.ROSTRA.base_url,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        links_around=links_around,
        csrf_value=get_token,
        when=partial(when, language=language),
        avatar=avatar,
        accepted_uploads=ACCEPTED,
    )
    env.filters.update(
        number=partial(number, language=language),
        day=partial(day, language=language),
        month=partial(month, language=language),
        moment=partial(moment, language=language),
        partial_date=partial(partial_date, language=language),
        circumstances=from_text,
        iso=iso,
        reason=in_words,
        initial=initial,
        hue=hue,
        json_ld=json_ld,
        sign=lambda kind: KINDS[kind].sign if kind in KINDS else "•",
        reaction=lambda kind: translation.gettext(REACTIONS.get(str(kind), str(kind))),
        verb=lambda verb: translation.gettext(VERBS[verb]),
        claim_word=in_claim_words,
        limit_words=in_limit_words,
        setting_name=setting_words.label,
        excerpt=excerpt,
        shown_link=shown_link,
        tags=split,
        xml=xml,
        absolute=absolute,
    )
    return env


class Site:
    """What administrators decide about the forum's looks, as it is when it is asked for."""

    @property
    def name(self) -> str:
        name: str = settings.ROSTRA.site_name
        return name

    @property
    def description(self) -> str:
        words: str = settings.ROSTRA.site_description
        return words

    @property
    def logo(self) -> str:
        """The path of the picture beside the name; "" where there is none."""
        return f"/logo/{settings.ROSTRA.logo}" if settings.ROSTRA.logo else ""

    @property
    def logo_text(self) -> str:
        words: str = settings.ROSTRA.logo_text
        return words

    @property
    def colours(self) -> str:
        """The path of the stylesheet with the chosen colours; "" where none are."""
        return colours_address(settings.ROSTRA.accent) if settings.ROSTRA.accent else ""

    @property
    def largest_upload(self) -> int:
        megabytes: int = settings.ROSTRA.upload_megabytes
        return megabytes


@lru_cache(maxsize=16)
def colours_address(accent: str) -> str:
    """Return the path of the stylesheet of a colour, named by what is in it."""
    return f"/colours/{hashlib.sha256(stylesheet(accent).encode()).hexdigest()[:16]}.css"


REACTIONS = {
    "like": _("Like"),
    "thanks": _("Thanks"),
    "insightful": _("Insightful"),
    "funny": _("Funny"),
    "sad": _("Sad"),
    "disagree": _("Disagree"),
}
VERBS = {
    "see": _("See the board"),
    "read": _("Read threads"),
    "start": _("Start threads"),
    "reply": _("Reply"),
    "react": _("React"),
    "attach": _("Attach files"),
    "moderate": _("Moderate"),
}


@lru_cache(maxsize=10_000)
def number(value: int | None, language: str) -> str:
    """Return a number as the language writes it."""
    return format_decimal(value or 0, locale=_locale(language))


def day(value: date | None, language: str) -> str:
    """Return a date, be it a moment's: 20 Nov 2026; "unknown date" for None."""
    if value is None:
        return translation.gettext("unknown date")
    on = value.date() if isinstance(value, datetime) else value
    return _date(on, "medium", language)


def month(value: datetime | None, language: str) -> str:
    """Return a month: Nov 2026."""
    return _date(value.date().replace(day=1), "LLL y", language) if value else "–"


def partial_date(text: str, language: str) -> str:
    """Return a day, a month or a year as readers write it, of "2026-11-20", "2026-11", "2026".

    Of what is none of these, as an archive may have brought along, the text itself.
    """
    try:
        parts = [int(part) for part in text.split("-", 2)]
        on = date(*parts, *(1, 1)[len(parts) - 1 :])
    except ValueError:
        return text
    return _date(on, ("y", "LLL y", "medium")[len(parts) - 1], language)


def moment(value: datetime | None, language: str) -> str:
    """Return date and time: 20 Nov 2026, 07:31; "unknown date" for None."""
    if value is None:
        return translation.gettext("unknown date")
    return _moment(value.replace(second=0, microsecond=0), language)


@lru_cache(maxsize=20_000)
def when(value: datetime | None, precise: bool = False, *, language: str) -> Markup:
    """Return a time that the browser puts into the reader's own zone; "unknown date" for None."""
    if value is None:
        words = escape(translation.gettext("unknown date"))
        return Markup(f'<span class="dim">{words}</span>')  # noqa: S704 (escaped)
    return Markup(  # noqa: S704 (dates, and words of ours)
        f"<rostra-time{' precise' if precise else ''}>"
        f'<time datetime="{iso(value)}">{escape(moment(value, language))}</time></rostra-time>'
    )


@lru_cache(maxsize=4096)
def avatar(member_id: int | None, name: str, key: str = "") -> Markup:
    """Return the letter of a member or guest in their colour; names say who it is beside it.

    key: of the member's picture, which covers the letter; should it be gone, that is seen again.
    """
    kind = "" if member_id else " guest"
    picture = (
        f'<img src="/avatars/{key}-1" srcset="/avatars/{key} 2x" alt="" width="64" height="64" '
        'loading="lazy">'
        if key
        else ""
    )
    return Markup(  # noqa: S704 (escaped; a key is of our making)
        f'<span class="avatar h-{hue(member_id)}{kind}" aria-hidden="true">'
        f"{escape(initial(name))}{picture}</span>"
    )


def iso(value: datetime) -> str:
    """Return a time as machines read it."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def initial(name: str) -> str:
    """Return the letter of an avatar."""
    return next((c.upper() for c in name if c.isalnum()), "?")


def hue(value: int | None) -> int:
    """Return one of twelve hues, the same for a member everywhere."""
    return ((value or 0) * 7) % 12


def json_ld(data: dict[str, Any]) -> Markup:
    """Return JSON that cannot leave its script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for bad, good in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"),
                      ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):  # fmt: skip
        text = text.replace(bad, good)
    return Markup(text)  # noqa: S704 (escaped above)


def shown_link(link: str, limit: int = 90) -> str:
    """Return an address as it reads: without its beginning, cut where it is long."""
    words = link.split("://", 1)[-1].removeprefix("www.").rstrip("/")
    return words if len(words) <= limit else f"{words[: limit - 1]}…"


def xml(text: object) -> str:
    """Return text without the characters that XML cannot hold; escaping comes after."""
    return _NOT_XML.sub("\ufffd", str(text))


def absolute(html: str) -> str:
    """Return a fragment whose links to this forum say where it is; a text, to be escaped."""
    base_url: str = settings.ROSTRA.base_url
    html = str(html)  # markup would escape what is put into it
    for name in ("href", "src", "srcset"):
        html = html.replace(f' {name}="/', f' {name}="{base_url}/')
    return html


@lru_cache(maxsize=10_000)
def _date(value: Any, shape: str, language: str) -> str:
    return format_date(value, shape, locale=_locale(language))


@lru_cache(maxsize=20_000)
def _moment(value: datetime, language: str) -> str:
    return format_datetime(value, _MOMENT[language], locale=_locale(language))


def _locale(language: str) -> str:
    return {"en": "en_GB"}.get(language, language)


_MOMENT = {"en": "d MMM y, HH:mm", "ar": "d MMM y، HH:mm"}
