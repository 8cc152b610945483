"""What may be uploaded, told by its first bytes and its name; what it is given out as. Pure.

No type that a browser said is ever believed or given out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

type Kind = Literal["picture", "file", "avatar"]

PICTURES: dict[str, str] = {  # the decoder's name → what it begins with
    "JPEG": r"\xff\xd8\xff",
    "PNG": r"\x89PNG\r\n\x1a\n",
    "GIF": r"GIF8[79]a",
    "WEBP": r"RIFF.{4}WEBP",
    "AVIF": r".{4}ftypavi[fs]",
}
_BEGINNINGS = {
    name: re.compile(signs.encode("latin-1"), re.DOTALL) for name, signs in PICTURES.items()
}


class Form(NamedTuple):
    """What a stored thing is given out as."""

    type: str
    begins: bytes = b""  # what a file of this ending must begin with
    is_text: bool = False


# By ending. Nothing here is shown in a browser but the pictures, which we made ourselves.
FORMS: dict[str, Form] = {
    "webp": Form("image/webp"),
    "pdf": Form("application/pdf", b"%PDF-"),
    "txt": Form("text/plain; charset=utf-8", is_text=True),
    "md": Form("text/plain; charset=utf-8", is_text=True),
    "csv": Form("text/csv; charset=utf-8", is_text=True),
    "zip": Form("application/zip", b"PK\x03\x04"),
    "odt": Form("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "ods": Form("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
    "odp": Form("application/vnd.oasis.opendocument.presentation", b"PK\x03\x04"),
    "docx": Form(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04"
    ),
    "xlsx": Form(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"
    ),
    "pptx": Form(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", b"PK\x03\x04"
    ),
}
PICTURE_FORM = "webp"  # what every picture is made into
FILES = tuple(name for name in FORMS if name != PICTURE_FORM)
# What a form's field of files offers to choose from.
ACCEPTED = ",".join(
    ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", *(f".{n}" for n in FILES))
)
LONGEST_NAME = 100

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f"<>:|?*\\/\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


def picture_in(data: bytes) -> str | None:
    """Return which picture something begins as, by the decoder's name, or None."""
    return next((name for name, begins in _BEGINNINGS.items() if begins.match(data)), None)


def file_form(data: bytes, name: str) -> str | None:
    """Return the form of a file that may be here: by its ending, and beginning as that must."""
    ending = name.rpartition(".")[2].lower()
    if "." not in name or ending not in FILES:
        return None
    form = FORMS[ending]
    if form.is_text:
        return ending if _is_text(data) else None
    return ending if data.startswith(form.begins) else None


def file_name(name: str, form: str) -> str:
    """Return the name a file is given out under: no path, nothing unseen, its own ending once."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    stem = _UNFIT.sub("", name.rpartition(".")[0]).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"{stem or 'file'}.{form}"


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
