"""What keeps programs from joining, without asking anybody else's service (ABU-002).

The form is signed with the time it was handed out, holds for two hours and makes one account. A
browser spends about a second or two on a proof of work while its reader types; who comes without
scripts waits longer instead, and all of those together share a limit. A field that nobody sees
must stay empty. A question only the forum's people can answer is the operator's choice.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from rostra.forum.members.names import name_key
from rostra.kernel import tries
from rostra.kernel.errors import Invalid, TooMany
from rostra.kernel.tries import Rule, Taken

SALT = "rostra.join"
YOUNGEST, YOUNGEST_WITHOUT_PROOF, OLDEST = 3, 20, 2 * 60 * 60
PUZZLES, BITS = 16, 14  # about 262,000 hashes in all, in sixteen parts so that luck evens out
TRAP = "website"


class Form(NamedTuple):
    """What a form to join carries: its signed slip, and the puzzles' beginning."""

    slip: str
    challenge: str
    puzzles: int = PUZZLES
    bits: int = BITS


def fresh() -> Form:
    """Return what a new form carries."""
    nonce = secrets.token_urlsafe(16)
    return Form(signing.dumps([nonce, time.time()], salt=SALT), nonce)


def again(request: HttpRequest) -> Form:
    """Return the same slip for a form that is shown again, a fresh one where it does not hold."""
    try:
        nonce, _ = _read(request)
    except Invalid:
        return fresh()
    return Form(request.POST["slip"], nonce)


def check(request: HttpRequest) -> bool:
    """Raise Invalid where a form looks like a program's; return whether it brought a proof."""
    if request.POST.get(TRAP, ""):
        raise Invalid({"form": "looks_automatic"})
    nonce, at = _read(request)
    has_proof = is_proof(nonce, request.POST.get("proof", ""))
    age = time.time() - at
    if age < (YOUNGEST if has_proof else YOUNGEST_WITHOUT_PROOF):
        raise Invalid({"form": "form_too_young" if has_proof else "form_without_proof_too_young"})
    if settings.ROSTRA.signup_question and not _is_answer(request.POST.get("answer", "")):
        raise Invalid({"answer": "answer_wrong"})
    return has_proof


def use_up(request: HttpRequest) -> Taken:
    """Use the slip; raises Invalid where it was used, even at this very moment."""
    nonce, _ = _read(request)
    try:
        return tries.take({f"slip:{nonce}": (Rule(1, OLDEST),)})
    except TooMany as error:
        raise Invalid({"form": "form_expired"}) from error


def is_proof(nonce: str, proof: str) -> bool:
    """Return whether these numbers solve the puzzles: hashes that begin with enough zero bits."""
    numbers = proof.split(",", PUZZLES)
    if len(numbers) != PUZZLES:
        return False
    for index, number in enumerate(numbers):
        if not (number.isascii() and number.isdecimal()) or len(number) > 12:
            return False
        digest = hashlib.sha256(f"{nonce}:{index}:{number}".encode()).digest()
        if int.from_bytes(digest[:4]) >> (32 - BITS):
            return False
    return True


def _read(request: HttpRequest) -> tuple[str, float]:
    try:
        nonce, at = signing.loads(request.POST.get("slip", ""), salt=SALT, max_age=OLDEST)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Invalid({"form": "form_expired"}) from error
    return str(nonce), float(at)


def _is_answer(given: str) -> bool:
    wanted = {name_key(word) for word in settings.ROSTRA.signup_answer.split("|")} - {""}
    return name_key(given[:100]) in wanted
