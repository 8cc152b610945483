"""What is no whole backup is refused in one clear sentence, and nothing is written (REL-052, SEC-099)."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import tarfile
from contextlib import closing

import pytest

from rostra.transfer.backup import container, sqlite, verifying
from rostra.transfer.backup.container import BrokenBackup, Manifest, Stored, header, opened, write
from rostra.transfer.backup.verifying import check_sums, verify

BODIES = {"rostra.sqlite3.gz": gzip.compress(b"no database" * 50), "secret": b"s" * 64}


def manifest(**changes):
    facts = {
        "made_at": "2026-11-22T00:00:00+00:00", "rostra": "0.1.0", "database": "sqlite",
        "raw_size": 550, "raw_sha256": hashlib.sha256(b"no database" * 50).hexdigest(),
        "log_head": (0, "0" * 64), "migrations": [("boards", "0001_initial")], "counts": {},
        "files": [Stored(n, len(b), hashlib.sha256(b).hexdigest()) for n, b in BODIES.items()],
    }  # fmt: skip
    return Manifest(**(facts | changes))


def written(tmp_path, **changes):
    """Return a backup with this manifest over the bodies."""
    for name, body in BODIES.items():
        (tmp_path / name).write_bytes(body)
    path = tmp_path / "one.tar"
    found = manifest(**changes)
    sources = {row.path: tmp_path / "secret" for row in found.files}
    sources |= {name: tmp_path / name for name in BODIES}
    write(path, found, sources)
    return path


def with_head(tmp_path, **changes):
    """Return a backup whose manifest was changed by somebody who made its sum anew."""
    head = json.loads(manifest().in_bytes()) | changes
    body = json.dumps(head).encode()
    line = hashlib.sha256(body).hexdigest().encode() + b"\n"
    path = tmp_path / "one.tar"
    parts = [("manifest.json", body), ("manifest.sha256", line), *BODIES.items()]
    path.write_bytes(
        b"".join(header(n, len(b)) + b + bytes(-len(b) % 512) for n, b in parts) + bytes(1024)
    )
    return path


def refused(path, scratch):
    scratch.mkdir(exist_ok=True)
    with pytest.raises(BrokenBackup) as caught:
        verify(path, scratch)
    assert str(caught.value).startswith(str(path)) or "holds" in str(caught.value)
    return str(caught.value)


def test_a_whole_one_is_read_and_any_tar_reads_it(tmp_path):
    path = written(tmp_path)
    check_sums(path)
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["manifest.json", "manifest.sha256", *BODIES]
    assert path.stat().st_mode & 0o777 == 0o600


def test_it_is_refused_wherever_it_is_cut(tmp_path):
    """REL-052: truncated, and 0 bytes."""
    path = written(tmp_path)
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(BrokenBackup):
            check_sums(path)
    path.write_bytes(b"")
    assert refused(path, tmp_path / "s").endswith("is empty")


def test_it_is_refused_whichever_bit_is_flipped(tmp_path):
    """REL-052: in a header, the manifest, a body, between them, at the end."""
    path = written(tmp_path)
    whole = path.read_bytes()
    for at in range(0, len(whole), 13):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        path.write_bytes(changed)
        with pytest.raises(BrokenBackup):
            check_sums(path)
    path.write_bytes(whole + b"\0")
    with pytest.raises(BrokenBackup, match="does not end"):
        check_sums(path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": 2, "rostra": "9.0"}, "newer Rostra"),
        ({"version": "x"}, "unknown format"),
        ({"format": "other"}, "no backup of Rostra"),
        ({"migrations": [["boards", "9999_later"]]}, "newer Rostra"),
        ({"database": "oracle"}, "unknown database"),
        ({"files": []}, "holds no database"),
        ({"files": 3}, "cannot be understood"),
        ({"surprise": 1}, "cannot be understood"),
        ({"raw_size": 10**12}, "MB to be unpacked"),
        ({"raw_size": 100_000}, "a bomb"),
        ({"raw_size": 100}, "grows larger"),
        ({"raw_size": 600}, "not what it was"),
    ],
)
def test_what_a_manifest_may_not_say(changes, told, tmp_path):
    """REL-052 (newer), SEC-099 (bombs)."""
    assert told in refused(with_head(tmp_path, **changes), tmp_path / "s")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("uploads/../../etc/cron.d/x", "leads out"),
        ("/etc/passwd", "absolute path"),
        ("uploads//x", "a name that is none"),
        ("uploads/\n", "a name that is none"),
        ("uploads\\..\\x", "a name that is none"),
        ("uploads", "no backup has"),
        ("in-use", "no backup has"),
        ("rostra.sqlite3", "no backup has"),
        ("secret", "twice"),
        (7, "a name that is none"),
    ],
)
def test_names_that_lead_elsewhere(name, told, tmp_path):
    """SEC-099."""
    rows = [{"path": n, "size": len(b), "sha256": ""} for n, b in BODIES.items()]
    rows.append({"path": name, "size": 64, "sha256": ""})
    assert told in refused(with_head(tmp_path, files=rows), tmp_path / "s")
    assert list((tmp_path / "s").iterdir()) == []


def test_too_many_files(tmp_path, monkeypatch):
    """SEC-099."""
    monkeypatch.setattr(container, "MOST_FILES", 1)
    assert "too many files" in refused(written(tmp_path), tmp_path / "s")


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        (tarfile.SYMTYPE, "secret", "link"),
        (tarfile.LNKTYPE, "secret", "link"),
        (tarfile.CHRTYPE, "secret", "device"),
        (tarfile.FIFOTYPE, "secret", "device"),
        (tarfile.DIRTYPE, "uploads", "folder"),
        (tarfile.REGTYPE, "../secret", "leads out"),
        (tarfile.REGTYPE, "/secret", "absolute"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_members_of_other_kinds(kind, name, told, is_first, tmp_path):
    """SEC-099: a tar of somebody else's, and one of ours into which a member was put."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    member = info.tobuf(tarfile.GNU_FORMAT)
    path = written(tmp_path)
    whole = path.read_bytes()
    at = 0 if is_first else whole.index(header("secret", 64))
    path.write_bytes(whole[:at] + member + whole[at:])
    assert told in refused(path, tmp_path / "s")


