"""Slow bodies take half of the threads at most."""

import threading

from rostra.web.bodies import with_room_for_readers


def test_readers_get_through_while_bodies_wait():
    inside, go = threading.Semaphore(0), threading.Event()

    def application(environ, start_response):
        if environ.get("CONTENT_LENGTH", "0") != "0":
            inside.release()
            go.wait(10)
        start_response("200 OK", [])
        return [b"done"]

    answers: list[str] = []
    gated = with_room_for_readers(application, threads=4)

    def ask(environ):
        gated(environ, lambda status, headers: answers.append(status))

    slow = [threading.Thread(target=ask, args=({"CONTENT_LENGTH": "5"},)) for _ in range(2)]
    for thread in slow:
        thread.start()
    for _ in slow:
        assert inside.acquire(timeout=10)
    ask({"CONTENT_LENGTH": "5"})
    ask({"HTTP_TRANSFER_ENCODING": "chunked"})
    ask({"CONTENT_LENGTH": "0"})
    ask({})
    assert answers == ["503 Service Unavailable"] * 2 + ["200 OK"] * 2
    go.set()
    for thread in slow:
        thread.join()
    ask({"CONTENT_LENGTH": "5"})
    assert answers[4:] == ["200 OK"] * 3
