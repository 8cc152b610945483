"""`rostra mail`: letters that came back."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click

from rostra.project.cli.base import ready, rostra


@rostra.group()
def mail() -> None:
    """Mail that the forum sent."""


@mail.command()
@click.argument("file", type=click.File("rb"), default="-")
def bounce(file: BinaryIO) -> None:
    """Take note of a letter that came back: have your server of mail pipe it here.

    After some of them within 30 days no more mail goes to that member, who is told so on the site.
    """
    ready()
    from rostra.effects.notifications.actions import note_bounce
    from rostra.web.notifications.bounces import LONGEST, read_bounce

    found = read_bounce(file.read(LONGEST))
    if found is None:
        click.echo("not a report about a letter of this forum; nothing was changed", err=True)
        sys.exit(1)
    total = note_bounce(found.member_id, found.points)
    click.echo(f"member {found.member_id}: {total}")
