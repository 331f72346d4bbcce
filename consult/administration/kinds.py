"""Jobs in words: what each kind does, and why one failed, without anything about people."""

from __future__ import annotations

import re

KINDS = {
    "mail.send": "Send a mail",
    "accounts.mail_link": "Send a link that confirms an address or sets a password",
    "accounts.mail_domain_link": "Send a link that proves the domain of an organisation",
    "notices.mail": "Send a notice by mail",
    "notices.digest": "Send a daily or weekly mail",
    "notices.fan_out": "Tell the next readers",
    "consultations.clock": "Open or close a consultation at its time",
    "moderation.receipt": "Send the receipt for what came by mail or on paper",
    "moderation.find_campaigns": "Look for comments that share a text",
    "outcomes.pdf": "Make the PDF of a standard",
    "debate.carry": "Carry comments to the next draft",
    "debate.opinions": "Look for groups of opinion",
    "privacy.copy": "Make a copy of somebody’s data",
    "privacy.erase": "Erase somebody whose day has come",
    "privacy.fade": "Forget what is old",
}
DISCARDED = "discarded"  # stands in place of an error
MAILS = (
    "mail.send", "accounts.mail_link", "accounts.mail_domain_link", "notices.mail", "notices.digest",
    "moderation.receipt",
)  # fmt: skip
ADDRESS = re.compile(r"(?<![^\s<>'\"(){}\[\],;:@])[^\s<>'\"(){}\[\],;:@]++@[^\s<>'\"(){}\[\],;:]++")
REPLY = re.compile(r"(?:\(|: )(\d{3}), b?['\"](.*?)['\"](?:,|\))", re.DOTALL)
FAILURES = (
    ("SMTPRecipientsRefused", "The mail server did not take this address"),
    ("SMTPSenderRefused", "The mail server did not take our own address; look at CONSULT_MAIL_FROM"),
    ("SMTPAuthenticationError", "The mail server refused our name or password; look at CONSULT_MAIL_URL"),
    ("SMTPDataError", "The mail server did not take the mail"),
    ("SMTPServerDisconnected", "The mail server hung up"),
    ("SMTPNotSupportedError", "The mail server cannot do what we asked"),
    ("SMTP", "The mail server said no"),
    ("MailServerAway", "The mail server does not answer; it is asked again each minute"),
    ("ConnectionRefusedError", "Nothing answers at the address of the mail server, or of another service"),
    ("gaierror", "The name of a server was not found"),
    ("SSL", "The certificate of a server was not right"),
    ("TimeoutError", "A server did not answer in time"),
    ("OperationalError", "The database was not there, or busy for too long"),
    ("OSError", "A file could not be read or written; look whether the disk is full"),
    ("FileNotFoundError", "A file is missing"),
    ("KeyError", "This version of Consult does not know this kind of job, or a part of it"),
    ("MemoryError", "There was not enough memory"),
)


def in_words(kind: str) -> str:
    """What a kind of jobs does."""
    return KINDS.get(kind, kind)


def masked(address: str) -> str:
    """An address as one recognises it without learning it: a…@example.org."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if name else "…"


def why(error: str | None) -> str:
    """Why a job failed. What a mail server answered is kept, without addresses; of other failures only their kind."""
    if not error:
        return ""
    kind = error.partition(":")[0].rsplit(".", 1)[-1].strip()
    words = next((told for name, told in FAILURES if kind.startswith(name) or kind.endswith(name)), "")
    if "SMTP" in kind and (reply := REPLY.search(error)):
        answer = ADDRESS.sub(lambda found: masked(found[0]), reply[2]).replace("\\n", " ")
        return f"{words}: “{reply[1]} {answer[:200]}”."
    return f"{words} ({kind})." if words else f"It failed ({kind}). The log of the worker says more."
