"""What was uploaded, in markup: pictures in their sizes, files, and keys that are not to be shown."""

from __future__ import annotations

import pytest
from bench.fuzz.dangers import dangers, dangers_of_any

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Known, UploadRef
from rostra.content.markup.render import render, wanted
from rostra.content.markup.sanitize import clean

WIDE, SMALL, FILE, OTHER = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
KNOWN = Known(
    uploads={
        WIDE: UploadRef(WIDE, "picture", "webp", 9, 2560, 1920, 2),
        SMALL: UploadRef(SMALL, "picture", "webp", 9, 300, 200, 0),
        FILE: UploadRef(FILE, "file", "pdf", 1_234_567, 0, 0, 0),
    }
)


def html(source: str) -> str:
    made = render(source, "native", KNOWN)
    assert dangers(made.html) == []
    return made.html


def test_a_picture_comes_in_sizes_with_room_kept_for_it():
    made = html(f"![A ship](upload:{WIDE})")
    assert f'src="/files/{WIDE}-1" srcset="/files/{WIDE}-2 2x" alt="A ship"' in made
    assert 'width="700" height="525" loading="lazy"' in made
    assert made.startswith(f'<p dir="auto"><a class="picture" href="/files/{WIDE}"')
    small = html(f"![](upload:{SMALL})")
    assert f'<img src="/files/{SMALL}" alt="" width="300" height="200"' in small
    assert "srcset" not in small
    assert '<span class="unseen"><span data-word="image"></span></span></a>' in small


def test_a_file_is_a_link_with_what_it_is():
    made = html(f"[The *report*](upload:{FILE})")
    assert f'<a class="file" href="/files/{FILE}"' in made
    assert '>The <em>report</em></a> <span class="file">PDF, 1.2 MB</span>' in made


@pytest.mark.parametrize(
    ("source", "pictures", "files"),
    [
        (f"![x](upload:{WIDE}) ![y](upload:{WIDE})", (WIDE,), ()),
        (f"[img]upload:{SMALL}[/img]", (SMALL,), ()),
        (f"[url=upload:{FILE}]log[/url]", (), (FILE,)),
        (f"[link to it](upload:{SMALL})", (SMALL,), ()),
        (f"![a file](upload:{FILE})", (), (FILE,)),
        (f"[![x](upload:{WIDE})](https://example.org)", (WIDE,), ()),
        (f"![x][r]\n\n[r]: upload:{WIDE}", (WIDE,), ()),
        (f"[spoiler]![x](upload:{WIDE})[/spoiler]", (WIDE,), ()),
        (f"`![x](upload:{WIDE})` upload:{SMALL}", (), ()),
        (f"![x](UPLOAD:{WIDE}) ![x](upload:{WIDE[:-1]}) ![x](upload:{WIDE}a)", (), ()),
        (f"![x](upload:{OTHER}) [x](upload:{OTHER})", (), ()),
    ],
)  # fmt: skip
def test_what_a_post_shows_is_told(source, pictures, files):
    made = render(source, "native", KNOWN)
    assert (made.pictures, made.files) == (pictures, files)
    assert dangers(made.html) == []
    assert {*pictures, *files} <= wanted(source).uploads


def test_what_is_not_to_be_shown_is_its_words():
    made = html(f"Before ![a mole](upload:{OTHER}) [the log](upload:{OTHER}) after")
    assert '<span class="picture"><span data-word="image"></span> a mole</span>' in made
    assert "the log" in made
    assert "/files/" not in made


def test_a_description_is_no_word_of_the_post():
    """A quote of it, in which the picture is not shown, is exact."""
    source = f"Said so. ![a mole](upload:{WIDE}) [log](upload:{FILE}) Truly."
    foreign = render(source, "native").html
    assert words(html(source)) == words(foreign).replace("  ", " ") == "Said so. log Truly."


@pytest.mark.parametrize(
    "alt", ['" onerror="alert(1)', "<img src=x onerror=alert(1)>", "&quot;&#x3c;", "x" * 900, "\u202e"]
)  # fmt: skip
def test_a_description_stays_a_text(alt):
    made = html(f"![{alt}](upload:{WIDE})")
    assert made.count("<img") == 1
    assert "onerror=alert" not in made.replace("&lt;img src=x onerror=alert(1)&gt;", "")


@pytest.mark.parametrize(
    "img",
    [
        '<img src="https://evil.test/x.png">', '<img src="//evil.test/x">', "<img src=x onerror=alert(1)>",
        f'<img src="/files/{WIDE}?x">', f'<img src="/files/{WIDE}" srcset="https://evil.test/x 2x">',
        f'<img src="/files/../{WIDE}">', '<img src="/account/logout">', "<img src='data:image/svg+xml,x'>",
        f'<img src="/files/{WIDE}" style="position:fixed" class="x" id="y" width="9999999">',
        f'<image src="/files/{WIDE}">', f'<picture><source srcset="/files/{WIDE} 2x"></picture>',
    ],
)  # fmt: skip
def test_the_gate_lets_no_other_picture_through(img):
    """SEC-013: what is typed is never markup; and the gate alone would let none of it load."""
    assert "<img" not in html(img)
    assert dangers_of_any(clean(img)) == []
    left = clean(img)
    assert "evil" not in left
    assert "logout" not in left
    assert "style" not in left
