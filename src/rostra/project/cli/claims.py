"""`rostra claims`: the status of a claim, from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from rostra.project.cli.base import rostra

A_TIME = 1e8  # seconds since 1970: a number as large as this is a moment, not a place in an order


@rostra.group()
def claims() -> None:
    """Claims: what is known, and since when."""


@claims.command()
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print an object of JSON.")
def status(path: Path, as_json: bool) -> None:
    """Print the status over time of attributions given as JSON.

    The file is {"attributions": [{"speaker", "root", "stance", "party", "said_at", …}]}; a line is
    printed for each time from which another status holds.
    """
    from rostra.forum.claims.given import Unreadable, attributions_of
    from rostra.forum.claims.status import history, status_of

    try:
        found = attributions_of(json.loads(path.read_text(encoding="utf-8")))
    except Unreadable as error:
        raise click.ClickException(f"{path}: {error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise click.ClickException(f"{path} is not JSON: {error}") from error
    changes = history(found)
    if as_json:
        told = [{"at": _time(change.at), "status": change.status} for change in changes]
        click.echo(json.dumps({"status": status_of(found), "history": told}, indent=2))
        return
    for change in changes:
        click.echo(f"{_time(change.at)}\t{change.status}")
    if not changes:
        click.echo("-\tunsourced")


def _time(at: float) -> str | float:
    if at >= A_TIME:
        return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    return int(at) if at == int(at) else at
