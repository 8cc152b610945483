"""Fill Machina: python fill.py CONTENT; prints where its pages are, as JSON."""

import json
import os
import sys
from datetime import datetime

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils.text import slugify  # noqa: E402
from django_fill import cookie_of  # noqa: E402
from machina.apps.forum.models import Forum  # noqa: E402
from machina.apps.forum_conversation.models import Post, Topic  # noqa: E402
from machina.apps.forum_permission.shortcuts import assign_perm  # noqa: E402


@transaction.atomic
def main(content: dict) -> None:
    """Write the rows, in the order of their references."""
    users = {
        row["id"]: get_user_model().objects.create(username=row["name"])
        for row in content["members"]
    }
    category = Forum.objects.create(name="Everything", type=Forum.FORUM_CAT)
    boards = {
        row["id"]: Forum.objects.create(
            name=row["title"],
            type=Forum.FORUM_POST,
            parent=category,
            description="To be measured.",
        )
        for row in content["boards"]
    }
    for forum in (category, *boards.values()):
        for name in ("can_see_forum", "can_read_forum"):
            assign_perm(name, AnonymousUser(), forum)
    topics = {}
    for row in content["threads"]:
        last = row["posts"][-1]
        topic = Topic(
            forum=boards[row["board"]],
            poster=users[row["posts"][0]["author"]],
            subject=row["title"],
            slug=slugify(row["title"]) or "topic",
            type=Topic.TOPIC_POST,
            status=Topic.TOPIC_UNLOCKED,
            posts_count=len(row["posts"]),
            last_post_on=datetime.fromisoformat(last["at"]),
        )
        # Not its save, which counts the whole forum again at each topic.
        topic.save_base(force_insert=True)
        posts = [
            Post(
                topic=topic,
                poster=users[post["author"]],
                subject=row["title"],
                content=post["source"],
            )
            for post in row["posts"]
        ]
        for post in posts:  # as a save would, which bulk_create is not
            Post._meta.get_field("content").render_data(None, Post, instance=post)
        Post.objects.bulk_create(posts)
        mine = list(Post.objects.filter(topic=topic).order_by("id"))
        for post, given in zip(mine, row["posts"], strict=True):
            Post.objects.filter(pk=post.pk).update(created=datetime.fromisoformat(given["at"]))
        Topic.objects.filter(pk=topic.pk).update(first_post=mine[0], last_post=mine[-1])
        topics[row["id"]] = topic
    for forum in boards.values():
        forum.update_trackers()
    reader = get_user_model().objects.create(username=content["reader"])
    board = boards[content["measured"]["board"]]
    topic = topics[content["measured"]["thread"]]
    at = {"forum_slug": topic.forum.slug, "forum_pk": topic.forum.pk}
    found = {
        "front": "/",
        "board": reverse("forum:forum", kwargs={"slug": board.slug, "pk": board.pk}),
        "thread": reverse(
            "forum_conversation:topic", kwargs={**at, "slug": topic.slug, "pk": topic.pk}
        ),
        "cookie": cookie_of(reader, "django.contrib.auth.backends.ModelBackend"),
    }
    print(json.dumps(found))


with open(sys.argv[1]) as file:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    main(json.load(file))
