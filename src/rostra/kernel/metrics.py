"""Figures of this process for Prometheus, where they are wanted.

Several processes write into the files of one folder (prometheus_client's way for such servers);
`rostra metrics` reads them all. Without that folder nothing is counted and nothing imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for it
STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds


def request_counter() -> Callable[[str, int, float], None] | None:
    """Return what counts a request by route, status and seconds; None where nobody asks."""
    if FOLDER not in os.environ:
        return None
    from prometheus_client import Counter, Histogram

    requests = Counter("rostra_requests_total", "Requests answered.", ["route", "status"])
    seconds = Histogram(
        "rostra_request_seconds", "Until the answer stood.", ["route"], buckets=STEPS
    )

    def measure(route: str, status: int, took: float) -> None:
        requests.labels(route, f"{status // 100}xx").inc()
        seconds.labels(route).observe(took)

    return measure


def job_counter() -> Callable[[int], None]:
    """Return what counts the jobs a worker has taken."""
    if FOLDER not in os.environ:
        return lambda number: None
    from prometheus_client import Counter

    taken = Counter("rostra_jobs_taken_total", "Jobs and events taken by a worker.")
    return taken.inc
