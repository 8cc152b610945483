"""Replies at a steady pace: python -m bench.writes FOLDER A_SECOND [BUT_THREAD …].

Posts into threads of the forum in FOLDER, going round the boards, but never into the threads named,
until it is ended; `bench.speed --writes` runs it beside its measuring. The first line is printed
after the first reply; what falls behind is not made up for.
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

from bench.speed import set_up

SOURCE = "A reply while others read.\n\nIt says *nothing* new, and is number {number}."
THREADS_A_BOARD = 20


def main() -> None:
    """Post until ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("a_second", type=float)
    parser.add_argument("but", type=int, nargs="*")
    args = parser.parse_args()
    set_up(args.folder)
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.members.queries import account_for
    from rostra.forum.threads.actions.posts import post_reply

    author = viewer_for(account_for(_author(), as_operator=True))
    due = time.monotonic()
    for number, thread in enumerate(itertools.cycle(_threads(args.but))):
        post_reply(author, thread, SOURCE.format(number=number))
        if number == 0:
            print("posting", flush=True)
        due = max(due + 1 / args.a_second, time.monotonic())
        time.sleep(max(0, due - time.monotonic()))


def _author() -> int:
    """Return the first member: the administrator of a forum of `bench.forum`, whom no limit holds.

    Another than the member who reads while it is measured.
    """
    from rostra.forum.members.models import Member

    found: int = Member.objects.order_by("id").values_list("id", flat=True)[0]
    return found


def _threads(but: list[int]) -> list[int]:
    """Return threads of every board, taking turns."""
    from rostra.forum.boards.models import Board
    from rostra.forum.threads.models import Thread

    by_board = []
    for board in Board.objects.filter(is_category=False).order_by("id"):
        threads = Thread.objects.filter(board=board).exclude(pk__in=but).order_by("id")
        by_board.append(list(threads.values_list("id", flat=True)[:THREADS_A_BOARD]))
    rounds = itertools.zip_longest(*by_board)
    return [thread for turn in rounds for thread in turn if thread is not None]


if __name__ == "__main__":
    main()
