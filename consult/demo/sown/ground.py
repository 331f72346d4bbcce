"""The ground a sown debate stands on: an open consultation on a made-up standard, organisations, and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select

from consult.accounts.models import Membership, Organisation, Person
from consult.consultations import operations as consultations
from consult.consultations.models import Consultation, Position, Round
from consult.core import clock
from consult.core.operations import operation, session
from consult.core.records import Record
from consult.core.rules import Actor, system_only
from consult.debate.composing import OF_PEOPLE
from consult.documents import operations as documents
from consult.documents.importers import read
from consult.documents.models import Clause, DraftVersion

from ..staging import at
from . import bulk, crowd, words

CHAPTERS = 40
DAYS = 40  # how long it has been open
PEOPLE_EACH = 12  # comments for one person, about
ORGANISATIONS_EACH = 150


class Speaker(Record):
    """Somebody with what stands under her comments. `organisation`: id, code and name of the one she signs for."""

    id: int
    name: str
    category: str
    organisation: tuple[int, str, str] | None

    @property
    def prefix(self) -> str:
        """What her comment numbers begin with."""
        return self.organisation[1] if self.organisation else OF_PEOPLE


class Ground(Record):
    """What comments need to know of the consultation."""

    consultation: Consultation
    round_id: int
    positions: Sequence[int]
    clauses: Sequence[Clause]  # paragraphs, those that draw most first
    above: Mapping[int, Sequence[int]]  # of each of them: itself and what it hangs from
    speakers: Sequence[Speaker]


@operation(rule=system_only)
def lay(*, actor: Actor, slug: str, comments: int, password_hash: str, random: Random) -> Ground:
    """Make a consultation, open since some weeks, its draft, and people enough for so many comments."""
    row, version = _open(actor, slug)
    clauses = session().scalars(select(Clause).where(Clause.version_id == version.id).order_by(Clause.rank)).all()
    parents = {clause.id: clause.parent_id for clause in clauses}
    paragraphs = [clause for clause in clauses if not clause.is_heading]
    random.shuffle(paragraphs)
    return Ground(
        row,
        session().scalars(select(Round.id).where(Round.consultation_id == row.id)).one(),
        session().scalars(select(Position.id).where(Position.consultation_id == row.id).order_by(Position.rank)).all(),
        paragraphs,
        {clause.id: _above(clause.id, parents) for clause in paragraphs},
        _people(slug, comments, password_hash, random),
    )


def _open(actor: Actor, slug: str) -> tuple[Consultation, DraftVersion]:
    moment = clock.now().replace(second=0, microsecond=0)
    text = words.draft(CHAPTERS)
    with at(moment - timedelta(days=DAYS + 1)):
        row = consultations.begin_consultation(actor=actor, title="What open models owe the public", slug=slug)
        consultations.describe(
            actor=actor, consultation=row, edit_number=row.edit_number, title=row.title,
            summary="Which duties come with an open model, and for whom. Made up, to measure with.", scope="The whole draft.",
        )  # fmt: skip
        consultations.name_bodies(
            actor=actor, consultation=row, edit_number=row.edit_number, organiser_name="Office of Measures"
        )
        consultations.set_dates(
            actor=actor, consultation=row, edit_number=row.edit_number, timezone="UTC",
            opens=(moment - timedelta(days=DAYS)).replace(tzinfo=None),
            closes=(moment + timedelta(days=30)).replace(tzinfo=None), response_day=None, review_days=14,
        )  # fmt: skip
        row.notice = "Made up, to measure with. Nobody here exists."
        version = documents.import_version(
            actor=actor, consultation=row, parsed=read(text), source_name="draft.md", source=text.encode()
        )
        consultations.announce(actor=actor, consultation=row)
    with at(moment - timedelta(days=DAYS)):
        consultations.open_consultation(actor=actor, consultation=row)
    return row, version


def _above(clause_id: int | None, parents: Mapping[int, int | None]) -> Sequence[int]:
    found = []
    while clause_id is not None:
        found.append(clause_id)
        clause_id = parents[clause_id]
    return found


def _people(slug: str, comments: int, password_hash: str, random: Random) -> list[Speaker]:
    """People, one in eight of whom signs for an organisation; all have the same password."""
    people, organisations, members = bulk.Sheet(Person), bulk.Sheet(Organisation), bulk.Sheet(Membership)
    first, first_body = people.id, organisations.id
    many, bodies = max(60, comments // PEOPLE_EACH), max(8, comments // ORGANISATIONS_EACH)
    draw, moment = crowd.Draw(random, crowd.CATEGORIES), clock.now() - timedelta(days=DAYS)
    kinds = [draw() for _ in range(many)]
    groups = [kind if kind != "individual" else "nonprofit" for kind in kinds[:bodies]]
    names = [f"{words.WHO[n % len(words.WHO)].split()[-1].capitalize()} {first + n}" for n in range(many)]
    for n, kind in enumerate(groups):
        organisations.add(
            slug=f"{slug}-body-{n}", name=f"Body {first_body + n} of {slug}", code=f"B{first_body + n}", category=kind,
            created_at=moment, is_verified=n % 2 == 0,
        )  # fmt: skip
    for n, kind in enumerate(kinds):
        people.add(
            email=f"{slug}-{n}@example.org", email_verified_at=moment, password_hash=password_hash, name=names[n],
            category=kind, created_at=moment, is_demo=True,
        )  # fmt: skip
    for n in range(bodies):
        members.add(
            organisation_id=first_body + n, person_id=first + n, state="member", is_signatory=True, asked_at=moment,
            decided_at=moment,
        )  # fmt: skip
    for sheet in (organisations, people, members):
        sheet.store()
    bulk.set_sequences((Organisation, Person, Membership))
    signed = [(first_body + n, f"B{first_body + n}", f"Body {first_body + n} of {slug}") for n in range(bodies)]
    return [
        Speaker(first + n, names[n], groups[n] if n < bodies else kinds[n], signed[n] if n < bodies else None)
        for n in range(many)
    ]
