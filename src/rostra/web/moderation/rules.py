"""The rules of the forum: as they stand, as they stood, and the form that changes them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from rostra.forum.access.actions import change_rule
from rostra.forum.access.rules import may_manage_rules
from rostra.forum.modlog import rulebook
from rostra.forum.modlog.rulebook import RuleRow
from rostra.forum.modlog.rules import Wording
from rostra.kernel.errors import Invalid
from rostra.web.forms import fields, see_other
from rostra.web.request import RostraRequest


@require_safe
def index(request: RostraRequest) -> HttpResponse:
    """Show the rules that hold, and what was a rule once."""
    found = rulebook.newest(rulebook.history())
    context = {
        "rules": [rule for rule in found if rule.is_in_force],
        "gone": [rule for rule in found if not rule.is_in_force],
        "may_edit": bool(may_manage_rules(request.viewer)),
    }
    return render(request, "moderation/rules.html", context)


@require_safe
def versions(request: RostraRequest, code: str) -> HttpResponse:
    """Show a rule in every version it had, each with the day it took effect."""
    found = rulebook.versions_of(code)
    context = {"versions": found, "may_edit": bool(may_manage_rules(request.viewer))}
    return render(request, "moderation/rule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: RostraRequest) -> HttpResponse:
    """Write a further rule."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: RostraRequest, code: str) -> HttpResponse:
    """Write a rule anew, or take it back; what it said before stays readable."""
    may_manage_rules(request.viewer).enforce()
    return _form(request, rulebook.versions_of(code)[0])


def _form(request: RostraRequest, rule: RuleRow | None) -> HttpResponse:
    may_manage_rules(request.viewer).enforce()
    errors: dict[str, str] = {}
    values = {
        "title": rule.title if rule else "",
        "text": rule.text if rule else "",
        "seen": str(rule.version) if rule else "0",
        "holds": "1" if rule is None or rule.is_in_force else "",
        "reason": "",
    }
    if request.method == "POST":
        values = fields(request, *values)
        try:
            change_rule(
                request.viewer,
                rule.code if rule else "",
                Wording(values["title"], values["text"]),
                is_in_force=rule is None or values["holds"] == "1",
                seen=int(values["seen"]) if values["seen"].isdecimal() else 0,
                reason=values["reason"],
            )
        except Invalid as error:
            errors = error.fields
            if "seen" in errors and rule is not None:
                values["seen"] = str(rule.version)  # said once, with the words of now above
        else:
            return see_other("/rules")
    context = {"rule": rule, "values": values, "errors": errors}
    return render(request, "moderation/edit_rule.html", context, status=422 if errors else 200)
