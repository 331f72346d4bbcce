"""The demo in a running site: its people with their passwords, and where its pages are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select

from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate.models import Anchor, CarriedAnchor, Comment, Reply
from consult.demo import operations
from consult.demo.material import prepare
from consult.documents import operations as documents
from consult.documents.importers import take
from consult.documents.reshaping import Renumber
from consult.learning.models import Resource, Term
from consult.moderation.models import Campaign, CampaignAct, CampaignMember, CampaignSearch, ModerationAct
from consult.outcomes.models import (
    AnswerTemplate,
    AssignedComment,
    Assignment,
    Citation,
    OutcomeSummary,
    SavedView,
    Statement,
    Theme,
    ThemeComment,
)

from .conftest import Site

ACT, CSAF = "eu-ai-act", "csaf-2-1"
CHAPTER, CLAUSE = "chapter-v", "article-53-2"  # of the Act, where most is said
ROOM = f"/c/{ACT}/v1/{CHAPTER}"
PREPARED, ANSWERED, NEXT = "in-preparation", "being-answered", "in-its-next-draft"
STANDARD = "daoa-1"
STRANGER = ""
DRAFT = Path("tests/data/draft-openchain-18974/v1.0.en.docx")


class Demo:
    """The demo, loaded; with it one consultation in preparation, one being answered, and one with its next draft."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.app.app_context():
            material = prepare(lambda _: None)
            operations.load(actor=SYSTEM, material=material, tell=lambda _: None)
            db.session.remove()
        self.passwords = {person.key: material.passwords[person.key] for person in material.script.people.person}
        self.oskar, self.miriam = self.person("oskar"), self.person("miriam")
        self._prepare()
        self._answer()
        self._begin_again()
        self._states: dict[str, Any] = {}

    def _prepare(self) -> None:
        make = self.site.make
        row = make.consultation("draft", slug=PREPARED, title="A draft in preparation")
        make.version(row)
        make.role(self.oskar, row, "organiser")

    def stage(self) -> None:
        """Oskar looks at a text for the consultation in preparation, and has corrected a part of it."""
        data = DRAFT.read_bytes()
        with self.site.app.app_context():
            row = db.session.scalars(select(Consultation).where(Consultation.slug == PREPARED)).one()
            actor = actor_for(self.oskar)
            staged = documents.stage_draft(
                actor=actor, consultation=row, parsed=take(data=data, name=DRAFT.name).parsed, source_name=DRAFT.name,
                source=data,
            )  # fmt: skip
            edit = Renumber("introduction", "0")
            documents.correct_structure(actor=actor, staged=staged, consultation=row, seen=staged.mark, edit=edit)
            db.session.remove()

    def _answer(self) -> None:
        make = self.site.make
        row = make.consultation("analysis", slug=ANSWERED, title="A draft whose comments are being answered")
        for person, role in ((self.oskar, "organiser"), (self.miriam, "moderator")):
            make.role(person, row, role)
        clause = make.clauses(make.version(row))[1]
        self.unanswered = [make.comment(row, clause, author=self.person(key)) for key in ("hanna", "marco", "aoife")]
        summary = make.row(OutcomeSummary(consultation_id=row.id, round_id=self.unanswered[0].round_id))
        said = {"summary_id": summary.id, "section": "said", "text": "Three remarks.", "html": "<p>Three remarks.</p>"}
        self.statement = make.row(Statement(rank=0, **said))
        make.row(Citation(statement_id=self.statement.id, comment_id=self.unanswered[0].id))
        self._share(row)
        self._group(row)

    def _group(self, row: Consultation) -> None:
        """Two of them are in a theme, one is Miriam's work, and words are kept as a template."""
        make, mine, by = self.site.make, {"consultation_id": row.id}, self.miriam.id
        theme = {"number": 1, "name": "Say who is meant", "round_id": self.unanswered[0].round_id, "made_by_id": by}
        self.theme = make.row(Theme(**mine, **theme, summary="Who?", html="<p>Who?</p>"))
        for comment in self.unanswered[:2]:
            make.row(ThemeComment(theme_id=self.theme.id, comment_id=comment.id))
        self.template = make.row(
            AnswerTemplate(**mine, name="Defined in 3.1", text="On {number}: see 3.1.", edited_by_id=by)
        )
        given = make.row(Assignment(**mine, person_id=by, size=1, made_by_id=by, due_at=clock.now()))
        make.row(AssignedComment(assignment_id=given.id, comment_id=self.unanswered[0].id))
        make.row(SavedView(**mine, person_id=by, name="What waits", query="show=open"))

    def _share(self, row: Consultation) -> None:
        """The comments being answered share a text, as Miriam confirmed."""
        make, first = self.site.make, self.unanswered[0]
        shared = make.row(
            Campaign(
                consultation_id=row.id, number=1, template_id=first.id, state="confirmed", name="The same remark",
                organiser="A league of remarkers",
            )
        )  # fmt: skip
        for comment in self.unanswered:
            make.row(
                CampaignMember(
                    campaign_id=shared.id, comment_id=comment.id, standing="counted", is_same=comment is not first
                )
            )
        decided = {"consultation_id": row.id, "campaign_id": shared.id, "moderator_id": self.miriam.id}
        make.row(CampaignAct(**decided, verb="confirm", count=3, reason="The same words, sent by three people."))
        make.row(CampaignSearch(consultation_id=row.id, total=3, done=3, found=3, finished_at=clock.now()))

    def _begin_again(self) -> None:
        """Amara's comments as they stand in a second draft: found, perhaps found, gone."""
        make, amara = self.site.make, self.person("amara")
        row = make.consultation("published", slug=NEXT, title="A standard in its second draft")
        make.role(self.miriam, row, "moderator")
        old = make.clauses(make.version(row))[2]
        second = make.version(
            row, ("Providers shall publish it.", "Small providers may wait."), supersedes_id=old.version_id
        )
        new = make.clauses(second)[2]
        for status in ("exact", "review", "orphan"):
            comment = make.comment(row, old, author=amara)
            anchor = self.one(Anchor, Anchor.comment_id == comment.id)
            clause_id = None if status == "orphan" else new.id
            carried = {"anchor_id": anchor.id, "comment_id": comment.id, "version_id": second.id}
            make.row(CarriedAnchor(**carried, status=status, clause_id=clause_id))

    def one(self, model: type[Any], *where: Any, order: Any = None) -> Any:
        """The first row of the demo that fits."""
        with self.site.app.app_context():
            row = db.session.scalars(select(model).where(*where).order_by(model.id).limit(1)).one()
            db.session.remove()
            return row

    def person(self, key: str) -> Person:
        """One of the demo people."""
        found: Person = self.one(Person, Person.email == f"{key}@demo.example.org")
        return found

    def key_of(self, person_id: int | None) -> str:
        """What the script calls a person."""
        email: str = self.one(Person, Person.id == person_id).email
        return email.split("@")[0]

    def hidden(self) -> tuple[ModerationAct, str]:
        """What a moderator hid, and its author."""
        act: ModerationAct = self.one(ModerationAct, ModerationAct.verb == "hide")
        return act, self.key_of(self.one(Comment, Comment.id == act.comment_id).author_id)

    def comment(self) -> Comment:
        """The first comment on the clause most is said about: on show, with replies and votes."""
        found: Comment = self.one(
            Comment, Comment.state == "posted", Comment.reply_count > 2, Comment.consultation_id == self.act().id
        )
        return found

    def reply(self) -> Reply:
        """The first reply to it."""
        found: Reply = self.one(Reply, Reply.comment_id == self.comment().id, Reply.state == "posted")
        return found

    def term(self) -> Term:
        """The first term of its glossary."""
        found: Term = self.one(Term)
        return found

    def resource(self, state: str) -> Resource:
        """The first thing of its shelf in that state."""
        found: Resource = self.one(Resource, Resource.state == state)
        return found

    def act(self) -> Consultation:
        """The open consultation."""
        found: Consultation = self.one(Consultation, Consultation.slug == ACT)
        return found

    def context(self, chromium: Browser, who: str, **options: Any) -> BrowserContext:
        """A browser of somebody's own: `who` signed in with the password the demo printed, or a stranger's."""
        if who and who not in self._states:
            self._states[who] = self._sign_in(chromium, who)
        context = chromium.new_context(storage_state=self._states[who] if who else None, **options)
        context.set_default_timeout(20_000)
        return context

    def _sign_in(self, chromium: Browser, who: str) -> Any:
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{self.site.url}/sign-in?next=/me")
        page.fill("[name=email]", f"{who}@demo.example.org")
        page.fill("[name=password]", self.passwords[who])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/me")
        state = context.storage_state()
        context.close()
        return state
