"""Talk pages of four Wikipedias: who said what, when, and under whom, against what MediaWiki itself reads in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core import text
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate import mending
from consult.debate.models import Comment, Reply
from consult.exchange import operations
from consult.exchange.importers import talk_signatures
from consult.exchange.importers.table import CommentFile, CommentRow, WrongFile
from consult.exchange.importers.talk_page import LARGEST, LONGEST, UNKNOWN, Page, read, read_page
from tests.lengths import examples
from tests.make import Make

DATA = Path(__file__).parents[1] / "data" / "threads-wikipedia"
PAGES = ("ckb-big", "ar-no-paragraph", "pl-big", "fr-unsigned")
Said = tuple[int, str, str]  # level, author, moment
# Signed with another spelling of "user", which the wiki knows and MediaWiki's test does not: it gives these words to
# the next one who signed.
WE_FIND_MORE: Said = (1, "Rasan emprator page", "2018-11-13T16:00:00.000Z")


def page(name: str) -> bytes:
    return (DATA / f"{name}-parsoid.html").read_bytes()


def expected(name: str) -> Iterator[tuple[Said, Said | None]]:
    """Each post with the one it answers, in the order of the page; a heading in a heading begins anew, and stands
    in the file both below the other and by itself."""

    def under(item: Any, over: Said | None) -> Iterator[tuple[Said, Said | None]]:
        for reply in item["replies"]:
            if reply["type"] == "comment":
                this = (reply["level"], reply["author"], reply["timestamp"])
                yield this, over
                yield from under(reply, this)

    for item in json.loads((DATA / f"{name}-parsoid.json").read_text()):
        yield from under(item, None)


def found(read: Page) -> Iterator[tuple[Said, Said | None]]:
    for section in read.sections:
        over: list[Said] = []
        for post in section.posts:
            this = (post.level, post.author, f"{post.said_at:%Y-%m-%dT%H:%M:%S.000Z}")
            while over and over[-1][0] >= post.level:
                over.pop()
            yield this, over[-1] if over else None
            over.append(this)


@pytest.mark.parametrize(("name", "count", "deepest"), [
    ("ckb-big", 166, 9), ("ar-no-paragraph", 91, 3), ("pl-big", 174, 5), ("fr-unsigned", 84, 7),
])  # fmt: skip
def test_the_threads_are_those_that_mediawiki_finds(name: str, count: int, deepest: int) -> None:
    posts = list(found(read_page(page(name))))
    without = [(said, None if over == WE_FIND_MORE else over) for said, over in posts if said != WE_FIND_MORE]
    assert without == list(expected(name))
    assert (len(posts), max(said[0] for said, _ in posts)) == (count, deepest)


@pytest.mark.parametrize("name", PAGES)
def test_every_post_is_a_row_with_words_that_markdown_leaves_alone(name: str) -> None:
    file = read(page(name))
    assert [row.problem for row in file.rows if row.problem] == []
    assert len({row.external_id for row in file.rows}) == len(file.rows)
    tops = [row for row in file.rows if not row.top]
    assert all(row.body.startswith("**") and row.source_url.startswith("https://") for row in tops)
    for row in file.rows:
        shown = text.markdown(row.body)
        assert "<img" not in shown
        assert 0 < len(row.body) <= LONGEST
        assert "(<http" not in text.plain(shown), "a link that Markdown did not read"


def by(file: CommentFile, author: str, moment: str) -> CommentRow:
    return next(row for row in file.rows if row.external_id == f"{author}, {moment}")


def test_a_signature_is_not_part_of_the_words() -> None:
    row = by(read(page("ckb-big")), "ئاسۆ", "2014-10-16T14:16Z")
    assert row.body.startswith("**ئاسانکاری**\n\nئێستا کە چەند ساڵێک")
    assert row.body.endswith("زۆر سپاس")
    assert row.language == "ckb"
    assert "](<https://ckb.wikipedia.org/wiki/" in row.body


def test_what_nobody_signed_is_unknown_and_says_so() -> None:
    rows = [row for row in read(page("fr-unsigned")).rows if row.author == UNKNOWN]
    assert len(rows) > 10
    assert all(row.remarks and row.posted_at for row in rows)


def test_what_is_longer_than_a_post_may_be_goes_on_under_itself() -> None:
    file = read(page("pl-big"))
    more = next(row for row in file.rows if row.external_id.endswith(", part 2"))
    first = file.rows[more.line - 2]
    assert more.external_id == f"{first.external_id}, part 2"
    assert (more.author, more.answers or more.top) == (first.author, first.external_id)


@pytest.fixture
def talk(make: Make) -> Consultation:
    row = make.consultation("analysis", slug="talk")
    make.version(row)
    return row


def bring(row: Consultation, data: bytes) -> operations.Imported:
    return operations.import_comments(
        actor=SYSTEM, consultation=row, file=read(data), profile="talk-page", source_name="t.html", sha256="0" * 64
    )


def test_all_four_pages_come_in_once_and_keep_their_depth(talk: Consultation, inside: Flask, make: Make) -> None:
    rows = sum(len(read(page(name)).rows) for name in PAGES)
    for name in PAGES:
        assert bring(talk, page(name)).plan.counts["error"] == 0
    assert make.count(Comment) + make.count(Reply) == rows
    assert mending.recount(db.session.get_one(Consultation, talk.id)) == []
    deepest = db.session.scalars(
        select(Reply).where(Reply.depth == select(func.max(Reply.depth)).scalar_subquery())
    ).all()
    assert {(reply.depth, len(reply.path)) for reply in deepest} == {(6, 36)}
    assert "ckb" in {reply.language for reply in deepest}
    for name in PAGES:
        again = bring(talk, page(name))
        assert (again.plan.counts["duplicate"], again.batch) == (len(again.plan.fates), None)


PARSOID = """<!DOCTYPE html><html><head><title>Talk:Salt</title>
<link rel="dc:isVersionOf" href="//en.wikipedia.org/wiki/Talk%3ASalt"/><base href="//en.wikipedia.org/wiki/"/></head>
<body class="parsoid-body" lang="en">{}</body></html>"""
ANN = '<a href="./User:Ann">Ann</a> (<a href="./User_talk:Ann">talk</a>) 09:30, 4 May 2020 (UTC)'


def small(body: str) -> CommentFile:
    return read(PARSOID.format(body).encode())


def test_words_become_markdown_and_nothing_else() -> None:
    (row,) = small(
        f'<h2 id="Salt">Salt *and* pepper</h2><p>See <b>the</b> <a href="./Salt#Use">article</a>, 2*3*4 &lt;b&gt;, '
        f'<img src="x.png" alt="no"><a href="javascript:alert(1)">this</a>.</p><ul><li>one</li><li># two -- {ANN}</li></ul>'
    ).rows
    assert row.body == (
        "**Salt \\*and\\* pepper**\n\nSee **the** [article](<https://en.wikipedia.org/wiki/Salt#Use>), "
        "2\\*3\\*4 \\<b\\>, this.\n\n- one\n\n- \\# two"
    )
    assert (row.author, row.posted_at) == ("Ann", datetime(2020, 5, 4, 9, 30, tzinfo=UTC))
    assert row.source_url == "https://en.wikipedia.org/wiki/Talk%3ASalt#Salt"
    assert row.source_note == "Talk:Salt, CC BY-SA 4.0"


@pytest.mark.parametrize(("words", "language", "at"), [
    ("١٤:١٦، ١٦ی تشرینی یەکەمی ٢٠١٤ (UTC)", "ckb", "2014-10-16T14:16"), ("21:53، 20 فبراير 2020 (ت ع م)", "ar", "2020-02-20T21:53"),
    ("00:23, 1 sty 2019 (CET)", "pl", "2018-12-31T23:23"), ("9 août 2017 à 14:39 (CEST)", "fr", "2017-08-09T12:39"),
    ("09:30, 31 February 2020 (UTC)", "en", None), ("25:30, 1 May 2020 (UTC)", "en", None), ("9 May 2020", "en", None),
])  # fmt: skip
def test_moments_are_read_as_each_language_signs_them(words: str, language: str, at: str | None) -> None:
    signed = talk_signatures.find(words, language)
    assert (f"{signed.at:%Y-%m-%dT%H:%M}" if signed else None) == at


@pytest.mark.parametrize(("content", "sentence"), [
    (b"", "is empty"), (b"<html>", "no page as Parsoid"), (b"\xff", "UTF-8"), (b"<" * (LARGEST + 1), "is the most"),
    (PARSOID.replace('"en"', '"tlh"').format("").encode(), "language"), (PARSOID.format("<p>No one.</p>").encode(), "Nobody signed"),
    (PARSOID.format("<dl><dd>" * 100 + ANN).encode(), "levels"),
])  # fmt: skip
def test_a_file_that_is_something_else_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(WrongFile, match=sentence):
        read(content)


_piece = st.sampled_from([
    "<p>", "</p>", "<dl><dd>", "</dd></dl>", "<ul>", "<li>", "</li></ul>", "<h2>", "</h2>", "<h3 id='x'>", "<b>", "</b>", "<i>",
    "<blockquote>", "</blockquote>", "<br>", "<a href='http://[x'>", "<a href='./User:'>", "</a>", "<table><tr><td>", "<base href='//['>",
    "*_`[](<", "- 1. #", "<!-- -->", ANN, "09:30, 4 May 2020 (UTC)", "\u202e", "<style>x</style>", "<svg>", "</svg>", "&#0;", "\n\n",
]) | st.text(max_size=12)  # fmt: skip


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(_piece, max_size=40))
def test_any_html_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(WrongFile):
        for row in small("".join(pieces)).rows:
            assert row.problem or (row.body and row.author and row.posted_at)
            assert "javascript:" not in text.markdown(row.body)
            row.body.encode()


@settings(max_examples=examples(100), deadline=None)
@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(WrongFile):
        read(b"<!doctype html>parsoid" + data)
