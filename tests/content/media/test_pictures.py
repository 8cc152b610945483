"""Pictures from strangers: what comes out is ours, and nothing they hold does anything here."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest
from PIL import Image

from rostra.content.media import decoder, pictures
from rostra.content.media.actions import accept, accept_avatar
from rostra.content.media.pictures import made_of
from rostra.kernel.errors import Invalid
from tests.pictures import (
    XMP,
    chunk,
    encoded,
    from_a_phone,
    gif_of,
    jpeg,
    moving,
    opened,
    photo,
    png,
    png_of,
)

SCRIPT = b"<script>alert(document.cookie)</script>"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_picture_becomes_one_of_ours_in_its_sizes(form):
    made = accept(encoded(photo(1600, 800), form), "a.jpg")
    assert (made.kind, made.form, made.width, made.height) == ("picture", "webp", 1600, 800)
    sizes = [opened(part).size for part in made.parts]
    assert sizes == [(1600, 800), (700, 350), (1400, 700)]
    assert {opened(part).format for part in made.parts} == {"WEBP"}


def test_a_photo_is_turned_and_what_the_camera_noted_is_gone():
    """BAR row 22: re-encoded, metadata stripped; of a photo from a phone, with its position."""
    source = from_a_phone(1600, 1200)
    assert opened(source).getexif().get_ifd(0x8825)[2] == (33.0, 24.0, 49.7)
    made = accept(source, "IMG_0001.jpg")
    assert (made.width, made.height) == (1200, 1600)
    for part in made.parts:
        picture = opened(part)
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(picture.info)
        assert dict(picture.getexif()) == {}
        assert XMP not in part
        assert b"Harbourphone" not in part
        red, green, blue = picture.convert("RGB").getpixel((picture.width - 9, 9))
        assert red > 200
        assert green < 60
        assert blue < 60


def test_colours_of_another_space_look_the_same():
    """A profile is carried out, then dropped: what said that red is green leaves it green."""
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for broken in (profile, b"no profile", b"\0" * 900_000):  # of other colours, none, zeros
        made = accept(png(icc_profile=broken), "a.png")
        assert opened(made.parts[0]).info.get("icc_profile") is None
    assert (
        accept(encoded(photo(50, 50).convert("CMYK"), "JPEG"), "").parts[0][:4] == b"RIFF"
    )  # SEC-101


def test_what_moves_goes_on_moving():
    made = accept(moving(12), "a.gif")
    picture = opened(made.parts[0])
    assert made.is_animated
    assert len(made.parts) == 1
    assert picture.n_frames == 12


def test_a_transparent_picture_stays_so():
    image = photo(90, 60).convert("RGBA")
    image.putalpha(0)
    picture = opened(accept(encoded(image, "PNG"), "a.png").parts[0])
    assert picture.convert("RGBA").getpixel((5, 5))[3] == 0


def test_an_avatar_is_a_square_in_two_sizes():
    made = accept_avatar(jpeg(900, 500))
    assert [opened(part).size for part in made.parts] == [(128, 128), (64, 64)]
    with pytest.raises(Invalid) as refused:
        accept_avatar(b"%PDF-1.7 no picture")
    assert refused.value.fields == {"file": "not_a_picture"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(lambda: png_of(13_000, 13_000), "picture_too_large", id="169 megapixels"),
        pytest.param(lambda: png_of(16_385, 8), "picture_too_large", id="16,385 pixels"),
        pytest.param(lambda: gif_of(10_000), "picture_frames", id="10,000 frames"),
        pytest.param(lambda: gif_of(501), "picture_frames", id="501 frames"),
        pytest.param(lambda: jpeg()[:9_000], "picture_broken", id="half a JPEG"),
        pytest.param(lambda: png(400, 400)[:-400], "picture_broken", id="half a PNG"),
        pytest.param(lambda: moving()[:900], "picture_broken", id="half a GIF"),
        pytest.param(lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT, "picture_broken", id="PNG of a script"),
        pytest.param(lambda: b"GIF89a/*" + SCRIPT + b"*/=1;", "picture_broken", id="GIF of a script"),
    ],
)  # fmt: skip
def test_what_would_take_too_much_or_is_broken_is_refused(data, reason):
    """SEC-101: from the header, long before there are pixels."""
    with pytest.raises(Invalid) as refused:
        accept(data(), "a.png")
    assert refused.value.fields == {"file": reason}


def test_a_bomb_in_a_chunk_stays_packed():
    """SEC-101: hundreds of megabytes of text or profile in a PNG of some kilobytes."""
    bomb = zlib.compress(bytes(200_000_000), 9)
    for name, head in ((b"iCCP", b"p\0\0"), (b"zTXt", b"c\0\0"), (b"iTXt", b"k\0\1\0\0\0")):
        source = png_of(40, 30, chunk(name, head + bomb))
        try:
            made = accept(source, "a.png")
        except Invalid as refused:
            assert refused.fields == {"file": "picture_broken"}
        else:
            assert sum(map(len, made.parts)) < 5_000


@pytest.mark.parametrize("tail", [SCRIPT, b"PK\x03\x04" + SCRIPT], ids=["HTML", "ZIP"])
def test_a_polyglot_leaves_as_a_picture_alone(tail):
    """SEC-014: PNG + HTML, JPEG + ZIP: what stands behind the picture is not drawn."""
    for source in (png() + tail, jpeg(60, 40) + tail, jpeg(60, 40, comment=SCRIPT)):
        for part in accept(source, "a.html.png").parts:
            assert SCRIPT not in part
            assert b"PK" not in part


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        (
            "a.svg",
            b"<?xml version='1.0'?><svg><foreignObject>" + SCRIPT + b"</foreignObject></svg>",
        ),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT + b"</svg>"),
        ("a.html", SCRIPT),
        ("a.html.png", SCRIPT),
        ("x.php.", b"<?php system('id');"),
        ("x.php.jpg", b"<?php system('id');"),
        ("a.pdf", b"MZ\x90\0 a program"),
        ("a.zip", b"Rar!\x1a\x07"),
        ("a.txt", b"\xff\xfe\x00 no text"),
        ("a.txt", b"with a \0 in it"),
        ("a", b"no ending"),
        (".txt", b""),
        ("a.exe", b"PK\x03\x04"),
        ("a.tiff", b"II*\0"),
        ("a.bmp", b"BM"),
    ],
)
def test_what_is_not_on_the_list_is_refused(name, data):
    """SEC-013, SEC-014: SVG, HTML, programs, wrong beginnings, whatever they are called."""
    with pytest.raises(Invalid) as refused:
        accept(data, name)
    assert refused.value.fields["file"] in ("file_kind", "file_empty")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.PDF", "report.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ('a"b\r\nSet-Cookie: x=1.pdf', "abSet-Cookie x=1.pdf"),
        ("gpj.\u202efdp.exe\u202c.pdf", "gpj.fdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 100 + ".pdf"),
        ("..pdf", "file.pdf"),
        ("تقرير الميناء.pdf", "تقرير الميناء.pdf"),
    ],
)
def test_a_file_keeps_its_name_as_far_as_it_may(name, kept):
    """SEC-015: no path, no line ends, no quotes, nothing that turns it round, not too long."""
    assert accept(b"%PDF-1.7 words", name).name == kept


LIMITED = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("decoder", sys.argv[1])
decoder = importlib.util.module_from_spec(spec)
spec.loader.exec_module(decoder)
decoder.limit()
"""


