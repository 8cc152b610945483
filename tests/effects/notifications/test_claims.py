"""Who is told that a claim has another status."""

from __future__ import annotations

from rostra.effects.notifications.models import Notification
from rostra.forum.claims.actions.making import make_claim, merge_claims
from rostra.forum.claims.actions.watching import watch_claim
from rostra.forum.claims.models import Watch
from rostra.forum.threads.actions.marks import watch_thread
from rostra.forum.threads.actions.posts import post_reply
from rostra.forum.threads.models import Post, Thread
from rostra.kernel import jobs
from tests.forum.claims.people import raise_to, says, someone


def told():
    while jobs.run_due():
        continue
    found = Notification.objects.filter(group__startswith="claim:")
    return sorted(found.values_list("member__name", flat=True))


def test_who_made_cited_or_watches_a_claim_is_told_once_a_change(cast):
    """Not who made the change, not for what changes no status, not who muted the thread."""
    for member in (cast.quay, cast.hill):
        raise_to(member)
    watcher, muted, bystander = (someone(f"{one} of claims") for one in ("Watcher", "Mute", "None"))
    watch_thread(cast.view(watcher), cast.barrier.pk, "watch")
    opening = Post.objects.get(thread=cast.barrier, number=1)
    while jobs.run_due():
        continue
    claim = make_claim(cast.view(cast.quay), opening.pk, "The barrier was closed.")
    says(cast.view(cast.hill), claim, "asserts", "A wire", "wire")
    assert told() == ["Quay", "Watcher of claims"]
    says(cast.view(muted), claim, "relays", "A paper", "paper")
    watch_thread(cast.view(muted), cast.barrier.pk, "mute")
    assert told() == ["Quay", "Watcher of claims"]
    says(cast.view(bystander), claim, "denies", "A gauge", "gauge")
    assert told() == ["Hill", "Quay", "Quay", "Watcher of claims", "Watcher of claims"]


def test_who_watches_a_claim_alone_is_told_of_its_status(cast):
    """As long as they may read it, and not of its thread's posts; the watch goes along a merge."""
    for member in (cast.quay, cast.hill):
        raise_to(member)
    watcher, idle = someone("Watcher of one"), someone("Idle")
    opening = Post.objects.get(thread=cast.barrier, number=1)
    claim = make_claim(cast.view(cast.quay), opening.pk, "The barrier was closed.")
    watch_claim(cast.view(watcher), claim.pk, "watch")
    watch_claim(cast.view(watcher), claim.pk, "watch")  # twice is once
    watch_claim(cast.view(idle), claim.pk, "watch")
    watch_claim(cast.view(idle), claim.pk, "")
    says(cast.view(cast.hill), claim, "asserts", "A wire", "wire")
    assert told() == ["Quay", "Watcher of one"]
    post_reply(cast.view(cast.quay), cast.barrier.pk, "More of it.")
    while jobs.run_due():
        continue
    assert not Notification.objects.filter(member=watcher, group__startswith="thread").exists()
    into = make_claim(cast.view(cast.quay), opening.pk, "The barrier was shut that night.")
    merge_claims(cast.view(cast.mod), claim.pk, into.pk, reason="Both say one and the same thing.")
    assert Watch.objects.filter(claim=into, member=watcher).count() == 1
    says(cast.view(cast.hill), into, "denies", "A gauge", "gauge")
    assert told().count("Watcher of one") >= 2
    assert "Idle" not in told()


def test_who_may_not_read_a_claim_any_more_is_not_told(cast):
    """SEC-051: watching is no right."""
    watcher = someone("Watcher in staff")
    opening = Post.objects.get(thread=cast.barrier, number=1)
    claim = make_claim(cast.view(cast.mod), opening.pk, "The barrier was closed.")
    watch_claim(cast.view(watcher), claim.pk, "watch")
    Thread.objects.filter(pk=cast.barrier.pk).update(board_id=cast.staff_room.pk)
    says(cast.view(cast.mod), claim, "asserts", "A wire", "wire")
    assert "Watcher in staff" not in told()


def test_the_line_leads_to_the_claim(client, cast, settings):
    raise_to(cast.quay)
    raise_to(cast.hill)
    opening = Post.objects.get(thread=cast.barrier, number=1)
    claim = make_claim(cast.view(cast.quay), opening.pk, "The barrier was closed.")
    says(cast.view(cast.hill), claim, "asserts", "A wire", "wire")
    assert "Quay" in told()
    client.defaults["HTTP_HOST"] = "localhost:8000"
    client.force_login(cast.quay, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert (
        "A claim of <bdi>Flood barrier</bdi> has another status"
        in client.get("/notifications").text
    )
    [row] = Notification.objects.filter(member=cast.quay, group__startswith="claim:")
    answer = client.get(f"/notifications/{row.pk}")
    assert answer.headers["Location"] == f"/claims/{claim.pk}"
