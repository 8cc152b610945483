"""The forum's own smilies: what one may be, that they are known at once, what stays when off."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rostra.forum.boards.queries import VERSION
from rostra.forum.modlog.models import LogEntry
from rostra.forum.smilies import queries, rules
from rostra.forum.smilies.actions import Arranged, add_smilie, arrange_smilies
from rostra.forum.smilies.models import Smilie
from rostra.forum.smilies.rules import Wish
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.models import Post
from rostra.kernel import versions
from rostra.kernel.errors import Invalid, Refused
from tests.cast import WHY
from tests.pictures import chunk, moving, opened, png

CRANE = Wish("crane", words="A crane")


@pytest.fixture
def admin(cast):
    return cast.view(cast.admin)


def add(admin, code="heron", sign="🦩") -> int:
    return add_smilie(admin, Wish(code, sign), reason=WHY)


def html_of(cast, source: str) -> str:
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, source)
    return Post.objects.get(pk=post.pk).html


def test_one_is_shown_in_what_is_written_from_then_on(cast, admin):
    before = html_of(cast, "A :heron: there")
    add(admin)
    add_smilie(admin, CRANE, png(30, 20), reason=WHY)
    key = Smilie.objects.get(code=":crane:").key
    after = html_of(cast, "A :heron: and a :crane: here")
    assert "smilie" not in before
    assert 'title=":heron:">🦩</span>' in after and f'src="/smilies/{key}"' in after
    picture = opened(queries.picture_of(key))
    assert (picture.format, picture.size) == ("WEBP", (30, 20))


def test_one_that_is_off_is_text_from_then_on_and_stays_where_it_was_shown(cast, admin):
    smilie = add(admin)
    post = post_reply(cast.view(cast.quay), cast.barrier.pk, "A :heron: there")
    arrange_smilies(admin, {smilie: Arranged(is_on=False, position=1)}, reason=WHY)
    kept = Post.objects.get(pk=post.pk)
    assert 'title=":heron:"' in kept.html
    assert "smilie" not in html_of(cast, "Another :heron: there")
    # A quote of the post says what the post says, though it shows it otherwise.
    quoting = html_of(cast, f'[quote="Quay, post: {post.pk}"]A :heron: there[/quote]\n\nIndeed.')
    assert "data-quote" in quoting and "altered" not in quoting
    edit_post(cast.view(cast.quay), post.pk, "A :heron: there, I said")
    kept.refresh_from_db()
    assert "smilie" not in kept.html
    arrange_smilies(admin, {smilie: Arranged(is_on=True, position=1)}, reason=WHY)
    assert "smilie" in html_of(cast, "A third :heron: there")


def test_writing_and_reading_cost_no_query_more(cast, admin):
    add(admin)
    version = versions.current(VERSION)
    assert list(queries.own_smilies(version)) == [":heron:"]
    with CaptureQueriesContext(connection) as asked:
        queries.own_smilies(version)
    assert len(asked) == 0
    add(admin, "egret", "🐦")
    assert versions.current(VERSION) == version + 1  # every worker asks anew


def test_they_are_in_the_order_that_is_chosen(admin):
    first, second = add(admin), add(admin, "egret", "🐦")
    arrange_smilies(admin, {second: Arranged(is_on=True, position=0)}, reason=WHY)
    assert list(queries.as_they_stand()) == [":egret:", ":heron:"]
    assert [row.id for row in queries.smilies_for(admin)] == [second, first]
    with pytest.raises(Invalid) as refused:
        arrange_smilies(admin, {second: Arranged(is_on=True, position=0)}, reason=WHY)
    assert refused.value.fields == {"smilies": "nothing_changed"}


def test_each_act_is_one_entry_by_number(admin):
    smilie = add(admin)
    arrange_smilies(admin, {smilie: Arranged(is_on=False, position=1)}, reason=WHY)
    found = LogEntry.objects.filter(kind="smilies.change").order_by("n")
    facts = [one.public["facts"] for one in found]
    assert facts == [{"added": smilie}, {"on": [], "off": [smilie]}]


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_only_administrators_see_to_them(cast, admin, who):
    smilie = add(admin)
    viewer = cast.view(who and getattr(cast, who))
    for act in (
        lambda: add(viewer, "egret", "🐦"),
        lambda: arrange_smilies(viewer, {smilie: Arranged(is_on=False, position=1)}, reason=WHY),
        lambda: queries.smilies_for(viewer),
    ):
        with pytest.raises(Refused):
            act()
    assert Smilie.objects.get().is_on


@pytest.mark.parametrize(
    "code",
    ["", "1", "12:30", "a b", "ab:cd", "<b>", "**", "-", "---", "_x_", "[x]", "@quay", "a" * 31,
     "وردة", "a\u202e", "a\nb", "x](y", "&amp;", '"', "`a`"],
)  # fmt: skip
def test_no_code_can_be_taken_for_markup(admin, code):
    """SEC-006."""
    with pytest.raises(Invalid) as refused:
        add(admin, code)
    assert refused.value.fields == {"code": "smilie_code_odd"}


@pytest.mark.parametrize("code", ["smile", ":smile:", ":LOL:", "heron", " :Heron: "])
def test_no_code_is_taken_twice_nor_from_those_of_every_forum(admin, code):
    add(admin)
    with pytest.raises(Invalid) as refused:
        add(admin, code)
    assert refused.value.fields == {"code": "smilie_code_taken"}


@pytest.mark.parametrize(
    "sign", ["x", "<b>", "🦩<", "&", "\u202e🦩", "🦩\u2028🦩", "\u200d", "🦩 🦩", "🦩" * 13, "🦩\0"]
)
def test_a_sign_is_an_emoji_and_nothing_else(admin, sign):
    """SEC-006: nothing that turns letters around, nothing that is markup."""
    with pytest.raises(Invalid) as refused:
        add(admin, "heron", sign)
    assert refused.value.fields == {"sign": "smilie_sign_odd"}


@pytest.mark.parametrize("sign", ["🦩", "👩🏽\u200d🚀", "❤\ufe0f", "🏴\u200d☠\ufe0f", "🇮🇶"])
def test_signs_of_several_characters_are_one(admin, sign):
    add(admin, "heron", sign)
    assert queries.as_they_stand()[":heron:"].sign == sign


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", "not_a_picture"),
        (b"GIF89a<script>", "picture_broken"),
        (moving(3, 20), "logo_moves"),
        (png(129, 9), "smilie_too_large"),
        (png(20, 20)[:60], "picture_broken"),
        (b"%PDF-1.4", "not_a_picture"),
    ],
)  # fmt: skip
def test_hostile_pictures_are_refused(admin, data, reason):
    """SEC-013."""
    with pytest.raises(Invalid) as refused:
        add_smilie(admin, CRANE, data, reason=WHY)
    assert refused.value.fields == {"file": reason}
    assert not Smilie.objects.exists()


def test_nothing_of_the_source_is_given_out(admin):
    """SEC-013: it is drawn anew, without what else was in the file."""
    spoiled = png(20, 20)
    spoiled = spoiled[:33] + chunk(b"tEXt", b"Comment\0<script>alert(1)</script>") + spoiled[33:]
    add_smilie(admin, CRANE, spoiled, reason=WHY)
    given = queries.picture_of(Smilie.objects.get().key)
    assert b"script" not in given and given.startswith(b"RIFF")


def test_all_that_is_wrong_is_said_at_once(admin):
    with pytest.raises(Invalid) as refused:
        add_smilie(admin, Wish("1"), reason="Short")
    assert refused.value.fields == {
        "code": "smilie_code_odd", "sign": "smilie_sign_or_picture", "reason": "reason_too_short",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        add_smilie(admin, Wish("crane", "🦩"), png(9, 9), reason=WHY)
    assert refused.value.fields == {"sign": "smilie_sign_or_picture", "words": "empty"}


def test_they_are_bounded(admin, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 1)
    add(admin)
    with pytest.raises(Invalid) as refused:
        add(admin, "egret", "🐦")
    assert refused.value.fields == {"code": "too_many_smilies"}
