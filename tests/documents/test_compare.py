"""The page that shows what changed between two versions, through HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.consultations.models import Consultation
from consult.core.errors import Missing
from consult.core.rules import SYSTEM, VISITOR
from consult.documents import comparison, operations, queries
from consult.documents.importers import read
from tests.listening import listening
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
DUTY = "Providers of models shall keep a record of every change for 30 days after it was made."
MOVED = "The supervisory board meets twice a year and publishes what it has decided."
FIRST = f"""# 1 Scope

This document applies to all providers of models with open weights.

{MOVED}

# 2 Duties

{DUTY}

Nothing here limits what the law asks for.

# 3 Words

A model is a set of weights <b>and</b> the code to run it.
"""
SECOND = f"""# 1 Scope

This document applies to all providers of models with open weights.

# 2 Principles

Everything here serves safety, profit and access alike, in this order or another.

# 3 Duties

{DUTY.replace("shall", "should").replace("30 days", "60 days")}

# 4 Words

A model is a set of weights <b>and</b> the code to run it.

{MOVED}
"""
Shown = tuple[str, Consultation]


def bring(consultation: Consultation, text: str, *, is_public: bool = True) -> None:
    version = operations.import_version(
        actor=SYSTEM, consultation=consultation, parsed=read(text), source_name="draft.md", source=text.encode()
    )
    if is_public:
        operations.freeze_version(actor=SYSTEM, version=version)


@pytest.fixture
def two(app: Flask, make: Make) -> Shown:
    """Two public versions of one draft."""
    consultation = make.consultation("published")
    with app.app_context():
        bring(consultation, FIRST)
        bring(consultation, SECOND)
    return f"/c/{consultation.slug}/draft/compare", consultation


def classes(page: Page) -> list[str]:
    assert page.tree is not None
    return [
        s.get("class", "").removeprefix("change ") for s in page.tree.iter("article") if "change" in s.get("class", "")
    ]


def marked(page: Page, tag: str) -> list[str]:
    """What is inside of <ins> or <del>, without what screen readers are told."""
    assert page.tree is not None
    return ["".join([e.text or "", *((c.tail or "") for c in e)]).strip() for e in page.tree.iter(tag)]


def test_a_reader_sees_what_changed_and_nothing_else(two: Shown, visit: Visit) -> None:
    page = visit().open(two[0])
    assert page.heading == "What changed"
    assert "From draft 1 to draft 2: 1 clause edited, 1 moved, 2 added, 1 removed." in page.text
    assert "2 more have only another number, which is no change" in page.text
    assert classes(page) == ["left", "added", "added", "edited", "deleted", "moved"]
    assert marked(page, "ins")[3:5] == ["should", "60"]
    assert marked(page, "del")[1:3] == ["shall", "30"]
    assert marked(page, "del")[-1] == "Nothing here limits what the law asks for."
    assert "Technical" in page.text
    assert "A model is a set of weights" not in page.text
    assert "[went: shall" in page.text


def test_a_move_is_linked_both_ways(two: Shown, visit: Visit) -> None:
    page = visit().open(two[0])
    assert page.tree is not None
    by_class = {s.get("class"): s for s in page.tree.iter("article") if s.get("id", "").startswith("r")}
    for here, there in (("change left", "change moved"), ("change moved", "change left")):
        links = [a.get("href") for a in by_class[here].iter("a")]
        assert any(link.endswith("#" + by_class[there].get("id", "?")) for link in links), here


def test_clauses_are_linked_in_both_versions(two: Shown, visit: Visit) -> None:
    visitor = visit()
    links = visitor.open(two[0]).links()
    slug = two[1].slug
    assert f"/c/{slug}/v1/clauses/2-p1" in links.values()
    assert f"/c/{slug}/v2/clauses/3-p1" in links.values()
    assert DUTY in visitor.open(f"/c/{slug}/v1/clauses/2-p1").text


def test_side_by_side_and_the_whole_text(two: Shown, visit: Visit) -> None:
    visitor = visit()
    side = visitor.open(visitor.open(two[0]).links()["Side by side"])
    assert "view=side" in side.url
    assert marked(side, "ins") == marked(visitor.open(two[0]), "ins")
    whole = visitor.open(side.links()["The whole text"])
    assert "view=side" in whole.url
    assert "A model is a set of weights" in whole.text
    assert classes(whole).count("unchanged") + classes(whole).count("renumbered") == 5
    assert "Renumbered 2 Duties in draft 1 → 3 Duties in draft 2 Duties" in whole.text  # both numbers, words once


def test_from_the_later_to_the_earlier_is_the_mirror(two: Shown, visit: Visit) -> None:
    there, back = visit().open(f"{two[0]}?from=1&to=2"), visit().open(f"{two[0]}?from=2&to=1")
    assert "From draft 2 to draft 1: 1 clause edited, 1 moved, 1 added, 2 removed." in back.text
    assert marked(back, "ins")[-3:] == ["shall", "30", "Nothing here limits what the law asks for."]
    assert len(classes(there)) == len(classes(back))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200), ("?to=1", 404), ("?to=3", 404), ("?from=2&to=2", 404), ("?from=x", 404), ("?page=x", 200),
        ("?page=-4", 200), ("?page=999999999999999999999", 200), ("?view=%00&show=%F0", 200), ("?to=%00", 404),
        ("?from=99999999999999999999", 404),
    ],
)  # fmt: skip
def test_addresses_that_name_nothing(two: Shown, visit: Visit, query: str, status: int) -> None:
    visit().open(two[0] + query, status=status)


def test_the_key_names_the_duties_of_the_language(app: Flask, make: Make, visit: Visit) -> None:
    consultation = make.consultation("published", language="de")
    with app.app_context():
        bring(consultation, "# 1 Pflichten\n\nAnbieter sollen alles aufschreiben.\n")
        bring(consultation, "# 1 Pflichten\n\nAnbieter müssen alles aufschreiben.\n")
    page = visit().open(f"/c/{consultation.slug}/draft/compare")
    assert "another duty (muss, soll, sollte, darf, kann)" in page.text
    assert page.text.count("Technical") == 2  # the key, and the change


def test_one_version_is_nothing_to_compare(app: Flask, make: Make, visit: Visit) -> None:
    consultation = make.consultation("open")
    make.version(consultation)
    assert "nothing to compare it with" in visit().open(f"/c/{consultation.slug}/draft/compare").text


def test_a_version_that_is_not_public_is_for_the_staff(app: Flask, make: Make, visit: Visit) -> None:
    consultation = make.consultation("analysis")
    with app.app_context():
        bring(consultation, FIRST)
        bring(consultation, SECOND, is_public=False)
    address = f"/c/{consultation.slug}/draft/compare"
    assert "nothing to compare it with" in visit().open(address).text
    visit().open(f"{address}?from=1&to=2", status=404)
    staff = visit(make.staff(consultation, "editor"))
    assert "1 clause edited" in staff.open(f"{address}?from=1&to=2").text
    assert "What changed in version 2" in staff.open(f"/c/{consultation.slug}/manage/draft").links()


def test_the_reading_room_leads_there(two: Shown, visit: Visit) -> None:
    visitor = visit()
    links = visitor.open(f"/c/{two[1].slug}/v2/1").links()
    assert visitor.open(links["What changed since the draft before"]).heading == "What changed"
    assert "What changed since the draft before" not in visitor.open(f"/c/{two[1].slug}/v1/1").links()


def long_text(count: int, word: str) -> str:
    return "# 1 Long\n\n" + "\n\n".join(
        f"Paragraph {n} speaks of the number {n * 7919} and of {word if n % 2 else 'records'} kept by providers."
        for n in range(count)
    )


def statements_of(app: Flask, visitor: Visitor, address: str) -> tuple[Page, int]:
    """A page, and how many statements it took."""
    with listening(app) as statements:
        page = visitor.open(address)
    return page, len(statements)


def test_pages_hold_fifty_rows_and_cost_the_same(app: Flask, make: Make, visit: Visit) -> None:
    costs = []
    for count in (20, 400):
        consultation = make.consultation("published")
        with app.app_context():
            bring(consultation, long_text(count, "logs"))
            bring(consultation, long_text(count, "the logs and files"))
        visitor, address = visit(), f"/c/{consultation.slug}/draft/compare"
        visitor.open(address)
        page, cost = statements_of(app, visitor, address)
        costs.append(cost)
        assert len(classes(page)) == min(50, count // 2)
    assert costs[0] == costs[1]
    assert "Page 1 of 4" in page.text
    assert len(classes(visitor.open(f"{address}?page=4"))) == 50
    assert "Page 4 of 4" in visitor.open(f"{address}?page=9").text


def test_two_steps_back_by_lineage(inside: Flask, make: Make) -> None:
    consultation = make.consultation("published")
    for text in (FIRST, SECOND, SECOND.replace("should", "must")):
        bring(consultation, text)
    versions = queries.versions(viewer=VISITOR, consultation_id=consultation.id)
    pair = comparison.pick(versions, "1", "3")
    assert pair is not None
    found = comparison.compare(viewer=VISITOR, old=pair[0], new=pair[1])
    edited = [change for change in found.changes if change.fate == "edited"]
    assert [(c.old[0].key, c.new[0].key, c.is_technical) for c in edited] == [("2-p1", "3-p1", True)]
    with pytest.raises(Missing):
        comparison.pick(versions, "1", "4")
    with pytest.raises(Missing):
        comparison.pick([])
