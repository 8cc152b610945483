"""Hostile words in a real browser whose content security policy is switched off (SEC-018).

Every payload of the suites as a post of each dialect, and on the pages of a forum as the name of
a member, the title of a thread, the name and description of a board, and in the search field.
"""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.fuzz.browser import BATCH, DANGERS, Window, faults_of
from bench.fuzz.inputs import Maker
from bench.fuzz.judge import judge
from bench.fuzz.pieces import KNOWN

from rostra.content.markup.references import DIALECTS
from rostra.content.markup.render import render
from tests.journeys.conftest import ROOT, _free_port
from tests.journeys.hostile_forum import POSTS_A_THREAD, words

pytestmark = [pytest.mark.journey, pytest.mark.long]
SHOWN = 400
LIVE = 20  # search pages that are opened; the others are parsed
SOUGHT_BY_DAY = 4  # one payload in so many is sought; by night every one is


@pytest.fixture(scope="module")
def opened(browser) -> Iterator[Window]:
    """A window without a policy."""
    window = Window(browser)
    yield window
    window.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running forum that holds nothing but hostile words."""
    folder = tmp_path_factory.mktemp("hostile")
    port = _free_port()
    environ = {
        **{name: os.environ[name] for name in ("PATH", "ROSTRA_TEST_DATA") if name in os.environ},
        "ROSTRA_DATA": str(folder),
        "ROSTRA_LISTEN": f"127.0.0.1:{port}",
        "ROSTRA_BASE_URL": f"http://localhost:{port}",
        "ROSTRA_POSTING_LIMITS": "off",
        "ROSTRA_GUESTS_WAIT": "off",
        "PYTHONUNBUFFERED": "1",
    }
    subprocess.run(
        [sys.executable, "-m", "tests.journeys.hostile_forum"], env=environ, cwd=ROOT, check=True
    )
    log = folder / "log"
    with log.open("w") as out, subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "serve"],
        env=environ, cwd=folder, stdout=out, stderr=subprocess.STDOUT,
    ) as server:  # fmt: skip
        _wait_until_up(log, server)
        yield environ["ROSTRA_BASE_URL"]
        server.terminate()
        server.wait(20)


def _wait_until_up(log: Path, server: subprocess.Popen[bytes]) -> None:
    with log.open() as reading:
        said = ""
        while "Started worker" not in said:
            said += reading.read()
            assert server.poll() is None, said


def test_the_trap_snaps(opened: Window) -> None:
    """What is sought would be found: scripts, requests, addresses, elements out of place."""
    hostile = [
        "<img src=x onerror=alert(1)>", '<a href="javascript:alert(2)">x</a>', "<svg onload=alert(3)>",
        "</section><p>", "<script>var x = 1</script>", "<p style='color:red'>x", "<p id=cookie>x",
        "<img src=http://foreign.test/x>", "<form><input name=password>", "<p>unclosed",
    ]  # fmt: skip
    faults = " ".join(fault for _, fault in faults_of(opened, hostile))
    for expected in (
        "ran alert(1)", "ran alert(3)", "element img", "img onerror", "address javascript:",
        "out of place", "script http://fragments.test/", "p style", "hides cookie",
        "asked for http://foreign.test/x", "element form", "element input",
    ):  # fmt: skip
        assert expected in faults, expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_sec_018_every_payload_as_a_post(opened: Window, dialect: str) -> None:
    """SEC-001 to 005, 007, 018, 019: nothing runs, nothing is asked for, nothing is built."""
    fragments = [render(text, dialect, KNOWN).html for text in words()]
    for at in range(0, len(fragments), BATCH):
        assert faults_of(opened, fragments[at : at + BATCH]) == []


def test_sec_016_the_browser_reads_what_the_server_wrote(opened: Window) -> None:
    """SEC-016: made posts have the same tree in the browser as on the server."""
    maker = Maker(2)
    for at in range(0, SHOWN, BATCH):
        fragments = [judge(maker.make(number)).html for number in range(at, at + BATCH)]
        assert faults_of(opened, fragments) == []


@pytest.fixture
def pages(browser, hostile: str) -> Iterator[Pages]:
    made = Pages(browser, hostile)
    yield made
    made.close()


class Pages(Window):
    """A window on the forum; only its own static scripts may be read."""

    def __init__(self, browser, url: str) -> None:
        super().__init__(browser)
        self.url = url
        self.page.on("request", lambda request: self._note_request(request.url))

    def faults(self, address: str) -> list[str]:
        """Load a page of the forum and return what is wrong with it."""
        self.scripts.clear()
        self.asked.clear()
        answer = self.page.goto(self.url + address, wait_until="load")
        assert answer is not None
        assert answer.status == 200, address
        return self.wrong()

    def faults_of_read(self, addresses: list[str]) -> list[str]:
        """Have the browser fetch and parse pages, and return what is wrong with their trees."""
        found = self.faults("/search")
        for at in range(0, len(addresses), BATCH):
            found += self.page.evaluate(READ_MANY.replace("LOOK", LOOK), addresses[at : at + BATCH])
        return found

    def wrong(self) -> list[str]:
        """Return what is wrong with the page that is loaded, and with the frames in it."""
        scripts = [url for url in self.scripts if not url.startswith(f"{self.url}/static/")]
        found: list[str] = self.ask(DANGERS) + self.ask(PAGE)
        return found + [f"script {url}" for url in scripts] + [f"asked {url}" for url in self.asked]

    def _note_request(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:", "about:")):
            self.asked.append(url)


# What none of our pages holds; what its data for search engines says must be JSON (SEC-023).
LOOK = """
(page, where) => {
  const bad = [];
  for (const node of page.querySelectorAll("img,object,embed,applet,base,template,math,video," +
      "audio,marquee,style,frame,iframe,input[type=password],meta[http-equiv]"))
    bad.push(`${where}: element ${node.outerHTML.slice(0, 80)}`);
  for (const node of page.querySelectorAll("script")) {
    if (node.type === "application/ld+json") JSON.parse(node.textContent);
    else if (!node.getAttribute("src")?.startsWith("/static/"))
      bad.push(`${where}: script ${node.outerHTML.slice(0, 80)}`);
  }
  for (const node of page.querySelectorAll("form"))
    if (!/^[/](search|boards[/].*|account[/].*)$/.test(node.getAttribute("action")))
      bad.push(`${where}: form ${node.outerHTML.slice(0, 80)}`);
  for (const node of page.querySelectorAll("*"))
    for (const {name, value} of node.attributes)
      if (/^(on|style$|srcdoc$|formaction$)/.test(name) || /^[\\s\\x00-\\x20]*(javascript|data|vbscript):/i
          .test(name === "href" ? value : ""))
        bad.push(`${where}: ${node.localName} ${name}`);
  return bad;
}
"""
PAGE = f"() => ({LOOK})(document, location.pathname)"
READ_MANY = """
async (addresses) => {
  const look = LOOK, bad = [], waiting = [...addresses];
  const work = async () => {
    for (let address; (address = waiting.shift()); ) {
      const answer = await fetch(address);
      if (!answer.ok) bad.push(`${address}: ${answer.status}`);
      bad.push(...look(new DOMParser().parseFromString(await answer.text(), "text/html"), address));
    }
  };
  await Promise.all([work(), work(), work()]);
  return bad;
}
"""


def test_sec_018_posts_names_and_titles_on_the_pages_of_a_forum(pages: Pages) -> None:
    """SEC-007, SEC-018, SEC-023: threads, their lists, members, boards, what is new."""
    count = len([text for text in words() if text.strip()])
    threads = (count + POSTS_A_THREAD - 1) // POSTS_A_THREAD
    pages.page.goto(pages.url)
    lists = [
        str(pages.page.get_by_role("link", name=name, exact=True).first.get_attribute("href"))
        for name in ("Region", "Harbour")
    ]
    one = ["/", "/members", "/whats-new", *lists]
    assert [(at, faults) for at in one if (faults := pages.faults(at))] == []
    # The first two threads are the cast's own.
    many = [
        f"/threads/{number}{part}" for number in range(3, threads + 3) for part in ("", "/page-2")
    ]
    listed = [f"{board}?page={page}" for board in lists for page in range(2, count // 40 + 2)]
    assert [(at, faults) for at in many[::3] if (faults := pages.faults(at))] == []
    assert pages.faults_of_read([*many, *listed]) == []


def test_sec_018_every_payload_in_the_search_field(pages: Pages) -> None:
    """SEC-018: what is sought is shown in the field, in the title and beside the results."""
    queries = [text[:100] for text in words() if text.strip()]
    if "NIGHTLY" not in os.environ:
        queries = queries[::SOUGHT_BY_DAY]
    addresses = [f"/search?{urllib.parse.urlencode({'q': text})}" for text in queries]
    live = addresses[:: max(len(addresses) // LIVE, 1)]
    assert [(at, faults) for at in live if (faults := pages.faults(at))] == []
    assert pages.faults_of_read(addresses) == []
