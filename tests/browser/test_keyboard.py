"""The keyboard alone: everything a reader does, with JavaScript and without; no pointer is ever used here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.debate.models import Comment
from tests.make import PASSWORD

from .conftest import Site, Surfer
from .test_kept import sign_in

Arrive = Callable[..., Surfer]
WORDS = "Providers shall publish a summary, in words that everybody understands. " * 4
MANY = 20
HERE = "1-9"  # a clause in the middle
FAR = 250  # presses of Tab after which a thing counts as out of reach
# What has the focus: whether one can see that it has it, and whether it is on the screen.
FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  const isRinged = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  return {
    what: e === document.body ? "" : e.outerHTML.slice(0, 160), isRinged,
    isOnScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


class Hands:
    """Two hands on a keyboard."""

    def __init__(self, surfer: Surfer) -> None:
        self.surfer, self.page, self.has_script = surfer, surfer.page, surfer.has_script

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def has_focus(self, selector: str) -> bool:
        """Whether the focus is on it."""
        return self.page.locator(f":is({selector}):focus").count() > 0

    def waits_for_focus(self, selector: str) -> None:
        """The focus comes to it by itself."""
        self.page.wait_for_selector(f":is({selector}):focus", state="attached")

    def tab_to(self, selector: str) -> None:
        """Tab until the focus is there; on the way one always sees where it is."""
        for _ in range(FAR):
            self.press("Tab")
            if self.has_script:
                self.sees_focus()
            if self.has_focus(selector):
                return
        pytest.fail(f"Tab does not reach {selector} on {self.page.url}")

    def sees_focus(self) -> dict[str, Any]:
        """Where the focus is; it is seen, or this fails."""
        found: dict[str, Any] = self.page.evaluate(FOCUS)
        if found["what"]:
            assert found["isRinged"], f"One cannot see that this has the focus: {found['what']}"
            assert found["isOnScreen"], f"This has the focus and is off the screen: {found['what']}"
        return found

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.press(key)
        self.surfer.look()

    def sign_in(self, person: Person, address: str) -> None:
        """From the page to read, to the sign-in page, and back."""
        self.surfer.open(address)
        self.tab_to("header a[href*='/sign-in']")
        self.go()
        self.tab_to("[name=email]")
        self.page.keyboard.type(person.email)
        self.tab_to("[name=password]")
        self.page.keyboard.type(PASSWORD)
        self.go()
        self.surfer.open(address)

    def write(self, body: str) -> None:
        """Fill in the comment form, from its first field on."""
        self.page.keyboard.type(body)
        self.tab_to("[name=positions][value=access]")
        self.press("Space")
        self.tab_to("[name=stance]")
        self.press("ArrowDown", "ArrowDown")
        assert self.page.locator("[name=positions]:checked").count() == 1
        assert self.page.locator("[name=stance]:checked").count() == 1
        self.tab_to("form.sheet button.go")
        self.go()
        self.surfer.sees(body, "Your comment is public as")
        assert self.page.url.endswith(f"#c-{HERE}")

    def vote_and_reply(self, letter: Comment) -> None:
        """Agree with a letter on the page, then answer it on its own."""
        self.tab_to(f"#{letter.number} .votes [value=agree]")
        self.go("Space")
        assert self.page.locator(f"#{letter.number} [value=agree][aria-pressed=true]").count()
        self.tab_to(f"#{letter.number} .votes a")
        self.go()
        self.tab_to("#reply textarea")
        self.page.keyboard.type("A short answer.")
        self.tab_to("#reply button.go")
        self.go()
        self.surfer.sees("Your reply is public.", "A short answer.")


@pytest.fixture
def consultation(site: Site) -> Consultation:
    return site.make.consultation()


@pytest.fixture
def letter(site: Site, consultation: Consultation) -> Comment:
    """What somebody else said about the clause in the middle."""
    version = site.make.version(consultation, (WORDS,) * MANY)
    clause = next(clause for clause in site.make.clauses(version) if clause.key == HERE)
    return site.make.comment(consultation, clause, number="OTHER-001")


@pytest.fixture
def address(consultation: Consultation, letter: Comment) -> str:
    """The page to read."""
    return f"/c/{consultation.slug}/v1/1"


def _top(page: Page) -> float:
    """Where the clause is on the screen."""
    top: float = page.locator(f"[id='c-{HERE}']").evaluate("e => e.getBoundingClientRect().top")
    return top


def _read_to(hands: Hands) -> None:
    """With j and k to the clause in the middle, one too far and back."""
    for _ in range(MANY + 1):
        hands.press("j")
        hands.sees_focus()
        if hands.has_focus(f"[id='c-{HERE}']"):
            break
    hands.press("j", "k")
    assert hands.has_focus(f"[id='c-{HERE}']")


def test_reading_writing_voting_answering(site: Site, surfer: Arrive, address: str, letter: Comment) -> None:
    hands = Hands(surfer())
    hands.sign_in(site.make.person(), address)
    _read_to(hands)
    hands.press("o")
    hands.waits_for_focus("#h-let")
    hands.surfer.look().wait_for_selector(f"#{letter.number}")
    hands.press("c")
    hands.waits_for_focus("#letters textarea")
    hands.surfer.look()
    hands.write("Everybody should be able to read it; j, k, o and c are letters here?")
    hands.press("Tab")
    assert hands.has_focus(f"[id='c-{HERE}'] *"), "after posting one goes on from the clause"
    hands.vote_and_reply(letter)


def test_filtering_quoting_following_choosing_mails_and_proposing(
    site: Site, surfer: Arrive, consultation: Consultation, letter: Comment
) -> None:
    hands = Hands(surfer(reduced_motion="reduce"))  # the focus is looked for at once, not when the page has arrived
    hands.sign_in(site.make.person(), f"/c/{consultation.slug}/comments")
    hands.tab_to("[name=stance]")
    hands.press("Space")
    chosen = hands.page.locator("[name=stance]:checked").get_attribute("value")
    hands.tab_to(".debate form p.f button")
    hands.go()
    assert f"stance={chosen}" in hands.page.url
    hands.surfer.open(f"/c/{consultation.slug}/comments")
    hands.tab_to(f"a[href$='/{letter.number}']")
    hands.go()
    hands.tab_to("button[name=follow]")
    hands.go()
    hands.surfer.sees("Stop following")
    hands.tab_to("a[href*='quote=1']")
    hands.go()
    hands.tab_to("#reply textarea")
    assert hands.page.locator("#reply textarea").input_value().startswith("> [")
    hands.press("Control+End")
    hands.page.keyboard.type("So it is.")
    hands.tab_to("#reply button.go")
    hands.go()
    hands.surfer.sees("So it is.")
    hands.surfer.open("/me/inbox/settings")
    hands.tab_to("[name=followed]")
    hands.press("ArrowUp")
    hands.tab_to("main form button.go")
    hands.go()
    assert hands.page.locator("[name=followed]").input_value() == "weekly"
    hands.surfer.open(f"/c/{consultation.slug}/resources/new")
    hands.tab_to("[name=kind]")
    hands.press("Space")
    for name, typed in {
        "title": "A study",
        "url": "https://example.org/study",
        "description": "What it costs.",
    }.items():
        hands.tab_to(f"[name={name}]")
        hands.page.keyboard.type(typed)
    hands.tab_to("[name=licence]")
    hands.page.keyboard.type("CC BY")
    hands.tab_to("main form button.go")
    hands.go()
    hands.surfer.sees("A study")


def test_the_same_without_javascript(site: Site, surfer: Arrive, address: str, letter: Comment) -> None:
    hands = Hands(surfer(has_script=False))
    hands.sign_in(site.make.person(), address)
    hands.tab_to(f"[id='c-{HERE}'] .mk a")
    hands.go()
    hands.tab_to("a[data-write]")
    hands.go()
    hands.tab_to("#letters textarea")
    hands.write("Everybody should be able to read it.")
    hands.vote_and_reply(letter)


def test_the_focus_is_seen_everywhere_and_never_trapped(site: Site, surfer: Arrive, address: str) -> None:
    hands = Hands(surfer())
    hands.sign_in(site.make.person(), address)
    hands.surfer.open(f"{address}?at={HERE}&write=1")
    for key in ("Tab", "Shift+Tab"):
        passed: list[str] = []
        for _ in range(FAR):
            hands.press(key)
            what = hands.sees_focus()["what"]
            if passed and what == passed[0] and len(passed) > MANY:
                break
            passed += [what] if what else []
        else:
            pytest.fail(f"{key} goes round in {passed[-3:]}")
        for part in ('class="skip"', "<textarea", 'name="positions"', "Post comment", "<summary"):
            assert [what for what in passed if part in what], f"{key} leaves out {part}"


def test_single_keys_can_be_switched_off(surfer: Arrive, address: str) -> None:
    hands = Hands(surfer())
    page = hands.surfer.open(address)
    hands.press("?")
    hands.surfer.look()
    assert page.locator("#keys[open]").count()
    hands.press("Escape")
    assert not page.locator("#keys[open]").count()

    hands.tab_to("#show-keys")
    hands.press("Enter")
    hands.waits_for_focus("#keys *")
    if not hands.has_focus("#keys-on"):
        hands.tab_to("#keys-on")
    hands.press("Space", "Escape")
    assert not page.locator("#keys[open]").count()
    assert hands.has_focus("#show-keys")
    for reading in ("before", "after"):
        at = page.url
        hands.press("j", "o", "c", "?")
        page.wait_for_timeout(300)
        assert not page.locator(".cl:focus, #keys[open], #letters").count(), f"{reading} a reload"
        assert page.url == at
        hands.surfer.open(address)

    hands.tab_to("#show-keys")
    hands.press("Enter")
    hands.waits_for_focus("#keys *")
    if not hands.has_focus("#keys-on"):
        hands.tab_to("#keys-on")
    hands.press("Space", "Escape", "j")
    assert page.locator(".cl:focus").count()


@pytest.mark.parametrize("way", ["the key", "the mark"])
def test_the_letters_open_beside_a_text_that_stays(surfer: Arrive, address: str, letter: Comment, way: str) -> None:
    hands = Hands(surfer())
    page = hands.surfer.open(address)
    _read_to(hands)
    if way == "the mark":
        hands.tab_to(f"[id='c-{HERE}'] .mk a")
    before = _top(page)
    hands.press("o" if way == "the key" else "Enter")
    page.wait_for_selector(f"#letters #{letter.number}")
    assert abs(_top(page) - before) < 1
    assert f"at={HERE}" in page.url
    hands.surfer.look()
    page.go_back()
    page.wait_for_selector("#letters", state="detached")
    assert abs(_top(page) - before) < 1
    page.go_forward()
    page.wait_for_selector(f"#letters #{letter.number}")
    hands.press("Escape")
    page.wait_for_selector("#letters", state="detached")
    assert abs(_top(page) - before) < 1
    hands.waits_for_focus(f"[id='c-{HERE}'] .mk a")


@pytest.mark.parametrize("has_script", [True, False])
def test_enter_in_a_line_shows_the_preview_and_posts_nothing(site: Site, surfer: Arrive, has_script: bool) -> None:
    row = site.make.consultation()
    clause = site.make.clauses(site.make.version(row))[1]
    me = surfer(has_script=has_script)
    sign_in(me, site.make.person("Kari"))
    page = me.open(f"/c/{row.slug}/comments/new?version=1&clause={clause.key}")
    page.fill("textarea[name=body]", WORDS)
    page.locator("input[name=positions]").first.check()
    page.locator("input[name=stance]").first.check()
    page.locator("summary:has-text('More:')").click()
    page.locator("input[name=also]").press("Enter")
    page.wait_for_selector("[data-preview] section")
    assert page.locator("textarea[name=body]").input_value().strip() == WORDS.strip()
    assert site.make.count(Comment, Comment.consultation_id == row.id) == 0
