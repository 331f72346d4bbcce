"""Talking with the one OpenID provider of the settings (OpenID Connect Core 1.0, authorization code flow, PKCE).

Imported only where a provider is configured: it needs `consult[oidc]`, and half a second to load. Nothing is fetched
but what the provider of the settings says of itself, and no answer of it leads anywhere else.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from consult.core import clock
from consult.core.errors import Busy, Invalid
from consult.core.text import normalise

from .addresses import email_address
from .arrivals import Arrival, Departure

# Signed with a key of the provider's that everybody may know. Never none, and nothing made with our own secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SCOPE = "openid profile email"
SECONDS = (3.05, 6)  # to connect, and between two bytes
CLOCKS_DIFFER = 60  # seconds
KEPT = timedelta(minutes=10)  # what the provider says of itself; its keys are asked for each time
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, 2
LONGEST_NAME = 120
LARGEST = 256 * 1024  # bytes of an answer
NOT_BELIEVED = "What {name} answered does not fit what we asked it, so nobody was signed in. Begin again here; if it happens again, tell the people who run this site."
NOT_HERE = "{name} does not answer just now. Try again in some minutes. You can go in with your password meanwhile."
DENIED = (
    "{name} did not let you go on, or you stopped there. Nothing was changed. Try again, or go in with your password."
)
USED_UP = "{name} does not take this answer any more: it counts once, and only for some minutes. Begin again here."


@dataclass(slots=True)
class Provider:
    """The provider of the settings."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    comes_back_to: str
    _known: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _known_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def leave(self, way_on: str = "", person_id: int | None = None) -> tuple[str, Departure]:
        """The address at the provider to go to, and what to keep until its answer comes. Raises Busy."""
        known = self._metadata()
        away = Departure(
            state=secrets.token_urlsafe(24), nonce=secrets.token_urlsafe(24), verifier=secrets.token_urlsafe(48),
            next=way_on, person_id=person_id,
        )  # fmt: skip
        with self._session(known) as session:
            address, _ = session.create_authorization_url(
                known["authorization_endpoint"], state=away.state, nonce=away.nonce, code_verifier=away.verifier
            )  # fmt: skip
        return str(address), away

    def come_back(self, away: Departure, answer: Mapping[str, str]) -> Arrival:
        """Who the provider says it is. `answer`: what it sent back with the browser. Raises Invalid, Busy."""
        known = self._metadata()
        if not secrets.compare_digest(answer.get("state", "").encode(), away.state.encode()):
            raise Invalid(self._say(NOT_BELIEVED))
        said_by = answer.get("iss")  # RFC 9207: another provider's answer is not taken for this one's
        if said_by != self.issuer and (said_by or known.get("authorization_response_iss_parameter_supported")):
            raise Invalid(self._say(NOT_BELIEVED))
        if not answer.get("code"):
            raise Invalid(self._say(DENIED))
        with self._session(known) as session:
            claims = self._claims(session, known, away, answer["code"])
            told = self._told(session, known, claims)
        return Arrival(
            issuer=self.issuer, subject=claims["sub"], name=_name(told), email=_email(told),
            at=int(clock.now().timestamp() * 1000), next=away.next, person_id=away.person_id,
        )  # fmt: skip

    def _claims(self, session: Any, known: Mapping[str, Any], away: Departure, code: str) -> Mapping[str, Any]:
        """The claims of the ID token that this code stands for, once all of it is checked."""
        try:
            token = session.fetch_token(
                known["token_endpoint"], code=code, code_verifier=away.verifier, grant_type="authorization_code",
                allow_redirects=False,
            )  # fmt: skip
            keys = KeySet.import_key_set(cast(Any, self._fetch(known["jwks_uri"])))
            read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
            asked = {"nonce": away.nonce, "client_id": self.client_id, "access_token": token.get("access_token")}
            wanted = {"iss": {"value": self.issuer}, "aud": {"value": self.client_id}}
            claims = CodeIDToken(read.claims, read.header, wanted, asked)
            claims.validate(now=int(clock.now().timestamp()), leeway=CLOCKS_DIFFER)
        except requests.RequestException:
            raise Busy(self._say(NOT_HERE)) from None
        except AuthlibBaseError:
            raise Invalid(self._say(USED_UP)) from None
        except (JoseError, ValueError, KeyError, TypeError, AttributeError):
            raise Invalid(self._say(NOT_BELIEVED)) from None
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise Invalid(self._say(NOT_BELIEVED))
        return dict(claims)

    def _told(self, session: Any, known: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Name and address, which many providers tell only when asked. Without them somebody types them herself."""
        address = known.get("userinfo_endpoint")
        if claims.get("email") or not address:
            return claims
        try:
            told = session.get(address, timeout=SECONDS, allow_redirects=False).json()
            return {**claims, **told} if told.get("sub") == claims["sub"] else claims
        except (requests.RequestException, AuthlibBaseError, ValueError, AttributeError, TypeError):
            return claims

    def _metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself."""
        with self._lock:
            if self._known_at is None or clock.now() - self._known_at > KEPT:
                found = self._fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer or not all(self._is_safe(found.get(name)) for name in ENDPOINTS):
                    raise Busy(self._say(NOT_HERE))
                self._known, self._known_at = found, clock.now()
            return self._known

    def _is_safe(self, address: object) -> bool:
        """Whether this can be the address of something at the provider: as well protected as the provider itself."""
        return isinstance(address, str) and address.startswith(("https://", self.issuer.partition("://")[0] + "://"))

    def _fetch(self, address: str) -> dict[str, Any]:
        """A JSON object of the provider's. Raises Busy."""
        try:
            with requests.get(address, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
                answer.raise_for_status()
                content = answer.raw.read(LARGEST, decode_content=True)
                found = json.loads(content)
        except (requests.RequestException, ValueError, OSError):
            raise Busy(self._say(NOT_HERE)) from None
        if not isinstance(found, dict):
            raise Busy(self._say(NOT_HERE))
        return found

    def _session(self, known: Mapping[str, Any]) -> Any:
        """A client of the provider's, which shows our secret in a way that it takes."""
        taken = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return OAuth2Session(
            self.client_id, self.client_secret, scope=SCOPE, redirect_uri=self.comes_back_to,
            code_challenge_method="S256", default_timeout=SECONDS,
            token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in taken else "client_secret_post",
        )  # fmt: skip

    def _say(self, sentence: str) -> str:
        return sentence.format(name=self.name)


def _name(told: Mapping[str, Any]) -> str:
    """What to call somebody, as far as the provider says it."""
    name = told.get("name") or told.get("preferred_username") or ""
    return re.sub(r"\s+", " ", normalise(name))[:LONGEST_NAME].strip() if isinstance(name, str) else ""


def _email(told: Mapping[str, Any]) -> str:
    """An address for the form, as far as the provider says one; it proves nothing."""
    try:
        return email_address(told["email"])
    except (Invalid, KeyError, AttributeError, TypeError):
        return ""
