"""The same words find the same things in the same order on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.search.models import SearchRow
from consult.search.rebuilding import rebuild
from tests.lengths import examples
from tests.listening import listening
from tests.make import Make

from .conftest import Searched, searched


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("summary", ["1.1", "1.2"]),
        ("SUMMARY training", ["1.1"]),
        ("training summaries", ["1.1"]),  # another form of the word
        ("provid", ["1.1", "1.2"]),  # the last word may go on
        ("publi data", []),  # only the last
        ('"summary later"', ["1.2"]),
        ('"the summary later"', ["1.2"]),
        ('"later summary"', []),
        ("publish -later", ["1.1"]),
        ('publish -"detailed summary"', ["1.2"]),
        ("-publish", []),
        ("cafe", ["1.3"]),
        ("café", ["1.3"]),
        ("cafe\u0301", ["1.3"]),
        ("Ca\x00fé", ["1.3"]),
        ("scope", ["1"]),
        ("1.2", ["1.2"]),
        ("clause 1.2", ["1.2"]),
        ("53(2)", ["1.2"]),
        ("the", ["1.1", "1.2", "1.3"]),  # no word is too common to be looked for
        ("", []),
        ('"', []),
        ("AND OR NOT NEAR( *", []),
        ("nothing of this", []),
    ],
)
def test_words_find_clauses(there: Searched, typed: str, labels: list[str]) -> None:
    assert [found.split()[1] for found in there.finds(typed)] == labels
    assert [found.split()[1] for found in there.finds(typed, everywhere=True)] == labels


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("zh", "提供者应当公布训练数据的摘要。", "训练"),
        ("zh", "提供者应当公布训练数据的摘要。", "摘"),
        ("ja", "提供者は学習データの概要を公表しなければならない。", "学習データ"),
        ("th", "ผู้ให้บริการต้องเผยแพร่ข้อมูล", "ข้อมูล"),
        ("ko", "제공자는 요약을 공개해야 한다.", "요약"),
        ("hi", "प्रदाता सारांश प्रकाशित करेंगे।", "सारांश"),
        ("ar", "يجب على مقدمي الخدمة نشر مُلخَّص مفصل.", "ملخص"),
        ("ru", "Поставщики публикуют сводку данных.", "сводку"),
        ("de", "Die Anbieter veröffentlichen eine Übersicht über die Größe.", "ubersicht große"),
        ("el", "Οι πάροχοι δημοσιεύουν περίληψη.", "περιληψη"),
    ],
)
def test_every_script_can_be_searched(inside: Flask, make: Make, language: str, text: str, typed: str) -> None:
    there = searched(make, (text, "Something else."), language=language)
    assert [found.split()[1] for found in there.finds(typed)] == ["1.1"]
    assert [found.split()[1] for found in there.finds(typed, everywhere=True, language=language)] == ["1.1"]
    marks = [part.text for part in there.page(typed).hits[0].words if part.is_mark]
    assert marks, "what was found is marked"


def test_titles_come_before_quotes_and_those_before_words(there: Searched) -> None:
    body = there.post("The watermark must last.")
    quote = there.post("Other words.", "1-2", new_text="Small providers may publish a watermark.")
    phrase = there.post("A lasting watermark for pictures.", "1-1")
    title = there.post("Mine.", "1-3", actor=there.make.actor(there.make.person("Walter Watermark")))
    numbers = [found.split()[1] for found in there.finds("watermark")]
    assert numbers == [title.number, quote.number, body.number, phrase.number]
    assert there.finds("lasting watermark")[0].split()[1] == phrase.number


def test_a_number_leads_to_what_has_it(there: Searched) -> None:
    first = there.post("See also the other one.")
    second = there.post(f"As {first.number} says.")
    found = there.finds(first.number.lower())
    assert found[0].startswith(f"comment: {first.number}")
    assert found[1].startswith(f"comment: {second.number}")


def test_filters_narrow_it(there: Searched) -> None:
    one = there.post("Watermarks for safety.")
    two = there.post("Watermarks for access.", positions=["access"])
    reply = there.reply(one, "Watermarks wash off.")
    assert len(there.finds("watermarks")) == 3
    assert there.finds("watermarks", position="access") == [f"comment: {two.number} Ada Author"]
    assert there.finds("watermarks", kinds=frozenset({"reply"})) == [f"reply: {reply.author_name}"]
    assert len(there.finds("watermarks", category="individual")) == 3
    assert there.finds("watermarks", category="academia") == []
    assert len(there.finds("watermarks", answer="open")) == 3
    assert there.finds("watermarks", answer="answered") == []
    assert there.finds("watermarks", everywhere=True, language="de") == []


def test_only_the_text_that_is_put_to_comment_is_found(there: Searched) -> None:
    there.make.version(there.row, ("Unfrozen watermark words.",), frozen_at=None)
    rebuild(there.row)
    assert there.finds("watermark", SYSTEM) == []
    assert len(there.finds("summary")) == 2


def test_more_than_is_shown_is_said(there: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.search.queries.finding.MOST", 3)
    monkeypatch.setattr("consult.search.queries.finding.PAGE", 2)
    for n in range(5):
        there.post(f"Watermark {n}.")
    first, last = there.page("watermark"), there.page("watermark", page=9)
    assert (first.total, first.is_more, first.pages, last.page) == (3, True, 2, 2)
    assert len(first.hits) == 2
    assert len(last.hits) == 1


def test_a_page_costs_the_same_for_one_and_for_many(there: Searched) -> None:
    counts = []
    there.reply(there.post("Watermark of all."), "Watermark.")
    for _ in range(2):
        with listening(there.make.app) as statements:
            there.page("watermark", everywhere=True)
        counts.append(len(statements))
        for n in range(12):
            there.reply(there.post(f"Watermark {n}."), "Watermark again.")
    assert counts[0] == counts[1]


@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(max_size=60), st.text("\"'-*:&|!<>()^{}\\ \x00aAéß12训ๆ\u200d\u0301NEARORT", max_size=60)))
def test_whatever_is_typed_is_no_error(there: Searched, typed: str) -> None:
    there.page(typed)
    there.page(f"publish {typed}", everywhere=True)


def test_a_rebuild_makes_what_the_listeners_made(there: Searched) -> None:
    one, two, three = there.post("One."), there.post("Two."), there.post("Three.", new_text="Providers may publish it.")
    there.reply(one, "Yes.")
    gone = there.reply(one, "No.")
    actor = there.make.actor(there.author)
    debate.edit_comment(actor=actor, comment=there.load(one), body="Another one.", seen_edit_number=0)
    debate.withdraw_comment(actor=actor, comment=there.load(two))
    debate.withdraw_reply(actor=actor, reply=there.load(gone))
    debate.hide(actor=SYSTEM, thing=there.load(three), reason="x")
    debate.unhide(actor=SYSTEM, thing=there.load(three))
    before = rows()
    rebuild(there.row)
    assert before == rows()
    assert len(before) == 4 + 2 + 1


def rows() -> list[tuple[Any, ...]]:
    found = db.session.execute(select(*(c for c in SearchRow.__table__.c if c.name != "id")))
    return sorted((tuple(row) for row in found), key=repr)
