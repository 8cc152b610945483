"""`rostra notes`: the bridging fit, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

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

    Values are 1 (helpful), 0.5 and 0. Notes with fewer than five ratings, and raters who gave fewer
    than five, are left out. The same file gives the same numbers.
    """
    from rostra.forum.notes import scoring

    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            named = scoring.read_csv(lines)
    except (scoring.Unreadable, UnicodeDecodeError) as error:
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
