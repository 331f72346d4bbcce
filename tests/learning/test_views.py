"""The guide and the shelf as people meet them in a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from consult.core.db import db
from consult.learning import operations
from consult.learning.models import Guide, GuideQuestion, Resource, Term
from tests.listening import listening
from tests.visitor import Visitor

from .conftest import Class, label

Visit = Callable[..., Visitor]
GUIDE, SHELF, DESK, KEEP = (
    "/c/taught/guide",
    "/c/taught/resources",
    "/c/taught/manage/learning",
    "/c/taught/manage/shelf",
)


def fill(taught: Class, app: Flask, number: int = 1) -> None:
    """Some of everything."""
    with app.app_context():
        operations.write_guide(
            actor=taught.actor("editor"),
            consultation=taught.consultation(),
            text="# Whom it touches\n\nEverybody.",
            seen=0,
        )
        taught.ask(number)
        for n in range(number):
            taught.term(f"word{n}" if n else "provider", clause="1.1" if n % 2 else "")
            taught.on_shelf(url=f"https://example.org/{n}", title=f"Thing {n}")
        db.session.remove()


def test_an_empty_guide_says_what_to_do(taught: Class, visit: Visit) -> None:
    page = visit().open(GUIDE)
    assert "have not written a guide yet" in page.text
    assert "Write the guide" not in page.text
    page = visit(taught.people["editor"]).open(GUIDE)
    assert page.links()["Write the guide."] == f"{DESK}/guide"
    assert "The shelf is empty" in visit().open(SHELF).text


def test_from_the_first_word_to_the_page_readers_see(taught: Class, visit: Visit) -> None:
    editor = visit(taught.people["editor"])
    editor.open(f"{DESK}/guide")
    page = editor.press("Preview", text="## Whom it touches\n\nEverybody who uses **AI**.")
    assert "This is how it will look. It is not saved yet." in page.text
    assert taught.make.count(Guide) == 0
    page = editor.press("Save the guide")
    assert "The guide is saved." in page.text
    editor.open(f"{DESK}/questions/new")
    editor.press("Preview", question="Does it concern me?", answer="Only *if*.")
    page = editor.press("Add the question")
    assert "Does it concern me?" in page.text
    editor.open(f"{DESK}/terms/new")
    page = editor.press(
        "Add the term", name="provider", variants="providers", explanation="Who makes it.", clause="9.9", status=422
    )
    assert "has no clause 9.9" in " ".join(page.errors())
    editor.press("Add the term", clause="1.1")
    page = visit().open(GUIDE)
    tree = page.tree
    assert tree is not None
    headings = [(e.tag, "".join(e.itertext())) for e in tree.iter() if e.tag in ("h1", "h2", "h3")]
    assert headings[:4] == [
        ("h1", "Guide"),
        ("h2", "What it is about"),
        ("h3", "Whom it touches"),
        ("h2", "Questions and answers"),
    ]
    assert page.links()["1.1"] == "/c/taught/v1/clauses/1-1"
    assert "1 minute to read." in page.text
    assert "Last changed on" in page.text


def test_a_question_is_changed_moved_and_removed(taught: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        taught.ask(2)
        db.session.remove()
    editor = visit(taught.people["editor"])
    page = editor.open(f"{DESK}/questions")
    page = editor.press("Down: Question 0?")
    assert page.text.index("Question 1?") < page.text.index("Question 0?")
    editor.open(page.links()["Change: Question 0?"])
    page = editor.press("Save the question", question="Question zero?")
    assert "Question zero?" in page.text
    editor.open(page.links()["Remove: Question zero?"])
    page = editor.press("Remove it")
    assert "Question zero?" not in page.text
    assert taught.make.count(GuideQuestion) == 1


def test_two_windows_are_shown_side_by_side(taught: Class, visit: Visit, app: Flask) -> None:
    fill(taught, app)
    one, two = visit(taught.people["editor"]), visit(taught.people["organiser"])
    address = f"{DESK}/terms"
    for window in (one, two):
        window.open(window.open(address).links()["Change: provider"])
    one.press("Save the term", explanation="What the first wrote.")
    page = two.press("Save the term", explanation="What the second wrote.", status=422)
    assert "Saved meanwhile by somebody else" in page.text
    assert "What the first wrote." in page.text
    assert page.form("Save the term").fields["explanation"] == ["What the second wrote."]
    two.press("Save the term")
    assert taught.make.count(Term, Term.explanation == "What the second wrote.") == 1


def test_the_drafts_own_definitions_are_taken_over_with_one_click(taught: Class, visit: Visit) -> None:
    editor = visit(taught.people["editor"])
    page = editor.open(f"{DESK}/terms")
    assert "Defined in the draft" in page.text
    page = editor.press("Take over: deployer")
    assert "“deployer” is in the glossary now" in page.text
    assert "Take over" not in page.text
    page = visit().open(GUIDE)
    assert "The draft defines it in 1.2." in page.text


def test_a_moderator_reads_the_desk_and_writes_nothing_there(taught: Class, visit: Visit, app: Flask) -> None:
    fill(taught, app)
    moderator = visit(taught.people["moderator"])
    for address in (DESK, f"{DESK}/questions", f"{DESK}/terms", f"{DESK}/guide", f"{DESK}/terms/new"):
        page = moderator.open(address)
        assert "Only the organisers and editors" in page.text
        assert not [form for form in page.forms if form.method == "post"]
    assert "Put a link on it" in moderator.open(KEEP).text


@pytest.mark.parametrize("role", ["observer", "reader", None])
def test_the_desk_is_not_there_for_others(taught: Class, visit: Visit, role: str | None) -> None:
    browser = visit(taught.people[role] if role else None)
    for address in (DESK, f"{DESK}/guide", f"{DESK}/terms", KEEP, f"{KEEP}/new"):
        browser.open(address, status=404 if role else 303, follow=False)


def test_a_proposal_from_the_reader_to_the_shelf(taught: Class, visit: Visit) -> None:
    reader, moderator = visit(taught.people["reader"]), visit(taught.people["moderator"])
    reader.open(reader.open(SHELF).links()["Propose something"])
    said = {
        "kind": "data",
        "title": "A data set",
        "url": "example.org/data",
        "description": "Numbers.",
        "licence": "other",
    }
    page = reader.press("Propose it", **said, status=422)
    assert "Say which licence it is." in " ".join(page.errors())
    page = reader.press("Propose it", licence_words="Data Licence Germany 2.0")
    assert "Waits for a decision" in page.text
    for other in (visit(), visit(taught.people["observer"]), visit(taught.make.person())):
        assert "A data set" not in other.open(SHELF).body
    page = moderator.open(SHELF)
    assert "A data set" not in page.body, "it is on the desk, not on the shelf"
    moderator.open(page.links()["Keep the shelf, 1 proposal"])
    moderator.open(moderator.page.links()["Accept or decline: A data set"])  # type: ignore[union-attr]
    moderator.press("Accept it", title="A data set on prices")
    page = visit().open(SHELF)
    assert "A data set on prices" in page.text
    assert "Leads to example.org, another site." in page.text
    assert "Data Licence Germany 2.0 · added by Reader" in page.text
    assert 'rel="nofollow noopener noreferrer external"' in page.body
    assert "Your proposals" not in reader.open(SHELF).text


def test_a_declined_proposal_tells_its_author_why(taught: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        row = taught.proposed()
        taught.proposed(url="https://example.org/other", title="The other one")
        db.session.remove()
    organiser, reader = visit(taught.people["organiser"]), visit(taught.people["reader"])
    organiser.open(f"{KEEP}/{row.id}/decision")
    organiser.press("Decline it", status=422)
    organiser.press("Decline it", reason="It sells something.")
    page = reader.open(SHELF)
    assert "Declined. It sells something." in page.text
    assert "It sells something." not in visit().open(SHELF).body
    page = reader.press("Take it back")
    assert "The other one" not in page.text
    assert "The other one" not in organiser.open(KEEP).text


def test_what_is_taken_off_leaves_its_kind_and_the_reason_and_can_come_back(
    taught: Class, visit: Visit, app: Flask
) -> None:
    with app.app_context():
        taught.on_shelf(title="Very bad words")
        db.session.remove()
    organiser = visit(taught.people["organiser"])
    organiser.open(organiser.open(KEEP).links()["Take off: Very bad words"])
    organiser.press("Take it off", reason="It is unlawful.")
    page = visit().open(SHELF)
    assert "Document, taken off on" in page.text
    assert "It is unlawful." in page.text
    assert "Very bad words" not in page.body
    assert "example.org" not in page.body
    organiser.open(KEEP)
    organiser.press("Put it back")
    assert "Very bad words" in visit().open(SHELF).text


def test_two_windows_on_the_shelf(taught: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        row = taught.on_shelf()
        db.session.remove()
    one, two = visit(taught.people["editor"]), visit(taught.people["organiser"])
    for window in (one, two):
        window.open(f"{KEEP}/{row.id}")
    one.press("Save", title="First")
    page = two.press("Save", title="Second", status=422)
    assert "First" in page.text
    two.press("Save")
    assert taught.make.count(Resource, Resource.title == "Second") == 1


def test_the_shelf_shows_one_kind(taught: Class, visit: Visit, app: Flask) -> None:
    with app.app_context():
        for kind in ("data", "code", "data"):
            taught.on_shelf(url=f"https://example.org/{taught.make.key()}", title=f"Some {kind}", kind=kind)
        db.session.remove()
    page = visit().open(SHELF)
    page = visit().open(page.links()["Data 2"])
    assert page.text.count("Some data") == 2
    assert "Some code" not in page.text
    assert "Nothing of this kind" in visit().open(f"{SHELF}?kind=model").text


@pytest.mark.parametrize("address", [GUIDE, SHELF, "/c/taught"])
def test_pages_cost_the_same_for_one_and_for_twenty(taught: Class, visit: Visit, app: Flask, address: str) -> None:
    fill(taught, app, 1)
    visit().open(address)
    with listening(app) as few:
        visit().open(address)
    with app.app_context():
        taught.ask(19)
        for n in range(19):
            taught.term(f"more{n}", clause="1.1")
            taught.on_shelf(url=f"https://example.org/more/{n}")
        db.session.remove()
    with listening(app) as many:
        visit().open(address)
    assert len(few) == len(many)


def test_a_kept_page_is_renewed_at_once(taught: Class, visit: Visit, app: Flask) -> None:
    fill(taught, app)
    client = visit().client
    for address in (GUIDE, SHELF):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        with app.app_context():
            taught.term(f"new{len(address)}")
            taught.on_shelf(url=f"https://example.org/new/{len(address)}")
            db.session.remove()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_a_draft_consultation_shows_nothing_outside(make: object, visit: Visit) -> None:
    prepared = Class(make, state="draft")  # type: ignore[arg-type]
    for address in (GUIDE, SHELF, f"{SHELF}/new"):
        visit(prepared.people["reader"]).open(address, status=404)
    assert "Write the guide." in visit(prepared.people["organiser"]).open(GUIDE).links()


def test_what_is_typed_is_shown_as_text(taught: Class, visit: Visit, app: Flask) -> None:
    bad = '<script>alert(1)</script> " onload="x'
    with app.app_context():
        taught.term("word", explanation=bad)
        taught.on_shelf(title=bad, description=bad)
        db.session.remove()
    for address in (GUIDE, SHELF):
        body = visit().open(address).body
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert" in body


def test_a_label_is_made_of_known_words() -> None:
    with pytest.raises(TypeError):
        label(colour="red")
