"""Published corpora in one forum: what an operator does, by the command he does it with.

One import is killed with signal 9 in the middle and goes on; a second run of each adds nothing;
the archive of it all goes into an empty forum and comes out the same, byte for byte. The one
test is a story in the order of its parts. By night it is told of all six; by day of two, the one
that is killed and one in an archive, with most right-to-left text.
"""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from bench.operator import NAMES, Corpus, Finished, Forum, unpack

from rostra.content.markup.plain_mail import has_mail
from tests.transfer.importers.corpora import DATA, needs_data

pytestmark = [pytest.mark.corpus, pytest.mark.long, needs_data]

# Posts and threads as the corpora's own figures have them. A newspaper's and a forum's article
# is the opening post of its thread (2,015 and 717). The Usenet groups have 4,047 threads by
# their figures: see `test_the_figures_of_usenet` for the three that are one with another.
FIGURES = {
    "ng20": (9_975, 4_044),
    "r_sig_mac_mbox": (9_580, 2_840),
    "urho3d_discourse": (27_446 - 72, 3_772),
    "iac_fourforums": (28_929 + 11_090, 875 + 114),
    "alriyadh_comments_ar": (17_840 + 2_015, 2_015),
    "percqa_fa": (16_574 + 717, 717),
}
LEFT_OUT = {
    "ng20": {"duplicate_message": 22},
    "r_sig_mac_mbox": {"duplicate_message": 9_829 - 9_580},
    "urho3d_discourse": {
        "small_action": 72,
        "poll_in_a_reply": 4,
        "poll_results_unknown": 1,
        "second_poll_of_a_thread": 1,
    },
}
KILLED = "r_sig_mac_mbox"
MOST_MB = 300


@pytest.mark.parametrize(
    "names",
    [
        pytest.param((KILLED, "percqa_fa"), id="two"),
        pytest.param(NAMES, id="six", marks=pytest.mark.nightly),
    ],
)
def test_corpora_in_one_forum(tmp_path: Path, names: Sequence[str]) -> None:
    corpora = [unpack(name, Path(DATA), tmp_path / "corpora") for name in names]
    figures = [FIGURES[name] for name in names]
    forum = Forum(tmp_path / "forum", DATABASE_URL="")
    for corpus in corpora:
        if corpus.name == KILLED:
            _kill_in_the_middle(forum, corpus)
        _check_first(corpus, forum.bring_in(corpus))
    for corpus in corpora:
        _check_second(corpus, forum.bring_in(corpus))
    assert _one(forum, "SELECT count(*) FROM threads_post") == sum(posts for posts, _ in figures)
    assert _one(forum, "SELECT count(*) FROM threads_thread") == sum(row[1] for row in figures)
    assert _one(forum, "SELECT count(*) FROM members_member WHERE is_claimed") == 0
    _check_clean(forum)
    assert [post for post, html in _fragments(forum, "plain", "html") if _shows_mail(html)] == []
    _goes_out_and_in_again(forum, tmp_path)


def _goes_out_and_in_again(forum: Forum, folder: Path) -> None:
    first, second = folder / "first", folder / "second"
    _check_memory(forum.run("export", "archive", first, "--quiet"))
    restored = Forum(folder / "restored", DATABASE_URL="")
    _check_memory(restored.run("import", "archive", first, "--quiet"))
    _check_clean(restored)
    _check_memory(restored.run("export", "archive", second, "--quiet"))
    names = sorted(file.name for file in first.iterdir())
    assert names == sorted(file.name for file in second.iterdir())
    differing = [n for n in names if (first / n).read_bytes() != (second / n).read_bytes()]
    assert differing == []
    before, after = _fragments(forum), _fragments(restored)
    assert [one[0] for one, two in zip(before, after, strict=True) if one != two] == []


def _kill_in_the_middle(forum: Forum, corpus: Corpus) -> None:
    """Kill an import when it has written a third of its posts, and see that it had not ended."""
    there = _mapped(forum)
    process = forum.start("import", corpus.kind, corpus.path, "--quiet", "--json")
    while process.poll() is None and _mapped(forum) - there < FIGURES[corpus.name][0] // 3:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert FIGURES[corpus.name][0] // 3 <= _mapped(forum) - there < FIGURES[corpus.name][0]
    with closing(_database(forum)) as database:
        mapped = "SELECT count(*) FROM transfer_mapped WHERE kind = 'post'"
        posts = "SELECT count(*) FROM threads_post"
        assert database.execute(mapped).fetchone() == database.execute(posts).fetchone()


def _check_first(corpus: Corpus, done: Finished) -> None:
    report = _report(done)
    posts, threads = FIGURES[corpus.name]
    counts = report["counts"]
    assert counts["post"]["written"] + counts["post"]["already_there"] == posts
    assert (counts["post"]["already_there"] > 0) == (corpus.name == KILLED)
    assert counts["thread"]["written"] + counts["thread"]["already_there"] == threads
    assert report["skipped_because"] == LEFT_OUT.get(corpus.name, {})
    _check_memory(done)


def _check_second(corpus: Corpus, done: Finished) -> None:
    report = _report(done)
    for kind, counts in report["counts"].items():
        assert counts["written"] == 0, (corpus.name, kind)
    assert report["counts"]["post"]["already_there"] == FIGURES[corpus.name][0]
    assert report["skipped_because"] == LEFT_OUT.get(corpus.name, {})


def _report(done: Finished) -> dict[str, Any]:
    assert done.code == 0, done.err
    report: dict[str, Any] = json.loads(done.out)
    assert report["balanced"]
    assert report["members_renamed"] >= 0
    return report


def _check_memory(done: Finished) -> None:
    """REL-056: whatever the input, no process takes more."""
    assert done.code == 0, done.err
    assert 0 < done.main_mb < MOST_MB
    assert done.worker_mb < MOST_MB


def _check_clean(forum: Forum) -> None:
    done = forum.run("doctor")
    assert (done.code, done.out.strip()) == (0, "clean")


def _shows_mail(html: str) -> bool:
    """Tell whether a line holds an address of mail to be read, or a tag one to be followed.

    A linker's names ("length@std@@YAX@Z") are none.
    """
    if "@" not in html and " at " not in html:
        return False
    lines = [unescape(line) for line in re.split(r"<[^>]*>|\n", html)]
    return 'href="mailto' in html or any(has_mail(line) for line in lines if "@@" not in line)


def _fragments(forum: Forum, *dialects: str) -> Iterator[tuple[int, str]]:
    where = f"WHERE dialect IN ({', '.join('?' * len(dialects))})" if dialects else ""
    with closing(_database(forum)) as database:
        yield from database.execute(
            f"SELECT id, html FROM threads_post {where} ORDER BY id",
            dialects,
        )


def _mapped(forum: Forum) -> int:
    return _one(forum, "SELECT count(*) FROM transfer_mapped WHERE kind = 'post'")


def _one(forum: Forum, sql: str) -> int:
    with closing(_database(forum)) as database:
        number: int = database.execute(sql).fetchone()[0]
    return number


def _database(forum: Forum) -> sqlite3.Connection:
    file = forum.folder / "rostra.sqlite3"
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)
