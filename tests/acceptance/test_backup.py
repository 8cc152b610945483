"""The drill: a forum in use is backed up, lost, and put back elsewhere (REL-050)."""

from __future__ import annotations

import json
import tarfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.beginnings import CAST, begin
from tests.acceptance.forums import IS_POSTGRESQL, Forum, new_forum

pytestmark = pytest.mark.django_db  # marks it for the PostgreSQL run; the forums are its own

WRITE = """
from pathlib import Path
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.access.queries import viewer_for
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.models import Thread
def view(name):
    return viewer_for(account_for(Member.objects.get(name=name).pk))
thread_id = Thread.objects.get(title="Flood barrier").pk
quay, mod = view("Quay"), view("Mod Ferris")
acked = Path({acked!r}).open("a")
while not Path({stop!r}).exists():
    post = post_reply(quay, thread_id, "A reply while the forum is backed up")
    print(post.pk, file=acked, flush=True)
    if post.pk % 7 == 0:
        remove_post(mod, post.pk, "One in seven goes, so that the log grows.")
"""
COUNTS = """
import json
from django.db import connection
with connection.cursor() as cursor:
    found = {}
    for table in json.loads(%r):
        cursor.execute('SELECT count(*) FROM "%%s"' %% table)
        found[table] = cursor.fetchone()[0]
print(json.dumps(found))
"""
POSTS = """
from rostra.forum.threads.models import Post
print(" ".join(str(pk) for pk in Post.objects.values_list("pk", flat=True)))
"""


@pytest.fixture
def forum(tmp_path) -> Forum:
    found = new_forum(tmp_path / "one", "drill_one")
    begin(found.environ, CAST)
    return found


@pytest.fixture
def other(tmp_path) -> Forum:
    return new_forum(tmp_path / "two", "drill_two")


def manifest_of(path: Path) -> dict[str, object]:
    with tarfile.open(path) as tar:
        file = tar.extractfile("manifest.json")
        assert file is not None
        found: dict[str, object] = json.load(file)
        return found


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.05)


def lines(path: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return path.read_text().split()
    return []


def test_a_forum_is_backed_up_while_it_is_written_to(forum, other, tmp_path):
    """REL-050, REL-019: of one moment, nothing acknowledged before it lost, and writers go on."""
    stop = tmp_path / "stop"
    acked = [tmp_path / f"acked{n}" for n in range(3)]
    writers = [
        forum.start("manage", "shell", "-v0", "-c", WRITE.format(acked=str(file), stop=str(stop)))
        for file in acked
    ]
    try:
        wait_for(
            lambda: (
                all(len(lines(file)) > 5 for file in acked)
                or any(writer.poll() is not None for writer in writers)
            ),
            seconds=120,
        )
        before = {pk for file in acked for pk in lines(file)}
        forum.rostra("backup", str(tmp_path / "one.tar"), "--quiet")
        after = {pk for file in acked for pk in lines(file)}
    finally:
        stop.touch()
        ends = [(writer.communicate(timeout=60), writer.returncode) for writer in writers]
    assert all(code == 0 for _, code in ends), ends
    assert len(after) > len(before), "nobody could write meanwhile"

    forum.rostra("backup", "verify", str(tmp_path / "one.tar"), "--quiet")
    told = other.rostra("restore", str(tmp_path / "one.tar"), "--quiet")
    assert "Restored" in told
    counts = manifest_of(tmp_path / "one.tar")["counts"]
    assert json.loads(other.shell(COUNTS % json.dumps(list(counts)))) == counts
    there = set(other.shell(POSTS).split())
    assert before <= there
    assert other.rostra("doctor") == "clean\n"
    assert "chain whole" in other.rostra("log", "verify")
    assert other.pages() == "{200}"


def test_what_is_restored_is_the_same(forum, other, tmp_path):
    """REL-050: equal content digest; it takes replies, under ids that were never given before."""
    (forum.data / "uploads" / "ab").mkdir(parents=True)
    (forum.data / "uploads" / "ab" / "picture.png").write_bytes(b"no picture" * 1000)
    (forum.data / "uploads" / "ab" / ".being-written").write_bytes(b"half")
    file = tmp_path / "kept" / "one.tar"
    forum.rostra("backup", str(file), "--quiet")
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    told = other.rostra("restore", str(file), "--quiet")
    assert other.digest() == forum.digest()
    assert (other.data / "secret").read_text() == (forum.data / "secret").read_text()
    assert (other.data / "uploads" / "ab" / "picture.png").stat().st_size == 10_000
    assert not (other.data / "uploads" / "ab" / ".being-written").exists()
    assert "ROSTRA_LOG_LEVEL" in told, "what the backup lacks is named"
    assert "1 uploads" in told
    reply = "from rostra.forum.threads.models import Post\n" + WRITE.split("acked =")[0]
    reply += "print(post_reply(quay, thread_id, 'The first since').pk > Post.objects.count())"
    assert other.shell(reply)
    assert other.rostra("doctor") == "clean\n"


@pytest.mark.postgresql_by_night
def test_a_forum_is_replaced_only_when_told_and_kept_then(forum, tmp_path):
    forum.rostra("backup", str(tmp_path / "one.tar"), "--quiet")
    before = forum.digest()
    forum.shell(WRITE.split("acked =")[0] + "post_reply(quay, thread_id, 'Later')")
    later = forum.digest()
    assert later != before
    refused = forum.run("restore", str(tmp_path / "one.tar"), "--quiet")
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    assert forum.digest() == later
    told = forum.rostra("restore", str(tmp_path / "one.tar"), "--replace", "--quiet")
    assert forum.digest() == before
    kept = told.split("What was there before: ")[1].splitlines()[0]
    forum.rostra("restore", kept, "--replace", "--quiet")
    assert forum.digest() == later
    assert forum.rostra("doctor") == "clean\n"


def test_a_backup_of_the_other_database_is_refused(forum, tmp_path):
    file = tmp_path / "one.tar"
    forum.rostra("backup", str(file), "--quiet")
    other = Forum(
        tmp_path / "sqlite", {k: v for k, v in forum.environ.items() if k != "DATABASE_URL"}
    )
    other.folder.mkdir()
    other.environ["ROSTRA_DATA"] = str(other.data)
    if not IS_POSTGRESQL:
        other.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nowhere"
        assert other.run("restore", str(file), "--quiet").returncode == 1
        return
    refused = other.run("restore", str(file), "--quiet")
    assert refused.returncode == 1
    assert "export archive" in refused.stderr


@pytest.mark.skipif(not IS_POSTGRESQL, reason="of PostgreSQL")
def test_without_the_clients_of_postgresql_the_package_is_named(forum, tmp_path):
    refused = forum.run("backup", str(tmp_path / "one.tar"), "--quiet", PATH="/nowhere")
    assert refused.returncode == 1
    assert "apt-get install postgresql-client" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.glob("one.tar")) == []


