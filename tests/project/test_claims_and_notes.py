"""`rostra claims status` and `rostra notes score`: the pure parts from the command line."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner

from rostra.project.cli.base import rostra
from rostra.project.cli.main import COMMANDS
from tests.forum.notes.test_scoring import as_csv

pytestmark = pytest.mark.usefixtures("cli")
ENTRIES = [
    {"speaker": "a", "stance": "asserts", "party": "aligned", "said_at": "2026-11-20T07:10Z"},
    {"root": "b", "stance": "corroborates", "party": "non_party", "said_at": "2026-11-21"},
    {"root": "c", "stance": "concedes", "party": "adverse", "said_at": "2026-11-22",
     "quote_check": "not_found"},
]  # fmt: skip


@pytest.fixture
def cli():
    assert COMMANDS


def run(*words):
    return CliRunner().invoke(rostra, [str(word) for word in words])


def test_the_status_of_a_claim_over_time(tmp_path):
    file = tmp_path / "claim.json"
    file.write_text(json.dumps({"attributions": ENTRIES}))
    told = run("claims", "status", file).output
    assert told.splitlines() == [
        "2026-11-20T07:10:00Z\tsingle_source", "2026-11-21T00:00:00Z\tcorroborated",
    ]  # fmt: skip
    found = json.loads(run("claims", "status", file, "--json").output)
    assert found["status"] == "corroborated"
    assert [change["status"] for change in found["history"]] == ["single_source", "corroborated"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ("[]", 'an object with a list "attributions"'),
        ('{"attributions": [{"speaker": "a"}]}', 'attribution 1: "stance" is missing'),
        ('{"attributions": [{"stance": "asserts"}]}', 'neither a "root" nor a "speaker"'),
        ('{"attributions": [{"speaker": "a", "stance": "asserts"}]}', '"said_at" is None'),
        ('{"attributions": [3]}', "attribution 1 is not an object"),
    ],
)
def test_a_bad_file_is_said_to_be_one(tmp_path, text, said):
    file = tmp_path / "claim.json"
    file.write_text(text)
    done = run("claims", "status", file)
    assert (done.exit_code, said in done.output) == (1, True), done.output


def test_ratings_are_scored(tmp_path):
    file, out = tmp_path / "ratings.csv", tmp_path / "out.json"
    file.write_text("".join(as_csv()))
    assert run("notes", "score", file, "--out", out).exit_code == 0
    assert out.read_text() == run("notes", "score", file).output
    assert json.loads(out.read_text())["raters"]["0"]["side"] == -1


def test_a_file_of_open_data_is_scored_as_it_is(tmp_path):
    """B11: other names, tabs and a packed file; the numbers are the same."""
    levels = {"1": "HELPFUL", "0.5": "SOMEWHAT_HELPFUL", "0": "NOT_HELPFUL"}
    plain, packed = tmp_path / "ratings.csv", tmp_path / "ratings.tsv.gz"
    plain.write_text("".join(as_csv()))
    head, *rows = [line.strip().split(",") for line in as_csv()]
    note, rater, value = (head.index(name) for name in ("note", "rater", "value"))
    lines = ["noteId\traterParticipantId\thelpfulnessLevel\torigin\n"] + [
        f"{row[note]}\t{row[rater]}\t{levels[f'{float(row[value]):g}']}\tpanel\n" for row in rows
    ]
    with gzip.open(packed, "wt") as file:
        file.writelines(lines)
    assert run("notes", "score", packed).output == run("notes", "score", plain).output
    packed.write_bytes(b"not packed at all")
    told = run("notes", "score", packed)
    assert (told.exit_code, "Traceback" in told.output) == (1, False)


def test_a_bad_file_of_ratings_is_said_to_be_one(tmp_path):
    file = tmp_path / "ratings.csv"
    file.write_text("note,rater\n")
    done = run("notes", "score", file)
    assert (done.exit_code, "columns note, rater, value" in done.output) == (1, True)
    file.write_text("note,rater,value\n1,1,1\n")
    assert "no note has five ratings" in run("notes", "score", file).output
