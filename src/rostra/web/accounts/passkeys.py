"""Passkeys: begin and finish the ceremonies of WebAuthn (SEC-086).

Every key must be discoverable and have its owner verified, so that each can stand for name,
password and second factor at once. A challenge is for one ceremony in one session, once, and five
minutes; an answer counts only from exactly the configured address.
"""

from __future__ import annotations

import json
import time
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn, get_credentials
from django.conf import settings
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from rostra.forum.members.models import Member
from rostra.kernel.text import one_line

type Ceremony = Literal["add", "login", "second", "confirm"]

LASTS = 5 * 60
MOST = 20
_REQUIRED = UserVerificationRequirement.REQUIRED


def begin_adding(request: HttpRequest, member: Member) -> str:
    """Return what a browser needs to make a key for this member, as JSON."""
    user = PublicKeyCredentialUserEntity(
        id=str(member.pk).encode(), name=member.name, display_name=member.name
    )
    options, state = _server().register_begin(
        user=user,
        credentials=get_credentials(member),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_REQUIRED,
        extensions={"credProps": True},
    )
    _keep(request, "add", state)
    return json.dumps(dict(options))


def finish_adding(request: HttpRequest, member: Member, name: str) -> Authenticator | None:
    """Keep the key a browser made; None where its answer is not what was asked for."""
    state, answer = _taken(request, "add"), _answer(request)
    if state is None or answer is None:
        return None
    if Authenticator.objects.filter(user=member, type="webauthn").count() >= MOST:
        return None
    try:
        RegistrationResponse.from_dict(answer)
        made = _server().register_complete(state, answer)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not made.is_user_verified() or _owner_of(made.credential_data) is not None:
        return None
    row: Authenticator = WebAuthn.add(member, one_line(name)[:60], answer).instance
    return row


def begin(request: HttpRequest, ceremony: Ceremony, member: Member | None) -> str:
    """Return what a browser needs to answer by a key, as JSON; "" where the member has none."""
    keys = [] if member is None else get_credentials(member)
    if member is not None and not keys:
        return ""
    options, state = _server().authenticate_begin(
        credentials=keys or None, user_verification=_REQUIRED
    )
    _keep(request, ceremony, state)
    return json.dumps(dict(options))


def finish(request: HttpRequest, ceremony: Ceremony, member: Member | None) -> Authenticator | None:
    """Return the key that answered, None where it did not rightly; `member`: whose it must be."""
    state, answer = _taken(request, ceremony), _answer(request)
    if state is None or answer is None:
        return None
    owner = member or _claimed_owner(answer)
    if owner is None:
        return None
    try:
        used = _server().authenticate_complete(state, get_credentials(owner), answer)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return _row_of(owner, used)


def _server() -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(id=settings.HOST, name=settings.ROSTRA.site_name)
    return Fido2Server(entity, verify_origin=lambda origin: origin == settings.ROSTRA.base_url)


def _keep(request: HttpRequest, ceremony: Ceremony, state: Any) -> None:
    request.session["passkey"] = {
        "for": ceremony,
        "at": time.time(),
        "challenge": state["challenge"],
    }


def _taken(request: HttpRequest, ceremony: Ceremony) -> dict[str, Any] | None:
    """Return the challenge of this ceremony and forget it: it is good for one answer."""
    kept = request.session.pop("passkey", None)
    if not isinstance(kept, dict) or kept.get("for") != ceremony:
        return None
    if not 0 <= time.time() - float(kept["at"]) < LASTS:
        return None
    return {"challenge": kept["challenge"], "user_verification": _REQUIRED}


def _answer(request: HttpRequest) -> dict[str, Any] | None:
    text = request.POST.get("credential", "")
    try:
        found = json.loads(text) if len(text) < 100_000 else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _claimed_owner(answer: dict[str, Any]) -> Member | None:
    """Return whom the key says it is of; its signature has yet to say the same."""
    try:
        handle = websafe_decode(answer["response"]["userHandle"]).decode("ascii")
    except (KeyError, TypeError, ValueError):
        return None
    if not handle.isdecimal() or len(handle) > 18:
        return None
    return Member.objects.filter(id=int(handle), is_active=True).first()


def _owner_of(made: AttestedCredentialData | None) -> Authenticator | None:
    """Return the key of this id that anybody has already."""
    if made is None:
        return None
    wanted = websafe_encode(made.credential_id)
    rows = Authenticator.objects.filter(type="webauthn", data__credential__id=wanted)
    found: Authenticator | None = rows.first()
    return found


def _row_of(owner: Member, used: AttestedCredentialData) -> Authenticator | None:
    for row in Authenticator.objects.filter(user=owner, type="webauthn"):
        if row.wrap().authenticator_data.credential_data.credential_id == used.credential_id:
            found: Authenticator = row
            return found
    return None
