"""Builders: plain rows with believable values, each in its own write transaction."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from argon2 import PasswordHasher
from flask import Flask, has_app_context
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.accounts import queries as accounts
from consult.accounts.models import Membership, Organisation, Person, RoleGrant
from consult.consultations.models import DEFAULT_POSITIONS, Consultation, Position, Round
from consult.core import clock, ids
from consult.core.db import Base, db, write_transaction
from consult.core.rules import Actor
from consult.debate import counters
from consult.debate.models import Anchor, Comment, CommentPosition, OrganisationDraft, OrganisationRevision
from consult.documents.models import Clause, Draft, DraftVersion, Picture, ReadingPage
from consult.outcomes.models import Standard, StandardVersion

T = TypeVar("T", bound=Base)
PASSWORD = "correct horse battery staple"
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


class Make:
    """Builders of one test. Each returns its row with its columns loaded, usable after the transaction."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.numbers = itertools.count(1)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A write transaction, inside the test's own context if there is one."""
        if has_app_context():
            with write_transaction() as session:
                yield session
        else:
            with self.app.app_context(), write_transaction() as session:
                yield session

    def row(self, row: T) -> T:
        """Store a row."""
        with self.writing() as session:
            session.add(row)
        return row

    def count(self, model: type[Base], *where: Any) -> int:
        """How many rows of `model` there are."""
        statement = select(func.count()).select_from(model).where(*where)
        if has_app_context():
            return db.session.scalar(statement) or 0
        with self.app.app_context():
            return db.session.scalar(statement) or 0

    def key(self) -> str:
        """A fresh submission key."""
        return ids.new_key()

    def person(self, name: str = "", **values: Any) -> Person:
        n = next(self.numbers)
        given = {
            "email": f"person{n}@example.org", "email_verified_at": clock.now(), "password_hash": HASH,
            "name": name or f"Person {n}", "category": "individual",
        } | values  # fmt: skip
        return self.row(Person(**given))

    def organisation(self, name: str = "", **values: Any) -> Organisation:
        n = next(self.numbers)
        name = name or f"Organisation {n}"
        given = {"slug": f"{ids.slug(name)}-{n}", "name": name, "code": f"ORG{n}", "category": "nonprofit"} | values
        return self.row(Organisation(**given))

    def member(self, person: Person, organisation: Organisation, *, is_signatory: bool = False) -> Membership:
        return self.row(
            Membership(person_id=person.id, organisation_id=organisation.id, state="member", is_signatory=is_signatory)
        )

    def role(self, person: Person, consultation: Consultation, role: str) -> RoleGrant:
        return self.row(RoleGrant(person_id=person.id, consultation_id=consultation.id, role=role))

    def staff(self, consultation: Consultation, role: str, name: str = "") -> Person:
        """A new person with a role on a consultation."""
        person = self.person(name or role.title())
        self.role(person, consultation, role)
        return person

    def actor(self, person: Person, acting_for_id: int | None = None) -> Actor:
        """The actor this person is now."""
        if has_app_context():
            return accounts.actor_for(person, acting_for_id=acting_for_id)
        with self.app.app_context():
            return accounts.actor_for(person, acting_for_id=acting_for_id)

    def consultation(self, state: str = "open", **values: Any) -> Consultation:
        """A consultation with the default positions and round 1; dates fit its state."""
        n = next(self.numbers)
        opens, closes = {
            "draft": (timedelta(days=7), timedelta(days=60)),
            "announced": (timedelta(days=7), timedelta(days=60)),
            "open": (timedelta(days=-7), timedelta(days=30)),
            "paused": (timedelta(days=-7), timedelta(days=30)),
        }.get(state, (timedelta(days=-60), timedelta(days=-7)))
        moment = clock.now()
        given = {
            "slug": f"consultation-{n}", "title": f"Consultation {n}", "summary": "What is asked, in plain words.",
            "scope": "The whole draft.", "organiser_name": "Alliance for Tests", "state": state,
            "opens_at": moment + opens, "closes_at": moment + closes,
            "response_due_at": moment + closes + timedelta(days=60),
            "announced_at": None if state == "draft" else moment + opens - timedelta(days=7),
        } | values  # fmt: skip
        row = Consultation(**given)
        with self.writing() as session:
            session.add(row)
            session.flush()
            for rank, (key, name, definition) in enumerate(DEFAULT_POSITIONS):
                session.add(
                    Position(consultation_id=row.id, key=key, name=name, definition=definition, sign=key, rank=rank)
                )
            opened = None if state in ("draft", "announced") else row.opens_at
            closed = row.closes_at if state in ("analysis", "review", "published", "adopted", "archived") else None
            published = moment if state in ("published", "adopted") else None
            row.published_at = row.published_at or published
            session.add(
                Round(consultation_id=row.id, number=1, opened_at=opened, closed_at=closed, published_at=published)
            )
        return row

    def positions(self, consultation: Consultation) -> dict[str, Position]:
        """Its positions by key."""
        statement = select(Position).where(Position.consultation_id == consultation.id)
        if has_app_context():
            return {p.key: p for p in db.session.scalars(statement)}
        with self.app.app_context():
            return {p.key: p for p in db.session.scalars(statement)}

    def version(
        self,
        consultation: Consultation,
        texts: tuple[str, ...] = (),
        pictures: Mapping[str, bytes] | None = None,
        **values: Any,
    ) -> DraftVersion:
        """A frozen version with one page: a heading "1 Scope" and a paragraph for each text (1.1, 1.2, …)."""
        texts = texts or ("Providers shall publish a summary.", "Small providers may publish it later.")
        with self.writing() as session:
            draft = session.scalars(select(Draft).where(Draft.consultation_id == consultation.id)).first()
            if draft is None:
                draft = Draft(consultation_id=consultation.id, title="Draft standard")
                session.add(draft)
                session.flush()
            number = 1 + (
                session.scalar(select(func.max(DraftVersion.number)).where(DraftVersion.draft_id == draft.id)) or 0
            )
            round_id = session.scalar(select(Round.id).where(Round.consultation_id == consultation.id))
            given = {
                "draft_id": draft.id, "number": number, "round_id": round_id if number == 1 else None,
                "source_name": "draft.md", "source_format": "markdown", "source": "\n\n".join(texts).encode(),
                "sha256": "0" * 64, "frozen_at": None if consultation.state == "draft" else clock.now(),
            } | values  # fmt: skip
            frozen_at = given.pop("frozen_at")
            version = DraftVersion(**given)
            session.add(version)
            session.flush()
            page = ReadingPage(version_id=version.id, key="1", rank=0, label="1", title="Scope")
            session.add(page)
            session.flush()
            heading = Clause(
                version_id=version.id, page_id=page.id, lineage_id=ids.new_key(), key="1", kind="clause", label="1",
                own_label="1", title="Scope", text="Scope", html="Scope", rank=0, depth=0, is_heading=True,
            )  # fmt: skip
            session.add(heading)
            session.flush()
            for rank, words in enumerate(texts, start=1):
                session.add(
                    Clause(
                        version_id=version.id, page_id=page.id, parent_id=heading.id, lineage_id=ids.new_key(),
                        key=f"1-{rank}", kind="paragraph", label=f"1.{rank}", own_label=f"{rank}.", text=words,
                        html=f"<p>{words}</p>", rank=rank, depth=1, line=rank + 1,
                    )
                )  # fmt: skip
            session.add_all(
                Picture(version_id=version.id, name=n, media_type="image/png", data=d)
                for n, d in (pictures or {}).items()
            )
            session.flush()
            version.frozen_at = frozen_at  # last: from here on the database lets nothing of it change
        return version

    def clauses(self, version: DraftVersion) -> list[Clause]:
        """Its clauses in order."""
        statement = select(Clause).where(Clause.version_id == version.id).order_by(Clause.rank)
        if has_app_context():
            return list(db.session.scalars(statement))
        with self.app.app_context():
            return list(db.session.scalars(statement))

    def comment(self, consultation: Consultation, clause: Clause | None = None, **values: Any) -> Comment:
        """A posted comment from safety, bypassing the rules; of the counters only that of its kind is touched."""
        n = next(self.numbers)
        author = values.pop("author", None) or self.person()
        positions = values.pop("positions", ("safety",))
        known = self.positions(consultation)
        with self.writing() as session:
            rounds = select(Round.id).where(Round.consultation_id == consultation.id).order_by(Round.number.desc())
            round_id = session.scalar(rounds.limit(1))
            given = {
                "consultation_id": consultation.id, "round_id": round_id, "number": f"P{n:04d}-001",
                "author_id": author.id, "author_name": author.name, "category": author.category, "stance": "object",
                "type": "technical", "body": f"Remark {n}.", "html": f"<p>Remark {n}.</p>",
                "place": clause.rank if clause else 0, "is_placed": bool(positions),
            } | values  # fmt: skip
            row = Comment(**given)
            session.add(row)
            session.flush()
            session.add(
                Anchor(
                    comment_id=row.id, clause_id=clause.id if clause else None, status="exact" if clause else "global"
                )
            )
            for key in positions:
                session.add(CommentPosition(comment_id=row.id, position_id=known[key].id))
            if row.state == "posted":
                counters.count_kind(row, 1)
        return row

    def standard(self, consultation: Consultation, version: DraftVersion, slug: str = "") -> StandardVersion:
        """An adopted standard whose first version is this text, to be looked at again in a year."""
        slug = slug or f"standard-{next(self.numbers)}"
        standard = self.row(Standard(slug=slug, review_at=clock.now() + timedelta(days=365)))
        return self.row(
            StandardVersion(
                standard_id=standard.id, number=1, consultation_id=consultation.id, draft_version_id=version.id,
                title="Model cards", bodies="Alliance for Tests", language="en",
            )
        )  # fmt: skip

    def shared_draft(
        self, organisation: Organisation, version: DraftVersion, person: Person, stage: str = "open", **fields: Any
    ) -> OrganisationDraft:
        """What a member began and shares, complete enough to be signed; on the clause with the key 1-1."""
        words = json.dumps({"body": "Say who.", "positions": ["safety"], "stance": "object"} | fields, sort_keys=True)
        with self.writing() as session:
            draft = session.get_one(Draft, version.draft_id)
            row = OrganisationDraft(
                organisation_id=organisation.id, consultation_id=draft.consultation_id, version_id=version.id,
                place="1-1", fields=words, begun_by_id=person.id, updated_by_id=person.id, stage=stage,
                proposed_at=clock.now() if stage == "proposed" else None,
            )  # fmt: skip
            session.add(row)
            session.flush()
            session.add(OrganisationRevision(draft_id=row.id, number=1, person_id=person.id, fields=words))
        return row
