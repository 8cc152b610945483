"""The forum as a web server sees it, kept pages and all, within a test's transaction."""

from __future__ import annotations

import io

from django.core.wsgi import get_wsgi_application

from rostra.web.kept_pages import KeptPages


class Door:
    """The forum as a web server sees it; counts how often Django is entered."""

    def __init__(self, capacity=2**22):
        self.entered = 0
        django = get_wsgi_application()

        def count(environ, start_response):
            self.entered += 1
            return django(environ, start_response)

        self.pages = KeptPages(count, capacity)

    def get(self, path, method="GET", **headers):
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "localhost:8000",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        answer = Answer()
        answer.body = b"".join(self.pages(environ, answer.start))
        return answer


class Answer:
    def start(self, status, headers, *exc_info):
        self.status = int(status.split()[0])
        self.headers = {name.lower(): value for name, value in headers}
