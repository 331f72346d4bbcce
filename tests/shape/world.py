"""The world of the matrix: one consultation with everything in it, and somebody in every role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
from flask import Flask
from sqlalchemy import select

from consult.accounts import factors, links
from consult.accounts.models import (
    Authenticator,
    GuestOrganisation,
    Interest,
    Invitation,
    Membership,
    OrganisationMerge,
    Passkey,
    Person,
    ProviderIdentity,
    RoleGrant,
    SignIn,
)
from consult.accounts.passkeys import STEP, Site
from consult.api import tokens
from consult.api.models import ApiToken
from consult.api.scopes import SCOPES
from consult.consultations import naming
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, StoredFile
from consult.core import clock, ids, store
from consult.core.db import db
from consult.core.jobs import Job
from consult.core.rules import SYSTEM
from consult.core.store import files
from consult.debate import mending
from consult.debate.models import Anchor, CarriedAnchor, Comment, CommentDraft, Cosignature, Letter, LetterPiece, Reply
from consult.documents.models import ClausePair
from consult.learning.models import Guide, GuideQuestion, Resource
from consult.moderation.models import (
    Appeal,
    Campaign,
    CampaignMember,
    Correction,
    IntakeEntry,
    IntakeFile,
    ModerationAct,
    Report,
)
from consult.notices import endings
from consult.notices.models import Notice
from consult.outcomes import queries as outcomes
from consult.outcomes.models import (
    AnswerTemplate,
    Approval,
    AssignedComment,
    Assignment,
    Citation,
    Disposition,
    Immateriality,
    Implementation,
    Objection,
    ObjectionAct,
    ObjectionAppeal,
    OutcomeSummary,
    SavedView,
    StandardPdf,
    Statement,
    Theme,
    ThemeComment,
)
from tests.keys import Key
from tests.make import Make
from tests.rows import Kept, empty

ORIGIN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
STATES = (
    "draft", "announced", "open", "paused", "analysis", "review", "published", "adopted", "withdrawn", "archived",
)  # fmt: skip
APP_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
WITHHELD = "Wendehals"  # the name of somebody who does not show it
NEW_PASSWORD = "a long walk by the sea"
ROLES = (
    "visitor", "suspended", "unverified", "person", "author", "member", "signatory",
    "observer", "editor", "moderator", "organiser", "elsewhere", "administrator",
)  # fmt: skip
# Tokens of the moderator that must not open what is asked: made for all but that, and dead.
TOKENS = ("scope too small", "expired token", "revoked token", "token from elsewhere")


class World:
    """Rows of every kind around one consultation in `state`, and a sign-in token for every role."""

    def __init__(self, app: Flask, state: str, *, access: str = "public") -> None:
        if state == "draft":  # nobody takes part in a draft anyway, and organisations can be invited to this one
            access = "invited"
        self.app, self.state, self.access, self.make = app, state, access, Make(app)
        self.tokens: dict[str, str] = {}
        self.signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        self._people()
        self._debate()
        self._learning()
        self._outcome()
        self._sign_in()
        self._programs()
        self.kept = Kept(app)

    def _people(self) -> None:
        make = self.make
        self.organisation = make.organisation("Library Union")
        self.twin = make.organisation("Library Union e.V.")
        former = make.organisation("Old Library Union", merged_into_id=self.organisation.id)
        self.merge = make.row(
            OrganisationMerge(former_id=former.id, into_id=self.organisation.id, reason="They are the same.")
        )
        self.parent = make.organisation("Federation of Unions", is_verified=True)
        self.consultation = make.consultation(
            self.state, slug="matrix", organiser_id=self.organisation.id, access=self.access
        )
        elsewhere = make.consultation("open", slug="elsewhere")
        self.people: dict[str, Person] = {
            "suspended": make.person("Suspended", suspended_at=clock.now()),
            "unverified": make.person("Unverified", email_verified_at=None),
            "administrator": make.person("Administrator", is_administrator=True),
        }
        for role in ("person", "author", "member", "signatory", "guest", "elsewhere"):
            self.people[role] = make.person(role.title())
        for role in ("observer", "participant", "editor", "moderator", "organiser"):
            self.people[role] = make.staff(self.consultation, role)
        for role in ("moderator", "organiser"):
            make.role(self.people["elsewhere"], elsewhere, role)
        standard = make.standard(elsewhere, make.version(elsewhere), "matrix")
        make.row(StandardPdf(version_id=standard.id, data=b"%PDF"))
        make.staff(self.consultation, "organiser", "Second organiser")
        club = make.organisation("Reading Club")
        make.member(self.people["guest"], club, is_signatory=True)
        make.row(GuestOrganisation(consultation_id=self.consultation.id, organisation_id=club.id))
        # The signatory can say no to another consultation; who is let in here is the guest.
        self.invited = make.row(GuestOrganisation(consultation_id=elsewhere.id, organisation_id=self.organisation.id))
        self.club = club
        self.membership = make.member(self.people["member"], self.organisation)
        make.member(self.people["signatory"], self.organisation, is_signatory=True)
        make.member(self.people["signatory"], self.parent, is_signatory=True)
        self.signing = make.member(make.person("Second signatory"), self.organisation, is_signatory=True)
        failed = {"payload": "{}", "due_at": clock.now(), "is_parked": True, "tries": 7, "error": "OSError: no"}
        self.job = make.row(Job(kind="mail.send", **failed))
        self.interest = make.row(Interest(person_id=self.people["person"].id, text="Owns shares."))
        self.other_moderator = make.staff(self.consultation, "moderator", "Other moderator")
        ends = clock.now() + timedelta(days=14)
        self.invitation = make.row(
            Invitation(
                email=self.people["person"].email, organisation_id=self.organisation.id, role="member", expires_at=ends
            )
        )
        with make.writing() as session:
            mine = select(RoleGrant).where(RoleGrant.person_id == self.people["moderator"].id)
            self.grant = session.scalars(mine).one()
        self.asked = make.row(
            Membership(person_id=make.person("Newcomer").id, organisation_id=self.organisation.id, state="asked")
        )

    def _debate(self) -> None:
        make, author = self.make, self.people["author"]
        texts = ("Providers shall publish a summary.", "Small providers may wait.", "‘deployer’ means whoever uses it.")
        self.version = make.version(self.consultation, texts, pictures={"00ff00ff": b"\x89PNG"})
        self.next_clauses, self.pair = [0, 0], "0-0"
        if self.state != "draft":
            self._next_version()
        # A draft has no comments yet; these stand beside its text, which can still be replaced.
        self.clause = None if self.state == "draft" else make.clauses(self.version)[1]
        self.comment = make.comment(self.consultation, self.clause, author=author, number="P0001-001")
        self.unplaced = make.comment(
            self.consultation, self.clause, author=author, number="LOG-001", source="log", positions=(), stance=""
        )
        with make.writing() as session:
            anchor = session.scalars(select(Anchor).where(Anchor.comment_id == self.comment.id)).one()
        # Carried to the one public version there is: what comes of that is the same for any.
        self.carried = make.row(
            CarriedAnchor(
                anchor_id=anchor.id, comment_id=self.comment.id, version_id=self.version.id, clause_id=anchor.clause_id,
                status="review" if anchor.clause_id else "orphan",
            )
        )  # fmt: skip
        self.hidden = make.comment(
            self.consultation, self.clause, author=author, number="P0001-002", state="hidden", state_reason="Spam."
        )
        self.reply = make.row(
            Reply(
                comment_id=self.comment.id, path="000001", author_id=author.id, author_name=author.name,
                category=author.category, body="A reply.", html="<p>A reply.</p>",
            )
        )  # fmt: skip
        self.held = make.row(
            Reply(
                comment_id=self.comment.id, path="", place=0, author_id=author.id, author_name=author.name,
                category=author.category, body="It waits.", html="<p>It waits.</p>", state="held", held_for="first",
            )
        )  # fmt: skip
        self.notice = make.row(
            Notice(
                person_id=self.people["person"].id, consultation_id=self.consultation.id, kind="followed",
                what="commented", about=self.comment.id, event=f"comment {self.comment.id}",
            )
        )  # fmt: skip
        self.draft = make.row(
            CommentDraft(
                person_id=author.id, version_id=self.version.id, place="", sheet=ids.new_key(), fields="{}"
            )
        )  # fmt: skip
        self.letter = make.row(  # public letters are read by everybody, like comments; this one waits to be cut
            Letter(
                consultation_id=self.consultation.id, round_id=self.comment.round_id, author_id=author.id,
                author_name=author.name, category=author.category, title="Our answer", text="One.\n\nTwo.",
                kind="typed", sha256="0" * 64, is_handed_over=True,
            )
        )  # fmt: skip
        member = self.people["member"]
        self.shared = {
            stage: make.shared_draft(self.organisation, self.version, member, stage)
            for stage in ("open", "proposed", "dropped")
        }
        self.unsigned = make.comment(
            self.consultation, self.clause, author=member, number="P0002-001", unsigned_for_id=self.organisation.id
        )
        self.report = make.row(
            Report(consultation_id=self.consultation.id, comment_id=self.comment.id, rule="spam", reader="p0")
        )
        self.act = self._hide(self.hidden)
        again = make.comment(
            self.consultation, self.clause, author=author, number="P0001-003", state="hidden", state_reason="Spam."
        )
        self.fresh_act = self._hide(again)
        self.appeal = make.row(
            Appeal(act_id=self.act.id, until=self.act.appeal_until, author_id=author.id, text="It is not spam.")
        )
        self.correction = make.row(
            Correction(act_id=self.act.id, author_id=author.id, body="Better words.", html="<p>Better words.</p>")
        )
        self._withheld()
        self._preparations()
        campaign = {"consultation_id": self.consultation.id, "template_id": self.comment.id}
        self.campaign = make.row(Campaign(**campaign, number=1, state="confirmed", name="The same remark"))
        for row in (self.comment, self.unplaced):
            make.row(CampaignMember(campaign_id=self.campaign.id, comment_id=row.id, standing="counted"))

    def _withheld(self) -> None:
        """Somebody, of no role, who shows less than her name wherever one can; see test_withheld_names."""
        make, one = self.make, self.make.person(WITHHELD, email=f"{WITHHELD.lower()}@example.org")
        self.withheld = one

        def shown(level: str, column: str = "author_name") -> dict[str, str]:
            return {"named": level, column: naming.byline(level, one.name, one.category), "category": one.category}

        for n, level in enumerate(("category", "nobody"), 1):
            comment = make.comment(self.consultation, self.clause, author=one, number=f"P-90{n}", **shown(level))
            body = {"body": f"Answer {n}.", "html": f"<p>Answer {n}.</p>", "path": f"{n + 1:06d}"}
            make.row(Reply(comment_id=self.comment.id, author_id=one.id, **shown(level), **body))
        signed = {"organisation_id": self.organisation.id, "signed_by_id": one.id, "signed_at": clock.now()}
        make.member(one, self.organisation)
        said = shown("nobody") | {"signer_named": "nobody"}
        make.comment(self.consultation, self.clause, author=one, number="LU-901", **said, **signed)
        made = {"comment_id": self.unplaced.id, "person_id": one.id, "edit_number": 0}
        make.row(Cosignature(**made, **shown("nobody", "name")))
        text = {"title": "Unseen", "text": "One.", "kind": "typed", "sha256": "0" * 64}
        where = {"consultation_id": self.consultation.id, "round_id": self.comment.round_id}
        cut = {"author_id": one.id, "cut_by_id": one.id, "cut_at": clock.now()}
        self.unseen = make.row(Letter(**where, **text, **cut, **shown("nobody")))
        make.row(LetterPiece(letter_id=self.unseen.id, comment_id=comment.id, part=1, start=0, end=4))

    def _hide(self, comment: Comment) -> ModerationAct:
        """Why `comment` is hidden; its author may still appeal."""
        return self.make.row(
            ModerationAct(
                consultation_id=self.consultation.id, comment_id=comment.id, verb="hide", rule="spam",
                passage="Remark", reason="Spam.", moderator_id=self.other_moderator.id,
                facts="The words themselves.", ground="It sells something.", role="moderator",
                appeal_until=clock.now() + timedelta(days=30),
            )
        )  # fmt: skip

    def _preparations(self) -> None:
        """A theme with the comment in it, a template, a saved view, and the comment as a moderator's work."""
        make, mine, by = self.make, {"consultation_id": self.consultation.id}, self.people["moderator"].id
        self.theme = make.row(
            Theme(**mine, round_id=self.comment.round_id, number=1, name="What counts", made_by_id=by)
        )
        make.row(ThemeComment(theme_id=self.theme.id, comment_id=self.comment.id))
        self.template = make.row(AnswerTemplate(**mine, name="Thanks", text="Thank you.", edited_by_id=by))
        self.view = make.row(SavedView(**mine, person_id=by, name="Open ones", query="show=open", is_shared=True))
        self.assignment = make.row(Assignment(**mine, person_id=self.other_moderator.id, size=1, made_by_id=by))
        make.row(AssignedComment(assignment_id=self.assignment.id, comment_id=self.comment.id))
        self._intake()

    def _intake(self) -> None:
        """Something on paper that waits for a second person, with its scan; and something that came and is public."""
        make, mine = self.make, {"consultation_id": self.consultation.id, "received_on": clock.day_in("UTC")}
        given = {"body": "On paper.", "source": "paper", "entered_by_id": self.other_moderator.id}
        self.entry = make.row(IntakeEntry(**mine, **given, number=1, state="entered", are_scans_public=True))
        came = make.comment(
            self.consultation, self.clause, author_id=None, author_name="Grace", number="MAIL-001", source="email"
        )
        self.came = make.row(
            IntakeEntry(
                **mine, **given, number=2, state="posted", comment_id=came.id, checked_at=clock.now(),
                checked_by_id=self.people["moderator"].id, are_scans_public=True,
            )
        )  # fmt: skip
        make.row(
            IntakeEntry(
                **mine, **given, number=3, state="posted", comment_id=self.unplaced.id, checked_at=clock.now(),
                checked_by_id=self.people["moderator"].id, claimed_by_id=self.other_moderator.id,
                claimed_at=clock.now(),
            )
        )  # fmt: skip
        with self.app.app_context():
            kept = store.files().put(b"\x89PNG\r\n\x1a\n", "scan.png")
        self.scans = []
        for entry in (self.entry, self.came):
            file = make.row(StoredFile(consultation_id=self.consultation.id, **kept._asdict()))
            make.row(IntakeFile(entry_id=entry.id, file_id=file.id))
            self.scans.append(file.id)

    def _learning(self) -> None:
        make, mine = self.make, {"consultation_id": self.consultation.id}
        make.row(Guide(**mine, text="So.", html="<p>So.</p>"))
        self.question = make.row(GuideQuestion(**mine, question="Why?", answer="So.", html="<p>So.</p>", rank=1))
        author = self.people["author"]
        self.resources = {
            state: make.row(
                Resource(
                    **mine, kind="data", title=state, url=f"https://example.org/{state}", licence="MIT", language="en",
                    description="Numbers.", state=state, added_by_id=author.id, added_by_name=author.name,
                    decided_at=None if state == "proposed" else clock.now(),
                )
            )
            for state in ("proposed", "accepted", "removed")
        }  # fmt: skip
        self.resources["file"] = make.row(
            Resource(
                **mine, kind="data", title="file", url="", licence="MIT", language="en", description="Numbers.",
                state="accepted", added_by_id=author.id, added_by_name=author.name, file_id=self._file().id,
            )
        )  # fmt: skip

    def _file(self) -> StoredFile:
        with self.make.app.app_context():
            kept = files().put(b"a,b\n1,2\n", "numbers.csv")
        return self.make.row(StoredFile(consultation_id=self.consultation.id, **kept._asdict()))

    def _next_version(self) -> None:
        make, values = self.make, {"supersedes_id": self.version.id, "frozen_at": None}
        version = make.version(self.consultation, ("The next words.",), **values)
        old, new = make.clauses(self.version), make.clauses(version)
        self.next_clauses = [clause.id for clause in new]
        pair = {"old_id": old[0].id, "new_id": new[0].id, "kind": "pair", "similarity": 100}
        make.row(ClausePair(version_id=version.id, **pair))
        self.pair = f"{old[0].id}-{new[0].id}"

    def _outcome(self) -> None:
        make = self.make
        if self.state not in ("analysis", "review", "published", "adopted", "archived"):
            self.statements, self.dispositions, self.headline = [0, 0], {}, ""
            return
        self.headline = "What came of it"
        if self.state == "analysis":  # access is a view of few here, which needs a sentence or a reason
            for key in ("profit", "profit", "profit", "access"):
                make.comment(self.consultation, positions=(key,))
        self.dispositions = {
            comment.id: make.row(
                Disposition(comment_id=comment.id, code="noted", observation="Seen.", html="<p>Seen.</p>", **given)
            ).id
            for comment, given in (
                (self.comment, {"theme_id": self.theme.id, "decided_by_id": self.people["moderator"].id}),
                (self.unplaced, {}),
            )
        }
        if self.state == "published":
            changed = Disposition(comment_id=self.comment.id, code="accepted", change_class="technical")
            last = self.dispositions[self.comment.id] = make.row(changed).id
            said = {"reason": "They only repeat annex B.", "person_id": self.people["organiser"].id}
            make.row(Immateriality(round_id=self.comment.round_id, last_answer_id=last, **said))
            by = self.people["organiser"].id
            make.row(Implementation(disposition_id=last, state="applied", version_id=self.version.id, by_id=by))
        with make.writing() as session:
            for row in session.scalars(select(Comment).where(Comment.state == "posted")):
                row.disposition = "noted"
            if self.state in ("analysis", "review"):  # review and publication wait for its place in the draft
                session.get_one(CarriedAnchor, self.carried.id).status = "exact"
        with make.app.app_context():
            mending.recount(db.session.get_one(Consultation, self.consultation.id))
        published = clock.now() if self.state in ("published", "adopted", "archived") else None
        summary = make.row(
            OutcomeSummary(
                consultation_id=self.consultation.id, round_id=self.comment.round_id, headline=self.headline,
                published_at=published,
            )
        )  # fmt: skip
        self.statements = []
        for rank, section in enumerate(("said", "did")):
            row = make.row(Statement(summary_id=summary.id, section=section, text="So.", html="<p>So.</p>", rank=rank))
            make.row(Citation(statement_id=row.id, comment_id=self.comment.id))
            self.statements.append(row.id)
        self._said_of_the_summary(summary)

    def _hide_objection(self, summary: OutcomeSummary, number: int) -> None:
        make, author, now = self.make, self.people["person"], clock.now()
        row = make.row(
            Objection(
                consultation_id=self.consultation.id, round_id=summary.round_id, number=number, person_id=author.id,
                person_name=author.name, category=author.category, text="Buy!", html="<p>Buy!</p>", hidden_at=now,
            )
        )  # fmt: skip
        stated = {
            "rule": "spam",
            "ground": "It sells.",
            "passage": "Buy!",
            "facts": "The words.",
            "reason": "It sells.",
        }
        act = make.row(
            ObjectionAct(
                objection_id=row.id, verb="hide", **stated, role="moderator", moderator_id=self.other_moderator.id, at=now,
                appeal_until=now + timedelta(days=30),
            )
        )  # fmt: skip
        if number == 2:
            make.row(ObjectionAppeal(act_id=act.id, until=act.appeal_until, text="It is not.", made_at=now))

    def _said_of_the_summary(self, summary: OutcomeSummary) -> None:
        """An objection; in review it is taken back and the words are approved, so that they can be published."""
        make, author = self.make, self.people["person"]
        make.row(
            Objection(
                consultation_id=self.consultation.id, round_id=summary.round_id, number=1, person_id=author.id,
                person_name=author.name, category=author.category, text="It misses us.", html="<p>It misses us.</p>",
                withdrawn_at=None if self.state == "analysis" else clock.now(),
            )
        )  # fmt: skip
        for number in (2, 3):  # hidden; about the first of them a second look was asked for
            self._hide_objection(summary, number)
        one = {"person_id": self.withheld.id, "person_name": naming.WITHHELD, "named": "nobody"}
        words = {"category": self.withheld.category, "text": "Nor us.", "html": "<p>Nor us.</p>"}
        of = {"consultation_id": self.consultation.id, "round_id": summary.round_id, "withdrawn_at": clock.now()}
        make.row(Objection(**of, **one, **words, number=4))
        approved = summary
        if self.state == "published":  # and a correction of it waits
            words = {"headline": self.headline, "number": 2, "reason": "A number was wrong."}
            place = {"consultation_id": self.consultation.id, "round_id": summary.round_id}
            approved = make.row(OutcomeSummary(**place, **words))
            for section in ("said", "did"):
                row = make.row(
                    Statement(summary_id=approved.id, section=section, text="So.", html="<p>So.</p>", rank=len(section))
                )
                make.row(Citation(statement_id=row.id, comment_id=self.comment.id))
                self.statements.append(row.id)
            self.statements = self.statements[2:]
        make.row(
            Approval(summary_id=approved.id, edit_number=0, digest="0" * 64, person_id=self.people["moderator"].id)
        )

    def digest(self) -> str:
        """The fingerprint of the summary, as the form of a second person carries it."""
        with self.app.app_context():
            found = consultations.find(viewer=SYSTEM, slug="matrix")
            return outcomes.account(viewer=SYSTEM, consultation=found, of=found.round, is_draft=True).digest

    def seen(self) -> str:
        """The newest answers, as the forms of the workbench carry them."""
        return ",".join(f"{comment}:{answer}" for comment, answer in self.dispositions.items())

    def theme_seen(self) -> str:
        """The mark of the theme, as the form that answers it carries it."""
        return f"1-{self.comment.id}-{self.newest_answer()}"

    def newest_answer(self) -> int:
        """The newest answer to the comment, as the form of its author carries it."""
        return self.dispositions.get(self.comment.id, 0)

    def token(self, purpose: str, role: str, email: str = "") -> str:
        """The token of a mailed link."""
        return links.token(self.app.config["SECRET_KEY"], purpose, self.people[role], email)

    def domain_token(self) -> str:
        """The token of a link that proves a domain of the organisation."""
        signs = self.people["signatory"].id
        return links.domain_token(self.app.config["SECRET_KEY"], self.organisation, signs, "info@library.example.org")

    @property
    def ending(self) -> str:
        """The token of a link that ends mails."""
        return endings.token(self.app.config["SECRET_KEY"], self.people["person"].id, "followed")

    def _sign_in(self) -> None:
        for role, person in self.people.items():
            token = ids.new_token()
            self.tokens[role] = token
            self.make.row(
                SignIn(
                    token_digest=ids.digest(token), person_id=person.id, expires_at=clock.now() + timedelta(days=1),
                    acting_for_id=self.organisation.id if role == "member" else None,
                )
            )  # fmt: skip
        self.second_sign_in = self.make.row(
            SignIn(
                token_digest=ids.digest(ids.new_token()), person_id=self.people["person"].id,
                expires_at=clock.now() + timedelta(days=1),
            )
        )  # fmt: skip
        self._second_factor()
        for role in ("editor", "organiser"):
            self.client(role).post(
                "/c/matrix/manage/draft", data={"text": "# New draft\n\nOther words."}, headers=ORIGIN
            )

    def _programs(self) -> None:
        """A token for everything of everybody, and one for each scope left out; a machine with one."""
        self.programs: dict[str, str] = {}
        moderator = self.people["moderator"]
        for role, person in self.people.items():
            for scopes in (tuple(SCOPES), *(tuple(s for s in SCOPES if s != out) for out in SCOPES)):
                if len(scopes) == len(SCOPES):
                    self.programs[role] = self._token(person, scopes, role == "member")
                elif person is moderator:
                    self.programs["without " + (set(SCOPES) - set(scopes)).pop()] = self._token(person, scopes)
        self.programs["expired token"] = self._token(moderator, tuple(SCOPES), expires_at=clock.now())
        self.programs["revoked token"] = self._token(moderator, tuple(SCOPES), revoked_at=clock.now())
        self.programs["token from elsewhere"] = self._token(moderator, tuple(SCOPES), key="of another installation")
        self.token_row = self._newest_token()
        self.machine = self.make.person("Robot (machine)", is_machine=True, password_hash="")
        self.make.member(self.machine, self.organisation)

    def _token(self, person: Person, scopes: tuple[str, ...], acts: bool = False, key: str = "", **values: Any) -> str:
        token = tokens.new()
        mark = tokens.digest(token, key or self.app.config["SECRET_KEY"])
        until = {"expires_at": clock.now() + timedelta(days=1), "start": tokens.start(token)}
        who = {"person_id": person.id, "made_by_id": person.id, "acting_for_id": self.organisation.id if acts else None}
        self.make.row(ApiToken(digest=mark, name="Matrix", scopes=" ".join(scopes), **who, **until | values))
        return token

    def _newest_token(self) -> ApiToken:
        with self.make.writing() as session:
            mine = select(ApiToken).where(ApiToken.person_id == self.people["person"].id)
            return session.scalars(mine).one()

    def program(self, role: str, scope: str) -> Any:
        """A program with the token of `role`, and with the cookie of the administrator, which must count for nothing."""
        client = self.client("administrator")
        token = self.programs.get(f"without {scope}" if role == "scope too small" else role)
        client.environ_base["HTTP_IDEMPOTENCY_KEY"] = ids.new_key()
        if token:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    def _second_factor(self) -> None:
        """The author has an app for codes."""
        author, key = self.people["author"], self.app.config["SECRET_KEY"]
        self.app_secret = factors.new_secret()
        sealed = factors.seal(key, author.id, self.app_secret)
        self.make.row(Authenticator(person_id=author.id, sealed=sealed, last_step=0))
        self.key, self.site = Key(), Site("http://localhost", "Consult", key)
        question = self.site.ask_to_add(author.id, author.email, author.name, [])
        made = self.site.added(author.id, question.asked, self.key.make(question.options))
        assert made is not None
        self.passkey = self.make.row(
            Passkey(
                person_id=author.id, name="Key", credential_id=made.credential_id, data=made.data, sign_count=0, asked_at=0
            )
        )  # fmt: skip
        self.identity = self.make.row(
            ProviderIdentity(
                person_id=author.id, issuer="https://id.example.org", subject="7", label="author", arrived_at=0
            )
        )  # fmt: skip
        with self.make.writing() as session:
            session.get_one(Person, author.id).second_factor_at = clock.now()
            self.people["author"] = session.get_one(Person, author.id)

    def new_passkey(self, role: str) -> dict[str, str]:
        """A form with a passkey that somebody has just made."""
        person, key = self.people[role], Key()
        question = self.site.ask_to_add(person.id, person.email, person.name, [])
        return {"passkey_asked": question.asked, "passkey_answer": key.make(question.options), "name": "Key"}

    def signed(self, purpose: str) -> dict[str, str]:
        """A form in which the author's passkey answers."""
        whose = {"whose": self.people["author"].id} if purpose == STEP else {}
        question = self.site.ask(purpose, **whose)
        return {"passkey_asked": question.asked, "passkey_answer": self.key.sign(question.options)}

    def code(self, secret: str) -> str:
        """What an app with this key shows now."""
        return pyotp.TOTP(secret).at(clock.now())

    def restore(self) -> None:
        """Everything as it was when this world was made."""
        self.kept.restore()

    def clear(self) -> None:
        """Leave the database empty."""
        empty(self.app)

    def client(self, role: str) -> Any:
        """A browser in which `role` is signed in."""
        client = self.app.test_client()
        if role in self.tokens:
            cookie = self.signer.dumps({"_user_id": self.tokens[role], "_fresh": True})
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], cookie)
        return client
