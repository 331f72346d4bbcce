"""Accepted comments beside the changes of the draft: who may read which, where each stands, what remains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Round
from consult.core.db import db
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate.models import Comment
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion
from consult.outcomes import queries
from consult.outcomes.models import Disposition
from tests.documents.test_compare import DUTY, FIRST, MOVED, SECOND, bring, statements_of
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
THIRD = SECOND.replace("should keep", "must keep")


class Changed:
    """Two or three versions of one draft, and comments on the first."""

    def __init__(self, app: Flask, make: Make, state: str = "published", texts: tuple[str, ...] = (FIRST, SECOND)):
        self.app, self.make = app, make
        self.consultation: Consultation = make.consultation("published")
        with app.app_context():
            for text in texts:
                bring(self.consultation, text)
        self.set(Consultation, Consultation.id, state=state)
        if state == "review":
            self.set(Round, Round.consultation_id, published_at=None)
        self.address = f"/c/{self.consultation.slug}/draft/compare"

    def set(self, model: Any, of: Any, **values: Any) -> None:
        """Change columns behind everybody's back."""
        with self.make.writing() as session:
            session.execute(update(model).where(of == self.consultation.id).values(**values))

    def clause(self, key: str, version: int = 1) -> Clause:
        with self.app.app_context():
            return db.session.scalars(
                select(Clause).join(DraftVersion).join(DraftVersion.draft).where(
                    Clause.key == key, DraftVersion.number == version,
                    DraftVersion.draft.has(consultation_id=self.consultation.id),
                )
            ).one()  # fmt: skip

    def accepted(self, number: str, key: str = "", note: str = "", code: str = "accepted", **values: Any) -> Comment:
        clause = self.clause(key) if key else None
        comment = self.make.comment(self.consultation, clause, number=number, disposition=code, **values)
        observation = "" if code == "accepted" else "We say why."
        self.make.row(Disposition(comment_id=comment.id, code=code, observation=observation, change_note=note))
        return comment

    def found(self, viewer: Actor = VISITOR) -> queries.Accepted:
        """What a viewer gets for the first version against the second."""
        consultation = consultations.find(viewer=SYSTEM, slug=self.consultation.slug)
        versions = documents.versions(viewer=SYSTEM, consultation_id=consultation.id)
        return queries.accepted(viewer=viewer, consultation=consultation, between=versions[-1:])


@pytest.fixture
def changed(app: Flask, make: Make) -> Changed:
    return Changed(app, make)


def rows(page: Any) -> dict[str, str]:
    """The changes of a page: what each says, by the beginning of its label."""
    return {
        " ".join(s.get("aria-label", "").split()): " ".join("".join(s.itertext()).split())
        for s in page.tree.iter("article") if "change" in s.get("class", "")
    }  # fmt: skip


def test_a_change_names_the_accepted_comments_on_its_clause(changed: Changed, visit: Visit) -> None:
    changed.accepted("ACME-012", "2-p1", "Fixed in pull request 7")
    changed.accepted("P0003-001", "2-p1", code="accepted_modified")
    changed.accepted("P0003-002", "2-p1", code="rejected")
    page = visit().open(changed.address)
    edited = next(words for label, words in rows(page).items() if label.startswith("Edited"))
    assert "Accepted comments on this clause: ACME-012" in edited
    assert "accepted, “Fixed in pull request 7”" in edited
    assert "P0003-001" in edited
    assert "accepted with changes" in edited
    assert "P0003-002" not in page.text
    assert page.links()["ACME-012"] == f"/c/{changed.consultation.slug}/comments/ACME-012"
    assert "because" not in page.text
    assert "caused" not in page.text


def test_comments_on_the_heading_are_named_in_a_second_line(changed: Changed, visit: Visit) -> None:
    changed.accepted("P0004-001", "2")
    found = rows(visit().open(changed.address))
    assert "On the section 2: P0004-001" in next(w for label, w in found.items() if label.startswith("Edited"))
    assert "On the section 2: P0004-001" in next(w for label, w in found.items() if label.startswith("Removed"))
    assert not any("P0004-001" in words for label, words in found.items() if label.startswith(("Moved", "Added")))


