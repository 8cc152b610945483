"""Reporting posts, threads, members and messages."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from rostra.forum.access.queries import ranks
from rostra.forum.access.viewer import Viewer
from rostra.forum.cases import rules
from rostra.forum.cases.events import ItemReported
from rostra.forum.cases.models import Case, Hiding, Report, Step
from rostra.forum.cases.queries import guests_may_report
from rostra.forum.claims.queries import claim_for
from rostra.forum.conversations.actions.reporting import report_message as show_message
from rostra.forum.conversations.queries import message_for
from rostra.forum.conversations.rules import may_report as may_report_message
from rostra.forum.members.queries import card_of, profile_of
from rostra.forum.members.turns import take_turn
from rostra.forum.modlog.rulebook import find_in_force
from rostra.forum.notes.queries import note_for
from rostra.forum.threads.actions.posts import hide_post
from rostra.forum.threads.actions.threads import pause_thread
from rostra.forum.threads.composing import standing_for, written
from rostra.forum.threads.queries import thread_for
from rostra.kernel import clock
from rostra.kernel.errors import Gathered, Invalid, NotFound, Refused, TooMany
from rostra.kernel.events import emit

HIDDEN_BY_REPORTS = "Hidden by reports of several members until a moderator has looked at it."


class Item(NamedTuple):
    """What is to be reported, as it stands now."""

    kind: str
    target_id: int
    subject_id: int | None
    thread_id: int | None
    board_id: int | None
    title: str
    source: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.title}\n{self.source}".encode()).hexdigest()


def item_for(viewer: Viewer, kind: str, target_id: int) -> Item:
    """Return what the viewer would report; raises NotFound for what they may not see (SEC-049)."""
    match kind:
        case "post":
            post = written(viewer, target_id)
            if post.state != "visible":
                raise NotFound
            return Item(
                kind, target_id, post.author_id, post.thread_id, post.board_id, post.thread_title,
                post.source,
            )  # fmt: skip
        case "thread":
            thread = thread_for(viewer, target_id)
            return Item(
                kind, target_id, thread.starter_id, target_id, thread.board_id, thread.title, ""
            )
        case "claim":
            claim = claim_for(viewer, target_id)
            place = claim.thread_id, claim.thread.board_id
            return Item(kind, target_id, claim.maker_id, *place, claim.text, claim.quote)
        case "note":
            page = note_for(viewer, target_id)
            # Who wrote it is told nobody, those who decide neither.
            place = page.thread_id, page.board_id
            return Item(kind, target_id, None, *place, page.thread_title, page.note.text)
        case "member":
            card = card_of(target_id)
            words = profile_of(target_id)
            about = f"{words.about}\n{words.signature}".strip()
            return Item(kind, target_id, target_id, None, None, card.name, about)
        case "message":
            message = message_for(viewer, target_id)
            may_report_message(viewer, message).enforce()
            # Its words are shown live, with those around it: what was reported cannot be changed.
            return Item(kind, target_id, message.author_id, None, None, "", "")
    raise NotFound


@transaction.atomic
def report_item(viewer: Viewer, kind: str, target_id: int, *, rule: str, line: str) -> str:
    """Report something under a rule; return a guest's receipt, "" for a member.

    The item's case is opened, or opened again where there is reason to look anew. Raises Invalid,
    Refused, TooMany. Emits ItemReported.
    """
    gathered = Gathered()
    with gathered:
        line = rules.check_line(line)
    if find_in_force(rule) is None:
        gathered.wrong["rule"] = "rule_missing" if not rule else "no_such_rule"
    gathered.enforce()
    item = item_for(viewer, kind, target_id)
    guests_may = guests_may_report() and kind != "message"
    rules.may_report(viewer, item.subject_id, guests_may=guests_may).enforce()
    if viewer.member_id is not None:
        take_turn(viewer.member_id)
        _may_report_today(viewer.member_id)
    case = _case_of(item, rule)
    mine = Report.objects.filter(case=case, reporter_id=viewer.member_id, outcome="")
    if viewer.member_id is not None and mine.exists():
        raise Refused("reported_before")
    if kind == "message":
        show_message(viewer, target_id, line)
    report = Report.objects.create(
        case=case,
        reporter_id=viewer.member_id,
        rule=rule,
        line=line,
        at=clock.now(),
        weight=_weight(viewer),
        key=secrets.token_hex(16) if viewer.member_id is None else "",
    )
    if kind == "post":
        _hide_where_enough(case, item)
        _pause_where_heated(item)
    emit(ItemReported(case_id=case.pk))
    return report.key


def _case_of(item: Item, rule: str) -> Case:
    """Return the one case of an item, locked and open; raises Refused for what was decided."""
    found = {"kind": item.kind, "target_id": item.target_id}
    now = clock.now()
    Case.objects.bulk_create(
        [
            Case(
                **found, thread_id=item.thread_id, subject_id=item.subject_id, opened_at=now,
                rule=rule, title=item.title[:400], source=item.source, digest=item.digest,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    case = Case.objects.select_for_update(of=("self",)).get(**found)
    if case.state in rules.WAITING:
        return case
    before = set(Report.objects.filter(case=case).values_list("rule", flat=True)) | {case.rule}
    if not rules.reopens(case.digest, item.digest, before, rule):
        raise Refused("reported_and_decided")
    case.state, case.opened_at, case.rule = Case.State.OPEN, now, rule
    case.title, case.source, case.digest = item.title[:400], item.source, item.digest
    case.claimed_by = case.claimed_at = None
    case.version += 1
    case.save()
    Step.objects.create(case=case, kind=Step.Kind.REOPENED, at=now)
    return case


def _may_report_today(member_id: int) -> None:
    since = clock.now() - rules.DAY
    latest = Report.objects.filter(reporter_id=member_id, at__gt=since).order_by("-id")
    times = list(latest.values_list("at", flat=True)[: rules.REPORTS_A_DAY])
    if len(times) >= rules.REPORTS_A_DAY:
        again = times[-1] + rules.DAY - clock.now()
        raise TooMany(max(1, int(again.total_seconds())), "reports_a_day")


def _weight(viewer: Viewer) -> int:
    if viewer.member_id is None:
        return 0
    mine = Report.objects.filter(reporter_id=viewer.member_id).order_by("-id")
    known = list(mine.exclude(outcome="").values_list("outcome", flat=True)[:100])
    acted = known.count(Report.Outcome.ACTED)
    return rules.weight_of(standing_for(viewer.member_id).rung, acted, len(known) - acted)


def _hide_where_enough(case: Case, item: Item) -> None:
    """Hide a post that enough members have reported; the entry names the rule most of them did."""
    waiting = list(Report.objects.filter(case=case, outcome="").exclude(reporter=None))
    if sum(report.weight for report in waiting) < rules.HIDES_AT:
        return
    since = clock.now() - rules.DAY
    people = {one.reporter_id: one for one in waiting if one.reporter_id is not None}
    shares = list(
        Hiding.objects.filter(member_id__in=list(people), at__gt=since).values_list(
            "member_id", flat=True
        )
    )
    votes = [
        rules.Vote(member_id, report.weight, shares.count(member_id))
        for member_id, report in people.items()
    ]
    subject = item.subject_id
    is_of_staff = subject is not None and ranks([subject])[subject] > 0
    if not rules.hides(votes, is_of_staff=is_of_staff):
        return
    named = [report.rule for report in waiting]
    rule = rules.most_named({code: named.count(code) for code in named})
    try:
        log_n = hide_post(item.target_id, HIDDEN_BY_REPORTS, rule=rule)
    except (Refused, Invalid):
        return  # it does not stand any more, or the rule was taken back
    Hiding.objects.bulk_create(
        Hiding(report=report, member_id=member_id, at=clock.now())
        for member_id, report in people.items()
    )
    Step.objects.create(case=case, kind=Step.Kind.HIDDEN, text=str(log_n), at=clock.now())


def _pause_where_heated(item: Item) -> None:
    """Pause a thread in which many report at once; the entry names the rule most of them did."""
    if settings.ROSTRA.cooling != "on" or item.thread_id is None:
        return
    waiting = Report.objects.filter(
        case__thread_id=item.thread_id, case__kind="post", outcome="", weight__gt=0,
        at__gt=clock.now() - rules.HEATED_WITHIN,
    ).exclude(reporter=None)  # fmt: skip
    found = waiting.values_list("reporter_id", "weight", "case__subject_id", "rule")
    weights: dict[int, int] = {}
    for member_id, weight, _, _ in found:
        weights[member_id] = max(weight, weights.get(member_id, 0))
    authors = {author_id for _, _, author_id, _ in found if author_id is not None}
    if not rules.is_heated(weights, authors - weights.keys()):
        return
    rule = rules.most_named(Counter(rule for *_, rule in found))
    pause_thread(item.thread_id, rule=rule if find_in_force(rule) else "")
