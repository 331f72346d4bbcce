"""What the debate keeps."""

from .behalf import OrganisationDraft, OrganisationNote, OrganisationRevision
from .comments import (
    APART,
    CIRCLE,
    DISPOSITIONS,
    HOLDS,
    JUDGEMENTS,
    SOURCES,
    STANCES,
    STATES,
    SUSPECTED,
    TYPES,
    UNPLACED,
    UNSHOWN,
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
from .replies import UNSHOWN_REPLY, Quotation, Reply, ReplyPosition, Visit
from .tallies import ArgumentTally, BodyTally, RoundTally, VoiceTally
from .trails import Trail
from .voices import CHOICES, CommentDraft, Cosignature, CosignatureTally, Vote, VoteTally

__all__ = [
    "APART",
    "CHOICES",
    "CIRCLE",
    "DISPOSITIONS",
    "HOLDS",
    "JUDGEMENTS",
    "LETTER_KINDS",
    "SOURCES",
    "STANCES",
    "STATES",
    "SUSPECTED",
    "TYPES",
    "UNPLACED",
    "UNSHOWN",
    "UNSHOWN_REPLY",
    "Anchor",
    "ArgumentTally",
    "BodyTally",
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
    "RoundTally",
    "Trail",
    "Visit",
    "VoiceTally",
    "Vote",
    "VoteTally",
]  # fmt: skip