def test_an_added_clause_has_the_comments_on_its_section(app: Flask, make: Make, visit: Visit) -> None:
    changed = Changed(app, make, texts=(FIRST, FIRST.replace("# 3 Words", "One more duty.\n\n# 3 Words")))
    changed.accepted("P0005-001", "2")
    found = rows(visit().open(changed.address))
    assert "On this section: P0005-001" in next(w for label, w in found.items() if label.startswith("Added"))


def test_what_remains_on_either_side_is_listed(changed: Changed, visit: Visit) -> None:
    changed.accepted("P0001-001", "2-p1")
    changed.accepted("P0002-001", "1-p1", "Nothing to do")
    changed.accepted("P0003-001")
    visitor = visit()
    page = visitor.open(changed.address)
    assert "2 accepted comments on clauses of the older text: 1 with a change" in page.text
    assert "1 more is on the whole draft" in page.text
    idle = visitor.open(page.links()["Accepted comments without a change"])
    assert "P0002-001" in idle.text
    assert "P0001-001" not in idle.text
    assert "Nothing to do" in idle.text
    assert idle.text.index("On the whole draft") < idle.text.index("P0003-001")
    without = rows(visitor.open(page.links()["Without an accepted comment"]))
    assert {label.split(":")[0] for label in without} == {"Added", "Removed", "Moved", "Moved away"}
    assert "4 changes without an accepted comment" in page.text
    beside = rows(visitor.open(page.links()["With an accepted comment"]))
    assert [label.split(":")[0] for label in beside] == ["Edited"]


def test_every_comment_beside_a_change_is_said(changed: Changed, visit: Visit) -> None:
    changed.accepted("P0001-001", "2-p1")
    assert (
        "Every accepted comment has a change beside it" in visit().open(f"{changed.address}?show=without-change").text
    )


@pytest.mark.parametrize("state", ["open", "analysis"])
def test_before_answers_are_public_nothing_of_them_is_shown(app: Flask, make: Make, visit: Visit, state: str) -> None:
    changed = Changed(app, make, state)
    changed.accepted("P0001-001", "2-p1")
    assert "ccepted comment" in visit().open(changed.address).text  # while the round counts as published
    changed.set(Round, Round.consultation_id, published_at=None)
    for query in ("", "?show=all", "?show=without-comment", "?show=without-change"):
        page = visit().open(changed.address + query)
        assert "P0001-001" not in page.text
        assert "ccepted comment" not in page.text.replace("Then accepted comments are named here", "")
        assert "They are public when the review begins" in page.text
    staff = visit(make.staff(changed.consultation, "moderator")).open(changed.address)
    assert "P0001-001" in staff.text


def test_in_review_the_answers_are_proposed(app: Flask, make: Make, visit: Visit) -> None:
    changed = Changed(app, make, "review")
    changed.accepted("P0001-001", "2-p1")
    assert "accepted (proposed)" in visit().open(changed.address).text


@pytest.mark.parametrize("state", ["hidden", "withdrawn"])
def test_hidden_and_withdrawn_comments_are_nobodys_cause(
    app: Flask, make: Make, visit: Visit, changed: Changed, state: str
) -> None:
    for number, key in (("P0001-001", "2-p1"), ("P0002-001", "1-p1"), ("P0003-001", "")):
        changed.accepted(number, key, state=state)
    moderator = make.staff(changed.consultation, "moderator")
    for person in (None, moderator):
        for query in ("", "?show=without-change"):
            page = visit(person).open(changed.address + query)
            assert not any(number in page.text for number in ("P0001-001", "P0002-001", "P0003-001"))
    with app.app_context():
        found = changed.found()
    assert (found.by_lineage, found.on_whole) == ({}, [])


