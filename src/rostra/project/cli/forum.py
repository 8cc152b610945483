"""`rostra seed`, `rostra doctor`, `rostra log`, `rostra render`."""

from __future__ import annotations

import sys
from typing import TextIO, cast

import click

from rostra.content.markup.references import DIALECTS, Dialect
from rostra.project.cli.base import ready, rostra


@rostra.command()
@click.option("--force", is_flag=True, help="Also into a forum that is not empty.")
def seed(force: bool) -> None:
    """Fill an empty forum with an invented quarrel about a flood barrier."""
    ready(migrate=True)
    from rostra.project.seed import is_empty
    from rostra.project.seed import seed as fill

    if not force and not is_empty():
        raise click.ClickException("this forum is not empty; --force seeds it all the same")
    fill()


@rostra.command()
@click.option("--repair", is_flag=True, help="Mend what can be computed anew.")
def doctor(repair: bool) -> None:
    """Check the forum's integrity: counters, numbering, orphans, the log's chain."""
    ready()
    from django.conf import settings

    from rostra.kernel import disks
    from rostra.transfer.integrity import examine

    findings = examine(repair=repair)
    room = disks.room(settings.ROSTRA.data)
    if room.is_scarce:
        click.echo(f"note: {room.free >> 20:,} of {room.size >> 20:,} MB are free", err=True)
    for finding in findings:
        click.echo(str(finding))
    left = [finding for finding in findings if not finding.is_mended]
    click.echo(
        f"{len(findings)} found, {len(findings) - len(left)} mended" if findings else "clean"
    )
    sys.exit(1 if left else 0)


@rostra.command()
@click.option("--dialect", type=click.Choice(DIALECTS), default="native", show_default=True)
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
def render(dialect: str, file: TextIO) -> None:
    """Turn a post's source into HTML as the forum does: rostra render < source > html."""
    from rostra.content.markup.render import render as render_source

    click.echo(render_source(file.read(), cast(Dialect, dialect)).html)


@rostra.group()
def log() -> None:
    """The moderation log."""


@log.command()
@click.option(
    "--head",
    "heads",
    multiple=True,
    metavar="N:HASH",
    help="A head saved before (whole hash); exposes a log rewritten or cut since. Repeatable.",
)
def verify(heads: tuple[str, ...]) -> None:
    """Check the chain; name the first bad entry."""
    ready()
    from rostra.forum.modlog.queries import first_fault, head

    checkpoints: dict[int, str] = {}
    for text in heads:
        n, _, hash_ = text.partition(":")
        if not n.isdecimal() or len(hash_) != 64:
            raise click.UsageError(f"{text!r} is not of the form N:HASH with 64 hex digits")
        checkpoints[int(n)] = hash_
    fault = first_fault(checkpoints)
    if fault is not None:
        click.echo(f"entry {fault.n}: {fault.reason.replace('_', ' ')}", err=True)
        sys.exit(1)
    last, last_hash = head()
    click.echo(f"{last} entries, chain whole, head {last}:{last_hash}")
