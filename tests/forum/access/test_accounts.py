"""What who manages members does with another's account."""

from __future__ import annotations

import pytest

from rostra.forum.access import accounts
from rostra.forum.members.models import FormerName, Group, Member, Membership, Session
from rostra.forum.modlog.models import LogEntry, LogText, Statement
from rostra.forum.sanctions.actions.noting import look_up_address
from rostra.forum.sanctions.models import Look
from rostra.forum.sanctions.queries import looks_for_nobody
from rostra.kernel import dialect
from rostra.kernel.errors import Invalid, NotFound, Refused
from rostra.kernel.models import Job

pytestmark = pytest.mark.django_db
REASON = "They asked the staff for it in person."


def with_second_factor(member):
    dialect.write(
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at)"
        " VALUES (%s, 'recovery_codes', '{}', '2026-01-01')",
        [member.pk],
    )


def manager(cast, *capabilities):
    """Let Hill see to accounts and to nothing else."""
    group = Group.objects.create(name="Helpers", capabilities=["manage_members", *capabilities])
    Membership.objects.create(group=group, member=cast.hill)
    return cast.view(cast.hill)


def test_a_name_is_changed_and_the_old_one_stays_known(cast):
    old = cast.quay.name
    for name in ("Quay One", "Quay Two", "Quay Three"):  # more often than members may themselves
        accounts.rename_member(cast.view(cast.admin), cast.quay.pk, name, reason=REASON)
    assert Member.objects.get(pk=cast.quay.pk).name == "Quay Three"
    assert FormerName.objects.filter(member=cast.quay, name=old).exists()
    entries = LogEntry.objects.filter(kind="member.rename")
    assert entries.count() == 3 == Statement.objects.filter(entry__in=entries).count()
    assert LogText.objects.filter(field="before", value=old).exists()
    with pytest.raises(Invalid):
        accounts.rename_member(cast.view(cast.admin), cast.quay.pk, cast.hill.name, reason=REASON)


def test_sessions_end_and_the_second_factor_goes(cast, client):
    """SEC-072, SEC-083."""
    client.force_login(cast.quay)
    viewer = cast.view(cast.admin)
    accounts.sign_out_member(viewer, cast.quay.pk, reason=REASON)
    assert not Session.objects.filter(member_id=cast.quay.pk).exists()
    with pytest.raises(Refused, match="no_second_factor"):
        accounts.reset_second_factor(viewer, cast.quay.pk, reason=REASON)
    with_second_factor(cast.quay)
    client.force_login(cast.quay)
    accounts.reset_second_factor(viewer, cast.quay.pk, reason=REASON)
    assert not dialect.rows("SELECT 1 FROM mfa_authenticator WHERE user_id = %s", [cast.quay.pk])
    assert not Session.objects.filter(member_id=cast.quay.pk).exists()
    for kind in ("member.sign_out", "member.second_factor"):
        assert LogEntry.objects.filter(kind=kind).count() == 1


ACTS = {
    "rename": lambda v, m: accounts.rename_member(v, m, "Somebody Else", reason=REASON),
    "sign out": lambda v, m: accounts.sign_out_member(v, m, reason=REASON),
    "reset": lambda v, m: accounts.reset_second_factor(v, m, reason=REASON),
    "close": lambda v, m: accounts.set_account_open(v, m, is_open=False, reason=REASON),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nobody_reaches_above_their_rank_nor_themselves(cast, act):
    """SEC-048, SEC-065."""
    viewer = manager(cast)
    with_second_factor(cast.admin)
    with_second_factor(cast.mod)
    before = LogEntry.objects.count()
    with pytest.raises(Refused, match="above_your_rank"):
        act(viewer, cast.admin.pk)
    with pytest.raises(Refused, match="own_case"):
        act(viewer, cast.hill.pk)
    with pytest.raises(Refused, match="not_an_administrator"):
        act(cast.view(cast.mod), cast.quay.pk)
    with pytest.raises(Refused, match="log_in_first"):
        act(cast.view(None), cast.quay.pk)
    with pytest.raises(NotFound):
        act(viewer, 10**9)
    assert LogEntry.objects.count() == before
    act(viewer, cast.mod.pk)  # who stands lower
    assert LogEntry.objects.count() == before + 1


@pytest.mark.parametrize("act", ["rename_member", "sign_out_member", "reset_second_factor"])
def test_without_a_reason_nothing_happens(cast, act, client):
    client.force_login(cast.quay)
    with_second_factor(cast.quay)
    more = ("Other Name",) if act == "rename_member" else ()
    with pytest.raises(Invalid):
        getattr(accounts, act)(cast.view(cast.admin), cast.quay.pk, *more, reason="short")
    assert Session.objects.filter(member_id=cast.quay.pk).exists()
    assert Member.objects.get(pk=cast.quay.pk).name == cast.quay.name


def test_whom_an_address_led_to_is_put_down(cast):
    """PRV-004."""
    Member.objects.filter(pk=cast.quay.pk).update(
        email="q@harbour.example", email_key="q@harbour.example"
    )
    found = look_up_address(cast.view(cast.admin), " q@harbour.example ")
    assert found == cast.quay.pk
    look = Look.objects.get()
    assert (look.member_id, look.by_id, look.what) == (cast.quay.pk, cast.admin.pk, "address")
    for typed in ("q@harbour", ""):
        with pytest.raises(Invalid):
            look_up_address(cast.view(cast.admin), typed)
    with pytest.raises(Refused, match="not_for_networks"):
        look_up_address(cast.view(cast.mod), "q@harbour.example")
    assert Look.objects.count() == 1


def test_that_an_address_led_to_nobody_is_put_down_too(cast):
    """PRV-004: who looked, and when, and not what they looked for."""
    assert look_up_address(cast.view(cast.admin), "other@harbour.example") is None
    look = Look.objects.get()
    assert (look.member_id, look.by_id, look.what) == (None, cast.admin.pk, "address")
    assert [one.by_id for one in looks_for_nobody(cast.view(cast.admin), 9)] == [cast.admin.pk]
    with pytest.raises(Refused, match="not_for_networks"):
        looks_for_nobody(cast.view(cast.mod), 9)
    told = Job.objects.get(name="sanctions.address_looked_up").payload
    assert (told["member_id"], "other" in str(told)) == (None, False)
