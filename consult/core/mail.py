"""Mail: a job in the writer's transaction, rendered and addressed when it is sent."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import traceback
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

from . import clock
from .jobs import PAUSE, NotNow, job, later
from .records import Record

AWAY = "consult.mail_server_away_until"
LONGEST_SILENCE = 20  # s
LONGEST_TALK = 60  # s, for one mail
ENDING = "List-Unsubscribe"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Foot(Record):
    """What stands below a mail that one can end: why it came, and the link that ends mails of its kind."""

    why: str
    url: str


class _WholeLinks(EmailPolicy):
    """Python folds a long link in a header into encoded words, which no mail program reads as a link: leave it whole."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}\r\n" if name == ENDING else str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name == ENDING else super().fold_binary(name, value)


POLICY = _WholeLinks(linesep=SMTP.linesep)


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


def compose(template: str, to: str, values: dict[str, Any], message_id: str, foot: Foot | None = None) -> EmailMessage:
    """Render a mail; with a `foot` mail programs can end it by one click (RFC 8058)."""
    subject, body = written(template, values)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    message["From"] = current_app.extensions["consult.settings"].mail_from
    message["To"] = one_line(to)
    message["Date"] = clock.now()
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if foot:
        message[ENDING] = f"<{foot.url}>"
        message[f"{ENDING}-Post"] = f"{ENDING}=One-Click"
        body += f"\n-- \n{foot.why}\n{foot.url}\n"
    message.set_content(body)
    return message


@job("mail.send")
def send(payload: dict[str, Any]) -> None:
    """Send one queued mail, by SMTP or into the instance folder."""
    deliver(payload["template"], payload["to"], payload["values"], payload["job"])


def deliver(template: str, to: str, values: dict[str, Any], number: int, foot: Foot | None = None) -> None:
    """Render and send one mail now, from a job; `number` is the job's. For mails whose words are read when sent."""
    settings = current_app.extensions["consult.settings"]
    message = compose(template, to, values, f"<{number}.{settings.host}@consult>", foot)
    if settings.mail_url:
        _send_by_smtp(settings.mail_url, message)
    else:
        _write(folder(), number, message)


def folder() -> Path:
    """Where mail is written that is not sent."""
    path: Path = current_app.extensions["consult.settings"].folder / "mail"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _write(place: Path, number: int, message: EmailMessage) -> None:
    (place / f"{number:08d}.eml").write_bytes(message.as_bytes())


def _send_by_smtp(url: str, message: EmailMessage) -> None:
    """Raises NotNow where there is no server to talk to, and whatever smtplib says where it refuses this mail."""
    mark, moment = current_app.extensions, clock.now()
    if moment < mark.get(AWAY, moment) <= moment + PAUSE:
        raise NotNow("MailServerAway: it did not answer a moment ago")
    try:
        server = _connected(url)
    except (OSError, smtplib.SMTPException) as problem:
        mark[AWAY] = clock.now() + PAUSE
        raise NotNow("".join(traceback.format_exception_only(problem)).strip()) from problem
    hang_up = threading.Timer(LONGEST_TALK, _cut, (server,))
    hang_up.daemon = True
    hang_up.start()
    try:
        server.send_message(message, from_addr=parseaddr(message["From"])[1])
        with suppress(OSError, smtplib.SMTPException):  # it has the mail, whatever becomes of the goodbye
            server.quit()
    except (TimeoutError, smtplib.SMTPServerDisconnected) as problem:
        if isinstance(problem, TimeoutError) or "timed out" in str(problem):  # as smtplib says it
            mark[AWAY] = (
                clock.now() + PAUSE
            )  # it may be this mail, which counts; others do not wait in line for the same
        raise
    finally:
        hang_up.cancel()
        server.close()


def _connected(url: str) -> smtplib.SMTP:
    """A server that greeted us, and knows us where it wants to."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=LONGEST_SILENCE, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=LONGEST_SILENCE)
    try:
        if parts.scheme == "smtp" and parts.username:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _cut(server: smtplib.SMTP) -> None:
    """One that says a letter now and then holds up everybody's mail."""
    with suppress(OSError):
        if server.sock is not None:
            server.sock.shutdown(socket.SHUT_RDWR)
