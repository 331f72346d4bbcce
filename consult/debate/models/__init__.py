"""What the debate keeps."""

from .behalf import OrganisationDraft, OrganisationNote, OrganisationRevision
from .comments import (
    DISPOSITIONS,
    HOLDS,
    JUDGEMENTS,
    SOURCES,
    STANCES,
    STATES,
    SUSPECTED,
    TYPES,
    Anchor,
    CarriedAnchor,
    Comment,
    CommentPosition,
    Numbering,
    ProposedChange,
    Revision,
)
from .letters import LETTER_KINDS, Letter, LetterPiece
from .opinions import OpinionMap, OpinionTally
from .removals import Removal
from .replies import Quotation, Reply, ReplyPosition, Visit
from .trails import Trail
from .voices import CHOICES, CommentDraft, Cosignature, CosignatureTally, Vote, VoteTally

__all__ = [
    "CHOICES",
    "DISPOSITIONS",
    "HOLDS",
    "JUDGEMENTS",
    "LETTER_KINDS",
    "SOURCES",
    "STANCES",
    "STATES",
    "SUSPECTED",
    "TYPES",
    "Anchor",
    "CarriedAnchor",
    "Comment",
    "CommentDraft",
    "CommentPosition",
    "Cosignature",
    "CosignatureTally",
    "Letter",
    "LetterPiece",
    "Numbering",
    "OpinionMap",
    "OpinionTally",
    "OrganisationDraft",
    "OrganisationNote",
    "OrganisationRevision",
    "ProposedChange",
    "Quotation",
    "Removal",
    "Reply",
    "ReplyPosition",
    "Revision",
    "Trail",
    "Visit",
    "Vote",
    "VoteTally",
]  # fmt: skip
