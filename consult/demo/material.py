"""What takes time before anything is written: texts are cut into clauses, passwords are made and hashed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from consult.accounts.passwords import hash_password
from consult.core.records import Record
from consult.documents import importers
from consult.documents.parsed import ParsedDraft
from consult.exchange.importers import READERS
from consult.exchange.importers.table import CommentFile

from . import script
from .script import DATA, DemoConsultation, DemoVersion, Script

Tell = Callable[[str], None]  # says what is being done, for the progress shown to the operator
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
GROUPS, LETTERS = 4, 4  # 16 letters of 31: 79 bits
PROFILE = "oasis-log"


class Text(Record):
    """One version of a draft, cut into clauses."""

    version: DemoVersion
    source: bytes
    parsed: ParsedDraft


class Log(Record):
    """The comments of the public review, and the file they came in."""

    name: str
    sha256: str
    file: CommentFile


class Material(Record):
    """Everything the demo is made of."""

    script: Script
    act: tuple[Text, ...]
    csaf: tuple[Text, ...]
    rules: tuple[Text, ...]
    terms: tuple[Text, ...]
    log: Log
    passwords: dict[str, str]  # by a person's key; shown once, stored nowhere
    hashes: dict[str, str]


def prepare(tell: Tell) -> Material:
    """Read, parse and hash, outside of any transaction."""
    tell("Reading the script")
    play = script.read()
    act = tuple(_text("eu-ai-act", play.act, version, tell) for version in play.act.version)
    csaf = tuple(_text("csaf-2.1", play.csaf, version, tell) for version in play.csaf.version)
    rules = tuple(_text("open-model-documentation", play.rules, version, tell) for version in play.rules.version)
    terms = tuple(_text("terms-for-buyers", play.terms, version, tell) for version in play.terms.version)
    data = (DATA / "csaf-2.1" / play.csaf.log).read_bytes()
    log = Log(play.csaf.log, _sha256(data), READERS[PROFILE](data))
    tell("Making passwords")
    passwords = {person.key: new_password() for person in play.people.person}
    hashes = {key: hash_password(password) for key, password in passwords.items()}
    return Material(play, act, csaf, rules, terms, log, passwords, hashes)


def new_password() -> str:
    """A password that can be read aloud and typed: "k7qm-x2fa-…"."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def _text(folder: str, consultation: DemoConsultation, version: DemoVersion, tell: Tell) -> Text:
    tell(f"Reading {consultation.title}, {version.name}")
    data = (DATA / folder / version.file).read_bytes()
    return Text(version, data, importers.take(data=data, name=version.file).parsed)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
