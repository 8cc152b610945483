"""The one way into the moderation log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from typing import Any, Literal

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext

from rostra.forum.modlog import chain, rulebook, rules
from rostra.forum.modlog.events import RuleChanged, StatementMade
from rostra.forum.modlog.models import (
    ActorLabel,
    LogEntry,
    LogHead,
    LogText,
    RuleVersion,
    Statement,
)
from rostra.forum.modlog.rules import Wording, check_reason
from rostra.kernel import clock
from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.events import emit

__all__ = (
    "append", "change_rule", "check_reason", "ensure_rules", "erase_member", "erase_posts",
    "erase_values", "erase_words",
)  # fmt: skip

type Role = Literal["moderator", "administrator", "operator", "automatic"]
type Origin = Literal["own_initiative", "report", "automatic", "legal"]


def append(
    kind: str,
    *,
    role: Role,
    reason: str,
    actor_id: int | None = None,
    subject_id: int | None = None,
    board_id: int | None = None,
    thread_id: int | None = None,
    post_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    facts: Mapping[str, Any] | None = None,
    origin: Origin = "own_initiative",
    reverts: int | None = None,
    rule: str = "",
    parent: int | None = None,
    stated_to: int | None = None,
) -> int:
    """Append one entry in the transaction of the act it records; return its number.

    rule: the code of the rule the act rests on, cited in the version of this moment; raises
    Invalid for one that does not hold. An act that restricts somebody else (`rules.RESTRICTIONS`)
    makes the statement of reasons to them as well.

    parent: the entry of the act that this one is a part of. Its statement is for all of them.

    stated_to: to whom the statement goes where the entry must not say whom it is about.

    reason, actor, subject, before and after enter as salted commitments (erasable); kind, role,
    place, `facts` (short public values) and the rest enter as they are.
    """
    with transaction.atomic():
        head = LogHead.objects.select_for_update().get_or_create(id=1)[0]
        plain = {
            "reason": reason,
            "actor": None if actor_id is None else str(actor_id),
            "subject": None if subject_id is None else str(subject_id),
            "before": before,
            "after": after,
        }
        if parent is not None:
            facts = {**(facts or {}), "parent": parent}
        texts = [
            LogText(field=field, salt=secrets.token_bytes(chain.SALT_BYTES), value=value)
            for field, value in plain.items()
            if value is not None
        ]
        at = clock.now()
        cited = _cited(kind, rule)
        public: dict[str, Any] = {
            "n": head.n + 1,
            "prev": head.hash,
            "kind": kind,
            "at": at.isoformat(),
            "role": role,
            "origin": origin,
            "by": _label(actor_id),
            "board": board_id,
            "thread": thread_id,
            "post": post_id,
            "facts": dict(facts) if facts else None,
            "reverts": reverts,
            "rule": cited and {"code": cited.code, "version": cited.version},
        }
        commits = {text.field: chain.commitment(bytes(text.salt), text.value) for text in texts}
        public["commit"] = commits.pop("reason")
        public["commits"] = commits or None
        public = {key: value for key, value in public.items() if value is not None}
        entry = LogEntry.objects.create(
            n=head.n + 1,
            at=at,
            kind=kind,
            board_id=board_id,
            thread_id=thread_id,
            post_id=post_id,
            by=public.get("by"),
            rule=cited.code if cited is not None else "",
            reverts=reverts,
            public=public,
            hash=chain.digest(public),
        )
        for text in texts:
            text.entry = entry
        LogText.objects.bulk_create(texts)
        head.n, head.hash = entry.n, entry.hash
        head.save(update_fields=["n", "hash"])
        restricts = kind in rules.RESTRICTIONS and reverts is None and parent is None
        restricted = stated_to if stated_to is not None else subject_id
        if restricts and restricted is not None and restricted != actor_id:
            _state_reasons(entry, restricted)
    return entry.n


def erase_words(post_id: int, passages: Collection[str]) -> None:
    """Erase what entries keep of a post's words before and after, where it holds a passage.

    Their commitments stay, and the chain holds.
    """
    kept = LogText.objects.filter(entry__post_id=post_id, field__in=("before", "after"))
    gone = [text.pk for text in kept if any(passage in text.value for passage in passages)]
    LogText.objects.filter(pk__in=gone).delete()


def erase_member(member_id: int, names: Collection[str]) -> None:
    """Erase what entries keep of a member: who it was, what they said, and reasons that name them.

    Statements go with the entries' subjects; the label of one who was staff stays, and is nobody's.
    The commitments stay, and the chain holds (SEC-121).
    """
    people = LogText.objects.filter(field__in=("subject", "actor"), value=str(member_id))
    entries = set(people.values_list("entry_id", flat=True))
    about = set(people.filter(field="subject").values_list("entry_id", flat=True))
    stated = Statement.objects.filter(member_id=member_id)  # also where the entry does not say who
    about.update(stated.values_list("entry_id", flat=True))
    entries |= about
    stated.delete()
    LogText.objects.filter(entry_id__in=about, field__in=("before", "after")).delete()
    named = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) for name in names]
    texts = LogText.objects.filter(entry_id__in=entries).values_list("pk", "value")
    gone = [pk for pk, value in texts if any(name.search(value) for name in named)]
    LogText.objects.filter(pk__in=gone).delete()
    people.delete()
    ActorLabel.objects.filter(member_id=member_id).update(member_id=-member_id)


def erase_posts(post_ids: Collection[int]) -> None:
    """Erase what entries keep of these posts' words before and after."""
    LogText.objects.filter(
        entry__post_id__in=list(post_ids), field__in=("before", "after")
    ).delete()


