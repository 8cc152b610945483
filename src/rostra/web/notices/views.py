"""Notices: listed, written with a preview, changed, ended; and dismissed by members."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostra.forum.boards.queries import whole_tree
from rostra.forum.notices import rules
from rostra.forum.notices.actions import change_notice, dismiss_notice, end_notice, write_notice
from rostra.forum.notices.queries import NoticeRow, fragment_of, notice_for, notices_for
from rostra.forum.notices.rules import Plan
from rostra.kernel import clock
from rostra.kernel.errors import Invalid
from rostra.web import query, sure
from rostra.web.form_page import EXPECTED, Expected, refusal_of, status_of
from rostra.web.forms import TOKEN, fields, id_in, see_other
from rostra.web.fragments import worded
from rostra.web.request import RostraRequest

PER_PAGE = 20
TEXTS = tuple(f"text-{code}" for code, _name in settings.LANGUAGES)
FORM = (*TEXTS, "audience", "starts", "ends", "dismissible", "reason", "seen", "do")
WORDS = {
    "everybody": _("Everybody"),
    "guests": _("Guests"),
    "members": _("Members"),
    "shown": _("Shown now"),
    "planned": _("Planned"),
    "over": _("Over"),
}


@require_safe
@sure.members_only
def index(request: RostraRequest) -> HttpResponse:
    """List the notices that stand or will, and those that are over."""
    before = query.whole(request, "before")
    standing, over = notices_for(request.viewer, before=before, limit=PER_PAGE + 1)
    context = {
        "standing": standing,
        "over": over[:PER_PAGE],
        "further": over[PER_PAGE - 1].id if len(over) > PER_PAGE else None,
        "most": rules.MOST,
        "at": clock.now(),
        "boards": whole_tree().rows,
        **_common(),
    }
    return render(request, "notices/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def new(request: RostraRequest) -> HttpResponse:
    """Write a notice, with the words of one before where the address names it."""
    rules.may_write_notices(request.viewer).enforce()
    like = query.whole(request, "like")
    return _form(request, None, notice_for(request.viewer, like) if like else None)


@require_http_methods(["GET", "HEAD", "POST"])
@sure.members_only
def edit(request: RostraRequest, notice_id: int) -> HttpResponse:
    """Change a notice, or end it."""
    notice = notice_for(request.viewer, notice_id)
    return _form(request, notice, notice)


@require_POST
def dismiss(request: RostraRequest, notice_id: int) -> HttpResponse:
    """Show a notice to this member no more, and go back to where they were."""
    typed = fields(request, "next")
    dismiss_notice(request.viewer, notice_id)
    return see_other(query.local_path(typed["next"]))


def _form(request: RostraRequest, notice: NoticeRow | None, like: NoticeRow | None) -> HttpResponse:
    zone = _zone_of(request)
    values, boards = _as_typed(like, zone, is_new=notice is None)
    error: Expected | None = None
    if request.method == "POST":
        values, boards = _typed(request)
        try:
            if values["do"] != "preview":
                _do(request, notice, values, boards, zone)
                return see_other("/staff/notices")
        except EXPECTED as refused:
            error = refused
    tree = whole_tree()
    context = {
        "notice": notice,
        "state": notice.state(clock.now()) if notice else "",
        "values": values,
        "chosen": boards,
        "boards": [(row, len(tree.path(row.id)) - 1) for row in tree.in_order()],
        "audiences": rules.AUDIENCES,
        "longest": rules.LONGEST,
        "zone": str(zone),
        "previews": _previews(values, request.viewer.boards_version),
        "errors": error.fields if isinstance(error, Invalid) else {},
        "refusal": refusal_of(error),
        **_common(),
    }
    return render(request, "notices/edit.html", context, status=status_of(error))


def _do(
    request: RostraRequest,
    notice: NoticeRow | None,
    values: dict[str, str],
    boards: list[int],
    zone: tzinfo,
) -> None:
    """Do what a button of the form says."""
    viewer, reason = request.viewer, values["reason"]
    if notice is not None and values["do"] == "end":
        end_notice(viewer, notice.id, reason=reason)
        return
    if values["do"] != "save":
        raise Invalid({"form": "not_a_choice"})
    plan = Plan(
        texts={name.removeprefix("text-"): values[name] for name in TEXTS},
        audience=values["audience"],
        boards=tuple(boards),
        starts_at=_moment_in("starts", values, zone),
        ends_at=_moment_in("ends", values, zone),
        is_dismissible=values["dismissible"] == "1",
    )
    if notice is None:
        write_notice(viewer, plan, reason=reason)
    else:
        change_notice(viewer, notice.id, plan, seen=id_in(values["seen"]), reason=reason)


def _typed(request: RostraRequest) -> tuple[dict[str, str], list[int]]:
    """Return the fields of the form, and which boards are ticked: that one may come often."""
    for name, typed in request.POST.lists():
        if name not in (*FORM, "board", TOKEN) or (name != "board" and len(typed) != 1):
            raise Invalid({"form": "unknown_field"})
    ticked = [id_in(one) for one in request.POST.getlist("board")]
    return {name: request.POST.get(name, "") for name in FORM}, ticked


def _as_typed(
    like: NoticeRow | None, zone: tzinfo, *, is_new: bool
) -> tuple[dict[str, str], list[int]]:
    """Return what the form begins with: the notice to be changed, or one to be written again."""
    values = dict.fromkeys(FORM, "") | {"audience": "everybody", "dismissible": "1"}
    if like is None:
        return values, []
    values |= {f"text-{code}": words for code, words in like.texts.items()}
    values |= {"audience": like.audience, "dismissible": "1" if like.is_dismissible else ""}
    if not is_new:
        values |= {
            "seen": str(like.edits),
            "starts": _local(like.starts_at, zone),
            "ends": _local(like.ends_at, zone) if like.ends_at else "",
        }
    return values, list(like.board_ids)


def _previews(values: dict[str, str], version: int) -> list[tuple[str, Any]]:
    """Return each language that has words with them as they will be shown, where it is asked."""
    if values["do"] != "preview":
        return []
    texts = ((name.removeprefix("text-"), values[name].strip()) for name in TEXTS)
    return [(code, worded(fragment_of(words, version)).html) for code, words in texts if words]


def _moment_in(name: str, values: dict[str, str], zone: tzinfo) -> datetime | None:
    """Return the moment that a field says, in the member's zone; None for an empty one."""
    typed = values[name].strip()
    if not typed:
        return None
    try:
        moment = datetime.fromisoformat(typed)
        if moment.tzinfo is not None or not 2000 <= moment.year < 2200:
            raise ValueError
    except ValueError:
        raise Invalid({name: "not_a_moment"}) from None
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _local(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _zone_of(request: RostraRequest) -> ZoneInfo:
    try:
        return ZoneInfo(request.viewer.look.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):  # chosen on a machine that knew more of them
        return ZoneInfo("UTC")


def _common() -> dict[str, Any]:
    return {
        "languages": dict(settings.LANGUAGES),
        "in_words": lambda name: gettext(WORDS[name]),
    }
