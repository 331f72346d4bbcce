"""Passkeys (WebAuthn): what a browser is asked to sign, and whether its answer is right. Pure.

Origin and name of the site come from the public address in the settings, never from the request. A question travels
through the form, signed, with the moment it was made; an account takes no answer to a question older than the last
one that was answered, so none counts twice and nothing need be stored.
"""

from __future__ import annotations

import hmac
import ipaddress
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from consult.core import clock, later
from consult.core.records import Record

server = later.module("fido2.server")
utils = later.module("fido2.utils")
webauthn = later.module("fido2.webauthn")
MINUTES = 60  # for which a question waits
ADD, ENTER, STEP = "add", "enter", "step"  # to an account, in place of a password, after it
VERIFIED = {ADD: "preferred", ENTER: "required", STEP: "preferred"}  # that it is her, by a PIN or a finger


class Question(Record):
    """What a browser is asked: `options` for its credentials API as JSON, `asked` to be sent back with its answer."""

    options: str
    asked: str


class NewPasskey(Record):
    """A passkey that a browser has just made."""

    credential_id: str
    data: str
    sign_count: int


class PasskeyProof(Record):
    """A right answer, given with this passkey; whether it is a new one says the table. `asked_at` in milliseconds."""

    credential_id: str
    sign_count: int
    asked_at: int


class Site:
    """This site as browsers and keys know it."""

    def __init__(self, public_url: str, name: str, secret_key: str) -> None:
        parts = urlsplit(public_url)
        self._host, self._secret = parts.hostname or "", secret_key
        origin = f"{parts.scheme}://{parts.netloc}"
        self._server = server.Fido2Server(
            webauthn.PublicKeyCredentialRpEntity(id=self._host, name=name), verify_origin=lambda given: given == origin
        )

    @property
    def is_possible(self) -> bool:
        """Browsers make passkeys for names, not for numbers."""
        try:
            ipaddress.ip_address(self._host)
        except ValueError:
            return True
        return False

    def handle(self, person_id: int) -> str:
        """What a passkey keeps of whose it is: says nothing to others."""
        text = f"consult.accounts.passkey {person_id}".encode()
        return str(utils.websafe_encode(hmac.new(self._secret.encode(), text, "sha256").digest()))

    def ask_to_add(self, person_id: int, account: str, name: str, present: Sequence[str]) -> Question:
        """Ask a browser to make a passkey; not on a device that holds one of the `present`."""
        options, _state = self._server.register_begin(
            webauthn.PublicKeyCredentialUserEntity(
                id=utils.websafe_decode(self.handle(person_id)), name=account, display_name=name
            ),
            _descriptors(present), webauthn.ResidentKeyRequirement.PREFERRED, _verification(ADD),
        )  # fmt: skip
        return self._question(dict(options.public_key), f"{ADD} {person_id}")

    def ask(self, purpose: str, whose: object = "", present: Sequence[str] = ()) -> Question:
        """Ask a browser to sign: with any passkey for this site (ENTER), or with one of the `present` (STEP)."""
        options, _state = self._server.authenticate_begin(_descriptors(present) or None, _verification(purpose))
        return self._question(dict(options.public_key), f"{purpose} {whose}")

    def added(self, person_id: int, asked: str, answer: str) -> NewPasskey | None:
        """The passkey that a browser made; None when the answer is not right."""
        state = self._state(asked, f"{ADD} {person_id}", ADD)
        if state is None:
            return None
        try:
            given = webauthn.RegistrationResponse.from_dict(json.loads(answer))
            made = self._server.register_complete(state, given)
            if given.response.client_data.cross_origin or made.credential_data is None:
                return None
        except Exception:  # whatever breaks on what a stranger sent
            return None
        data = made.credential_data
        return NewPasskey(utils.websafe_encode(data.credential_id), utils.websafe_encode(bytes(data)), made.counter)

    def answered(
        self, purpose: str, asked: str, answer: str, *, whose: object = "", person_id: int, data: str
    ) -> PasskeyProof | None:
        """Whether a browser signed the question with the passkey `data` of this person."""
        state = self._state(asked, f"{purpose} {whose}", purpose)
        if state is None:
            return None
        try:
            given = webauthn.AuthenticationResponse.from_dict(json.loads(answer))
            known = webauthn.AttestedCredentialData(utils.websafe_decode(data))
            self._server.authenticate_complete(state, [known], given)
            response, handle = given.response, utils.websafe_decode(self.handle(person_id))
            if response.client_data.cross_origin or (response.user_handle or (purpose == STEP and handle)) != handle:
                return None
        except Exception:  # as above
            return None
        return PasskeyProof(given.id, response.authenticator_data.counter, state["at"])

    def _question(self, options: dict[str, Any], purpose: str) -> Question:
        moment = int(clock.now().timestamp() * 1000)
        return Question(json.dumps(options), str(self._signer(purpose).dumps([options["challenge"], moment])))

    def _state(self, asked: str, purpose: str, kind: str) -> dict[str, Any] | None:
        """The question as it was asked; None when it is forged or too old."""
        try:
            challenge, moment = self._signer(purpose).loads(asked)
        except BadSignature:
            return None
        if clock.now().timestamp() * 1000 - moment > MINUTES * 60_000:
            return None
        return {"challenge": challenge, "user_verification": _verification(kind), "at": moment}

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"consult.accounts.passkey {purpose}")


def credential_of(answer: str) -> str:
    """Which passkey an answer says it was given with; empty when it is none."""
    try:
        name = json.loads(answer)["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return name if isinstance(name, str) else ""


def _verification(purpose: str) -> Any:
    return webauthn.UserVerificationRequirement(VERIFIED[purpose])


def _descriptors(present: Sequence[str]) -> list[Any]:
    kind = webauthn.PublicKeyCredentialType.PUBLIC_KEY
    return [webauthn.PublicKeyCredentialDescriptor(type=kind, id=utils.websafe_decode(name)) for name in present]
