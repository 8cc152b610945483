"""Mail and Usenet text: quoting, attributions, signatures, and no address on any page."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.content.markup import plain
from rostra.content.markup.findings import Findings
from rostra.content.markup.plain_mail import MASK, mask_mail
from rostra.content.markup.plain_names import attribution_at
from rostra.content.markup.references import NOTHING_KNOWN
from rostra.content.markup.sanitize import clean


def html_of(source: str) -> str:
    return plain.to_html(source, Findings(), NOTHING_KNOWN)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("In article <1@x.example>, ann@x.example (Ann B. Lee) writes:", "Ann B. Lee"),
        ("In article <1@x.example> Ann Lee <ann@x.example> writes:", "Ann Lee"),
        ("In article <1@x.example> ann@x.example writes:", "…"),
        ("In article <1@x.example> you write:", "…"),
        ("In a previous article, ann@x.example (Ann Lee) says:", "Ann Lee"),
        ("ann@x.example (Ann Lee) wrote in message <1@x.example>:", "Ann Lee"),
        ("On Tue, May 5, 2009 at 9:01 AM, Ann Lee <ann@x.example> wrote:", "Ann Lee"),
        ("On 5 May 2009 21:01:33 +0200, Ann Lee wrote:", "Ann Lee"),
        ("On 05/05/2009, at 21:01, Ann Lee wrote:", "Ann Lee"),
        ('"Lee, Ann" <ann@x.example> wrote:', "Lee, Ann"),
        ("Quoting Ann Lee <ann@x.example> wrote:", "Ann Lee"),
        ("Ann Lee writes:", "Ann Lee"),
        ("Am 3. Mai 2009 schrieb Ann Lee:", "Ann Lee"),
        ("Le 3 mai 2009 à 10:12, Ann Lee a écrit :", "Ann Lee"),
        ("Анна Ли писала:", "Анна Ли"),
        ("في 3 مايو 2009 10:12، كتب آن لي:", None),
        ("كتبت آن لي:", "آن لي"),
        ("As the old people of the valley said:", None),
        ("I said:", None),
        ("nothing of the kind", None),
    ],
)
def test_attributions(line: str, name: str | None) -> None:
    assert attribution_at(line) == name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a@b.example", MASK),
        ("(first.last+tag@mail.b.example)", f"({MASK})"),
        ("mailto:a@b.example.", f"mailto:{MASK}."),
        ("<a@b.example>,<c@host7>", f"<{MASK}>,<{MASK}>"),
        ("ann at b.example", MASK),
        ("ann (at) b (dot) example", MASK),
        ("ann [at] b.example", MASK),
        ("ann@b dot example", MASK + " dot example"),
        ("x?to=ann%40b.example", f"x?to={MASK}"),
        ("look at b.example", "look at b.example"),
        ("it runs at www.b.example", "it runs at www.b.example"),
        ("paul at readme.txt", "paul at readme.txt"),
        ("40 dB@3km", "40 dB@3km"),
        ("@ann and @ann.", "@ann and @ann."),
        ("https://b.example/@ann/post", "https://b.example/@ann/post"),
    ],
)
def test_addresses_are_masked(text: str, masked: str) -> None:
    assert mask_mail(text) == masked


def test_an_attribution_on_two_lines_belongs_to_the_quote() -> None:
    shown = html_of("In article <1@x.example>\nann@x.example (Ann Lee) writes:\n\n> one\n\ntwo\n")
    assert shown.startswith(
        '<figure class="quote"><figcaption dir="auto"><span data-said="Ann Lee">'
    )
    assert "two</p>" in shown
    assert "article" not in shown


def test_quotes_nest_and_blank_lines_do_not_part_them() -> None:
    shown = html_of(">> deep\n>\n>> deeper\n\n> flat\n")
    assert shown.count("<figure") == 2
    assert "deep</p>\n<p" in shown


def test_quotes_deeper_than_three_are_folded_once() -> None:
    shown = html_of("".join(f"{'>' * depth} level {depth}\n" for depth in range(6, 0, -1)))
    assert shown.count("<figure") == 6
    assert shown.count('data-word="older_quotes"') == 1


def test_a_signature_is_folded() -> None:
    shown = html_of("Words.\n-- \nAnn Lee\nhttps://x.example/\n")
    assert '<details class="fold"><summary dir="auto"><span data-word="signature">' in shown
    assert shown.index("Words.") < shown.index("<details") < shown.index("Ann Lee")


def test_controls_and_overstriking_are_dropped() -> None:
    assert html_of("\x1b[1mb\x08bo\x00ld\x1b[0m_\x08u\x0cnext") == (
        '<p dir="auto">boldu</p>\n<p dir="auto">next</p>'
    )


def test_text_is_escaped_and_addresses_are_linked() -> None:
    found = Findings()
    shown = plain.to_html("<b>x</b> & https://x.example/?a=1&b=2.", found, NOTHING_KNOWN)
    assert "&lt;b&gt;x&lt;/b&gt; &amp; <a href=" in shown
    assert found.rendered("").links == ("https://x.example/?a=1&b=2",)


def test_wanted_names_the_addresses_in_a_text() -> None:
    wanted = plain.wanted_plain("See https://x.example/a. Or https://x.example/b?u=a@b.example\n")
    assert "https://x.example/a" in wanted.links
    assert not wanted.names
    assert not wanted.posts


LINES = st.lists(
    st.text(alphabet='ab >|:}#%[]SB-=_@.<>&"\t~\x08\x1b\u202eم', max_size=30), max_size=30
).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(LINES, st.text(max_size=300)))
def test_any_text_becomes_safe_html(source: str) -> None:
    shown = html_of(source)
    assert clean(clean(shown)) == clean(shown)
    assert "<script" not in shown
    assert plain.wanted_plain(source) is not None


@pytest.mark.parametrize(
    "unit",
    [
        "> a\n",
        "a wrote:\n> b\n",
        "a@",
        "a at ",
        "| | |\n",
        "--\n",
        "begin 644 x\n",
        "(",
        "a\tb\tc\n",
    ],
)
def test_time_grows_with_the_length(unit: str) -> None:
    """Eight times the text may take some twenty times as long, not sixty-four."""
    source = unit * (20_000 // len(unit))
    assert _seconds(source * 8) < 24 * max(_seconds(source), 0.002)


def _seconds(source: str) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        html_of(source)
        times.append(time.process_time() - start)
    return min(times)
