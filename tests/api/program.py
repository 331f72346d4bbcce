"""A program: asks with a token, and reads JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from consult.accounts.models import Person
from consult.api import tokens
from consult.api.models import ApiToken
from consult.api.scopes import SCOPES
from consult.core import clock, ids
from tests.make import Make


def give(make: Make, person: Person, *scopes: str, **values: Any) -> str:
    """A token of this person with these scopes, none said: all."""
    token = tokens.new()
    row = {
        "digest": tokens.digest(token, make.app.config["SECRET_KEY"]), "start": tokens.start(token), "name": "Test",
        "person_id": person.id, "made_by_id": person.id, "scopes": " ".join(scopes or SCOPES),
        "expires_at": clock.now() + timedelta(days=90),
    }  # fmt: skip
    make.row(ApiToken(**row | values))
    return token


class Program:
    """Asks below /api/v1; `token` none: as everybody."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, path: str, method: str = "GET", status: int = 200, *, key: str = "", **options: Any) -> Any:
        """The answer, whose status is checked; a key is made up for what is posted."""
        headers = self.headers | options.pop("headers", {})
        if method != "GET":
            headers["Idempotency-Key"] = key or ids.new_key()
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)
        assert answer.status_code == status, (answer.status_code, answer.get_data(as_text=True))
        if status >= 400:
            assert answer.content_type == "application/problem+json"
            assert answer.json["detail"]
            assert answer.json["status"] == status
        return answer

    def post(self, path: str, status: int = 201, *, key: str = "", **body: Any) -> Any:
        """Post JSON."""
        return self.ask(path, "POST", status, key=key, json=body)
