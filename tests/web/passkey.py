"""A device that holds one passkey, in software: what it says can be wrong in every way."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN, RP_ID = "http://localhost:8000", "localhost"


def words(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Device:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.handle = b""

    @staticmethod
    def options(page) -> dict:
        """Return what a page asks its browser for."""
        return json.loads(html.unescape(re.search(r'data-options="([^"]*)"', page.text)[1]))

    def make(self, options, **wrong) -> str:
        """Make the key; return what a browser sends of it."""
        asked = options["publicKey"]
        assert asked["authenticatorSelection"]["residentKey"] == "required"
        assert asked["authenticatorSelection"]["userVerification"] == "required"
        self.handle = read(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        data = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        auth = self._auth_data(wrong, 0x40, data)
        made = AttestationObject.create("none", auth, {})
        client = self._client_data("webauthn.create", asked, wrong)
        return self._sent(
            {"attestationObject": words(bytes(made)), "clientDataJSON": words(client)}, wrong
        )

    def answer(self, options, **wrong) -> str:
        """Answer a challenge; return what a browser sends of it."""
        asked = options["publicKey"]
        assert asked["userVerification"] == "required"
        auth = self._auth_data(wrong, 0, b"")
        client = self._client_data("webauthn.get", asked, wrong)
        signature = self.key.sign(
            bytes(auth) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._sent(
            {
                "authenticatorData": words(bytes(auth)),
                "clientDataJSON": words(client),
                "signature": words(wrong.get("signature", signature)),
                "userHandle": words(wrong.get("handle", self.handle)),
            },
            wrong,
        )

    def _auth_data(self, wrong, more, data) -> AuthenticatorData:
        flags = more | (0x01 if wrong.get("present", True) else 0)
        flags |= 0x04 if wrong.get("verified", True) else 0
        rp_id = hashlib.sha256(wrong.get("rp_id", RP_ID).encode()).digest()
        return AuthenticatorData.create(rp_id, flags, 0, data)

    def _client_data(self, kind, asked, wrong) -> bytes:
        challenge = words(wrong["challenge"]) if "challenge" in wrong else asked["challenge"]
        said = {
            "type": wrong.get("kind", kind),
            "challenge": challenge,
            "origin": wrong.get("origin", ORIGIN),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _sent(self, response, wrong) -> str:
        id_ = words(wrong.get("credential_id", self.id))
        return json.dumps(
            {"id": id_, "rawId": id_, "type": "public-key", "response": response,
             "clientExtensionResults": {"credProps": {"rk": True}}}
        )  # fmt: skip
