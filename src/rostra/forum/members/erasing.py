"""Erasing an account: from the next answer on nothing of it is shown but a neutral name."""

from __future__ import annotations

from datetime import timedelta

from rostra.forum.members import names
from rostra.forum.members.actions import GROUPS_VERSION
from rostra.forum.members.hashing import erased_key
from rostra.forum.members.models import Application, FormerName, Invitation, Member
from rostra.forum.members.queries import NAME_RESTS
from rostra.forum.members.sessions import end_sessions
from rostra.kernel import clock, versions
from rostra.kernel.jobs import every


def names_of(member_id: int) -> list[str]:
    """Return the name of a member and all they had before."""
    found = Member.objects.filter(id=member_id).values_list("name", flat=True)
    before = FormerName.objects.filter(member_id=member_id).values_list("name", flat=True)
    return list(dict.fromkeys(filter(None, [*found, *before])))


def erase_account(member_id: int, neutral: str) -> str:
    """Overwrite all of an account, in the transaction of the caller; return its address of mail.

    Its names cannot be taken for a while (SEC-090): hashes of them are kept until then.
    """
    member = Member.objects.select_for_update().get(id=member_id)
    email = member.email
    now = clock.now()
    rows = FormerName.objects.filter(member=member)
    keys = {member.name_key, *rows.values_list("name_key", flat=True)}
    rows.delete()
    FormerName.objects.bulk_create(
        FormerName(name="", name_key=erased_key(key), given_up_at=now) for key in sorted(keys)
    )
    if email:
        Application.objects.filter(email_key=member.email_key).delete()
        Invitation.objects.filter(email_key=member.email_key).delete()
    fresh = Member(id=member.pk, name=neutral, name_key=names.name_key(neutral), is_active=False)
    fresh.set_unusable_password()
    fresh.save(force_update=True)
    end_sessions(member_id)
    versions.raise_version(GROUPS_VERSION)  # kept pages bear names
    return email


def is_free(name: str) -> bool:
    """Return whether no account has a name that looks like this one."""
    return not Member.objects.filter(name_key=names.name_key(name)).exists()


@every(timedelta(days=1))
def forget_erased_names() -> None:
    """Delete the hashes of names that may be taken again."""
    rested = FormerName.objects.filter(
        member=None, name="", given_up_at__lt=clock.now() - NAME_RESTS
    )
    rested.delete()
