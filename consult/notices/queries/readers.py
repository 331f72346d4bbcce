"""Who is to be told of what, and by which way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Executable,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import aliased

from consult.accounts.bodies import of_body, standing
from consult.accounts.models import Membership, Organisation, Person, RoleGrant
from consult.consultations.models import Consultation, Transition
from consult.consultations.queries import let_in
from consult.core import clock
from consult.core.db import Moment, db, read_rows
from consult.core.jobs import Job
from consult.core.rules import Actor
from consult.debate.models import Anchor, Comment, Reply
from consult.documents.models import Clause

from ..models import Follow, Wish
from ..wishes import DEFAULTS

# What was decided on somebody's own words: she is told whatever became of her access, for she can appeal.
OWED = ("hidden", "refused", "restored", "appeal_decided")
TOLD_TO_COMMENTERS = ("extend", "begin_round", "begin_review", "publish")
NOBODY = -1
Id = BindParameter[int]


def reachable() -> ColumnElement[bool]:
    """People who can get mail: a confirmed address, not suspended, not made up for a demonstration."""
    return (
        Person.email_verified_at.is_not(None)
        & Person.suspended_at.is_(None)
        & Person.is_demo.is_(False)
        & Person.is_machine.is_(False)
    )


def person_to_mail(*, viewer: Actor, person_id: int) -> Person | None:
    """A person as she can be written to now; None when she cannot."""
    return db.session.scalars(_TO_MAIL, {"person": person_id}).first()


_TO_MAIL = select(Person).where(Person.id == bindparam("person"), reachable())


def ways(
    *, viewer: Actor, people: Collection[int], kind: str, consultation_id: int, what: str
) -> Mapping[int, str]:  # fmt: skip
    """How each of these people wants to be told of a kind; who cannot be reached is told on the site only.

    Whom a private consultation did not let in, or does not any more, is told nothing of it, but what is
    OWED to her: at once, for no list of hers shows it.
    """
    asked = {"people": list(people), "kind": kind, "consultation": consultation_id, "mode": DEFAULTS[kind]}
    rows = read_rows(_WAYS[what in OWED], asked)
    return {
        person_id: "site" if mode == "site" or not can_be_mailed else mode if is_let_in else "now"
        for person_id, mode, can_be_mailed, is_let_in in rows
    }


def _ways(*, is_owed: bool) -> Executable:
    knows = let_in(bindparam("consultation", type_=BigInteger))
    return (
        select(Person.id, func.coalesce(Wish.mode, bindparam("mode", type_=Text)), reachable(), knows)
        .outerjoin(Wish, and_(Wish.person_id == Person.id, Wish.kind == bindparam("kind")))
        .where(Person.id.in_(bindparam("people", expanding=True)), Person.suspended_at.is_(None))
        .where(true() if is_owed else knows)
        .order_by(Person.id)
    )


_WAYS = {is_owed: _ways(is_owed=is_owed) for is_owed in (False, True)}


def is_let_in(*, viewer: Actor, person_id: int, consultation_id: int) -> bool:
    """Whether a consultation is no secret for somebody now."""
    return db.session.scalar(select(Person.id).where(Person.id == person_id, let_in(consultation_id))) is not None


def staff(*, viewer: Actor, consultation_id: int, roles: Collection[str]) -> Sequence[int]:
    """Ids of the people with one of the roles on a consultation."""
    return db.session.scalars(
        select(RoleGrant.person_id)
        .where(RoleGrant.consultation_id == consultation_id, RoleGrant.role.in_(roles))
        .distinct()
        .order_by(RoleGrant.person_id)
    ).all()


def members(*, viewer: Actor, organisation_ids: Collection[int]) -> Sequence[int]:
    """Ids of the people who belong to one of the organisations."""
    return db.session.scalars(
        select(Membership.person_id)
        .where(
            Membership.organisation_id.in_(
                select(standing(Organisation.id)).where(Organisation.id.in_(organisation_ids))
            ),
            Membership.state == "member",
        )
        .distinct()
        .order_by(Membership.person_id)
    ).all()


def has_role(*, viewer: Actor, person_id: int, consultation_id: int, roles: Collection[str]) -> bool:
    """Whether somebody has one of the roles on a consultation now."""
    return person_id in staff(viewer=viewer, consultation_id=consultation_id, roles=roles)


def who_stopped(*, viewer: Actor, comment_id: int) -> Sequence[int]:
    """Ids of the people who do not want to be told of a thread any more."""
    return db.session.scalars(
        select(Follow.person_id).where(Follow.comment_id == comment_id, Follow.is_on.is_(False))
    ).all()


def readers(*, viewer: Actor, what: str, about: int, consultation_id: int, after: int, limit: int) -> Sequence[int]:
    """Ids of the next people, above the id `after`, who are told of something because they follow it or took part.

    Never of whoever did it, nor of a private consultation that does not let them in.
    """
    asked = {"about": about, "consultation": consultation_id, "after": after, "most": limit, "moment": clock.now()}
    return read_rows(_readers(what), asked).scalars().all()


@cache
def _readers(what: str) -> Select[int]:
    """Built once: building it costs more than asking."""
    who, doer = AUDIENCES[what](bindparam("about", type_=BigInteger))
    return (
        select(Person.id)
        .where(Person.id > bindparam("after"), Person.id.in_(who), Person.suspended_at.is_(None))
        .where(let_in(bindparam("consultation", type_=BigInteger)), Person.id != func.coalesce(doer, NOBODY))
        .order_by(Person.id)
        .limit(bindparam("most", type_=Integer))
    )


def closing_until(*, viewer: Actor, moment: datetime) -> Sequence[Consultation]:
    """What takes comments now and closes before a moment."""
    return db.session.scalars(
        select(Consultation)
        .where(Consultation.state == "open", Consultation.closes_at > clock.now(), Consultation.closes_at < moment)
        .order_by(Consultation.closes_at, Consultation.id)
    ).all()


def is_being_told(*, viewer: Actor, key: str) -> bool:
    """Whether the job that tells everybody of something was made already."""
    return db.session.scalar(select(Job.id).where(Job.dedupe_key == key)) is not None


def commenters(*, viewer: Actor, consultation_id: int, among: Collection[int]) -> frozenset[int]:
    """Those of these people who have a comment on show in a consultation."""
    wrote = select(Comment.author_id).where(Comment.consultation_id == consultation_id, Comment.state == "posted")
    return frozenset(i for i in db.session.scalars(wrote.where(Comment.author_id.in_(among)).distinct()) if i)


def _follow(condition: Any) -> Select[Any]:
    return select(Follow.person_id).where(condition, Follow.is_on)


def _of_comment(comment_id: Id) -> tuple[Any, Any]:
    """Followers of its consultation, of its organisation, of a clause it is about or of one that holds that clause."""
    this = select(Comment.consultation_id, Comment.organisation_id, Comment.author_id).where(Comment.id == comment_id)
    found = this.subquery()
    where = union(
        _follow(Follow.consultation_id == select(found.c.consultation_id).scalar_subquery()),
        _follow(of_body(Follow.organisation_id, select(found.c.organisation_id).scalar_subquery())),
        _follow(Follow.lineage_id.in_(select(_above(comment_id).c.lineage_id))),
    )
    return select(where.subquery().c.person_id), select(found.c.author_id).scalar_subquery()


def _above(comment_id: Id) -> Any:
    """The clauses a comment is about and all they hang from."""
    columns = (Clause.id, Clause.parent_id, Clause.lineage_id)
    here = select(*columns).join(Anchor, Anchor.clause_id == Clause.id).where(Anchor.comment_id == comment_id)
    line = here.cte("line", recursive=True)
    parent = aliased(Clause)
    further = select(parent.id, parent.parent_id, parent.lineage_id).join(line, parent.id == line.c.parent_id)
    return line.union(further)


def _of_reply(reply_id: Id) -> tuple[Any, Any]:
    """Followers of the thread."""
    thread = select(Reply.comment_id).where(Reply.id == reply_id).scalar_subquery()
    return _follow(Follow.comment_id == thread), select(Reply.author_id).where(Reply.id == reply_id).scalar_subquery()


def _of_step(transition_id: Id) -> tuple[Any, Any]:
    """Followers of the consultation, of the organisation that calls it; of some steps everybody who commented."""
    this = select(Transition.consultation_id, Transition.verb, Transition.actor_id)
    found = this.where(Transition.id == transition_id).subquery()
    consultation_id = select(found.c.consultation_id).scalar_subquery()
    verb = select(found.c.verb).scalar_subquery()
    organiser = select(Consultation.organiser_id).where(Consultation.id == consultation_id).scalar_subquery()
    wrote = select(Comment.author_id).where(Comment.consultation_id == consultation_id, Comment.state == "posted")
    where = union(
        _follow(Follow.consultation_id == consultation_id),
        _follow(and_(of_body(Follow.organisation_id, organiser), verb == literal("announce"))),
        wrote.where(Comment.author_id.is_not(None), or_(*(verb == literal(name) for name in TOLD_TO_COMMENTERS))),
    )
    return select(where.subquery().c[0]), select(found.c.actor_id).scalar_subquery()


def _of_reminder(consultation_id: Id) -> tuple[Any, Any]:
    """Followers of the consultation, while it takes comments."""
    is_open = (Consultation.state == "open") & (Consultation.closes_at > bindparam("moment", type_=Moment))
    this = select(Consultation.id).where(Consultation.id == consultation_id, is_open).scalar_subquery()
    return _follow(Follow.consultation_id == this), literal(NOBODY)


AUDIENCES: dict[str, Callable[[Id], tuple[Any, Any]]] = {
    "commented": _of_comment, "replied": _of_reply, "step": _of_step, "reminder": _of_reminder,
}  # fmt: skip
