"""What a mail says, whatever was done to it: `.eml` (RFC 5322) and mbox. Pure: bytes in, words and attachments out.

The standard library cuts it into parts, by its older policy: the newer one took more than 12 seconds for one header
with 20,000 parameters. Where it stumbles over a header or a character set, that one thing is left out or read plainly,
and the rest is kept. What cannot be a mail is Invalid with a sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape
from typing import TypeVar

from consult.core.errors import Invalid
from consult.core.records import Record
from consult.core.text import normalise

T = TypeVar("T")
MOST_BOUNDARIES = 40  # a mail that was forwarded five times with its attachments has about fifteen
MOST_PARTS = 200
MOST_MAILS = 100  # of one mbox
LONGEST_WORDS = 200_000  # characters of its text, as of a letter
LONGEST_HEADER = 400
SHOWN = ("From", "Sender", "Reply-To", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To")
# These codecs are no character sets of mails, and take quadratic time or make text out of escapes.
NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
HEADER = re.compile(rb"^[!-9;-~]+:", re.MULTILINE)
# A header about a part that no mail program writes so long; the library's time grows with the square of its length.
ENDLESS = re.compile(rb"^content-[a-z-]+:(?:[^\n]|\n[ \t]){8000}", re.IGNORECASE | re.MULTILINE)
LONGEST_RAW = 2_000  # characters of a header that are looked at
# Each alternative ends at the next "<" or takes the whole rest, so that the time grows with the length of the page.
TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)|</?([a-z][a-z0-9]*+)[^<>]*>|([^<]+|<)",
    re.IGNORECASE | re.DOTALL,
)
BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr"})
LINES = frozenset({"br", "li", "tr"})
NO_MAIL = "This is no mail. In your mail program choose “Save as” (.eml) or “Export” (mbox), and send that file."
TOO_DEEP = "This mail is nested too deep or has endless headers, so it cannot be read. Save the message that matters by itself, and send that."


class Enclosed(Record):
    """A file that came with a mail."""

    name: str
    data: bytes


class ReadMail(Record):
    """A mail as staff look at it; what is not there is empty."""

    subject: str
    sender: str
    address: str
    sent_at: datetime | None
    message_id: str
    headers: str  # the ones that matter, one a line
    text: str
    enclosed: tuple[Enclosed, ...]
    remarks: tuple[str, ...]


def split(data: bytes) -> list[bytes]:
    """The mails of a file: those of an mbox, or the one it is. Invalid beyond MOST_MAILS."""
    if not data.startswith(b"From "):
        return [data]
    plain = data.replace(b"\r\n", b"\n")
    mails = [part.partition(b"\n")[2] for part in re.split(rb"(?:\A|\n\n)From (?=[^\n]*\d{4})", plain) if part.strip()]
    if len(mails) > MOST_MAILS:
        raise Invalid(f"This file holds {len(mails):,} mails; {MOST_MAILS} at once are the most.", "mails")
    return [re.sub(rb"^>(>*From )", rb"\1", mail, flags=re.MULTILINE) for mail in mails]


def read(data: bytes) -> ReadMail:
    """One mail; Invalid with a sentence where the bytes are none."""
    head = data[:100_000].replace(b"\r\n", b"\n").lstrip().partition(b"\n\n")[0]
    if len(HEADER.findall(head)) < 2 or b"\x00" in head:
        raise Invalid(NO_MAIL, "mails")
    if ENDLESS.search(data) or data.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise Invalid(TOO_DEEP, "mails")
    try:
        message = BytesParser().parsebytes(data.lstrip())
        parts = list(_leaves(message))
    except RecursionError:
        raise Invalid(TOO_DEEP, "mails") from None
    remarks: list[str] = []
    words = _text(parts, remarks)
    sender, address = _sender(message)
    return ReadMail(
        subject=_header(message, "Subject"), sender=sender, address=address, sent_at=_sent(message),
        message_id=_header(message, "Message-ID"), headers=_headers(message), text=words,
        enclosed=tuple(_enclosed(parts)), remarks=tuple(remarks),
    )  # fmt: skip


def _tried(reads: Callable[[], T], otherwise: T) -> T:
    """What `reads` gives. The library's parser of headers has raised a dozen kinds of errors over the years."""
    try:
        return reads()
    except Exception:  # one header or part of a mail somebody else wrote; the rest is read all the same
        return otherwise


