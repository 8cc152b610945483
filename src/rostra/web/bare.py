"""Answers for when not even a template can be trusted: no database, no viewer, few words."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from rostra.web.request import language_wanted

HTML = "text/html; charset=utf-8"
_WORDS = {
    400: gettext_noop("This request cannot be understood."),
    403: gettext_noop("This is not open to you."),
    404: gettext_noop("There is no such page, or it is not open to you."),
    411: gettext_noop("This came without its length, which is needed."),
    413: gettext_noop("This is too large. Nothing was changed."),
    429: gettext_noop("You asked for this very often in a short time. Wait, then try again."),
    500: gettext_noop("Something went wrong here. Nothing was changed."),
    503: gettext_noop("This cannot be done just now. Nothing was changed; try again in a moment."),
}


def bare(status: int, accepted: str = "", number: str = "") -> HttpResponse:
    """Return an answer; see `page`."""
    return HttpResponse(page(status, accepted, number), status=status, content_type=HTML)


def page(status: int, accepted: str = "", number: str = "") -> bytes:
    """Return a page that says what a status means, whole in itself.

    accepted: the languages a browser accepts; number: the request's, to tell the operator.
    """
    language = language_wanted(accepted)
    with translation.override(language):
        body = format_html("<p>{}", gettext(_WORDS.get(status, _WORDS[500])))
        if number:
            tell = gettext("Tell the operator this number: %(number)s")
            body += format_html("<p>{}", tell % {"number": number})
        return document(str(status), body, language)


def document(title: str, body: SafeString, language: str) -> bytes:
    """Return a page that needs nothing else; call it with its language active."""
    side = "rtl" if translation.get_language_bidi() else "ltr"
    return (
        f'<!doctype html><html lang="{language}" dir="{side}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title>{body}\n"
    ).encode()
