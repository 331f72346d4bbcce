"""The world of the matrix: one consultation with everything in it, and somebody in every role."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.accounts import links
from consult.accounts.models import Interest, Membership, Person, SignIn
from consult.consultations import queries as consultations
from consult.consultations.models import StoredFile
from consult.core import clock, ids, store
from consult.core.rules import SYSTEM
from consult.core.store import files
from consult.debate.models import Anchor, CarriedAnchor, Comment, CommentDraft, Letter, Reply
from consult.documents.models import ClausePair, StagedDraft
from consult.learning.models import Guide, GuideQuestion, Resource
from consult.moderation import receipt_codes
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
    Objection,
    OutcomeSummary,
    SavedView,
    StandardPdf,
    Statement,
    Theme,
    ThemeComment,
    mark,
)
from tests.make import PASSWORD, Make
from tests.rows import Kept, empty

ORIGIN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
STATES = (
    "draft", "announced", "open", "paused", "analysis", "review", "published", "adopted", "withdrawn", "archived",
)  # fmt: skip
NEW_PASSWORD = "a long walk by the sea"
ROLES = (
    "visitor", "suspended", "unverified", "person", "author", "member", "signatory",
    "observer", "editor", "moderator", "organiser", "elsewhere", "administrator",
)  # fmt: skip


class World:
    """Rows of every kind around one consultation in `state`, and a sign-in token for every role."""

    def __init__(self, app: Flask, state: str) -> None:
        self.app, self.state, self.make = app, state, Make(app)
        self.tokens: dict[str, str] = {}
        self._people()
        self._debate()
        self._learning()
        self._outcome()
        self._sign_in()
        self.kept = Kept(app)

    def _people(self) -> None:
        make = self.make
        self.organisation = make.organisation("Library Union")
        self.consultation = make.consultation(self.state, slug="matrix", organiser_id=self.organisation.id)
        elsewhere = make.consultation("open", slug="elsewhere")
        self.people: dict[str, Person] = {
            "suspended": make.person("Suspended", suspended_at=clock.now()),
            "unverified": make.person("Unverified", email_verified_at=None),
            "administrator": make.person("Administrator", is_administrator=True),
        }
        for role in ("person", "author", "member", "signatory", "elsewhere"):
            self.people[role] = make.person(role.title())
        for role in ("observer", "editor", "moderator", "organiser"):
            self.people[role] = make.staff(self.consultation, role)
        for role in ("moderator", "organiser"):
            make.role(self.people["elsewhere"], elsewhere, role)
        standard = make.standard(elsewhere, make.version(elsewhere), "matrix")
        make.row(StandardPdf(version_id=standard.id, data=b"%PDF"))
        make.staff(self.consultation, "organiser", "Second organiser")
        self.membership = make.member(self.people["member"], self.organisation)
        make.member(self.people["signatory"], self.organisation, is_signatory=True)
        self.signing = make.member(make.person("Second signatory"), self.organisation, is_signatory=True)
        self.interest = make.row(Interest(person_id=self.people["person"].id, text="Owns shares."))
        self.other_moderator = make.staff(self.consultation, "moderator", "Other moderator")
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
        self.act = make.row(
            ModerationAct(
                consultation_id=self.consultation.id, comment_id=self.hidden.id, verb="hide", rule="spam",
                passage="Remark", reason="Spam.", moderator_id=self.other_moderator.id,
                facts="The words themselves.", ground="It sells something.", role="moderator",
                appeal_until=clock.now() + timedelta(days=30),
            )
        )  # fmt: skip
        again = make.comment(
            self.consultation, self.clause, author=author, number="P0001-003", state="hidden", state_reason="Spam."
        )
        self.fresh_act = make.row(
            ModerationAct(
                consultation_id=self.consultation.id, comment_id=again.id, verb="hide", rule="spam",
                passage="Remark", reason="Spam.", moderator_id=self.other_moderator.id,
                facts="The words themselves.", ground="It sells something.", role="moderator",
                appeal_until=clock.now() + timedelta(days=30),
            )
        )  # fmt: skip
        self.appeal = make.row(
            Appeal(act_id=self.act.id, until=self.act.appeal_until, author_id=author.id, text="It is not spam.")
        )
        self.correction = make.row(
            Correction(act_id=self.act.id, author_id=author.id, body="Better words.", html="<p>Better words.</p>")
        )
        self._preparations()
        campaign = {"consultation_id": self.consultation.id, "template_id": self.comment.id}
        self.campaign = make.row(Campaign(**campaign, number=1, state="confirmed", name="The same remark"))
        for row in (self.comment, self.unplaced):
            make.row(CampaignMember(campaign_id=self.campaign.id, comment_id=row.id, standing="counted"))

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
            for key in ("profit", "profit", "access"):
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
        with make.writing() as session:
            for row in session.scalars(select(Comment).where(Comment.state == "posted")):
                row.disposition = "noted"
            if self.state in ("analysis", "review"):  # review and publication wait for its place in the draft
                session.get_one(CarriedAnchor, self.carried.id).status = "exact"
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
        for role in ("editor", "organiser"):
            self.client(role).post(
                "/c/matrix/manage/draft", data={"text": "# New draft\n\nOther words."}, headers=ORIGIN
            )

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
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.tokens[role]
                cookie["_fresh"] = True
        return client


def value_of(world: World, endpoint: str, argument: str) -> object:
    """What stands in an address for `argument`; an argument that is not known here fails the test."""
    special = SPECIAL.get((endpoint, argument))
    return special(world) if special else USUAL[argument](world)


SHA = hashlib.sha256(b"# New draft\n\nOther words.").hexdigest()
MARK = StagedDraft(sha256=SHA, edits="[]").mark
USUAL: dict[str, Callable[[World], object]] = {
    "slug": lambda w: "matrix",
    "number": lambda w: w.comment.number,
    "version": lambda w: 1,
    "key": lambda w: "1-1",
    "page_key": lambda w: "1",
    "reply_id": lambda w: w.reply.id,
    "statement_id": lambda w: w.statements[0],
    "objection": lambda w: 1,
    "stage": lambda w: "words",
    "noun": lambda w: "withdrawal",
    "role": lambda w: "moderator",
    "person_id": lambda w: w.other_moderator.id,
    "membership_id": lambda w: w.asked.id,
    "interest_id": lambda w: w.interest.id,
    "sign_in_id": lambda w: w.second_sign_in.id,
    "kind": lambda w: "comments",
    "act_id": lambda w: w.act.id,
    "appeal_id": lambda w: w.appeal.id,
    "correction_id": lambda w: w.correction.id,
    "draft_id": lambda w: w.draft.id,
    "carried_id": lambda w: w.carried.id,
    "item_id": lambda w: w.question.id,
    "resource_id": lambda w: w.resources["accepted"].id,
    "notice_id": lambda w: w.notice.id,
    "letter_id": lambda w: w.letter.id,
    "shared_id": lambda w: w.shared["proposed"].id,
    "theme": lambda w: w.theme.number,
    "template_id": lambda w: w.template.id,
    "view_id": lambda w: w.view.id,
    "assignment_id": lambda w: w.assignment.id,
    "entry": lambda w: w.entry.number,
    "file_id": lambda w: w.scans[0],
}
OF_A_SHARED_DRAFT = (
    "shared_drafts", "shared_draft", "change_shared", "note_on_shared", "propose_for_signature", "send_back",
    "sign_shared", "post_shared_as_own", "put_away", "take_up",
)  # fmt: skip
OF_A_STANDARD = (
    "standard_version", "standard_text", "standard_file", "standard_pdf", "standard_bibtex", "standard_csl",
)  # fmt: skip
OF_A_PROPOSAL = ("accept", "decide", "decline", "withdraw")
OF_AN_ITEM = (
    "items",
    "new_item",
    "add_item",
    "preview_item",
    "edit_item",
    "save_item",
    "confirm_removal",
    "remove_item",
)
SPECIAL: dict[tuple[str, str], Callable[[World], object]] = {
    ("accounts.organisation", "slug"): lambda w: w.organisation.slug,
    ("accounts.ask_membership", "slug"): lambda w: w.organisation.slug,
    ("accounts.verify_organisation", "slug"): lambda w: w.organisation.slug,
    ("accounts.end_membership", "membership_id"): lambda w: w.membership.id,
    ("accounts.start_signing", "membership_id"): lambda w: w.membership.id,
    ("accounts.end_signing", "membership_id"): lambda w: w.signing.id,
    ("accounts.confirmation", "token"): lambda w: w.token(links.CONFIRM, "unverified"),
    ("accounts.confirm", "token"): lambda w: w.token(links.CONFIRM, "unverified"),
    ("accounts.new_password", "token"): lambda w: w.token(links.RESET, "person"),
    ("accounts.set_password", "token"): lambda w: w.token(links.RESET, "person"),
    ("accounts.new_email", "token"): lambda w: w.token(links.CHANGE, "person", "new@example.org"),
    ("accounts.use_new_email", "token"): lambda w: w.token(links.CHANGE, "person", "new@example.org"),
    ("debate.place", "number"): lambda w: w.unplaced.number,
    ("debate.place_comment", "number"): lambda w: w.unplaced.number,
    ("moderation.place", "number"): lambda w: w.unplaced.number,
    ("moderation.campaign", "number"): lambda w: w.campaign.number,
    ("moderation.manage_campaign", "number"): lambda w: w.campaign.number,
    ("moderation.decide_campaign", "number"): lambda w: w.campaign.number,
    ("moderation.disown", "number"): lambda w: w.unplaced.number,
    ("moderation.send_disowning", "number"): lambda w: w.unplaced.number,
    **{("moderation." + name, "entry"): lambda w: w.came.number for name in ("intake_receipt", "renew_code")},
    **{
        ("moderation." + name, "number"): lambda w: "MAIL-001" for name in ("claim", "claim_page", "scan", "undo_claim")
    },
    ("moderation.undo_claim", "number"): lambda w: w.unplaced.number,
    ("moderation.scan", "file_id"): lambda w: w.scans[1],
    ("moderation.item", "key"): lambda w: w.comment.number,
    ("moderation.decide", "key"): lambda w: w.comment.number,
    ("moderation.claim_item", "key"): lambda w: w.comment.number,
    ("moderation.let_go", "key"): lambda w: w.comment.number,
    ("moderation.release", "kind"): lambda w: "replies",
    ("moderation.release", "key"): lambda w: w.held.id,
    ("moderation.appeal", "act_id"): lambda w: w.fresh_act.id,
    ("moderation.appeal_page", "act_id"): lambda w: w.fresh_act.id,
    ("moderation.hand_in_again", "act_id"): lambda w: w.fresh_act.id,
    ("documents.alignment_table", "version"): lambda w: 2,
    ("documents.confirm_alike", "version"): lambda w: 2,
    ("documents.decide_pairs", "version"): lambda w: 2,
    ("documents.freeze_version", "version"): lambda w: 2,
    ("documents.link_clause", "clause"): lambda w: w.next_clauses[1],
    ("documents.link_clause", "version"): lambda w: 2,
    ("notices.ending", "token"): lambda w: w.ending,
    ("notices.end_mails", "token"): lambda w: w.ending,
    ("notices.follow_organisation", "slug"): lambda w: w.organisation.slug,
    ("documents.picture", "name"): lambda w: "00ff00ff",
    ("lobby.mail", "number"): lambda w: 1,
    **{(f"outcomes.{name}", "number"): lambda w: 1 for name in OF_A_STANDARD},
    **{(f"debate.{name}", "slug"): lambda w: w.organisation.slug for name in OF_A_SHARED_DRAFT},
    ("debate.propose_for_signature", "shared_id"): lambda w: w.shared["open"].id,
    ("debate.take_up", "shared_id"): lambda w: w.shared["dropped"].id,
    ("debate.read_to_sign", "number"): lambda w: w.unsigned.number,
    ("debate.sign_comment", "number"): lambda w: w.unsigned.number,
    ("learning.put_back", "resource_id"): lambda w: w.resources["removed"].id,
    ("learning.resource_file", "resource_id"): lambda w: w.resources["file"].id,
    **{(f"learning.{name}", "resource_id"): lambda w: w.resources["proposed"].id for name in OF_A_PROPOSAL},
    **{(f"learning.{name}", "kind"): lambda w: "questions" for name in OF_AN_ITEM},
}

COMMENT = {
    "version": 1,
    "clause": "1-1",
    "body": "Say who.",
    "positions": "safety",
    "stance": "object",
    "type": "general",
}
CUT = {"cut-0": "begin", "cut-1": "leave", "p0-given": "1", "p0-positions": "safety", "p0-stance": "object"}
QUESTION = {"question": "Whom does it touch?", "answer": "Everybody.", "seen": 0}
LABEL = {
    "kind": "code", "title": "A program", "url": "https://example.org/code", "licence": "MIT", "language": "en",
    "description": "It counts.", "seen": 0,
}  # fmt: skip
CONTRIBUTION = {
    "source": "paper", "received_on": "2026-01-05", "category": "individual", "consent": "no", "language": "en",
    "body": "On paper.", "stance": "", "type": "general", "seen": 0,
}  # fmt: skip
STATEMENT = {"section": "said", "text": "They said so."}
# What makes each POST succeed for somebody; an address that is not here needs no fields.
BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "accounts.act_for": lambda w: {"organisation": ""},
    "accounts.change_email": lambda w: {"email": "other@example.org", "current_password": PASSWORD},
    "accounts.change_password": lambda w: {"current_password": PASSWORD, "password": NEW_PASSWORD},
    "accounts.create_account": lambda w: {
        "name": "New", "email": "new@example.org", "password": NEW_PASSWORD, "category": "individual", "country": "",
    },
    "accounts.declare_interest": lambda w: {"interest": "Works for a vendor."},
    "accounts.describe": lambda w: {"name": "Other name", "category": "academia", "country": ""},
    "accounts.found_organisation": lambda w: {
        "name": "Newly founded", "category": "industry", "country": "", "size": "",
    },
    "accounts.request_reset": lambda w: {"email": w.people["person"].email},
    "accounts.set_password": lambda w: {"password": NEW_PASSWORD},
    "accounts.start_session": lambda w: {"email": w.people["person"].email, "password": PASSWORD},
    "consultations.begin": lambda w: {"title": "Another one"},
    "consultations.invite": lambda w: {"email": w.people["person"].email, "role": "moderator"},
    "consultations.save_settings": lambda w: {
        "edit_number": 0, "title": "Other title", "summary": "In plain words.", "scope": "All of it.",
    },
    "consultations.take_step": lambda w: {"reason": "It is not needed any more."},
    "debate.cast_vote": lambda w: {"choice": "agree"},
    "debate.cast_weight": lambda w: {"choice": "agree"},
    "debate.change_shared": lambda w: COMMENT | {"draft": 1},
    "debate.cosign": lambda w: {"seen": 0},
    "debate.judge": lambda w: {"said": "still_applies"},
    "debate.hand_over_letter": lambda w: {"to": "moderators"},
    "debate.note_on_shared": lambda w: {"body": "Shall we ask the lawyers?"},
    "debate.note_visit": lambda w: {"all_read": "1"},
    "debate.place_comment": lambda w: {"positions": "safety"},
    "debate.post_comment": lambda w: COMMENT,
    "debate.post_shared_as_own": lambda w: {"seen": 1},
    "debate.send_back": lambda w: {"reason": "Say which clause."},
    "debate.share_draft": lambda w: COMMENT,
    "debate.sign_comment": lambda w: {"seen": 0},
    "debate.sign_shared": lambda w: {"seen": 1},
    "debate.post_reply": lambda w: {"to": 0, "body": "I agree."},
    "debate.post_letter": lambda w: CUT,
    "debate.preview": lambda w: COMMENT,
    "debate.send_letter": lambda w: {"body": "One.", "cut_by": "me"},
    "debate.save_draft": lambda w: COMMENT,
    "debate.similar": lambda w: COMMENT,
    "debate.save_reply_wording": lambda w: {"seen": 0, "body": "Other words."},
    "debate.save_wording": lambda w: {"seen": 0, "body": "Other words."},
    "documents.correct_structure": lambda w: {"act": "omit", "unit": "1-p1", "seen": MARK},
    "documents.confirm_alike": lambda w: {"at_least": 90, "count": 1},
    "documents.decide_pairs": lambda w: {"pairs": w.pair, "decision": "same"},
    "documents.link_clause": lambda w: {"name": "1.1"},
    "documents.keep_draft": lambda w: {"sha256": SHA},
    "documents.look_at_draft": lambda w: {"text": "# New draft\n\nOther words."},
    "documents.undo_corrections": lambda w: {"seen": MARK},
    **{f"learning.{name}": lambda w: LABEL for name in ("accept", "add_resource", "propose", "save_resource")},
    "learning.add_file": lambda w: LABEL | {"file": (BytesIO(b"a,b\n3,4\n"), "others.csv")},
    **{f"learning.{name}": lambda w: QUESTION for name in ("add_item", "preview_item", "save_item")},
    **{f"learning.{name}": lambda w: {"reason": "It is old."} for name in ("decline", "take_off")},
    **{f"learning.{name}": lambda w: {"direction": "up"} for name in ("move_question", "move_resource")},
    **{f"learning.{name}": lambda w: {"text": "In plain words.", "seen": 0} for name in ("preview_guide", "save_guide")},
    "learning.take_definition": lambda w: {"clause": "1-3"},
    "lobby.choose_appearance": lambda w: {"theme": "dark"},
    "moderation.appeal": lambda w: {"text": "It is not spam."},
    "moderation.decide": lambda w: {
        "verb": "hide", "rule": "spam", "passage": "Remark", "reason": "It sells things.", "seen_act": 0,
    },
    "moderation.release_many": lambda w: {"things": f"replies {w.held.id}"},
    "moderation.decide_campaign": lambda w: {"verb": "dismiss", "reason": "They differ.", "seen_act": 0},
    "moderation.send_disowning": lambda w: {"name": "Ada", "email": "ada@example.org", "text": "It is not mine."},
    "moderation.hand_in_again": lambda w: {"body": "Better words."},
    "moderation.decide_correction": lambda w: {"outcome": "refused", "reason": "It is still spam.", "seen_act": "9"},
    "moderation.decide_appeal": lambda w: {"outcome": "upheld", "reason": "It is spam."},
    **{f"moderation.{name}": lambda w: CONTRIBUTION for name in ("change_entry", "check_entry", "enter")},
    "moderation.set_aside": lambda w: {"reason": "A newsletter."},
    "moderation.take_in_mails": lambda w: {"mails": (BytesIO(b"From: a@example.org\nSubject: Hello\n\nWords."), "a.eml")},
    "moderation.undo_claim": lambda w: {"reason": "It was her sister."},
    "moderation.claim": lambda w: {"code": receipt_codes.code(w.app.config["SECRET_KEY"], w.came.id, 1)},
    "moderation.place": lambda w: {"positions": "safety"},
    "moderation.send_report": lambda w: {"rule": "spam"},
    "notices.save_settings": lambda w: {
        "replies": "daily", "answers": "now", "followed": "weekly", "changes": "site", "reminders": "now",
        "moderation": "now", "work": "site",
    },
    "outcomes.acknowledge": lambda w: {"said": "not_satisfied", "reason": "It misses the point.", "seen": w.newest_answer()},
    "outcomes.add_statement": lambda w: STATEMENT,
    "outcomes.adopt": lambda w: {"title": "Standard", "bodies": "Alliance", "seen": w.version.id},
    "outcomes.add_template": lambda w: {"name": "Other thanks", "words": "Thank you for {number}."},
    "outcomes.answer_theme": lambda w: {"code": "rejected", "observation": "It stays.", "seen": w.theme_seen()},
    "outcomes.assign": lambda w: {"also": w.comment.number, "person": w.other_moderator.id},
    "outcomes.answer_objection": lambda w: {"decision": "not_followed", "answer": "It is about another draft than this."},
    "outcomes.approve": lambda w: {"seen": w.digest()},
    "outcomes.begin_correction": lambda w: {"reason": "A number was wrong."},
    "outcomes.leave_out": lambda w: {"position": "access", "clause": "", "reason": "It is about another draft."},
    "outcomes.object_to": lambda w: {"text": "It leaves us out."},
    "outcomes.publish_correction": lambda w: {"seen": 0},
    "outcomes.state_immaterial": lambda w: {
        "reason": "They only make clear what was meant.", "seen": w.newest_answer(),
    },
    "outcomes.cite": lambda w: {"number": w.unplaced.number},
    "outcomes.decide": lambda w: {"code": "rejected", "observation": "It stays.", "seen": w.seen()},
    "outcomes.decide_review": lambda w: {"decision": "confirm", "reason": "It is used daily."},
    "outcomes.describe_theme": lambda w: {"name": "Other words"},
    "outcomes.edit_template": lambda w: {"name": "Thanks", "words": "Thank you very much."},
    "outcomes.fill": lambda w: {"template": w.template.id},
    "outcomes.fill_theme": lambda w: {"template": w.template.id},
    "outcomes.gather": lambda w: {"also": w.comment.number, "name": "Another theme"},
    "outcomes.save_view": lambda w: {"name": "Rejected ones", "query": "show=rejected"},
    "outcomes.take_out": lambda w: {"also": w.comment.number},
    "outcomes.undo_theme": lambda w: {"answer": w.newest_answer()},
    "outcomes.edit_statement": lambda w: STATEMENT | {"seen": mark("said  False So.")},
    "outcomes.move_statement": lambda w: {"direction": "down"},
    "outcomes.publish": lambda w: {"seen": 0},
    "outcomes.set_headline": lambda w: {"headline": "Another headline", "seen": mark(w.headline)},
    "outcomes.uncite": lambda w: {"number": w.comment.number},
    "outcomes.undo": lambda w: {"numbers": w.comment.number, "seen": w.seen()},
}  # fmt: skip
