"""PDFs and plain texts that are linked to: what is kept of them, and what breaks nothing."""

from __future__ import annotations

import time
import zlib
from datetime import UTC, datetime

import pytest

from rostra.content.previews import reader
from rostra.content.previews.pages import Unreadable, read_apart

URL = "https://authority.example/report"
ABOUT = (
    b"/Title (The barrier in numbers) /Author (R. Ferris, J. Quay) "
    b"/CreationDate (D:20261120071000Z) /ModDate (D:20261121080000+01'00')"
)


def pdf(*lines, about=ABOUT, language=b"en-GB", content=None):
    """Return a PDF of one page with these lines, as small programs write it."""
    shown = b"".join(b"(" + line + b") Tj T* " for line in lines)
    stream = content or zlib.compress(b"BT /F1 12 Tf 14 TL 72 720 Td " + shown + b"ET")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (" + language + b") >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >> stream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< " + about + b" >>",
    ]
    made, places = b"%PDF-1.7\n", []
    for number, said in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, said)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    tail = b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF"
    return made + head + tail % (len(objects) + 1, len(made))


def test_what_a_pdf_says_of_itself():
    found = read_apart(pdf(b"The gauge stood", b"at three metres."), "application/pdf", URL)
    assert (found.title, found.authors) == ("The barrier in numbers", "R. Ferris, J. Quay")
    assert (found.kind, found.language, found.url) == ("pdf", "en-GB", URL)
    assert (found.published_at, found.is_exact) == (datetime(2026, 11, 20, 7, 10, tzinfo=UTC), True)
    assert found.modified_at == datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
    assert found.text == "The gauge stood\nat three metres."


def test_a_pdf_is_one_whatever_it_is_called():
    assert read_apart(pdf(b"Words"), "text/html", URL).kind == "pdf"


def test_the_first_line_is_the_title_of_what_has_none():
    found = read_apart(pdf(b"Minutes", b"of a meeting", about=b""), "application/pdf", URL)
    assert (found.title, found.published_at) == ("Minutes", None)
    found = read_apart(pdf(b"Minutes", about=b"/CreationDate (soon)"), "application/pdf", URL)
    assert (found.title, found.published_at) == ("Minutes", None)


def test_a_plain_text():
    body = "\n\n  The gauges\n\nالمقياس عند ثلاثة أمتار\n".encode("cp1256")
    found = read_apart(body, "text/plain; charset=windows-1256", URL)
    assert found.title == "The gauges"
    assert found.text == "The gauges\nالمقياس عند ثلاثة أمتار"
    assert found.kind == "other"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (pdf(b"Words")[:300], "application/pdf"),
        (b"no such thing", "application/pdf"),
        (b"", "text/plain"),
        (b" \n\n ", "text/plain"),
    ],
)
def test_what_cannot_be_read(body, kind):
    with pytest.raises(Unreadable):
        read_apart(body, kind, URL)


def test_sec_041_a_pdf_made_to_break_its_reader_breaks_its_own_process():
    """SEC-041: a page that unpacks to gigabytes, and one that says itself for ever."""
    began = time.monotonic()
    packed = zlib.compressobj(9)
    bomb = b"".join(packed.compress(b"0" * 10**7) for _ in range(150)) + packed.flush()
    loop = pdf(b"Words").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    for body in (pdf(content=bomb, about=b""), loop):
        with pytest.raises(Unreadable):
            read_apart(body, "application/pdf", URL)
    assert time.monotonic() - began < 6 * reader.SECONDS
