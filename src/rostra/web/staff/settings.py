"""The settings that are the forum's own, on five pages with one search; the machine's are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.choices import colours, queries, rules
from rostra.forum.choices.actions import Wish, choose, choose_logo
from rostra.forum.choices.queries import Value
from rostra.kernel.errors import Invalid, NotFound
from rostra.web import query, setting_words, sure
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import fields, files_in, see_other
from rostra.web.request import RostraRequest

LOGO = ("logo_text", "was-logo", "was-logo_text", "reason", "do")


OF_LOGO = ("logo", "logo_text")  # a page of its own has these


class Line(NamedTuple):
    """A setting as a form shows it: as it stands, as it was seen, and what is typed."""

    value: Value
    typed: str
    was: str
    is_to_default: bool = False
    error: str = ""
    suggestion: str = ""

    @property
    def name(self) -> str:
        return self.value.setting.name


@require_safe
@sure.members_only
def index(request: RostraRequest) -> HttpResponse:
    """Show the pages, what a search finds on them, and what is set where the forum is started."""
    rules.may_choose(request.viewer).enforce()
    wanted = query.words(request, "q")
    values = queries.values()
    context = {
        "pages": {page: rules.on_page(page) for page in rules.PAGES},
        "wanted": wanted,
        "found": [one for one in values.values() if wanted and _has(one.setting.name, wanted)],
        "machine": [
            one for one in queries.of_machine() if all(word in one.name for word in _words(wanted))
        ],
        "words": setting_words,
    }
    return render(request, "staff/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def page(request: RostraRequest, page: str) -> HttpResponse:
    """Show the settings of a page, and change some of them."""
    rules.may_choose(request.viewer).enforce()
    if page not in rules.PAGES:
        raise NotFound
    if request.method != "POST" and not sure.is_sure(request):
        return sure.ask_again(request)
    values = queries.values()
    names = [one.name for one in rules.on_page(page) if one.name not in OF_LOGO]
    typed: dict[str, str] = {}
    error: Expected | None = None
    if request.method == "POST":
        asked = [name for name in names if not values[name].is_fixed]
        before = [f"{how}-{name}" for name in asked for how in ("was", "default")]
        typed = fields(request, *asked, *before, "reason")
        try:
            sure.be_sure(request)
            choose(request.viewer, _wishes(asked, typed), reason=typed["reason"])
            return see_other(f"/staff/settings/{page}?saved=1")
        except EXPECTED as refused:
            error = refused
        values = queries.values()  # somebody may have been faster
    context = {
        "page": page,
        "lines": [_line(values[name], typed, _errors(error)) for name in names],
        "logo": [values["logo"], values["logo_text"]] if page == "forum" else [],
        "reason_typed": typed.get("reason", ""),
        "saved": request.GET.get("saved") == "1" and error is None,
        "to_confirm": sure.to_confirm(request, error),
        "words": setting_words,
        "errors": _errors(error),
        "refusal": refusal_of(error),
    }
    return render(request, "staff/settings_page.html", context, status=status_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def logo(request: RostraRequest) -> HttpResponse:
    """Bring a picture to stand beside the forum's name, or take it away."""
    rules.may_choose(request.viewer).enforce()
    if request.method != "POST" and not sure.is_sure(request):
        return sure.ask_again(request)
    values = queries.values()
    typed = {
        "logo_text": values["logo_text"].now,
        "was-logo": values["logo"].now,
        "was-logo_text": values["logo_text"].now,
        "reason": "",
    }
    error: Expected | None = None
    if request.method == "POST":
        typed = fields(request, *LOGO, files="picture")
        try:
            sure.be_sure(request)
            _choose_logo(request, typed)
            return see_other("/staff/settings/forum?saved=1")
        except EXPECTED as refused:
            error = refused
    context = {
        "values": typed,
        "logo": values["logo"],
        "is_fixed": values["logo"].is_fixed or values["logo_text"].is_fixed,
        "was": {
            name: values[name].now if name in _errors(error) else typed[f"was-{name}"]
            for name in OF_LOGO
        },
        "to_confirm": sure.to_confirm(request, error),
        "errors": _errors(error),
        "refusal": refusal_of(error),
    }
    return render(request, "staff/logo.html", context, status=status_of(error))


def _choose_logo(request: RostraRequest, typed: Mapping[str, str]) -> None:
    seen = {name: typed[f"was-{name}"] for name in OF_LOGO}
    if typed["do"] == "remove":
        wishes = {name: Wish(None, was) for name, was in seen.items()}
        choose(request.viewer, wishes, reason=typed["reason"])
        return
    brought = files_in(request, "picture")
    if len(brought) > 1:
        raise Invalid({"file": "not_a_choice"})
    data = brought[0].read() if brought else b""
    if brought and not data:
        raise Invalid({"file": "file_empty"})
    choose_logo(request.viewer, data, typed["logo_text"], seen=seen, reason=typed["reason"])


def _wishes(names: list[str], typed: Mapping[str, str]) -> dict[str, Wish]:
    """Return what is wished of the settings of a form."""
    return {
        name: Wish(None if typed[f"default-{name}"] == "1" else typed[name], typed[f"was-{name}"])
        for name in names
    }


def _line(value: Value, typed: Mapping[str, str], errors: Mapping[str, str]) -> Line:
    name = value.setting.name
    if not typed or value.is_fixed:
        return Line(value, _as_typed(value.setting.kind, value.now), value.now)
    error = errors.get(name, "")
    was, suggestion = typed[f"was-{name}"], ""
    if error == "colour_too_pale":
        suggestion = colours.nearest(typed[name].strip().lower())
    if error == "setting_changed_meanwhile":  # they are told, and may put theirs in its place
        was, suggestion = value.now, setting_words.option(name, value.now) or "–"
    return Line(value, typed[name], was, typed[f"default-{name}"] == "1", error, suggestion)


def _as_typed(kind: str, value: str) -> str:
    return value.replace("; ", "\n") if kind == "steps" else value


def _errors(error: Expected | None) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {}


def _has(name: str, wanted: str) -> bool:
    told = f"{name} {setting_words.label(name)} {setting_words.explanation(name)}".casefold()
    return all(word in told for word in _words(wanted))


def _words(wanted: str) -> list[str]:
    return wanted.casefold().split()
