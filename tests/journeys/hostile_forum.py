"""A forum whose every word is hostile: `python -m tests.journeys.hostile_forum` fills ROSTRA_DATA.

Written past the rules that would refuse most of it, as an import from another forum might bring it.
"""

from __future__ import annotations

import os

from bench.fuzz.pieces import MUTATING
from bench.fuzz.suites import attacks, data_folder, naughty

from rostra.content.markup.references import DIALECTS

BOARDS = 200
POSTS_A_THREAD = 40  # two pages of a guest's


def words() -> list[str]:
    """Return every payload, without what no database holds; only our own without the suites."""
    data = data_folder()
    found = (*MUTATING, *attacks(data), *naughty(data))
    return list(
        dict.fromkeys(text.replace("\0", "").encode(errors="ignore").decode() for text in found)
    )


def fill() -> None:
    """Write boards, members, threads and posts named and worded by the payloads."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from rostra.effects.search.actions import catch_up
    from rostra.forum.boards.models import Board
    from rostra.forum.members.models import Member
    from rostra.forum.threads.models import Post, Thread
    from rostra.forum.threads.rendering import render_for
    from rostra.kernel import clock
    from rostra.transfer.integrity import examine
    from tests.cast import assemble

    cast = assemble()
    texts = [text for text in words() if text.strip()]
    Member.objects.bulk_create(
        Member(name=text[:60], name_key=f"hostile {n}") for n, text in enumerate(texts)
    )
    members = list(Member.objects.filter(name_key__startswith="hostile ").order_by("id"))
    Board.objects.bulk_create(
        Board(title=text[:120], description=text[:500], parent_id=cast.harbour.pk, position=n)
        for n, text in enumerate(texts[:BOARDS])
    )
    now, author = clock.now(), cast.view(cast.quay)
    Thread.objects.bulk_create(
        Thread(board=(cast.harbour, cast.region)[n % 2], title=text[:400], starter=member, created_at=now, bumped_at=now,
               last_post_at=now, last_poster=member)
        for n, (text, member) in enumerate(zip(texts, members, strict=True))
    )  # fmt: skip
    threads = list(Thread.objects.filter(starter__in=members).order_by("id"))
    Post.objects.bulk_create(
        Post(thread=threads[n // POSTS_A_THREAD], number=n % POSTS_A_THREAD + 1, source=text,
             dialect=DIALECTS[n % 4], html=render_for(author, text, DIALECTS[n % 4]).html,
             author=members[n], created_at=now)
        for n, text in enumerate(texts)
    )  # fmt: skip
    examine(repair=True)
    catch_up()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "rostra.project.settings"
    import django

    django.setup()
    fill()
