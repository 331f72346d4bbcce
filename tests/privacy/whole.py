"""A person of whom something is kept in every table that holds anything of people.

Words only she said, and her name, sing: they begin with BIRD or end with NAME, so that one can look for them.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from consult.accounts.models import (
    Authenticator,
    CategoryChange,
    GuestOrganisation,
    Interest,
    Invitation,
    Membership,
    OrganisationApart,
    OrganisationCategoryChange,
    OrganisationMerge,
    Passkey,
    ProviderIdentity,
    RecoveryCode,
    RoleGrant,
    SignIn,
    Suspension,
)
from consult.administration.models import AdministrativeAct
from consult.api.models import ApiToken
from consult.consultations.models import StoredFile, Transition
from consult.core import clock
from consult.core.db import db, write_transaction
from consult.core.mail import send_later
from consult.core.rules import Actor
from consult.core.store import files
from consult.debate import operations as debate
from consult.debate import queries as reading
from consult.debate.models import (
    Anchor,
    CarriedAnchor,
    Comment,
    CommentDraft,
    Letter,
    LetterPiece,
    OrganisationNote,
    Removal,
    Visit,
)
from consult.documents.models import ClausePair, StagedDraft
from consult.exchange.models import ImportBatch
from consult.learning.models import Resource
from consult.moderation import operations as moderation
from consult.moderation.models import (
    Appeal,
    Campaign,
    CampaignAct,
    Claim,
    Correction,
    IntakeEntry,
    IntakeFile,
    ModerationAct,
    Report,
)
from consult.notices.models import Digest, Follow, Notice, Wish
from consult.outcomes.models import (
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
    OutcomeSummary,
    SavedView,
    Standard,
    StandardReview,
    StandardVersion,
    SummaryWriter,
    Theme,
)
from tests.make import Make

BIRD = "Zilpzalp"
NAME = "Rohrdommel"
MAIL = "rohrdommel@moor.example"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"Zilpzalp in a picture"


class Whole:
    """The rows, in one open consultation; `person` is whom they are about, `other` somebody else who does the same."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app, self.make = app, make
        self.person = make.person(f"Ada {NAME}", email=MAIL)
        self.other = make.person("Somebody Else")
        make.row(Wish(person_id=self.other.id, kind="replies", mode="site"))  # no mail that nobody can fetch back
        self.organisation = make.organisation()
        make.member(self.other, self.organisation, is_signatory=True)
        self.consultation = make.consultation(created_by_id=self.person.id)
        make.staff(self.consultation, "organiser")
        self.version = make.version(self.consultation)
        self.words = 0
        with app.app_context():
            self._debate()
        self._account()
        self._written()
        self._moderated()
        self._answered()
        self._told()

    def bird(self) -> str:
        """Words that only she said."""
        self.words += 1
        return f"{BIRD}{self.words}"

    def said(self, column: str) -> dict[str, str]:
        """Such words, and the same as they are shown."""
        words = self.bird()
        return {column: words, "html": f"<p>{words}</p>"}

    def _debate(self) -> None:
        """By the operations themselves, so that there are counters, quotations and rows of the search."""
        make, mine, others = self.make, self.make.actor(self.person), self.make.actor(self.other)
        clauses = make.clauses(self.version)

        def post(actor: Actor, body: str, **values: Any) -> Comment:
            return debate.post_comment(
                actor=actor, consultation=self.consultation, version=self.version, clauses=[clauses[1]],
                positions=["access"], body=body, stance="object", type="technical", key=make.key(), **values,
            )  # fmt: skip

        def find(comment: Comment) -> Comment:
            return reading.find_comment(viewer=mine, slug=self.consultation.slug, number=comment.number)

        self.comment = post(mine, f"{self.bird()} sings first.", new_text=f"Providers shall {self.bird()}.")
        self.quoted = self.bird()
        debate.edit_comment(actor=mine, comment=find(self.comment), body=f"{self.quoted} sings.", seen_edit_number=0)
        said_by = (
            f"[{self.person.name}, {self.comment.number}](/c/{self.consultation.slug}/comments/{self.comment.number}):"
        )
        self.theirs = post(others, f"> {said_by}\n>\n> {self.quoted} sings.\n\nThe draft is silent about rivers.")
        body = f"{self.bird()} answers."
        self.reply = debate.post_reply(
            actor=mine, comment=find(self.theirs), parent=None, body=body, positions=["safety"]
        )
        reply = reading.find_reply(
            viewer=mine, slug=self.consultation.slug, number=self.theirs.number, reply_id=self.reply.id
        )
        debate.edit_reply(actor=mine, reply=reply, body=f"{self.bird()} answers again.", seen_edit_number=0)
        debate.vote(actor=mine, comment=find(self.theirs), choice="agree", key=make.key())
        debate.cosign(actor=mine, comment=find(self.theirs), seen_edit_number=0, key=make.key())
        debate.vote(actor=others, comment=find(self.comment), choice="agree", key=make.key())
        self.second = post(others, "The draft is silent about lakes.")
        self.withheld = [post(mine, f"{self.bird()} sings unseen.", named=level) for level in ("category", "nobody")]
        body = f"{self.bird()} answers unseen."
        debate.post_reply(actor=mine, comment=find(self.second), parent=None, body=body, named="category")
        added = f"{self.bird()} agrees unseen."
        debate.cosign(actor=mine, comment=find(self.second), seen_edit_number=0, addition=added, named="nobody")
        with write_transaction():
            send_later("accounts/email_changed", MAIL, name=self.person.name, new_email="new@example.org")

    def quote_the_quotation(self) -> None:
        """The other one quotes the comment in which she is quoted."""
        address = f"/c/{self.consultation.slug}/comments/{self.theirs.number}"
        words = f"> [{self.other.name}, {self.theirs.number}]({address}):\n>\n> {self.quoted} sings.\n\nAs I said."
        debate.post_comment(
            actor=self.make.actor(self.other), consultation=self.consultation, version=self.version,
            clauses=[self.make.clauses(self.version)[1]], positions=["access"], body=words, stance="object",
            type="technical", key=self.make.key(),
        )  # fmt: skip

    def hide(self) -> None:
        """A moderator hides what she said."""
        moderator = self.make.actor(self.make.staff(self.consultation, "moderator"))
        hidden = reading.find_comment(viewer=moderator, slug=self.consultation.slug, number=self.comment.number)
        moderation.hide_contribution(
            actor=moderator, thing=hidden, rule="personal", passage=self.quoted, reason="A bird.",
            seen_act_id=db.session.scalar(select(func.max(ModerationAct.id))) or 0,
        )  # fmt: skip

    def _account(self) -> None:
        make, me, there = self.make, self.person.id, {"consultation_id": self.consultation.id}
        make.row(Interest(person_id=me, text=f"Owns {self.bird()}."))
        old = {"former_id": make.organisation().id, "into_id": self.organisation.id, "reason": "The same."}
        make.row(OrganisationMerge(**old, by_id=me, undone_by_id=me, undone_at=clock.now()))
        kinds = {"organisation_id": self.organisation.id, "before": "academia", "after": "nonprofit"}
        make.row(OrganisationCategoryChange(**kinds, by_id=me))
        make.row(OrganisationApart(one_id=self.organisation.id, other_id=old["former_id"], by_id=me))
        make.row(CategoryChange(person_id=me, before="industry", after="individual"))
        make.row(Membership(organisation_id=self.organisation.id, person_id=me, state="member"))
        asked = {"organisation_id": self.organisation.id, "person_id": make.person().id, "state": "member"}
        make.row(Membership(**asked, decided_by_id=me, decided_at=clock.now()))
        make.row(RoleGrant(**there, person_id=me, role="moderator"))
        make.row(RoleGrant(**there, person_id=self.other.id, role="observer", granted_by_id=me))
        make.row(GuestOrganisation(**there, organisation_id=self.organisation.id, invited_by_id=me))
        ends = {"role": "moderator", "expires_at": clock.now() + timedelta(days=7)}
        make.row(Invitation(**there, **ends, email=self.person.email, invited_by_id=self.other.id))
        make.row(Invitation(**there, **ends, email=self.other.email, invited_by_id=me))
        make.row(Suspension(**there, person_id=me, until=clock.now() + timedelta(days=7)))
        make.row(SignIn(token_digest="0" * 64, person_id=me, expires_at=clock.now() + timedelta(days=1)))
        for number, (acts, made) in enumerate(((me, me), (self.other.id, me))):
            make.row(
                ApiToken(
                    digest=f"{number}" * 64, start="consult_abcd", person_id=acts, made_by_id=made, name=f"Of {self.bird()}",
                    scopes="read", expires_at=clock.now() + timedelta(days=1),
                )
            )  # fmt: skip
        make.row(Authenticator(person_id=me, sealed="sealed", last_step=1))
        key = {"credential_id": "key", "data": "data", "sign_count": 1, "used_on": clock.day_in("UTC")}
        make.row(Passkey(person_id=me, name=f"Key {self.bird()}", **key))
        there_too = {
            "issuer": "https://id.example.org",
            "subject": self.bird(),
            "arrived_at": 1,
            "used_on": clock.day_in("UTC"),
        }
        make.row(ProviderIdentity(person_id=me, label=f"Account {self.bird()}", **there_too))
        make.row(RecoveryCode(person_id=me, digest="0" * 64, used_at=clock.now()))
        make.row(Transition(**there, verb="extend", from_state="open", to_state="open", actor_id=me))
        with self.app.app_context():
            kept = files().put(PICTURE, "bird.png")
        self.file = make.row(StoredFile(**there, **kept._asdict(), added_by_id=me))
        self.scan = make.row(StoredFile(**there, **kept._asdict(), added_by_id=make.person().id))
        old, new = make.clauses(self.version)[:2]
        pair = {"version_id": self.version.id, "old_id": old.id, "new_id": new.id, "kind": "pair"}
        make.row(ClausePair(**pair, decided="same", decided_by_id=me, decided_at=clock.now()))
        staged = {
            "source_name": f"{self.bird()}.docx",
            "source": self.bird().encode(),
            "parsed": b"",
            "sha256": "0" * 64,
        }
        make.row(StagedDraft(**there, person_id=me, **staged, preview="{}"))
        shelf = {
            "kind": "data",
            "licence": "MIT",
            "language": "en",
            "added_by_id": me,
            "added_by_name": self.person.name,
        }
        told = f"About {self.bird()}."
        make.row(Resource(**there, **shelf, title="Waits", url="", file_id=self.file.id, description=told))
        taken = {"title": "Stands", "url": "https://example.org/", "state": "accepted", "description": "Numbers."}
        make.row(Resource(**there, **shelf, **taken, decided_by_id=me, decided_at=clock.now()))
        make.row(AdministrativeAct(verb="suspend", person_id=me, by_name="shell", reason="Asked for."))
        make.row(AdministrativeAct(verb="suspend", person_id=self.other.id, by_id=me, reason="Asked for, too."))
        make.row(ImportBatch(**there, profile="csv", source_name="list.csv", sha256="0" * 64, imported_by_id=me))

    def _written(self) -> None:
        make, me, there = self.make, self.person.id, {"consultation_id": self.consultation.id}
        by = {"author_id": me, "author_name": self.person.name, "category": "individual"}
        self.signed = make.comment(
            self.consultation, author=self.person, body="Said for the organisation.", html="<p>Said for the organisation.</p>",
            organisation_id=self.organisation.id, signed_by_id=me, signed_at=clock.now(), placed_by_id=me,
            placed_at=clock.now(),
        )  # fmt: skip
        with make.writing() as session:
            anchor = session.scalars(select(Anchor).where(Anchor.comment_id == self.comment.id)).one()
        carried = {"anchor_id": anchor.id, "comment_id": self.comment.id, "version_id": self.version.id}
        checked = {"checked_as": "still_applies", "checked_by_id": me, "checked_at": clock.now()}
        make.row(CarriedAnchor(**carried, clause_id=anchor.clause_id, status="review", **checked))
        unseen = by | {"author_name": "An individual", "named": "category", "title": self.bird(), "text": self.bird()}
        make.row(Letter(**there, **unseen, round_id=self.comment.round_id, kind="typed", sha256="0" * 64))
        letter = make.row(
            Letter(
                **there, **by, round_id=self.comment.round_id, title=f"From {self.bird()}", text=self.bird(), kind="typed",
                sha256="0" * 64, cut_at=clock.now(), cut_by_id=me,
            )
        )  # fmt: skip
        make.row(LetterPiece(letter_id=letter.id, comment_id=self.comment.id, part=1, start=0, end=4))
        taken = json.dumps({"revision 1 body": [self.bird()]})
        self.removal = make.row(
            Removal(comment_id=self.comment.id, passage=self.bird(), notice="(Words.)", taken=taken)
        )
        make.row(Visit(**there, person_id=me, before_at=clock.now(), latest_at=clock.now()))
        fields = json.dumps({"body": f"Begun by {self.bird()}"})
        make.row(CommentDraft(person_id=me, version_id=self.version.id, place="", sheet="0" * 32, fields=fields))
        shared = make.shared_draft(self.organisation, self.version, self.person)
        make.row(OrganisationNote(draft_id=shared.id, person_id=me, **self.said("body")))

    def _moderated(self) -> None:
        make, me, there = self.make, self.person.id, {"consultation_id": self.consultation.id}
        at = {"comment_id": self.theirs.id, "rule": "spam"}
        make.row(Report(**there, **at, text=self.bird(), reporter_id=me, reader=f"person {me}"))
        decided = {"rule": "spam", "ground": "It sells.", "facts": "The words.", "reason": "Spam.", "role": "moderator"}
        until = clock.now() + timedelta(days=30)
        stated = {**there, **decided, "verb": "hide", "appeal_until": until}
        act = make.row(
            ModerationAct(**stated, comment_id=self.comment.id, passage=self.bird(), moderator_id=self.other.id)
        )
        make.row(ModerationAct(**stated, comment_id=self.theirs.id, passage="rivers", moderator_id=me))
        answer = {"outcome": "upheld", "reason": "It is.", "role": "appeals_panel", "decided_by_id": me}
        make.row(Appeal(act_id=act.id, until=until, author_id=me, text=self.bird(), **answer, decided_at=clock.now()))
        make.row(Correction(act_id=act.id, author_id=me, **self.said("body")))
        make.row(Claim(**there, comment_id=self.theirs.id, person_id=me, until=until))
        campaign = make.row(Campaign(**there, number=1, template_id=self.theirs.id))
        make.row(CampaignAct(**there, campaign_id=campaign.id, verb="dismiss", count=1, reason="Two.", moderator_id=me))
        came = {"number": 1, "state": "posted", "source": "email", "received_on": clock.day_in("UTC")}
        entry = make.row(
            IntakeEntry(
                **there, **came, sender=self.person.name, email=MAIL, address=f"{self.bird()} Lane 1", body=self.bird(),
                headers=f"From: {MAIL}", note=f"Rang {NAME}.", message_id=f"<1@{MAIL}>", comment_id=self.signed.id,
                checked_by_id=self.other.id, checked_at=clock.now(), claimed_by_id=me, claimed_at=clock.now(),
            )
        )  # fmt: skip
        make.row(IntakeFile(entry_id=entry.id, file_id=self.scan.id))
        for number, who in ((2, "entered_by_id"), (3, "checked_by_id")):
            make.row(IntakeEntry(**there, **came | {"number": number, "state": "entered"}, **{who: me}))

    def _answered(self) -> None:
        make, me, there = self.make, self.person.id, {"consultation_id": self.consultation.id}
        of = {"round_id": self.comment.round_id}
        answer = make.row(Disposition(comment_id=self.theirs.id, code="noted", observation="Seen.", decided_by_id=me))
        done = {"disposition_id": answer.id, "version_id": self.version.id}
        make.row(Implementation(**done, state="applied", note="Done.", by_id=me))
        make.row(Implementation(**done, state="verified", by_id=self.other.id, applied_by_id=me))
        make.row(Theme(**there, **of, number=1, name="Rivers", made_by_id=me))
        make.row(AnswerTemplate(**there, name="Thanks", text="Thank you.", edited_by_id=me))
        for name, is_shared in (("Mine", False), ("Ours", True)):
            make.row(SavedView(**there, person_id=me, name=name, query="show=open", is_shared=is_shared))
        make.row(Assignment(**there, person_id=me, size=1, made_by_id=self.other.id))
        make.row(Assignment(**there, person_id=self.other.id, size=1, made_by_id=me))
        said = {"comment_id": self.comment.id, "disposition_id": answer.id, "said": "not_satisfied"}
        make.row(Acknowledgement(**said, **self.said("reason"), person_id=me))
        summary = make.row(OutcomeSummary(**there, **of))
        make.row(SummaryWriter(summary_id=summary.id, person_id=me))
        make.row(Approval(summary_id=summary.id, edit_number=0, digest="0" * 64, person_id=me))
        words = self.bird()
        objection = {
            "person_name": self.person.name,
            "category": "individual",
            "text": words,
            "html": f"<p>{words}</p>",
        }
        mine = make.row(Objection(**there, **of, number=1, person_id=me, **objection))
        unseen = {"person_name": "Name withheld", "named": "nobody", "category": "individual", **self.said("text")}
        make.row(Objection(**there, **of, number=3, person_id=me, **unseen))
        theirs = {
            "person_id": self.other.id,
            "person_name": "Else",
            "category": "individual",
            "text": "No",
            "html": "No",
        }
        given = {"decision": "followed", "answer": "Yes.", "answered_by_id": me, "answered_at": clock.now()}
        other = make.row(Objection(**there, **of, number=2, **theirs, **given))
        make.row(ObjectionReport(objection_id=other.id, rule="spam", text=self.bird(), reader=f"person {me}"))
        until = clock.now() + timedelta(days=30)
        decided = {"rule": "spam", "ground": "It sells.", "facts": "The words.", "reason": "Spam.", "role": "moderator"}
        hidden = {**decided, "verb": "hide", "appeal_until": until}
        act = make.row(ObjectionAct(**hidden, objection_id=mine.id, passage=self.bird(), moderator_id=self.other.id))
        answered = {"outcome": "upheld", "reason": "Still spam.", "role": "moderator", "decided_at": clock.now()}
        make.row(ObjectionAppeal(act_id=act.id, until=until, text=self.bird()))
        act = make.row(ObjectionAct(**hidden, objection_id=other.id, passage="Spam", moderator_id=me))
        make.row(ObjectionAppeal(act_id=act.id, until=until, text="No", **answered, decided_by_id=me))
        make.row(Immateriality(**of, last_answer_id=answer.id, reason="Small.", person_id=me))
        library = make.consultation("adopted")
        standard = make.row(Standard(slug="rivers", review_at=clock.now()))
        make.row(
            StandardVersion(
                standard_id=standard.id, number=1, consultation_id=library.id, draft_version_id=make.version(library).id,
                title="Rivers", bodies="Alliance", language="en", adopted_by_id=me,
            )
        )  # fmt: skip
        make.row(StandardReview(standard_id=standard.id, number=1, decision="confirm", reason="Good.", person_id=me))

    def _told(self) -> None:
        make, me, there = self.make, self.person.id, {"consultation_id": self.consultation.id}
        make.row(Follow(person_id=me, organisation_id=self.organisation.id))
        make.row(Wish(person_id=me, kind="replies", mode="daily"))
        digest = make.row(Digest(person_id=me, rhythm="daily", due_at=clock.now()))
        told = {"kind": "followed", "what": "commented", "about": self.theirs.id, "event": "test"}
        make.row(Notice(person_id=me, **there, **told, digest_id=digest.id))
        with make.writing() as session:
            browser = session.scalars(select(SignIn.id).where(SignIn.person_id == me)).one()
        make.row(Notice(person_id=me, kind="account", what="new_browser", about=browser, event=f"sign-in {browser}"))
