"""The shape of what is typed in the debate."""

from .letters import CutForm, LetterForm, PieceForm
from .sifting import SORT_NAMES, SORT_REASONS, SiftForm
from .writing import (
    CommentForm,
    CosignForm,
    JudgementForm,
    NamingForm,
    NoteForm,
    PlacingForm,
    ReplyForm,
    ReturnForm,
    SigningForm,
    VoteForm,
    WithdrawalForm,
    WordingForm,
)

__all__ = [
    "SORT_NAMES", "SORT_REASONS", "CommentForm", "CosignForm", "CutForm", "JudgementForm", "LetterForm",
    "NamingForm", "NoteForm", "PieceForm", "PlacingForm", "ReplyForm", "ReturnForm", "SiftForm", "SigningForm",
    "VoteForm", "WithdrawalForm", "WordingForm",
]  # fmt: skip
