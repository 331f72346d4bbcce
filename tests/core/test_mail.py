"""Mail: queued with its cause, rendered when sent, never a second header smuggled in."""

from __future__ import annotations

import email
from email.policy import default
from pathlib import Path

from flask import Flask, render_template_string

from consult.core.db import write_transaction
from consult.core.jobs import run_due
from consult.core.mail import link, one_line, send_later
from consult.settings import Settings
from tests.make import Make


def test_a_header_has_one_line() -> None:
    assert one_line("Hello\r\nBcc: all@example.org\u2028x") == "Hello Bcc: all@example.org x"
    assert len(one_line("x" * 999)) == 200


def test_mail_is_written_where_there_is_no_server(inside: Flask, make: Make, settings: Settings) -> None:
    with write_transaction():
        send_later("accounts/email_changed", "ada@example.org\r\nBcc: all@example.org", name="Ada", new_email="x@y.org")
    run_due()
    (path,) = Path(settings.instance).glob("mail/*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["Bcc"] is None
    assert message["Subject"]
    assert message["Auto-Submitted"] == "auto-generated"


def test_mail_leads_to_the_public_address(inside: Flask) -> None:
    assert link("debate.comment", slug="act", number="P1-001") == "http://localhost/c/act/comments/P1-001"


def test_a_mail_is_rendered_without_a_reader(inside: Flask) -> None:
    assert render_template_string("{{ site.site_name }}") == "Consult"
