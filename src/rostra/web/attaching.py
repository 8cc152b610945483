"""Files in a form with a composer: taken in, and written into the words."""

from __future__ import annotations

from django.utils.translation import ngettext

from rostra.content.media.queries import UploadRow
from rostra.forum.access.viewer import Viewer
from rostra.forum.uploads.actions import upload_file
from rostra.forum.uploads.rules import may_upload
from rostra.kernel.errors import Invalid, Refused, TooMany
from rostra.web.forms import files_in
from rostra.web.reasons import in_words
from rostra.web.request import RostraRequest

FIELD = "files"


def with_files(request: RostraRequest, values: dict[str, str]) -> dict[str, str]:
    """Return the values of a form with what was chosen in it written behind the words.

    Raises what `upload_file` raises; `values` then has what was taken in before that, and the
    words of it all stay.
    """
    for brought in files_in(request, FIELD):
        row = upload_file(request.viewer, brought.name or "", brought.read())
        line = written(row, values["alt"])
        values["source"] = f"{values['source'].rstrip()}\n\n{line}\n".lstrip("\n")
    values["alt"] = ""
    return values


def written(row: UploadRow, alt: str) -> str:
    """Return how an upload is written in a post; `alt`: what a picture shows."""
    words = " ".join(alt.replace("[", "(").replace("]", ")").replace("\\", "/").split())[:500]
    if row.kind == "picture":
        return f"![{words}](upload:{row.key})"
    name = row.name.replace("[", "(").replace("]", ")")
    return f"[{name}](upload:{row.key})"


def told(error: Invalid | Refused | TooMany) -> str:
    """Return in words why something was not taken in."""
    if isinstance(error, Invalid):
        return " ".join(in_words(reason) for reason in error.fields.values())
    if isinstance(error, Refused):
        return in_words(error.reason)
    when = ngettext(
        "You can go on in %(n)s second.", "You can go on in %(n)s seconds.", error.seconds
    )
    return f"{in_words(error.reason)} {when % {'n': error.seconds}}" if error.reason else when


def may_attach(viewer: Viewer, board_id: int) -> bool:
    """Return whether a composer for a board offers to take files."""
    return bool(may_upload(viewer)) and viewer.can("attach", board_id)
