"""The suites of others: the same shape, or a listed reason; and nothing hostile gets through."""

import json
import re
from collections.abc import Iterator

import pytest
from bench.fuzz.dangers import dangers
from bench.fuzz.pieces import FRAMES
from bench.fuzz.suites import attacks, data_folder, naughty

from rostra.content.markup.autolink import addresses
from rostra.content.markup.references import DIALECTS
from rostra.content.markup.render import render, wanted
from tests.content.markup.suite_files import (
    DATA,
    SUITES,
    Example,
    bbcode_examples,
    differences,
    markdown_examples,
    reasons,
)
from tests.content.markup.suite_shape import ours, theirs

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not DATA, reason="ROSTRA_TEST_DATA names no folder of test data"),
]


def differing(examples: Iterator[Example]) -> set[tuple[str, str]]:
    return {
        (one.suite, one.number)
        for one in examples
        if ours(one.source, one.dialect) != theirs(one.html, one.dialect)
    }


def test_markdown_differs_only_where_it_is_listed() -> None:
    others = ("dcwatson", "s9e", "linkify_links")
    listed = {one for one in differences() if not one[0].startswith(others)}
    assert differing(markdown_examples()) == listed


def test_bbcode_differs_only_where_it_is_listed() -> None:
    listed = {one for one in differences() if one[0].startswith(("dcwatson", "s9e"))}
    assert differing(bbcode_examples()) == listed


def test_each_difference_has_a_reason_and_each_reason_a_difference() -> None:
    assert set(differences().values()) == set(reasons())


@pytest.mark.parametrize("frame", FRAMES)
def test_sec_018_no_payload_survives_in_any_place(frame: str) -> None:
    """SEC-001 to SEC-005, SEC-018, SEC-019, SEC-022: harmless before any policy of the browser."""
    found = {
        render(frame.replace("{}", payload), dialect).html: (payload, dialect)
        for payload in attacks(data_folder())
        for dialect in DIALECTS
    }
    assert [(*one, faults) for html, one in found.items() if (faults := dangers(html))] == []


def test_naughty_strings_are_rendered_and_looked_up() -> None:
    for text in naughty(data_folder()):
        for dialect in DIALECTS:
            wanted(f"@{text} [quote={text}]", dialect)
            assert dangers(render(text, dialect).html) == []


def test_videos_of_two_sites_are_players_and_all_others_are_links() -> None:
    """SEC-004: no player for any site but the two."""
    sites = json.loads((SUITES / "media_embeds/s9e_site_examples.json").read_text(encoding="utf-8"))
    players = {
        name
        for name, site in sites.items()
        for url in site["examples"]
        if "<rostra-embed" in render(url).html
    }
    assert players == {"youtube", "vimeo"}
    for site in sites.values():
        for url in site["examples"]:
            html = render(url, "bbcode").html
            assert dangers(html) == []
            assert "<a href=" in html


def test_every_form_of_youtube_address_is_a_player() -> None:
    sites = json.loads((SUITES / "media_embeds/s9e_site_examples.json").read_text(encoding="utf-8"))
    links = [url for url in sites["youtube"]["examples"] if "<rostra" not in render(url).html]
    assert [url for url in links if "list" not in url and "/clip/" not in url] == []


def blocks(name: str) -> list[list[str]]:
    text = (SUITES / "urls" / name).read_text(encoding="utf-8")
    lines = [re.sub(r"\s+%.*$|^\s*%.*$", "", line) for line in text.splitlines()]
    return [block.split("\n") for block in re.split(r"\n{2,}", "\n".join(lines)) if block.strip()]


# An address needs a scheme or www. here, and a mail address no word before it.
NOT_OURS = re.compile(r"(?!https?:|mailto:|www\.|[^/]*@[^/]*$)", re.IGNORECASE)


def test_addresses_in_text_are_found() -> None:
    missed = []
    for block in blocks("linkify_links.txt"):
        lines = [line.strip() for line in block if line.strip()]
        text, expected = lines[0], lines[-1]
        if NOT_OURS.match(expected):
            continue
        if expected not in [text[found.start : found.end] for found in addresses(text)]:
            missed.append(text)
    assert missed == [number for suite, number in differences() if suite == "linkify_links"]


def test_what_is_no_address_stays_text() -> None:
    lines = [line for block in blocks("linkify_not_links.txt") for line in block if line.strip()]
    assert [line for line in lines if list(addresses(line))] == []
