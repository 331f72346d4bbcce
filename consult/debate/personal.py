"""What the debate keeps about people; see core.personal."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select

from consult.core.events import emit
from consult.core.operations import session
from consult.core.personal import (
    ERASED,
    KEPT,
    PERSON,
    WITHDRAWN,
    Fading,
    Held,
    Leaving,
    erasing,
    fade,
    hold,
    unless_withheld,
)

from . import counters, wording
from .events import CommentWithdrawn, ReplyWithdrawn
from .models import (
    Anchor,
    CarriedAnchor,
    Comment,
    CommentDraft,
    CommentPosition,
    Cosignature,
    Letter,
    LetterPiece,
    OrganisationDraft,
    OrganisationNote,
    OrganisationRevision,
    ProposedChange,
    Removal,
    Reply,
    ReplyPosition,
    Revision,
    Visit,
    Vote,
)

GONE = "Its author closed her account and had her words erased."
COMMENTS = select(Comment.id).where(Comment.author_id == PERSON)
REPLIES = select(Reply.id).where(Reply.author_id == PERSON)
# What stands in the name of an organisation is that organisation's, also when its author goes.
OWN = select(Comment.id).where(Comment.author_id == PERSON, Comment.organisation_id.is_(None))
OWN_REPLIES = select(Reply.id).where(Reply.author_id == PERSON, Reply.organisation_id.is_(None))


hold(
    Held(Comment, Comment.author_id == PERSON, {"author_name": unless_withheld(Comment.named, Comment.author_name)}),
    Held(Comment, Comment.id.in_(OWN), KEPT, is_copied=False, words={"body": "", "html": ""}),
    Held(Comment, Comment.signed_by_id == PERSON, KEPT, only=("number", "signed_by_id", "signed_at")),
    Held(Comment, Comment.placed_by_id == PERSON, KEPT, only=("number", "placed_by_id", "placed_at")),
    Held(Anchor, Anchor.comment_id.in_(COMMENTS), KEPT),
    Held(CarriedAnchor, CarriedAnchor.checked_by_id == PERSON, KEPT, only=("checked_as", "checked_by_id", "checked_at")),
    Held(CommentPosition, CommentPosition.comment_id.in_(COMMENTS), KEPT),
    Held(ProposedChange, ProposedChange.comment_id.in_(COMMENTS), KEPT),
    Held(ProposedChange, ProposedChange.comment_id.in_(OWN), KEPT, is_copied=False, words={"new_text": "", "redline": ""}),
    Held(Reply, Reply.author_id == PERSON, {"author_name": unless_withheld(Reply.named, Reply.author_name)}),
    Held(Reply, Reply.id.in_(OWN_REPLIES), KEPT, is_copied=False, words={"body": "", "html": ""}),
    Held(ReplyPosition, ReplyPosition.reply_id.in_(REPLIES), KEPT),
    Held(Revision, or_(Revision.comment_id.in_(COMMENTS), Revision.reply_id.in_(REPLIES)), KEPT),
    Held(
        Revision, or_(Revision.comment_id.in_(OWN), Revision.reply_id.in_(OWN_REPLIES)), KEPT, is_copied=False,
        words={"body": "", "html": ""},
    ),
    Held(
        Removal, or_(Removal.comment_id.in_(COMMENTS), Removal.reply_id.in_(REPLIES)),
        {"passage": ERASED, "taken": "{}"},
    ),
    Held(Vote, Vote.person_id == PERSON, {"person_id": None}),
    Held(Cosignature, Cosignature.person_id == PERSON, {"name": unless_withheld(Cosignature.named, Cosignature.name)}),
    Held(Letter, Letter.cut_by_id == PERSON, KEPT, only=("title", "cut_by_id", "cut_at")),
    Held(Letter, Letter.author_id == PERSON, None),
    Held(LetterPiece, LetterPiece.letter_id.in_(select(Letter.id).where(Letter.author_id == PERSON)), None),
    Held(OrganisationDraft, OrganisationDraft.begun_by_id == PERSON, KEPT, only=("place", "begun_by_id", "stage")),
    Held(OrganisationDraft, OrganisationDraft.updated_by_id == PERSON, KEPT, only=("place", "updated_by_id", "updated_at")),
    Held(OrganisationRevision, OrganisationRevision.person_id == PERSON, KEPT),
    Held(OrganisationNote, OrganisationNote.person_id == PERSON, {"body": "", "html": ""}),
    Held(CommentDraft, CommentDraft.person_id == PERSON, None),
    Held(Visit, Visit.person_id == PERSON, None),
)  # fmt: skip
fade(Fading(CommentDraft, CommentDraft.updated_at, timedelta(days=365)))


@erasing
def what_was_said_stands_in_no_name(leaving: Leaving) -> None:
    """Pages, quotations and the search have names and words from copies: they are made anew. Tombstones for words."""
    mine = leaving.person_id
    things: list[Comment | Reply] = [
        *session().scalars(select(Reply).where(Reply.author_id == mine).order_by(Reply.id)),
        *session().scalars(select(Comment).where(Comment.author_id == mine).order_by(Comment.id)),
    ]
    for thing in things:
        if leaving.words_go and thing.organisation_id is None:
            _bury(thing)
    for thing in things:
        are_gone = leaving.words_go and thing.organisation_id is None
        if are_gone:
            wording.show_quoters_anew(thing)
        wording.call_anew(thing, leaving.name, WITHDRAWN, are_words_gone=are_gone)
        wording.show_anew(thing)


def _bury(thing: Comment | Reply) -> None:
    """Its number and what answers it stay. What moderators hid stays hidden; an answer stays in the register."""
    was_shown = thing.state == "posted"
    if thing.state != "hidden":
        thing.state, thing.state_reason = "withdrawn", GONE
    session().flush()
    if isinstance(thing, Reply):
        if was_shown:
            counters.count_reply(thing, -1)
        emit(ReplyWithdrawn(thing.id))
        return
    if was_shown:
        counters.count(thing, -1)
    if thing.disposition == "unresolved":
        emit(CommentWithdrawn(thing.id))
