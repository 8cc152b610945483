"""The command line: help, exit codes, words that help."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words, environ=None, stdin="", cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "rostra.project.cli", *words],
        env={"PATH": os.environ["PATH"], **(environ or {})},
        input=stdin, capture_output=True, text=True, check=False, cwd=cwd,
    )  # fmt: skip


@pytest.fixture(scope="module")
def forum(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forum")
    environ = {"ROSTRA_DATA": str(folder / "var")}
    assert run("manage", "migrate", "-v0", environ=environ, cwd=folder).returncode == 0
    return environ, folder


@pytest.mark.parametrize(
    "words",
    [[], ["serve"], ["seed"], ["import"], ["import", "usenet"], ["import", "discourse"],
     ["import", "archive"], ["export", "archive"], ["render"], ["doctor"], ["log", "verify"], ["work"],
     ["backup"], ["backup", "verify"], ["restore"], ["upgrade"], ["member", "close"],
     ["member", "open"]],
)  # fmt: skip
def test_help(words, tmp_path):
    answer = run(*words, "--help", cwd=tmp_path)
    assert answer.returncode == 0
    assert "Usage: rostra" in answer.stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["fly"], 2, "No such command"),
        (["import", "usenet", "/nowhere"], 2, "does not exist"),
        (["render", "--dialect", "wiki"], 2, "wiki"),
        (["log", "verify", "--head", "x"], 2, "N:HASH"),
        (["member", "close", "Nobody"], 2, "--reason"),
        (["member", "close", "Nobody", "--reason", "Asked for by its member."], 1, "no member"),
    ],
)
def test_wrong_words_end_with_2(words, code, told, forum):
    answer = run(*words, environ=forum[0], cwd=forum[1])
    assert answer.returncode == code
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_wrong_setting_stops_the_start(tmp_path):
    """REL-061."""
    (tmp_path / "rostra.toml").write_text('site_nam = "x"\n')
    answer = run("doctor", cwd=tmp_path, environ={"ROSTRA_DATA": str(tmp_path / "var")})
    assert answer.returncode == 1
    assert "site_nam" in answer.stderr
    assert "site_name" in answer.stderr
    assert not (tmp_path / "var").exists()


def test_render_is_a_pipe(tmp_path):
    answer = run("render", stdin="**Hello** [i]you[/i]", cwd=tmp_path)
    assert answer.stdout == '<p dir="auto"><strong>Hello</strong> <em>you</em></p>\n\n'
    assert run("render", "--dialect", "plain", stdin="> a\nb", cwd=tmp_path).returncode == 0


def test_an_empty_forum_is_sound(forum):
    environ, folder = forum
    assert run("doctor", environ=environ, cwd=folder).stdout == "clean\n"
    answer = run("log", "verify", environ=environ, cwd=folder)
    assert answer.returncode == 0
    assert answer.stdout.startswith("0 entries")


@pytest.mark.parametrize("words", [["doctor"], ["log", "verify"], ["export", "archive", "out"]])
def test_a_forum_that_was_never_started_says_so(words, tmp_path):
    answer = run(*words, environ={"ROSTRA_DATA": str(tmp_path / "var")}, cwd=tmp_path)
    assert answer.returncode == 1
    assert "rostra: this forum is not set up yet" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_import_of_bad_bytes_is_no_traceback(forum, tmp_path):
    environ, folder = forum
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "noise").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "bad" / "x.json").write_bytes(b"{\xff")
    for kind in ("usenet", "discourse"):
        answer = run("import", kind, str(tmp_path / "bad"), "--quiet", environ=environ, cwd=folder)
        assert "Traceback" not in answer.stderr
    answer = run("import", "archive", str(tmp_path / "bad"), "--quiet", environ=environ, cwd=folder)
    assert answer.returncode == 1
    assert "archive.json" in answer.stderr


def test_work_once_ends(forum):
    environ, folder = forum
    assert run("work", "--once", environ=environ, cwd=folder).returncode == 0


@pytest.fixture
def machine(tmp_path):
    """A PATH whose python3 is too old, and an empty pyenv."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "ls", "sort", "cat", "dirname"):
        (tools / name).symlink_to(
            f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}"
        )
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    return tmp_path, {
        "PATH": str(tools),
        "PYENV_ROOT": str(tmp_path / "pyenv"),
        "HOME": str(tmp_path),
    }


def test_without_a_python_one_sentence_says_what_to_install(machine):
    _, environ = machine
    answer = subprocess.run(
        [ROOT / "bin" / "_python"], env=environ, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert "3.12" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_pyenvs_newest_python_is_found(machine):
    folder, environ = machine
    versions = {"3.9.17": False, "3.12.9": True, "3.13.1": True, "3.14.0": False}
    for version, works in versions.items():
        path = folder / "pyenv" / "versions" / version / "bin" / "python3"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\nexit {0 if works else 1}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    answer = subprocess.run(
        [ROOT / "bin" / "_python"], env=environ, capture_output=True, text=True, check=False
    )
    assert answer.stdout.strip().endswith("versions/3.13.1/bin/python3")
