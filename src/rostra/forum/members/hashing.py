"""How passwords are kept: Argon2id, and over what came from elsewhere (SEC-091, 092).

A hash of an older forum is wrapped when it is imported: what is kept is the Argon2id hash of that
hash, so that a stolen table is worth no more than any. Who signs in with the right password has it
hashed plainly from then on. Hashes without a salt are not taken: their owners choose anew.
"""

from __future__ import annotations

import hashlib
import os
from threading import BoundedSemaphore
from typing import Any, Literal

import bcrypt
from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher
from django.utils.crypto import salted_hmac

MEMORY_KIB, TIMES, LANES = 19_456, 2, 1
LONGEST_BYTES = 1024

type Scheme = Literal["bcrypt", "phpass", "vbulletin", "mybb", "smf", "argon2"]
SCHEMES: tuple[Scheme, ...] = ("bcrypt", "phpass", "vbulletin", "mybb", "smf", "argon2")

# As many at once as there are processors: more would only wait for each other, with their memory.
_turn = BoundedSemaphore(os.cpu_count() or 1)
_over = PasswordHasher(TIMES, MEMORY_KIB, LANES, type=Type.ID)


class Argon2id(Argon2PasswordHasher):
    """Django's, with the price this forum pays."""

    time_cost = TIMES
    memory_cost = MEMORY_KIB
    parallelism = LANES

    def encode(self, password: str, salt: Any) -> str:
        """Return the hash; at most one for each processor is made at a time."""
        with _turn:
            encoded: str = super().encode(password, salt)
        return encoded

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether it is the password."""
        with _turn:
            return super().verify(password, encoded)


class Wrapped(BasePasswordHasher):
    """Checks a wrapped hash: `wrapped$scheme$parameters$argon2id…`; makes none for new passwords.

    Django hashes the password anew when it was right, as this is not the first of its hashers.
    """

    algorithm = "wrapped"

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether the old scheme makes of the password what was wrapped."""
        _, scheme, parameters, over = encoded.split("$", 3)
        if len(password.encode()) > LONGEST_BYTES:
            return False
        candidates = _old_hashes(scheme, bytes.fromhex(parameters).decode(), password)
        with _turn:
            return any(_is_over(over, candidate) for candidate in candidates)

    def encode(self, password: str, salt: Any) -> str:
        """Refuse: nothing is hashed this way any more."""
        raise NotImplementedError("only imported hashes are wrapped")

    def decode(self, encoded: str) -> dict[str, Any]:
        """Return what it is made of."""
        _, scheme, _, _ = encoded.split("$", 3)
        return {"algorithm": self.algorithm, "scheme": scheme}

    def safe_summary(self, encoded: str) -> Any:
        """Return what may be shown."""
        return self.decode(encoded)

    def must_update(self, encoded: str) -> bool:
        """Return that it is to be replaced."""
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Do nothing: who has such a hash costs an Argon2id, as everybody does."""


def wrapped(scheme: Scheme, old_hash: str, *, salt: str = "", login: str = "") -> str:
    """Return what to keep of an imported hash; "" where it can be no more than guessed at.

    The name under which somebody signed in there (SMF) and the salt stay readable, as ever.
    """
    if scheme == "argon2":
        is_one = old_hash.startswith("$argon2id$")
        return f"argon2{old_hash}" if is_one else ""  # one layer of the same is enough
    if (scheme in ("vbulletin", "mybb") and not salt) or (scheme == "smf" and not login):
        return ""
    if scheme == "bcrypt":
        if not old_hash.startswith(("$2a$", "$2b$", "$2y$")) or len(old_hash) != 60:
            return ""
        parameters = f"$2b${old_hash[4:29]}"
        digest = "$2b$" + old_hash[4:]
    elif scheme == "phpass":
        if old_hash[:3] not in ("$H$", "$P$") or len(old_hash) != 34:
            return ""
        parameters, digest = old_hash[:12], old_hash
    else:
        parameters, digest = (login.lower() if scheme == "smf" else salt), old_hash.lower()
    return f"wrapped${scheme}${parameters.encode().hex()}${_over.hash(digest)}"


def _is_over(over: str, candidate: str) -> bool:
    try:
        return _over.verify(over, candidate)
    except Argon2Error:
        return False


def _old_hashes(scheme: str, parameters: str, password: str) -> list[str]:
    """Return what the old scheme makes of a password: of its UTF-8, and of its Latin 1."""
    readings = [password.encode()]
    if not password.isascii():
        # Old forums hashed what browsers sent; these are the two they sent.
        readings.extend(_encoded_otherwise(password))
    return [made for reading in readings for made in _made(scheme, parameters, reading)]


def _encoded_otherwise(password: str) -> list[bytes]:
    try:
        return [password.encode("cp1252")]
    except UnicodeEncodeError:
        return []


def _made(scheme: str, parameters: str, password: bytes) -> list[str]:
    salt = parameters.encode()
    match scheme:
        case "bcrypt":
            if b"\0" in password:
                return []
            return [bcrypt.hashpw(password[:72], salt).decode()]
        case "phpass":
            # Accounts that phpBB 2 had were converted with their plain MD5 inside.
            return [_phpass(parameters, word) for word in (password, _md5(password).encode())]
        case "vbulletin":
            return [_md5(_md5(password).encode() + salt)]
        case "mybb":
            return [_md5(_md5(salt).encode() + _md5(password).encode())]
        case "smf":
            return [hashlib.sha1(salt + password, usedforsecurity=False).hexdigest()]
    return []


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


_ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _phpass(parameters: str, password: bytes) -> str:
    """Return the portable hash of phpass: a salt, MD5 over and over."""
    rounds = min(_ALPHABET.index(parameters[3]), 20)
    digest = hashlib.md5(parameters[4:].encode() + password, usedforsecurity=False).digest()
    for _ in range(1 << rounds):
        digest = hashlib.md5(digest + password, usedforsecurity=False).digest()
    bits, text = int.from_bytes(digest, "little"), ""
    for _ in range(22):
        text += _ALPHABET[bits & 63]
        bits >>= 6
    return parameters + text


def erased_key(key: str) -> str:
    """Return what is kept of a name's key where its bearer was erased: it says only what rests."""
    return "erased:" + salted_hmac("rostra.erased-name", key, algorithm="sha256").hexdigest()
