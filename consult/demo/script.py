"""The demo's script, read from its data files: who there is, what is asked, who says what. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from consult.core.records import Record

DATA = Path(__file__).parent / "data"
T = TypeVar("T")


class DemoOrganisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invented organisation; `key` names it in these files only."""

    key: str
    name: str
    category: str
    size: str = ""
    note: str = ""


class DemoPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invented person. `of`: the organisation spoken for; `does`: a role on every consultation."""

    key: str
    name: str
    category: str
    of: str = ""
    is_signatory: bool = False
    is_administrator: bool = False
    interest: str = ""
    does: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example.org"


class People(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everybody in the demo."""

    organisation: list[DemoOrganisation]
    person: list[DemoPerson]


class DemoPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    name: str
    definition: str


class DemoVersion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version of the draft: a file beside the script."""

    name: str
    file: str
    change_note: str = ""
    published_on: str = ""


class DemoStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of the summary; `items` are the log's numbers of the comments it rests on."""

    section: str
    text: str
    items: list[int]
    is_minority: bool = False


class DemoConsultation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is asked, by whom, on which text."""

    slug: str
    title: str
    summary: str
    scope: str
    notice: str
    organiser: str = ""  # key of a demo organisation
    organiser_name: str = ""  # when the organiser is none of ours
    timezone: str = "UTC"
    language: str = "en"
    topics: list[str] = []
    co_organisers: list[str] = []
    questions: list[str] = []
    position: list[DemoPosition]
    version: list[DemoVersion]
    opened: str = ""
    closed: str = ""
    answered: str = ""  # when the last answer was given
    log: str = ""
    headline: str = ""
    statement: list[DemoStatement] = []


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply, and the replies to it."""

    by: str
    body: str
    positions: list[str] = []
    reply: list[Said] = []


class Reported(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: str
    rule: str
    text: str


class Hidden(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: str
    rule: str
    passage: str
    reason: str


class DemoComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment with what follows it.

    `quote`: words of its clause it is about; `first`: what it said before its edit; `edit`: pairs of old and new words;
    `named`: how much of the author's name is shown.
    """

    id: str
    by: str
    on: list[str]
    body: str
    positions: list[str]
    stance: str
    type: str
    costs: list[str] = []
    quote: list[str] = []
    must: bool = False
    named: str = "name"
    first: str = ""
    edit: list[tuple[str, str]] = []
    reply: list[Said] = []
    agree: str = ""
    disagree: str = ""
    pass_: str = msgspec.field(name="pass", default="")
    cosign: str = ""
    withdrawn: bool = False
    reported: Reported | None = None
    hidden: Hidden | None = None

    def votes(self) -> Iterator[tuple[str, str]]:
        """(who, choice), in the order of the file."""
        for choice, names in (("agree", self.agree), ("disagree", self.disagree), ("pass", self.pass_)):
            yield from ((name, choice) for name in names.split())

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the quoted words are in the clause; each must be there exactly once."""
        for words in self.quote:
            if text.count(words) != 1:
                raise ValueError(f"comment {self.id}: the clause does not say {words!r} once")
            yield text.index(words), text.index(words) + len(words)

    def new_text(self, old: str) -> str | None:
        """The clause's words with the proposed ones in place; None when nothing is proposed."""
        if not self.edit:
            return None
        for before, after in self.edit:
            if before not in old:
                raise ValueError(f"comment {self.id}: the clause does not say {before!r}")
            old = old.replace(before, after, 1)
        return old


class DemoQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    question: str
    answer: str


class DemoTerm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term; `clause` is the number of the one that defines it."""

    name: str
    clause: str
    explanation: str
    variants: list[str] = []


class DemoResource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something for the shelf. Those who run the consultation put it there; of others it is a proposal."""

    by: str
    kind: str
    title: str
    url: str
    licence: str
    language: str
    description: str
    accepted_by: str = ""
    declined: str = ""  # the reason


class DemoLearning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What helps to understand a draft."""

    guide: str
    question: list[DemoQuestion]
    term: list[DemoTerm]
    resource: list[DemoResource]


class DemoPiece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a comment cut from a letter argues from; its words and clauses come from the letter."""

    positions: list[str]
    stance: str
    type: str = "general"
    costs: list[str] = []


class DemoLetter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole letter; without pieces it is handed over to the moderators."""

    by: str
    title: str
    body: str
    piece: list[DemoPiece] = []


class DemoArrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What came on paper, or by mail: then `mail` has its sender and words. `claimed_by`: its sender, who has an account."""

    source: str
    days_ago: int
    mail: str = ""
    sender: str = ""
    category: str
    address: str = ""
    is_name_public: bool
    body: str = ""
    clauses: str
    positions: list[str]
    stance: str
    note: str = ""
    is_checked: bool = False
    claimed_by: str = ""


class _Arrivals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    arrival: list[DemoArrival]


class _Letters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    letter: list[DemoLetter]


class _Comments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    comment: list[DemoComment]


class Script(Record):
    """Everything the demo plays."""

    people: People
    act: DemoConsultation
    comments: tuple[DemoComment, ...]
    letters: tuple[DemoLetter, ...]
    arrivals: tuple[DemoArrival, ...]
    learning: DemoLearning
    csaf: DemoConsultation
    rules: DemoConsultation  # short, invented, adopted
    terms: DemoConsultation  # short, invented, private
    said_inside: tuple[DemoComment, ...]  # there


def read() -> Script:
    """The whole script; a mistake in a data file is told with its place."""
    files = sorted((DATA / "eu-ai-act").glob("comments-*.toml"))
    comments = [comment for file in files for comment in _read(file, _Comments).comment]
    return Script(
        people=_read(DATA / "people.toml", People),
        act=_read(DATA / "eu-ai-act" / "consultation.toml", DemoConsultation),
        comments=tuple(comments),
        letters=tuple(_read(DATA / "eu-ai-act" / "letters.toml", _Letters).letter),
        arrivals=tuple(_read(DATA / "eu-ai-act" / "intake.toml", _Arrivals).arrival),
        learning=_read(DATA / "eu-ai-act" / "learning.toml", DemoLearning),
        csaf=_read(DATA / "csaf-2.1" / "consultation.toml", DemoConsultation),
        rules=_read(DATA / "open-model-documentation" / "consultation.toml", DemoConsultation),
        terms=_read(DATA / "terms-for-buyers" / "consultation.toml", DemoConsultation),
        said_inside=tuple(_read(DATA / "terms-for-buyers" / "comments.toml", _Comments).comment),
    )


def _read(path: Path, kind: type[T]) -> T:
    raw: Any = tomllib.loads(path.read_text("utf-8"))
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as problem:
        raise ValueError(f"{path.name}: {problem}") from None