def in_limits(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", LIMITED + textwrap.dedent(code), decoder.__file__],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_a_decoder_has_no_more_than_its_memory():
    """SEC-101: 512 MB."""
    answer = in_limits("""
        held = [bytes(50 * 2**20) for _ in range(7)]
        try:
            held += [bytes(50 * 2**20) for _ in range(7)]
        except MemoryError:
            print("no more")
    """)
    assert answer.stdout == "no more\n"


def test_a_decoder_writes_no_more_than_a_result(tmp_path):
    answer = in_limits(f"""
        with open({str(tmp_path / "x")!r}, "wb") as file:
            for _ in range(60):
                file.write(bytes(2**20))
    """)
    assert answer.returncode != 0
    assert (tmp_path / "x").stat().st_size <= decoder.LARGEST_RESULT


def test_a_decoder_reaches_nobody():
    """SEC-102: without network, where the system lets a process leave it."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = in_limits(f"""
            import os, socket
            left = os.stat("/proc/self/ns/net").st_ino != {os.stat("/proc/self/ns/net").st_ino}
            try:
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 5)
                print("reached", left)
            except OSError:
                print("alone", left)
        """)
    if answer.stdout == "reached False\n":
        pytest.skip("this system lets no process leave its network (user namespaces are off)")
    assert answer.stdout == "alone True\n"


def test_a_decoder_that_finds_no_end_is_ended(monkeypatch, tmp_path):
    """SEC-101: 10 s; here less, of a program that spins as a decoder might."""
    spinning = tmp_path / "decoder.py"
    spinning.write_text("while True: pass\n")
    monkeypatch.setattr(pictures.decoder, "__file__", str(spinning))
    monkeypatch.setattr(pictures.decoder, "SECONDS", 0.5)
    with pytest.raises(Invalid) as refused:
        made_of(png(), "PNG", "picture")
    assert refused.value.fields == {"file": "picture_too_much_work"}


@pytest.mark.parametrize(
    "said", ["", "{}\n", '{"sizes": [5]}\nab', '{"sizes": []}\n', "[1]\n", '{"sizes": "x"}\nab']
)
def test_nothing_is_believed_that_a_decoder_might_be_made_to_say(monkeypatch, tmp_path, said):
    """SEC-102: a result that is not whole is none."""
    lying = tmp_path / "decoder.py"
    lying.write_text(f"print({said!r}, end='')\n")
    monkeypatch.setattr(pictures.decoder, "__file__", str(lying))
    with pytest.raises(Invalid):
        made_of(png(), "PNG", "picture")


def test_the_decoder_needs_nothing_of_ours_and_no_shell():
    """SEC-102: it runs with Pillow alone, and with nothing of the forum's environment."""
    source = Path(decoder.__file__).read_text()
    assert "import rostra" not in source
    assert "from rostra" not in source
    assert "shell=True" not in Path(pictures.__file__).read_text()
    assert 'env={"MALLOC_ARENA_MAX": "1"}' in Path(pictures.__file__).read_text()


def test_forty_megapixels_fit():
    made = accept(encoded(Image.new("RGB", (6_300, 6_300), (9, 90, 160)), "JPEG"), "a.jpg")
    assert (made.width, made.height) == (2560, 2560)
