"""Characters that may stay in a source, and the direction they run in."""

import pytest

from rostra.content.markup.render import render
from rostra.content.markup.sanitize import clean
from rostra.content.markup.text import tidy


def test_what_no_text_holds_goes_in_ascii_and_beyond():
    """One kind of line end, tabs stay, all other controls go, whether or not all is ASCII."""
    kept = {"\t": "\t", "\n": "\n", "\r": "\n", **{chr(code): chr(code) for code in range(32, 127)}}
    for code in range(128):
        wanted = f"a{kept.get(chr(code), '')}b"
        assert tidy(f"a{chr(code)}b") == wanted, code
        assert tidy(f"ä{chr(code)}b") == wanted.replace("a", "ä", 1), code


@pytest.mark.parametrize(
    ("source", "spoken", "opening"),
    [
        ("|a|b|\n|-|-|\n|1|2|", "native", '<table dir="ltr">'),
        ("|1|«سد»|\n|-|-|\n|a|b|", "native", '<table dir="rtl">'),
        ("|1|מים|\n|-|-|\n|a|b|", "native", '<table dir="rtl">'),
        ("|1|&lt;|\n|-|-|\n|2|3|", "native", "<table>"),  # no letter: as the page
        ("[table][tr][td]سد[/td][/tr][/table]", "bbcode", '<table dir="rtl">'),
        ("<table><tr><td>1</td><td>dam</td></tr></table>", "html", '<table dir="ltr">'),
    ],
)
def test_a_table_runs_as_its_own_words_do_on_any_page(source, spoken, opening):
    html = render(source, spoken).html
    assert f'<div class="table">{opening}' in html
    assert clean(html) == html
