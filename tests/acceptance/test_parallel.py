"""Many at once: numbers stay dense, counters exact, the log one chain (REL-015, REL-017, REL-059)."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.acceptance.beginnings import CAST, begin
from tests.acceptance.operating import run, start

PROCESSES, EACH = 4, 25

REPLY = """
import sys
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_for
from rostra.forum.access.queries import viewer_for
from rostra.forum.threads.actions.posts import post_reply, remove_post
from rostra.forum.threads.actions.threads import lock_thread, pin_thread
from rostra.forum.threads.models import Thread
from rostra.kernel.errors import Refused
def view(name):
    m = Member.objects.get(name=name)
    return viewer_for(account_for(m.pk))
thread_id = Thread.objects.get(title="Flood barrier").pk
quay, mod = view("Quay"), view("Mod Ferris")
for n in range({each}):
    post = post_reply(quay, thread_id, f"From {me}, number {{n}}")
    if n % 5 == 0:
        remove_post(mod, post.pk, "One in five goes, for the count.")
    try:
        pin_thread(mod, thread_id, pinned=bool(n % 2), reason="Set and set again, in turns.")
    except Refused:
        pass
print("done")
"""
COUNT = """
from rostra.forum.threads.models import Post, Thread
from rostra.forum.modlog.queries import first_fault, head
thread = Thread.objects.get(title="Flood barrier")
numbers = list(Post.objects.filter(thread=thread).order_by("number").values_list("number", flat=True))
print(thread.last_number, numbers == list(range(1, len(numbers) + 1)), thread.reply_count, first_fault())
"""


@pytest.mark.django_db  # marks it for the PostgreSQL run; the forum is one of its own
def test_parallel_replies_removals_and_pins(environ):
    begin(environ, CAST)
    at_work = [start(REPLY.format(each=EACH, me=me), environ) for me in range(PROCESSES)]
    for process in at_work:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        assert out.strip() == "done"
    replies = PROCESSES * EACH
    removed = PROCESSES * EACH // 5
    expected = f"{3 + replies} True {2 + replies - removed} None"
    assert run(COUNT, environ) == expected
    doctor = subprocess.run(
        [sys.executable, "-m", "rostra.project.cli", "doctor"],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert doctor.stdout == "clean\n"
