"""What outcomes does when something happens in the rooms below, in the same transaction."""

from __future__ import annotations

from consult.consultations.events import ConsultationAdopted, ConsultationPublished, ReviewBegan
from consult.consultations.models import Consultation
from consult.core.events import listen
from consult.core.operations import session
from consult.core.rules import SYSTEM
from consult.debate.events import CommentWithdrawn
from consult.debate.models import Comment

from . import operations


@listen(ReviewBegan)
def nothing_is_proposed_half(event: ReviewBegan) -> None:
    """The review begins only with every comment answered and every sentence sourced."""
    operations.check_outcome(actor=SYSTEM, consultation=session().get_one(Consultation, event.consultation_id))


@listen(ConsultationPublished)
def the_outcome_is_sealed(event: ConsultationPublished) -> None:
    """Whoever publishes: the summary freezes in the same act, or nothing is published."""
    operations.seal_outcome(actor=SYSTEM, consultation=session().get_one(Consultation, event.consultation_id))


@listen(ConsultationAdopted)
def what_is_adopted_enters_the_library(event: ConsultationAdopted) -> None:
    """Whoever adopts, and by whatever way: there is no adopted standard outside the library."""
    operations.enter_library(actor=SYSTEM, consultation=session().get_one(Consultation, event.consultation_id))


@listen(ConsultationAdopted)
def a_material_change_is_put_to_comment(event: ConsultationAdopted) -> None:
    """What changes materially after the last round is not adopted without another one."""
    operations.check_adoption(actor=SYSTEM, consultation=session().get_one(Consultation, event.consultation_id))


@listen(CommentWithdrawn)
def a_withdrawn_comment_needs_no_answer(event: CommentWithdrawn) -> None:
    """Taking a comment back answers it."""
    operations.note_withdrawal(actor=SYSTEM, comment=session().get_one(Comment, event.comment_id))
