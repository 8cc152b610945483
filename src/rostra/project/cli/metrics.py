"""`rostra metrics`: figures for Prometheus, on an address of their own."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rostra.project.cli.base import ready, rostra
from rostra.project.cli.stopping import stop_asked

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

LOOKS_FOR_PARENT = 1.0  # seconds


@rostra.command()
def metrics() -> None:
    """Answer Prometheus at `metrics_listen`; `rostra serve` runs this by itself where it is set."""
    ready()
    from django.conf import settings
    from prometheus_client import CollectorRegistry, start_http_server
    from prometheus_client.multiprocess import MultiProcessCollector

    from rostra.kernel.metrics import FOLDER

    listen = settings.ROSTRA.metrics_listen
    if not listen:
        raise click.ClickException("set metrics_listen to an address, such as 127.0.0.1:9100")
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Forum(settings.ROSTRA.data))
    host, _, port = listen.rpartition(":")
    server, thread = start_http_server(int(port), host.strip("[]"), registry)
    stopping = stop_asked()
    parent = os.getppid()
    while not stopping.wait(LOOKS_FOR_PARENT) and os.getppid() == parent:
        pass
    server.shutdown()
    thread.join()


class Forum:
    """What the database and the disk say at the moment they are asked."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.lock = threading.Lock()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; a database that does not answer is a gauge too."""
        from django.db import DatabaseError, connection
        from prometheus_client.core import GaugeMetricFamily

        from rostra.kernel import jobs
        from rostra.transfer.backup import nightly

        def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
            family = GaugeMetricFamily(f"rostra_{name}", words)
            family.add_metric([], value)
            return family

        with self.lock:
            try:
                waiting = jobs.waiting()
                oldest = jobs.oldest_wait()
                is_up = True
            except DatabaseError as error:
                print(f"rostra metrics: {error}", file=sys.stderr)
                is_up = False
            finally:
                connection.close()
        yield gauge("database_up", "Whether the database answered.", float(is_up))
        if is_up:
            yield gauge("jobs_waiting", "Jobs and events that wait.", waiting["waiting"])
            yield gauge("jobs_dead", "Jobs given up, for a person to look at.", waiting["dead"])
            yield gauge("jobs_oldest_seconds", "How long the oldest due job waits.", oldest)
        try:
            free = shutil.disk_usage(self.data).free
            yield gauge("disk_free_bytes", "Room on the disk of the data folder.", free)
        except OSError:
            yield gauge("disk_free_bytes", "Room on the disk of the data folder.", 0)
        size = sum(path.stat().st_size for path in self.data.glob("rostra.sqlite3*"))
        if size:
            yield gauge("database_bytes", "The database's file and its log.", size)
        last = nightly.last()
        if last is not None:
            yield gauge(
                "backup_failed", "Whether the last nightly backup failed.", float(bool(last.fault))
            )
