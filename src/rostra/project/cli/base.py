"""`rostra`: everything an operator does, with help, exit codes and progress.

Exit codes: 0 done; 1 something is wrong (said on stderr); 2 wrong words on the command line.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from rostra.project import in_use

if TYPE_CHECKING:
    from tqdm import tqdm


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rostra")
def rostra() -> None:
    """A discussion forum for communities that argue about the news.

    Configuration comes from ROSTRA_… in the environment, or from one rostra.toml here.
    """


def ready(*, migrate: bool = False, alone: bool = False) -> None:
    """Make Django ready, and the tables up to date; what touches the forum calls this first.

    With `alone` nobody else may use the data folder until this process ends.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")
    import django
    from django.conf import settings

    django.setup()
    from rostra.kernel import disks

    if not settings.ROSTRA.database_url:
        unfit = disks.unfit_for_sqlite(settings.ROSTRA.data / "rostra.sqlite3")
        if unfit is not None:
            raise click.ClickException(unfit)
    try:
        (in_use.take_alone if alone else in_use.share)(settings.ROSTRA.data)
    except in_use.InUse as error:
        raise click.ClickException(str(error)) from error
    if migrate:
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
    from django.db import DatabaseError

    from rostra.kernel import chosen

    if not (settings.ROSTRA.database_url or (settings.ROSTRA.data / "rostra.sqlite3").exists()):
        return  # to ask would make the file, and a restore would find a forum there already
    with suppress(DatabaseError):  # a forum that is not set up yet has no table of them
        chosen.refresh()


def progress_bar(**options: Any) -> tqdm[Any]:
    """Return a bar of progress; loading it takes longer than most of what needs none."""
    from tqdm import tqdm

    return tqdm(**options)


@rostra.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run one of Django's own commands: migrate, dbshell, shell …"""
    from rostra.project.manage import run

    run(list(arguments))
