"""Where the command line begins."""

from __future__ import annotations

import sys

import click

from rostra.project.cli import (
    backup,
    claims,
    forum,
    mail,
    member,
    metrics,
    notes,
    pictures,
    search,
    serving,
    settings,
    transfer,
)
from rostra.project.cli.base import rostra

# Imported, they register themselves.
COMMANDS = (
    backup,
    claims,
    forum,
    mail,
    member,
    metrics,
    notes,
    pictures,
    search,
    serving,
    settings,
    transfer,
)


def main() -> None:
    """Run the command line."""
    try:
        rostra(standalone_mode=False, prog_name="rostra")
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        if not _is_without_tables(error):
            raise
        sys.exit("rostra: this forum is not set up yet: run `rostra serve` or `rostra seed` first")


def _is_without_tables(error: Exception) -> bool:
    """Return whether a command met a database in which nothing was made yet."""
    is_database = type(error).__module__ == "django.db.utils"
    return is_database and ("no such table" in str(error) or "does not exist" in str(error))
