"""What moderators do with threads, in the table of who may see what."""

from __future__ import annotations

from rostra.forum.boards.models import Board
from rostra.forum.choices import rules
from rostra.forum.members.models import Group
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.actions.redacting import redact_post
from rostra.forum.threads.actions.splitting import merge_threads, split_thread
from rostra.forum.threads.actions.threads import move_thread, start_thread
from rostra.forum.threads.models import Post, Thread
from tests.web.matrix_claims import claim_from

REASON = "It was not for everybody's eyes."
STAFF = frozenset({"mod", "admin"})


def act_on_threads(matrix, boards: dict[str, int], opened: dict[str, Thread], author, mod) -> None:
    """A post is split off into a closed room, a thread is merged into one, words are redacted."""
    home = start_thread(author, boards["public"], "Left behind", "It opens the thread.")
    split = post_reply(author, home.pk, "movedsplitwords of one")
    redacted = post_reply(author, home.pk, "movedredactedwords of one")
    claim_from(matrix, split, "movedsplit", STAFF)
    new = split_thread(mod, home.pk, [split.pk], "movedsplittitle", reason=REASON)
    move_thread(mod, new.pk, boards["staff"], reason=REASON)
    for word in ("title", "words"):
        matrix.add(f"movedsplit{word}", STAFF, f"/threads/{new.pk}.x")
    merged = start_thread(author, boards["public"], "movedmergedtitle", "movedmergedwords of one")
    merge_threads(mod, merged.pk, opened["staff"].pk, reason=REASON)
    for word in ("title", "words"):
        matrix.add(f"movedmerged{word}", STAFF, f"/threads/{opened['staff'].pk}.x")
    redact_post(mod, redacted.pk, ["movedredactedwords"], reason=REASON)
    matrix.add("movedredactedwords", frozenset(), None)


def of_acts() -> list[str]:
    """Return the addresses of moderators' tools, for everything there is."""
    found = ["/staff/posts", "/staff", "/staff/jobs", "/staff/boards", "/staff/boards/new",
             "/staff/groups", "/staff/groups/new", "/staff/settings", "/staff/settings/logo",
             "/staff/statistics", "/staff/statistics.csv"]  # fmt: skip
    found += [f"/staff/settings/{page}" for page in rules.PAGES]
    for pk in Board.objects.values_list("pk", flat=True):
        found += [f"/staff/boards/{pk}", f"/staff/boards/{pk}/access"]
    found += [f"/staff/groups/{pk}" for pk in Group.objects.values_list("pk", flat=True)]
    for pk in Thread.objects.values_list("pk", flat=True):
        found += [f"/threads/{pk}/tools", f"/threads/{pk}/choose"]
    for pk in Post.objects.exclude(source__startswith="http").values_list("pk", flat=True):
        found += [f"/staff/posts?post={pk}", f"/posts/{pk}/redact"]
    return found
