"""The forum's own smilies as a page, in completion, and as pictures that are given out."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rostra.forum.smilies.actions import Arranged, add_smilie, arrange_smilies
from rostra.forum.smilies.models import Smilie
from rostra.forum.smilies.rules import Wish
from rostra.forum.threads.actions.posts import post_reply
from tests.cast import WHY
from tests.pictures import png
from tests.web.visits import as_, thread_address

PAGE = "/staff/smilies"
FORM = {"do": "add", "code": "heron", "sign": "🦩", "words": "", "reason": WHY}


def crane(cast) -> str:
    wish = Wish("crane", words="A crane")
    add_smilie(cast.view(cast.admin), wish, png(30, 20), reason=WHY)
    return Smilie.objects.get(code=":crane:").key


@pytest.mark.parametrize("who", [None, "quay", "mod"])
def test_only_administrators_come_there(web, cast, who):
    as_(web, cast, who)
    assert web.get(PAGE).status_code in (303, 403)
    assert web.post(PAGE, FORM).status_code in (303, 403)
    assert not Smilie.objects.exists()


def test_one_is_added_switched_off_and_moved(web, cast):
    as_(web, cast, "admin")
    assert web.post(PAGE, FORM).status_code == 303
    picture = SimpleUploadedFile("crane.png", png(30, 20), "image/png")
    made = {**FORM, "code": "crane", "sign": "", "words": "A crane", "picture": picture}
    assert web.post(PAGE, made).status_code == 303
    heron, bird = Smilie.objects.order_by("id")
    text = web.get(PAGE).text
    assert ":heron:" in text and f'<img src="/smilies/{bird.key}" alt="A crane"' in text
    form = {
        "do": "arrange", "reason": WHY, f"on-{bird.pk}": "1", f"place-{bird.pk}": "1",
        f"place-{heron.pk}": "2",
    }  # fmt: skip
    assert web.post(PAGE, form).status_code == 303
    heron.refresh_from_db()
    assert (heron.is_on, heron.position) == (False, 2)
    assert "Smilies of the forum changed" in web.get("/moderation-log").text


def test_what_is_wrong_is_said_and_what_was_typed_stays(web, cast):
    as_(web, cast, "admin")
    answer = web.post(PAGE, {**FORM, "code": "<b>"})
    assert answer.status_code == 422 and "a letter first" in answer.text
    assert 'value="&lt;b&gt;"' in answer.text and 'value="🦩"' in answer.text
    svg = SimpleUploadedFile("x.svg", b"<svg/>", "image/svg+xml")
    refused = web.post(PAGE, {**FORM, "sign": "", "words": "X", "picture": svg})
    assert refused.status_code == 422 and 'value="heron"' in refused.text
    empty = SimpleUploadedFile("x.png", b"", "image/png")
    assert web.post(PAGE, {**FORM, "sign": "", "picture": empty}).status_code == 422
    web.post(PAGE, FORM)
    smilie = Smilie.objects.get().pk
    wrong = web.post(PAGE, {"do": "arrange", "reason": WHY, f"place-{smilie}": "first"})
    assert wrong.status_code == 422 and 'value="first"' in wrong.text
    assert web.post(PAGE, {"do": "explode"}).status_code == 422
    assert web.post(PAGE, {**FORM, "more": "1"}).status_code == 422


def test_completion_offers_the_forums_own_first(web, cast):
    key = crane(cast)
    add_smilie(cast.view(cast.admin), Wish("smile_heron", "🦩"), reason=WHY)
    as_(web, cast, "quay")
    assert web.get("/write/smilies?q=cra").json()["smilies"][0] == [
        ":crane:", "", f"/smilies/{key}"
    ]  # fmt: skip
    offered = web.get("/write/smilies?q=smile").json()["smilies"]
    assert offered[0] == [":smile_heron:", "🦩", ""] and [":smile:", "🙂", ""] in offered
    row = Smilie.objects.get(code=":crane:")
    off = {row.pk: Arranged(is_on=False, position=0)}
    arrange_smilies(cast.view(cast.admin), off, reason=WHY)
    assert web.get("/write/smilies?q=crane").json()["smilies"] == []


def test_a_picture_is_given_out_in_its_sandbox_even_when_it_is_off(web, cast):
    """SEC-013."""
    key = crane(cast)
    post_reply(cast.view(cast.quay), cast.barrier.pk, "See :crane: there")
    row = Smilie.objects.get()
    off = {row.pk: Arranged(is_on=False, position=0)}
    arrange_smilies(cast.view(cast.admin), off, reason=WHY)
    assert f'src="/smilies/{key}"' in web.get(thread_address(cast)).text
    answer = web.get(f"/smilies/{key}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = web.get(f"/smilies/{key}", HTTP_IF_NONE_MATCH=answer.headers["ETag"])
    assert again.status_code == 304
    for other in (f"/smilies/{key}-1", f"/smilies/{'0' * 32}", "/smilies/x"):
        assert web.get(other).status_code == 404
