"""Replies acknowledged a second: python -m bench.posting [--seconds S] [--writers N].

A new forum of 3,000 members in standing and forty threads, the job worker beside the writers, all
of them on one core. Each reply is its member's by a session, quotes, mentions and links, comes by
a form with its key, and is counted against its member's limits. The clock runs until the last reply
can be found in search.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.operator import Forum

CORE = {0}
MEMBERS, THREADS = 3000, 40
FILL = f"""
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from rostra.forum.access.actions import set_access
from rostra.forum.access.presets import table
from rostra.forum.access.queries import viewer_for
from rostra.forum.boards.actions import create_board
from rostra.forum.members.groups import ensure_groups
from rostra.forum.members.models import Member
from rostra.forum.members.names import name_key
from rostra.forum.members.queries import account_for
from rostra.forum.members.sessions import SessionStore
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.models import MemberStats
from rostra.kernel import clock
groups = ensure_groups()
long_ago = clock.now() - timedelta(days=400)
letters = "abdefghkpqstuxyz"  # none looks like another, or like two
names = ["Writer " + "".join(letters[n // 16**k % 16] for k in range(3)) for n in range({MEMBERS})]
Member.objects.bulk_create(
    Member(name=name, name_key=name_key(name), joined_at=long_ago, password="!") for name in names
)
people = list(Member.objects.order_by("id"))
MemberStats.objects.bulk_create(MemberStats(member=one, post_count=50) for one in people)
rows = table("public", everyone=groups.everyone, members=groups.members, staff=groups.staff)
boards = [create_board(f"Board {{n}}") for n in range(4)]
for board in boards:
    set_access(None, board.pk, rows, reason="Open to all for the measuring.")
for one in people:
    session = SessionStore()
    session[SESSION_KEY] = str(one.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = one.get_session_auth_hash()
    session._session_key = f"{{one.pk:032d}}"
    session.save(must_create=True)
for n in range({THREADS}):
    view = viewer_for(account_for(people[-1 - n].pk))
    start_thread(view, boards[n % 4].pk, f"Thread {{n}}", "Where it is measured.")
"""
WRITE = """
import sys, time
from rostra.forum.access.queries import viewer_for
from rostra.forum.members.models import Member
from rostra.forum.members.queries import account_of
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post, Thread
from rostra.forum.threads.submissions import Sent, fresh_key
me, writers, until = {me}, {writers}, {until}
people = list(Member.objects.order_by("id").values_list("id", "name"))[me::writers]
threads = list(Thread.objects.values_list("id", flat=True))
first = Post.objects.order_by("id").values_list("id", flat=True)[0]
took = []
for n, (member, name) in enumerate(people):
    begun = time.monotonic()
    if begun > until:
        break
    source = (
        f'[quote="A writer, post: {{first}}"]Where it is measured.[/quote]\\n\\n@{{name}}, that is '
        f'reply **{{n}}** of {{me}}; see https://example.org/{{n}} and the words of before.'
    )
    view = viewer_for(account_of(f"{{member:032d}}"))
    post_reply(view, threads[n % len(threads)], source, sent=Sent(fresh_key()))
    took.append(time.monotonic() - begun)
ended = time.monotonic()
took.sort()
print(len(took), took[len(took) // 2], took[int(len(took) * 0.99)], ended)
"""
INDEXED = """
import time
from rostra.kernel import clock
from rostra.kernel.models import Job
while Job.objects.filter(done_at=None, is_dead=False, run_at__lte=clock.now()).exists():
    time.sleep(0.05)
print(time.monotonic())
"""


def main() -> None:
    """Measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--writers", type=int, default=2)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rostra-bench-") as folder:
        forum = Forum(Path(folder) / "var", ROSTRA_LOG_LEVEL="error")
        _say(forum, FILL)
        os.sched_setaffinity(0, CORE)  # for all that is started from here on
        worker = forum.start("work")
        begun = time.monotonic() + 6  # by then all have loaded
        writers = [
            _shell(
                forum,
                f"import time\ntime.sleep(max(0, {begun} - time.monotonic()))"
                + WRITE.format(me=me, writers=args.writers, until=begun + args.seconds),
            )
            for me in range(args.writers)
        ]
        said = [writer.communicate()[0].split() for writer in writers]
        written = max(float(words[3]) for words in said)  # ending a process is no posting
        found = float(_say(forum, INDEXED))
        worker.terminate()
        worker.communicate()
    posts = sum(int(words[0]) for words in said)
    middle, slow = (max(float(words[at]) for words in said) * 1000 for at in (1, 2))
    print(
        f"{posts} replies in {written - begun:.1f} s by {args.writers} writers on one core: "
        f"{posts / (written - begun):.0f}/s acknowledged, {posts / (found - begun):.0f}/s until "
        f"the last was found; p50 {middle:.0f} ms, p99 {slow:.0f} ms"
    )


def _shell(forum: Forum, code: str) -> subprocess.Popen[str]:
    return forum.start("manage", "shell", "-v0", "-c", code)


def _say(forum: Forum, code: str) -> str:
    process = _shell(forum, code)
    out, err = process.communicate()
    if process.returncode:
        sys.exit(err)
    return out.strip()


if __name__ == "__main__":
    main()
