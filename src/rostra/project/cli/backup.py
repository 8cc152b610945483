"""`rostra backup`, `rostra backup verify`, `rostra restore`, `rostra upgrade`."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rostra.project.cli.base import progress_bar, ready, rostra

if TYPE_CHECKING:
    from rostra.transfer.backup.migrations import State

BAR: dict[str, Any] = {"unit": "B", "unit_scale": True, "unit_divisor": 1024, "mininterval": 0.5}
QUIET = click.option("--quiet", is_flag=True, help="No progress bar.")


class _PathOrVerb(click.Group):
    """`rostra backup [PATH]` beside `rostra backup verify FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = next((n for n, word in enumerate(args) if not word.startswith("-")), None)
        if at is not None and args[at] not in self.commands and args[at - 1 : at] != ["--keep"]:
            args = [*args[:at], "--to", *args[at:]]
        return super().parse_args(ctx, args)


@rostra.group(
    cls=_PathOrVerb,
    invoke_without_command=True,
    subcommand_metavar="[PATH] | verify FILE",
)
@click.option("--to", type=click.Path(path_type=Path), hidden=True)
@click.option("--keep", type=click.IntRange(1), help="Afterwards keep only the newest N beside it.")
@click.option("--nightly", is_flag=True, help="As the clock does it: doctor tells how it went.")
@QUIET
@click.pass_context
def backup(
    ctx: click.Context, to: Path | None, keep: int | None, nightly: bool, quiet: bool
) -> None:
    """Write the whole forum into one file, while it is in use.

    PATH is a new file, or a folder; without it the folder `backups` in the data folder.
    """
    if ctx.invoked_subcommand:
        return
    ready()
    if nightly:
        _make_nightly(quiet)
        return
    with _clear_words():
        click.echo(_make(to, keep, quiet))


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@QUIET
def verify(file: Path, quiet: bool) -> None:
    """Check a backup: whole, not newer than this program, its forum sound. Changes nothing."""
    _leave_no_trace()
    ready()
    from rostra.transfer.backup.verifying import verify as look_through

    with (
        _clear_words(),
        tempfile.TemporaryDirectory(prefix="rostra-verify-") as scratch,
        progress_bar(disable=quiet, **BAR) as bar,
    ):
        manifest = look_through(file, Path(scratch), progress=bar.update)
    click.echo(f"{file} is whole. {_in_words(manifest)}")


@rostra.command("erase-again", hidden=True)
def erase_again() -> None:
    """Erase whom a restored database has back, by the ledger; a restore does it by itself."""
    ready()
    from rostra.forum.erasure.actions import erase_again as do

    click.echo(do())


@rostra.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Another data folder than data's.")
@click.option("--replace", is_flag=True, help="Take the place of a forum; it is backed up first.")
@QUIET
def restore(file: Path, into: Path | None, replace: bool, quiet: bool) -> None:
    """Put a forum back from a backup, after it was verified; stop server and workers first."""
    if into is not None:
        os.environ["ROSTRA_DATA"] = str(into)
    ready(alone=True)
    from rostra.transfer.backup.restoring import restore as put_back

    with _clear_words(), progress_bar(disable=quiet, **BAR) as bar:
        restored = put_back(file.absolute(), is_replacing=replace, progress=bar.update)
    click.echo(f"Restored. {_in_words(restored.manifest)}")
    if restored.saved:
        click.echo(f"What was there before: {restored.saved}")
    for note in restored.notes:
        click.echo(f"  {note}")


@rostra.command()
@click.option("--backup/--no-backup", "with_backup", default=True, help="Back up first.")
@QUIET
def upgrade(with_backup: bool, quiet: bool) -> None:
    """Bring the tables up to this program: backup, migrate, doctor; stop the server first."""
    ready(alone=True)
    from rostra.transfer.backup.migrations import in_words, latest, state

    now = state()
    click.echo(f"now:    {latest(now.applied) or 'nothing'}")
    click.echo(f"target: {latest((*now.applied, *now.pending))}")
    if now.pending and not now.is_new:
        click.echo(f"to do:  {in_words(now.pending)}")
    bring_up_to_date(with_backup=with_backup, quiet=quiet)
    from rostra.transfer.integrity import examine

    findings = examine()
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} found: rostra doctor --repair" if findings else "clean")
    sys.exit(1 if findings else 0)


def bring_up_to_date(*, with_backup: bool, quiet: bool = True) -> None:
    """Migrate where there is something to migrate, with a backup before; refuse newer tables."""
    from django.core.management import call_command
    from django.db import connections

    from rostra.transfer.backup.migrations import in_words, state

    now = state()
    if now.unknown:
        raise click.ClickException(
            "this database is newer than this program: it does not know "
            f"{in_words(now.unknown)}. Run the newer Rostra, or restore the backup that was made "
            "before the upgrade: rostra restore FILE --replace"
        )
    if not now.pending:
        return
    saved = _save(now, quiet) if with_backup and not now.is_new else None
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        connections.close_all()
        left = state().pending
        way = f"rostra restore {saved} --replace" if saved else "your own backup"
        raise click.ClickException(
            f"the migration {in_words(left[:1])} failed: {error}\n"
            f"The way back: install the Rostra of before, then {way}"
        ) from error


def _save(now: State, quiet: bool) -> Path:
    from rostra.transfer.backup.making import make, place_for

    path = place_for(None)
    click.echo(f"Backing up before {len(now.pending)} migrations …")
    with _clear_words(": nothing was migrated; --no-backup goes on without"), _bar(quiet) as bar:
        make(path, progress=bar.update)
    click.echo(f"Backup: {path}")
    return path


def _make(to: Path | None, keep: int | None, quiet: bool) -> str:
    from rostra.transfer.backup.making import make, place_for

    path = place_for(to)
    with _bar(quiet) as bar:
        manifest = make(path, keep=keep, progress=bar.update)
    for name in manifest.left_out:
        click.echo(f"left out, for it is not Rostra's: {name}", err=True)
    return f"{path} ({path.stat().st_size:,} bytes). {_in_words(manifest)}"


def _make_nightly(quiet: bool) -> None:
    from django.conf import settings

    from rostra.kernel import clock
    from rostra.transfer.backup.making import make, place_for
    from rostra.transfer.backup.nightly import Last, default_folder, write_down

    folder = default_folder() / "nightly"  # apart: those made by hand are not forgotten
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun, path = clock.now().isoformat(timespec="seconds"), place_for(folder)
    write_down(Last(begun))
    fault = "it did not come to its end"
    try:
        with _clear_words(), _bar(quiet) as bar:
            make(path, keep=settings.ROSTRA.backup_nightly or None, progress=bar.update)
        fault = ""
    except click.ClickException as error:
        fault = error.message
        raise
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        raise
    finally:
        ended = clock.now().isoformat(timespec="seconds")
        write_down(Last(begun, ended, "" if fault else str(path), fault))


def _bar(quiet: bool) -> Any:
    from rostra.transfer.backup.making import expected_size

    return progress_bar(total=expected_size(), disable=quiet, **BAR)


def _in_words(manifest: Any) -> str:
    counts = manifest.counts
    told = (
        ("threads", counts.get("threads_thread", 0)),
        ("posts", counts.get("threads_post", 0)),
        ("members", counts.get("members_member", 0)),
        ("uploads", sum(stored.path.startswith("uploads/") for stored in manifest.files)),
        ("entries of the moderation log", manifest.log_head[0]),
    )
    words = ", ".join(f"{count:,} {what}" for what, count in told)
    return (
        f"A forum on {manifest.database} of {manifest.made_at}, Rostra {manifest.rostra}: {words}"
    )


def _leave_no_trace() -> None:
    """Do without the data folder: settings would make one, with a secret in it."""
    os.environ["ROSTRA_DATA"] = tempfile.mkdtemp(prefix="rostra-nothing-")
    os.environ["ROSTRA_SECRET_KEY"] = secrets.token_hex(32)
    import atexit
    import shutil

    atexit.register(shutil.rmtree, os.environ["ROSTRA_DATA"], ignore_errors=True)


@contextmanager
def _clear_words(more: str = "") -> Iterator[None]:
    """Turn what may go wrong into one sentence and exit code 1."""
    from rostra.transfer.backup.children import CannotGoOn
    from rostra.transfer.backup.container import BrokenBackup

    try:
        yield
    except (BrokenBackup, CannotGoOn) as error:
        raise click.ClickException(f"{error}{more}") from error
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise click.ClickException(f"{error.strerror or error}{where}{more}") from error
