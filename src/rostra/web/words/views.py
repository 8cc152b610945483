"""The list of watched words, with a field to try what they would do."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods

from rostra.forum.threads.rules import SOURCE_LENGTH
from rostra.forum.words import queries
from rostra.forum.words.actions import unwatch_words, watch_words
from rostra.forum.words.rules import ACTS
from rostra.kernel.errors import Invalid
from rostra.web import query
from rostra.web.form_page import EXPECTED, Expected, preview_of, refusal_of, status_of
from rostra.web.forms import TOKEN, id_in, see_other
from rostra.web.request import RostraRequest

PER_PAGE = 100
FORM = ("do", "words", "act", "link", "reason", "try")
WORDS = {
    "block": _("Not taken"),
    "censor": _("Shown covered"),
    "hold": _("Waits for approval"),
    "link": _("Shown as a link"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: RostraRequest) -> HttpResponse:
    """List watched words; watch more, fewer, or try a text."""
    queries.may_watch(request.viewer)
    act = query.one_of(request, "act", ("", *ACTS)) if request.GET.get("act") else ""
    after = query.whole(request, "after") or 0
    values = dict.fromkeys(FORM, "")
    chosen: list[int] = []
    error: Expected | None = None
    if request.method == "POST":
        values, chosen = _typed(request)
        try:
            is_done = _change(request, values, chosen)
        except EXPECTED as refused:
            error = refused
        else:
            if is_done:
                return see_other("/staff/words")
    found, count = queries.words_for(request.viewer, act=act, after=after, limit=PER_PAGE + 1)
    tried = values["try"] if values["do"] == "try" else ""
    context = {
        "rows": found[:PER_PAGE],
        "count": count,
        "act": act,
        "further": found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        "acts": {name: gettext(words) for name, words in WORDS.items()},
        "values": values,
        "chosen": chosen,
        "found": _in_text(tried),
        "preview": preview_of(request, tried, "") if tried else None,
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
    }
    return render(request, "words/index.html", context, status=status_of(error))


def _typed(request: RostraRequest) -> tuple[dict[str, str], list[int]]:
    """Return the fields of the form, and which words are ticked: that one may come often."""
    for name, values in request.POST.lists():
        if name not in (*FORM, "word", TOKEN) or (name != "word" and len(values) != 1):
            raise Invalid({"form": "unknown_field"})
    ticked = [id_in(text) for text in request.POST.getlist("word")[:PER_PAGE]]
    return {name: request.POST.get(name, "") for name in FORM}, ticked


def _change(request: RostraRequest, values: dict[str, str], chosen: list[int]) -> bool:
    """Do what the form asks for; return whether anything was changed."""
    match values["do"]:
        case "try":
            return False
        case "watch":
            lines = values["words"].splitlines()
            watch_words(
                request.viewer, lines, values["act"], link=values["link"], reason=values["reason"]
            )
        case "unwatch":
            unwatch_words(request.viewer, chosen, reason=values["reason"])
        case _:
            raise Invalid({"form": "not_a_choice"})
    return True


def _in_text(text: str) -> list[tuple[str, str, str]]:
    """Return what would be found in a text: what is said there, the word it is, and its act."""
    text = text[:SOURCE_LENGTH]
    found = queries.watched().every.find(text)
    rows = [(text[one.start : one.end], one.word.word, one.word.act) for one in found]
    return list(dict.fromkeys(rows))[:50]
