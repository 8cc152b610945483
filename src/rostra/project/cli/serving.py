"""`rostra serve` and `rostra work`: the web workers and the worker of jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

import click

from rostra.project import in_use
from rostra.project.cli.backup import bring_up_to_date
from rostra.project.cli.base import ready, rostra

IDLE_SECONDS = 1.0


@rostra.command()
@click.option("--demo/--no-demo", default=False, help="Fill an empty forum with a demo first.")
@click.option("--jobs/--no-jobs", default=True, help="Run the worker of jobs beside the web.")
@click.option("--backup/--no-backup", default=True, help="Back up before tables are changed.")
def serve(demo: bool, jobs: bool, backup: bool) -> None:
    """Set up, migrate and serve: web workers and the worker of jobs together."""
    ready()
    from django.conf import settings

    from rostra.forum.members.actions import make_setup_token
    from rostra.forum.members.groups import ensure_groups
    from rostra.web import assets

    config = settings.ROSTRA
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        in_use.serve_alone(config.data)
    except in_use.InUse as error:
        raise click.ClickException(str(error)) from error
    bring_up_to_date(with_backup=backup)
    ensure_groups()
    if not assets.is_current():
        assets.build()
    if demo:
        from rostra.project.seed import is_empty, seed

        if is_empty():
            click.echo("An empty forum: filling it with a demo …")
            seed()
    token = make_setup_token()
    click.echo(f"\n  {config.site_name} is at {config.base_url}\n")
    if token is not None:
        click.echo(f"  Become its administrator (works once): {config.base_url}/setup/{token}\n")
    if not settings.IS_HTTPS:
        click.echo(
            "  Cookies are not Secure over http: set ROSTRA_BASE_URL to https://… in public.\n"
        )
    from django.db import connections

    connections.close_all()
    if jobs:
        _keep_worker()
    _web(config.listen, config.workers, config.threads, config.log_level)


@rostra.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def work(once: bool) -> None:
    """Do the jobs that wait; `rostra serve` runs this by itself."""
    ready()
    from django.db import close_old_connections

    from rostra.kernel.jobs import run_due
    from rostra.project import schedule  # noqa: F401  (the clock's jobs register themselves)

    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    parent = os.getppid()
    while not stopping.is_set():
        try:
            taken = run_due()
        except Exception as error:  # the database may be away for a while
            click.echo(f"rostra work: {error}", err=True)
            taken = 0
        close_old_connections()
        if once:
            if taken == 0:
                return
            continue
        if os.getppid() != parent:
            return  # the server is gone
        if taken == 0:
            stopping.wait(IDLE_SECONDS)


def _web(listen: str, workers: int, threads: int, log_level: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    host, _, port = listen.rpartition(":")
    Granian(
        "rostra.project.wsgi:application",
        address=host.strip("[]"),
        port=int(port),
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, pipeline_flush=True),
        websockets=False,
        log_level=LogLevels(log_level),
        respawn_failed_workers=True,
    ).serve()


def _keep_worker() -> None:
    """Keep a worker of jobs running beside the web; a new one after each death."""

    def keep() -> None:
        while True:
            worker = subprocess.Popen([sys.executable, "-m", "rostra.project.cli", "work"])
            worker.wait()
            time.sleep(2)

    threading.Thread(target=keep, daemon=True).start()
