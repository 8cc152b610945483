"""Fill FlaskBB: python fill.py CONTENT; prints where its pages are, as JSON."""

import json
import os
import sys
from datetime import datetime

import sqlalchemy as sa
from flask_login import login_user
from flaskbb.extensions import db
from flaskbb.forum.models import Category, Forum, Post, Topic
from flaskbb.settings.models import Setting
from flaskbb.user.models import Group, GroupRole, User
from flaskbb.utils.populate import (
    create_default_groups,
    create_default_settings,
    create_latest_db,
    create_user,
)
from site_wsgi import application

BASE = f"http://{os.environ['RIVAL_HOST']}"


def main(content: dict) -> None:
    """Write the rows, in the order of their references."""
    create_latest_db()
    db.session.execute(sa.text("PRAGMA journal_mode=WAL"))  # kept in the file; as Rostra's is
    create_default_groups()
    create_default_settings()
    for row in db.session.scalars(sa.select(Setting)):
        if row.key.upper() in ("POSTS_PER_PAGE", "TOPICS_PER_PAGE"):
            row.value = "20"
    reader = create_user(content["reader"], "secret-secret", "reader@example.com", "member")
    group = db.session.scalars(sa.select(Group).where(Group.role == GroupRole("member"))).first()
    users = {}
    for row in content["members"]:
        users[row["id"]] = User(
            username=row["name"],
            _password="-",  # noqa: S106 (no password fits it)
            email=f"{row['name']}@example.com",
            primary_group_id=group.id,
            activated=True,
        )
    db.session.add_all(users.values())
    category = Category(title="Everything")
    db.session.add(category)
    db.session.commit()
    boards = {}
    for row in content["boards"]:
        forum = Forum(title=row["title"], description="To be measured.", category_id=category.id)
        forum.save()
        boards[row["id"]] = forum
    topics = {row["id"]: _topic(row, boards, users) for row in content["threads"]}
    db.session.commit()
    for forum in boards.values():
        forum.recalculate(last_post=True)
    db.session.commit()
    topic = topics[content["measured"]["thread"]]
    found = {
        "front": "/",
        "board": boards[content["measured"]["board"]].url.removeprefix(BASE),
        "thread": topic.url.removeprefix(BASE),
        "cookie": _cookie(reader),
    }
    print(json.dumps(found))


def _topic(row: dict, boards: dict, users: dict) -> Topic:
    first, last = row["posts"][0], row["posts"][-1]
    starter = users[first["author"]]
    topic = Topic(title=row["title"], user=starter)
    topic.forum_id = boards[row["board"]].id
    topic.date_created = datetime.fromisoformat(first["at"])
    topic.last_updated = datetime.fromisoformat(last["at"])
    topic.post_count = len(row["posts"])
    db.session.add(topic)
    db.session.flush()
    posts = []
    for given in row["posts"]:
        poster = users[given["author"]]
        post = Post(content=given["source"])
        post.topic_id, post.user_id, post.username = topic.id, poster.id, poster.username
        post.date_created = datetime.fromisoformat(given["at"])
        posts.append(post)
    db.session.add_all(posts)
    db.session.flush()
    topic.first_post_id, topic.last_post_id = posts[0].id, posts[-1].id
    return topic


def _cookie(reader: User) -> str:
    """Return the cookie that signing in sends."""
    from flask import session

    with application.test_request_context("/"):
        login_user(reader)
        signer = application.session_interface.get_signing_serializer(application)
        # Bound to no browser: the one who measures is another than this one.
        kept = {name: value for name, value in session.items() if name != "_id"}
        name = application.config["SESSION_COOKIE_NAME"]
        return f"{name}={signer.dumps(kept)}"


with application.app_context(), open(sys.argv[1]) as file:
    main(json.load(file))
