"""What comes back, declared once: answers are written by it, OpenAPI says it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from .words import Choice, Code, StanceOrNone, State, StateOfWords


class Problem(Struct, frozen=True):
    """What went wrong (RFC 9457). `detail` is a sentence that says what to do; `field` names what it is about."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    field: str | None = None


class PositionShape(Struct, frozen=True):
    """What a contribution can argue from."""

    key: str
    name: str
    definition: str
    comments: int


class CallShape(Struct, frozen=True):
    """A consultation in a list."""

    slug: str
    title: str
    state: State
    organiser: str
    summary: str
    positions: list[PositionShape]
    page: str
    url: str


class Calls(Struct, frozen=True):
    """A page of consultations."""

    items: list[CallShape]
    total: int
    next: str | None


class RoundShape(Struct, frozen=True):
    """One window for comments."""

    number: int
    comments: int
    organisations: int
    people: int
    published_at: datetime | None


class ConsultationShape(Struct, frozen=True):
    """One consultation."""

    slug: str
    title: str
    state: State
    organiser: str
    co_organisers: list[str]
    language: str
    timezone: str
    summary_html: str
    scope_html: str
    questions: list[str]
    topics: list[str]
    positions: list[PositionShape]
    rounds: list[RoundShape]
    takes_comments: bool
    announced_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None
    response_due_at: datetime | None
    review_ends_at: datetime | None
    published_at: datetime | None
    page: str
    url: str


class VersionShape(Struct, frozen=True):
    """A version of the draft. Once frozen it never changes; `sha256` is of the file as it arrived."""

    number: int
    name: str
    title: str
    round: int | None
    sha256: str
    frozen_at: datetime | None
    change_note: str
    page: str
    url: str


class Versions(Struct, frozen=True):
    """The versions of a draft, newest first."""

    items: list[VersionShape]


class ClauseShape(Struct, frozen=True):
    """A unit of the text. `lineage` is the same in every version; quotations refer to `text`."""

    key: str
    lineage: str
    kind: str
    label: str
    title: str
    text: str
    html: str
    depth: int
    is_heading: bool
    comments: int
    page: str


class Clauses(Struct, frozen=True):
    """A page of the clauses of a version, in the order of the text."""

    items: list[ClauseShape]
    next: str | None


class Speaker(Struct, frozen=True):
    """In whose name something is said. The name of a machine ends with “(machine)”."""

    name: str
    category: str
    organisation: str | None  # slug, where an organisation speaks
    written_by: str | None  # who wrote for it


class PlaceShape(Struct, frozen=True):
    """A clause that a comment is about; no quotes: the clause as a whole."""

    key: str
    name: str
    version: int
    quotes: list[str]


class ChangeShape(Struct, frozen=True):
    """Other words for a clause, as a redline."""

    clause: str
    redline_html: str


class VotesShape(Struct, frozen=True):
    """Votes; counts are null until one has voted or comments are closed."""

    agree: int | None
    disagree: int | None
    passed: int | None
    mine: str | None


class CommentShape(Struct, frozen=True):
    """A comment. Of one that is hidden or withdrawn there is its number, its state and the reason."""

    number: str
    state: StateOfWords
    state_reason: str
    by: Speaker | None
    html: str
    language: str
    stance: StanceOrNone
    type: str
    must_be_satisfied: bool
    positions: list[str]
    costs: list[str]
    places: list[PlaceShape]
    changes: list[ChangeShape]
    disposition: Code
    posted_at: datetime
    edited_at: datetime | None
    round: int
    replies: int
    names: int
    votes: VotesShape
    page: str
    url: str


class Comments(Struct, frozen=True):
    """A page of comments."""

    items: list[CommentShape]
    total: int
    next: str | None
    is_more: bool  # more than `total` match


class ReplyShape(Struct, frozen=True):
    """A reply. `answers`: the first that answer it; `answer_count`: how many there are."""

    id: int
    state: StateOfWords
    state_reason: str
    by: Speaker | None
    html: str
    language: str
    positions: list[str]
    posted_at: datetime
    edited_at: datetime | None
    answer_count: int
    answers: list[ReplyShape]
    page: str


class AnswerShape(Struct, frozen=True):
    """What was decided on a comment, or on some of its clauses (`where`), and why."""

    where: str
    code: Code
    label: str
    observation_html: str
    change: str
    change_note: str
    duplicate_of: str | None
    decided_at: datetime
    by: str
    is_proposed: bool


class CommentWithThread(CommentShape, frozen=True, kw_only=True):
    """A comment with the debate under it, and its answers once they are public."""

    thread: list[ReplyShape]
    next_replies: int | None
    answers: list[AnswerShape]


class SentenceShape(Struct, frozen=True):
    """A sentence of a summary with the numbers of the comments it rests on."""

    section: str
    heading: str
    html: str
    is_minority: bool
    sources: list[str]


class ShareShape(Struct, frozen=True):
    """How many comments had this answer."""

    code: str
    label: str
    comments: int


class OutcomeShape(Struct, frozen=True):
    """What came of a round. While `is_told` is false there is only what was said how often."""

    round: int
    is_told: bool
    is_proposed: bool
    headline: str
    sentences: list[SentenceShape]
    published_at: datetime | None
    comments: int
    answered: int
    changes: int
    withdrawn: int
    shares: list[ShareShape]
    page: str


class VoteShape(Struct, frozen=True):
    """One's vote."""

    number: str
    choice: Choice


class TokenShape(Struct, frozen=True):
    """The token this was asked with."""

    name: str
    scopes: list[str]
    expires_at: datetime


class MeShape(Struct, frozen=True):
    """Whom the token acts for."""

    name: str
    category: str
    is_machine: bool
    speaks_for: str | None
    token: TokenShape
