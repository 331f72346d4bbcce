"""Comments on selected words: by mouse, by keyboard, by touch, and without JavaScript; the marks they make."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.debate import operations
from consult.debate.models import Anchor
from consult.debate.passages import Span
from consult.documents.models import Clause, DraftVersion

from .conftest import Site, Surfer
from .test_kept import sign_in

Arrive = Callable[..., Surfer]
WORDS = "Providers shall tell everybody. Users shall ask a cafe\u0301 or a family 👩‍👧 before they use it, and so on."
SECOND = "Small providers may publish it later."
# Where some words stand on the screen: the middles of their first and last letters.
ENDS = """([key, words, nth]) => {
  const root = document.querySelector(`[data-words="${key}"]`), range = document.createRange();
  const all = [], walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (let i = 0; i < walker.currentNode.length; i++) all.push([walker.currentNode, i]);
  const text = all.map(([node, i]) => node.data[i]).join("");
  let at = -1;
  for (let n = 0; n <= nth; n++) at = text.indexOf(words, at + 1);
  const box = ([node, i]) => { range.setStart(node, i); range.setEnd(node, i + 1); return range.getBoundingClientRect(); };
  const first = box(all[at]), last = box(all[at + words.length - 1]);
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""
# One letter selected, as caret browsing or a tap leaves it; the keyboard goes on from there.
LETTER = """([key, offset]) => {
  const walker = document.createTreeWalker(document.querySelector(`[data-words="${key}"]`), NodeFilter.SHOW_TEXT);
  let left = offset;
  while (walker.nextNode() && walker.currentNode.length < left) left -= walker.currentNode.length;
  getSelection().setBaseAndExtent(walker.currentNode, left, walker.currentNode, left + 1);
}"""
BAR = ".picked:not([hidden])"


@pytest.fixture
def consultation(site: Site) -> Consultation:
    row = site.make.consultation()
    site.make.version(row, (WORDS, SECOND))
    return row


def drag(page: Page, words: str, *, key: str = "1-1", nth: int = 0, to: tuple[str, str] | None = None) -> None:
    """Select words with the mouse, to the end of `to` (key, words) if that is elsewhere."""
    x1, y1, x2, y2 = page.evaluate(ENDS, [key, words, nth])
    if to:
        _, _, x2, y2 = page.evaluate(ENDS, [*to, 0])
    page.mouse.move(x1, y1)
    page.mouse.down()
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2, steps=4)
    page.mouse.move(x2, y2, steps=4)
    page.mouse.up()


def quoted(site: Site) -> list[tuple[str, str, int | None]]:
    """What the comments of the site quote, the newest last."""
    with site.app.app_context():
        rows = db.session.query(Anchor, Clause).join(Clause, Anchor.clause_id == Clause.id).order_by(Anchor.id)
        found = [(clause.key, anchor.quote, anchor.start) for anchor, clause in rows]
        db.session.remove()
    return found


def say(site: Site, consultation: Consultation, words: str, *positions: str) -> str:
    with site.app.app_context():
        clause = (
            db.session.query(Clause).join(DraftVersion).filter(Clause.text == WORDS).order_by(Clause.id.desc()).first()
        )
        start = WORDS.index(words)
        comment = operations.post_comment(
            actor=site.make.actor(site.make.person()), consultation=consultation,
            version=db.session.get_one(DraftVersion, clause.version_id), clauses=[clause], body="It is not clear.",
            positions=positions, stance="object", type="general",
            passages=[Span(clause.key, start, start + len(words))],
        )  # fmt: skip
        number = comment.number
        db.session.remove()
    return number


def finish(surfer: Surfer, body: str) -> None:
    surfer.fill(body=body, positions="access", stance="object")
    surfer.press("Post comment")
    surfer.sees(body, "Your comment is public as")


