"""Rows with words that no door of the matrix needs, for the pages of hostile words."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from sqlalchemy import select

from consult.accounts.models import Interest, Organisation
from consult.administration.models import AdministrativeAct
from consult.consultations.models import Consultation, Question, Topic, Transition
from consult.core import clock
from consult.core.db import db
from consult.debate.models import (
    CarriedAnchor,
    Comment,
    Cosignature,
    OrganisationNote,
    OrganisationRevision,
    ProposedChange,
    Removal,
    Reply,
    Revision,
)
from consult.documents.models import Clause
from consult.exchange.models import ImportBatch, ImportRow
from consult.learning.models import Term
from consult.moderation.models import Appeal, CampaignAct, Report
from consult.outcomes.models import (
    Acknowledgement,
    Objection,
    ObjectionAct,
    ObjectionAppeal,
    ObjectionReport,
    Omission,
    OutcomeSummary,
    Standard,
    StandardReview,
    StandardVersion,
    Statement,
)
from consult.search.rebuilding import rebuild
from tests.shape.world import ORIGIN, World


def further(world: World) -> None:
    """Rows with words that no door of the matrix needs."""
    make, mine = world.make, {"consultation_id": world.consultation.id}
    author, organiser, comment = world.people["author"], world.people["organiser"], world.comment
    said, clause = {"body": "So.", "html": "<p>So.</p>"}, make.clauses(world.version)[1]
    make.row(Topic(**mine, name="Libraries"))
    make.row(Question(**mine, text="Is it clear?", rank=1))
    make.row(
        Term(**mine, key="provider", name="provider", variants="s", explanation="Whoever.", html="<p>Whoever.</p>")
    )
    make.row(Revision(comment_id=comment.id, number=0, **said))
    make.row(ProposedChange(comment_id=comment.id, clause_id=clause.id, old_text="a", new_text="b", redline="b"))
    make.row(Removal(comment_id=world.unplaced.id, passage="a", notice="Removed."))
    make.row(Cosignature(comment_id=comment.id, person_id=organiser.id, name="O", category="other", edit_number=0))
    batch = make.row(ImportBatch(**mine, profile="oasis-log", source_name="log.csv", sha256="0" * 64, reference="wd01"))
    make.row(ImportRow(batch_id=batch.id, line=1, fate="error", sentence="No.", external_id="1"))
    make.row(AdministrativeAct(verb="suspend", by_id=organiser.id, person_id=author.id, reason="Spam.", detail="So."))
    make.row(Transition(**mine, verb="open", from_state="draft", to_state="open", reason="So.", actor_id=organiser.id))
    shared, member = world.shared["proposed"].id, world.people["member"].id
    make.row(OrganisationNote(draft_id=shared, person_id=member, **said))
    make.row(OrganisationRevision(draft_id=shared, number=2, person_id=member, fields="{}"))
    answered = {"outcome": "upheld", "role": "moderator", "reason": "So.", "decided_at": clock.now()}
    make.row(
        Appeal(
            act_id=world.fresh_act.id, until=world.fresh_act.appeal_until, author_id=author.id, text="No.", **answered
        )
    )
    gone = {"path": "000009", "place": 9, "state": "hidden", "state_reason": "Spam.", "category": "other", **said}
    make.row(Reply(comment_id=comment.id, author_id=author.id, author_name="Ada", **gone))
    make.row(AdministrativeAct(verb="suspend", by_name="root", person_id=author.id, reason="Spam."))
    make.row(Interest(person_id=author.id, text="Owns shares.", source="The register."))
    confirmed = {"verb": "confirm", "count": 1, "reason": "So.", "moderator_id": organiser.id}
    make.row(CampaignAct(**mine, campaign_id=world.campaign.id, **confirmed))
    disowned = {"is_disowned": True, "claimant": "Eve", "claimant_email": "eve@example.org"}
    make.row(Report(**mine, comment_id=comment.id, rule="false_identity", reader="p1", text="Not mine.", **disowned))
    _told_elsewhere(world)
    _on_its_way(world)
    with make.writing() as session:
        session.get_one(Comment, comment.id).edit_number = 1
        anchor, later = world.carried.anchor_id, world.next_clauses[1]
        there = {"version_id": session.get_one(Clause, later).version_id, "clause_id": later, "status": "exact"}
        session.add(CarriedAnchor(anchor_id=anchor, comment_id=comment.id, quote="So.", **there))
        session.get_one(Organisation, world.organisation.id).is_verified = True
        standard = session.scalars(select(Standard).where(Standard.slug == "matrix")).one()
        summary = session.scalars(select(OutcomeSummary)).first()
        objection = session.scalars(select(Objection)).first()
        reviewed = {"number": 1, "decision": "confirm", "reason": "So.", "person_id": organiser.id}
        session.add(StandardReview(standard_id=standard.id, **reviewed))
        if summary and objection:
            session.add(Statement(summary_id=summary.id, section="own", heading="So", text="So.", html="So.", rank=9))
            position = make.positions(world.consultation)["access"]
            session.add(Omission(summary_id=summary.id, position_id=position.id, reason="So."))
            hidden = session.scalars(select(ObjectionAct).order_by(ObjectionAct.id.desc())).first()
            asked = {"act_id": hidden.id, "until": hidden.appeal_until, "text": "No.", "made_at": clock.now()}
            session.add(ObjectionAppeal(**asked, **answered))
            session.add(ObjectionReport(objection_id=objection.id, rule="spam", reader="p0", text="So."))
            answer = {"comment_id": comment.id, "disposition_id": world.dispositions[comment.id]}
            said = {"said": "not_satisfied", "reason": "No.", "html": "No.", "person_id": author.id}
            session.add(Acknowledgement(**answer, **said))
    with world.app.app_context():
        rebuild(db.session.get_one(Consultation, world.consultation.id))


def _on_its_way(world: World) -> None:
    """A file that its editor looks at before it is the draft."""
    client, place = world.client("organiser"), "/c/matrix/manage/draft"
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(place).text)
    sent = {"csrf_token": token[1] if token else "", "file": (BytesIO(b"# New draft\n\nOther words."), "draft.md")}
    assert client.post(place, data=sent, headers=ORIGIN).status_code in {303, 403}, "some states take no draft"


def _told_elsewhere(world: World) -> None:
    """A consultation that has an outcome, and the standard that came of it, under a licence of its own."""
    make, told = world.make, {"headline": "So.", "outcome_line": "So."}
    row = make.consultation("published", slug="told", **told)
    standard = make.row(Standard(slug="told", review_at=clock.now() + timedelta(days=365)))
    named = {"title": "Cards", "bodies": "Alliance", "language": "en", "licence": "other", "licence_words": "Ours."}
    text_of = make.version(row).id
    make.row(
        StandardVersion(standard_id=standard.id, number=1, consultation_id=row.id, draft_version_id=text_of, **named)
    )
    step = {"verb": "publish", "from_state": "review", "to_state": "published", "reason": "So."}
    make.row(Transition(consultation_id=row.id, **step))
