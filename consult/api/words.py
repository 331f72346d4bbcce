"""The words that arguments and answers are made of, as the domain knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from consult.consultations.models import STATES
from consult.debate.composing import LONGEST
from consult.debate.models import CHOICES, DISPOSITIONS, STANCES, TYPES
from consult.debate.models.comments import STATES as STATES_OF_WORDS

Cursor = Annotated[str, Meta(max_length=200, description="`next` of the page before. Absent: the first page.")]
Words = Annotated[str, Meta(max_length=200)]
if TYPE_CHECKING:  # the words are known when it runs
    Stance = str
    StanceOrNone = str
    Type = str
    State = str
    StateOfWords = str
    Choice = str
    Code = str
else:
    Stance = Literal[tuple(key for key in STANCES if key)]
    StanceOrNone = Literal[tuple(STANCES)]
    Type = Literal[tuple(TYPES)]
    State = Literal[tuple(STATES)]
    StateOfWords = Literal[tuple(STATES_OF_WORDS)]
    Choice = Literal[tuple(CHOICES)]
    Code = Literal[tuple(DISPOSITIONS)]

Body = Annotated[
    str, Meta(min_length=1, max_length=LONGEST, description="Markdown with words in it, without headings and images.")
]
Keys = Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(max_length=20)]
