"""What members are told of acts of moderation that are about them, and of their archives.

All of it is harmless twice.
"""

from __future__ import annotations

from rostra.effects.notifications import actions
from rostra.effects.notifications.rules import Notice, Telling, group_of_notice
from rostra.forum.appeals.events import AppealDecided
from rostra.forum.cases.events import CaseDecided
from rostra.forum.cases.queries import reporters_of
from rostra.forum.holds.events import HoldDecided
from rostra.forum.modlog.events import StatementMade
from rostra.forum.takeout.events import TakeoutReady
from rostra.kernel.events import after


@after(StatementMade)
def tell_of_statement(happened: StatementMade) -> None:
    """Tell a member that an act restricts them; who did it is not told."""
    tell_of_notice(happened.member_id, "statement", happened.log_n)


@after(CaseDecided)
def tell_who_reported(happened: CaseDecided) -> None:
    """Tell members that what they reported was decided; what came of it they read there."""
    for report_id, member_id in reporters_of(happened.case_id):
        tell_of_notice(member_id, "report", report_id)


@after(AppealDecided)
def tell_who_appealed(happened: AppealDecided) -> None:
    """Tell a member what came of their appeal."""
    tell_of_notice(happened.member_id, "appeal", happened.log_n)


@after(HoldDecided)
def tell_who_waited(happened: HoldDecided) -> None:
    """Tell an author what came of what waited; of a rejection its statement tells."""
    if happened.outcome in ("approved", "returned") and happened.member_id:
        tell_of_notice(happened.member_id, "held", happened.hold_id)


@after(TakeoutReady)
def tell_who_takes_along(happened: TakeoutReady) -> None:
    """Tell a member that the archive they asked for can be fetched."""
    tell_of_notice(happened.member_id, "takeout", happened.takeout_id)


def tell_of_notice(member_id: int, about: Notice, number: int) -> None:
    """Tell a member once of something that was decided about what is theirs."""
    group = group_of_notice(about, number)
    one = Telling(member_id, "notice", key=group, group=group, post_id=None, actor_id=None)
    actions.tell([one])
