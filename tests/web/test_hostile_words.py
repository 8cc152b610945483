"""One marker in every text of the database, every page crawled: it is text everywhere (SEC-009)."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.utils import DatabaseError, IntegrityError

from rostra.forum.cases.actions.reporting import report_item
from rostra.forum.conversations.actions.messages import start_conversation
from rostra.forum.notices.actions import write_notice
from rostra.forum.notices.rules import Plan as Notice
from rostra.forum.smilies.actions import add_smilie
from rostra.forum.smilies.rules import Wish as Smilie
from rostra.forum.threads.actions.posts import edit_post, post_reply, remove_post
from rostra.forum.threads.models import Post
from rostra.forum.uploads.actions import upload_file
from tests.forum.sanctions.people import sanctioned
from tests.pictures import png

MARKER = "\"'><img src=x onerror=alert(7)>{{7*7}}</script><b>"
ROOMS = ("media", "modlog", "members", "boards", "threads", "reactions", "bookmarks", "polls",
         "conversations", "cases", "appeals", "sanctions", "smilies")  # fmt: skip
# Not words of people: choices, hashes, keys, and what was sanitised when it was kept.
NOT_WORDS = {
    "state", "dialect", "kind", "verb", "hash", "password", "token_hash", "language", "name_key",
    "html", "about_html", "signature_html", "field", "key", "form", "avatar", "word", "opens_to",
    "code", "rule", "decision", "outcome", "digest", "limits", "dismissed", "verbs",
}  # fmt: skip


def fields_with_words():
    for label in ROOMS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                if (
                    isinstance(field, models.CharField | models.TextField)
                    and field.name not in NOT_WORDS
                ):
                    yield model, field


def poison() -> int:
    count = 0
    for model, field in fields_with_words():
        limit = field.max_length or 1000
        for row in model._default_manager.all():
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(
                        **{field.name: f"{row.pk}{MARKER}"[:limit]}
                    )
                count += 1
            except (IntegrityError, DatabaseError):
                continue
    return count


@pytest.mark.parametrize("who", [None, "quay", "mod", "admin"])
@pytest.mark.breaks_the_log
@pytest.mark.django_db
def test_a_marker_is_text_everywhere(client, indexed, cast, who):
    post = Post.objects.get(thread=cast.barrier, number=2)
    edit_post(cast.view(cast.mod), post.pk, MARKER, reason=f"A reason {MARKER}")
    post_reply(
        cast.view(cast.quay),
        cast.barrier.pk,
        f'[quote="{MARKER}"]x[/quote] [spoiler={MARKER}]y[/spoiler]',
    )
    row = upload_file(cast.view(cast.quay), f"{MARKER}.txt", MARKER.encode())
    post_reply(cast.view(cast.quay), cast.barrier.pk, f"[x{MARKER}](upload:{row.key})")
    remove_post(
        cast.view(cast.mod), Post.objects.get(thread=cast.barrier, number=3).pk, f"Because {MARKER}"
    )
    to = [cast.quay.pk, cast.admin.pk]
    said = start_conversation(cast.view(cast.mod), to, f"Title {MARKER}", f"Said {MARKER}")
    report_item(cast.view(cast.quay), "message", said.pk, rule="R2", line=f"Reported {MARKER}")
    report_item(
        cast.view(cast.hill), "post", cast.barrier.posts.get(number=1).pk, rule="R2", line=MARKER
    )
    sanctioned(cast, cast.quay)
    write_notice(cast.view(cast.admin), Notice({"en": MARKER}), reason=f"Because {MARKER}")
    smilie = Smilie("crane", words=MARKER)
    add_smilie(cast.view(cast.admin), smilie, png(20, 20), reason=f"Because {MARKER}")
    post_reply(cast.view(cast.hill), cast.barrier.pk, "A :crane: there")
    assert poison() > 30
    client.defaults["HTTP_HOST"] = "localhost:8000"
    if who:
        client.force_login(getattr(cast, who), backend=settings.AUTHENTICATION_BACKENDS[0])
    seen, waiting = set(), ["/", "/whats-new", "/members", "/moderation-log", "/account/login",
                            "/sitemap.xml", "/sitemap-0.xml", "/robots.txt", "/nope<b>",
                            "/staff/access?member=%22%3E%3Cb%3E&board=1",
                            "/conversations/new?to=%22%3E%3Cb%3E", "/conversations?q=%22%3E%3Cb%3E",
                            "/staff/cases", "/staff/sanctions", "/account/record"]  # fmt: skip
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith("/account/logout"):
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code in (301, 302, 303):
            waiting.append(answer["Location"].partition("#")[0])
            continue
        assert answer.status_code in (200, 403, 404, 422), address
        if answer.streaming or address.startswith(
            "/files/"
        ):  # a file: no browser reads it as a page
            assert answer["Content-Disposition"].startswith("attachment"), address
            assert answer["X-Content-Type-Options"] == "nosniff", address
            continue
        page = answer.text
        assert "<img src=x" not in page, address
        assert "<b>" not in re.sub(r"<b>[\d,]+</b>", "", page), address
        assert "onerror=alert(7)>" not in page.replace("&gt;", ""), address
        waiting += [
            link.replace("&amp;", "&")
            for link in re.findall(r'href="(/[^"#]*)', page)
            if not link.startswith(("/static", "//"))
        ]
    assert len(seen) > 20
