"""Rumours on breaking news: what opens a conversation is a claim, its replies take sides.

A reply that links to something else than a picture gives that as its source, and it is the word of
whoever published it; else its own post is the source, and it is the word of its author.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench.corpora.claiming import Rows, Said, said_in

from rostra.forum.claims.status import Stance
from rostra.kernel import text
from rostra.transfer.records import (
    BoardRecord,
    MemberRecord,
    PostRecord,
    Record,
    Skipped,
    ThreadRecord,
)

STANCES: dict[str, Stance] = {"support": "asserts", "deny": "denies", "query": "doubts"}
_ITS_OWN = ("twitter.com", "t.co", "twimg.com", "pic.twitter.com")  # no source of anything
_URL = re.compile(r"https?://\S*")
_LINES = re.compile(r"[ \t]+")


class Rumour(NamedTuple):
    """A conversation: its event, its tweets in order, what links mean, how it came out."""

    event: str
    tweets: list[dict[str, Any]]
    links: dict[str, str]
    outcome: str  # true, false, unverified


class Corpus(NamedTuple):
    rumours: list[Rumour]
    stances: dict[str, str]  # tweet → support, deny, query, comment


def records(folder: Path) -> Iterator[Record | Skipped]:
    """Give a board an event, the members, each rumour with its replies, then the claims."""
    corpus = read(folder)
    for event in sorted({rumour.event for rumour in corpus.rumours}):
        yield BoardRecord(id=event, title=event.replace("-", " "))
    users = {
        tweet["user"]["id_str"]: tweet["user"]["screen_name"]
        for rumour in corpus.rumours
        for tweet in rumour.tweets
    }
    for key, name in users.items():
        yield MemberRecord(id=key, name=name)
    rows, first = Rows(), 1
    for number, rumour in enumerate(corpus.rumours, 1):
        yield from _thread(number, first, rumour, corpus.stances, users, rows)
        first += len(rumour.tweets)
    yield from rows.records()


def read(folder: Path) -> Corpus:
    """Read the conversations, by event and number, and what was said of them."""
    files: dict[str, bytes] = {}
    for archive in sorted(folder.glob("rumoureval*.tar.xz")):
        with tarfile.open(archive, "r:xz") as tar:
            for member in tar:
                if member.isfile() and (file := tar.extractfile(member)):
                    files[member.name.removeprefix("./")] = file.read()
    stances: dict[str, str] = {}
    outcomes: dict[str, str] = {}
    threads: dict[tuple[str, str], list[dict[str, Any]]] = {}
    links: dict[tuple[str, str], dict[str, str]] = {}
    for name, data in files.items():
        parts = name.split("/")
        if parts[-1] == "subtaskA.json":
            stances |= json.loads(data)
        elif parts[-1] == "subtaskB.json":
            outcomes |= json.loads(data)
        elif parts[-2:-1] in (["source-tweet"], ["replies"]):
            threads.setdefault((parts[1], parts[2]), []).append(json.loads(data))
        elif parts[-1] == "urls.dat":
            links[parts[1], parts[2]] = _links(data.decode())
    rumours = [
        Rumour(
            event=key[0],
            tweets=sorted(tweets, key=lambda tweet: int(tweet["id_str"])),
            links=links.get(key, {}),
            outcome=outcomes[key[1]],
        )
        for key, tweets in sorted(threads.items())
    ]
    return Corpus(rumours, stances)


def compared(folder: Path, out: Path) -> str:
    """Return in a table what the claims of an archive came to, and how the rumours came out.

    The first is what is known of a claim by who said what; the second is what turned out.
    """
    outcomes = [rumour.outcome for rumour in read(folder).rumours]
    lines = (out / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    claims = [json.loads(line) for line in lines]
    found = Counter((claim["status"], outcomes[claim["thread_id"] - 1]) for claim in claims)
    columns = ("true", "false", "unverified")
    head = f"{'status':<16}" + "".join(f"{name:>12}" for name in columns)
    rows = (
        f"{status:<16}" + "".join(f"{found[status, name]:>12}" for name in columns)
        for status in sorted({status for status, _ in found})
    )
    return "\n".join((head, *rows))


def _thread(
    number: int,
    first: int,
    rumour: Rumour,
    stances: dict[str, str],
    users: dict[str, str],
    rows: Rows,
) -> Iterator[Record | Skipped]:
    source, key = rumour.tweets[0], str(number)
    words = _bare(_text(source, rumour.links))
    yield ThreadRecord(
        id=key,
        board=rumour.event,
        title=words[:200],
        starter=source["user"]["id_str"],
        created_at=_when(source),
    )
    ids = {tweet["id_str"]: first + at for at, tweet in enumerate(rumour.tweets)}
    for tweet in rumour.tweets:
        answered = ids.get(tweet["in_reply_to_status_id_str"] or "")
        yield PostRecord(
            id=str(ids[tweet["id_str"]]),
            thread=key,
            source=_text(tweet, rumour.links),
            dialect="plain",
            author=tweet["user"]["id_str"],
            created_at=_when(tweet),
            reply_to=None if answered is None else str(answered),
        )
    stance = stances[source["id_str"]]
    if stance != "support":  # what its words say is not the rumour, or is its opposite
        yield Skipped(f"claim of thread {key}", f"opens_with_{stance}")
        return
    there = said_in(_text(source, rumour.links), "plain")
    claim = rows.claim(number, first, words, _when(source), there)
    if isinstance(claim, str):
        yield Skipped(f"claim of thread {key}", claim)
        return
    for tweet in rumour.tweets:
        stance = stances[tweet["id_str"]]
        post = ids[tweet["id_str"]]
        if stance not in STANCES:
            yield Skipped(f"post {post}", f"takes_no_side: {stance}")
            continue
        said = _said(tweet, stance, rumour.links, post, users)
        if why := rows.entry(claim, said, said_in(_text(tweet, rumour.links), "plain")):
            yield Skipped(f"entry of post {post}", why)


def _said(
    tweet: dict[str, Any], stance: str, links: dict[str, str], post: int, users: dict[str, str]
) -> Said:
    """Return who says what in a tweet. Who asks about a page does not make the page doubt."""
    url = "" if stance == "query" else next(iter(_sources(tweet, links)), "")
    if url:
        return Said(STANCES[stance], _when(tweet), is_known=False, url=url)
    speaker, quote = users[tweet["user"]["id_str"]], _bare(_text(tweet, links))
    return Said(
        STANCES[stance],
        _when(tweet),
        is_known=True,
        post=post,
        speaker=speaker,
        quote=quote if len(quote) >= 8 else "",
    )


def _sources(tweet: dict[str, Any], links: dict[str, str]) -> Iterator[str]:
    for found in tweet["entities"]["urls"]:
        url = links.get(found["expanded_url"], found["expanded_url"])
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        if host and not any(host == own or host.endswith(f".{own}") for own in _ITS_OWN):
            yield url


def _text(tweet: dict[str, Any], links: dict[str, str]) -> str:
    """Return a tweet's words, its links as they lead, without those to its own pictures."""
    words = str(tweet["text"])
    for found in tweet["entities"]["urls"]:
        to = links.get(found["expanded_url"], found["expanded_url"])
        words = words.replace(found["url"], to)
    for found in tweet["entities"].get("media", []):
        words = words.replace(found["url"], "")
    return _LINES.sub(" ", unescape(words)).strip()


def _bare(words: str) -> str:
    """Return words without links, on one line."""
    return text.one_line(_URL.sub("", words))


def _links(data: str) -> dict[str, str]:
    rows = (line.split("\t") for line in data.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[2].startswith("http")}


def _when(tweet: dict[str, Any]) -> datetime:
    return datetime.strptime(tweet["created_at"], "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
