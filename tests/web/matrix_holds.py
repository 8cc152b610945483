"""What waits for approval, in the table of who may see what."""

from __future__ import annotations

from rostra.forum.holds.actions import Place, hold
from rostra.forum.holds.models import Hold
from rostra.forum.holds.rules import Reason
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.threads.models import Post, Thread
from rostra.forum.words.actions import watch_words
from tests.cast import WHY
from tests.web.matrix_acts import of_acts
from tests.web.matrix_claims import of_claims

OWN = frozenset({"mod", "admin", "author"})


def let_things_wait(matrix, author, mod, boards: dict[str, int], home: Thread) -> Thread:
    """What waits is known to its author and to who may approve it; return where a reply does."""
    watch_words(mod, ["waitingfor"], "hold", reason=WHY)
    reply = post_reply(author, home.pk, "heldreplywords of one, waitingfor")
    matrix.add("heldreplywords", OWN, f"/posts/{reply.pk}/waiting")
    for name in ("region", "club"):
        title = f"held{name}title waitingfor"
        thread = start_thread(author, boards[name], title, f"held{name}words of one")
        who = OWN | ({"other_mod"} if name == "region" else set())
        for word in ("title", "words"):
            matrix.add(f"held{name}{word}", who, f"/posts/{thread.posts.get().pk}/waiting")
    edited = post_reply(author, home.pk, "Nothing held here yet.")
    edit_post(author, edited.pk, "heldeditwords of one, waitingfor")
    matrix.add("heldeditwords", OWN, f"/posts/{edited.pk}/waiting")
    return home


def let_wait(matrix, author, post: Post, state: str) -> None:
    """What let a pending post wait is known to those who approve it alone."""
    if state != "pending":
        return
    at = Place(post.pk, post.thread_id, post.thread.board_id)
    hold("reply", at, author.member_id, [Reason("word", "heldreasonword")])
    matrix.add("heldreasonword", OWN - {"author"}, f"/posts/{post.pk}/waiting")


def further() -> list[str]:
    """Return every address of claims and of acts, and those at which what waits could show."""
    found = [*of_claims(), *of_acts(), "/staff/waiting", "/staff/waiting?reason=word", "/staff/cautions", "/staff/words",
             "/account/waiting"]  # fmt: skip
    found += [f"/account/waiting/{pk}" for pk in Hold.objects.values_list("pk", flat=True)]
    return found
