"""Pictures brought to a forum that is in use: reading goes on, and a killed one has lost nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest
from PIL import Image

from tests.acceptance.operating import ROSTRA, run, serving
from tests.acceptance.test_limits import SET_UP, Browser
from tests.cast import PASSWORD
from tests.pictures import encoded, jpeg

ROWS_AND_FILES = """
from rostra.content.media import storage
from rostra.content.media.models import Upload
from rostra.content.media.queries import UploadRow
rows = [UploadRow(*row) for row in Upload.objects.values_list(*UploadRow._fields)]
print(len(rows), all(storage.has(name) for row in rows for name in row.names))
"""


@pytest.fixture
def made(environ):
    subprocess.run([*ROSTRA, "manage", "migrate", "-v0"], env=environ, check=True)
    run(SET_UP, environ)
    environ |= {"ROSTRA_WORKERS": "1", "ROSTRA_THREADS": "4", "ROSTRA_REQUESTS_PER_MINUTE": "9999"}
    return environ


def signed_in(environ) -> tuple[Browser, str]:
    browser = Browser(environ["ROSTRA_BASE_URL"])
    token = browser.token("/account/login")
    form = {"login": "Hill", "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/account/login", **form) == 303
    return browser, browser.token("/account/reading")


def bring(browser: Browser, token: str, data: bytes) -> int:
    """Send a picture as a composer's page does; return the status."""
    edge = "edge-of-the-form"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    ).encode() + data + f"\r\n--{edge}--\r\n".encode()  # fmt: skip
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(f"{browser.base}/files", body, headers)  # noqa: S310 (our own)
    try:
        with browser.opener.open(request, timeout=60) as answer:
            assert "upload:" in json.loads(answer.read())["source"]
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
def test_readers_read_while_large_pictures_are_drawn(made):
    """SEC-101: two of 40 megapixels at once; half of the threads stay with who reads."""
    large = encoded(Image.new("RGB", (6_320, 6_320), (9, 90, 160)), "JPEG")
    with serving(made, "--no-jobs"):
        browser, token = signed_in(made)
        codes: list[int] = []
        bringing = [
            threading.Thread(target=lambda: codes.append(bring(browser, token, large)))
            for _ in range(2)
        ]
        for thread in bringing:
            thread.start()
        read = 0
        while any(thread.is_alive() for thread in bringing):
            with urllib.request.urlopen(f"{browser.base}/members", timeout=30) as answer:  # noqa: S310
                assert answer.status == 200
            read += any(thread.is_alive() for thread in bringing)
            time.sleep(0.05)
    assert codes == [200, 200]
    assert read >= 5
    assert run(ROWS_AND_FILES, made) == "2 True"


def test_a_forum_killed_while_it_takes_pictures_in_holds_together(made):
    """REL-054: kill -9 at five moments; whatever was acknowledged is there, no row lacks its file."""
    acknowledged = 0
    small = jpeg(900, 700)
    for moment in range(5):
        with serving(made, "--no-jobs") as server:
            browser, token = signed_in(made)
            codes: list[int] = []

            def keep_bringing(browser=browser, token=token, codes=codes):
                with suppress(OSError, ValueError):
                    while True:
                        codes.append(bring(browser, token, small))

            thread = threading.Thread(target=keep_bringing)
            thread.start()
            while not codes and thread.is_alive():
                time.sleep(0.02)  # one at least was acknowledged
            time.sleep(0.11 * moment)  # at another moment of the next each time
            os.killpg(server.pid, signal.SIGKILL)
            thread.join(60)
            acknowledged += codes.count(200)
    assert acknowledged >= 3
    count, whole = run(ROWS_AND_FILES, made).split()
    assert int(count) >= acknowledged
    assert whole == "True"
    found = subprocess.run(
        [*ROSTRA, "doctor"], env=made, capture_output=True, text=True, check=False
    )
    assert "uploads" not in found.stdout
