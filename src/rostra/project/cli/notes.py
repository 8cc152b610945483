"""`rostra notes`: the bridging fit, from the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TextIO

import click

from rostra.project.cli.base import ready, rostra


@rostra.group()
def notes() -> None:
    """Community notes: compute what ratings say."""


@notes.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the JSON to this file.")
def score(path: Path, out: Path | None) -> None:
    """Fit ratings given as CSV (note, rater, value, origin) and print everything as JSON.

    Values are 1 (helpful), 0.5 and 0. The file of ratings of a forum's open data is read as it is,
    packed or not. Notes with fewer than five ratings, and raters who gave fewer
    than five, are left out. The same file gives the same numbers.
    """
    from rostra.forum.notes import scoring

    try:
        with _opened(path) as lines:
            named = scoring.read_csv(lines)
    except (scoring.Unreadable, UnicodeDecodeError, gzip.BadGzipFile, EOFError) as error:
        raise click.ClickException(f"{path}: {error}") from error
    found = scoring.run(named.ratings)
    if found is None:
        raise click.ClickException(f"{path}: no note has five ratings by raters who gave five")
    text = json.dumps(scoring.as_json(found, named), indent=2, ensure_ascii=False)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")


@notes.command()
def publish() -> None:
    """Make a release of open data now; the worker makes one every day.

    Ratings are in it once two hundred raters agreed to that, under ids of chance.
    """
    ready()
    from rostra.forum.notes.actions.publishing import publish as make
    from rostra.forum.notes.releases import path_of

    release = make()
    for file in release.files:
        click.echo(f"{file.name}\t{file.rows} rows\t{file.size} bytes\t{file.sha256}")
    click.echo(f"{path_of(release.name)}: covers what came before {release.covers_until:%Y-%m-%d}")
    if not release.has_ratings:
        click.echo("no ratings: fewer than two hundred raters could be published")


@notes.command()
@click.argument("run", type=int)
def replay(run: int) -> None:
    """Compute a stored run again, and say whether it comes out the same.

    The runs of the last thirty nights are kept, with the ratings they were made from.
    """
    ready()
    from rostra.forum.notes.actions.runs import replay as again
    from rostra.kernel.errors import NotFound

    try:
        found = again(run)
    except NotFound as error:
        raise click.ClickException(f"there is no run {run}") from error
    if found.erased:
        click.echo(f"inputs of {found.erased} raters erased since")
    if found.is_identical:
        click.echo("identical")
    elif not found.erased:
        raise click.ClickException(f"differs at {', '.join(found.differs_at)}")


def _opened(path: Path) -> TextIO:
    """Open a file of ratings for reading, packed or not."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")
