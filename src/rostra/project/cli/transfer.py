"""`rostra import` and `rostra export`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from rostra.project.cli.base import progress_bar, ready, rostra

PRESETS = ("public", "members_only", "staff")


@rostra.group(name="import")
def import_() -> None:
    """Bring discussions in. Safe to kill and to repeat: nothing comes twice."""


def _options(command: Any) -> Any:
    for option in reversed(
        (
            click.argument("path", type=click.Path(exists=True, path_type=Path)),
            click.option("--board", help="File everything under a board or category of this name."),
            click.option("--name", help="Name of the origin in the map of old ids."),
            click.option(
                "--access",
                type=click.Choice(PRESETS),
                default="public",
                show_default=True,
                help="Who may read the new boards; private ones stay with staff.",
            ),
            click.option(
                "--accounts",
                is_flag=True,
                help="A forum of your own: members keep their passwords and addresses of mail.",
            ),
            click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
            click.option("--quiet", is_flag=True, help="No progress bar."),
        )
    ):
        command = option(command)
    return command


@import_.command()
@_options
def usenet(path: Path, board: str | None, name: str | None, **options: Any) -> None:
    """Import mbox files, a Maildir, or a tree of messages (a folder a newsgroup)."""
    ready(migrate=True)
    from rostra.transfer.importers.usenet import UsenetReader

    folder = _folder(f"usenet-{name or path.name}")
    _run(UsenetReader(path, folder / "work", board=board, name=name), folder, **options)


@import_.command()
@_options
def discourse(path: Path, board: str | None, name: str | None, **options: Any) -> None:
    """Import folders of Discourse topics (/t/ID.json)."""
    ready(migrate=True)
    from rostra.transfer.importers.discourse import DiscourseReader

    folder = _folder(f"discourse-{name or path.name}")
    _run(DiscourseReader(path, folder / "work", board=board, name=name), folder, **options)


@import_.command()
@_options
def archive(path: Path, board: str | None, name: str | None, **options: Any) -> None:
    """Import an archive of `rostra export archive`; into an empty forum exactly as it was."""
    ready(migrate=True)
    from rostra.transfer.archive.head import BrokenArchive
    from rostra.transfer.archive.reading import ArchiveReader
    from rostra.transfer.archive.restoring import is_restorable, restore

    try:
        if board is None and is_restorable(path):
            with progress_bar(unit=" posts", disable=options["quiet"], mininterval=0.5) as bar:
                report = restore(path, _folder(f"restore-{path.name}"), progress=bar.update)
            _print(report, options["as_json"])
        reader = ArchiveReader(path, board=board, name=name)
    except BrokenArchive as error:
        raise click.ClickException(str(error)) from error
    _run(reader, _folder(f"archive-{name or path.name}"), **options)


@rostra.group()
def export() -> None:
    """Take everything out, in an open format."""


@export.command(name="archive")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="No progress bar.")
def export_archive(path: Path, quiet: bool) -> None:
    """Write the whole forum as JSON lines into a new folder."""
    ready()
    from rostra.transfer.archive.writing import write_archive

    if path.exists() and any(path.iterdir()):
        raise click.ClickException(f"{path} is not empty")
    with progress_bar(unit=" posts", disable=quiet, mininterval=0.5) as bar:
        counts = write_archive(path, progress=bar.update)
    click.echo(", ".join(f"{count:,} {kind}" for kind, count in counts.items()))


def _folder(name: str) -> Path:
    from django.conf import settings

    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)
    return settings.ROSTRA.data / "imports" / safe.lstrip(".")


def _run(
    reader: Any, folder: Path, *, access: str, accounts: bool, as_json: bool, quiet: bool
) -> None:
    from rostra.transfer.load.rendering import collect_seldom, get_ready
    from rostra.transfer.load.run import AlreadyRunning, load

    get_ready()
    collect_seldom()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "work").mkdir(exist_ok=True)
    click.echo(f"Looking through {reader.origin} …", err=True)
    total = reader.prepare()
    try:
        with progress_bar(total=total, unit=" posts", disable=quiet, mininterval=0.5) as bar:
            report = load(
                reader,
                folder,
                preset=access,  # type: ignore[arg-type]
                accounts=accounts,
                progress=bar.update,
            )
    except AlreadyRunning:
        raise click.ClickException("this origin is being imported by another process") from None
    _print(report, as_json)


def _print(report: Any, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo(report.in_words())
        click.echo(f"Report: {report.folder / 'report.json'}", err=True)
    sys.exit(0 if report.is_balanced() else 1)
