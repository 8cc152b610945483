"""Reading a form: the fields it has and no others, each once, each a text."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse

from rostra.kernel.errors import Invalid

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of the field)


def fields(request: HttpRequest, *names: str, files: str = "") -> dict[str, str]:
    """Return the named fields of a form, "" for an absent one.

    files: the one field that may hold files; `files_in` returns them.

    Raises Invalid for a field that is not of the form, or that comes twice (SEC-064).
    """
    for name, values in request.POST.lists():
        if files and name == files and values == [""]:
            continue  # where nothing was chosen Django takes it for a text
        if name != TOKEN and (name not in names or len(values) != 1):
            raise Invalid({"form": "unknown_field"})
    if set(request.FILES) - {files}:
        raise Invalid({"form": "unknown_field"})
    return {name: request.POST.get(name, "") for name in names}


def files_in(request: HttpRequest, name: str) -> list[UploadedFile[Any]]:
    """Return the files of a form's field, without the nothing that an empty one sends."""
    return [file for file in request.FILES.getlist(name) if file.name]


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form."""
    return HttpResponse(status=303, headers={"Location": address})


def id_in(text: str) -> int:
    """Return an id as a form brings it; 0, which nothing has, for anything else."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else 0
