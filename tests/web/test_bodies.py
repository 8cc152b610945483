"""Bodies: slow ones take half of the threads at most, large and endless ones are refused."""

import threading

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from rostra.web.bodies import in_one_piece, with_room_for_readers


def test_readers_get_through_while_bodies_wait():
    inside, go = threading.Semaphore(0), threading.Event()

    def application(environ, start_response):
        if environ.get("CONTENT_LENGTH", "0") != "0":
            inside.release()
            go.wait(10)
        start_response("200 OK", [])
        return [b"done"]

    answers: list[str] = []
    gated = with_room_for_readers(application, threads=4, largest=100)

    def ask(environ):
        gated(environ, lambda status, headers: answers.append(status))

    slow = [threading.Thread(target=ask, args=({"CONTENT_LENGTH": "5"},)) for _ in range(2)]
    for thread in slow:
        thread.start()
    for _ in slow:
        assert inside.acquire(timeout=10)
    ask({"CONTENT_LENGTH": "5"})
    ask({"CONTENT_LENGTH": "100"})
    ask({"CONTENT_LENGTH": "0"})
    ask({})
    assert answers == ["503 Service Unavailable"] * 2 + ["200 OK"] * 2
    go.set()
    for thread in slow:
        thread.join()
    ask({"CONTENT_LENGTH": "5"})
    assert answers[4:] == ["200 OK"] * 3


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "100"}, "200 OK"),
        ({"CONTENT_LENGTH": "101"}, "413 Content Too Large"),
        ({"CONTENT_LENGTH": "9" * 40}, "413 Content Too Large"),
        ({"CONTENT_LENGTH": "-1"}, "400 Bad Request"),
        ({"CONTENT_LENGTH": "１"}, "400 Bad Request"),
        ({"CONTENT_LENGTH": "1e1"}, "400 Bad Request"),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, "411 Length Required"),
        ({"HTTP_TRANSFER_ENCODING": "identity, chunked"}, "411 Length Required"),
    ],
)
def test_a_body_says_its_length_and_keeps_to_the_limit(environ, status):
    """SEC-105, SEC-108: refused before anything of it is read, in the reader's language."""

    def application(environ, start_response):
        start_response("200 OK", [])
        return [b"done"]

    answers: list[str] = []
    gated = with_room_for_readers(application, threads=4, largest=100)
    body = b"".join(
        gated(
            {**environ, "HTTP_ACCEPT_LANGUAGE": "ar"},
            lambda status, headers: answers.append(status),
        )
    )
    assert answers == [status]
    if status[0] == "4":
        assert b'lang="ar" dir="rtl"' in body


def test_what_is_answered_whole_is_sent_whole():
    """Anything else than a list waits 40 ms for the browser, on a connection used again."""
    closed = []
    whole = HttpResponse(b"A page.")
    whole.close = lambda: closed.append(True)
    assert in_one_piece(lambda environ, start: whole)({}, None) == [b"A page."]
    assert closed == [True]
    stream = StreamingHttpResponse([b"A", b"B"])
    assert in_one_piece(lambda environ, start: stream)({}, None) is stream


def test_every_page_says_its_length(client, db):
    client.defaults["HTTP_HOST"] = "localhost:8000"
    for address in ("/", "/account/login", "/nope"):
        answer = client.get(address)
        assert int(answer.headers["Content-Length"]) == len(answer.content)
