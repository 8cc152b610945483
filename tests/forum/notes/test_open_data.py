"""Open data (B11): who has a release can compute what the forum found, and finds nobody in it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from rostra.forum.notes import releases, scoring, tables
from rostra.forum.notes.actions import publishing, runs
from rostra.forum.notes.actions.publishing import publish
from rostra.forum.notes.actions.raters import enrol, leave
from rostra.forum.notes.actions.runs import score
from rostra.forum.notes.actions.showing import set_state
from rostra.forum.notes.models import Note, Placement, Rater, Rating, Run, Seat, StateChange
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import clock
from rostra.kernel.errors import NotFound
from tests.forum.notes import crowd
from tests.forum.notes.readers import trusted, view

pytestmark = pytest.mark.django_db
LATER = timedelta(days=3)


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.ROSTRA = replace(settings.ROSTRA, data=tmp_path)
    return tmp_path


def read(release, table):
    """The rows of a file, by the names of their columns."""
    with gzip.open(releases.file_of(release.name, f"{table}.tsv.gz"), "rt") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def everything_in(release):
    """All that stands in its files."""
    folder = releases.path_of(release.name)
    found = sorted(folder.glob("*.gz"))
    return "\n".join(gzip.decompress(path.read_bytes()).decode() for path in found)


def everything(release):
    """All that anybody can download."""
    manifest = releases.path_of(release.name) / releases.MANIFEST
    return everything_in(release) + manifest.read_text()


@pytest.fixture
def forum(cast):
    """Two hundred raters and twelve notes of somebody who does not rate."""
    post = cast.barrier.posts.get(number=1)
    people = crowd.raters()
    notes = crowd.notes(post.pk, cast.quay.pk)
    crowd.say(people, notes)
    return people, notes


def test_who_has_a_release_computes_what_the_forum_found(forum):
    """The scores of a release, those of its ratings, and those of the nightly run are the same."""
    run = Run.objects.get(pk=score())
    release = publish()
    assert release.has_ratings
    path = releases.path_of(release.name) / "ratings.tsv.gz"
    with gzip.open(path, "rt", newline="") as lines:
        named = scoring.read_csv(lines)
    again = runs._results(scoring.run(named.ratings))
    assert list(runs._differences(run.results, again, "")) == []
    told = {
        row["noteId"]: [float(row["coreNoteIntercept"]), float(row["coreNoteFactor1"])]
        for row in read(release, "scores")
    }
    assert list(runs._differences(run.results["notes"], told, "")) == []
    Run.objects.update(at=clock.now() - LATER)
    [line] = read(publish(), "score_runs")
    assert (line["inputSha256"], line["activeRaters"]) == (run.input_sha256, "200")


def test_what_the_delay_leaves_out_is_all_that_differs(forum):
    """A run over what is older than the delay finds what the release does."""
    people, notes = forum
    run = Run.objects.get(pk=score())
    Rating.objects.filter(note=notes[3], rater__in=people[:50]).update(value=1, at=clock.now())
    release = publish()
    assert {row["noteId"] for row in read(release, "ratings")} == {str(note.pk) for note in notes}
    assert len(read(release, "ratings")) == len(people) * len(notes) - 50
    Rating.objects.filter(note=notes[3], rater__in=people[:50]).delete()
    without = Run.objects.get(pk=score())
    told = {row["noteId"]: float(row["coreNoteIntercept"]) for row in read(release, "scores")}
    assert told == pytest.approx(
        {key: found[0] for key, found in without.results["notes"].items()}, abs=runs.CLOSE
    )
    assert told != pytest.approx(
        {key: found[0] for key, found in run.results["notes"].items()}, abs=runs.CLOSE
    )


def test_few_raters_publish_no_ratings(forum):
    """B11: below two hundred aggregates alone, and neither their number nor a hash of theirs."""
    people, _ = forum
    Run.objects.filter(pk=score()).update(at=clock.now() - LATER)
    Rater.objects.filter(pk__in=people[:6]).update(is_active=False)
    release = publish()
    assert not release.has_ratings
    assert {file.name for file in release.files} == {
        "notes.tsv.gz", "note_status_history.tsv.gz", "score_runs.tsv.gz"
    }  # fmt: skip
    [run] = read(release, "score_runs")
    assert (run["activeRaters"], run["inputSha256"]) == ("", "")
    assert (run["gateRaters"], run["gateAxis"], run["gateSides"]) == ("1", "1", "1")
    assert Run.objects.get().input_sha256 not in everything(release)


def test_who_did_not_agree_to_it_is_not_in_it(forum, cast):
    """PRV-012: who joined before the text said so is published when they agree to it, not before."""
    people, notes = forum
    Rater.objects.filter(pk__in=people[:2]).update(terms=1)
    assert len(read(publish(), "ratings")) == (len(people) - 2) * len(notes)
    before = Rater.objects.get(pk=people[0])
    enrol(view(before.member), agrees=True)
    now = Rater.objects.get(pk=people[0])
    assert (now.alias, now.terms, now.consented_at > before.consented_at) == (before.alias, 2, True)
    assert len(read(publish(), "ratings")) == (len(people) - 1) * len(notes)
    enrol(view(trusted(cast.hill)), agrees=True)
    assert Rater.objects.get(pk=cast.hill.pk).terms == 2


def test_nobody_is_in_it(forum, cast):
    """SEC-123, SEC-124, PRV-013: no name, address, id or place of a member in any file."""
    people, notes = forum
    score()
    Run.objects.update(at=clock.now() - LATER)
    cast.quay.email = "kanarix@harbour.example"
    cast.quay.save()
    for rater in people[:20]:
        Placement.objects.filter(pk=rater).update(factor=0.4815162342)
    Seat.objects.create(
        note=notes[0], panel=1, side=-1, rater_id=people[7], asked_at=clock.now() - LATER,
        expires_at=clock.now(), answered_at=clock.now(), value=0,
    )  # fmt: skip
    rows = read(publish(), "ratings")
    text = everything(publish())
    for word in ("kanarix", "kanalias", "4815162342", cast.quay.name, "@"):
        assert word.casefold() not in text.casefold(), word
    ids = {row["raterParticipantId"] for row in rows}
    assert len(ids) == len(people)
    assert not ids & {str(pk) for pk in people}
    assert {len(one) for one in ids} == {32}
    assert set(rows[0]) == set(tables.COLUMNS["ratings"])
    assert {int(row["createdAtMillis"]) % 86_400_000 for row in rows} == {0}


@pytest.mark.usefixtures("forum")
def test_ids_are_new_in_every_release_and_their_order_says_nothing():
    """PRV-013: neither one release after another nor the place in a file tells who it is."""
    one, two = publish(), publish()
    ids = [
        {row["raterParticipantId"] for row in read(release, "ratings")} for release in (one, two)
    ]
    assert not ids[0] & ids[1]
    authors = [
        {row["noteAuthorParticipantId"] for row in read(each, "notes")} for each in (one, two)
    ]
    assert not authors[0] & authors[1]
    assert not authors[0] & ids[0]
    of_note = defaultdict(list)
    for row in read(two, "ratings"):
        of_note[row["noteId"]].append(row["raterParticipantId"])
    assert all(found == sorted(found) for found in of_note.values())
    assert list(of_note) == sorted(of_note, key=int)
    stored = json.dumps(list(Rater.objects.values_list()), default=str)
    assert not [one for one in ids[1] if one in stored]


def test_what_is_withdrawn_is_gone_from_the_next_release(forum):
    people, notes = forum
    everybody = len(read(publish(), "ratings"))
    leave(view(Rater.objects.get(pk=people[0]).member))
    assert len(read(publish(), "ratings")) == everybody - len(notes)


def hide(note, how, cast):
    """Keep a note or its post from guests."""
    if how in ("removed", "withdrawn"):
        set_state(note, Note.State(how))
    elif how.startswith("post "):
        Post.objects.filter(pk=note.post_id).update(state=how.removeprefix("post "))
    elif how == "thread":
        Thread.objects.filter(pk=cast.barrier.pk).update(state="hidden")
    else:
        Thread.objects.filter(pk=cast.barrier.pk).update(board=cast.staff_room)


@pytest.mark.parametrize(
    "how",
    ["removed", "withdrawn", "post removed", "post hidden", "post pending", "thread", "board"],
)
def test_what_guests_may_not_read_is_in_no_file(forum, cast, how):
    """SEC-056: neither a note nor one rating of it, by the one predicate."""
    _, notes = forum
    for note in notes if how in ("thread", "board") or how.startswith("post ") else notes[:1]:
        hide(note, how, cast)
    gone = {str(note.pk) for note in notes[:1]}
    release = publish()
    for file in release.files:
        table = file.name.removesuffix(".tsv.gz")
        assert not gone & {row.get("noteId") for row in read(release, table)}, table
    assert "of day 0 of" not in everything(release)
    assert "mended on day 0 " not in everything(release)


def test_calibration_notes_are_told_by_number_alone(forum, cast):
    """Their words and what anybody says of them would help who poses as a reader of one side."""
    people, _ = forum
    first = cast.barrier.posts.get(number=1)
    sets = crowd.notes(first.pk, cast.admin.pk, 10, "calibration")
    Note.objects.filter(pk=sets[0].pk).update(text="Calibrated words of a kanarix.", expected=2)
    crowd.say(people, sets, "calibration")
    release = publish()
    numbers = {str(note.pk) for note in sets}
    told = {row["noteId"] for row in read(release, "ratings") if row["origin"] == "calibration"}
    assert told == numbers
    for table in ("notes", "note_status_history"):
        assert not numbers & {row["noteId"] for row in read(release, table)}
    assert "kanarix" not in everything(release)


@pytest.mark.parametrize(
    ("state", "told", "age", "are_told"),
    [
        ("shown", [[6, 7], [5, 5]], 5, True),
        ("no_agreement", [[6, 7], [0.5, 5]], 5, True),
        ("shown", [[11, 12]], 5, True),
        ("no_agreement", [[6, 7], [0, 4]], 5, False),  # so few are single answers
        ("under_review", [[6, 7], [5, 5]], 5, False),  # they are being asked anew
        ("on_panel", None, 5, False),
        ("shown", [[6, 7], [5, 5]], 1, False),  # decided since
    ],
)
def test_answers_of_a_panel_are_there_where_its_counts_are_told(forum, state, told, age, are_told):
    """SEC-124: no single answer of a panel of fewer than five, none before it was decided."""
    people, notes = forum
    Note.objects.filter(pk=notes[0].pk).update(
        state=state, told=told, state_at=clock.now() - timedelta(days=age), is_turned=True
    )
    Rating.objects.filter(note=notes[0], rater__in=people[:12]).update(origin="panel")
    release = publish()
    of_panel = [row for row in read(release, "ratings") if row["origin"] == "panel"]
    assert len(of_panel) == (12 if are_told else 0)
    assert {row["ratingSourceBucketed"] for row in of_panel} <= {"POPULATION_SAMPLED"}
    [row] = [r for r in read(release, "note_status_history") if r["noteId"] == str(notes[0].pk)]
    counts = [row[name] for name in tables.GROUPS]
    if not are_told:
        assert counts == [""] * 4
    elif len(told) == 1:
        assert counts == ["11", "12", "", ""]
    else:  # in the order that was drawn for the note, as its page has them
        assert counts == [str(round(number)) for pair in told[::-1] for number in pair]


def test_answers_are_left_out_where_what_is_missing_would_be_somebodys(forum):
    """SEC-124: the page tells the sum; without one answer all others would say what that was."""
    people, notes = forum
    Note.objects.filter(pk=notes[0].pk).update(
        state="shown", told=[[6, 6], [6, 6]], state_at=notes[0].created_at
    )
    for place, rater in enumerate(people[:12]):
        Seat.objects.create(
            note=notes[0], panel=1, side=1 - place % 2 * 2, rater_id=rater, value=2,
            asked_at=notes[0].created_at, expires_at=clock.now(), answered_at=notes[0].created_at,
        )  # fmt: skip
    Rating.objects.filter(note=notes[0], rater__in=people[:12]).update(origin="panel")

    def of_panel():
        return len([row for row in read(publish(), "ratings") if row["origin"] == "panel"])

    assert of_panel() == 12
    Rater.objects.filter(pk=people[3]).update(terms=1)
    assert of_panel() == 0
    leave(view(Rater.objects.get(pk=people[3]).member))
    assert of_panel() == 11


def plain(release):
    """What a release says, without its ids of chance and the order that these give."""
    return sorted(re.sub(r"\b[0-9a-f]{32}\b", "id", everything_in(release)).splitlines())


@pytest.mark.parametrize("origin", ["self", "panel"])
def test_no_single_rating_is_told_before_its_time(forum, origin):
    """SEC-124: one more of the last two days, or on a panel that is being asked, changes nothing."""
    people, notes = forum
    Note.objects.filter(pk=notes[0].pk).update(state="on_panel", told=[[6, 7], [6, 6]])
    one = Rating.objects.filter(note=notes[0], rater=people[3])
    one.delete()
    before = plain(publish())
    at = clock.now() - (LATER if origin == "panel" else timedelta(hours=40))
    Rating.objects.create(note=notes[0], rater_id=people[3], value=0, origin=origin, at=at)
    assert plain(publish()) == before


def test_who_could_be_told_by_their_notes_is_left_out(forum, cast):
    """SEC-123: nobody rates their own notes, and these are signed: k of 20 or no ratings of theirs."""
    people, notes = forum
    writer, quiet = people[0], people[1]
    Note.objects.filter(pk__in=[note.pk for note in notes[:6]]).update(author=writer)
    Note.objects.filter(pk=notes[6].pk).update(author=quiet)
    Rating.objects.filter(
        note__author_id__in=(writer, quiet), rater_id__in=(writer, quiet)
    ).delete()
    Rating.objects.filter(note=notes[6], rater__in=people[2:22]).delete()  # twenty others
    ids = {row["raterParticipantId"] for row in read(publish(), "ratings")}
    assert len(ids) == len(people) - 1  # everybody else rated one of the writer's notes
    others = {row["raterParticipantId"] for row in read(publish(), "ratings")
              if row["noteId"] == str(notes[6].pk)}  # fmt: skip
    assert len(others) == len(people) - 1 - 21
    Rating.objects.create(
        note=notes[6], rater_id=people[2], value=0, origin="self", at=clock.now() - LATER
    )
    assert len({row["raterParticipantId"] for row in read(publish(), "ratings")}) == len(people) - 2


def test_a_notes_history_is_told_with_the_names_of_others_and_our_own(forum):
    note = forum[1][0]
    begins = note.created_at
    for days, state in ((1, "on_panel"), (2, "shown"), (3, "under_review"), (17, "taken_back")):
        StateChange.objects.create(note=note, at=begins + timedelta(days=days) / 2, state=state)
    Note.objects.filter(pk=note.pk).update(state="taken_back", state_at=clock.now())
    [row] = [
        r for r in read(publish(), "note_status_history") if r["noteId"] == str(note.pk)
    ]  # fmt: skip
    assert [state.partition(":")[0] for state in row["states"].split()] == [
        "proposed", "on_panel", "shown", "under_review"
    ]  # fmt: skip
    shown = str(tables.day(begins + timedelta(days=1)))
    assert row["firstNonNMRStatus"] == row["currentStatus"] == "CURRENTLY_RATED_HELPFUL"
    assert row["timestampMillisOfFirstNonNMRStatus"] == shown
    assert row["timestampMillisOfCurrentStatus"] == shown
    other = read(publish(), "note_status_history")[1]
    assert (other["firstNonNMRStatus"], other["timestampMillisOfFirstNonNMRStatus"]) == ("", "-1")
    assert other["currentStatus"] == "NEEDS_MORE_RATINGS"


def test_states_are_written_down(forum, cast):
    _, notes = forum
    set_state(notes[0], Note.State.ON_PANEL)
    set_state(notes[0], Note.State.SHOWN)
    assert list(notes[0].changes.order_by("id").values_list("state", flat=True)) == [
        "on_panel", "shown"
    ]  # fmt: skip


def test_no_cell_breaks_its_line_or_is_a_formula(forum):
    _, notes = forum
    Note.objects.filter(pk=notes[0].pk).update(text='=HYPERLINK("x")\tand\n\u2028more\x07')
    rows = read(publish(), "notes")
    assert len(rows) == len(notes)
    assert rows[0]["summary"] == ' =HYPERLINK("x") and more '
    assert rows[0]["misleadingOutdatedInformation"] == "1"
    assert tables.line(["@x", -1, -0.5]) == " @x\t-1\t-0.5\n"


def test_two_releases_are_kept_and_each_says_what_it_holds(forum, data):
    made = [publish() for _ in range(3)]
    folder = data / releases.FOLDER
    assert sorted(path.name for path in folder.iterdir()) == [one.name for one in made[1:]]
    assert releases.newest() == made[-1]
    for file in made[-1].files:
        content = (folder / made[-1].name / file.name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.size
        assert gzip.decompress(content).count(b"\n") == file.rows + 1
    with pytest.raises(NotFound):
        releases.file_of(made[0].name, "notes.tsv.gz")
    for name, file in ((made[-1].name, "../x"), ("..", "notes.tsv.gz"), (made[-1].name, "x")):
        with pytest.raises(NotFound):
            releases.file_of(name, file)


def test_what_failed_leaves_nothing(forum, data, monkeypatch):
    def fail(*_):
        raise OSError("no room left")

    monkeypatch.setattr(publishing.releases, "complete", fail)
    with pytest.raises(OSError, match="no room left"):
        publish()
    assert list((data / releases.FOLDER).iterdir()) == []
    assert releases.newest() is None


def test_a_release_reads_notes_in_parts(forum, django_assert_max_num_queries, monkeypatch):
    """Memory does not grow with ratings: what is read at once is bounded."""
    monkeypatch.setattr(publishing, "AT_ONCE", 4)
    monkeypatch.setattr(publishing, "RATED_AT_ONCE", 5)
    _, notes = forum
    with django_assert_max_num_queries(40):
        release = publish()
    assert len(read(release, "notes")) == len(notes)
    assert len(read(release, "ratings")) == len(notes) * 205
