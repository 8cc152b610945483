"""`rostra serve` and `rostra work`: the web workers and the worker of jobs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from rostra.project import in_use
from rostra.project.cli.backup import bring_up_to_date
from rostra.project.cli.base import ready, rostra
from rostra.project.cli.stopping import stop_asked

if TYPE_CHECKING:
    from rostra.project.config import Config

IDLE_SECONDS = 1.0
RESTARTS_AFTER = 2.0  # seconds
STOPS_WITHIN = 30.0  # seconds
ASIDE = 2  # threads for jobs that wait for others' machines


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
    from rostra.forum.modlog.actions import ensure_rules
    from rostra.web import assets

    config = settings.ROSTRA
    config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        in_use.serve_alone(config.data)
    except in_use.InUse as error:
        raise click.ClickException(str(error)) from error
    from rostra.project.cli.server import open_listener

    try:
        listener = open_listener(config.listen)
    except OSError as error:
        raise click.ClickException(f"cannot listen at {config.listen}: {error.strerror}") from error
    bring_up_to_date(with_backup=backup)
    ensure_groups()
    ensure_rules()
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
    _run(listener, config, jobs)


@rostra.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def work(once: bool) -> None:
    """Do the jobs that wait; `rostra serve` runs this by itself."""
    ready()
    from django.db import close_old_connections

    from rostra.kernel.jobs import BATCH, run_aside, run_due
    from rostra.kernel.metrics import job_counter
    from rostra.project import schedule  # noqa: F401  (the clock's jobs register themselves)

    count = job_counter()
    stopping = stop_asked()
    parent = os.getppid()
    if not once:
        for _ in range(ASIDE):
            threading.Thread(target=_work_aside, args=(stopping,), daemon=True).start()
    while not stopping.is_set():
        try:
            taken = run_due()
            if once and taken == 0:
                taken = run_aside()
        except Exception as error:  # the database may be away for a while
            click.echo(f"rostra work: {error}", err=True)
            taken = 0
        count(taken)
        close_old_connections()
        if once:
            if taken == 0:
                return
            continue
        if os.getppid() != parent:
            return  # the server is gone
        # Those who write wait for each turn of the worker's: what comes meanwhile comes together.
        if taken < BATCH:
            stopping.wait(IDLE_SECONDS)


def _work_aside(stopping: threading.Event) -> None:
    """Do jobs that nobody is to wait for, one after another; what is cut off comes again."""
    from django.db import close_old_connections

    from rostra.kernel.jobs import run_aside

    while not stopping.is_set():
        try:
            taken = run_aside()
        except Exception as error:  # the database may be away for a while
            click.echo(f"rostra work: {error}", err=True)
            taken = 0
        close_old_connections()
        if not taken:
            stopping.wait(IDLE_SECONDS)


def _run(listener: socket.socket, config: Config, jobs: bool) -> None:
    """Serve until told to stop, with what runs beside the web."""
    with tempfile.TemporaryDirectory(prefix="rostra-metrics-") as figures:
        helpers = []
        if config.metrics_listen:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures
            helpers.append(Helper("metrics"))
        if jobs:
            helpers.append(Helper("work"))
        try:
            _serve_web(listener, config, helpers)
        finally:
            for helper in helpers:
                helper.stop()


def _serve_web(listener: socket.socket, config: Config, helpers: Sequence[Helper]) -> None:
    """Serve until SIGTERM, then answer what was begun; SIGHUP restarts one worker at a time."""
    from rostra.project.cli.server import Server

    server = Server(listener, config.workers, config.threads, config.log_level)
    for helper in helpers:
        server.on_reload(helper.restart)
    server.serve()


class Helper:
    """A process beside the web that is kept running: a new one after each death."""

    def __init__(self, *words: str) -> None:
        self.command = [sys.executable, "-m", "rostra.project.cli", *words]
        self.process = self._start()
        self.is_wanted = True
        threading.Thread(target=self._keep, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command)  # noqa: S603 (our own command)

    def restart(self) -> None:
        """Have it end what it is doing; the next one starts with the code and settings of then."""
        self.process.terminate()

    def stop(self) -> None:
        """End it, and wait until it has."""
        self.is_wanted = False
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _keep(self) -> None:
        while True:
            self.process.wait()
            time.sleep(RESTARTS_AFTER)
            if not self.is_wanted:
                return
            self.process = self._start()
