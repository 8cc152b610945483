"""Fill Misago: python fill.py CONTENT; prints where its pages are, as JSON."""

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
from django.test import RequestFactory  # noqa: E402
from django_fill import cookie_of  # noqa: E402
from misago.cache.versions import invalidate_all_caches  # noqa: E402
from misago.categories.models import Category, RoleCategoryACL  # noqa: E402
from misago.conf.models import Setting  # noqa: E402
from misago.markup.flavours import common  # noqa: E402
from misago.threads.checksums import update_post_checksum  # noqa: E402
from misago.threads.models import Post, Thread  # noqa: E402

PAGES = {"posts_per_page": 20, "posts_per_page_orphans": 0, "threads_per_page": 20}


@transaction.atomic
def main(content: dict) -> None:
    """Write the rows, in the order of their references."""
    for name, value in PAGES.items():
        Setting.objects.filter(setting=name).update(dry_value=str(value))
    users = {row["id"]: _user(row["name"]) for row in content["members"]}
    first = Category.objects.all_categories()[0]
    boards = {row["id"]: _category(row["title"], first) for row in content["boards"]}
    threads = {row["id"]: _thread(row, boards, users) for row in content["threads"]}
    for board in boards.values():
        board.synchronize()
        board.save()
    reader = _user(content["reader"])
    invalidate_all_caches()
    thread = threads[content["measured"]["thread"]]
    found = {
        "front": "/",
        "board": boards[content["measured"]["board"]].get_absolute_url(),
        "thread": thread.get_absolute_url(),
        "cookie": cookie_of(reader, "misago.users.authbackends.MisagoBackend"),
    }
    print(json.dumps(found))


def _user(name: str):  # noqa: ANN202 (Misago's)
    user = get_user_model().objects.create_user(name, f"{name}@example.com", joined_from_ip="::1")
    # Signing up draws pictures; a page holds only where they are.
    user.avatars = [{"size": size, "url": f"/media/{name}-{size}.png"} for size in (400, 200, 100)]
    user.save(update_fields=["avatars"])
    return user


def _category(title: str, like: Category) -> Category:
    """Return a category that the same people may read as the first one."""
    category = Category()
    category.set_name(title)
    category.insert_at(Category.objects.root_category(), position="last-child", save=True)
    RoleCategoryACL.objects.bulk_create(
        RoleCategoryACL(
            role_id=acl.role_id, category=category, category_role_id=acl.category_role_id
        )
        for acl in like.category_role_set.all()
    )
    return category


def _thread(row: dict, boards: dict, users: dict) -> Thread:
    request = RequestFactory().get("/")
    thread = Thread(
        category=boards[row["board"]],
        started_on=datetime.fromisoformat(row["posts"][0]["at"]),
        last_post_on=datetime.fromisoformat(row["posts"][-1]["at"]),
        starter_name="-",
        starter_slug="-",
    )
    thread.set_title(row["title"])
    thread.save()
    posts = []
    for given in row["posts"]:
        poster = users[given["author"]]
        at = datetime.fromisoformat(given["at"])
        request.user = poster
        parsed = common(request, poster, given["source"], allow_mentions=False)
        posts.append(
            Post(
                category=thread.category,
                thread=thread,
                poster=poster,
                poster_name=poster.username,
                original=given["source"],
                parsed=parsed["parsed_text"],
                posted_on=at,
                updated_on=at,
            )
        )
    for post in Post.objects.bulk_create(posts):
        update_post_checksum(post)
        post.save(update_fields=["checksum"])
    thread.synchronize()
    thread.save()
    return thread


with open(sys.argv[1]) as file:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    main(json.load(file))
