"""The table in which an editor confirms or corrects which clause is which, through HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.documents import operations, queries
from consult.documents.importers import read
from consult.documents.models import Clause, ClausePair, DraftVersion
from tests.documents.test_compare import long_text, statements_of
from tests.make import Make
from tests.visitor import Page, Visitor

Visit = Callable[..., Visitor]
RECORD = "Providers of models shall keep a record of every change for 30 days after it was made."
SHOW = "On request of the authority they show that record without undue delay and free of charge."
STAYS = "Nothing here limits what the law asks for."
GONE = "The supervisory board meets twice a year and publishes what it has decided."
LOGS = "Each provider keeps logs of the use of its model and hands them out when a court asks for them."
FIRST = f"""# 1 Duties

{RECORD} {SHOW}

{STAYS}

# 2 Logs

{LOGS}

{LOGS.replace("Each provider", "Every importer")}

# 3 Board

{GONE}
"""
ALIKE = LOGS.replace("Each provider", "Each importer")
OTHER = LOGS.replace("Each provider", "Every seller")
BOARD = "There shall be a council. It has nine members, chosen by lot from all who ask for it."
SECOND = f"""# 1 Duties

{RECORD}

{SHOW}

{STAYS}

# 2 Logs

{ALIKE}

{OTHER}

# 3 Council

