"""An OpenID provider that says what a test wants, right or wrong, over real HTTP. It checks PKCE, secret and codes."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT, SECRET = "consult", "a secret of thirty-two characters and more"
KEYS = [RSAKey.generate_key(2048, {"kid": f"key {n}", "use": "sig"}) for n in range(2)]
Change = Callable[[dict[str, Any]], None]


class LooseProvider:
    """What it hands out is right unless a test changes it: `claims`, `header`, `metadata` are told to change theirs."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.metadata: dict[str, Any] = {}
        self.is_down = False
        self.leads_to = ""  # another address, for whatever it is asked
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.answer(self, {})

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, dict(parse_qsl(sent)))

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, to: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        path = urlsplit(to.path).path
        self.asked.append(path)
        known: dict[str, Callable[[], tuple[int, Any]]] = {
            "/.well-known/openid-configuration": lambda: (200, self.said_of_itself() | self.metadata),
            "/jwks": lambda: (200, KeySet([KEYS[0]]).as_dict(private=False)),
            "/token": lambda: self._token(form, to.headers.get("Authorization", "")),
            "/userinfo": lambda: (200, {"sub": "bird 7", "email": "asked@example.org", "name": "Asked"}),
        }
        status, content = (503, {}) if self.is_down else known[path]() if path in known else (404, {})
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        to.send_response(302 if self.leads_to else status)
        if self.leads_to:
            to.send_header("Location", self.leads_to)
        to.send_header("Content-Type", "application/json")
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    def said_of_itself(self) -> dict[str, Any]:
        at = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks",
            **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in at.items()},
        }  # fmt: skip

    def agree(self, address: str, change: Change | None = None, **token: Any) -> str:
        """What the browser is sent back with when somebody agrees there. `change`s the claims; `token`: alg, key."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        moment = int(time.time())
        claims = {
            "iss": self.issuer, "sub": "bird 7", "aud": CLIENT, "iat": moment, "exp": moment + 300,
            "nonce": asked["nonce"], "name": "Ada  Bird", "email": "Ada@Example.org", "email_verified": True,
        }  # fmt: skip
        if change is not None:
            change(claims)
        code = f"code {len(self.codes)}"
        self.codes[code] = {"asked": asked, "claims": claims, **token}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Any]:
        given = self.codes.pop(form.get("code", ""), None)
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if given is None or shown != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_grant"}
        if challenge.decode().rstrip("=") != given["asked"]["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        alg, key = given.get("alg", "RS256"), given.get("key", KEYS[0])
        token = given.get("token") or _signed(given["claims"], alg, key, given.get("header", {}))
        return 200, {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": token}


def _signed(claims: dict[str, Any], alg: str, key: Any, more: dict[str, Any]) -> str:
    if alg == "none":
        parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
    if alg == "HS256":
        key = OctKey.import_key(SECRET)
    header = {"alg": alg, **more} | ({"kid": key.kid} if key.kid else {})
    return jwt.encode(header, claims, key, algorithms=[alg])
