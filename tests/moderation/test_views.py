"""Reporting, the desk, appeals and the log, as people meet them in a browser without JavaScript."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.core import clock
from consult.core.db import db
from consult.moderation.models import UNDONE_BY, Appeal, ModerationAct, Report
from tests.listening import listening
from tests.make import Make
from tests.visitor import Visitor

from .world import World, build, make_reply

Visit = Callable[..., Visitor]
REASON = "Advertising has no place here."
LATER = clock.now() + timedelta(days=30)
NAUGHTY = sorted(
    set(json.loads(Path("tests/data/strings-naughty/blns.json").read_text("utf-8"))), key=lambda s: (len(s), s)
) if Path("tests/data/strings-naughty/blns.json").exists() else ["\u0000", "{{ 7*7 }}", "<script>alert(1)</script>"]  # fmt: skip


def hide(browser: Visitor, world: World, at: str = "", **typed: Any) -> Any:
    """Open an item and hide it."""
    browser.open(at or world.at_comment)
    given = {"verb": "hide", "rule": "spam", "passage": "cheap watches", "reason": REASON} | typed
    return browser.press("Decide", **given)


# --- reports


@pytest.mark.parametrize("who", ["reader", None])
def test_a_reader_reports_from_the_letter(visit: Visit, world: World, who: str | None) -> None:
    browser = visit(getattr(world, who) if who else None)
    page = browser.open(f"/c/{world.slug}/comments/{world.comment.number}")
    report = next(address for words, address in page.links().items() if words.startswith("Report"))
    page = browser.open(report)
    assert "no reason: reply instead" in page.text
    page = browser.press("Report it", rule="spam", text="They sell watches.")
    assert "The moderators have your report" in page.text
    assert page.url.startswith(f"/c/{world.slug}/comments/{world.comment.number}")
    assert world.make.count(Report, Report.text == "They sell watches.") == 1


def test_a_visitor_who_reports_twice_has_one_report(visit: Visit, world: World) -> None:
    first, other = visit(), visit()
    for browser in (first, first, other):
        browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
        browser.press("Report it", rule="spam")
    assert world.make.count(Report) == 2


def test_a_reply_is_reported_at_its_own_address(visit: Visit, world: World) -> None:
    browser = visit(world.author)
    page = browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report?reply={world.reply.id}")
    assert "unseemly reply" in page.text
    browser.press("Report it", rule="personal")
    assert world.make.count(Report, Report.reply_id == world.reply.id) == 1


def test_a_report_without_a_rule_comes_back_with_what_was_typed(visit: Visit, world: World) -> None:
    browser = visit()
    browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
    page = browser.press("Report it", text="Look at the second line", status=422)
    assert "Choose one." in page.errors()
    assert "Look at the second line" in page.body
    page = browser.press("Report it", rule="spam", text="x" * 1_000_000, status=422)
    assert "1,000,000 characters" in page.text
    assert world.make.count(Report) == 0


def test_what_cannot_be_reported_says_why(visit: Visit, world: World) -> None:
    browser = visit(world.author)
    page = browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report", status=403)
    assert "You wrote this yourself" in page.text
    comment = world.make.comment(world.consultation, state="withdrawn")
    assert "nothing to report" in browser.open(f"/c/{world.slug}/comments/{comment.number}/report", status=403).text


def test_reports_are_limited_for_each_address(visit: Visit, world: World) -> None:
    browser = visit()
    browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
    for _ in range(10):
        browser.press("Report it", status=422)
    page = browser.press("Report it", rule="spam", text="Kept", status=429)
    assert "Kept" in page.body


@pytest.mark.parametrize(
    "address",
    [
        "/c/nothing/comments/X-1/report",
        "/c/{slug}/comments/X-1/report",
        "/c/{slug}/comments/%F0%9F%A6%84/report",
        "/c/{slug}/comments/{number}/report?reply=0",
        "/c/{slug}/comments/{number}/report?reply=x",
        "/c/{slug}/comments/{number}/report?reply=99999999999999999999",
        "/c/{slug}/moderation/0/appeal",
        "/c/{slug}/moderation/99999999999999999999999/appeal",
        "/c/nothing/moderation",
        "/c/{slug}/manage/moderation/comments/X-1",
        "/c/{slug}/manage/moderation/replies/0",
        "/c/{slug}/manage/moderation/replies/99999999999999999999",
        "/c/{slug}/manage/moderation/votes/1",
        "/c/nothing/manage/moderation",
    ],
)
def test_what_is_not_there_is_404(visit: Visit, world: World, address: str) -> None:
    visit(world.moderator).open(address.format(slug=world.slug, number=world.comment.number), status=404)


def test_a_reply_belongs_to_its_comment(visit: Visit, world: World) -> None:
    other = world.make.comment(world.consultation)
    visit().open(f"/c/{world.slug}/comments/{other.number}/report?reply={world.reply.id}", status=404)


def test_a_draft_consultation_hides_all_of_it(visit: Visit, make: Make) -> None:
    consultation = make.consultation("draft")
    comment = make.comment(consultation)
    for address in ("moderation", f"comments/{comment.number}/report"):
        visit().open(f"/c/{consultation.slug}/{address}", status=404)
    visit(make.person()).open(f"/c/{consultation.slug}/manage/moderation", status=404)


# --- the desk


def test_the_desk_is_for_moderators(visit: Visit, world: World, make: Make) -> None:
    for person in (world.reader, world.author, make.staff(world.consultation, "organiser")):
        assert "Only the moderators" in visit(person).open(world.desk, status=403).text
        visit(person).open(world.at_comment, status=403)
    assert visit().open(world.desk, status=None).url.startswith("/sign-in")
    assert "Appeals 0" in visit(world.panel).open(world.desk).text


def test_what_waits_is_grouped_and_oldest_first(visit: Visit, world: World, make: Make) -> None:
    page = visit(world.moderator).open(world.desk)
    assert "Nothing waits. Well kept." in page.text
    page = visit(world.moderator).open(f"{world.desk}?list=reports")
    assert "Nobody has reported anything" in page.text
    for person in (make.person(), make.person(), None):
        browser = visit(person)
        browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
        browser.press("Report it", rule="spam", text="Watches again")
    browser.open(f"/c/{world.slug}/comments/{world.comment.number}/report?reply={world.reply.id}")
    browser.press("Report it", rule="personal")
    page = visit(world.moderator).open(world.desk)
    assert page.text.index("3 reports") < page.text.index("1 report")
    assert "2 reported" in page.text
    assert "Buy our cheap watches" in page.text
    assert page.text.count("Watches again") == 3
    assert "A reader without an account" in page.text


def test_hiding_from_the_desk(visit: Visit, world: World) -> None:
    browser = visit(world.moderator)
    page = hide(browser, world)
    assert "Hidden. The author gets a mail" in page.text
    page = visit().open(f"/c/{world.slug}/comments/{world.comment.number}")
    assert "Advertising or spam. Advertising has no place here." in page.text
    assert "cheap watches" not in page.body
    assert "cheap watches" in browser.open(world.at_comment).text


def test_the_mail_can_be_looked_at_before_anything_is_decided(visit: Visit, world: World) -> None:
    browser = visit(world.moderator)
    browser.open(world.at_comment)
    page = browser.press(
        "Show me the mail first", verb="hide", rule="spam", passage="cheap watches", reason="No adverts."
    )
    assert "Subject" not in page.text
    assert f"A moderator hid your comment {world.comment.number}" in page.text
    assert "No adverts." in page.text
    assert "nothing is decided yet" in page.text
    assert world.make.count(ModerationAct) == 0
    browser.press("Decide")
    assert world.make.count(ModerationAct, ModerationAct.reason == "No adverts.") == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"verb": None}, "Choose what to do."),
        ({"verb": "burn"}, "Choose what to do."),
        ({"verb": "hide", "rule": None}, "Choose the rule it breaks."),
        ({"verb": "hide", "rule": "x"}, "Choose the rule it breaks."),
        ({"verb": "hide", "passage": " "}, "Copy the words that break the rule."),
        ({"verb": "hide", "passage": "not there"}, "These words are not in the text."),
        ({"verb": "hide", "reason": ""}, "Give the reason."),
        ({"verb": "hide", "reason": "x" * 3_000}, "3,000 characters"),
        ({"verb": "hide", "reason": "Sells cheap watches"}, "without the hidden words"),
        ({"verb": "restore"}, "It is not hidden."),
        ({"verb": "keep"}, "no open report"),
    ],
)
def test_a_decision_that_lacks_something_comes_back(
    visit: Visit, world: World, typed: dict[str, Any], told: str
) -> None:
    browser = visit(world.moderator)
    browser.open(world.at_comment)
    given = {"rule": "spam", "passage": "cheap watches", "reason": "Typed with care."} | typed
    page = browser.press("Decide", status=422, **given)
    assert told in page.text
    assert world.make.count(ModerationAct) == 0
    if given["reason"] == "Typed with care.":
        assert "Typed with care." in page.body


def test_of_two_moderators_the_second_is_told_and_keeps_what_was_typed(visit: Visit, world: World) -> None:
    first, second = visit(world.moderator), visit(world.second)
    second.open(world.at_comment)
    hide(first, world)
    page = second.press(
        "Decide", verb="hide", rule="hate", passage="cheap watches", reason="My own long reason.", status=422
    )
    assert "a colleague hid it (Advertising or spam), because: “Advertising has no place here.”" in page.text
    assert "My own long reason." in page.body
    assert world.make.count(ModerationAct) == 1
    page = second.press("Decide", verb="restore")  # having seen it, the second may still decide
    assert "Shown again" in page.text


def test_nobody_decides_on_their_own_side(visit: Visit, world: World, make: Make) -> None:
    organisation = make.organisation("Helix")
    make.member(world.moderator, organisation)
    comment = make.comment(world.consultation, author=world.author, organisation_id=organisation.id)
    browser = visit(world.moderator)
    page = browser.open(f"{world.desk}/comments/{comment.number}")
    assert "Nobody decides on a contribution of their own or of their own organisation" in page.text
    assert not [form for form in page.forms if "acts" in form.action]
    hide(visit(world.second), world, f"{world.desk}/comments/{comment.number}", passage="Remark")


def test_a_comment_from_outside_is_placed_at_the_desk(visit: Visit, world: World, make: Make) -> None:
    comment = make.comment(
        world.consultation, author=None, author_id=None, author_name="Somebody by post", source="paper", positions=()
    )
    browser = visit(world.moderator)
    page = browser.open(world.desk)
    assert "Not placed 1" in page.text
    assert "no author here who could get a mail" in page.text
    browser.press("Place it", status=422)
    page = browser.press("Place it", positions=["access", "safety"])
    assert f"{comment.number} is placed" in page.text
    assert "Access" in visit().open(f"/c/{world.slug}/comments/{comment.number}").text


# --- appeals


def test_the_author_asks_for_a_second_look_and_somebody_else_gives_it(visit: Visit, world: World) -> None:
    hide(visit(world.moderator), world)
    [act_id] = ids_of(world, ModerationAct)
    author = visit(world.author)
    page = author.open(f"/c/{world.slug}/comments/{world.comment.number}")
    page = author.open(page.links()["Read the decision"])
    assert "Ask for a second look" not in visit(world.reader).open(page.url).links()
    page = author.open(page.links()["Ask for a second look"])
    assert page.url == f"/c/{world.slug}/moderation/{act_id}/appeal"
    assert REASON in page.text
    assert "cheap watches" not in page.body
    author.press("Ask for a second look", text="", status=422)
    page = author.press("Ask for a second look", text="I quoted somebody.")
    assert "Somebody else than before decides" in page.text
    assert "Ask for a second look" not in [b[0] for f in page.forms for b in f.buttons]
    assert "somebody else looks at it again" in visit(world.moderator).open(world.at_comment).text

    second = visit(world.second)
    page = second.open(world.desk)
    assert "I quoted somebody." in page.text
    second.press("Decide the appeal", outcome="upheld", reason="", status=422)
    second.press("Decide the appeal", outcome="upheld", reason="It has cheap watches in it.", status=422)
    page = second.press("Decide the appeal", outcome="restored", reason="A quotation is no advert.")
    assert "Decided." in page.text
    assert "Buy our cheap watches" in visit().open(f"/c/{world.slug}/comments/{world.comment.number}").text
    page = author.open(f"/c/{world.slug}/moderation/{act_id}/appeal")
    assert "Decided: it is shown again" in page.text
    log = visit().open(f"/c/{world.slug}/moderation")
    assert "Appeal: it is shown again. A quotation is no advert." in log.text


def test_two_who_look_again_at_once(visit: Visit, world: World) -> None:
    hide(visit(world.moderator), world)
    [act_id] = ids_of(world, ModerationAct)
    author = visit(world.author)
    author.open(f"/c/{world.slug}/moderation/{act_id}/appeal")
    author.press("Ask for a second look", text="Why?")
    second, panel = visit(world.second), visit(world.panel)
    second.open(world.desk)
    panel.open(world.desk)
    panel.press("Decide the appeal", outcome="upheld", reason="It sells.")
    form = second.page.form("Decide the appeal")  # type: ignore[union-attr]
    values = form.fields | {"outcome": ["restored"], "reason": ["A long thought"]}
    page = second.send(form.action, values, status=422)
    assert "a colleague decided that it stays hidden, because: “It sells.”" in page.text
    assert "A long thought" in page.body


def test_only_its_author_sees_an_appeal_page(visit: Visit, world: World) -> None:
    hide(visit(world.moderator), world)
    [act_id] = ids_of(world, ModerationAct)
    for person in (world.reader, world.moderator, world.panel):
        visit(person).open(f"/c/{world.slug}/moderation/{act_id}/appeal", status=404)
    assert visit().open(f"/c/{world.slug}/moderation/{act_id}/appeal", status=None).url.startswith("/sign-in")
    other = build(world.make)
    visit(world.author).open(f"/c/{other.slug}/moderation/{act_id}/appeal", status=404)


def test_an_appeal_is_not_decided_from_another_consultation(visit: Visit, world: World) -> None:
    hide(visit(world.moderator), world)
    [act_id] = ids_of(world, ModerationAct)
    author = visit(world.author)
    author.open(f"/c/{world.slug}/moderation/{act_id}/appeal")
    author.press("Ask for a second look", text="Why?")
    [appeal_id] = ids_of(world, Appeal)
    other = build(world.make)
    browser = visit(other.moderator)
    token = browser.open(other.desk + f"/comments/{other.comment.number}").form("Decide").fields["csrf_token"]
    values = {"csrf_token": token, "outcome": "restored", "reason": "Mine now"}
    browser.send(f"{other.desk}/appeals/{appeal_id}", values, status=404)
    browser.send(f"{world.desk}/appeals/{appeal_id}", values, status=404)
    browser.send(f"{world.at_comment}/acts", values | {"verb": "restore"}, status=403)


# --- the log


def test_the_log_says_everything_but_the_words(visit: Visit, world: World) -> None:
    assert "Nothing has been hidden" in visit().open("/moderation").text
    assert "Nothing has been hidden in this consultation" in visit().open(f"/c/{world.slug}/moderation").text
    hide(visit(world.moderator), world)
    for address in ("/moderation", f"/c/{world.slug}/moderation"):
        page = visit().open(address)
        assert "Hidden: Advertising or spam" in page.text
        assert REASON in page.text
        assert "by a moderator" in page.text
        assert world.comment.number in page.text
        assert "cheap watches" not in page.body
        assert world.moderator.name not in page.body
        assert "Put on show" not in page.text  # takes nothing from anybody, so it is no decision of the log
        assert "No decision fits" in visit().open(f"{address}?verb=keep").text
        assert REASON in visit().open(f"{address}?verb=hide&rule=spam&number={world.comment.number}").text
        assert "No decision fits" in visit().open(f"{address}?rule=hate").text
        assert REASON in visit().open(f"{address}?rule=nonsense&verb=%00&after=x&before=zzz").text


def test_the_log_of_a_draft_is_not_public(visit: Visit, world: World, make: Make) -> None:
    consultation = make.consultation("draft")
    make.row(act_row(world, make.comment(consultation), consultation_id=consultation.id, reason="Secret still"))
    assert "Secret still" not in visit().open("/moderation").text


def act_row(world: World, comment: Any, **values: Any) -> ModerationAct:
    given = {
        "consultation_id": world.consultation.id, "comment_id": comment.id, "verb": "hide", "rule": "spam",
        "passage": "x", "reason": "Reason", "moderator_id": world.moderator.id, "facts": "The words themselves.",
        "ground": "It sells something.", "role": "moderator",
    } | values  # fmt: skip
    if given["verb"] in UNDONE_BY:
        given.setdefault("appeal_until", LATER)
    return ModerationAct(**given)


def test_the_log_is_read_page_by_page(visit: Visit, world: World) -> None:
    for n in range(45):
        world.make.row(act_row(world, world.comment, reason=f"Reason number {n}."))
    browser = visit()
    seen: list[str] = []
    page = browser.open(f"/c/{world.slug}/moderation")
    pages = 1
    while "Older ones" in page.links():
        seen += [f"{n}." for n in range(45) if f"Reason number {n}." in page.text]
        page = browser.open(page.links()["Older ones"])
        pages += 1
    seen += [f"{n}." for n in range(45) if f"Reason number {n}." in page.text]
    assert pages == 3
    assert len(seen) == len(set(seen)) == 45
    page = browser.open(page.links()["Newer ones"])
    page = browser.open(page.links()["Newer ones"])
    assert "Reason number 44." in page.text
    assert "Newer ones" not in page.links()


@pytest.mark.parametrize("cursor", ["WzFd", "W10", "WyJ4Il0", "WzFlOTk5XQ", "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTldt", "é"])
def test_a_cursor_somebody_meddled_with_is_no_error(visit: Visit, world: World, cursor: str) -> None:
    for name in ("after", "before"):
        visit().open(f"/moderation?{name}={cursor}")


# --- what a page costs


def statements(app: Flask, act: Callable[[], object]) -> int:
    with listening(app) as ran:
        act()
    return len(ran)


def test_pages_cost_the_same_for_one_and_for_twenty(app: Flask, visit: Visit, world: World, make: Make) -> None:
    moderator, visitor = visit(world.moderator), visit()
    clauses = make.clauses(world.version)

    def more(count: int) -> None:
        for _ in range(count):
            comment = make.comment(world.consultation, clauses[1], author=world.author)
            reply = make_reply(make, world.comment, world.reader)
            for thing in ({"comment_id": comment.id}, {"comment_id": world.comment.id}, {"reply_id": reply.id}):
                reader = f"reader {make.key()}"
                make.row(Report(consultation_id=world.consultation.id, rule="spam", reader=reader, **thing))
            act = make.row(act_row(world, world.comment, verb="keep"))
            make.row(Appeal(act_id=act.id, until=LATER, author_id=world.author.id, text="Why?"))
            make.comment(world.consultation, source="paper", positions=())

    addresses = [
        (moderator, world.desk), (moderator, f"{world.desk}?list=appeals"), (moderator, f"{world.desk}?list=unplaced"),
        (moderator, world.at_comment), (moderator, world.at_reply), (visitor, "/moderation"),
        (visitor, f"/c/{world.slug}/moderation"), (visitor, f"/c/{world.slug}/comments/{world.comment.number}/report"),
    ]  # fmt: skip
    more(1)
    before = [statements(app, lambda b=b, a=a: b.open(a)) for b, a in addresses]
    more(19)
    after = [statements(app, lambda b=b, a=a: b.open(a)) for b, a in addresses]
    assert before == after
    assert max(after) <= 35, dict(zip([a for _, a in addresses], after, strict=True))


# --- bad input


def test_naughty_texts_are_kept_as_they_are_and_never_break_a_page(visit: Visit, world: World) -> None:
    moderator, reader = visit(world.moderator), visit(world.reader)
    text = "\n".join(NAUGHTY)
    reader.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
    for start in range(0, len(text), 1_900):
        reader.open(f"/c/{world.slug}/comments/{world.comment.number}/report")
        with_rest = reader.press("Report it", rule="spam", text=text[start : start + 1_900], status=None)
        if with_rest.status == 429:
            break
        assert with_rest.status == 200
    moderator.open(world.at_comment)
    for words in (text[:1_900], text[-1_900:]):
        page = moderator.press("Decide", verb="hide", rule="spam", passage=words, reason=words, status=422)
        assert page.errors()
    page = hide(moderator, world, reason=text[:1_900])
    assert page.status == 200
    visit().open("/moderation")
    visit().open(f"/c/{world.slug}/comments/{world.comment.number}")


def ids_of(world: World, model: Any) -> list[int]:
    with world.make.app.app_context():
        return list(db.session.scalars(db.select(model.id)))
