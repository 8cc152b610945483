"""What waits, what is watched and what was cleaned up, for a forum that is written out."""

from rostra.forum.cleaning.actions import Wishes, clean_member
from rostra.forum.holds.actions import let_wait
from rostra.forum.members.actions import create_member
from rostra.forum.threads.actions.posts import edit_post, post_reply
from rostra.forum.threads.actions.threads import start_thread
from rostra.forum.words.actions import watch_words

WHY = "Set up to be written out and restored."


def have_things_wait(cast) -> None:
    """A reply, a thread and an edit wait; words are covered and lead elsewhere; one was cleaned."""
    mod, hill = cast.view(cast.mod), cast.view(cast.hill)
    watch_words(mod, ["toll"], "hold", reason=WHY)
    watch_words(mod, ["damn"], "censor", reason=WHY)
    watch_words(mod, ["tides"], "link", link="https://tides.example/?a=1&b=2", reason=WHY)
    post = post_reply(hill, cast.barrier.pk, "Damn these tides & *tides*.")
    edit_post(hill, post.pk, "The toll.")
    post_reply(hill, cast.barrier.pk, "About the toll.")
    start_thread(hill, cast.harbour.pk, "A toll", "Words.")
    let_wait(mod, "threads", cast.region.pk, reason=WHY)
    spammer = create_member("Vendor")
    post_reply(cast.view(spammer), cast.barrier.pk, "Buy watches.")
    clean_member(mod, spammer.pk, Wishes("R5", WHY))
