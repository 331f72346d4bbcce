"""Who merges, posts, signs and joins at the same moment: one effect each, counts that are right, no crash."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy.exc import OperationalError

from consult.accounts import operations as accounts
from consult.accounts.models import Membership, Organisation
from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.errors import DomainError
from consult.core.rules import SYSTEM, Actor
from consult.debate import operations, queries, recounting
from consult.debate.models import Comment
from consult.documents.models import Clause, DraftVersion
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
WHY = "They have the same register number."


def test_merged_in_both_directions_at_once_is_one_merge(make: Make, visit: Visit) -> None:
    make.consultation()
    make.organisation("One", slug="one"), make.organisation("Two", slug="two")
    boss = make.person(is_administrator=True)
    windows = [visit(boss) for _ in range(20)]
    for n, window in enumerate(windows):
        window.open("/organisations/one/merging/two" if n % 2 else "/organisations/two/merging/one")
    start = Barrier(len(windows))

    def go(window: Visitor) -> int:
        start.wait(30)
        return window.press("Merge them", status=None, follow=False, reason=WHY).status

    with ThreadPoolExecutor(len(windows)) as pool:
        statuses = sorted(pool.map(go, windows))
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 403, 404, 409, 422}
    assert make.count(Organisation, Organisation.merged_into_id.is_not(None)) == 1


def test_posting_signing_and_naming_while_two_become_one(app: Flask, make: Make) -> None:
    consultation = make.consultation(slug="race")
    version = make.version(consultation)
    clause = make.clauses(version)[0]
    bodies = [make.organisation(), make.organisation()]
    signing = [make.person(), make.person()]
    writing = [make.person() for _ in range(4)]
    for body, signs in zip(bodies, signing, strict=True):
        make.member(signs, body, is_signatory=True)
        for member in writing:
            make.member(member, body)
    others = [make.comment(consultation, clause) for _ in range(2)]
    unsigned = [
        make.comment(consultation, clause, author=writing[n], unsigned_for_id=bodies[n % 2].id) for n in range(4)
    ]
    with app.app_context():
        actors = [make.actor(signs, body.id) for signs, body in zip(signing, bodies, strict=True)]
        _recount(consultation)

    def post(actor: Actor) -> None:
        operations.post_comment(
            actor=actor, consultation=db.session.get_one(Consultation, consultation.id),
            version=db.session.get_one(DraftVersion, version.id), clauses=[db.session.get_one(Clause, clause.id)],
            body="Words.", positions=["safety"], stance="support", type="general",
        )  # fmt: skip

    def name(actor: Actor, of: Comment) -> None:
        operations.cosign(actor=actor, comment=_found(of), seen_edit_number=0)

    def sign(actor: Actor, of: Comment) -> None:
        operations.sign_comment(actor=actor, comment=_found(of), seen_edit_number=0)

    def _found(of: Comment) -> Comment:
        return queries.find_shown(viewer=SYSTEM, slug="race", number=of.number)

    def merge(former: int, into: int) -> None:
        both = [db.session.get_one(Organisation, row.id) for row in (bodies[former], bodies[into])]
        for _ in range(50):
            try:
                accounts.merge_organisations(
                    actor=SYSTEM, former=both[0], into=both[1], reason=WHY, signing=[row.id for row in signing]
                )
                return
            except DomainError as error:
                if error.status != 409:
                    raise

    acts: list[Callable[[], object]] = [lambda: merge(0, 1), lambda: merge(1, 0)]
    for n, actor in enumerate(actors):
        acts += [lambda a=actor: post(a)] * 2 + [lambda a=actor, c=c: name(a, c) for c in others]
        acts += [lambda a=actor, c=c: sign(a, c) for c in unsigned[n::2]]
    random.Random(4).shuffle(acts)
    start = Barrier(len(acts))

    def go(act: Callable[[], object]) -> str:
        with app.app_context():
            try:
                start.wait(30)
                act()
            except DomainError as error:
                return error.sentence
            except OperationalError as error:  # on a slow machine a lock is not waited for for ever: nothing was done
                if "lock timeout" not in str(error):
                    raise
                return "busy"
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        told = list(pool.map(go, acts))
    assert told.count("") >= 2, told
    assert make.count(Organisation, Organisation.merged_into_id.is_not(None)) == 1
    with app.app_context():
        row = db.session.get_one(Consultation, consultation.id)
        assert list(recounting.differences(row)) == []
        assert row.organisation_count == 1
        for comment in others:
            assert _found(comment).cosignature_count == 1


def test_who_joins_meanwhile_belongs_to_the_one_that_goes_on_or_is_told(app: Flask, make: Make) -> None:
    former, into = make.organisation(), make.organisation()
    people = [make.person() for _ in range(20)]
    start = Barrier(21)

    def join(n: int) -> str:
        with app.app_context():
            try:
                start.wait(30)
                row = db.session.get_one(Organisation, former.id)
                accounts.ask_membership(actor=make.actor(people[n]), organisation=row)
            except DomainError as error:
                return error.sentence
            finally:
                db.session.remove()
        return ""

    def merge() -> None:
        with app.app_context():
            start.wait(30)
            both = [db.session.get_one(Organisation, row.id) for row in (former, into)]
            for _ in range(200):
                try:
                    accounts.merge_organisations(actor=SYSTEM, former=both[0], into=both[1], reason=WHY)
                    return
                except DomainError as error:
                    if error.status != 409:
                        raise

    with ThreadPoolExecutor(21) as pool:
        done = pool.submit(merge)
        told = list(pool.map(join, range(20)))
        done.result()
    assert set(told) <= {
        "",
        "It was merged with another organisation a moment ago. Open its page again: it leads there.",
    }
    assert make.count(Membership, Membership.organisation_id == former.id) == 0
    assert make.count(Membership, Membership.organisation_id == into.id) == told.count("")


def _recount(consultation: Consultation) -> None:
    with write_transaction() as session:
        row = session.get_one(Consultation, consultation.id)
        for table, row_id, column, _says, should in list(recounting.differences(row)):
            setattr(session.get_one(table, row_id), column, should)
