"""A page asks the database the same few questions, however many comments there are."""

from __future__ import annotations

import re
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
from consult.debate.models import Anchor, Comment, OpinionMap, Reply, Revision, Visit, Vote
from consult.demo.sown.sowing import sow
from consult.documents.models import Clause, ReadingPage
from consult.moderation.models import Appeal, Claim, Correction, ModerationAct, Report
from consult.moderation.queries import waiting
from tests.conftest import IS_POSTGRESQL
from tests.listening import listening
from tests.make import Make
from tests.moderation.world import World, build, make_reply
from tests.visitor import Visitor

MOST = 12
SEARCH = "search?q=weights"
SIZES = 10, 60  # comments; a page of the list has 20
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
    assert {page: counts for page, counts in found.items() if max(counts) > MOST} == {}


# Why something is open in the moderators' queue, and what its page then says.
OPEN = {
    "held": "It waits because", "reported": "Rita Reader", "appealed": "Look again at", "again": "Answer the new words",
    "asked": "The old and the new", "unplaced": "Place it",
}  # fmt: skip


# Of each comment, vote and so on there are as many as people wrote: tables of which no page may read all rows.
# An index of few of them may be gone through.
FEW = "ix_comment_unplaced", "ix_comment_unshown", "ix_comment_apart", "ix_reply_unshown"
LARGE = (
    "comment",
    "reply",
    "anchor",
    "vote",
    "comment_position",
    "reply_position",
    "vote_tally",
    "search_row",
    "revision",
)


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL plans by how many rows there are, and here there are few")
@pytest.mark.parametrize("who", ["", "reader", "moderator"])
def test_no_page_goes_through_a_large_table(
    app: Flask, sown: dict[str, Person], visit: Callable[..., Visitor], who: str
) -> None:
    browser, there = visit(sown[who]), places(app, SIZES[-1])
    for page in (*EVERYBODY, *(["manage/moderation"] if who == "moderator" else [])):
        with listening(app) as asked:
            browser.open(f"/c/of-{SIZES[-1]}/{page.format(**there)}".rstrip("/"))
        with app.app_context(), db.engine.connect() as connection:
            for statement in asked:
                if statement.startswith(("SELECT", "WITH")):
                    nothing = (None,) * statement.count("?")
                    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", nothing).all()
                    scans = [row.detail for row in plan if re.match(rf"SCAN ({'|'.join(LARGE)})\b", row.detail)]
                    assert [scan for scan in scans if not scan.endswith(FEW)] == [], (page, statement)


@pytest.mark.skipif(IS_POSTGRESQL, reason="PostgreSQL plans by how many rows there are, and here there are few")
def test_what_waits_for_a_moderator_is_found_by_its_own_index(app: Flask, make: Make) -> None:
    consultation = make.consultation("open")
    with app.app_context():
        with listening(app) as asked:
            waiting.queue(viewer=SYSTEM, consultation=consultation, shown="all", claims={})
        plan = db.session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {asked[-1]}", (None,) * asked[-1].count("?")
        )
        used = {row.detail for row in plan.all() if row.detail.startswith("SEARCH comment ")}
    assert used
    assert [one for one in used if "ix_comment_newest" in one] == []


def waits(world: World, thing: Comment | Reply, why: str) -> None:
    """Let it wait for that: its author withholds her name, and a colleague looks at it."""
    make, act_id, now = world.make, 0, clock.now()
    about = {f"{thing.__tablename__}_id": thing.id}
    here = {"consultation_id": world.consultation.id, "rule": "spam"} | about
    states = {"held": "held", "appealed": "hidden", "again": "hidden"}
    with make.writing() as writing:
        values = {"state": states.get(why, "posted"), "held_for": "links" if why == "held" else "", "named": "nobody"}
        values |= {"place": 0} if why == "held" and isinstance(thing, Reply) else {}
        writing.execute(update(type(thing)).where(type(thing).id == thing.id).values(**values))
        if why == "unplaced":
            writing.execute(update(Comment).where(Comment.id == thing.id).values(source="email", is_placed=False))
    make.row(Claim(consultation_id=world.consultation.id, person_id=world.second.id, until=now + timedelta(minutes=5), **about))  # fmt: skip
    if why == "reported":
        make.row(Report(reporter_id=world.reader.id, reader="person", **here))
    if why in ("appealed", "again", "asked"):
        given = here | {"ground": "It sells.", "passage": "a", "facts": "The words.", "reason": "No adverts.", "role": "moderator"}  # fmt: skip
        how = {"verb": "ask", "until": now, "is_waiting": True, "corrected_at": now} if why == "asked" else {"verb": "hide", "appeal_until": now}  # fmt: skip
        act_id = make.row(ModerationAct(moderator_id=world.second.id, at=now, **given, **how)).id
    answer = {"act_id": act_id, "author_id": world.author.id, "made_at": now}
    if why == "appealed":
        make.row(Appeal(until=now, text="It is a quotation.", **answer))
    if why == "again":
        make.row(Correction(body="Better.", html="<p>Better.</p>", **answer))
    if why == "asked":
        make.row(Revision(number=1, body="Before.", html="<p>Before.</p>", until=now, **about))


@pytest.mark.parametrize(
    ("why", "kind"),
    [(why, kind) for why in OPEN for kind in ("comments", "replies") if (why, kind) != ("unplaced", "replies")],
)
def test_whatever_a_moderator_opens_is_twelve_questions_at_most(
    app: Flask, make: Make, visit: Callable[..., Visitor], why: str, kind: str
) -> None:
    world = build(make)
    other = make.comment(world.consultation, make.clauses(world.version)[1], state="held", held_for="first")
    make_reply(make, other, world.reader, state="held", held_for="first", place=0)  # both kinds stand in the list
    thing: Comment | Reply = world.comment if kind == "comments" else world.reply
    waits(world, thing, why)
    address = world.at_comment if thing is world.comment else world.at_reply
    browser = visit(world.moderator)
    page = browser.open(address).text
    for words in (OPEN[why], "Known to moderators only", "Mo Second looks at this one"):
        assert words in page
    with listening(app) as asked:
        browser.open(f"{address}?anew=1")
    assert many(asked) <= MOST, "\n\n".join(asked)
