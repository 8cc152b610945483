"""SEC-079: whether time tells a known account from an unknown one.

`python -m bench.timing [--times 500]`: a forum of its own is served with one worker; names and
addresses that somebody has and that nobody has are tried in turn. Prints the medians, their
difference, and the probability of Mann and Whitney's test that both are of one kind.
"""

from __future__ import annotations

import argparse
import http.client
import math
import os
import random
import re
import statistics
import subprocess
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.operating import ROSTRA, run, serving

SET_UP = """
from tests.cast import assemble
from rostra.forum.members.models import Member
assemble()
for n in range({members}):
    from rostra.forum.members.actions import create_member
    create_member("Known " + "abcdefghijklmnopqrstuvwxyz"[n % 26] * (1 + n // 26 % 9) + str(n),
                  password_hash=Member.objects.get(name="Quay").password,
                  email=f"known{{n}}@example.org")
"""


type Form = Callable[[bool, int], dict[str, str]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=500)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            "PATH": os.environ["PATH"],
            "ROSTRA_DATA": str(Path(folder) / "var"),
            "PYTHONPATH": os.getcwd(),
            "ROSTRA_LOG_LEVEL": "error",
            "ROSTRA_REQUESTS_PER_MINUTE": "1000000",
            "ROSTRA_GUESTS_WAIT": "off",
            "ROSTRA_POSTING_LIMITS": "off",
        }
        subprocess.run([*ROSTRA, "manage", "migrate", "-v0"], env=environ, check=True)
        run(SET_UP.format(members=times), environ)
        with serving(environ, "--no-jobs"):
            base = environ["ROSTRA_BASE_URL"]
            _compare(base, "sign-in", "/account/login", times, _login)
            _compare(base, "reset", "/account/reset", times, _reset)


def _login(known: bool, n: int) -> dict[str, str]:
    # Each account and each name is tried once: the limit of five must not answer for it.
    name = f"known{n}@example.org" if known else f"knowm{n}@example.org"
    return {"login": name, "password": "not the password"}


def _reset(known: bool, n: int) -> dict[str, str]:
    return {"email": f"known{n}@example.org" if known else f"knowm{n}@example.org"}


def _compare(base: str, what: str, path: str, times: int, form: Form) -> None:
    host = base.partition("://")[2]
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())[1]
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    taken: dict[bool, list[float]] = {True: [], False: []}
    turns = [(known, n) for n in range(times) for known in (True, False)]
    random.shuffle(turns)
    codes = set()
    for known, n in turns:
        body = urllib.parse.urlencode(form(known, n) | {"csrfmiddlewaretoken": token})
        started = time.perf_counter()
        connection.request(
            "POST", path, body,
            {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        answer = connection.getresponse()
        answer.read()
        taken[known].append((time.perf_counter() - started) * 1000)
        codes.add(answer.status)
    medians = {known: statistics.median(found) for known, found in taken.items()}
    print(
        f"{what}: known {medians[True]:.2f} ms, unknown {medians[False]:.2f} ms, "
        f"difference {abs(medians[True] - medians[False]):.2f} ms, "
        f"p = {mann_whitney(taken[True], taken[False]):.3f}, n = {times} + {times}, answers {codes}"
    )


def mann_whitney(one: list[float], other: list[float]) -> float:
    """Return the two-sided probability of Mann and Whitney's U, by the normal approximation."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    rank_sum = sum(place for place, (_, which) in enumerate(ranked, 1) if which == 0)
    n, m = len(one), len(other)
    u = rank_sum - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


if __name__ == "__main__":
    main()