def test_the_copy_and_the_answer_must_both_be_there(app: Flask, changed: Changed) -> None:
    comment = changed.accepted("P0001-001", "2-p1")
    with changed.make.writing() as session:
        session.execute(update(Comment).where(Comment.id == comment.id).values(state="hidden"))
    with app.app_context():
        assert queries.tell_causes(viewer=SYSTEM, comment_ids=[comment.id]) == {}


def test_versions_further_apart_take_the_comments_on_all_between(app: Flask, make: Make, visit: Visit) -> None:
    changed = Changed(app, make, texts=(FIRST, SECOND, THIRD))
    changed.accepted("P0001-001", "2-p1")
    later = changed.clause("3-p1", 2)
    comment = make.comment(changed.consultation, later, number="P0002-001", disposition="accepted")
    make.row(Disposition(comment_id=comment.id, code="accepted"))
    visitor = visit()
    edited = next(w for label, w in rows(visitor.open(f"{changed.address}?from=1&to=3")).items() if "Edited" in label)
    assert "P0001-001" in edited
    assert "P0002-001" in edited
    step = visitor.open(f"{changed.address}?from=2&to=3").text
    assert "P0002-001" in step
    assert "P0001-001" not in step
    assert "ccepted comment" not in visitor.open(f"{changed.address}?from=3&to=1").text


def test_comments_of_others_are_not_named_here(app: Flask, make: Make, changed: Changed, visit: Visit) -> None:
    elsewhere = Changed(app, make)
    elsewhere.accepted("P0009-001", "2-p1")
    elsewhere.accepted("P0009-002")
    assert "P0009" not in visit().open(f"{changed.address}?show=without-change").text
    assert "P0009" not in visit().open(changed.address).text


def test_many_comments_cost_what_one_costs(app: Flask, make: Make, visit: Visit) -> None:
    costs = []
    for count in (1, 20):
        changed = Changed(app, make)
        for n in range(count):
            changed.accepted(f"P{n:04d}-001", "2-p1")
            changed.accepted(f"P{n:04d}-002", "1-p1")
            changed.accepted(f"P{n:04d}-003")
        visitor = visit()
        for query in ("", "?show=without-change", "?show=without-comment"):
            visitor.open(changed.address + query)
            page, cost = statements_of(app, visitor, changed.address + query)
            costs.append(cost)
            if not query:
                edited = next(words for label, words in rows(page).items() if label.startswith("Edited"))
                assert edited.count("P00") == min(6, count)
                assert ("and 14 more" in edited) is (count == 20)
    assert costs[:3] == costs[3:]


def test_moved_words_keep_their_comments(changed: Changed, visit: Visit) -> None:
    changed.accepted("P0001-001", "1-p2")
    found = rows(visit().open(changed.address))
    assert "P0001-001" in next(w for label, w in found.items() if label.startswith("Moved:"))
    assert "P0001-001" not in next(w for label, w in found.items() if label.startswith("Moved away"))
    assert MOVED in FIRST
    assert DUTY in FIRST


def test_the_outcome_leads_to_what_changed(app: Flask, make: Make, visit: Visit, changed: Changed) -> None:
    visitor = visit()
    outcome = visitor.open(f"/c/{changed.consultation.slug}/outcome")
    assert visitor.open(outcome.links()["See what changed in the text"]).heading == "What changed"
    alone = Changed(app, make, texts=(FIRST,))
    assert "See what changed in the text" not in visitor.open(f"/c/{alone.consultation.slug}/outcome").links()


def test_on_paper_all_changes_are_on_one_page(app: Flask, make: Make, visit: Visit) -> None:
    old = "# 1 A\n\n" + "\n\n".join(f"Paragraph {n * 7919} is about providers and records." for n in range(120))
    changed = Changed(app, make, texts=(old, old.replace("about providers", "on providers")))
    visitor = visit()
    page = visitor.open(visitor.open(changed.address).links()["All on one page, to print"])
    assert page.url.split("?")[0] == f"{changed.address}/print"
    assert page.body.count('<article class="change') == 120
    assert "Page 1 of" not in page.text
    assert "Side by side" not in page.links()
