"""Two people, or one person in two windows, press at the same moment: one effect, a sentence for the other, no crash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import select, text

from consult.accounts.events import ParentChanged
from consult.accounts.models import Membership, Organisation, Person, RoleGrant
from consult.consultations import operations as consultations
from consult.consultations.models import Consultation, Transition
from consult.core import clock
from consult.core.db import db
from consult.core.events import _listeners
from consult.core.rules import SYSTEM
from consult.debate.models import Comment
from consult.documents.models import DraftVersion, StagedDraft
from consult.moderation.models import ModerationAct, Report
from consult.outcomes.models import AssignedComment, Disposition, Theme, ThemeComment
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
Press = Callable[[], Page]


def at_once(*presses: Press) -> list[Page]:
    """All presses at the same moment, each in a thread of its own; the answers in order of status."""
    start = Barrier(len(presses))

    def go(press: Press) -> Page:
        start.wait(10)
        return press()

    with ThreadPoolExecutor(len(presses)) as pool:
        answers = list(pool.map(go, presses))
    assert all(page.status < 500 for page in answers)
    return sorted(answers, key=lambda page: page.status)


def ready(visitor: Visitor, address: str, button: str, *, follow: bool = False, **typed: object) -> Press:
    """`visitor` has the page open and everything typed; calling it presses the button."""
    visitor.open(address)
    return lambda: visitor.press(button, status=None, follow=follow, **typed)  # type: ignore[arg-type]


def statuses(pages: list[Page]) -> list[int]:
    return [page.status for page in pages]


def test_the_same_staged_text_kept_in_two_windows_is_one_draft(make: Make, visit: Visit) -> None:
    row = make.consultation("draft", slug="race")
    organiser = make.staff(row, "organiser")
    windows = [visit(organiser), visit(organiser)]
    windows[0].open("/c/race/manage/draft")
    windows[0].press("Look at it first", text="# Title\n\nWords of the draft.")
    pages = at_once(*(ready(w, "/c/race/manage/draft", "Keep this draft", follow=True) for w in windows))
    assert pages[0].status == 200
    assert make.count(DraftVersion) == 1
    assert make.count(StagedDraft) == 0


def test_two_corrections_of_one_text_at_once_are_one_and_a_sentence(make: Make, visit: Visit) -> None:
    row = make.consultation("draft", slug="race")
    organiser = make.staff(row, "organiser")
    windows = [visit(organiser), visit(organiser)]
    windows[0].open("/c/race/manage/draft")
    windows[0].press("Look at it first", text="# Title\n\nWords of the draft.\n\nMore of them.")
    address = "/c/race/manage/draft/structure?unit="
    pages = at_once(
        ready(windows[0], f"{address}1-p1", "Leave it out"), ready(windows[1], f"{address}1-p2", "Merge the two")
    )
    assert statuses(pages) == [303, 422]
    assert "second window" in pages[1].text
    with make.writing() as session:
        assert len(json.loads(session.scalars(select(StagedDraft.edits)).one())) == 1


def test_kept_in_one_window_and_put_away_in_the_other(make: Make, visit: Visit) -> None:
    row = make.consultation("draft", slug="race")
    organiser = make.staff(row, "organiser")
    windows = [visit(organiser), visit(organiser)]
    windows[0].open("/c/race/manage/draft")
    windows[0].press("Look at it first", text="# Title\n\nWords of the draft.")
    at_once(
        ready(windows[0], "/c/race/manage/draft", "Keep this draft", follow=True),
        ready(windows[1], "/c/race/manage/draft", "Put it away", follow=True),
    )
    assert make.count(StagedDraft) == 0


def test_one_hides_what_another_keeps(make: Make, visit: Visit) -> None:
    row = make.consultation("open", slug="race")
    comment = make.comment(row, make.clauses(make.version(row))[1], number="P0001-001")
    make.row(Report(consultation_id=row.id, comment_id=comment.id, rule="spam", reader="person 0"))
    address, told = "/c/race/manage/moderation/comments/P0001-001", {"reason": "A reason for everybody."}
    hiding, keeping = visit(make.staff(row, "moderator")), visit(make.staff(row, "moderator"))
    pages = at_once(
        ready(hiding, address, "Decide", verb="hide", rule="spam", passage="Remark", **told),
        ready(keeping, address, "Decide", verb="keep", **told),
    )
    assert statuses(pages) == [303, 422]
    assert "a colleague" in pages[1].text
    assert "A reason for everybody." in pages[1].body
    assert make.count(ModerationAct) == 1


def test_two_close_at_once(make: Make, visit: Visit) -> None:
    row = make.consultation("open", slug="race", closes_at=clock.now() - timedelta(seconds=1))
    make.version(row)
    organisers = [visit(make.staff(row, "organiser")) for _ in range(2)]
    pages = at_once(*(ready(one, "/c/race/manage/steps/closing", "Close") for one in organisers))
    assert pages[0].status == 303
    assert pages[1].status in (403, 409, 422)
    assert make.count(Transition, Transition.verb == "close") == 1


def test_the_same_organisation_founded_twice_at_once(make: Make, visit: Visit) -> None:
    founders = [visit(make.person()) for _ in range(4)]
    typed = {"name": "Guild of Testers", "category": "nonprofit"}
    pages = at_once(*(ready(one, "/organisations/new", "Put it on the list", **typed) for one in founders))
    assert statuses(pages) == [303, 422, 422, 422]
    assert "on the list already" in pages[1].text
    assert make.count(Organisation) == make.count(Membership) == 1


def test_organisations_with_the_same_initials_founded_at_once(make: Make, visit: Visit) -> None:
    founders = [visit(make.person()) for _ in range(4)]
    names = ("Guild of Testers", "Group of Thinkers", "Gang of Tinkers", "Garden of Trees")
    pages = at_once(
        *(
            ready(one, "/organisations/new", "Put it on the list", name=name, category="nonprofit")
            for one, name in zip(founders, names, strict=True)
        )
    )
    assert statuses(pages) == [303] * 4
    assert make.count(Organisation) == 4


def test_the_same_address_registered_twice_at_once(make: Make, visit: Visit) -> None:
    typed = {
        "name": "Ada", "email": "ada@example.org", "password": "a long and odd sentence", "category": "individual",
    }  # fmt: skip
    pages = at_once(*(ready(visit(), "/register", "Make my account", **typed) for _ in range(2)))
    assert statuses(pages) == [303, 303]  # nothing tells that there is an account
    assert make.count(Person) == 1


def test_a_membership_decided_twice_at_once(make: Make, visit: Visit) -> None:
    guild = make.organisation("Guild", slug="guild")
    asks = make.row(Membership(person_id=make.person().id, organisation_id=guild.id))
    signatories = [make.person(), make.person()]
    for person in signatories:
        make.member(person, guild, is_signatory=True)
    pages = at_once(
        *(
            ready(visit(person), "/organisations/guild", button)
            for person, button in zip(signatories, ("Approve", "Refuse"), strict=True)
        )
    )
    assert pages[0].status == 303
    assert pages[1].status in (403, 409)
    assert make.count(Membership, Membership.id == asks.id, Membership.state == "asked") == 0


def test_two_organisers_dismiss_each_other(make: Make, visit: Visit) -> None:
    row = make.consultation("draft", slug="race")
    ada, ben = make.staff(row, "organiser", "Ada"), make.staff(row, "organiser", "Ben")

    def dismissing(who: Person, whom: Person) -> Press:
        visitor = visit(who)
        page = visitor.open("/c/race/manage/settings/people")
        form = next(f for f in page.forms if f.action.endswith(f"/people/{whom.id}/organiser/end"))
        return lambda: visitor.send(form.action, form.fields, status=None, follow=False)

    at_once(dismissing(ada, ben), dismissing(ben, ada))
    assert make.count(RoleGrant, RoleGrant.role == "organiser") == 1


def test_two_organisers_leave_at_once_and_one_stays(make: Make, visit: Visit) -> None:
    row = make.consultation("open", slug="race")
    both = [visit(make.staff(row, "organiser", name)) for name in ("Ada", "Ben")]
    pages = at_once(*(ready(one, "/me/invitations", "Give it up") for one in both))
    assert statuses(pages) == [303, 422]
    assert "only organiser" in pages[1].text
    assert make.count(RoleGrant, RoleGrant.role == "organiser") == 1


def test_a_circle_of_parents_closed_from_both_ends_stays_open(make: Make, visit: Visit) -> None:
    north, east, south, west = (
        make.organisation(name, slug=name.lower()) for name in ("North", "East", "South", "West")
    )
    with make.writing() as session:
        session.get_one(Organisation, north.id).parent_id = east.id
        session.get_one(Organisation, south.id).parent_id = west.id
    ends = (("east", "South"), ("west", "North"))
    one, other = (
        ready(visit(make.person(is_administrator=True)), f"/organisations/{slug}/parent", "Save", parent=above)
        for slug, above in ends
    )
    is_within = Event()

    def linger(_: object) -> None:
        is_within.set()
        time.sleep(0.5)  # the other comes while this is not finished

    _listeners[ParentChanged].append(linger)
    try:
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(one)
            assert is_within.wait(10)
            assert (other().status, first.result().status) == (422, 303)
    finally:
        _listeners[ParentChanged].remove(linger)


@pytest.mark.parametrize("turn", range(3))
def test_the_clock_closes_while_comments_arrive(app: Flask, make: Make, visit: Visit, turn: int) -> None:
    row = make.consultation("open", slug="race")
    make.version(row)
    typed = {"body": "In time?", "positions": ["safety"], "stance": "object"}
    writers = [ready(visit(make.person()), "/c/race/comments/new", "Post comment", **typed) for _ in range(4)]
    with make.writing() as session:
        session.get_one(Consultation, row.id).closes_at = clock.now() - timedelta(seconds=1)
    someone = visit()

    def close() -> Page:
        with app.app_context():
            found = db.session.scalars(select(Consultation)).one()
            consultations.close(actor=SYSTEM, consultation=found)
            db.session.remove()
        return someone.open("/c/race")

    pages = at_once(*writers, close)
    closed_out = [page for page in pages if page.status >= 400]
    assert make.count(Comment) + len(closed_out) == 4
    assert all("In time?" in page.body for page in closed_out)  # refused, not lost
    with app.app_context():
        assert db.session.scalars(select(Consultation.comment_count)).one() == make.count(Comment)
        db.session.remove()


def test_two_answer_the_same_comment(make: Make, visit: Visit) -> None:
    row = make.consultation("analysis", slug="race")
    make.comment(row, make.clauses(make.version(row))[1], number="P0001-001")
    moderators = [visit(make.staff(row, "moderator")) for _ in range(2)]
    pages = at_once(
        *(
            ready(one, "/c/race/manage/answers/P0001-001", "Save and next", code="noted", observation=f"Reason {n}.")
            for n, one in enumerate(moderators)
        )
    )
    assert statuses(pages) == [303, 422]
    assert "answered meanwhile" in pages[1].text
    assert make.count(Disposition) == 1


def test_two_publish_at_once(make: Make, visit: Visit) -> None:
    row = make.consultation("review", slug="race")
    make.version(row)
    moderators = [visit(make.staff(row, "moderator")) for _ in range(2)]
    moderators[0].open("/c/race/manage/summary")
    moderators[0].press("Save headline", headline="Nobody said anything.")
    moderators[1].open("/c/race/manage/summary")
    moderators[1].press("Approve these words")
    at_once(*(ready(one, "/c/race/manage/summary", "Publish the outcome") for one in moderators))
    assert make.count(Transition, Transition.verb == "publish") == 1


@contextmanager
def held(app: Flask, comment: Comment) -> Iterator[Callable[[int], None]]:
    """Somebody else has the comment's row; the callable waits until so many others wait for a row. SQLite has one writer."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with app.app_context():
        is_postgresql = db.engine.dialect.name == "postgresql"
        with db.engine.connect() as holder, db.engine.connect() as watch:
            if is_postgresql:
                holder.execute(select(Comment.id).where(Comment.id == comment.id).with_for_update())

            def wait_for(count: int) -> None:
                until = time.monotonic() + 3
                while is_postgresql and watch.scalar(waiting) < count:
                    assert time.monotonic() < until, "nobody waits"
                    watch.rollback()
                    time.sleep(0.01)

            yield wait_for


