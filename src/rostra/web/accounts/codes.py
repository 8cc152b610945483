"""Codes of an authenticator app, and codes for the day it is lost.

A code of the app is accepted once: its time step must be later than the last one accepted. All
forms that ask for a code share one limit (SEC-081).
"""

from __future__ import annotations

import base64
import time
from io import BytesIO

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import transaction
from django.utils.crypto import constant_time_compare

from rostra.forum.members.models import Member
from rostra.kernel import clock, tries
from rostra.web.accounts import allowed

STEP = 30  # seconds
EITHER_WAY = 1  # steps a clock may be wrong by


def new_secret() -> str:
    """Return a secret for an app."""
    return str(generate_totp_secret())


def address_of(member: Member, secret: str) -> str:
    """Return what an app reads."""
    return str(get_adapter().build_totp_url(member, secret))


def picture_of(address: str) -> str:
    """Return a QR code as an address of data: no style, no script."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    file = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, box_size=12).save(file)
    return "data:image/svg+xml;base64," + base64.b64encode(file.getvalue()).decode()


def has_second_factor(member_id: int) -> bool:
    """Return whether a sign-in of this member's has a second step."""
    rows = Authenticator.objects.filter(user_id=member_id, type__in=("totp", "webauthn"))
    return bool(rows.exists())


@transaction.atomic
def add_app(member: Member, secret: str, code: str) -> bool:
    """Keep the secret of an app that shows the right code; return whether it did."""
    step = _step_of(secret, code, after=0)
    if step is None:
        return False
    Authenticator.objects.filter(user=member, type="totp").delete()
    Authenticator.objects.create(
        user=member, type="totp", data={"secret": secret, "last_step": step}
    )
    return True


@transaction.atomic
def fresh_recovery_codes(member: Member) -> list[str]:
    """Make new codes for the day everything else is lost; the old ones end."""
    Member.objects.select_for_update().get(pk=member.pk)
    Authenticator.objects.filter(user=member, type="recovery_codes").delete()
    codes: list[str] = RecoveryCodes.activate(member).generate_codes()
    return codes


def recovery_codes_left(member_id: int) -> int | None:
    """Return how many are unused, None where there are none at all."""
    row = Authenticator.objects.filter(user_id=member_id, type="recovery_codes").first()
    return None if row is None else len(row.wrap().get_unused_codes())


@transaction.atomic
def remove(member_id: int, authenticator_id: int) -> str:
    """Remove an app or a key; with the last one the recovery codes go too. Return its type."""
    rows = Authenticator.objects.filter(user_id=member_id)
    row = rows.filter(pk=authenticator_id, type__in=("totp", "webauthn")).first()
    if row is None:
        return ""
    row.delete()
    if not rows.exclude(type="recovery_codes").exists():
        rows.delete()
    return str(row.type)


def check(member: Member, code: str) -> Authenticator | None:
    """Return what a code was of, None where it was wrong; raises TooMany."""
    code = "".join(code.split()).replace("-", "")
    taken = allowed.code_of(member.pk)
    found = _app_of(member, code) or _recovery_of(member, code)
    if found is not None:
        tries.give_back(taken)
    return found


@transaction.atomic
def _app_of(member: Member, code: str) -> Authenticator | None:
    rows = Authenticator.objects.select_for_update()
    row: Authenticator | None = rows.filter(user=member, type="totp").first()
    if row is None:
        return None
    step = _step_of(row.data["secret"], code, after=row.data.get("last_step", 0))
    if step is None:
        return None
    row.data["last_step"] = step
    row.last_used_at = clock.now()
    row.save(update_fields=["data", "last_used_at"])
    return row


def _recovery_of(member: Member, code: str) -> Authenticator | None:
    row: Authenticator | None = Authenticator.objects.filter(
        user=member, type="recovery_codes"
    ).first()
    # allauth looks at the codes under a lock and marks the one that was used.
    return row if row is not None and code and row.wrap().validate_code(code) else None


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """Return the time step a code belongs to, later than one accepted before; None for none."""
    now = int(time.time()) // STEP
    for step in range(now - EITHER_WAY, now + EITHER_WAY + 1):
        if step > after and constant_time_compare(
            format_hotp_value(hotp_value(secret, step)), code
        ):
            return step
    return None
