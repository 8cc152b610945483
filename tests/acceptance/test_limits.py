"""Limits hold exactly over all workers, under parallel tries (SEC-080, 081)."""

from __future__ import annotations

import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.acceptance.operating import ROSTRA, run, serving
from tests.cast import PASSWORD

TRIES, AT_ONCE = 200, 25
SET_UP = """
from tests.cast import assemble
assemble()
"""
FAILED = """
from rostra.kernel.models import Tries
print(sorted(len(row.times) for row in Tries.objects.all()))
"""


@pytest.fixture
def served(environ):
    """A forum with two workers and the cast in it."""
    subprocess.run([*ROSTRA, "manage", "migrate", "-v0"], env=environ, check=True)
    run(SET_UP, environ)
    environ["ROSTRA_WORKERS"] = "2"
    with serving(environ, "--no-jobs"):
        yield environ


class Browser:
    """Somebody with cookies, who takes every answer as it comes."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _Stay()
        )

    def comes_from(self, address: str) -> None:
        """Say so in the words of a proxy in front."""
        self.opener.addheaders = [("X-Forwarded-For", address)]

    def token(self, path: str) -> str:
        page = self.opener.open(self.base + path, timeout=60).read().decode()
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    def post(self, path: str, **data: str) -> int:
        """Send a form; again where so many bodies come at once that some are put off."""
        body = urllib.parse.urlencode(data).encode()
        while True:
            try:
                return self.opener.open(self.base + path, body, timeout=60).status
            except urllib.error.HTTPError as answer:
                if answer.code != 503:
                    return answer.code


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
def test_two_hundred_tries_at_once_are_five(served):
    """SEC-080: exactly five passwords are looked at, then nobody's, not even the right one."""
    base = served["ROSTRA_BASE_URL"]
    browser = Browser(base)
    token = browser.token("/account/login")

    def guess(n: int) -> int:
        return browser.post(
            "/account/login", login="Quay", password=f"wrong words {n}", csrfmiddlewaretoken=token
        )

    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = Counter(pool.map(guess, range(TRIES)))
    assert codes == {422: 5, 429: TRIES - 5}
    assert run(FAILED, served) == "[5]"
    right = browser.post(
        "/account/login", login="Quay", password="open water at dawn", csrfmiddlewaretoken=token
    )
    assert right == 429


@pytest.mark.postgresql_by_night
@pytest.mark.django_db
def test_fifty_codes_at_once_are_five(served):
    """SEC-081: of guesses in one session, whichever worker hears them."""
    browser = Browser(served["ROSTRA_BASE_URL"])
    token = browser.token("/account/login")
    entered = browser.post(
        "/account/login",
        login="Mod Ferris",
        password="open water at dawn",
        csrfmiddlewaretoken=token,
    )
    assert entered == 303
    token = browser.token("/account/code")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes = Counter(
            pool.map(
                lambda n: browser.post("/account/code", code=f"{n:06}", csrfmiddlewaretoken=token),
                range(50),
            )
        )
    assert codes == {422: 5, 429: 45}


def test_fifty_log_ins_at_once_take_their_turns(environ):
    """SEC-091: each hash takes 19 MB, and fifty are not made at a time."""
    subprocess.run([*ROSTRA, "manage", "migrate", "-v0"], env=environ, check=True)
    run(SET_UP, environ)
    environ |= {"ROSTRA_WORKERS": "2", "ROSTRA_TRUSTED_PROXIES": "127.0.0.1"}
    with serving(environ, "--no-jobs") as server:
        browsers = [Browser(environ["ROSTRA_BASE_URL"]) for _ in range(51)]
        for number, browser in enumerate(browsers):
            browser.comes_from(f"198.51.{number}.7")

        def log_in(browser: Browser) -> int:
            token = browser.token("/account/login")
            return browser.post(
                "/account/login", login="Hill", password=PASSWORD, csrfmiddlewaretoken=token
            )

        assert log_in(browsers[0]) == 303
        before = peak_megabytes(server.pid)
        with ThreadPoolExecutor(50) as pool:
            codes = Counter(pool.map(log_in, browsers[1:]))
        taken = peak_megabytes(server.pid) - before
    assert codes == {303: 50}
    assert taken < 400  # 110 to 170; fifty hashes at once would be a gigabyte


def peak_megabytes(pid: int) -> float:
    """Return the most memory a server and its workers have had, together."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 + sum(peak_megabytes(int(child)) for child in children)