def _header(message: Message, name: str) -> str:
    raw = _tried(lambda: str(message.get(name) or ""), "")[:LONGEST_RAW]
    return normalise(" ".join(_decoded_header(raw).split()))[:LONGEST_HEADER]


def _decoded_header(raw: str) -> str:
    """A header with its encoded words (RFC 2047) read; as it is where they cannot be."""
    plain = raw.encode("utf-8", "replace").decode()
    return _tried(lambda: str(make_header(decode_header(plain))), plain).encode("utf-8", "replace").decode()


def _headers(message: Message) -> str:
    lines = [(name, _header(message, name)) for name in SHOWN]
    return "\n".join(f"{name}: {value}" for name, value in lines if value)


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of who wrote it."""
    written = _header(message, "From")
    name, address = _tried(lambda: parseaddr(written), ("", ""))
    return normalise(name)[:200], address[:254] if "@" in address and " " not in address else ""


def _sent(message: Message) -> datetime | None:
    moment = _tried(lambda: parsedate_to_datetime(_header(message, "Date")), None)
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _tried(lambda: aware.astimezone(UTC), None)


def _leaves(message: Message) -> Iterator[Message]:
    """Every part that holds something; a mail within is one part."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Invalid(TOO_DEEP, "mails")
        inner = part.get_payload() if part.is_multipart() and _kind(part) != "message/rfc822" else None
        if isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


def _kind(part: Message) -> str:
    return _tried(part.get_content_type, "application/octet-stream")


def _file_name(part: Message) -> str:
    return normalise(_decoded_header(_tried(lambda: str(part.get_filename() or ""), "")[:LONGEST_RAW]))


def _is_enclosed(part: Message) -> bool:
    is_named = _tried(lambda: part.get_content_disposition() == "attachment", False) or bool(_file_name(part))
    return is_named or not _kind(part).startswith("text/")


def _text(parts: list[Message], remarks: list[str]) -> str:
    """The words: the plain ones, else those of the page it is."""
    shown = [part for part in parts if not _is_enclosed(part)]
    plain = [_decoded(part) for part in shown if _kind(part) == "text/plain"]
    words = "\n\n".join(text for text in plain if text.strip())
    if not words:
        words = "\n\n".join(plain_text(_decoded(part)) for part in shown if _kind(part) == "text/html")
        if words:
            remarks.append("This mail has no plain text; its words were taken out of the page it is.")
    if len(words) > LONGEST_WORDS:
        remarks.append(
            f"Only the first {LONGEST_WORDS:,} characters of this mail were taken; the whole is kept as a file."
        )
    return normalise(words[:LONGEST_WORDS])


def _decoded(part: Message) -> str:
    data = _payload(part)
    charset = _tried(lambda: str(part.get_content_charset() or "utf-8"), "utf-8").replace("-", "_").lower()
    for name in (charset, "utf_8"):
        if name not in NO_CHARSETS:
            try:
                return data.decode(name)
            except (LookupError, ValueError):
                continue
    return data.decode("cp1252", "replace")


def _payload(part: Message) -> bytes:
    data: object = _tried(lambda: part.get_payload(decode=True), None)
    return data if isinstance(data, bytes) else b""


def _enclosed(parts: list[Message]) -> Iterator[Enclosed]:
    for part in parts:
        if _kind(part) == "message/rfc822":
            inner = _tried(functools.partial(_mail_within, part), b"")
            if inner:
                yield Enclosed(_file_name(part) or "mail.eml", inner)
        elif _is_enclosed(part) and (data := _payload(part)):
            yield Enclosed(_file_name(part) or "attachment", data)


def _mail_within(part: Message) -> bytes:
    inner = part.get_payload(0)
    return inner.as_bytes() if isinstance(inner, Message) else b""


def plain_text(page: str) -> str:
    """The words of a page as paragraphs; nothing of it is ever shown as a page."""
    pieces: list[str] = []
    for token in TOKEN.finditer(page[: 3 * LONGEST_WORDS]):
        tag, words = token[2], token[3]
        if words:
            pieces.append(unescape(words).replace("\n", " "))
        elif tag and tag.lower() in BLOCKS:
            pieces.append(("" if token[0].startswith("</") else "\n") if tag.lower() in LINES else "\n\n")
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
