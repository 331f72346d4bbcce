"""Organisations that may be one, what merging them would do, and what was merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import joinedload

from consult.core import likeness
from consult.core.db import db
from consult.core.errors import Invalid, Missing
from consult.core.records import Record
from consult.core.rules import Actor, Verdict

from .. import rules
from ..bodies import REFERS, of_body
from ..models import Membership, Organisation, OrganisationApart, OrganisationCategoryChange, OrganisationMerge, Person

MOST_CHANGES = 20
MOST_PAIRS = 100
ALIKE = likeness.NEARLY_SAME
COMMON = 30  # organisations that share a run of letters; what more have ("univ") tells nothing


class Figure(Record):
    """How many rows of one kind point to each of the two, and whether they will point to the one that goes on."""

    words: str
    former: int
    into: int
    moves: bool


class Joining(Record):
    """Somebody who speaks for the former organisation, or asked to, and what she is in the one that goes on."""

    person: Person
    state: str
    signs: bool
    there: str  # "" when she is not known there
    signs_there: bool

    @property
    def is_choice(self) -> bool:
        """Whether somebody has to say if she signs."""
        return self.signs and self.state == "member" and not self.signs_there


class MergePage(Record):
    """Two organisations side by side, and what will become what."""

    former: Organisation
    into: Organisation
    members: tuple[int, int]
    signatories: tuple[int, int]
    figures: Sequence[Figure]
    people: Sequence[Joining]
    may: Verdict


class Merged(Record):
    """One merge on the page of the organisation that goes on."""

    merge: OrganisationMerge
    by: str
    may_undo: Verdict


class Pair(Record):
    """Two organisations that may be one, and what speaks for it."""

    one: Organisation
    other: Organisation
    why: Sequence[str]


def merge_page(*, viewer: Actor, former: Organisation, into: Organisation) -> MergePage:
    """What merging `former` into `into` would do; for administrators."""
    people = _joining(former, into)
    both = _by_organisation(former, into)
    return MergePage(
        former=former, into=into, figures=_figures(former, into), people=people,
        members=(both[former.id][0], both[into.id][0]), signatories=(both[former.id][1], both[into.id][1]),
        may=rules.may_merge_organisations(viewer, former, into),
    )  # fmt: skip


def _figures(former: Organisation, into: Organisation) -> list[Figure]:
    found = []
    for refers in REFERS:
        if refers.words[0]:
            rows = select(refers.column, func.count()).where(refers.column.in_((former.id, into.id)))
            counts: dict[int, int] = dict(db.session.execute(rows.group_by(refers.column)).all())
            many = counts.get(former.id, 0) + counts.get(into.id, 0)
            if many:
                words = refers.words[1][0].upper() + refers.words[1][1:]
                found.append(Figure(words, counts.get(former.id, 0), counts.get(into.id, 0), refers.moves))
    return found


def _by_organisation(former: Organisation, into: Organisation) -> Mapping[int, tuple[int, int]]:
    rows = db.session.execute(
        select(Membership.organisation_id, func.count(), func.count().filter(Membership.is_signatory))
        .where(Membership.organisation_id.in_((former.id, into.id)), Membership.state == "member")
        .group_by(Membership.organisation_id)
    )
    return {former.id: (0, 0), into.id: (0, 0)} | {row[0]: (row[1], row[2]) for row in rows}


def _joining(former: Organisation, into: Organisation) -> list[Joining]:
    rows = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.person))
        .where(Membership.organisation_id.in_((former.id, into.id)), Membership.state.in_(("asked", "member")))
        .order_by(Membership.is_signatory.desc(), Membership.id)
    ).all()
    there = {row.person_id: row for row in rows if row.organisation_id == into.id}
    found = []
    for row in rows:
        if row.organisation_id == former.id:
            mine = there.get(row.person_id)
            state, signs = (mine.state, mine.is_signatory) if mine else ("", False)
            found.append(Joining(row.person, row.state, row.is_signatory, state, signs))
    return found


def merges(*, viewer: Actor, organisation: Organisation) -> Sequence[Merged]:
    """What was merged into an organisation, also what was undone, the newest first."""
    rows = db.session.execute(
        select(OrganisationMerge, Person.name)
        .outerjoin(Person, Person.id == OrganisationMerge.by_id)
        .options(joinedload(OrganisationMerge.former), joinedload(OrganisationMerge.into))
        .where(of_body(OrganisationMerge.into_id, organisation.id))
        .order_by(OrganisationMerge.id.desc())
    )
    return [
        Merged(row, name or "the people who run this site", rules.may_undo_merge(viewer, row)) for row, name in rows
    ]


def changes(*, viewer: Actor, organisation: Organisation) -> Sequence[OrganisationCategoryChange]:
    """Of which kinds an organisation was before, the newest first."""
    of = OrganisationCategoryChange.organisation_id == organisation.id
    rows = select(OrganisationCategoryChange).options(joinedload(OrganisationCategoryChange.by)).where(of)
    return db.session.scalars(rows.order_by(OrganisationCategoryChange.id.desc()).limit(MOST_CHANGES)).all()


def people_with(*, viewer: Actor, emails: Collection[str]) -> Collection[int]:
    """Ids of the people with these addresses; for the system. Invalid when there is nobody with one of them."""
    wanted = {email.strip().lower() for email in emails}
    found = db.session.execute(
        select(Person.email, Person.id).where(Person.email.in_(wanted), true() if viewer.is_system else false())
    ).all()
    for email in sorted(wanted - {row.email for row in found}):
        raise Invalid(f"There is nobody with the address {email}.", "signing")
    return [row.id for row in found]


def merge(*, viewer: Actor, merge_id: int) -> OrganisationMerge:
    """One merge with both organisations."""
    both = joinedload(OrganisationMerge.former), joinedload(OrganisationMerge.into)
    row = db.session.scalars(select(OrganisationMerge).options(*both).where(OrganisationMerge.id == merge_id)).first()
    if row is None or not (viewer.is_administrator or viewer.is_system):
        raise Missing
    return row


def duplicates(*, viewer: Actor) -> Sequence[Pair]:
    """Pairs that may be one organisation and that nobody set aside, those with most reasons first; for administrators."""
    if not (viewer.is_administrator or viewer.is_system):
        return []
    rows = db.session.scalars(
        select(Organisation).where(Organisation.merged_into_id.is_(None)).order_by(Organisation.id)
    )
    known = {row.id: row for row in rows}
    apart = set(db.session.execute(select(OrganisationApart.one_id, OrganisationApart.other_id)).all())
    why = defaultdict[tuple[int, int], list[str]](list)
    for reason, pairs in (
        ("The same register number", _same(known, {row.id: _plain(row.register_number) for row in known.values()})),
        ("The same e-mail domain, proved by both", _same(known, {row.id: row.domain for row in known.values()})),
        ("Names that are alike", _alike(known)),
    ):
        for pair in pairs:
            why[pair].append(reason)
    found = sorted((pair for pair in why if pair not in apart), key=lambda pair: (-len(why[pair]), pair))
    return [Pair(known[one], known[other], why[one, other]) for one, other in found[:MOST_PAIRS]]


def _plain(number: str) -> str:
    return likeness.folded(number).replace(" ", "")


def _same(known: Mapping[int, Organisation], marks: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    by_mark = defaultdict[str, list[int]](list)
    for organisation_id in known:
        if marks[organisation_id]:
            by_mark[marks[organisation_id]].append(organisation_id)
    for ids in by_mark.values():
        yield from ((one, other) for n, one in enumerate(ids) for other in ids[n + 1 :])


def _alike(known: Mapping[int, Organisation]) -> Iterator[tuple[int, int]]:
    """Pairs with names that are alike, found by the runs of letters that few names have."""
    runs = {row.id: likeness.shingles(row.name) for row in known.values()}
    having = defaultdict[str, list[int]](list)
    for organisation_id, mine in runs.items():
        for run in mine:
            having[run].append(organisation_id)
    near = {
        (one, other)
        for ids in having.values() if len(ids) <= COMMON
        for n, one in enumerate(ids) for other in ids[n + 1 :]
    }  # fmt: skip
    return (pair for pair in sorted(near) if likeness.score_names(runs[pair[0]], runs[pair[1]]) >= ALIKE)
