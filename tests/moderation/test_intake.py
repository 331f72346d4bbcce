"""What came by mail, on paper or in a meeting: entered, compared by a second person, in the debate, claimed."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.accounts.models import Person
from consult.core import clock, jobs
from consult.core.db import db
from consult.core.errors import Refused
from consult.debate.models import Comment
from consult.moderation import operations, receipt_codes
from consult.moderation.models import IntakeEntry
from consult.moderation.queries import intake
from tests.make import Make
from tests.visitor import Visitor

from .test_views import statements
from .world import World

Visit = Callable[..., Visitor]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
MAIL = (
    b"From: Grace Hopper <grace@example.org>\r\nTo: staff@example.org\r\nSubject: Clause 1.1\r\n"
    b"Date: Mon, 02 Nov 2026 23:30:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\nPlease say who publishes.\r\n"
)
TYPED: dict[str, Any] = {
    "source": "paper", "sender": "Grace Hopper", "organisation": "", "category": "academia", "country": "",
    "email": "grace@example.org", "address": "", "language": "en", "consent": "yes", "body": "Say who publishes it.",
    "clauses": "1.1", "positions": ["safety"], "stance": "support_with_changes", "type": "technical", "note": "",
}  # fmt: skip


def desk(world: World) -> str:
    return f"/c/{world.slug}/manage/intake"


def enter(visit: Visit, world: World, by: Person | None = None, **changes: Any) -> IntakeEntry:
    """A contribution entered through the form by the first moderator."""
    visitor = visit(by or world.moderator)
    visitor.open(f"{desk(world)}/new")
    visitor.press("Enter it", **(TYPED | {"received_on": clock.now().date().isoformat()} | changes))
    return newest(world)


def newest(world: World) -> IntakeEntry:
    with world.make.app.app_context():
        found = db.session.scalars(select(IntakeEntry).order_by(IntakeEntry.id.desc())).first()
        assert found is not None
        return found


def comment_of(world: World, entry: IntakeEntry) -> Comment:
    with world.make.app.app_context():
        return db.session.get_one(Comment, newest_of(world, entry).comment_id)


def newest_of(world: World, entry: IntakeEntry) -> IntakeEntry:
    with world.make.app.app_context():
        return db.session.get_one(IntakeEntry, entry.id)


def check(visit: Visit, world: World, entry: IntakeEntry, **changes: Any) -> Visitor:
    """The second moderator compares it, and posts it."""
    visitor = visit(world.second)
    visitor.open(f"{desk(world)}/{entry.number}")
    visitor.press("It is as it came: post it", **changes)
    return visitor


def code_of(world: World, entry: IntakeEntry) -> str:
    return receipt_codes.code(world.make.app.config["SECRET_KEY"], entry.id, newest_of(world, entry).code_count)


def run_jobs(app: Flask) -> None:
    with app.app_context():
        jobs.run_due()


def mails(settings: Any) -> str:
    return "\n".join(path.read_text() for path in sorted(Path(settings.instance, "mail").glob("*.eml")))


def test_from_paper_to_a_comment_with_a_receipt(visit: Visit, world: World, app: Flask, settings: Any) -> None:
    entry = enter(visit, world)
    assert (entry.state, entry.comment_id) == ("entered", None)
    assert "Say who publishes it." not in visit().open(f"/c/{world.slug}/comments").text
    done = check(visit, world, entry)
    assert "Receipt for PAPER-001" in done.page.heading  # type: ignore[union-attr]
    page = visit().open(f"/c/{world.slug}/comments/PAPER-001").text
    for words in ("Say who publishes it.", "Grace Hopper", "came by post", "received on", "checked by a second person"):
        assert words in page
    run_jobs(app)
    told = mails(settings)
    assert "Subject: PAPER-001: what you sent is in the debate" in told
    assert "grace@example.org" not in page


def test_nobody_compares_what_they_entered(visit: Visit, world: World, make: Make) -> None:
    entry = enter(visit, world)
    visitor = visit(world.moderator)
    page = visitor.open(f"{desk(world)}/{entry.number}")
    assert "You entered this yourself" in page.text
    with pytest.raises(AssertionError, match="no button"):
        page.form("It is as it came: post it")
    with make.app.app_context():
        row = intake.find(viewer=world.actor("moderator"), slug=world.slug, number=entry.number)
        with pytest.raises(Refused, match="You entered this yourself"):
            operations.check_entry(actor=world.actor("moderator"), entry=row, fields={}, seen=row.edit_number)
    assert make.count(Comment, Comment.source == "paper") == 0


def test_whoever_corrects_it_last_entered_it(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    check(visit, world, entry, body="Say who publishes it, and when.")
    row = newest_of(world, entry)
    assert (row.state, row.corrections) == ("posted", "the text")
    assert comment_of(world, entry).body == "Say who publishes it, and when."


def test_a_page_that_was_overtaken_posts_nothing(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    second = visit(world.second)
    second.open(f"{desk(world)}/{entry.number}")
    first = visit(world.moderator)
    first.open(f"{desk(world)}/{entry.number}")
    first.press("Keep it", body="Other words.")
    second.press("It is as it came: post it", status=422)
    assert "Somebody changed this entry" in second.page.text  # type: ignore[union-attr]
    assert newest_of(world, entry).state == "entered"


def test_without_consent_the_name_is_nowhere(visit: Visit, world: World) -> None:
    entry = enter(visit, world, consent="no", organisation="Navy")
    check(visit, world, entry)
    for path in (f"/c/{world.slug}/comments/PAPER-001", f"/c/{world.slug}/comments", f"/feeds/c/{world.slug}/comments"):
        text = visit().open(path, status=None).body
        assert "Grace" not in text, path
        assert "Navy" not in text, path
    assert "PAPER-001" not in visit().open("/search?q=Grace").text
    assert comment_of(world, entry).author_name == f"Name withheld, contribution {entry.number}"


def test_two_withheld_names_are_two_people(visit: Visit, world: World, make: Make) -> None:
    for _ in range(2):
        check(visit, world, enter(visit, world, consent="no"))
    with make.app.app_context():
        row = db.session.merge(world.consultation, load=True)
        db.session.refresh(row)
        assert row.person_count == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"consent": ""}, "Choose. Without consent the name is withheld."),
        ({"consent": "yes", "sender": ""}, "Enter the name that is to stand over it"),
        ({"body": " "}, "Enter the words."),
        ({"clauses": "77.3"}, "no clause “77.3”"),
        ({"received_on": "2099-01-01"}, "cannot be after today"),
        ({"received_on": "yesterday"}, "Enter the day"),
        ({"positions": ["nonsense"]}, "Choose from the positions"),
        ({"source": "pigeon"}, "Choose how it came."),
        ({"language": "xx"}, "Choose the language"),
        ({"stance": "angry"}, "Choose"),
    ],
)
def test_what_cannot_be_so_is_said_at_its_field(
    visit: Visit, world: World, make: Make, change: dict[str, Any], sentence: str
) -> None:
    visitor = visit(world.moderator)
    visitor.open(f"{desk(world)}/new")
    given = TYPED | {"received_on": clock.now().date().isoformat(), "note": "Kept words"} | change
    page = visitor.press("Enter it", status=422, **given)
    assert sentence in page.text
    assert "Kept words" in page.body
    assert make.count(IntakeEntry) == 0


def test_late_input_says_so(visit: Visit, world: World, make: Make) -> None:
    with make.writing() as session:
        row = session.merge(world.consultation)
        row.state, row.closes_at = "analysis", clock.now() - timedelta(days=3)
    entry = enter(visit, world)
    check(visit, world, entry)
    assert "after comments closed" in comment_of(world, entry).source_note


def test_a_mail_fills_the_form_and_comes_in_once(visit: Visit, world: World) -> None:
    visitor = visit(world.moderator)
    visitor.open(desk(world))
    page = visitor.press("Take them in", files={"mails": (io.BytesIO(MAIL), "hopper.eml")})
    for words in ("Please say who publishes.", "grace@example.org", "Message-ID: <1@example.org>", "To be completed"):
        assert words in page.body.replace("&lt;", "<").replace("&gt;", ">")
    entry = newest(world)
    assert (entry.sender, entry.received_on.isoformat()) == ("Grace Hopper", "2026-11-02")
    visitor.open(desk(world))
    page = visitor.press("Take them in", status=422, files={"mails": (io.BytesIO(MAIL), "again.eml")})
    assert f"This mail is here already: contribution {entry.number}." in page.text
    assert f'href="{desk(world)}/{entry.number}">contribution {entry.number}</a>' in page.body
    assert world.make.count(IntakeEntry) == 1


def test_a_mail_without_a_name_of_its_own_is_known_by_its_bytes(visit: Visit, world: World) -> None:
    nameless = MAIL.replace(b"Message-ID: <1@example.org>\r\n", b"")
    visitor = visit(world.moderator)
    for status in (302, 422):
        visitor.open(desk(world))
        files = {"mails": (io.BytesIO(nameless), "one.eml")}
        page = visitor.press("Take them in", files=files, **({"status": status} if status == 422 else {}))
    assert "This mail is here already" in page.text
    visitor.open(desk(world))
    visitor.press("Take them in", files={"mails": (io.BytesIO(nameless + b"And more."), "two.eml")})
    assert world.make.count(IntakeEntry) == 2


def test_the_day_of_a_mail_is_the_one_in_the_zone_of_the_consultation(
    visit: Visit, world: World, make: Make
) -> None:  # fmt: skip
    with make.writing() as session:
        session.merge(world.consultation).timezone = "Asia/Tokyo"
    visitor = visit(world.moderator)
    visitor.open(desk(world))
    visitor.press("Take them in", files={"mails": (io.BytesIO(MAIL), "hopper.eml")})
    assert newest(world).received_on.isoformat() == "2026-11-03"


def test_what_is_no_mail_is_told_and_the_others_come_in(visit: Visit, world: World) -> None:
    visitor = visit(world.moderator)
    visitor.open(desk(world))
    sent = [(io.BytesIO(b"\x00\x01 nonsense"), "photo.eml"), (io.BytesIO(MAIL), "hopper.eml")]
    page = visitor.press("Take them in", status=422, files={"mails": sent})
    assert "photo.eml: This is no mail." in page.text
    assert world.make.count(IntakeEntry) == 1


def test_scans_are_for_the_staff_unless_there_is_consent(visit: Visit, world: World) -> None:
    entry = enter(visit, world, files={"scans": (io.BytesIO(PNG), "letter.png")})
    page = visit(world.second).open(f"{desk(world)}/{entry.number}")
    address = next(link for name, link in page.links().items() if name == "letter.png")
    assert visit(world.second).client.get(address).data == PNG
    assert visit(world.author).client.get(address).status_code == 403
    assert visit().client.get(address).status_code == 303
    check(visit, world, entry)
    public = f"/c/{world.slug}/comments/PAPER-001/scans/{address.rsplit('/', 1)[1]}"
    assert visit().client.get(public).status_code == 404
    with world.make.writing() as session:
        session.get_one(IntakeEntry, entry.id).are_scans_public = True
    assert visit().client.get(public).data == PNG
    assert "letter.png" in visit().open(f"/c/{world.slug}/comments/PAPER-001").text
    with world.make.writing() as session:
        session.get_one(Comment, newest_of(world, entry).comment_id).state = "hidden"
    assert visit().client.get(public).status_code == 404


def test_a_program_is_no_scan(visit: Visit, world: World, make: Make) -> None:
    visitor = visit(world.moderator)
    visitor.open(f"{desk(world)}/new")
    given = TYPED | {
        "received_on": clock.now().date().isoformat(),
        "files": {"scans": (io.BytesIO(b"MZ\x00\x03"), "a.png")},
    }
    assert "This kind of file is not taken." in visitor.press("Enter it", status=422, **given).text
    assert make.count(IntakeEntry) == 0


def test_what_is_set_aside_has_a_reason_and_is_nowhere(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    visitor = visit(world.second)
    visitor.open(f"{desk(world)}/{entry.number}")
    visitor.press("Set it aside", status=422, reason=" ")
    visitor.press("Set it aside", reason="A newsletter.")
    assert "A newsletter." in visitor.page.text  # type: ignore[union-attr]
    assert world.make.count(Comment, Comment.source == "paper") == 0


def test_the_code_makes_the_sender_the_author_once(visit: Visit, world: World, app: Flask) -> None:
    entry = enter(visit, world, consent="no")
    check(visit, world, entry)
    before, address = comment_of(world, entry), f"/c/{world.slug}/comments/PAPER-001/claim"
    sender = visit(world.reader)
    sender.open(f"{address}?code={code_of(world, entry)}")
    sender.press("Make it mine")
    after = comment_of(world, entry)
    # It came without a name, and stays so until she says otherwise.
    assert (after.author_id, after.author_name, after.number) == (world.reader.id, "Name withheld", before.number)
    assert newest_of(world, entry).claimed_by_id == world.reader.id
    assert "PAPER-001" in visit(world.reader).open("/me").text
    assert "claimed this comment already" in visit(world.author).open(address).text
    assert "Claimed by Rita Reader" in visit(world.second).open(f"{desk(world)}/{entry.number}").text
    with app.app_context():
        row = db.session.merge(world.consultation)
        db.session.refresh(row)
        assert row.person_count == 1


def claimed(visit: Visit, world: World) -> tuple[IntakeEntry, str, Comment]:
    """A contribution that the reader has claimed, the page of the claim, and the comment as it was before."""
    entry = enter(visit, world)
    check(visit, world, entry)
    before, address = comment_of(world, entry), f"/c/{world.slug}/comments/PAPER-001/claim"
    sender = visit(world.reader)
    sender.open(f"{address}?code={code_of(world, entry)}")
    sender.press("Make it mine")
    return entry, address, before


def test_a_claim_can_be_taken_back_for_some_days_and_by_a_moderator_with_a_reason(visit: Visit, world: World) -> None:
    entry, address, before = claimed(visit, world)
    old = code_of(world, entry)
    assert "Take the claim back" not in visit(world.author).open(address).text
    visit(world.author).client.post(f"/c/{world.slug}/comments/PAPER-001/unclaiming")
    assert newest_of(world, entry).claimed_by_id == world.reader.id
    sender = visit(world.reader)
    sender.open(address)
    sender.press("Take the claim back")
    after = comment_of(world, entry)
    assert (after.author_id, after.author_name) == (None, before.author_name)
    assert "PAPER-001" not in visit(world.reader).open("/me").text
    sender.open(address)
    sender.press("Make it mine", status=422, code=old)
    sender.press("Make it mine", code=code_of(world, entry))
    with world.make.writing() as session:
        session.get_one(IntakeEntry, entry.id).claimed_at = clock.now() - timedelta(days=15)
    assert "Take the claim back" not in sender.open(address).text
    staff = visit(world.second)
    staff.open(address)
    staff.press("Take the claim back", status=422, reason=" ")
    staff.press("Take the claim back", reason="It was her sister.")
    assert newest_of(world, entry).claimed_by_id is None
    assert "claim by Rita Reader taken back by Mo Second. It was her sister." in newest_of(world, entry).note


def test_a_wrong_code_is_told_and_tried_ten_times_at_most(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    check(visit, world, entry)
    visitor = visit(world.reader)
    for _ in range(10):
        visitor.open(f"/c/{world.slug}/comments/PAPER-001/claim")
        visitor.press("Make it mine", status=422, code="AAAA-BBBB-CCCC-DDDD")
        assert "This code does not fit." in visitor.page.text  # type: ignore[union-attr]
    visitor.open(f"/c/{world.slug}/comments/PAPER-001/claim")
    visitor.press("Make it mine", status=429, code=code_of(world, entry))
    assert comment_of(world, entry).author_id is None


def test_a_new_code_makes_the_old_one_worthless(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    check(visit, world, entry)
    old = code_of(world, entry)
    staff = visit(world.second)
    staff.open(f"{desk(world)}/{entry.number}/receipt")
    assert old in staff.page.text  # type: ignore[union-attr]
    staff.press("Make a new code")
    assert code_of(world, entry) in staff.page.text  # type: ignore[union-attr]
    assert code_of(world, entry) != old
    sender = visit(world.reader)
    sender.open(f"/c/{world.slug}/comments/PAPER-001/claim")
    sender.press("Make it mine", status=422, code=old)


def test_a_code_is_good_for_half_a_year(visit: Visit, world: World) -> None:
    entry = enter(visit, world)
    check(visit, world, entry)
    with world.make.writing() as session:
        session.get_one(IntakeEntry, entry.id).checked_at = clock.now() - timedelta(days=181)
    assert "180 days" in visit(world.reader).open(f"/c/{world.slug}/comments/PAPER-001/claim").text


def test_only_staff_of_this_consultation_see_the_desk(visit: Visit, world: World, make: Make) -> None:
    entry = enter(visit, world)
    other = make.staff(make.consultation(), "moderator")
    for person in (world.author, world.panel, other):
        for path in (desk(world), f"{desk(world)}/new", f"{desk(world)}/{entry.number}", f"{desk(world)}/99"):
            assert visit(person).open(path, status=403)


def test_an_organiser_may_compare(visit: Visit, world: World, make: Make) -> None:
    entry = enter(visit, world)
    visitor = visit(make.staff(world.consultation, "organiser", "Oskar"))
    visitor.open(f"{desk(world)}/{entry.number}")
    visitor.press("It is as it came: post it")
    assert comment_of(world, entry).number == "PAPER-001"


def test_a_desk_of_forty_costs_as_much_as_one_of_one(visit: Visit, world: World, make: Make, app: Flask) -> None:
    def rows(numbers: range) -> None:
        for number in numbers:
            make.row(
                IntakeEntry(
                    consultation_id=world.consultation.id, number=number, source="paper", state="entered",
                    received_on=clock.now().date(), body="Words.", entered_by_id=world.moderator.id,
                )
            )  # fmt: skip

    def cost() -> int:
        visitor = visit(world.second)
        visitor.open(desk(world))
        return statements(app, lambda: visitor.open(desk(world)))

    rows(range(1, 2))
    first = cost()
    rows(range(2, 41))
    assert cost() == first


def test_a_code_is_read_however_it_is_written() -> None:
    right = receipt_codes.code("secret", 1, 1)
    assert receipt_codes.fits(right.lower().replace("-", " "), right)
    assert not any(receipt_codes.fits(typed, right) for typed in ("", right[:-1], receipt_codes.code("secret", 2, 1)))
    assert len({receipt_codes.code("secret", entry, count) for entry in range(50) for count in range(20)}) == 1_000
