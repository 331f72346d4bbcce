"""Debates from elsewhere, read on a phone and on a screen: a GitHub archive, and threads from right to left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.debate.models import Comment, Reply
from consult.exchange import operations
from consult.exchange.importers import READERS

from .conftest import Site, Surfer

DATA = Path(__file__).parents[1] / "data"
FILES = {
    "draft-ietf-aipref/archive.json": "github-archive",
    "threads-wikipedia/ckb-big-parsoid.html": "talk-page",
    "threads-wikipedia/ar-no-paragraph-parsoid.html": "talk-page",
    "threads-wikipedia/pl-big-parsoid.html": "talk-page",
    "threads-wikipedia/fr-unsigned-parsoid.html": "talk-page",
}
Arrive = Callable[..., Surfer]
# Whether the first line of each text begins at the side where its language begins.
BEGINS = """texts => texts.map(text => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), range = document.createRange();
  let node = walker.nextNode();
  while (node && !node.data.trim()) node = walker.nextNode();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()], first = rects.filter(r => Math.abs(r.top - rects[0].top) < 5);
  const line = {left: Math.min(...first.map(r => r.left)), right: Math.max(...first.map(r => r.right))};
  const box = node.parentElement.closest("p, li, div").getBoundingClientRect();
  const gap = getComputedStyle(text).direction === "rtl" ? box.right - line.right : line.left - box.left;
  return [getComputedStyle(text).direction, gap < 30];
})"""


@pytest.fixture(scope="module")
def debate(site: Site) -> Consultation:
    """1,399 posts under 404 comments."""
    row = site.make.consultation("analysis", slug="elsewhere")
    site.make.version(row)
    for name, profile in FILES.items():
        with site.app.app_context():
            file = READERS[profile]((DATA / name).read_bytes())
            operations.import_comments(
                actor=SYSTEM, consultation=row, file=file, profile=profile, source_name=name, sha256="0" * 64
            )
    return row


def busiest(site: Site, prefix: str, language: str) -> str:
    """The number of the comment with most replies."""
    with site.app.app_context():
        return db.session.scalars(
            select(Comment.number)
            .where(Comment.number.startswith(prefix), Comment.language == language)
            .order_by(Comment.reply_count.desc(), Comment.id)
            .limit(1)
        ).one()


def deepest(site: Site) -> tuple[str, int, int]:
    """The comment, the reply and the depth of the deepest reply in Kurdish."""
    with site.app.app_context():
        number, reply, depth = db.session.execute(
            select(Comment.number, Reply.id, Reply.depth)
            .join(Reply.comment)
            .where(Reply.language == "ckb")
            .order_by(Reply.depth.desc(), Reply.id)
            .limit(1)
        ).one()
        assert db.session.scalar(select(func.max(Reply.depth))) == depth
        return number, reply, depth


@pytest.fixture(params=[390, 1280])
def reader(request: pytest.FixtureRequest, surfer: Arrive, debate: Consultation) -> Surfer:
    me = surfer()
    me.page.set_viewport_size({"width": request.param, "height": 844})
    return me


def read(me: Surfer, address: str) -> None:
    """Open a page of the debate; axe is clean (the surfer looks), and nothing is wider than the window."""
    page = me.open(f"/c/elsewhere/comments{address}")
    wide = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " || e.getBoundingClientRect().left < -1).slice(0, 3).map(e => e.outerHTML.slice(0, 200))"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, wide)


def test_the_whole_debate_is_a_list(reader: Surfer) -> None:
    read(reader, "")
    read(reader, "?sort=discussed")
    reader.sees("from an earlier record", "Not placed")


@pytest.mark.parametrize(("prefix", "language", "direction"), [
    ("GH-", "en", "ltr"), ("TALK-", "ckb", "rtl"), ("TALK-", "ar", "rtl"), ("TALK-", "pl", "ltr"), ("TALK-", "fr", "ltr"),
])  # fmt: skip
def test_the_longest_thread_of_each_language_runs_its_way(
    site: Site, reader: Surfer, prefix: str, language: str, direction: str
) -> None:
    read(reader, f"/{busiest(site, prefix, language)}")
    said = reader.page.locator(f".said[lang={language}]" if language != "en" else ".said[dir=auto]")
    assert said.count() > 2
    laid_out = said.evaluate_all(BEGINS)
    assert {way for way, _ in laid_out} == {direction}
    assert all(begins for _, begins in laid_out), laid_out
    reader.sees("from an earlier record")


def test_a_table_of_long_addresses_stays_in_the_window(site: Site, reader: Surfer) -> None:
    with site.app.app_context():
        number = db.session.scalars(select(Comment.number).where(Comment.external_id == "issue 188")).one()
    read(reader, f"/{number}")
    assert reader.page.locator(".said td").count() > 3


def test_the_deepest_reply_is_read_by_going_on_and_on(site: Site, reader: Surfer) -> None:
    number, reply, depth = deepest(site)
    read(reader, f"/{number}/replies/{reply}")
    root = reader.page.locator(f"#reply-{reply} .said")
    assert root.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert root.evaluate("e => e.getBoundingClientRect().width") > 250
    assert depth > 5
    read(reader, f"/{number}")
    for _ in range(depth):
        if reader.page.locator(f"#reply-{reply}").count():
            break
        reader.page.locator("a", has_text="Continue as its own thread").last.click()
        reader.look()
    assert reader.page.locator(f"#reply-{reply} .said").is_visible()
