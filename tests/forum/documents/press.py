"""A publisher of the tests: its pages are served on loopback, under whatever name they like."""

from __future__ import annotations

import dataclasses
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rostra.kernel import jobs

WORDS = "".join(
    f"<p>The gauge at the quay stood at {n} metres, the authority said.</p>" for n in range(40)
)


def article(title="Barrier closed in time", words=WORDS, head="", **said):
    """Return an article as newspapers write them."""
    told = {"datePublished": "2026-11-20T07:10:00Z", "inLanguage": "en", **said}
    fields = "".join(f', "{key}": "{value}"' for key, value in told.items())
    return (
        f'<!doctype html><head>{head}<meta name="description" content="What the gauges say.">'
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        f'"headline": "{title}", "publisher": {{"name": "Harbour Courier"}}{fields}}}'
        f"</script></head><body><article>{words}</article></body>"
    ).encode()


class Press:
    """Serves what it is given by path, and notes what it was asked."""

    def __init__(self):
        self.pages, self.asked = {}, []
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                press.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                page = press.pages.get(self.path, (404, "text/html", b"Gone."))
                if callable(page):
                    page(self)
                    return
                status, kind, body = page
                self.send_response(status)
                self.send_header("Location" if status in (301, 302) else "Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path, host="courier.example"):
        return f"http://{host}:{self.port}{path}"

    def put(self, path, body, *, kind="text/html; charset=utf-8", status=200):
        self.pages[path] = (status, kind, body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def begin(monkeypatch, settings):
    """Return a press whose names lead to loopback, with reading switched on."""
    look_up = socket.getaddrinfo

    def found(host, *words, **more):
        is_ours = str(host).endswith(".example") and not str(host).startswith("nobody")
        return look_up("127.0.0.1" if is_ours else host, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    settings.ROSTRA = dataclasses.replace(
        settings.ROSTRA, fetch_links="on", reach_inside="127.0.0.0/8"
    )
    return Press()


def work():
    """Do all that waits and is due."""
    while jobs.run_due() + jobs.run_aside():
        pass
