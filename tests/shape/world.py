"""The world of the matrix: one consultation with everything in it, and somebody in every role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, select, text

from consult.accounts.models import Membership, Person, SignIn
from consult.core import clock, ids
from consult.core.db import Base, db
from consult.debate.models import Comment, Reply
from consult.moderation.models import Appeal, ModerationAct, Report
from consult.outcomes.models import Citation, Disposition, OutcomeSummary, Statement
from tests.make import Make

STATES = ("draft", "announced", "open", "paused", "analysis", "review", "published", "withdrawn")
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
        self._outcome()
        self._sign_in()
        self.rows = _read_everything(app)

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
        make.staff(self.consultation, "organiser", "Second organiser")
        make.member(self.people["member"], self.organisation)
        make.member(self.people["signatory"], self.organisation, is_signatory=True)
        self.other_moderator = make.staff(self.consultation, "moderator", "Other moderator")
        self.asked = make.row(
            Membership(person_id=make.person("Newcomer").id, organisation_id=self.organisation.id, state="asked")
        )

    def _debate(self) -> None:
        make, author = self.make, self.people["author"]
        self.version = make.version(self.consultation)
        self.clause = make.clauses(self.version)[1]
        self.comment = make.comment(self.consultation, self.clause, author=author, number="P0001-001")
        self.unplaced = make.comment(
            self.consultation, self.clause, author=author, number="LOG-001", source="log", positions=(), stance=""
        )
        self.hidden = make.comment(
            self.consultation, self.clause, author=author, number="P0001-002", state="hidden", state_reason="Spam."
        )
        self.reply = make.row(
            Reply(
                comment_id=self.comment.id, path="000001", author_id=author.id, author_name=author.name,
                category=author.category, body="A reply.", html="<p>A reply.</p>",
            )
        )  # fmt: skip
        self.report = make.row(Report(consultation_id=self.consultation.id, comment_id=self.comment.id, rule="spam"))
        self.act = make.row(
            ModerationAct(
                consultation_id=self.consultation.id, comment_id=self.hidden.id, verb="hide", rule="spam",
                passage="Remark", reason="Spam.", moderator_id=self.other_moderator.id,
            )
        )  # fmt: skip
        self.appeal = make.row(Appeal(act_id=self.act.id, author_id=author.id, text="It is not spam."))

    def _outcome(self) -> None:
        make = self.make
        if self.state not in ("analysis", "review", "published"):
            self.statements = [0, 0]
            return
        for comment in (self.comment, self.unplaced):
            make.row(Disposition(comment_id=comment.id, code="noted", observation="Seen.", html="<p>Seen.</p>"))
        with make.writing() as session:
            for row in session.scalars(select(Comment).where(Comment.state == "posted")):
                row.disposition = "noted"
        published = clock.now() if self.state == "published" else None
        summary = make.row(
            OutcomeSummary(
                consultation_id=self.consultation.id, round_id=self.comment.round_id, headline="What came of it",
                published_at=published,
            )
        )  # fmt: skip
        self.statements = []
        for rank, section in enumerate(("said", "did")):
            row = make.row(Statement(summary_id=summary.id, section=section, text="So.", html="<p>So.</p>", rank=rank))
            make.row(Citation(statement_id=row.id, comment_id=self.comment.id))
            self.statements.append(row.id)

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

    def restore(self) -> None:
        """Everything as it was when this world was made."""
        self.clear()
        with _everything_at_once(self.app) as connection:
            # Parts before their wholes: nothing may be added to a published version.
            for table in reversed(Base.metadata.sorted_tables):
                if self.rows[table.name]:
                    connection.execute(table.insert(), self.rows[table.name])

    def clear(self) -> None:
        """Leave the database empty."""
        with _everything_at_once(self.app) as connection:
            for table in Base.metadata.sorted_tables:
                connection.execute(table.delete())

    def client(self, role: str) -> Any:
        """A browser in which `role` is signed in."""
        client = self.app.test_client()
        if role in self.tokens:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = self.tokens[role]
                cookie["_fresh"] = True
        return client


def _read_everything(app: Flask) -> dict[str, list[dict[str, Any]]]:
    with app.app_context(), db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in Base.metadata.sorted_tables
        }


@contextmanager
def _everything_at_once(app: Flask) -> Iterator[Connection]:
    with app.app_context():
        db.session.remove()
        with db.engine.connect().execution_options(write=True) as connection, connection.begin():
            is_sqlite = connection.dialect.name == "sqlite"
            connection.execute(
                text("PRAGMA defer_foreign_keys=ON" if is_sqlite else "SET LOCAL session_replication_role = replica")
            )
            yield connection


Body = Callable[[World], dict[str, Any]]
BODIES: dict[str, Body] = {}