{BOARD}
"""


@dataclass
class Two:
    """A consultation with a public version and a next one."""

    make: Make
    consultation: Consultation
    old: DraftVersion
    new: DraftVersion

    @property
    def address(self) -> str:
        return f"/c/{self.consultation.slug}/manage/draft/v2/alignment"

    def lineages(self, version: DraftVersion) -> Mapping[str, str]:
        """Key → lineage."""
        with self.make.app.app_context():
            found = select(Clause.key, Clause.lineage_id).where(Clause.version_id == version.id)
            return {row.key: row.lineage_id for row in db.session.execute(found)}

    def links(self) -> dict[str, str]:
        """New key → the key of the old clause it has its lineage from."""
        old = {lineage: key for key, lineage in self.lineages(self.old).items()}
        return {key: old[lineage] for key, lineage in self.lineages(self.new).items() if lineage in old}

    def pairs(self) -> list[tuple[str, str, str]]:
        with self.make.app.app_context():
            return sorted(
                (row.kind, row.decided, str(row.similarity)) for row in db.session.scalars(select(ClausePair))
            )


def bring_two(app: Flask, make: Make, first: str = FIRST, second: str = SECOND) -> Two:
    consultation = make.consultation("published")
    with app.app_context():
        versions = []
        for text in (first, second):
            versions.append(
                operations.import_version(
                    actor=SYSTEM, consultation=consultation, parsed=read(text), source_name="draft.md",
                    source=text.encode(),
                )
            )  # fmt: skip
            if len(versions) == 1:
                operations.freeze_version(actor=SYSTEM, version=versions[0])
    return Two(make, consultation, *versions)


@pytest.fixture
def two(app: Flask, make: Make) -> Two:
    return bring_two(app, make)


@pytest.fixture
def editor(two: Two, visit: Visit) -> Visitor:
    return visit(two.make.staff(two.consultation, "editor", "Ada"))


def which(old: str, new: str) -> str:
    """What a button says besides its verb."""
    return f": {old} and {new}"


IMPORTER = which("2, paragraph 2", "2, paragraph 1")  # 95 % alike, and nearly as alike to another
SELLER = which("2, paragraph 1", "2, paragraph 2")
RECORDS = which("1, paragraph 1", "1, paragraph 1")  # the two parts of a split
SHOWS = which("1, paragraph 1", "1, paragraph 2")
SURE = {"1": "1", "1-p3": "1-p2", "2": "2"}


def rows(page: Page) -> list[str]:
    assert page.tree is not None
    found = [article.get("class", "") for article in page.tree.iter("article")]
    return [name.removeprefix("change ") for name in found if name.startswith("change ")]


def filters(page: Page) -> dict[str, int]:
    """Words of a filter → its count."""
    found = [text.rpartition(" ") for text, address in page.links().items() if "alignment?show=" in address]
    return {word: int(count) for word, _, count in found if count.isdigit()}


def test_what_is_to_be_confirmed_comes_first(two: Two, editor: Visitor) -> None:
    page = editor.open(two.address)
    assert page.heading == "Which clause is which"
    assert "3 clauses are to be confirmed." in page.text
    assert rows(page) == ["split", "edited", "moved"]
    assert filters(page) == {
        "To be confirmed": 3, "Edited": 1, "Moved": 1, "As before": 3, "Split": 1, "Added": 2, "Removed": 2,
        "Everything": 10,
    }  # fmt: skip
    assert "The words are 95 % alike" in page.text
    assert "[went: Every]" in page.text
    assert "[came: Each]" in page.text
    everything = editor.open(page.links()["Everything 10"])
    assert len(rows(everything)) == 10
    assert two.links() == SURE


def test_the_same_and_back(two: Two, editor: Visitor) -> None:
    before = two.lineages(two.new)
    editor.open(two.address)
    page = editor.press(f"Same clause{IMPORTER}")
    assert two.links() == SURE | {"2-p1": "2-p2"}
    assert "Confirmed by Ada, " in page.text
    assert "2 clauses are to be confirmed, 1 decided." in page.text
    assert rows(page) == ["split", "edited", "moved"]  # the one just decided stays in its place
    assert page.links()["Next to be confirmed"].rpartition("#")[2] in page.body
    assert rows(editor.open(two.address)) == ["split", "moved"]
    editor.open(f"{two.address}?show=decided")
    page = editor.press(f"Take it back{IMPORTER}")
    assert two.lineages(two.new) == before
    assert ("pair", "", "95") in two.pairs()
    assert "3 clauses are to be confirmed." in page.text


def test_after_a_decision_one_is_at_the_same_place(two: Two, editor: Visitor) -> None:
    editor.open(two.address)
    answer = editor.press(f"Same clause{IMPORTER}", status=303, follow=False)
    with two.make.app.app_context():
        clause = db.session.scalars(
            select(Clause.id).where(Clause.version_id == two.new.id, Clause.key == "2-p1")
        ).one()
    assert answer.headers["Location"] == f"{two.address}?show=open&at={clause}#c{clause}"
    assert f'id="c{clause}"' in editor.open(answer.headers["Location"]).body


def test_not_the_same_and_back(two: Two, editor: Visitor) -> None:
    before = two.lineages(two.new)
    editor.open(two.address)
    page = editor.press(f"Not the same{IMPORTER}")
    assert two.lineages(two.new) == before
    assert "Not the same as 2, paragraph 2 in draft 1: Ada, " in page.text
    assert rows(page) == ["split", "added", "edited"]
    everything = editor.open(f"{two.address}?show=all")
    assert filters(everything)["Added"] == filters(everything)["Removed"] == 3
    page = editor.press(f"Take it back{IMPORTER}")
    assert two.lineages(two.new) == before
    assert "3 clauses are to be confirmed." in page.text


def test_a_sure_pair_is_corrected_and_back(two: Two, editor: Visitor) -> None:
    before, pair = two.lineages(two.new), which("1, paragraph 2", "1, paragraph 3")
    editor.open(f"{two.address}?show=unchanged")
    page = editor.press(f"Not the same{pair}")
    assert two.links() == {"1": "1", "2": "2"}
    assert "Not the same as 1, paragraph 2 in draft 1: Ada, " in page.text
    assert ("sure", "different", "0") in two.pairs()
    editor.press(f"Take it back{pair}")
    assert two.lineages(two.new) == before
    assert not [row for row in two.pairs() if row[0] == "sure"]


def test_a_split_part_by_part(two: Two, editor: Visitor) -> None:
    before = two.lineages(two.new)
    editor.open(two.address)
    page = editor.press(f"Part of it{SHOWS}")
    assert two.links() == SURE | {"1-p2": "1-p1"}
    assert rows(page) == ["split", "edited", "moved"]
    assert "3 clauses are to be confirmed, 1 decided." in page.text  # its other part is not yet
    page = editor.press(f"Part of it{RECORDS}")
    assert "2 clauses are to be confirmed, 1 decided." in page.text
    assert two.links() == SURE | {"1-p2": "1-p1"}  # the more alike of the two, whichever was confirmed first
    editor.press(f"Take it back{SHOWS}")
    assert two.links() == SURE | {"1-p1": "1-p1"}
    editor.press(f"Take it back{RECORDS}")
    assert two.lineages(two.new) == before


def test_a_split_at_once(two: Two, editor: Visitor) -> None:
    editor.open(two.address)
    page = editor.press("All of them are part of it: 1, paragraph 1")
    assert "2 clauses are to be confirmed, 1 decided." in page.text
    assert two.links() == SURE | {"1-p2": "1-p1"}


def test_of_a_split_one_part_is_left(two: Two, editor: Visitor) -> None:
    editor.open(two.address)
    page = editor.press(f"Not part of it{SHOWS}")
    assert rows(page) == ["edited", "added", "edited", "moved"]
    editor.press(f"Same clause{RECORDS}")
    assert two.links() == SURE | {"1-p1": "1-p1"}


def test_a_merger_gives_the_lineage_of_the_most_alike(app: Flask, make: Make, visit: Visit) -> None:
    two = bring_two(app, make, SECOND, FIRST)
    editor = visit(make.staff(two.consultation, "organiser"))
    before = two.lineages(two.new)
    assert "merged" in rows(editor.open(two.address))
    editor.press("All of them are part of it: 1, paragraph 1")
    assert two.links()["1-p1"] == "1-p2"
    editor.press(f"Take it back{which('1, paragraph 2', '1, paragraph 1')}")
    assert two.links()["1-p1"] == "1-p1"
    page = editor.press(f"Take it back{which('1, paragraph 1', '1, paragraph 1')}")
    assert two.lineages(two.new) == before
    assert "3 clauses are to be confirmed." in page.text


@pytest.mark.parametrize("name", ["3, paragraph 1", " 3-p1 "])
def test_linked_by_hand_and_back(two: Two, editor: Visitor, name: str) -> None:
    before = two.lineages(two.new)
    editor.open(f"{two.address}?show=added")
    page = editor.press("Link them: 3, paragraph 1", name=name)
    assert two.links() == SURE | {"3-p1": "3-p1"}
    assert "Linked by Ada, " in page.text
    editor.press(f"Take it back{which('3, paragraph 1', '3, paragraph 1')}")
    assert two.lineages(two.new) == before
    assert not [row for row in two.pairs() if row[0] == "hand"]


def test_linked_by_hand_to_a_clause_another_was_taken_for(two: Two, editor: Visitor) -> None:
    before = two.lineages(two.new)
    editor.open(f"{two.address}?show=added")
    editor.press("Link them: 3, paragraph 1", name="1, paragraph 2")
    assert two.links() == {"1": "1", "2": "2", "3-p1": "1-p2"}
    page = editor.open(f"{two.address}?show=added")
    assert "This was taken to be 1, paragraph 2 in draft 1, until another clause was said to be it." in page.text
    editor.open(f"{two.address}?show=decided")
    editor.press(f"Take it back{which('1, paragraph 2', '3, paragraph 1')}")
    assert two.lineages(two.new) == before
    assert not [row for row in two.pairs() if row[0] in ("hand", "sure")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("17.4 <b>", "The version before has no clause “17.4 <b>”."),
        ("", "Write the number of the clause in the version before."),
        ("x" * 201, "Nothing you typed is lost."),
    ],
)
def test_a_name_nobody_knows(two: Two, editor: Visitor, name: str, sentence: str) -> None:
    editor.open(f"{two.address}?show=added")
    page = editor.press("Link them: 3, paragraph 1", name=name, status=422)
    assert any(sentence in error for error in page.errors())
    assert page.form("Link them: 3, paragraph 1").fields["name"] == [name]
    assert page.form("Link them: 3 Council").fields["name"] == [""]
    assert two.links() == SURE


def test_all_that_are_alike_at_once_and_back(two: Two, editor: Visitor) -> None:
    before = two.lineages(two.new)
    editor.open(two.address)
    page = editor.press("Count them", alike="80")
    assert "No pair" not in page.text
    page = editor.press("Confirm 2 pairs that are at least 80 % alike")
    assert two.links() == SURE | {"2-p1": "2-p2", "2-p2": "2-p1"}
    assert "1 clause is to be confirmed, 2 decided." in page.text
    assert "Ada confirmed 2 pairs at once, " in page.text
    page = editor.press("Take all 2 back")
    assert two.lineages(two.new) == before
    assert "3 clauses are to be confirmed." in page.text


def test_more_than_were_on_the_page_are_not_confirmed(two: Two, editor: Visitor, visit: Visit) -> None:
    editor.open(two.address)
    as_seen = editor.press("Count them", alike="80")
    editor.press(f"Same clause{IMPORTER}")
    editor.page = as_seen
    page = editor.press("Confirm 2 pairs that are at least 80 % alike", status=422)
    assert any("There are 1 of them now, not 2." in error for error in page.errors())
    assert two.links() == SURE | {"2-p1": "2-p2"}


def test_two_windows(two: Two, editor: Visitor, visit: Visit) -> None:
    other = visit(two.make.staff(two.consultation, "organiser"))
    for window in (editor, other):
        window.open(two.address)
    editor.press(f"Same clause{IMPORTER}")
    page = other.press(f"Not the same{IMPORTER}", status=422)
    assert any("Somebody decided meanwhile." in error for error in page.errors())
    assert "Confirmed by Ada, " in other.open(f"{two.address}?show=decided").text
    assert two.links() == SURE | {"2-p1": "2-p2"}


def test_two_windows_that_agree(two: Two, editor: Visitor, visit: Visit) -> None:
    other = visit(two.make.staff(two.consultation, "organiser"))
    for window in (editor, other):
        window.open(two.address)
    for window in (editor, other):
        window.press(f"Same clause{IMPORTER}")
    assert two.links() == SURE | {"2-p1": "2-p2"}
    for window in (editor, other):
        window.open(f"{two.address}?show=decided")
    for window in (editor, other):
        window.press(f"Take it back{IMPORTER}")
    assert two.links() == SURE


def test_two_windows_link_different_clauses_to_one(two: Two, editor: Visitor, visit: Visit) -> None:
    other = visit(two.make.staff(two.consultation, "organiser"))
    for window in (editor, other):
        window.open(f"{two.address}?show=added")
    editor.press("Link them: 3, paragraph 1", name="3-p1")
    page = other.press("Link them: 3 Council", name="3-p1", status=422)
    assert any("“3, paragraph 1” is known to be “3, paragraph 1”" in error for error in page.errors())
    assert two.links() == SURE | {"3-p1": "3-p1"}


def test_what_was_taken_back_in_another_window_is_not_taken_back_twice(two: Two, editor: Visitor, visit: Visit) -> None:
    editor.open(two.address)
    as_seen = editor.press(f"Not the same{IMPORTER}")
    editor.press(f"Take it back{IMPORTER}")
    editor.press(f"Same clause{IMPORTER}")
    editor.page = as_seen
    page = editor.press(f"Take it back{IMPORTER}", status=422)
    assert any("Somebody decided meanwhile." in error for error in page.errors())
    assert two.links() == SURE | {"2-p1": "2-p2"}


@pytest.mark.parametrize(
    "values",
    [
        {}, {"decision": "same"}, {"decision": "same", "pairs": "1"}, {"decision": "same", "pairs": "1-2"},
        {"decision": "same", "pairs": "-".join(["9" * 18] * 2)}, {"decision": "same", "pairs": "9" * 40 + "-1"},
        {"decision": "away", "pairs": "1-2"}, {"decision": "back", "pairs": "1-2", "decided": "x"},
        {"decision": "different", "pairs": "1-2\x00"},
    ],
)  # fmt: skip
def test_what_no_page_sends(two: Two, editor: Visitor, values: dict[str, str]) -> None:
    form = editor.open(two.address).form(f"Same clause{IMPORTER}")
    token = form.fields["csrf_token"][0]
    page = editor.send(form.action, {"csrf_token": token, **values}, status=422)
    assert page.errors()
    assert two.links() == SURE


def test_a_version_that_is_public_is_only_shown(app: Flask, two: Two, editor: Visitor) -> None:
    as_seen = editor.open(two.address)
    with app.app_context():
        version = queries.version(viewer=SYSTEM, consultation_id=two.consultation.id, number=2)
        operations.freeze_version(actor=SYSTEM, version=version)
    page = editor.press(f"Same clause{IMPORTER}", status=403)
    assert "Version 2 is public and can never change." in page.text
    assert two.links() == SURE
    page = editor.open(two.address)
    assert "Version 2 is public and can never change." in page.text
    assert rows(page) == rows(as_seen)
    assert not [form for form in page.forms if "alignment" in form.action]


def test_who_may_look_and_who_may_decide(two: Two, editor: Visitor, visit: Visit) -> None:
    form = editor.open(two.address).form(f"Same clause{IMPORTER}")
    assert "/sign-in?next=" in visit().open(two.address).url
    visit(two.make.person()).open(two.address, status=404)
    visit(two.make.staff(two.consultation, "observer")).open(two.address, status=404)
    moderator = visit(two.make.staff(two.consultation, "moderator"))
    page = moderator.open(two.address)
    assert "Only the editors and organisers of this consultation can say which clause is which." in page.text
    assert not [form for form in page.forms if "alignment" in form.action]
    token = moderator.open("/me/account").forms[-1].fields["csrf_token"][0]
    moderator.send(form.action, {**form.fields, "csrf_token": token, "decision": "same"}, status=403)
    assert two.links() == SURE


def test_a_first_version_has_nothing_before_it(two: Two, editor: Visitor) -> None:
    page = editor.open(two.address.replace("v2", "v1"))
    assert "This is the first version of the draft" in page.text
    editor.open(two.address.replace("v2", "v3"), status=404)


@pytest.mark.parametrize(
    "query", ["?show=x&page=x&at=x&alike=x", "?page=-1&at=-1&alike=-1", f"?page={9**40}&at={9**40}"]
)
def test_addresses_that_name_nothing(two: Two, editor: Visitor, query: str) -> None:
    assert rows(editor.open(two.address + query)) == ["split", "edited", "moved"]


def test_fifty_rows_a_page_at_the_same_cost(app: Flask, make: Make, visit: Visit) -> None:
    costs = []
    for count in (20, 400):
        two = bring_two(app, make, long_text(count, "logs"), long_text(count, "the logs and files"))
        editor = visit(make.staff(two.consultation, "editor"))
        editor.open(two.address)
        page, cost = statements_of(app, editor, f"{two.address}?show=edited")
        costs.append(cost)
        assert len(rows(page)) == min(50, count // 2)
    assert costs[0] == costs[1]
    assert "Page 1 of 4" in page.text
    assert len(rows(editor.open(f"{two.address}?show=edited&page=4"))) == 50
    assert "Page 4 of 4" in editor.open(f"{two.address}?show=edited&page=9").text


def test_a_decision_deep_in_a_long_text_comes_back_to_its_page(app: Flask, make: Make, visit: Visit) -> None:
    two = bring_two(app, make, long_text(400, "logs"), long_text(400, "the logs and files"))
    editor = visit(make.staff(two.consultation, "editor"))
    page = editor.open(f"{two.address}?show=edited&page=3")
    button = next(b[0] for f in page.forms for b in f.buttons if b[0].startswith("Not the same"))
    page = editor.press(button)
    assert "Page 3 of 4" in page.text
    assert button.replace("Not the same", "Take it back") in [b[0] for f in page.forms for b in f.buttons]


def test_another_text_for_the_same_version_forgets_what_was_decided(app: Flask, two: Two, editor: Visitor) -> None:
    editor.open(two.address)
    editor.press(f"Same clause{IMPORTER}")
    with app.app_context():
        operations.import_version(
            actor=SYSTEM, consultation=db.session.get_one(Consultation, two.consultation.id), parsed=read(SECOND),
            source_name="draft.md", source=SECOND.encode(),
        )  # fmt: skip
    assert two.links() == SURE
    assert "3 clauses are to be confirmed." in editor.open(two.address).text


def test_the_page_of_the_draft_says_what_is_to_be_confirmed(two: Two, editor: Visitor, visit: Visit) -> None:
    address = f"/c/{two.consultation.slug}/manage/draft"
    page = editor.open(address)
    assert page.links()["3 clauses are to be confirmed"] == two.address
    assert "You can make this version public before that." not in page.text  # editors cannot
    editor.open(two.address)
    editor.press("All of them are part of it: 1, paragraph 1")
    page = visit(two.make.staff(two.consultation, "organiser")).open(address)
    assert "2 clauses are to be confirmed, 2 decisions made." in page.text
    assert "Comments on these clauses will be marked to be checked." in page.text
    editor.open(f"{two.address}?alike=1")
    editor.press("Confirm 2 pairs that are at least 1 % alike")
    page = editor.open(address)
    assert "Which clause is which: nothing is left to be confirmed, 4 decisions made." in page.text


def test_a_comparison_says_what_is_not_confirmed(two: Two, editor: Visitor) -> None:
    address = f"/c/{two.consultation.slug}/draft/compare?from=1&to=2"
    page = editor.open(address)
    assert "3 rows are still to be confirmed" in page.text
    assert page.text.count("To be confirmed") == 3
    editor.open(two.address)
    editor.press(f"Same clause{IMPORTER}")
    page = editor.open(address)
    assert "2 rows are still to be confirmed" in page.text
    assert page.text.count("To be confirmed") == 2
