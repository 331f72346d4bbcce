"""Erased is erased everywhere: no name, no address, no words of hers are in a table, an index, a file or a mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from consult.accounts.models import Person
from consult.consultations.jobs import forget_files
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Refused
from consult.core.jobs import run_due, sweep
from consult.debate import recounting
from consult.debate.models import Comment, Cosignature, Letter, Reply, Vote
from consult.outcomes.models import Objection
from consult.privacy import operations
from consult.privacy.cli import privacy
from consult.privacy.models import Erasure
from consult.settings import Settings
from tests.make import HASH, PASSWORD, Make
from tests.visitor import Visitor

from .whole import BIRD, MAIL, NAME, Whole

Visit = Callable[..., Visitor]
WEEK = timedelta(days=7, minutes=1)


def ask(whole: Whole, *, words_go: bool) -> None:
    actor = whole.make.actor(whole.person)
    operations.ask_erasure(actor=actor, checked_hash=HASH, words_go=words_go)


def erased(app: Flask, whole: Whole, *, words_go: bool) -> None:
    with app.app_context():
        operations.ask_copy(actor=whole.make.actor(whole.person))
        ask(whole, words_go=words_go)
        run_due()
    with clock.shifted(WEEK), app.app_context():
        sweep()
        forget_files()


def singing(settings: Settings, *words: str) -> dict[str, set[str]]:
    """Where any of the words are: every column of every table, those of the search index as well, and every file."""
    found: dict[str, set[str]] = {}
    is_sqlite = db.engine.dialect.name == "sqlite"
    catalogue = "SELECT name FROM sqlite_master WHERE type = 'table'" if is_sqlite else (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )  # fmt: skip
    for table in db.session.scalars(text(catalogue)).all():
        for row in db.session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for column, value in row.items():
                said = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for word in words:
                    if word.lower() in said.lower():
                        found.setdefault(f"{table}.{column}", set()).add(said[:80])
    for path in Path(settings.instance).rglob("*"):
        is_database = path.name.startswith("consult.sqlite3")  # looked at above; its free pages are a matter of vacuum
        if path.is_file() and not is_database and any(word.encode() in path.read_bytes() for word in words):
            found.setdefault("files", set()).add(str(path))
    return found


def test_before_it_everything_is_found(app: Flask, whole: Whole, settings: Settings) -> None:
    with app.app_context():
        run_due()
        found = singing(settings, BIRD, NAME, MAIL)
    assert len(found) > 30
    assert {"person.name", "comment.body", "search_row.words", "job.payload", "files", "letter.text"} <= set(found)


def test_with_her_words_nothing_is_left(app: Flask, whole: Whole, settings: Settings) -> None:
    erased(app, whole, words_go=True)
    with app.app_context():
        assert singing(settings, BIRD, NAME, MAIL) == {}


def test_what_others_quote_of_hidden_words_is_gone_for_good(app: Flask, whole: Whole, settings: Settings) -> None:
    """Also where a quotation is quoted, and when a moderator hid the words before, so that they were put away."""
    with app.app_context():
        whole.quote_the_quotation()
        whole.hide()
        assert singing(settings, whole.quoted)["quotation.held"]
    erased(app, whole, words_go=True)
    with app.app_context():
        assert singing(settings, BIRD, NAME) == {}


def test_without_them_her_words_stay_in_no_name(app: Flask, whole: Whole, settings: Settings, visit: Visit) -> None:
    erased(app, whole, words_go=False)
    with app.app_context():
        assert singing(settings, NAME, MAIL) == {}
        words = {place.split(".")[0] for place in singing(settings, BIRD)}
    public = {"comment", "reply", "revision", "proposed_change", "acknowledgement", "objection", "search_row"}
    assert {name for name in words if not name.startswith("search_")} <= public
    page = visit().open(f"/c/{whole.consultation.slug}/comments/{whole.comment.number}")
    assert whole.quoted in page.text
    assert "Name withdrawn" in page.text


def test_what_she_withheld_her_name_from_does_not_tell_that_it_was_hers(app: Flask, whole: Whole) -> None:
    """One change for all of it at once would link it, and to the account that is gone."""

    def shown() -> list[str]:
        db.session.expire_all()
        columns = (Comment, Comment.author_name), (Reply, Reply.author_name), (Cosignature, Cosignature.name), (Objection, Objection.person_name)  # fmt: skip
        return [name for of, column in columns for name in db.session.scalars(select(column).where(of.named != "name"))]

    with app.app_context():
        before = sorted(shown())
    assert before == ["An individual"] * 2 + ["Name withheld"] * 4
    erased(app, whole, words_go=False)
    with app.app_context():
        assert sorted(shown()) == before


def test_her_numbers_stay(app: Flask, whole: Whole, make: Make, visit: Visit) -> None:
    erased(app, whole, words_go=True)
    with app.app_context():
        theirs = db.session.get_one(Comment, whole.theirs.id)
        assert (theirs.agree_count, theirs.cosignature_count) == (1, 1)
        assert db.session.scalars(select(Vote.person_id).where(Vote.comment_id == theirs.id)).all() == [None]
        assert set(db.session.scalars(select(Cosignature.name))) == {"Name withdrawn", "Name withheld"}
        assert "> These words are not shown any more." in theirs.body
        assert "rivers" in theirs.body
        mine = db.session.get_one(Comment, whole.comment.id)
        assert (mine.number, mine.state, mine.body) == (whole.comment.number, "withdrawn", "")
        assert db.session.get_one(Comment, whole.signed.id).body == "Said for the organisation."
        assert db.session.scalar(select(Letter.id)) is None
    page = visit().open(f"/c/{whole.consultation.slug}/comments/{whole.comment.number}")
    assert "had her words erased" in page.text


def test_nobody_signs_in_with_it_and_the_address_is_free(app: Flask, whole: Whole, visit: Visit, make: Make) -> None:
    browser = visit(whole.person)
    erased(app, whole, words_go=False)
    assert browser.client.get("/me/account").status_code == 303
    assert "Name withdrawn" in visit().open(f"/people/{whole.person.id}").heading
    assert make.person("Ada again", email=MAIL).id != whole.person.id


def test_whom_others_depend_on_is_told_what_to_hand_over(app: Flask, make: Make, visit: Visit) -> None:
    person, organisation = make.person(), make.organisation("Rivers Union")
    make.role(person, make.consultation(title="Rivers"), "organiser")
    make.member(person, organisation, is_signatory=True)
    make.member(make.person(), organisation)
    page = visit(person).open("/me/data/erasure")
    assert "You are the only organiser of Rivers." in page.text
    assert "Only you sign for Rivers Union." in page.text
    assert "Erase me in a week" not in page.body
    with app.app_context(), pytest.raises(Refused, match="only organiser"):
        operations.ask_erasure(actor=make.actor(person), checked_hash=HASH, words_go=False)


def test_who_became_the_last_one_meanwhile_is_not_erased_and_told_so(
    app: Flask, make: Make, settings: Settings
) -> None:
    person = make.person("Last One")
    with app.app_context():
        operations.ask_erasure(actor=make.actor(person), checked_hash=HASH, words_go=False)
    make.role(person, make.consultation(title="Rivers"), "organiser")
    with clock.shifted(WEEK), app.app_context():
        run_due()
        run_due()
        assert db.session.get_one(Person, person.id).name == "Last One"
    assert any("only organiser of Rivers" in m.read_text() for m in Path(settings.instance).glob("mail/*.eml"))
    assert make.count(Erasure) == 0


def test_it_is_asked_for_with_the_phrase_and_the_password_and_can_be_taken_back(
    app: Flask, make: Make, visit: Visit
) -> None:
    person = make.person("Wavering")
    browser = visit(person)
    browser.open("/me/data/erasure")
    browser.press("Erase me in a week", phrase="erase", current_password=PASSWORD, status=422)
    page = browser.press("Erase me in a week", phrase="Erase me", current_password="something else", status=422)
    assert "This is not your password." in page.text
    page = browser.press("Erase me in a week", phrase="Erase me", words="go", current_password=PASSWORD)
    assert "with the words of your comments" in page.text
    assert "Taken back" in browser.press("Take it back").text
    with clock.shifted(WEEK), app.app_context():
        run_due()
        assert db.session.get_one(Person, person.id).name == "Wavering"


def test_counters_agree_with_the_rows_afterwards(app: Flask, make: Make) -> None:
    whole = Whole(app, make)
    with make.writing():  # what the builders wrote past the counters
        before = _differences(whole)
    erased(app, whole, words_go=True)
    with make.writing():
        assert len(_differences(whole)) <= len(before)


def _differences(whole: Whole) -> list[object]:
    return list(recounting.differences(db.session.get_one(Consultation, whole.consultation.id)))


def test_an_operator_erases_who_cannot_sign_in(app: Flask, whole: Whole, settings: Settings) -> None:
    run = app.test_cli_runner().invoke
    assert (
        run(privacy, ["erase", "--email", "nobody@example.org", "--yes"]).output.strip().endswith("with this address.")
    )
    assert json.loads(run(privacy, ["erase", "--email", MAIL, "--yes", "--words-go", "--json"]).output) == {
        "erased": whole.person.id
    }
    with clock.shifted(timedelta(hours=3)), app.app_context():
        forget_files()
        assert singing(settings, BIRD, NAME, MAIL) == {}
