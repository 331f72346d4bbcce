"""How many statements something costs, the mails that were sent, and a notice by hand."""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask

from consult.core.jobs import run_due
from consult.debate.models import Comment
from consult.notices.models import Notice
from consult.settings import Settings
from tests.debate.conftest import statements
from tests.make import Make

__all__ = ["Mail", "Post", "commented", "post", "statements"]

FOOT = "\n-- \n"


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived; what stands below the two dashes is its `foot`."""

    to: str
    subject: str
    text: str
    foot: str
    raw: EmailMessage

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)


Post = Callable[[], list[Mail]]


@pytest.fixture
def post(inside: Flask, settings: Settings) -> Post:
    """Does all jobs; returns the mails that came since the last call, in the order of their jobs."""

    def deliver() -> list[Mail]:
        while run_due():
            pass
        return arrived(settings)

    return deliver


def arrived(settings: Settings) -> list[Mail]:
    """The mails in the folder, which is empty afterwards."""
    paths = sorted(Path(settings.instance).glob("mail/*.eml"))
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    for path in paths:
        path.unlink()
    return [_mail(m) for m in found]  # type: ignore[arg-type]


def _mail(message: EmailMessage) -> Mail:
    body = message.get_body(("plain",))
    assert body is not None
    text, _, foot = body.get_content().replace("\r\n", "\n").partition(FOOT)
    return Mail(str(message["To"]), str(message["Subject"]), text, foot, message)


def commented(make: Make, person_id: int, comment: Comment, **values: object) -> Notice:
    """A line in somebody's inbox: a comment where she follows."""
    given = {
        "person_id": person_id, "consultation_id": comment.consultation_id, "kind": "followed", "what": "commented",
        "about": comment.id, "event": f"comment {comment.id}",
    } | values  # fmt: skip
    return make.row(Notice(**given))
