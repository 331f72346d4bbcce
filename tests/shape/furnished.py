"""The world of the attack: a consultation with everything in it that has a form, and the people who fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.accounts import links
from consult.accounts.models import (
    Authenticator,
    GuestOrganisation,
    Interest,
    Invitation,
    Membership,
    Organisation,
    OrganisationMerge,
    Passkey,
    Person,
    ProviderIdentity,
)
from consult.api.models import ApiToken
from consult.consultations import naming
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock
from consult.core.db import db
from consult.core.jobs import Job
from consult.core.operations import Submission
from consult.core.rules import SYSTEM
from consult.debate import mending
from consult.debate.models import (
    Anchor,
    CarriedAnchor,
    Comment,
    CommentDraft,
    Cosignature,
    Letter,
    Numbering,
    Reply,
    Vote,
)
from consult.documents.models import Clause, ClausePair, DraftVersion
from consult.learning.models import Guide, GuideQuestion, Resource, Term
from consult.moderation.models import (
    Appeal,
    Campaign,
    CampaignMember,
    Claim,
    Correction,
    IntakeEntry,
    ModerationAct,
    Report,
)
from consult.notices import endings
from consult.notices.models import Follow, Notice
from consult.outcomes import operations as outcomes
from consult.outcomes.models import (
    AnswerTemplate,
    AssignedComment,
    Assignment,
    Citation,
    Disposition,
    Objection,
    ObjectionAct,
    ObjectionAppeal,
    OutcomeSummary,
    SavedView,
    Statement,
    Theme,
    ThemeComment,
)
from consult.outcomes.queries import account
from consult.privacy.models import Erasure
from tests.make import Make
from tests.rows import Kept, empty
from tests.visitor import Visitor

FITTING = "Words that fit"  # in every comment, so that a passage can be named
MARKED_AT = datetime(2026, 1, 1, tzinfo=UTC)
TAKEN_KEY = "a" * 32  # the submission key of a form that somebody else sent


class World:
    """A consultation in `state` with everything in it that has a form, and the people who fill them in."""

    def __init__(self, app: Flask, state: str) -> None:
        self.app, self.stage, self.make = app, state, Make(app)
        self.state = state = "review" if state == "ready" else state  # with nothing left to do before publication
        self.people: dict[str, Person] = {}
        self._consultation()
        if state == "draft":
            self.make.version(self.consultation)
            self._stage()
        else:
            self._debate()
        if state in ("analysis", "review", "published", "adopted"):
            self._outcome()
        if state == "adopted":
            self._correct()
        if self.stage == "ready":
            self._approve()
        for role in self.people:
            self.enter(role)  # on another device
        self.kept = Kept(app)

    def _consultation(self) -> None:
        make = self.make
        access = "invited" if self.state == "draft" else "public"  # where nobody takes part yet
        row = self.consultation = make.consultation(self.state, slug="served", access=access)
        self.organisation = organisation = make.organisation("Guild", slug="guild")
        for role in ("author", "signatory", "person"):
            self.people[role] = make.person(role.title())
        self.people["person"] = make.person("Newcomer", email_verified_at=None)
        self.people["administrator"] = make.person("Administrator", is_administrator=True)
        for role in ("organiser", "moderator"):
            self.people[role] = make.staff(row, role)
        self.people["appealed"] = make.staff(row, "moderator", "Second moderator")
        make.staff(row, "organiser", "Second organiser")
        make.role(self.people["organiser"], row, "moderator")
        make.member(self.people["signatory"], organisation, is_signatory=True)
        make.member(make.person("Second signatory"), organisation, is_signatory=True)
        make.member(self.people["author"], organisation)
        make.row(Membership(person_id=make.person("Asks").id, organisation_id=organisation.id))
        former = make.organisation("Guild of old", slug="old-guild", merged_into_id=organisation.id)
        make.row(OrganisationMerge(former_id=former.id, into_id=organisation.id, reason="They are the same."))
        self.other_guild = make.organisation("Other guild", slug="other-guild", is_verified=True)
        make.member(self.people["moderator"], self.other_guild, is_signatory=True)
        for guild in (self.other_guild, organisation):
            make.row(GuestOrganisation(consultation_id=row.id, organisation_id=guild.id))
        make.row(Interest(person_id=self.people["author"].id, text="Works for the guild."))
        self._invited()
        self._second_factor(self.people["author"].id)
        self._programs()
        due = clock.now() + timedelta(days=7)
        make.row(Erasure(person_id=self.people["person"].id, words_go=False, due_at=due))
        self._learning()
        before = make.consultation("adopted", slug="before")
        make.role(self.people["organiser"], before, "organiser")
        make.role(self.people["author"], before, "observer")
        make.standard(before, make.version(before), "served")
        failed = {"payload": "{}", "due_at": clock.now(), "is_parked": True, "tries": 7, "error": "OSError: no"}
        make.row(Job(kind="mail.send", **failed))
        make.row(Submission(key=TAKEN_KEY, actor_id=0, operation="something else"))

    def _invited(self) -> None:
        """The author is invited, somebody else is to the guild, and the other guild is a part of it."""
        until, by = clock.now() + timedelta(days=14), self.people["moderator"].id
        for email, guild in ((self.people["author"].email, self.other_guild), ("new@example.org", self.organisation)):
            invited = {"email": email, "organisation_id": guild.id, "role": "member", "expires_at": until}
            self.make.row(Invitation(**invited, invited_by_id=by))
        with self.make.writing() as session:
            session.get_one(Organisation, self.other_guild.id).parent_id = self.organisation.id

    def _second_factor(self, person_id: int) -> None:
        """The author has an app for codes and a passkey."""
        self.make.row(Authenticator(person_id=person_id, sealed="sealed", last_step=0))
        self.make.row(Passkey(person_id=person_id, name="Key", credential_id="AAAA", data="AAAA", sign_count=0))
        with self.make.writing() as session:
            session.get_one(Person, person_id).second_factor_at = clock.now()

    def _programs(self) -> None:
        """The author has a token and an account elsewhere; the guild has a machine."""
        author, until = self.people["author"], clock.now() + timedelta(days=30)
        self.make.row(ApiToken(digest="0", start="consult_0", person_id=author.id, made_by_id=author.id, name="Script",
                               scopes="read", expires_at=until))  # fmt: skip
        known = {"issuer": "https://id.example", "subject": "1", "label": "author@id.example", "arrived_at": 0}
        self.make.row(ProviderIdentity(person_id=author.id, **known))
        self.make.member(self.make.person("Robot (machine)", is_machine=True, password_hash=""), self.organisation)

    def _learning(self) -> None:
        """A guide with questions and terms, and a shelf; the reader's proposal waits."""
        make, author, mine = self.make, self.people["author"], {"consultation_id": self.consultation.id}
        make.row(Guide(**mine, text=FITTING, html=f"<p>{FITTING}</p>"))
        make.row(Term(**mine, key="summary", name="summary", explanation=FITTING, html=f"<p>{FITTING}</p>"))
        for rank in (1, 2):
            make.row(GuideQuestion(**mine, question="Why?", answer=FITTING, html=f"<p>{FITTING}</p>", rank=rank))
        for rank, state in enumerate(("accepted", "accepted", "proposed", "removed")):
            make.row(
                Resource(
                    **mine, kind="data", title=FITTING, url=f"https://example.org/{rank}", licence="MIT", language="en",
                    description=FITTING, state=state, rank=rank, added_by_id=author.id, added_by_name=author.name,
                    decided_at=None if state == "proposed" else clock.now(),
                )
            )  # fmt: skip

    def _debate(self) -> None:
        make, row, author = self.make, self.consultation, self.people["author"]
        texts = ("Providers shall publish a summary.", "Small providers may wait.", "‘deployer’ means whoever uses it.")
        version = make.version(row, texts)
        if self.state in ("open", "paused", "analysis"):
            self._next_version(version)
        clause = make.clauses(version)[1]
        words: dict[str, Any] = {"author": author, "body": FITTING, "html": f"<p>{FITTING}</p>"}
        self.comment = make.comment(row, clause, number="P0001-001", cosignature_count=2, **words)
        late = make.comment(row, clause, number="LOG-001", source="log", positions=(), stance="", author=author)
        if self.state == "published":
            self._carry(version, {"": self.comment, "solved": late})
        hidden = [
            make.comment(row, clause, number=f"P0001-00{n}", state="hidden", state_reason="Spam.", **words)
            for n in (2, 3)
        ]
        make.row(
            Reply(
                comment_id=self.comment.id, path="000001", author_id=author.id, author_name=author.name,
                category=author.category, body=FITTING, html=f"<p>{FITTING}</p>",
            )
        )  # fmt: skip
        make.row(Numbering(consultation_id=row.id, prefix="P", last=99))  # after those made here
        for stage in ("open", "proposed", "dropped"):
            make.shared_draft(self.organisation, version, author, stage, body=FITTING)
        make.comment(row, clause, number="P0002-001", unsigned_for_id=self.other_guild.id, **words)
        for place, discarded_at in (("1-2", None), ("1", clock.now())):
            make.row(
                CommentDraft(
                    person_id=author.id, version_id=version.id, place=place, sheet=make.key(), fields="{}",
                    discarded_at=discarded_at,
                )
            )  # fmt: skip
        make.row(
            Letter(
                consultation_id=row.id, round_id=self.comment.round_id, author_id=author.id, author_name=author.name,
                category=author.category, title=FITTING, text=f"{FITTING}.\n\n{FITTING}.", kind="typed",
                sha256="0" * 64,
            )
        )  # fmt: skip
        signer = self.people["appealed"]
        make.row(Vote(comment_id=self.comment.id, person_id=signer.id, choice="agree", category=signer.category))
        make.row(
            Cosignature(
                comment_id=self.comment.id, person_id=signer.id, name=signer.name, category=signer.category,
                edit_number=0,
            )
        )  # fmt: skip
        make.row(
            Notice(
                person_id=author.id, consultation_id=row.id, kind="followed", what="commented", about=self.comment.id,
                event=f"comment {self.comment.id}",
            )
        )  # fmt: skip
        make.row(
            Notice(
                person_id=author.id, consultation_id=row.id, kind="changes", what="reminder", about=row.id,
                event="marked as read a moment ago", read_at=MARKED_AT,
            )
        )  # fmt: skip
        make.row(Notice(person_id=author.id, kind="account", what="new_browser", about=0, event="sign-in 0"))
        make.row(Follow(person_id=author.id, comment_id=self.comment.id))
        self._withheld(clause)
        self._preparations()
        make.row(Report(consultation_id=row.id, comment_id=self.comment.id, rule="spam", reader="person 0"))
        self.acts = acts = [
            make.row(
                ModerationAct(
                    consultation_id=row.id, comment_id=one.id, verb="hide", rule="spam", passage=FITTING,
                    reason="Spam.", moderator_id=self.people["moderator"].id, facts=FITTING, ground=FITTING, role="moderator",
                    appeal_until=clock.now() + timedelta(days=30),
                )
            )
            for one in hidden
        ]  # fmt: skip
        make.row(Correction(act_id=acts[1].id, author_id=author.id, body="Milder words.", html="<p>Milder words.</p>"))
        for n, holder in enumerate(("moderator", "") if self.state == "open" else (), 4):
            held = make.comment(row, clause, number=f"P0001-00{n}", state="held", held_for="links", **words)
            if holder:
                make.row(
                    Claim(
                        consultation_id=row.id,
                        comment_id=held.id,
                        person_id=self.people[holder].id,
                        until=acts[0].appeal_until,
                    )
                )
        make.row(Appeal(act_id=acts[0].id, until=acts[0].appeal_until, author_id=author.id, text="It is not spam."))
        campaign = {"consultation_id": row.id, "template_id": self.comment.id}
        shared = make.row(Campaign(**campaign, number=1, state="confirmed", name=FITTING))
        for one in (self.comment, late):
            make.row(CampaignMember(campaign_id=shared.id, comment_id=one.id, standing="counted"))
        looking = {"campaign_id": shared.id, "person_id": self.people["moderator"].id, "until": acts[0].appeal_until}
        make.row(Claim(consultation_id=row.id, **looking))
        self._intake(clause)

    def _withheld(self, clause: Clause) -> None:
        """The author shows less than her name over a comment and an answer, somebody else under a comment."""
        make, author, signer = self.make, self.people["author"], self.people["moderator"]
        less = {"author_name": naming.byline("category", author.name, author.category), "named": "category"}
        words = {"body": FITTING, "html": f"<p>{FITTING}</p>"}
        make.comment(self.consultation, clause, author=author, number="P-001", **less, **words)
        make.row(
            Reply(
                comment_id=self.comment.id, path="000002", author_id=author.id, author_name=naming.WITHHELD, named="nobody",
                category=author.category, **words,
            )
        )  # fmt: skip
        make.row(
            Cosignature(
                comment_id=self.comment.id, person_id=signer.id, name=naming.WITHHELD, named="nobody",
                category=signer.category, edit_number=0,
            )
        )  # fmt: skip

    def _intake(self, clause: Clause) -> None:
        """What came on paper: to be completed, to be compared, and in the debate, where its sender may claim it."""
        make, row = self.make, self.consultation
        make.row(Numbering(consultation_id=row.id, prefix="PAPER", last=99))
        said = {"source": "paper", "body": FITTING, "html": f"<p>{FITTING}</p>"}
        came = make.comment(row, clause, author_id=None, author_name="Grace", number="PAPER-001", **said)
        hers = make.comment(row, clause, author=self.people["author"], number="PAPER-002", **said)
        checked = {"checked_at": clock.now(), "checked_by_id": self.people["moderator"].id}
        posted = {"comment_id": came.id, **checked}
        claimed = {"claimed_by_id": self.people["author"].id, "claimed_at": clock.now()}
        given: tuple[dict[str, Any], ...] = ({}, {}, {}, posted, posted | claimed | {"comment_id": hers.id})
        for number, state in enumerate(("begun", "entered", "entered", "posted", "posted"), 1):
            make.row(
                IntakeEntry(
                    consultation_id=row.id, number=number, state=state, source="paper", body=FITTING, sender=FITTING,
                    received_on=MARKED_AT.date(), entered_by_id=self.people["organiser" if number % 2 else "appealed"].id,
                    **given[number - 1],
                )
            )  # fmt: skip

    def _preparations(self) -> None:
        """A theme with the comment in it, a template, a saved view, and the comment as somebody's work."""
        make, mine, by = self.make, {"consultation_id": self.consultation.id}, self.people["organiser"].id
        self.theme = make.row(Theme(**mine, round_id=self.comment.round_id, number=1, name=FITTING, made_by_id=by))
        make.row(ThemeComment(theme_id=self.theme.id, comment_id=self.comment.id))
        make.row(AnswerTemplate(**mine, name=FITTING, text=FITTING, edited_by_id=by))
        make.row(SavedView(**mine, person_id=by, name=FITTING, query="show=open"))
        self.given = make.row(Assignment(**mine, person_id=self.people["moderator"].id, size=1, made_by_id=by))
        make.row(AssignedComment(assignment_id=self.given.id, comment_id=self.comment.id))

    def _carry(self, version: DraftVersion, comments: Mapping[str, Comment]) -> None:
        """Comments as they stand in a second version: perhaps found, by what was said of them there."""
        second = self.make.version(self.consultation, supersedes_id=version.id)
        for said, comment in comments.items():
            with self.make.writing() as session:
                anchor = session.scalars(select(Anchor).where(Anchor.comment_id == comment.id)).one()
            self.make.row(
                CarriedAnchor(
                    anchor_id=anchor.id, comment_id=comment.id, version_id=second.id, status="review",
                    clause_id=self.make.clauses(second)[1].id, checked_as=said, checked_at=clock.now() if said else None,
                )
            )  # fmt: skip

    def _next_version(self, old: DraftVersion) -> None:
        version = self.make.version(self.consultation, frozen_at=None, supersedes_id=old.id)
        (before, *_), (after, *_) = self.make.clauses(old), self.make.clauses(version)
        pair = {"old_id": before.id, "new_id": after.id, "kind": "pair", "similarity": 100}
        self.make.row(ClausePair(version_id=version.id, **pair))

    def _outcome(self) -> None:
        make = self.make
        with make.writing() as session:
            for row in session.scalars(select(Comment).where(Comment.state == "posted")):
                session.add(
                    Disposition(
                        comment_id=row.id, code="noted", observation="Seen.", html="<p>Seen.</p>",
                        decided_by_id=self.people["organiser"].id,
                        theme_id=self.theme.id if row.id == self.comment.id else None,
                    )
                )  # fmt: skip
                row.disposition = "noted"
        if self.stage == "review":  # a view of few, which needs a sentence or a reason
            for key in ("profit", "profit", "profit", "access"):
                make.comment(self.consultation, positions=(key,), disposition="noted")
        with make.app.app_context():
            mending.recount(db.session.get_one(Consultation, self.consultation.id))
        published = clock.now() if self.state in ("published", "adopted") else None
        summary = make.row(
            OutcomeSummary(
                consultation_id=self.consultation.id, round_id=self.comment.round_id, headline="What came of it",
                published_at=published,
            )
        )  # fmt: skip
        for rank, section in enumerate(("said", "did", "did")):
            row = make.row(Statement(summary_id=summary.id, section=section, text="So.", html="So.", rank=rank))
            for comment_id in self._posted()[: 1 + rank]:  # the first has one less, so that there is one to add
                make.row(Citation(statement_id=row.id, comment_id=comment_id))

        if self.state == "published":
            make.row(
                Disposition(
                    comment_id=self.comment.id, code="accepted", change_class="technical",
                    decided_by_id=self.people["organiser"].id,
                )
            )  # fmt: skip
        if self.stage == "ready":
            return
        signer = self.people["author"]
        make.row(
            Objection(
                consultation_id=self.consultation.id, round_id=summary.round_id, number=1, person_id=signer.id,
                person_name=signer.name, category=signer.category, text=FITTING, html=f"<p>{FITTING}</p>",
            )
        )  # fmt: skip
        for number in (2, 3):
            self._hide_objection(summary.round_id, number)

    def _hide_objection(self, round_id: int, number: int) -> None:
        """An objection of the author that a moderator hid; about the first of them a second look was asked for."""
        make, signer, now = self.make, self.people["author"], clock.now()
        row = make.row(
            Objection(
                consultation_id=self.consultation.id, round_id=round_id, number=number, person_id=signer.id,
                person_name=signer.name, category=signer.category, text=FITTING, html=f"<p>{FITTING}</p>", hidden_at=now,
            )
        )  # fmt: skip
        stated = {
            "rule": "spam",
            "ground": "It sells.",
            "passage": FITTING,
            "facts": "The words.",
            "reason": "It sells.",
        }
        act = make.row(
            ObjectionAct(
                objection_id=row.id, verb="hide", **stated, role="moderator", moderator_id=self.people["appealed"].id,
                at=now, appeal_until=now + timedelta(days=30),
            )
        )  # fmt: skip
        if number == 2:
            make.row(ObjectionAppeal(act_id=act.id, until=act.appeal_until, text=FITTING, made_at=now))

    def _correct(self) -> None:
        """A correction of the summary that could be published."""
        with self.app.app_context():
            row = db.session.get_one(Consultation, self.consultation.id)
            outcomes.begin_correction(actor=self.make.actor(self.people["organiser"]), consultation=row, reason=FITTING)
            db.session.remove()
        self._approve()

    def _approve(self) -> None:
        with self.app.app_context():
            row = db.session.get_one(Consultation, self.consultation.id)
            of = newest_round(viewer=SYSTEM, consultation=row)
            read = account(viewer=SYSTEM, consultation=row, of=of, is_draft=True)
            approver = self.make.actor(self.people["appealed"])
            outcomes.approve_summary(actor=approver, consultation=row, seen=read.digest)
            db.session.remove()

    def _posted(self) -> list[int]:
        with self.app.app_context():
            return list(db.session.scalars(select(Comment.id).where(Comment.state == "posted")))

    def _stage(self) -> None:
        organiser = Visitor(self.app, self.people["organiser"])
        page = organiser.open("/c/served/manage/draft")
        form = next(form for form in page.forms if form.kinds.get("file") == "file")
        organiser.send(form.action, form.fields | {"text": ["# Title\n\nA text to look at."]}, files={"none": b""})
        organiser.open("/c/served/manage/draft/structure?unit=1-p1")
        organiser.press("Save the kind", kind="note")  # so that there is a correction to undo

    def restore(self) -> None:
        """Everything as it was when this world was made."""
        self.kept.restore()

    def clear(self) -> None:
        """Leave the database empty."""
        empty(self.app)

    def enter(self, role: str) -> Visitor:
        """A browser in which `role` is signed in."""
        return Visitor(self.app, self.people.get(role), self.organisation.id if role == "author" else None)

    def doors(self) -> list[str]:
        """Pages to begin with: those that only a mail leads to, and those a link on another page may not show."""
        secret, person = self.app.config["SECRET_KEY"], self.people["person"]
        mailed = [
            f"/{page}/{links.token(secret, purpose, person, 'new@example.org' if purpose == links.CHANGE else '')}"
            for page, purpose in (
                ("email-confirmation", links.CONFIRM), ("new-password", links.RESET), ("new-email", links.CHANGE),
            )
        ]  # fmt: skip
        plain = [
            rule.rule.replace("<slug>", "served")
            for rule in self.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and rule.arguments <= {"slug"} and "organisations" not in rule.rule
        ]
        domain = links.domain_token(secret, self.organisation, self.people["signatory"].id, "office@guild.example")
        mailed.append(f"/organisation-domain/{domain}")
        mailed.append(f"/mail-endings/{endings.token(secret, person.id, 'followed')}")
        mailed.append(f"/me/inbox?marked={round(MARKED_AT.timestamp() * 1_000_000)}")
        mailed.append("/c/served/manage/answers/chosen?all=y")
        if self.state != "draft":
            mailed += [f"/c/served/moderation/{act.id}/appeal" for act in self.acts]
            mailed.append(f"/c/served/manage/answers/table?given={self.given.id}")
        return [
            *plain,
            "/organisations/guild",
            "/organisations/guild/drafts",
            "/organisations/other-guild",
            "/organisations/other-guild/parent",
            "/organisations/duplicates",
            "/organisations/other-guild/category",
            "/organisations/other-guild/sameness",
            "/organisations/other-guild/merging/guild",
            "/administration/organisations/guild",
            "/administration/organisations/other-guild",
            "/administration/consultations/before",
            *mailed,
        ]
