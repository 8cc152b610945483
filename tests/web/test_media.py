"""Pictures and files on pages: given out, brought by forms with and without scripts, avatars."""

from __future__ import annotations

import dataclasses
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rostra.content.media.models import Upload
from rostra.effects.notifications.models import Notification
from rostra.forum.members.models import Member
from rostra.forum.modlog.models import LogEntry
from rostra.forum.modlog.queries import first_fault
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.models import Draft, Post
from rostra.forum.uploads.actions import choose_avatar, upload_file
from rostra.kernel import jobs
from rostra.web import addresses
from tests.budgets import GUEST, MEMBER_MORE, MEMBER_OWN
from tests.cast import WHY
from tests.pictures import from_a_phone, gif_of, jpeg, opened, png
from tests.web.asking import sign_in

TEXT = b"Eleven columns. <script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _of_its_own(tmp_path, settings):
    settings.ROSTRA = dataclasses.replace(settings.ROSTRA, data=tmp_path)


def shown(cast, name, data, member=None):
    """A post of Hill's with something in it."""
    viewer = cast.view(member or cast.hill)
    row = upload_file(viewer, name, data)
    sign = "!" if row.kind == "picture" else ""
    return row, post_reply(viewer, cast.barrier.pk, f"Look: {sign}[The mole](upload:{row.key})")


def sent(name, data, declared="text/html"):
    """A file of a form, with a type that a browser only says it has."""
    return SimpleUploadedFile(name, data, content_type=declared)


@pytest.mark.parametrize("step", ["", "-1", "-2"])
def test_a_picture_is_given_out_as_what_it_is(web, cast, step):
    """SEC-013, SEC-014: our own type, nosniff, a sandbox."""
    row, _ = shown(cast, "a.png", png(1500, 900))
    answer = web.get(f"/files/{row.key}{step}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'; sandbox"
    )
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, max-age=300"
    assert "Content-Disposition" not in answer
    assert opened(answer.content).width == {"": 1500, "-1": 700, "-2": 1400}[step]
    again = web.get(f"/files/{row.key}{step}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("log.txt", 'attachment; filename="log.txt"'),
        ('a"b\r\nX-Evil: 1;.txt', 'attachment; filename="abX-Evil 1;.txt"'),
        ("../../x.txt", 'attachment; filename="x.txt"'),
        ("gpj.\u202etxt.txt", 'attachment; filename="gpj.txt.txt"'),
        (
            "سجل.txt",
            "attachment; filename*=utf-8''%D8%B3%D8%AC%D9%84.txt",
        ),
        ("x" * 300 + ".txt", f'attachment; filename="{"x" * 100}.txt"'),
    ],
)
def test_a_file_is_to_take_along_and_never_shown(web, cast, name, header):
    """SEC-014, SEC-015: a text of HTML is a download, under a name that is only a name."""
    row, _ = shown(cast, name, TEXT)
    answer = web.get(f"/files/{row.key}")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == header
    assert (
        answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'; sandbox"
    )
    assert "X-Evil" not in answer.headers
    assert answer.content == TEXT
    assert name not in str(row.key)


def test_a_pdf_with_html_in_it_is_a_pdf(web, cast):
    """SEC-014: PDF + HTML."""
    row, _ = shown(cast, "a.html.pdf", b"%PDF-1.7\n<html><script>alert(1)</script>")
    answer = web.get(f"/files/{row.key}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")


