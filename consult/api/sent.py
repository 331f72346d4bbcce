"""What goes in, declared once: requests are checked by it, OpenAPI says it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from consult.accounts.models import CATEGORIES
from consult.debate.forms import SORT_NAMES
from consult.debate.models import DISPOSITIONS, TYPES

from .words import Body, Choice, Cursor, Keys, Stance, Type, Words


class ConsultationsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which consultations."""

    state: Literal["", "open", "coming", "answering", "published"] = ""
    organiser: Words = ""
    topic: Words = ""
    q: Words = ""
    after: Cursor | None = None


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page."""

    after: Cursor | None = None


class CommentsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which comments, as on the page of all comments."""

    q: Words = ""
    clause: Annotated[str, Meta(max_length=200, description="The key of a clause.")] = ""
    position: Annotated[list[Words], Meta(max_length=20, description="Keys of positions, or `none`.")] = []
    stance: Annotated[list[Stance], Meta(max_length=10)] = []
    type: Literal[("", *TYPES)] = ""  # type: ignore[valid-type]
    category: Literal[("", *CATEGORIES)] = ""  # type: ignore[valid-type]
    organisation: Annotated[str, Meta(max_length=200, description="The slug of an organisation.")] = ""
    answer: Literal[("", "open", "answered", *(key for key in DISPOSITIONS if key != "unresolved"))] = ""  # type: ignore[valid-type]
    round: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest.")] = 0
    sort: Literal[tuple(SORT_NAMES)] = "text"  # type: ignore[valid-type]
    seed: Annotated[int, Meta(ge=0, le=999_999_999, description="Of the random order.")] = 1
    after: Cursor | None = None


class ThreadQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of the replies."""

    after: Annotated[int, Meta(ge=0, le=1_000_000, description="`next_replies` of the page before.")] = 0


class OutcomeQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which outcome."""

    round: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest.")] = 0


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing."""


class NewComment(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment on the newest version of the draft; without clauses on the draft as a whole."""

    body: Body
    positions: Annotated[Keys, Meta(min_length=1, description="Keys of what it argues from, one or more.")]
    stance: Stance
    type: Type = "general"
    costs: Keys = []
    clauses: Annotated[Keys, Meta(description="Keys of clauses.")] = []
    version: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    new_text: Annotated[str, Meta(max_length=200_000, description="Other words for the one clause.")] | None = None
    must_be_satisfied: bool = False


class NewReply(Struct, frozen=True, forbid_unknown_fields=True):
    """A reply to a comment, or to a reply under it."""

    body: Body
    positions: Keys = []
    to: Annotated[int, Meta(ge=1, le=2**53, description="The id of the reply that it answers.")] | None = None


class NewVote(Struct, frozen=True, forbid_unknown_fields=True):
    """A vote on a comment of somebody else."""

    choice: Choice
