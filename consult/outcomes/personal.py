"""What outcomes keep about people; see core.personal."""

from __future__ import annotations

from sqlalchemy import Text, case, cast, literal, select

from consult.core.personal import ERASED, KEPT, PERSON, Held, hold, unless_withheld

from .models import (
    Acknowledgement,
    AnswerTemplate,
    Approval,
    Assignment,
    Disposition,
    Immateriality,
    Implementation,
    Objection,
    ObjectionAct,
    ObjectionAppeal,
    ObjectionReport,
    SavedView,
    StandardReview,
    StandardVersion,
    SummaryWriter,
    Theme,
)

HER_OBJECTIONS = select(Objection.id).where(Objection.person_id == PERSON)
ACTS_ON_HERS = select(ObjectionAct.id).where(ObjectionAct.objection_id.in_(HER_OBJECTIONS))

hold(
    Held(Disposition, Disposition.decided_by_id == PERSON, KEPT),
    Held(Implementation, Implementation.by_id == PERSON, KEPT),
    Held(Implementation, Implementation.applied_by_id == PERSON, KEPT, only=("state", "version_id", "applied_by_id", "noted_at")),
    Held(Theme, Theme.made_by_id == PERSON, KEPT),
    Held(AnswerTemplate, AnswerTemplate.edited_by_id == PERSON, KEPT),
    Held(SavedView, (SavedView.person_id == PERSON) & SavedView.is_shared, KEPT),
    Held(SavedView, (SavedView.person_id == PERSON) & SavedView.is_shared.is_(False), None),
    Held(Assignment, Assignment.person_id == PERSON, KEPT),
    Held(Assignment, Assignment.made_by_id == PERSON, KEPT, only=("made_by_id", "made_at", "size")),
    Held(
        Acknowledgement, Acknowledgement.person_id == PERSON, KEPT,
        words={"reason": case((Acknowledgement.reason == "", ""), else_=ERASED), "html": ""},
    ),
    Held(SummaryWriter, SummaryWriter.person_id == PERSON, KEPT),
    Held(Approval, Approval.person_id == PERSON, KEPT),
    Held(
        Objection, Objection.person_id == PERSON, {"person_name": unless_withheld(Objection.named, Objection.person_name)},
        words={"text": ERASED, "html": "<p>(erased)</p>"},
    ),
    Held(Objection, Objection.answered_by_id == PERSON, KEPT, only=("answer", "answered_by_id", "answered_at")),
    Held(
        ObjectionReport, ObjectionReport.reader == literal("person ") + cast(PERSON, Text),
        {"text": "", "reader": literal("erased ") + cast(ObjectionReport.id, Text)},
    ),
    Held(
        ObjectionAct, ObjectionAct.objection_id.in_(HER_OBJECTIONS),
        {"passage": case((ObjectionAct.passage == "", ""), else_=ERASED)},
        only=("objection_id", "verb", "rule", "ground", "passage", "facts", "reason", "role", "at", "appeal_until"),
    ),
    Held(ObjectionAct, ObjectionAct.moderator_id == PERSON, KEPT, only=("verb", "reason", "moderator_id", "at")),
    Held(ObjectionAppeal, ObjectionAppeal.act_id.in_(ACTS_ON_HERS), {"text": ERASED}),
    Held(
        ObjectionAppeal, ObjectionAppeal.decided_by_id == PERSON, KEPT,
        only=("outcome", "reason", "decided_by_id", "decided_at"),
    ),
    Held(Immateriality, Immateriality.person_id == PERSON, KEPT),
    Held(StandardVersion, StandardVersion.adopted_by_id == PERSON, KEPT, only=("title", "adopted_by_id", "adopted_at")),
    Held(StandardReview, StandardReview.person_id == PERSON, KEPT),
)  # fmt: skip
