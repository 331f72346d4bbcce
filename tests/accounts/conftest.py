"""Tests of accounts can read the mail that was sent."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from consult.core.db import db
from consult.core.jobs import run_due
from consult.settings import Settings

Mails = Callable[[], list[EmailMessage]]


@pytest.fixture
def mails(app: Flask, settings: Settings) -> Mails:
    """`mails()` sends what waits, and gives all mail of this test, oldest first."""

    def read() -> list[EmailMessage]:
        with app.app_context():
            run_due()
            db.session.remove()
        paths = sorted(Path(settings.instance).glob("mail/*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]  # type: ignore[misc]

    return read


def way_in(mail: EmailMessage) -> str:
    """The path of the link in a mail."""
    found = re.search(r"^http://localhost(/\S+)\s*$", mail.get_content(), re.M)
    assert found, mail.get_content()
    return found[1]