def _stands_below_the_words(page: Page) -> None:
    """From left to right and from right to left the bar begins where the selected words begin."""
    for way, edge in (("rtl", "right"), ("ltr", "left")):
        page.evaluate("way => document.documentElement.dir = way", way)
        page.evaluate("document.dispatchEvent(new Event('selectionchange'))")
        page.wait_for_function(
            "edge => Math.abs(document.querySelector('.picked').getBoundingClientRect()[edge]"
            " - getSelection().getRangeAt(0).getBoundingClientRect()[edge]) < 2",
            arg=edge,
        )


def test_with_the_mouse_from_words_to_their_mark_and_back(
    site: Site, surfer: Arrive, consultation: Consultation
) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    drag(page, "shall", nth=1)
    page.wait_for_selector(BAR)
    browser.look()
    _stands_below_the_words(page)
    top = page.locator("[id='c-1-1']").bounding_box()["y"]
    page.get_by_role("link", name="Comment on this").click()
    page.wait_for_selector("#letters textarea:focus")
    assert abs(page.locator("[id='c-1-1']").bounding_box()["y"] - top) < 1
    assert page.locator(".quote mark.at").inner_text() == "shall"
    assert page.locator("[id='c-1-1'] mark.at").inner_text() == "shall"
    browser.look()
    finish(browser, "Who says so?")
    assert quoted(site)[-1] == ("1-1", "shall", WORDS.index("shall", 20))
    mark = page.locator("[id='c-1-1'] a.spoken.access")
    assert mark.inner_text() == "shall"
    page.goto(f"{site.url}/c/{consultation.slug}/v1/1")
    mark.click()
    page.wait_for_selector("#letters")
    browser.sees("1 comment on these words of 1.1", "Who says so?")
    assert page.locator("#h-let:focus").count()
    browser.look()


def test_with_the_keyboard(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    start = WORDS.index("tell")
    page.evaluate(LETTER, ["1-1", start])
    for _ in "ell":
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(BAR)
    page.keyboard.press("Escape")
    page.wait_for_selector(".picked", state="hidden")
    assert page.evaluate("getSelection().isCollapsed")
    page.evaluate(LETTER, ["1-1", start])
    for _ in "ell":
        page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector(BAR)
    page.keyboard.press("Tab")
    assert page.locator(f"{BAR} a:focus").count(), "the bar is the next stop"
    page.keyboard.press("Enter")
    page.wait_for_selector("#letters textarea:focus")
    finish(browser, "Tell whom?")
    assert quoted(site)[-1] == ("1-1", "tell", start)


def test_the_key_c_takes_the_words_and_q_shows_the_sentences(
    site: Site, surfer: Arrive, consultation: Consultation
) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    drag(page, "Users shall")
    page.wait_for_selector(BAR)
    page.keyboard.press("c")
    page.wait_for_selector("#letters textarea:focus")
    assert page.locator(".quote mark.at").inner_text() == "Users shall"
    browser.open(f"/c/{consultation.slug}/v1/1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("q")
    browser.look()
    assert page.url.endswith("/passages")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a family 👩‍👧 before", "a family 👩‍👧 before"),
        ("family 👩", "family 👩‍👧"),
        ("cafe", "cafe\u0301"),
    ],
)
def test_characters_of_several_code_points(
    site: Site, surfer: Arrive, consultation: Consultation, words: str, expected: str
) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    start = WORDS.index(words)
    code_units = len(WORDS[:start].encode("utf-16-le")) // 2, len((WORDS[:start] + words).encode("utf-16-le")) // 2
    page.evaluate(
        """([from, to]) => {
          const node = document.createTreeWalker(document.querySelector('[data-words="1-1"]'), NodeFilter.SHOW_TEXT).nextNode();
          getSelection().setBaseAndExtent(node, from, node, to);
        }""",
        list(code_units),
    )
    page.wait_for_selector(BAR)
    page.keyboard.press("c")
    page.wait_for_selector("#letters textarea:focus")
    finish(browser, "About a character.")
    assert quoted(site)[-1] == ("1-1", expected, start)


