"""How each act that can be appealed against is taken back, and what is known of that beforehand.

Every kind in `modlog.rules.RESTRICTIONS` has its way here; a test says so. Each is the ordinary
act of its room, in the transaction of the decision, with an entry that names the one it undoes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rostra.forum.access import undoing as accounts
from rostra.forum.access.viewer import Viewer
from rostra.forum.claims.actions.reverting import claim_outlook, undo_claim_act
from rostra.forum.cleaning.actions import undo_cleaning
from rostra.forum.modlog import queries as log
from rostra.forum.modlog.queries import LogRow
from rostra.forum.modlog.rulebook import find_in_force
from rostra.forum.modlog.rules import ALL_COMES_BACK, Outlook
from rostra.forum.modlog.statements import StatementRow
from rostra.forum.notes.actions.writing import restore_note
from rostra.forum.polls import undoing as polls
from rostra.forum.sanctions.actions.easing import undo_sanction
from rostra.forum.threads.actions import undoing as threads
from rostra.forum.threads.actions.approving import show_rejected
from rostra.forum.threads.actions.logging import Why
from rostra.forum.threads.actions.posts import restore_post
from rostra.forum.threads.actions.removing import restore_thread
from rostra.forum.threads.actions.splitting import rejoin, unmerge
from rostra.forum.threads.actions.threads import lock_thread, move_thread
from rostra.forum.uploads import undoing as uploads
from rostra.kernel.errors import Invalid, NotFound, Refused

type Undo = Callable[[Viewer, StatementRow, str, Why], object]
type Look = Callable[[Viewer, StatementRow], Outlook]

# Somebody took it back already, without naming the act.
_LIES_SO_ALREADY = (
    "not_removed", "not_locked", "already_there", "nothing_to_bring_back", "not_merged",
    "not_closed", "sanction_is_over",
)  # fmt: skip

# Why some cannot be undone by anybody.
_WHOEVER_DECIDES = ("not_kept", "name_taken_since", "group_gone", "poll_changed_since",
                    "poll_voted_since", "words_changed_since", "claim_there_already")  # fmt: skip


class Way(NamedTuple):
    """How a kind of act is undone, and what tells beforehand what that comes to."""

    undo: Undo
    look: Look = lambda viewer, stated: ALL_COMES_BACK


def outlook_of(viewer: Viewer, stated: StatementRow) -> Outlook:
    """Return what the viewer would come to, were they to overturn an act. Few queries."""
    return WAYS[stated.entry.kind].look(viewer, stated)


def beforehand(viewer: Viewer, stated: StatementRow) -> str:
    """Return what no appeal could bring back, for the member whom an act restricts; "": nothing.

    Not what depends on who decides.
    """
    outlook = outlook_of(viewer, stated)
    return outlook.left or (outlook.refused if outlook.refused in _WHOEVER_DECIDES else "")


def undo(viewer: Viewer, stated: StatementRow, reason: str) -> int | None:
    """Undo an act; return the entry that did, None where nothing was left to undo.

    Inside the caller's transaction. Raises Refused where it cannot be undone.
    """
    act = stated.entry
    why = Why(rule=rule_in_force(act), reverts=act.n)
    try:
        WAYS[act.kind].undo(viewer, stated, reason, why)
    except Refused as refused:
        if refused.reason not in _LIES_SO_ALREADY:
            raise
    except (Invalid, NotFound):
        raise Refused("changed_since") from None  # what it was about is gone, or may not be so
    return log.taken_back([act.n]).get(act.n)


def rule_in_force(act: LogRow) -> str:
    """Return the rule of an act, if it still holds: an entry cites only what holds that day."""
    return act.rule[0] if act.rule is not None and find_in_force(act.rule[0]) else ""


def _restored(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    restore_post(viewer, stated.entry.post_id or 0, reason, why=why)


def _shown(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    show_rejected(viewer, stated.entry.post_id or 0, reason, why=why)


def _thread_restored(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    restore_thread(viewer, stated.entry.thread_id or 0, reason, why=why)


def _opened(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    lock_thread(viewer, stated.entry.thread_id or 0, locked=False, reason=reason, why=why)


def _moved_back(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    act = stated.entry
    move_thread(viewer, act.thread_id or 0, act.facts["from"], reason=reason, why=why)


def _rejoined(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    act = stated.entry
    rejoin(viewer, act.thread_id or 0, act.facts["into"], reason=reason, why=why)


def _unmerged(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    unmerge(viewer, stated.entry.thread_id or 0, reason=reason, why=why)


def _unclean(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    undo_cleaning(viewer, stated.entry.n, reason, why=why)


def _eased(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    undo_sanction(viewer, stated.entry.n, reason, why)


def _note_back(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    restore_note(viewer, stated.entry.facts["note"], reason=reason, why=why)


def _claim_back(viewer: Viewer, stated: StatementRow, reason: str, why: Why) -> None:
    undo_claim_act(viewer, stated.entry, reason, why)


def _of_account(act: Callable[[Viewer, StatementRow, str], None]) -> Undo:
    return lambda viewer, stated, reason, why: act(viewer, stated, reason)


WAYS: dict[str, Way] = {
    "post.remove": Way(_restored),
    "post.hide": Way(_restored),
    "post.edit": Way(threads.undo_edit, threads.edit_outlook),
    "post.redact": Way(threads.undo_redaction, threads.redaction_outlook),
    "post.reject": Way(_shown, threads.rejection_outlook),
    "post.reject_edit": Way(_shown, threads.rejection_outlook),
    "post.unaccept": Way(threads.undo_unaccepting, threads.answer_outlook),
    "thread.remove": Way(_thread_restored),
    "thread.lock": Way(_opened),
    "thread.move": Way(_moved_back, threads.move_outlook),
    "thread.split": Way(_rejoined),
    "thread.merge": Way(_unmerged),
    "thread.describe": Way(threads.undo_describing, threads.describing_outlook),
    "poll.edit": Way(polls.undo_edit, polls.edit_outlook),
    "poll.close": Way(polls.undo_closing, polls.close_outlook),
    "group.leave": Way(_of_account(accounts.undo_leaving), accounts.leaving_outlook),
    "member.close": Way(_of_account(accounts.undo_closing), accounts.closing_outlook),
    "member.rename": Way(_of_account(accounts.undo_renaming), accounts.rename_outlook),
    "member.avatar_remove": Way(uploads.undo_removal, uploads.removal_outlook),
    "member.clean": Way(_unclean),
    "member.warn": Way(_eased),
    "member.limit": Way(_eased),
    "member.read_only": Way(_eased),
    "member.suspend": Way(_eased),
    "member.ban": Way(_eased),
    "claim.edit": Way(_claim_back, claim_outlook),
    "claim.describe": Way(_claim_back, claim_outlook),
    "claim.merge": Way(_claim_back, claim_outlook),
    "claim.remove": Way(_claim_back, claim_outlook),
    "claim.strike": Way(_claim_back, claim_outlook),
    "claim.withdraw_entry": Way(_claim_back, claim_outlook),
    "note.remove": Way(_note_back),
}
