"""A name that is withheld is nowhere: random words as name, address and account are on no page and in no mail to others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core.clock import now
from consult.core.db import db
from consult.core.jobs import run_due
from consult.debate import operations as debate
from consult.debate import queries
from consult.debate.letters import BEGIN, Fields, Plan
from consult.debate.models import Comment, Cosignature, Reply
from consult.debate.references import quote
from consult.documents import queries as documents
from consult.outcomes import operations as outcomes
from consult.settings import Settings
from tests.visitor import Visitor

from .test_canary import singing
from .world import World

Visit = Callable[..., Visitor]
LEVELS = {"category": 918273641, "nobody": 918273642, "name": 918273643}  # and the ids of their accounts
NAMES = {"category": "Kanarigelb Xq", "nobody": "Zitronengirlitz Vw", "name": "Stieglitzrot Zk"}


@dataclass
class Withheld:
    """Three people, one for each level, and what they said in every way."""

    world: World
    people: dict[str, Person]
    said: dict[str, list[Comment | Reply]]

    def words(self, level: str) -> tuple[str, ...]:
        return NAMES[level].split()[0], f"mail{LEVELS[level]}", str(LEVELS[level])


def say(world: World, person: Person, level: str) -> list[Comment | Reply]:
    """A comment with other words, one for an organisation not signed, one signed, a letter, a reply, a name with words."""
    make = world.make
    body, signed = make.organisation(f"Guild {level}"), make.organisation(f"Signed {level}")
    make.member(person, body)
    make.member(person, signed, is_signatory=True)
    alone, member, signing = make.actor(person), make.actor(person, body.id), make.actor(person, signed.id)
    version = documents.version(viewer=alone, consultation_id=world.consultation.id)
    clauses = documents.clauses(viewer=alone, version=version, keys=["1-1"])
    given = {
        "consultation": world.consultation, "version": version, "clauses": clauses, "positions": ["access"],
        "stance": "object", "type": "technical", "named": level,
    }  # fmt: skip
    comments = [
        debate.post_comment(actor=actor, body=f"Said {n} by {level}.", new_text=f"Say {n} {level}.", **given)  # type: ignore[arg-type]
        for n, actor in enumerate((alone, member, signing))
    ]
    letter = debate.send_letter(
        actor=alone, consultation=world.consultation, title="", body="First point.\n\nSecond point.", named=level, is_handed_over=False,
        kind="txt", source_name=f"{NAMES[level]}.txt",
    )  # fmt: skip
    letter = queries.find_letter(viewer=alone, slug=world.slug, letter_id=letter.id)
    fields = Fields(positions=("safety",), stance="support")
    debate.post_letter(
        actor=alone, letter=letter, version=version, plan=Plan(cuts=(BEGIN, BEGIN), fields={0: fields, 1: fields})
    )
    first = world.load("reader")
    reply = debate.post_reply(actor=alone, comment=first, parent=None, body=f"Answered by {level}.", named=level)  # type: ignore[arg-type]
    debate.cosign(actor=alone, comment=world.load("reader"), seen_edit_number=0, addition="And more.", named=level)  # type: ignore[arg-type]
    return [*comments, reply]


@pytest.fixture
def there(app: Flask, world: World) -> Withheld:
    """All three have spoken; what was withheld afterwards was quoted and named before."""
    make = world.make
    people = {
        level: make.person(NAMES[level], id=LEVELS[level], email=f"mail{LEVELS[level]}@example.org", category="civil_society")
        for level in LEVELS
    }  # fmt: skip
    with app.app_context():
        said = {level: say(world, person, level) for level, person in people.items()}
        later_withheld(world, people["nobody"], said["nobody"])
        with make.writing() as session:
            session.execute(
                update(Consultation)
                .where(Consultation.id == world.consultation.id)
                .values(state="review", closes_at=now())
            )
        for level, person in people.items():
            row = db.session.scalars(
                select(Consultation).where(Consultation.id == world.consultation.id).execution_options(populate_existing=True)
            ).one()  # fmt: skip
            of = newest_round(viewer=make.actor(person), consultation=row)
            outcomes.object_to(actor=make.actor(person), consultation=row, of=of, text="Not so.", named=level)
    return Withheld(world, people, said)


def later_withheld(world: World, person: Person, said: list[Comment | Reply]) -> None:
    """Shown with her name, quoted and named by others, then withheld."""
    actor, reader = world.make.actor(person), world.actor("reader")

    def found() -> Comment:
        number = said[0].number  # type: ignore[union-attr]
        return queries.find_comment(viewer=actor, slug=world.slug, number=number)

    debate.name_comment(actor=actor, comment=found(), named="name")
    number = found().number
    words = quote(f"/c/{world.slug}/comments/{number}", f"{person.name}, {number}", "Said 0 by nobody.")
    reply = debate.post_reply(
        actor=reader, comment=found(), parent=None, body=f"{words}So says @{number}, and I agree."
    )  # fmt: skip
    assert NAMES["nobody"] in reply.html
    assert f'href="/people/{person.id}"' in reply.html
    debate.name_comment(actor=actor, comment=found(), named="nobody")


def heard(app: Flask, there: Withheld, browser: Visitor, *levels: str, follow: bool = False) -> dict[str, set[str]]:
    """The pages that have anything of them: but for what everybody finds about an account, which leads nowhere."""
    known = [row for row in there.said[levels[-1]] if isinstance(row, Comment)]
    there.world.comment = known[0]
    there.world.reply = next(row for row in there.said[levels[-1]] if isinstance(row, Reply))
    words = tuple(word for level in levels for word in there.words(level))
    found = singing(app, there.world, browser, follow=follow, words=words)
    return {address: words for address, words in found.items() if not address.startswith(("/people/", "/organisations/"))}  # fmt: skip


def test_a_withheld_name_is_found_by_nobody(app: Flask, visit: Visit, there: Withheld) -> None:
    make = there.world.make
    other = make.person("Otto Other")
    make.member(other, make.organisation("Elsewhere"), is_signatory=True)
    observer = make.staff(there.world.consultation, "observer")
    for person in (None, there.world.reader, other, observer):
        found = heard(app, there, visit(person), "category", "nobody", follow=person is None)
        assert not found, (person and person.name, found)


@pytest.mark.parametrize("level", ["category", "nobody"])
def test_moderators_and_herself_know(visit: Visit, there: Withheld, level: str) -> None:
    hers, moderator = visit(there.people[level]), visit(there.world.moderator)
    for address in pages(there, level):
        assert there.words(level)[0] in moderator.open(address).text, address
    for address in pages(there, level)[:2]:
        assert "Only you and the moderators know that this is yours." in hers.open(address).text


def pages(there: Withheld, level: str) -> list[str]:
    comment = there.said[level][0]
    at = f"/c/{there.world.slug}"
    return [
        f"{at}/comments/{comment.number}", f"{at}/outcome/objections",  # type: ignore[union-attr]
        f"{at}/manage/moderation/comments/{comment.number}",  # type: ignore[union-attr]
    ]  # fmt: skip


def test_a_name_that_is_shown_is_found(app: Flask, visit: Visit, there: Withheld) -> None:
    found = heard(app, there, visit(), "name")
    assert {"/c/consultation-1/comments", "/c/consultation-1/outcome/objections"} & {
        a.split("?")[0] for a in found
    } or found
    assert len(found) > 8


@pytest.mark.parametrize("level", ["category", "nobody"])
def test_a_search_for_it_finds_nothing(visit: Visit, there: Withheld, level: str) -> None:
    name, at = there.words(level)[0], f"/c/{there.world.slug}"
    numbers = [row.number for row in there.said[level] if isinstance(row, Comment)]
    for browser in (visit(), visit(there.world.reader)):
        for address in (f"{at}/comments?q={name}", f"{at}/search?q={name}", f"/search?q={name}"):
            page = browser.client.get(address, follow_redirects=True)
            assert not [number for number in numbers if number in page.get_data(as_text=True)], address
    shown = visit().client.get(f"{at}/comments?q={NAMES['name'].split()[0]}").get_data(as_text=True)
    assert there.said["name"][0].number in shown  # type: ignore[union-attr]


def test_no_number_leads_from_one_to_another(app: Flask, there: Withheld) -> None:
    with app.app_context():
        rows = db.session.scalars(select(Comment).where(Comment.organisation_id.is_(None), Comment.source == "web"))
        numbers = [row.number for row in rows if row.author_id in LEVELS.values()]
    assert len(numbers) == len(set(numbers)) == 12
    assert {number.partition("-")[0] for number in numbers} == {"P"}


def test_no_mail_to_others_has_it(app: Flask, there: Withheld, settings: Settings) -> None:
    with app.app_context():
        while run_due():
            pass
    mails = [path.read_text() for path in Path(settings.instance).glob("mail/*.eml")]
    for level in ("category", "nobody"):
        mine = f"To: {there.people[level].email}"
        others = [mail for mail in mails if mine not in mail]
        assert not [mail for mail in others if any(word in mail for word in there.words(level))]


def test_it_counts_in_its_category(app: Flask, there: Withheld) -> None:
    with app.app_context():
        counted = db.session.execute(
            select(Comment.named, func.count()).where(Comment.category == "civil_society").group_by(Comment.named)
        ).all()
        assert dict(counted) == {"name": 4, "category": 4, "nobody": 4}
        names = db.session.scalars(select(Cosignature.name).where(Cosignature.named != "name")).all()
    assert sorted(names) == ["A person from civil society", "Name withheld"]
