"""Documents that fail when they lie."""

import dataclasses
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import rostra
from rostra.forum.access import events as access_events  # noqa: F401
from rostra.forum.notes.tables import COLUMNS
from rostra.forum.threads import events as thread_events  # noqa: F401
from rostra.kernel.events import event_types
from rostra.project.config import Config
from rostra.transfer.archive.parts import PARTS
from rostra.transfer.archive_format import FILES

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_every_setting_is_described_with_its_default():
    told = dict(
        re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", (REFERENCE / "settings.md").read_text(), re.M)
    )
    real = {field.name: str(field.default) for field in dataclasses.fields(Config)}
    assert told == real


def test_every_event_is_described_with_its_fields():
    text = (REFERENCE / "events.md").read_text()
    told = {
        name: set(re.findall(r"`(\w+)`", fields))
        for name, fields in re.findall(r"^\| `([\w.]+)` \|[^|]*\|([^|]*)\|", text, re.M)
    }
    for info in pkgutil.walk_packages(rostra.__path__, "rostra."):
        if info.name.endswith(".events"):  # known once it is loaded, which nobody need have done
            importlib.import_module(info.name)
    real = {
        name: {field.name for field in dataclasses.fields(cls)}
        for name, cls in event_types.items()
        if not name.startswith("tests.")
    }
    assert told == real


def test_every_file_of_the_archive_is_described():
    text = (REFERENCE / "archive.md").read_text()
    names = [part.name for part in PARTS] + [name.removesuffix(".jsonl") for name in FILES.values()]
    assert [n for n in names if f"`{n}.jsonl`" not in text and n != "others"] == []
    for part in PARTS:
        assert [c for c in part.columns if f"`{c}`" not in text] == []


def test_every_column_of_open_data_is_described():
    text = (REFERENCE / "open-data.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)\.tsv\.gz` \| (.*) \|$", text, re.M))
    described = {name: tuple(re.findall(r"`(\w+)`", words)) for name, words in told.items()}
    assert set(described) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        assert [column for column in described[name] if column in columns] == list(columns)


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/HOUSE.md"])
def test_links_of_documents_lead_somewhere(path):
    page = ROOT / path
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_names_every_command():
    from rostra.project.cli import main

    text = (ROOT / "README.md").read_text()
    missing = [name for name in main.rostra.commands if f"rostra {name}" not in text]
    assert set(missing) <= {"work"}