def test_words_of_two_clauses(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    drag(page, "and so on", to=("1-2", "Small"))
    page.wait_for_selector(BAR)
    page.get_by_role("link", name="Comment on this").click()
    page.wait_for_selector("#letters textarea:focus")
    assert page.locator(".quote mark.at").all_inner_texts() == ["and so on.", "Small"]
    browser.look()
    finish(browser, "It goes on and on.")
    assert quoted(site)[-2:] == [("1-1", "and so on.", WORDS.index("and so")), ("1-2", "Small", 0)]


def test_selecting_inside_of_marked_words_does_not_open_them(
    site: Site, surfer: Arrive, consultation: Consultation
) -> None:
    say(site, consultation, "Users shall ask a", "safety")
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    drag(page, "shall", nth=1)
    page.wait_for_selector(BAR)
    assert not page.locator("#letters").count()
    page.keyboard.press("c")
    page.wait_for_selector("#letters textarea:focus")
    assert page.locator(".quote mark.at").inner_text() == "shall"


def test_a_key_means_the_words_selected_now(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    browser = surfer()
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    page.evaluate(LETTER, ["1-1", 0])
    page.wait_for_selector(BAR)
    page.evaluate(
        """() => {
          getSelection().modify("extend", "forward", "word");
          document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_selector("#letters textarea:focus")
    assert page.locator(".quote mark.at").inner_text() == "Providers"


def test_by_touch_on_a_phone(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    number = say(site, consultation, "everybody", "safety", "profit")
    browser = surfer(has_touch=True, is_mobile=True)
    page = browser.page
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(browser, site.make.person())
    browser.open(f"/c/{consultation.slug}/v1/1")
    page.evaluate(LETTER, ["1-1", 0])
    page.evaluate("getSelection().modify('extend', 'forward', 'word')")
    page.wait_for_selector(BAR)
    box = page.locator(BAR).bounding_box()
    assert 760 < box["y"] < box["y"] + box["height"] <= 844, (
        "whole at the lower edge, out of the way of the phone's own menu"
    )
    browser.look()
    with page.expect_navigation():
        page.get_by_role("link", name="Comment on this").tap()
    browser.look()
    finish(browser, "Which ones?")
    assert quoted(site)[-1] == ("1-1", "Providers", 0)
    browser.open(f"/c/{consultation.slug}/v1/1")
    with page.expect_navigation():
        page.locator("a.spoken.safety.profit").tap()
    assert page.locator(f"#{number}").is_visible()
    browser.sees("1 comment on these words")


def test_without_javascript(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    number = say(site, consultation, "everybody", "safety")
    browser = surfer(has_script=False)
    sign_in(browser, site.make.person())
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    with page.expect_navigation():
        page.locator("a.spoken").click()
    browser.sees("1 comment on these words of 1.1")
    assert page.locator(f"#{number}").is_visible()
    browser.press("Quote words of it")
    page.locator("[name=passage]").nth(1).check()
    browser.press("Comment on these words")
    finish(browser, "Which family?")
    assert quoted(site)[-1][1:] == (WORDS[32:], 32)


def test_who_has_no_account_is_led_back_to_the_words(site: Site, surfer: Arrive, consultation: Consultation) -> None:
    browser = surfer()
    page = browser.open(f"/c/{consultation.slug}/v1/1")
    drag(page, "tell")
    page.wait_for_selector(BAR)
    page.get_by_role("link", name="Comment on this").click()
    page.wait_for_selector("#letters")
    browser.look()
    browser.press("Sign in to comment")
    assert "passage%3D1-1" in page.url or "passage" in page.url


def test_nothing_can_be_selected_for_a_comment_when_none_is_taken(site: Site, surfer: Arrive) -> None:
    closed = site.make.consultation("analysis")
    site.make.version(closed, (WORDS,))
    browser = surfer()
    page = browser.open(f"/c/{closed.slug}/v1/1")
    drag(page, "tell")
    page.wait_for_timeout(500)
    assert not page.locator(BAR).count()
