"""Discourse: a folder of topics as `/t/ID.json` gives them, in as many pages as there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from rostra.transfer.importers.discourse_json import (
    Json,
    flag,
    items,
    load_json,
    number,
    slug_of,
    text,
    time_of,
)
from rostra.transfer.importers.discourse_polls import polls_in
from rostra.transfer.importers.discourse_work import DiscourseWork, Topic
from rostra.transfer.importers.mail_files import files_under
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    PostState,
    ReactionRecord,
    Record,
    Skipped,
    ThreadRecord,
)

_REGULAR, _MODERATOR, _SMALL_ACTION, _WHISPER = 1, 2, 3, 4
_LIKE = 2
_ABOVE = "@board"  # the key of the category that was asked for above the forum's own
_WHY_SKIPPED = {_SMALL_ACTION: "small_action", _WHISPER: "whisper"}


class DiscourseReader:
    """Reads topics into boards, threads, polls, posts and likes; whispers and messages stay out."""

    def __init__(
        self, path: Path, work: Path, board: str | None = None, name: str | None = None
    ) -> None:
        self._root = Path(path)
        self.origin = f"discourse/{name or self._root.stem}"
        self._board = board
        key = sha256(self.origin.encode()).hexdigest()[:12]
        self._work = DiscourseWork(Path(work) / f"discourse-{key}.sqlite3")
        self._is_prepared = False

    def prepare(self) -> int:
        """Look through all files; return how many posts will come."""
        fingerprint = self._fingerprint()
        if not self._work.is_complete(fingerprint):
            self._work.begin()
            for file in files_under(self._root):
                self._take(file)
            self._work.finish(fingerprint)
        self._is_prepared = True
        return self._work.count(tuple(_WHY_SKIPPED))

    def records(self) -> Iterator[Record | Skipped]:
        """Yield boards, members, then every thread with its poll, its posts and their likes."""
        if not self._is_prepared:
            self.prepare()
        yield from self._boards()
        for key, name, title in self._work.members():
            addresses = (f"/u/{name.lower()}",) if name else ()
            yield MemberRecord(
                id=key, name=name or f"Member {key}", title=title, addresses=addresses
            )
        for topic in self._work.topics():
            yield from self._thread(topic)
        yield from self._work.skipped()

    # Looking through

    def _take(self, file: Path | Skipped) -> None:
        if isinstance(file, Skipped):
            self._work.skip(file)
            return
        name = file.relative_to(self._root).as_posix() if file != self._root else file.name
        data = load_json(file)
        if not isinstance(data, dict):
            self._work.skip(Skipped(name, "not_json"))
        elif "post_stream" in data:
            self._take_topic(name, data)
        elif categories := _categories_in(data):
            for category in categories:
                self._work.add_category(category)
        else:
            self._work.skip(Skipped(name, "not_a_topic"))

    def _take_topic(self, name: str, data: Json) -> None:
        posts = items(data.get("post_stream"), "posts")
        topic = number(data.get("id")) or next(
            (number(post.get("topic_id")) for post in posts), None
        )
        if topic is None:
            self._work.skip(Skipped(name, "not_a_topic"))
            return
        if data.get("archetype", "regular") != "regular":
            self._work.skip(Skipped(f"topic {topic}", "private_message"))
            return
        self._work.add_topic(topic, name, data)
        for post in posts:
            if not self._work.add_post(topic, post):
                self._work.skip(Skipped(f"{name}: post {text(post, 'id')}", "duplicate_post"))

    def _fingerprint(self) -> str:
        seen = sha256(b"discourse")
        for file in files_under(self._root):
            if isinstance(file, Path):
                facts = file.lstat()
                seen.update(
                    f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode("utf-8", "replace")
                )
        return seen.hexdigest()

    # Giving

    def _boards(self) -> Iterator[BoardRecord]:
        if self._board:
            yield BoardRecord(id=_ABOVE, title=self._board, is_category=True)
        above = _ABOVE if self._board else None
        given: set[str] = set()
        for position, (key, category) in enumerate(self._work.boards()):
            slug = text(category, "slug")
            parent = str(number(category.get("parent_category_id")))
            given.add(key)
            yield BoardRecord(
                id=key,
                title=text(category, "name")
                or (f"Category {key}" if key != "0" else "Uncategorized"),
                parent=parent if parent in given and parent != key else above,
                description=text(category, "description_text"),
                position=position,
                is_private=flag(category, "read_restricted"),
                addresses=(f"/c/{slug}/{key}", f"/c/{key}") if slug else (f"/c/{key}",),
            )

    def _thread(self, topic: Topic) -> Iterator[Record | Skipped]:
        posts = self._posts_of(topic)
        kept = [post for post in posts if number(post.get("post_type")) not in _WHY_SKIPPED]
        if kept:
            opening = self._opening(topic, kept)
            yield opening
            yield from polls_in(topic.id, opening.title, kept)
        else:
            yield Skipped(f"topic {topic.id}", "no_posts")
        keys = {number(post.get("post_number")): text(post, "id") for post in kept}
        for post in posts:
            why = _WHY_SKIPPED.get(number(post.get("post_type")) or _REGULAR)
            if why:
                yield Skipped(f"post {text(post, 'id')} {text(post, 'action_code')}".strip(), why)
                continue
            yield _post_record(topic, post, keys)
            likes = _likes(post)
            if likes:
                yield ReactionRecord(post=text(post, "id"), count=likes)

    def _posts_of(self, topic: Topic) -> list[Json]:
        """Return a topic's posts from all its pages, each once, in order."""
        found: dict[int, Json] = {}
        for name in topic.files:
            data = load_json(self._root / name if self._root.is_dir() else self._root)
            for post in items(data.get("post_stream") if isinstance(data, dict) else None, "posts"):
                key = number(post.get("id"))
                if key is not None and self._work.belongs(key, topic.id):
                    found.setdefault(key, post)
        return sorted(
            found.values(),
            key=lambda post: (number(post.get("post_number")) or 0, number(post.get("id")) or 0),
        )

    def _opening(self, topic: Topic, posts: list[Json]) -> ThreadRecord:
        data = topic.data
        first = posts[0]
        slug = text(data, "slug") or slug_of(text(data, "title"))
        return ThreadRecord(
            id=str(topic.id),
            board=self._work.board_of(topic.id),
            title=text(data, "title") or f"Topic {topic.id}",
            starter=_author_of(first),
            starter_name="" if _author_of(first) else text(first, "username"),
            created_at=time_of(data, "created_at") or time_of(first, "created_at"),
            state=_thread_state(data),
            is_locked=flag(data, "closed") or flag(data, "archived"),
            is_pinned=flag(data, "pinned") or flag(data, "pinned_globally"),
            answer=_answer(data, posts),
            tags=_tags(data),
            addresses=(f"/t/{slug}/{topic.id}", f"/t/{topic.id}") if slug else (f"/t/{topic.id}",),
        )