@pytest.mark.parametrize("body", [b"hello\n", b"PK\3\4" * 500, bytes(5000), b"\x1f\x8b" * 3000])
def test_files_of_other_kinds(body, tmp_path):
    """REL-052: foreign."""
    (tmp_path / "one.tar").write_bytes(body)
    assert "no backup" in refused(tmp_path / "one.tar", tmp_path / "s")
    assert "no file" in refused(tmp_path, tmp_path / "s")
    assert "cannot be read" in refused(tmp_path / "nowhere", tmp_path / "s")


def test_a_database_that_is_none(tmp_path):
    assert "none of SQLite" in refused(written(tmp_path), tmp_path / "s")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM a; END", "a trigger"),
        ("CREATE VIEW v AS SELECT 1", "a view"),
        ("CREATE VIRTUAL TABLE v USING rtree(id, x, y)", "virtual table"),
    ],
)
def test_a_schema_in_which_something_would_run(statement, told, tmp_path):
    """SEC-098."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("CREATE TABLE a (x)")
        connection.execute(statement)
    with pytest.raises(BrokenBackup, match=told):
        sqlite.check_nothing_runs(tmp_path / "db")


def test_a_schema_that_is_not_ours(tmp_path, monkeypatch):
    """SEC-098: another table, another column, a missing index."""
    ours = tmp_path / "ours"
    with closing(sqlite3.connect(ours)) as connection:
        connection.execute("CREATE TABLE a (x INTEGER PRIMARY KEY, y text)")
        connection.execute("CREATE INDEX i ON a (y)")
    monkeypatch.setattr(verifying.children, "reference_shape", lambda: sqlite.shape(ours))
    verifying.check_shape(ours)
    for number, statement in enumerate(
        ["CREATE TABLE b (x)", "ALTER TABLE a ADD COLUMN z", "DROP INDEX i"]
    ):
        theirs = tmp_path / f"theirs{number}"
        theirs.write_bytes(ours.read_bytes())
        with closing(sqlite3.connect(theirs)) as connection:
            connection.execute(statement)
        with pytest.raises(BrokenBackup, match="another schema"):
            verifying.check_shape(theirs)
        left_out = sqlite.drop_foreign(theirs, sqlite.shape(ours))
        assert left_out == (["table b"] if number == 0 else [])


def test_a_damaged_page_is_found(tmp_path):
    """REL-003: by SQLite's own check of the copy."""
    path = tmp_path / "db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE a (x)")
        connection.executemany("INSERT INTO a VALUES (?)", [("x" * 500,)] * 500)
    sqlite.check(path)
    body = bytearray(path.read_bytes())
    body[4096 * 20 : 4096 * 21] = bytes(4096)
    path.write_bytes(body)
    with pytest.raises(BrokenBackup, match=r"damaged database|malformed"):
        sqlite.check(path)


def test_what_packs_too_well_is_no_bomb_of_our_own(tmp_path):
    (tmp_path / "zeros").write_bytes(bytes(1 << 20))
    size, digest = sqlite.pack(tmp_path / "zeros", tmp_path / "packed")
    sqlite.unpack(tmp_path / "packed", tmp_path / "again", size, digest)
    assert (tmp_path / "again").read_bytes() == bytes(1 << 20)


def test_an_open_backup_is_read_in_order(tmp_path):
    with opened(written(tmp_path)) as backup:
        found = {stored.path: b"".join(body) for stored, body in backup.files()}
    assert found == BODIES
