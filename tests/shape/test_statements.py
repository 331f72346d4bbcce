"""A page asks the database the same few questions, however many comments there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import Person
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import jobs, mending
from consult.debate.models import Anchor, Comment, OpinionMap, Reply, Visit, Vote
from consult.demo.sown.sowing import sow
from consult.documents.models import Clause, ReadingPage
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

MOST = 12
SEARCH = "search?q=weights"
SIZES = 10, 60  # comments; a page of the list has 20
# Where there are more: the queue opens its first item with all that a decision needs.
MORE = {"manage/moderation": 16}
EVERYBODY = (
    "", "comments", "comments?sort=newest", "comments?sort=discussed", "comments?position=safety", "comments?stance=object",
    "comments?category=academia", "comments?answer=open", "comments?position=none", "comments/{number}", "v1/clauses/{clause}", "v1/{page}",
    "v1/{page}?at={clause}", SEARCH, "comments?sort=bridging", "comments?q=weights", "comments?clause={clause}",
)  # fmt: skip


def many(statements: list[str]) -> int:
    """Those that ask: what begins a transaction and what reads the edition are left out."""
    return len([one for one in statements if one != "BEGIN" and "FROM edition" not in one])


@pytest.fixture
def sown(app: Flask, make: Make) -> dict[str, Person]:
    """Two consultations of these sizes; somebody who was there before, and a moderator with all sorts of things to look at."""
    with app.app_context():
        for size in SIZES:
            sow(slug=f"of-{size}", comments=size, password_hash="", tell=lambda _done: None)
    reader, moderator = make.person(), make.person()
    for size in SIZES:
        camps(app, make, f"of-{size}", (reader, moderator))
    before = clock.now() - timedelta(days=400)
    for size in SIZES:
        with make.writing() as writing:
            of = writing.scalars(select(Consultation).where(Consultation.slug == f"of-{size}")).one()
            held = writing.scalars(select(Reply.id).join(Reply.comment).where(Comment.consultation_id == of.id)).all()
            comments = select(Comment.id).where(Comment.consultation_id == of.id, Comment.reply_count == 0)
            waiting = {"state": "held", "held_for": "links"}
            for model, ids in ((Reply, held[:1]), (Comment, writing.scalars(comments.limit(1)).all())):
                place = {"place": 0, "posted_at": clock.now()} if model is Reply else {}  # the comment waits longest
                writing.execute(update(model).where(model.id.in_(ids)).values(**waiting, **place))
            writing.add(Visit(consultation_id=of.id, person_id=reader.id, before_at=before, latest_at=before))
        make.role(moderator, of, "moderator")
    return {"": None, "reader": reader, "moderator": moderator}  # type: ignore[dict-item]


def camps(app: Flask, make: Make, slug: str, also: Sequence[Person]) -> None:
    """Two groups who vote alike, and some more who voted, so that there are opinion groups, and agreement to tell."""
    people = [make.person() for _ in range(36)]
    with make.writing() as writing:
        shown = (
            select(Comment.id).join(Comment.consultation).where(Consultation.slug == slug, Comment.state == "posted")
        )
        for c, comment_id in enumerate(writing.scalars(shown.order_by(Comment.id).limit(9)).all()):
            for n, person in enumerate([*people, *also]):
                agrees = (c == 8 or (n < 24) == (c % 2 == 0)) != (n % 12 == c)
                vote = {"choice": "agree" if agrees else "disagree", "category": ("industry", "academia")[n % 2]}
                writing.add(Vote(comment_id=comment_id, person_id=person.id, **vote))
    with app.app_context():
        found = consultations.find(viewer=SYSTEM, slug=slug)
        mending.recount(found)
        jobs.find_opinion_groups({"round_id": found.round.id})
        assert len(db.session.query(OpinionMap).filter_by(round_id=found.round.id).one().people) == 2


def places(app: Flask, size: int) -> dict[str, str]:
    """The busiest clause, its page, and a comment with replies."""
    with app.app_context():
        of = select(Comment).join(Comment.consultation).where(Consultation.slug == f"of-{size}")
        number = db.session.scalars(of.order_by(Comment.reply_count.desc(), Comment.id).limit(1)).one().number
        on = select(Clause.key, ReadingPage.key).join(Clause.page).join(Anchor, Anchor.clause_id == Clause.id)
        on = on.join(Anchor.comment).join(Comment.consultation).where(Consultation.slug == f"of-{size}")
        clause, page = db.session.execute(on.order_by(Clause.comment_count.desc(), Clause.id).limit(1)).one()
        return {"number": number, "clause": clause, "page": page}


@pytest.mark.parametrize("who", ["", "reader", "moderator"])
def test_no_page_asks_more_than_twelve_questions(
    app: Flask, sown: dict[str, Person], visit: Callable[..., Visitor], who: str
) -> None:
    browser, found = visit(sown[who]), dict[str, list[int]]()
    for size in SIZES:
        there = places(app, size)
        for page in (*EVERYBODY, *(["manage/moderation"] if who == "moderator" else [])):
            address = f"/c/of-{size}/{page.format(**there)}".rstrip("/")
            browser.open(address)  # what is compiled and remembered once
            with listening(app) as asked:
                browser.open(f"{address}{'&' if '?' in address else '?'}anew=1")
            found.setdefault(page, []).append(many(asked))
    differ = {page: counts for page, counts in found.items() if len(set(counts)) > 1}
    assert differ.keys() <= {SEARCH}, differ  # each kind of thing it finds is read by itself
    assert {page: counts for page, counts in found.items() if max(counts) > MORE.get(page, MOST)} == {}
