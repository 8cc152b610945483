"""Giving out what was uploaded, and taking in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostra.content.media import formats, remote, storage
from rostra.content.media.queries import UploadRow
from rostra.forum.documents.queries import picture_for
from rostra.forum.members.queries import card_of
from rostra.forum.uploads.actions import choose_avatar, drop_avatar, upload_file
from rostra.forum.uploads.queries import avatar_of, file_for
from rostra.kernel.errors import Invalid, NotFound, Refused, TooMany
from rostra.web import limits
from rostra.web.attaching import told, written
from rostra.web.errors import STATUS
from rostra.web.forms import fields, files_in, see_other
from rostra.web.request import RostraRequest

# Whatever it holds: a document of its own without scripts, forms, origin.
SANDBOX = "default-src 'none'; frame-ancestors 'self'; sandbox"
# A guest's browser asks again after five minutes, a member's each time: what a moderator removed,
# or who logged out, is not shown from memory for longer. No cache between keeps any of it.
FOR_GUESTS, FOR_MEMBERS = "private, max-age=300", "private, no-cache"
FOR_AVATARS = "private, max-age=3600"
EXPECTED = (Invalid, Refused, TooMany)


@limits.gives_files
@require_safe
def file(request: RostraRequest, wanted: tuple[str, int]) -> HttpResponse:
    """Give out a picture or a file to who may read where it is shown (SEC-057)."""
    cached = FOR_GUESTS if request.viewer.is_guest else FOR_MEMBERS
    return upload_answer(request, file_for(request.viewer, wanted[0]), wanted[1], cached)


@limits.gives_files
@require_safe
def avatar(request: RostraRequest, wanted: tuple[str, int]) -> HttpResponse:
    """Give out a member's picture."""
    return upload_answer(request, avatar_of(wanted[0]), wanted[1], FOR_AVATARS)


@limits.gives_files
@require_safe
def remote_picture(request: RostraRequest, wanted: tuple[str, int]) -> HttpResponse:
    """Give out another site's picture to who may read where it is shown.

    Nothing is fetched here, and no address is taken: only what posts lead to has a key (SEC-039).
    """
    key, step = wanted
    row = picture_for(request.viewer, key)
    if not row.is_shown or step > row.steps:
        raise NotFound
    cached = FOR_GUESTS if request.viewer.is_guest else FOR_MEMBERS
    etag = f'"{key}-{step}-{row.fetched_at:%Y%m%d%H%M%S}"'
    if row.sha256:  # where its file is lost, that is the operator's to find again, as with uploads
        return _given(request, row.name(step), etag, formats.PICTURE_FORM, cached)
    if row.state == remote.State.KEPT:
        with suppress(NotFound):  # its folder is in no backup
            return _given(request, row.name(step), etag, formats.PICTURE_FORM, cached)
    remote.ask_again(row)  # its words are seen, and the picture is soon
    return HttpResponse(status=404, headers={"Cache-Control": "no-store"})


@require_POST
def upload(request: RostraRequest) -> HttpResponse:
    """Take one file in for the composer of an open page; say what to write for it, as JSON."""
    fields(request, files="file")
    brought = files_in(request, "file")
    try:
        if len(brought) != 1:
            raise Invalid({"file": "file_empty"})
        row = upload_file(request.viewer, brought[0].name or "", brought[0].read())
    except EXPECTED as error:
        status = 429 if isinstance(error, TooMany) else STATUS[type(error)]
        return JsonResponse({"error": told(error)}, status=status)
    return JsonResponse({"source": written(row, ""), "kind": row.kind})


@require_http_methods(["GET", "HEAD", "POST"])
def own_picture(request: RostraRequest) -> HttpResponse:
    """Choose the picture beside one's name, or take it away."""
    member_id = request.viewer.require_member()
    error, status = "", 200
    if request.method == "POST":
        try:
            _choose(request)
            return see_other("/account/picture?saved=1")
        except EXPECTED as refused:
            error = told(refused)
            status = 429 if isinstance(refused, TooMany) else STATUS[type(refused)]
    context = {
        "card": card_of(member_id),
        "error": error,
        "saved": request.GET.get("saved") == "1",
    }
    return render(request, "media/picture.html", context, status=status)


def _choose(request: RostraRequest) -> None:
    if fields(request, "do", files="picture")["do"] == "remove":
        drop_avatar(request.viewer)
        return
    brought = files_in(request, "picture")
    if len(brought) != 1:
        raise Invalid({"file": "file_empty"})
    choose_avatar(request.viewer, brought[0].read())


def upload_answer(request: RostraRequest, row: UploadRow, step: int, cached: str) -> HttpResponse:
    if step > row.steps:
        raise NotFound
    etag = f'"{row.key}-{step}"'  # what lies under a key never changes
    answer = _given(request, storage.name_of(row.key, step), etag, row.form, cached)
    if row.kind == "file" and answer.status_code == 200:
        header = content_disposition_header(as_attachment=True, filename=row.name)
        answer.headers["Content-Disposition"] = header or "attachment"
    return answer


def _given(request: RostraRequest, name: str, etag: str, form: str, cached: str) -> HttpResponse:
    """Return what lies in the storage, under a type of our own table and nobody else's."""
    return answer_of(request, lambda: storage.get(name), etag, form, cached)


def answer_of(
    request: RostraRequest, content: Callable[[], bytes], etag: str, form: str, cached: str
) -> HttpResponse:
    """Return some content, asked for where the browser does not have it, in its sandbox."""
    if etag in request.headers.get("If-None-Match", ""):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(content(), content_type=formats.FORMS[form].type)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = cached
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
