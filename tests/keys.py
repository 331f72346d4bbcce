"""A security key without hardware: makes passkeys and signs with them, for tests that need no browser."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost"


class Key:
    """One passkey on one device; `count` is what it counts, `is_verified` whether it asks for a finger or a PIN."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.origin, self.count, self.is_verified, self.handle = origin, 0, True, b""

    def make(self, options: str) -> str:
        """Answer a page that asks for a new passkey."""
        asked = json.loads(options)
        self.handle = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, public)
        seen = self._seen(asked["rp"]["id"], AuthenticatorData.FLAG.AT, data)
        made = AttestationObject.create("none", seen, {})
        return self._written({"clientDataJSON": self._client("create", asked), "attestationObject": bytes(made)})

    def sign(self, options: str) -> str:
        """Answer a page that asks who is there."""
        asked = json.loads(options)
        self.count += 1 if self.count else 0
        seen, client = self._seen(asked["rpId"]), self._client("get", asked)
        signature = self.private.sign(bytes(seen) + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": bytes(seen), "signature": signature}
        return self._written(parts | {"userHandle": self.handle})

    def _seen(self, site: str, more: int = 0, data: bytes = b"") -> AuthenticatorData:
        flags = AuthenticatorData.FLAG.UP | (AuthenticatorData.FLAG.UV if self.is_verified else 0) | more
        return AuthenticatorData.create(hashlib.sha256(site.encode()).digest(), flags, self.count, data)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {
            "type": f"webauthn.{kind}",
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _written(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self.id)
        parts = {part: websafe_encode(value) for part, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": parts, "clientExtensionResults": {}}
        )