@pytest.mark.parametrize("act", ["theme", "gather", "assign"])
def test_a_comment_is_answered_while_something_is_done_with_many(
    app: Flask, make: Make, visit: Visit, act: str
) -> None:
    """The one has the comment when the other begins: whoever has the consultation then must not wait for the comment."""
    row = make.consultation("analysis", slug="race")
    comment = make.comment(row, make.clauses(make.version(row))[1], number="P0001-001")
    one, other = make.staff(row, "moderator"), make.staff(row, "moderator")
    with make.writing() as session:
        round_id = session.scalar(select(Comment.round_id))
    theme = make.row(Theme(consultation_id=row.id, round_id=round_id, number=1, name="One", made_by_id=one.id))
    if act == "theme":
        make.row(ThemeComment(theme_id=theme.id, comment_id=comment.id))
    base = "/c/race/manage"
    single = ready(visit(one), f"{base}/answers/P0001-001", "Save and next", code="noted", observation="A reason.")
    many = {
        "theme": lambda: ready(
            visit(other), f"{base}/themes/1", "Answer the theme", code="rejected", observation="Another reason."
        ),
        "gather": lambda: ready(visit(other), f"{base}/answers/chosen?also=P0001-001", "Put them there", theme="1"),
        "assign": lambda: ready(visit(other), f"{base}/answers/chosen?also=P0001-001", "Assign", person=str(other.id)),
    }[act]()
    with ThreadPoolExecutor(2) as pool:
        with held(app, comment) as wait_for:
            answers = [pool.submit(single)]
            wait_for(1)
            answers.append(pool.submit(many))
            wait_for(2)
        pages = [answer.result(20) for answer in answers]
    assert sorted(statuses(pages)) == [303, 422 if act == "theme" else 303]  # the theme was read before the answer
    assert make.count(Disposition) == 1
    assert make.count(ThemeComment) == (act != "assign")
    assert make.count(AssignedComment) == (act == "assign")