def erase_values(values: Collection[str]) -> None:
    """Erase where entries keep just these words as what was before or after."""
    LogText.objects.filter(value__in=list(values), field__in=("before", "after")).delete()


def last_number() -> int:
    """Return the number of the entry that was appended last, in the transaction that did."""
    return LogHead.objects.values_list("n", flat=True).get(id=1)


@transaction.atomic
def change_rule(
    code: str,
    wording: Wording,
    *,
    is_in_force: bool = True,
    seen: int = 0,
    actor_id: int | None = None,
    reason: str,
) -> int:
    """Write a new version of a rule, or the first of a new one; return the entry's number.

    code: "" for a new rule, which gets the next number. seen: the version it was made from;
    raises Invalid where there is a newer one by now, or nothing would change. Emits RuleChanged.
    """
    wording = rules.checked(wording)
    LogHead.objects.select_for_update().get_or_create(id=1)  # one change after another
    before = rulebook.versions_of(code)[0] if code else None
    if before is not None:
        if seen != before.version:
            raise Invalid({"seen": "rule_changed_meanwhile"})
        if (before.title, before.text, before.is_in_force) == (*wording, is_in_force):
            raise Invalid({"text": "nothing_changed"})
    elif code:
        raise NotFound
    code = code or _next_code()
    version = before.version + 1 if before is not None else 1
    RuleVersion.objects.create(
        code=code,
        version=version,
        title=wording.title,
        text=wording.text,
        is_in_force=is_in_force,
        effective_at=clock.now(),
    )
    log_n = append(
        "rule.change",
        role="operator" if actor_id is None else "administrator",
        reason=check_reason(reason),
        actor_id=actor_id,
        before="\n".join(before[2:4]) if before is not None else None,
        after="\n".join(wording),
        facts={"rule": code, "version": version, "in_force": is_in_force},
    )
    emit(RuleChanged(code=code, log_n=log_n))
    return log_n


@transaction.atomic
def ensure_rules() -> None:
    """Give a forum that has no rules yet those that every forum begins with; not logged.

    They are written down in the language the forum has now, and stay as they are from then on.
    """
    if not RuleVersion.objects.exists():
        with translation.override(settings.ROSTRA.language):
            first = {
                code: rules.Wording(*map(gettext, wording))
                for code, wording in rules.DEFAULTS.items()
            }
        RuleVersion.objects.bulk_create(
            (
                RuleVersion(code=code, version=1, effective_at=clock.now(), **wording._asdict())
                for code, wording in first.items()
            ),
            ignore_conflicts=True,
        )


def _cited(kind: str, code: str) -> rulebook.RuleRow | None:
    """Return the rule an act rests on: the one that was named, or that of mere upkeep."""
    if code:
        found = rulebook.find_in_force(code)
        if found is None:
            raise Invalid({"rule": "no_such_rule"})
        return found
    return rulebook.find_in_force(rules.UPKEEP_RULE) if kind in rules.UPKEEP else None


def _state_reasons(entry: LogEntry, member_id: int) -> None:
    Statement.objects.create(
        entry=entry,
        member_id=member_id,
        at=entry.at,
        appeal_until=entry.at + rules.APPEAL_WITHIN,
    )
    emit(StatementMade(log_n=entry.n, member_id=member_id))


def _next_code() -> str:
    codes = RuleVersion.objects.values_list("code", flat=True).distinct()
    return f"R{max((int(code[1:]) for code in codes), default=0) + 1}"


def _label(actor_id: int | None) -> int | None:
    """Return the stable number that stands for this actor in public."""
    if actor_id is None:
        return None
    number = ActorLabel.objects.filter(member_id=actor_id).values_list("number", flat=True).first()
    if number is None:
        # The head of the log is locked by now, so that two new actors cannot meet here.
        highest = ActorLabel.objects.aggregate(highest=Max("number"))["highest"] or 0
        number = highest + 1
        ActorLabel.objects.create(member_id=actor_id, number=number)
    return number