def _categories_in(data: Json) -> list[Json]:
    """Find the categories in what `/categories.json` or `/site.json` gave."""
    listed = data.get("category_list")
    return items(listed if isinstance(listed, dict) else data, "categories")


def _thread_state(data: Json) -> PostState:
    if data.get("deleted_at"):
        return "removed"
    return "visible" if data.get("visible", True) else "hidden"


def _tags(data: Json) -> tuple[str, ...]:
    """Return the tags, which newer versions write as objects."""
    listed = data.get("tags")
    found = listed if isinstance(listed, list) else []
    names = (tag.get("name") if isinstance(tag, dict) else tag for tag in found[:100])
    return tuple(name for name in names if isinstance(name, str))


def _answer(data: Json, posts: list[Json]) -> str | None:
    """Return the accepted answer's key; where two posts are flagged, the topic decides."""
    accepted = data.get("accepted_answer")
    chosen = number(accepted.get("post_number")) if isinstance(accepted, dict) else None
    flagged = [post for post in posts if flag(post, "accepted_answer")]
    for post in posts:
        if chosen is not None and number(post.get("post_number")) == chosen:
            return text(post, "id")
    return text(flagged[0], "id") if flagged else None


def _author_of(post: Json) -> str | None:
    user = number(post.get("user_id"))
    return str(user) if user is not None else None


def _post_record(topic: Topic, post: Json, keys: dict[int | None, str]) -> PostRecord:
    author = _author_of(post)
    raw = post.get("raw")
    position = number(post.get("post_number"))
    slug = text(topic.data, "slug")
    addresses = (f"/t/{topic.id}/{position}", f"/t/{slug}/{topic.id}/{position}") if slug else ()
    return PostRecord(
        id=text(post, "id"),
        thread=str(topic.id),
        source=raw if isinstance(raw, str) else text(post, "cooked"),
        dialect="native" if isinstance(raw, str) else "html",
        author=author,
        author_name="" if author else text(post, "username"),
        created_at=time_of(post, "created_at"),
        state=_post_state(post),
        reply_to=keys.get(number(post.get("reply_to_post_number"))),
        edited_at=_edited_at(post),
        addresses=addresses or (f"/t/{topic.id}/{position}",),
    )


def _post_state(post: Json) -> PostState:
    if flag(post, "user_deleted"):
        return "withdrawn"
    if post.get("deleted_at"):
        return "removed"
    return "hidden" if flag(post, "hidden") else "visible"


def _edited_at(post: Json) -> datetime | None:
    if (number(post.get("version")) or 1) < 2:
        return None
    edited, created = time_of(post, "updated_at"), time_of(post, "created_at")
    return edited if edited and (created is None or edited >= created) else None


def _likes(post: Json) -> int:
    summary: list[dict[str, Any]] = items(post, "actions_summary")
    counts = (number(action.get("count")) for action in summary if action.get("id") == _LIKE)
    return max((count for count in counts if count), default=0)
