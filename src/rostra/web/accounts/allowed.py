"""How often what may be tried; exactly, over all processes (SEC-080, 081, ABU-002)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from rostra.kernel import tries
from rostra.kernel.ratelimit import network_of
from rostra.kernel.tries import Rule, Taken
from rostra.web.accounts import devices
from rostra.web.client import client_address, is_near

type Rules = tuple[Rule, ...]

ACCOUNT: Rules = (Rule(5, 30 * 60),)
ADDRESS: Rules = (Rule(6, 60), Rule(30, 60 * 60))
SECOND_FACTOR: Rules = (Rule(5, 5 * 60),)
LETTERS_TO_ONE: Rules = (Rule(3, 60 * 60),)
LETTERS_FROM_ONE: Rules = (Rule(10, 60 * 60),)
WITHOUT_PROOF: Rules = (Rule(10, 60 * 60),)
DAY = 24 * 60 * 60


def password_of(request: HttpRequest, member_id: int | None, login: str) -> Taken:
    """Take one try of a password; raises TooMany. Given back where it was right."""
    device = "" if member_id is None else devices.known(request, member_id)
    who = f"device:{device}" if device else f"account:{login if member_id is None else member_id}"
    return tries.take({f"password:{who}": ACCOUNT} | _of_address(request, "password", ADDRESS))


def code_of(member_id: int) -> Taken:
    """Take one try of a code, in whatever form asks for one; raises TooMany."""
    return tries.take({f"code:{member_id}": SECOND_FACTOR})


def letter(request: HttpRequest, email_key: str) -> None:
    """Take one letter to an address that somebody has merely named; raises TooMany."""
    tries.take({f"letter:{email_key}": LETTERS_TO_ONE}
               | _of_address(request, "letter", LETTERS_FROM_ONE))  # fmt: skip


def account(request: HttpRequest, *, with_proof: bool) -> Taken:
    """Take one of the accounts an address may make a day; raises TooMany."""
    rules = (Rule(settings.ROSTRA.signups_per_day, DAY),)
    wanted = _of_address(request, "account", rules)
    if not with_proof:
        wanted["account:without proof"] = WITHOUT_PROOF
    return tries.take(wanted)


def _of_address(
    request: HttpRequest, what: str, rules: tuple[Rule, ...]
) -> dict[str, tuple[Rule, ...]]:
    """Return the limit of an address; none for a proxy beside us, which stands for everybody."""
    address = client_address(request)
    return {} if is_near(address) else {f"{what}:from:{network_of(address)}": rules}