def test_who_may_not_read_the_post_finds_no_file(web, cast):
    """SEC-057: without a session, by another's, after a removal; by any trick of paths, headers."""
    row, post = shown(cast, "a.png", png(1500, 90))
    assert web.get(f"/files/{row.key}").status_code == 200
    etag = web.get(f"/files/{row.key}")["ETag"]
    remove_post(cast.view(cast.mod), post.pk, WHY)
    for member in (None, cast.quay):
        sign_in(web, member)
        for path in (
            f"/files/{row.key}", f"/files/{row.key}-1", f"/files/{row.key.upper()}",
            f"/files/{row.key[:2]}/{row.key}", f"/files/{row.key[:2]}%2f{row.key}",
            f"/files/..%2fuploads%2f{row.key[:2]}%2f{row.key}", f"/uploads/{row.key[:2]}/{row.key}",
            "/files/../secret", "/files/..%2f..%2fsecret", f"/avatars/{row.key}",
            f"/static/../uploads/{row.key[:2]}/{row.key}",
        ):  # fmt: skip
            headers = {"X-Accel-Redirect": "/secret", "X-Sendfile": "/etc/passwd",
                       "X-Original-URL": f"/files/{row.key}", "If-None-Match": etag}  # fmt: skip
            answer = web.get(path, headers=headers)
            assert answer.status_code == 404, path
            assert "X-Accel-Redirect" not in answer.headers
    sign_in(web, cast.hill)
    answer = web.get(f"/files/{row.key}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_size_that_there_is_not_is_not_found(web, cast):
    row, _ = shown(cast, "a.png", png(40, 30))
    assert [web.get(f"/files/{row.key}{s}").status_code for s in ("", "-1", "-2", "-3")] == [
        200, 404, 404, 404,
    ]  # fmt: skip


def test_pages_with_pictures_cost_no_query_more(web, cast, django_assert_num_queries):
    shown(cast, "a.png", png(1500, 900))
    choose_avatar(cast.view(cast.quay), jpeg(200, 200))
    address = f"/threads/{cast.barrier.pk}.flood-barrier"
    address = (
        web.get(address, follow=True).redirect_chain[-1][0]
        if web.get(address).status_code == 301
        else address
    )
    web.get(address)
    with django_assert_num_queries(GUEST["thread"]):
        page = web.get(address).text
    assert "/files/" in page
    assert "/avatars/" in page
    sign_in(web, cast.hill)
    web.get(address)
    with django_assert_num_queries(GUEST["thread"] + MEMBER_MORE):
        web.get(address)
    board = f"/boards/{cast.harbour.pk}.harbour"
    with django_assert_num_queries(GUEST["board"] + MEMBER_MORE + MEMBER_OWN["board"]):
        assert "/avatars/" in web.get(board).text


def test_the_composer_brings_a_file_at_once(web, cast):
    sign_in(web, cast.hill)
    answer = web.post("/files", {"file": sent("IMG_1.jpg", from_a_phone(), "text/html")})
    row = Upload.objects.get()
    assert answer.json() == {"source": f"![](upload:{row.key})", "kind": "picture"}
    answer = web.post("/files", {"file": sent("Barrier [log].txt", TEXT)})
    assert answer.json()["source"].startswith("[Barrier (log).txt](upload:")


@pytest.mark.parametrize(
    ("file", "status", "words"),
    [
        (("a.svg", b"<svg/>"), 422, "cannot be here"),
        (("a.gif", gif_of(501)), 422, "500 frames"),
        (("a.jpg", jpeg()[:5000]), 422, "damaged"),
        (("a.txt", b"x" * 4_000_001), 422, "larger"),
        (None, 422, "choose a file"),
    ],
)
def test_what_is_not_taken_is_said_in_words(web, cast, file, status, words):
    sign_in(web, cast.hill)
    answer = web.post("/files", {"file": sent(*file)} if file else {})
    assert answer.status_code == status
    assert words in answer.json()["error"]
    assert not Upload.objects.exists()


def test_a_guest_brings_nothing(web, cast):
    answer = web.post("/files", {"file": sent("a.jpg", jpeg(30, 20))})
    assert answer.status_code == 403
    sign_in(web, cast.hill)
    assert web.post("/files", {"other": sent("a.jpg", jpeg(30, 20))}).status_code == 422
    assert web.get("/files").status_code == 405
    assert not Upload.objects.exists()


def test_a_form_without_scripts_brings_what_is_chosen_when_it_is_sent(web, cast):
    sign_in(web, cast.hill)
    page = web.get(f"/threads/{cast.barrier.pk}/reply").text
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page
    form = {
        "source": "The mole at noon.", "key": "", "seen": "", "alt": "The mole ] at [ noon",
        "files": [sent("a.jpg", jpeg(900, 600)), sent("log.txt", TEXT)],
    }  # fmt: skip
    answer = web.post(f"/threads/{cast.barrier.pk}/reply", form)
    assert answer.status_code == 303
    post = Post.objects.latest("id")
    assert post.source.startswith("The mole at noon.\n\n![The mole ) at ( noon](upload:")
    assert post.html.count("/files/") == 4  # the picture, its size, the finer one, the file
    assert 'alt="The mole ) at ( noon"' in post.html


def test_a_preview_without_scripts_keeps_what_was_brought(web, cast):
    sign_in(web, cast.hill)
    address = f"/boards/{cast.harbour.pk}/start"
    form = {"title": "Noon", "source": "", "do": "preview", "files": sent("a.jpg", jpeg(90, 60))}
    page = web.post(address, form).text
    key = Upload.objects.get().key
    assert f"![](upload:{key})\n</textarea>" in page
    assert f'<img src="/files/{key}"' in page
    answer = web.post(address, {"title": "Noon", "source": f"![](upload:{key})", "seen": ""})
    assert answer.status_code == 303
    assert f"/files/{key}" in Post.objects.latest("id").html


def test_an_edit_takes_pictures_in_too(web, cast):
    _, post = shown(cast, "a.jpg", jpeg(90, 60))
    sign_in(web, cast.hill)
    form = {"source": post.source, "files": sent("b.jpg", jpeg(90, 60)), "do": ""}
    assert web.post(f"/posts/{post.pk}/edit", form).status_code == 303
    post.refresh_from_db()
    assert post.html.count("<img") == 2


def test_the_words_stay_where_a_file_is_refused(web, cast):
    sign_in(web, cast.hill)
    form = {
        "source": "A long thought.", "key": "", "seen": "", "alt": "A mole",
        "files": [sent("a.jpg", jpeg(90, 60)), sent("b.svg", b"<svg/>")],
    }  # fmt: skip
    before = Post.objects.count()
    answer = web.post(f"/threads/{cast.barrier.pk}/reply", form)
    assert answer.status_code == 422
    key = Upload.objects.get().key
    assert f"A long thought.\n\n![A mole](upload:{key})" in answer.text
    assert "This cannot be here" in answer.text
    assert Post.objects.count() == before
    assert key in Draft.objects.get().source


def test_a_preview_of_anothers_post_shows_its_pictures_to_who_edits_it(web, cast):
    row, post = shown(cast, "a.jpg", jpeg(90, 60))
    for member, shows in ((cast.mod, True), (cast.quay, True), (cast.hill, True)):
        sign_in(web, member)
        form = {"source": post.source, "place": f"p{post.pk}"}
        assert ("<img" in web.post("/write/preview", form).text) == shows
    sign_in(web, cast.quay)
    assert "<img" not in web.post("/write/preview", {"source": post.source}).text
    assert row.key


def test_one_chooses_a_picture_and_takes_it_away(web, cast):
    sign_in(web, cast.hill)
    assert "Your picture" in web.get("/account/picture").text
    answer = web.post("/account/picture", {"picture": sent("me.jpg", jpeg(300, 200)), "do": ""})
    assert answer.status_code == 303
    key = Member.objects.get(pk=cast.hill.pk).avatar
    picture = web.get(f"/avatars/{key}-1")
    assert opened(picture.content).size == (64, 64)
    assert picture["Cache-Control"] == "private, max-age=3600"
    mark = f'<img src="/avatars/{key}-1" srcset="/avatars/{key} 2x" alt=""'
    post_reply(cast.view(cast.hill), cast.barrier.pk, "Here I am.")
    for address in ("/account/picture", "/members", f"/members/{cast.hill.pk}.Hill",
                    f"/threads/{cast.barrier.pk}"):  # fmt: skip
        assert mark in web.get(address, follow=True).text, address
    assert web.post("/account/picture", {"do": "remove"}).status_code == 303
    assert mark not in web.get("/members").text
    assert web.get(f"/avatars/{key}").status_code == 404
    refused = web.post("/account/picture", {"picture": sent("me.svg", b"<svg/>"), "do": ""})
    assert refused.status_code == 422
    assert "This is not a picture" in refused.text


def test_own_data_names_what_one_brought(web, cast):
    row, post = shown(cast, "log.txt", TEXT)
    sign_in(web, cast.hill)
    from rostra.reading.own_data import own_data

    (upload,) = [thing for thing in own_data(cast.view(cast.hill)) if thing["kind"] == "upload"]
    assert upload["address"] == f"/files/{row.key}"
    assert (upload["name"], upload["size"], upload["posts"]) == ("log.txt", len(TEXT), [post.pk])


def test_a_feed_names_pictures_whole(web, cast):
    row, _ = shown(cast, "a.png", png(1500, 900))
    feed = web.get(f"/threads/{cast.barrier.pk}/feed.atom").text
    assert f'<img src="http://localhost:8000/files/{row.key}-1"' in unescape(feed)


def test_a_form_in_which_no_file_was_chosen_is_taken(web, cast):
    """Browsers send a part without a name for it then."""
    sign_in(web, cast.hill)
    form = {"source": "Words alone.", "key": "", "seen": "", "alt": "", "files": ""}
    assert web.post(f"/threads/{cast.barrier.pk}/reply", form).status_code == 303
    form = {"source": "Words, and more.", "key": "", "seen": "", "alt": "", "files": "x"}
    assert web.post(f"/threads/{cast.barrier.pk}/reply", form).status_code == 422


def test_a_moderator_takes_a_picture_away_and_its_owner_is_told(web, cast):
    """With a public reason, in the log; nobody else may, and no reason changes nothing."""
    choose_avatar(cast.view(cast.quay), png(80, 80))
    key = Member.objects.get(pk=cast.quay.pk).avatar
    address = f"/members/{cast.quay.pk}/picture"
    assert web.get(address).status_code in (302, 303, 403)
    sign_in(web, cast.hill)
    assert web.get(address).status_code == 403
    assert address not in web.get(addresses.member(cast.quay.pk, cast.quay.name)).text
    sign_in(web, cast.mod)
    assert address in web.get(addresses.member(cast.quay.pk, cast.quay.name)).text
    short = web.post(address, {"reason": "<b> no"})
    assert short.status_code == 422
    assert 'value="&lt;b&gt; no"' in short.text
    assert web.get(f"/avatars/{key}").status_code == 200
    assert web.post(address, {"reason": WHY}).status_code == 303
    assert Member.objects.get(pk=cast.quay.pk).avatar == ""
    assert web.get(f"/avatars/{key}").status_code == 404
    assert web.post(address, {"reason": WHY}).status_code == 403  # it is gone
    entry = LogEntry.objects.get(kind="member.avatar_remove")
    assert (entry.public["role"], first_fault()) == ("moderator", None)
    log = web.get("/moderation-log?kind=member.avatar_remove").text
    assert WHY in log
    while jobs.run_due():
        pass
    sign_in(web, cast.quay)
    told = Notification.objects.get(member=cast.quay, kind="notice")
    assert "A moderator acted on something of yours" in web.get("/notifications").text
    answer = web.get(f"/notifications/{told.pk}")
    assert answer["Location"] == f"/statements/{entry.n}"
    assert WHY in web.get(answer["Location"]).text


def test_a_picture_can_be_deleted_for_good_at_once(web, cast):
    """What is against the law lies nowhere any more, for no appeal; nothing is so unless chosen."""
    for chosen, kept in (({}, 1), ({"for_good": "1"}, 0)):
        choose_avatar(cast.view(cast.quay), png(80, 80))
        sign_in(web, cast.mod)
        address = f"/members/{cast.quay.pk}/picture"
        assert 'name="for_good"' in web.get(address).text
        assert web.post(address, {"reason": WHY, **chosen}).status_code == 303
        assert Upload.objects.filter(owner=cast.quay, kind="avatar").count() == kept
