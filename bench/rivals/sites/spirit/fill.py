"""Fill Spirit: python fill.py CONTENT; prints where its pages are, as JSON."""

import json
import os
import sys
from datetime import datetime

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "site_settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django_fill import cookie_of  # noqa: E402
from djconfig.models import Config  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.core.utils.markdown import Markdown  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402


@transaction.atomic
def main(content: dict) -> None:
    """Write the rows, in the order of their references."""
    users = {
        row["id"]: get_user_model().objects.create(username=row["name"])
        for row in content["members"]
    }
    boards = {
        row["id"]: Category.objects.create(title=row["title"], description="To be measured.")
        for row in content["boards"]
    }
    topics = {}
    for row in content["threads"]:
        first, last = row["posts"][0], row["posts"][-1]
        topic = topics[row["id"]] = Topic.objects.create(
            user=users[first["author"]],
            category=boards[row["board"]],
            title=row["title"],
            date=datetime.fromisoformat(first["at"]),
            last_active=datetime.fromisoformat(last["at"]),
            comment_count=len(row["posts"]),
        )
        Comment.objects.bulk_create(
            Comment(
                user=users[post["author"]],
                topic=topic,
                comment=post["source"],
                comment_html=Markdown().render(post["source"]),
                date=datetime.fromisoformat(post["at"]),
            )
            for post in row["posts"]
        )
    for key, value in (
        ("site_name", "Spirit"),
        ("comments_per_page", 20),
        ("topics_per_page", 20),
    ):
        Config.objects.update_or_create(key=key, defaults={"value": str(value)})
    reader = get_user_model().objects.create(username=content["reader"])
    found = {
        "front": "/",
        "board": boards[content["measured"]["board"]].get_absolute_url(),
        "thread": topics[content["measured"]["thread"]].get_absolute_url(),
        "cookie": cookie_of(reader, "spirit.user.auth.backends.UsernameAuthBackend"),
    }
    print(json.dumps(found))


with open(sys.argv[1]) as file:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    main(json.load(file))
