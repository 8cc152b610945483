"""REL-055: the index of words lost, broken, behind; what is hidden is gone at once."""

from __future__ import annotations

from typing import Any

from bench.faults.place import WHY, Drill, Failed, in_child


def run(drill: Drill) -> dict[str, Any]:
    """Harm the index in each way; search, hide, and rebuild it while the forum goes on."""
    ids = drill.set_up()
    told = []
    for number in range(drill.rounds):
        for how in ("emptied", "table gone", "data broken", "entries lost", "behind"):
            found = in_child(
                _one, drill.database, ids, how, f"canary{number}{how.replace(' ', '')}"
            )
            if found:
                raise Failed(f"{how}: {found}")
            told.append(how)
    return {"harmed": len(told), "hidden_shown": 0, "rebuilt": len(told)}


def _one(database: str, ids: dict[str, int], how: str, word: str) -> str:  # noqa: C901
    from django.db import connection

    from rostra.effects.search import actions, queries
    from rostra.effects.search.models import Entry, Span
    from rostra.forum.access.queries import viewer_for
    from rostra.forum.members.queries import account_for
    from rostra.forum.threads.actions.posts import post_reply, remove_post
    from rostra.kernel.jobs import run_due
    from rostra.transfer.integrity import examine

    quay, mod = (viewer_for(account_for(ids[name], as_operator=True)) for name in ("quay", "mod"))
    guest = viewer_for(None)
    kept = post_reply(quay, ids["barrier"], f"Kept {word} here").pk
    hidden = post_reply(quay, ids["barrier"], f"Hidden {word} there").pk
    if how != "behind":
        while run_due():
            pass
    with connection.cursor() as cursor:
        if how == "emptied":
            Entry.objects.all().delete()
            Span.objects.all().delete()
            cursor.execute("DELETE FROM search_words")
        elif how == "table gone":
            cursor.execute("DROP TABLE search_words")
        elif how == "data broken" and database == "sqlite":
            cursor.execute("UPDATE search_words_data SET block = x'00ff00ff00ff' WHERE id > 1")
        elif how in ("entries lost", "data broken"):
            Entry.objects.filter(post_id=kept).delete()
    remove_post(mod, hidden, WHY)  # nobody tells the index
    shown = _found(queries, guest, word)
    if hidden in shown:
        return "a removed post is still found"
    if how not in ("behind",) and not [f for f in examine() if f.check == "search index"]:
        return "doctor does not tell"
    actions.reindex(restart=how not in ("behind", "entries lost"))
    while run_due():
        pass
    if _found(queries, guest, word) != {kept}:
        return f"after rebuilding: {_found(queries, guest, word)}, not {kept}"
    left = [str(finding) for finding in examine()]
    return "; ".join(left)


def _found(queries: Any, viewer: Any, word: str) -> set[int]:
    from rostra.effects.search.parse import parse

    try:
        return {hit.post.id for hit in queries.search(viewer, parse(word), queries.Scope()).hits}
    except queries.Unavailable:
        return set()  # said so on the page
