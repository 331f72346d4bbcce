"""Mail: a job in the writer's transaction, rendered and addressed when it is sent."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

from . import clock
from .jobs import job, later

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def send_later(template: str, to: str, *, dedupe_key: str | None = None, **values: Any) -> None:
    """Queue the mail `mail/<template>.txt` to an address; `values` must fit into JSON."""
    later("mail.send", {"template": template, "to": to, "values": values}, dedupe_key=dedupe_key)


def one_line(text: str, longest: int = 200) -> str:
    """Text that may stand in a header: no control characters, no line breaks."""
    return CONTROLS.sub(" ", text).strip()[:longest]


def link(endpoint: str, **values: Any) -> str:
    """The absolute address of a page under CONSULT_PUBLIC_URL; mail templates have it as `link`."""
    parts = urlsplit(current_app.extensions["consult.settings"].public_url)
    urls = current_app.url_map.bind(parts.netloc, parts.path or "/", url_scheme=parts.scheme)
    return urls.build(endpoint, values, force_external=True)


def written(template: str, values: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of the mail `mail/<template>.txt`, whose first line is the subject."""
    site = current_app.extensions["consult.settings"]
    text = render_template(f"mail/{template}.txt", site=site, link=link, **values)
    subject, _, body = text.strip().partition("\n")
    return one_line(subject.removeprefix("Subject:")), body.strip() + "\n"


def compose(template: str, to: str, values: dict[str, Any], message_id: str) -> EmailMessage:
    """Render a mail."""
    subject, body = written(template, values)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = current_app.extensions["consult.settings"].mail_from
    message["To"] = one_line(to)
    message["Date"] = clock.now()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


@job("mail.send")
def send(payload: dict[str, Any]) -> None:
    """Send one queued mail, by SMTP or into the instance folder."""
    deliver(payload["template"], payload["to"], payload["values"], payload["job"])


def deliver(template: str, to: str, values: dict[str, Any], number: int) -> None:
    """Render and send one mail now, from a job; `number` is the job's. For mails whose words are read when sent."""
    settings = current_app.extensions["consult.settings"]
    message = compose(template, to, values, f"<{number}.{settings.host}@consult>")
    if settings.mail_url:
        _send_by_smtp(settings.mail_url, message)
    else:
        _write(settings.folder / "mail", number, message)


def _write(folder: Path, number: int, message: EmailMessage) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / f"{number:08d}.eml").write_bytes(message.as_bytes())


def _send_by_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    context = ssl.create_default_context()
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=20)
    with server:
        if parts.scheme == "smtp" and parts.username:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message, from_addr=parseaddr(message["From"])[1])
