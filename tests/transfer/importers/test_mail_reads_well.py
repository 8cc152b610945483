"""What was seen to read wrongly in real mail, in invented words."""

import pytest

from rostra.content.markup.render import render
from rostra.transfer.importers.mail_message import text_of


@pytest.mark.parametrize(
    ("source", "quotes"),
    [
        ("> The gate was open.\n\n: It was not.\n: It was shut.\n: I looked.\n\nWho knows?", 2),
        ("> The gate was open.\n\n> It was not.\n\nWho knows?", 1),
        ("AB> The gate was open.\nAB> All night.\n\nCD> It was not.\nCD> I looked.\n\nHm.", 2),
        ("> AB>The gate was open.\n> AB>All night.\n> It was not.\n\nHm.", 2),
        ("> The gate was open.\n\n|> It was not.\n\nWho knows?", 2),
    ],
)
def test_quotes_of_two_people_stay_two(source: str, quotes: int) -> None:
    assert render(source, "plain").html.count('<figure class="quote">') == quotes


@pytest.mark.parametrize(
    "typed",
    [
        "ann at  lamp  dot  example",
        "ann      @ lamp.example",
        "ann AT lamp DOT example",
        "ann [.a.t] lamp.example",
        "ann(.a.t.)lamp.example",
    ],
)
def test_no_address_is_shown_however_it_is_spaced(typed: str) -> None:
    assert "lamp" not in render(f"Write to {typed}\nsoon", "plain").html


@pytest.mark.parametrize(
    "line",
    [
        "On Mon, 18 Apr 2011 14:34:31 +0100 ?Ann Lee <ann@lamp.example> wrote:",
        "On 18 Apr 2011, at 2:34?pm, Ann Lee wrote:",
    ],
)
def test_a_hard_blank_that_an_archive_made_a_question_mark_is_no_part_of_a_name(line: str) -> None:
    assert 'data-said="Ann Lee"' in render(f"{line}\n> The gate was open.", "plain").html


def test_a_letter_that_an_archive_made_a_question_mark_stays() -> None:
    assert 'data-said="Ann Le?"' in render("Ann Le? <a@lamp.example> wrote:\n> Open.", "plain").html


def test_a_linkers_names_are_no_addresses() -> None:
    name = "?_Xlength_error@std@@YAXPBD@Z"
    assert name.partition("@@")[0] in render(f"unresolved {name}", "plain").html


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"caf=E9 =3D a place to\nsit=20\nand to =\ntalk", "café = a place to\nsit \nand to talk"),
        (b"a=12, b=13 and then\nc=14", "a=12, b=13 and then\nc=14"),
        (b"a=3D1\nb=3D2\nc = 3=\nd", "a=3D1\nb=3D2\nc = 3=\nd"),
    ],
)
def test_a_list_that_drops_the_coding_from_the_headers(body: bytes, text: str) -> None:
    read, _ = text_of(b"From: Ann Lee <ann@x.example>\n\n" + body)
    assert read == text
