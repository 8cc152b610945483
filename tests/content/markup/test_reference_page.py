"""The page that tells members what they can write tells the truth."""

import re
from pathlib import Path

import pytest
from bench.fuzz.dangers import dangers

from rostra.content.markup.bbtags import ALIASES, KINDS
from rostra.content.markup.excerpt import words
from rostra.content.markup.render import render
from tests.content.markup.pairs import KNOWN

PAGE = (Path(__file__).parents[3] / "docs/reference/markup.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````example\n(.*?)^````$", PAGE, re.M | re.S)
LEFT_OVER = re.compile(r"\[/?\w|\*|~~|\|\||`|^#|^-|:\w+:|@(?!Jo|example)|\]", re.M)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 15


@pytest.mark.parametrize("source", EXAMPLES)
def test_no_sign_of_an_example_is_left_over(source: str) -> None:
    html = render(source, "native", KNOWN).html
    assert dangers(html) == []
    text = words(re.sub(r'<sup class="footnote">\[1\]</sup>', "", html)).replace("*text*", "")
    assert not LEFT_OVER.search(text.replace("*no emphasis*", ""))


@pytest.mark.parametrize("name", ["b", "quote", "list", "table", "media", "spoiler", "heading"])
def test_the_tags_that_are_shown_are_tags(name: str) -> None:
    assert ALIASES.get(name, name) in KINDS
    assert f"[{name}" in PAGE
