"""The house rules that a linter of imports cannot say."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rostra"
PYTHON = [p for p in sorted(SOURCE.rglob("*.py")) if "migrations" not in p.parts]
MAY_TOUCH_ANY_TABLE = ("rostra.transfer",)


def test_a_rooms_tables_are_its_own():
    """Only the room itself imports its models; `members` is Django's user, so known to all."""
    graph = grimp.build_graph("rostra", exclude_type_checking_imports=True, cache_dir=None)
    trespassers = [
        (importer, models)
        for models in graph.modules
        if models.endswith(".models") and models != "rostra.forum.members.models"
        for importer in graph.find_modules_that_directly_import(models)
        if not importer.startswith(models.removesuffix("models"))
        and not importer.startswith(MAY_TOUCH_ANY_TABLE)
    ]
    assert trespassers == []


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_file_is_one_idea(path):
    """Past 400 lines a file becomes a folder of the same name."""
    assert len(path.read_text().splitlines()) <= 400


PACKAGES = [p for p in PYTHON if p.name == "__init__.py"]


@pytest.mark.parametrize(
    "package", PACKAGES, ids=lambda p: str(p.parent.relative_to(SOURCE.parent))
)
def test_every_room_says_what_it_is(package):
    assert package.read_text().startswith('"""')


@pytest.mark.parametrize(
    "package", PACKAGES, ids=lambda p: str(p.parent.relative_to(SOURCE.parent))
)
def test_every_room_stands_in_the_plan(package):
    """docs/HOUSE.md names each room in one line."""
    room = str(package.parent.relative_to(SOURCE)).replace("\\", "/")
    plan = (ROOT / "docs" / "HOUSE.md").read_text()
    assert room == "." or f"`{room}/`" in plan


def test_no_drawers():
    """A thing has a name; nothing is put under 'utils'."""
    drawers = {"utils", "helpers", "common", "core", "lib", "misc", "tools"}
    assert [p for p in PYTHON if p.stem in drawers or p.parent.name in drawers] == []


def test_the_kernel_knows_no_forum():
    words = ("thread", "post_", "board", "moderat", "reply", "quote")
    others = re.compile(r"postgres|threading|_thread\b|quote_from_bytes")
    told = {
        (path.name, word)
        for path in (SOURCE / "kernel").glob("*.py")
        for word in words
        if word in others.sub("", path.read_text().lower())
    }
    assert told == set()


def test_no_foreign_html_parser():
    """SEC-104: the standard library's HTML parser never sees foreign input."""
    assert [p for p in PYTHON if "html.parser" in p.read_text()] == []


def test_no_addresses_of_registries():
    lists = sorted((ROOT / "requirements").glob("*.txt"))
    assert lists
    assert [p for p in lists if "://" in p.read_text()] == []


VIOLATIONS = {
    "floors": ("src/rostra/forum/boards/bad.py", "from rostra.reading import front_page\n"),
    "floor of effects": (
        "src/rostra/forum/boards/bad.py",
        "from rostra.effects.search import folding\n",
    ),
    "effects": ("src/rostra/effects/bells.py", "from rostra.effects.search import folding\n"),
    "forum": ("src/rostra/forum/members/bad.py", "from rostra.forum.threads import rules\n"),
    "unplaced room": ("src/rostra/forum/bells/__init__.py", '"""Bells."""\n'),
    "room": (
        "src/rostra/forum/threads/rules.py",
        "from rostra.forum.threads.models import Post\n",
    ),
    "pure": ("src/rostra/content/markup/bad.py", "from django.db import models\n"),
    "web rooms": ("src/rostra/web/boards/bad.py", "from rostra.web.threads import views\n"),
    "doors": ("src/rostra/web/bad.py", "from rostra.transfer import records\n"),
    "sides": ("src/rostra/web/bad.py", "from rostra.forum.notes import sides\n"),
    "own side": (
        "src/rostra/web/bad.py",
        "from rostra.forum.notes.own_place import own_place\n",
    ),
    "cycles": ("src/rostra/kernel/errors.py", "from rostra.kernel import verdict\n"),
}


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_each_contract_catches_a_violation(contract, tmp_path):
    """A deliberate violation of each import contract is found by bin/check's step."""
    import shutil

    shutil.copytree(SOURCE, tmp_path / "src" / "rostra", ignore=shutil.ignore_patterns("built"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    path, line = VIOLATIONS[contract]
    target = tmp_path / path
    target.parent.mkdir(exist_ok=True)
    old = target.read_text() if target.exists() else ""
    target.write_text(old + "\n" + line if old else line)
    answer = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()",
         "--no-cache"],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "BROKEN" in answer.stdout or "not listed" in answer.stdout + answer.stderr


def test_a_trespass_on_anothers_tables_is_found(tmp_path, monkeypatch):
    """The check of tables is one that can fail."""
    import shutil

    shutil.copytree(SOURCE, tmp_path / "rostra", ignore=shutil.ignore_patterns("built"))
    (tmp_path / "rostra" / "web" / "bad.py").write_text(
        "from rostra.forum.threads.models import Post\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c",
         "import grimp; g = grimp.build_graph('rostra', cache_dir=None);"
         "print(sorted(g.find_modules_that_directly_import('rostra.forum.threads.models')))"],
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "rostra.web.bad" in answer.stdout


def test_signs_that_browsers_mirror_are_not_turned_by_hand():
    """‹ and › in a line from right to left are drawn the other way round: turned twice, they lie."""
    for path in SOURCE.rglob("*"):
        if path.suffix in (".html", ".css") and "built" not in path.parts:
            for line in path.read_text().splitlines():
                is_turned = re.search(r"rtl[^{}]*[{?]?[^{}]*[‹›]|[‹›][^{}]*rtl", line)
                assert not is_turned, (path, line)
