"""A forum's own smilies in the markup: handed in, safe, and by their codes in plain words."""

from __future__ import annotations

import pytest
from bench.fuzz.dangers import dangers

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Known, SmilieRef
from rostra.content.markup.render import render
from rostra.content.markup.sanitize import clean
from rostra.content.markup.smilies import with_smilies

KEY = "0123456789abcdef" * 2
OWN = {
    ":crane:": SmilieRef(key=KEY, words="A crane", width=40, height=20),
    ":heron:": SmilieRef(sign="🦩"),
}
KNOWN = Known(smilies=OWN)


@pytest.mark.parametrize("dialect", ["native", "bbcode", "html"])
def test_they_are_shown_where_they_are_handed_in(dialect):
    source = "Look :heron: and :crane: there"
    html = render(source, dialect, KNOWN).html
    assert '<span class="smilie own" title=":heron:">🦩</span>' in html
    assert (
        f'<img class="smilie own" src="/smilies/{KEY}" alt="A crane" title=":crane:" width="40" '
        'height="20" loading="lazy" decoding="async">'
    ) in html
    assert clean(html) == html
    assert ":heron:" in render(source, dialect).html  # as text


@pytest.mark.parametrize(
    "source",
    ["`:crane:`", "http://a.example/:crane:/x", "12:crane:30", "a:crane:b", "\\:crane:", ":Crane:"],
)
def test_a_code_stands_by_itself(source):
    assert "/smilies/" not in render(source, known=KNOWN).html


def test_the_usual_ones_stay_beside_them():
    html = with_smilies(":) :crane: :D :lol: :heron:", OWN)
    assert html.count('class="smilie"') == 3 and html.count('class="smilie own"') == 2


def test_in_plain_words_one_is_its_code():
    """A quote of it is found though the smilie came, or went, between the two."""
    shown, text = (render("A :crane: and a :heron:", known=k).html for k in (KNOWN, Known()))
    assert words(shown) == words(text) == "A :crane: and a :heron:"


@pytest.mark.parametrize("hostile", ['"><script>x</script>', "' onerror='x", "<img src=x>", "\0"])
def test_words_of_a_picture_cannot_leave_their_attribute(hostile):
    """SEC-006: the gate holds even where the table is hostile."""
    own = {":x:": SmilieRef(key=KEY, words=hostile, width=9, height=9), ":y:": SmilieRef(hostile)}
    html = render(":x: and :y:", known=Known(smilies=own)).html
    assert dangers(html) == []


@pytest.mark.parametrize("key", ["../x", "a" * 31, 'x" onerror="y', "//e.example/x"])
def test_a_picture_is_this_forums_own(key):
    """SEC-006: another address does not pass the gate."""
    own = {":x:": SmilieRef(key=key, words="X", width=9, height=9)}
    html = render(":x:", known=Known(smilies=own)).html
    assert dangers(html) == [] and "src=" not in html.replace(f'src="/smilies/{KEY}"', "")