@pytest.mark.postgresql_by_night
def test_a_killed_backup_leaves_nothing_that_the_next_does_not_remove(forum):
    """REL-023."""
    folder = forum.data / "backups"
    (folder / ".rostra-backup-dead").mkdir(parents=True)
    (folder / ".rostra-backup-dead" / "rostra.sqlite3").write_bytes(b"half")
    (folder / ".rostra-20200101T000000Z.tar.part").write_bytes(b"half")
    for _ in range(3):
        forum.rostra("backup", "--keep", "2", "--quiet")
    assert len(list(folder.iterdir())) == 2
    assert all(path.name.startswith("rostra-") for path in folder.iterdir())


def test_a_file_is_never_overwritten(forum, tmp_path):
    (tmp_path / "one.tar").write_text("precious")
    refused = forum.run("backup", str(tmp_path / "one.tar"), "--quiet")
    assert refused.returncode == 1
    assert "exists" in refused.stderr
    assert (tmp_path / "one.tar").read_text() == "precious"


@pytest.mark.nightly  # by day an upgrade restores one: tests/project/test_upgrade.py
@pytest.mark.postgresql_by_night
def test_a_backup_of_older_tables_is_brought_up_to_date(forum, other, tmp_path):
    """REL-049: built as it was, filled, migrated, examined, and only then put in place."""
    before = forum.digest()
    forum.rostra("manage", "migrate", "-v0", "threads", "0009")
    forum.rostra("backup", str(tmp_path / "one.tar"), "--quiet")
    assert "brought up to date" in other.rostra("restore", str(tmp_path / "one.tar"), "--quiet")
    assert other.digest() == before
    assert other.rostra("doctor") == "clean\n"
    assert "clean" in other.rostra("upgrade", "--quiet")


ERASE = """
from rostra.forum.erasure import actions
from rostra.forum.erasure.models import Erasure
from rostra.forum.members.models import Member
from rostra.kernel import clock
quay = Member.objects.get(name="Quay").pk
Erasure.objects.create(member_id=quay, choice="words", state="waiting",
                       asked_at=clock.now(), due_at=clock.now())
actions.carry_out(quay)
"""
STANDING = """
from rostra.forum.members.models import Member
from rostra.forum.threads.models import Post
print(Member.objects.filter(name="Quay").exists(), Post.objects.filter(author__name="Quay").exists())
print(Post.objects.exclude(source="").filter(author__name__startswith="Former member").count())
"""


def test_who_was_erased_since_does_not_come_back(forum, tmp_path):
    """REL-053: an older backup is restored, and holds nothing of them once it is in its place."""
    forum.rostra("backup", str(tmp_path / "one.tar"), "--quiet")
    forum.shell(ERASE)
    assert forum.shell(STANDING).split() == ["False", "False", "0"]
    told = forum.rostra("restore", str(tmp_path / "one.tar"), "--replace", "--quiet")
    assert "erased again, for they had asked to be: 1" in told
    assert forum.shell(STANDING).split() == ["False", "False", "0"]
    assert "chain whole" in forum.rostra("log", "verify")
