"""What was uploaded, in a post: a picture in its sizes, a file to take along.

    ![what it shows](upload:KEY)    a picture; the words are for those who do not see it
    [what it is](upload:KEY)        a file

Pictures of other sites are links in what is kept; pages put them in where they have them.

A key that this source may not show is words: see `threads.rendering` for whose may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from rostra.content.markup.findings import Findings
from rostra.content.markup.links import REL
from rostra.content.markup.references import Known, UploadRef
from rostra.content.markup.text import balanced, escape, escape_value
from rostra.content.media.decoder import WIDTHS

_REMOTE = re.compile(
    r'(<a class="remote-image" href="([^"<>]*)" rel="[^"<>]*">)'
    r'<span data-word="image"></span> ([^<>]*)</a>'
)
ADDRESS = re.compile(r"upload:([0-9a-f]{32})")
LONGEST_ALT = 500


def keys_in(source: str) -> frozenset[str]:
    """Return the keys of uploads that a source may show."""
    return frozenset(ADDRESS.findall(source)) if "upload:" in source else frozenset()


def is_upload(url: str) -> bool:
    """Tell whether an address is that of something uploaded."""
    return ADDRESS.fullmatch(url) is not None


def picture(url: str, alt: str, found: Findings, known: Known, *, linked: bool) -> str:
    """Write what is uploaded as a picture; a file as a link, what is not known as its words."""
    alt = " ".join(alt.split())[:LONGEST_ALT]
    upload = _found(url, known)
    if upload is None:
        return (
            f'<span class="picture"><span data-word="image"></span> {escape(balanced(alt))}</span>'
        )
    if upload.kind == "file":
        opening, closing = file_link(url, found, known)
        label = escape(balanced(alt)) or upload.form
        return f"{opening}{label}{closing}" if linked else label
    found.add_upload(upload)
    shown = _img(upload, balanced(alt))
    if not linked:
        return shown
    # Nothing said of it: the link still needs a name.
    named = "" if alt else '<span class="unseen"><span data-word="image"></span></span>'
    return f'<a class="picture" href="/files/{upload.key}" rel="{REL}">{shown}{named}</a>'


def file_link(url: str, found: Findings, known: Known) -> tuple[str, str]:
    """Write what stands before and after the words that link to an upload; nothing if unknown."""
    upload = _found(url, known)
    if upload is None:
        return "", ""
    found.add_upload(upload)
    opening = f'<a class="file" href="/files/{upload.key}" rel="{REL}">'
    if upload.kind == "picture":
        return opening, "</a>"
    about = f"{upload.form.upper()}, {_size(upload.size)}"
    return opening, f'</a> <span class="file">{about}</span>'


def _found(url: str, known: Known) -> UploadRef | None:
    address = ADDRESS.fullmatch(url)
    return known.uploads.get(address[1]) if address else None


def with_pictures(html: str, picture_at: Callable[[str], UploadRef | None]) -> str:
    """Return a fragment with other sites' pictures in place of the links that stand for them.

    picture_at: what is shown of the picture at an address; None leaves the link.
    """

    def put(found: re.Match[str]) -> str:
        upload = picture_at(unescape(found[2]))
        if upload is None:
            return found[0]
        return f"{found[1]}{_img(upload, unescape(found[3]), '/pictures')}</a>"

    return _REMOTE.sub(put, html) if 'class="remote-image"' in html else html


def _img(upload: UploadRef, alt: str, folder: str = "/files") -> str:
    address = f"{folder}/{upload.key}"
    width, height, step, wide = upload.width, upload.height, "", ""
    if upload.steps:
        width, height = WIDTHS[0], max(1, round(upload.height * WIDTHS[0] / upload.width))
        step = "-1"
        wide = f' srcset="{address}{"-2" if upload.steps > 1 else ""} 2x"'
    return (
        f'<img src="{address}{step}"{wide} alt="{escape_value(alt)}" width="{width}" '
        f'height="{height}" loading="lazy" decoding="async">'
    )


def _size(size: int) -> str:
    """Return a size as it reads in every language that knows the signs."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
