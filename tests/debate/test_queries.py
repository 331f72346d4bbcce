"""What is read: by whom, in which order, at which price."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from consult.accounts.models import Organisation
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.errors import Missing
from consult.core.paging import encode
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import operations, queries
from consult.debate.models import Comment, Vote
from consult.debate.queries import Filters, narrowing, sifting
from consult.search.queries import comments as found_by_words
from tests.debate.conftest import Statements, World, build
from tests.lengths import examples
from tests.make import Make

pytestmark = pytest.mark.usefixtures("inside")
SORTS = ("text", "newest", "oldest", "unanswered", "discussed", "bridging", "random")


def found(world: World, number: str, viewer: Actor = SYSTEM) -> Comment:
    return queries.find_comment(viewer=viewer, slug=world.consultation.slug, number=number)


def fresh(world: World) -> Consultation:
    db.session.expire_all()
    return consultations.find(viewer=SYSTEM, slug=world.consultation.slug)


def listed(world: World, viewer: Actor = VISITOR, filters: Filters | None = None, **values: Any) -> queries.Listed:
    return queries.listing(viewer=viewer, consultation=fresh(world), filters=filters or Filters(), **values)


def numbers(page: queries.Listed) -> list[str]:
    return [card.number for card in page.lines.rows]


def hide(world: World, number: str) -> Actor:
    moderator = world.moderator()
    operations.hide(actor=moderator, thing=found(world, number), reason="Advertising.")
    return moderator


def test_a_draft_consultation_shows_its_comments_to_nobody_outside(make: Make) -> None:
    world = build(make, "draft")
    comment = make.comment(world.consultation, world.clauses[1])
    with pytest.raises(Missing):
        found(world, comment.number, VISITOR)
    organiser = make.actor(make.staff(world.consultation, "organiser"))
    assert found(world, comment.number, organiser).id == comment.id


def test_visible_means_readable_and_listed_means_known(world: World) -> None:
    shown, hidden, gone = world.post(), world.post(), world.post(author := world.actor())
    operations.withdraw_comment(actor=author, comment=found(world, gone.number))
    moderator = hide(world, hidden.number)

    def ids(condition: Any) -> set[int]:
        return set(db.session.scalars(select(Comment.id).join(Comment.consultation).where(condition)))

    assert ids(queries.visible_to(VISITOR)) == {shown.id}
    assert ids(queries.visible_to(moderator)) == {shown.id, hidden.id}
    assert ids(queries.listed_for(VISITOR)) == {shown.id, hidden.id, gone.id}


def test_hidden_words_are_not_found_by_searching(world: World) -> None:
    comment = world.post(body="Buy my secret pills.")
    moderator = hide(world, comment.number)
    assert numbers(listed(world, filters=Filters(words="secret"))) == []
    assert numbers(listed(world, moderator, Filters(words="secret"))) == [comment.number]
    page = listed(world)
    assert numbers(page) == [comment.number]
    assert (page.lines.total, page.hidden, page.lines.rows[0].excerpt) == (0, 1, "")


def test_each_filter_finds_what_it_says(world: World) -> None:
    make = world.make
    guild = make.organisation("Guild", code="MG", category="industry")
    person = make.person()
    make.member(person, guild, is_signatory=True)
    a = world.post(
        clauses=[world.clauses[1]], positions={"safety"}, stance="object", type="technical", body="100% sure"
    )
    b = world.post(clauses=[world.clauses[2]], positions={"access", "profit"}, stance="support", type="editorial")
    c = world.post(
        make.actor(person, acting_for_id=guild.id), clauses=[], costs={"access"}, stance="question", type="general"
    )
    d = operations.record_comment(
        actor=SYSTEM, consultation=world.consultation, version=world.version, clauses=[], body="A letter.",
        author_name="Somebody", source="paper",
    )  # fmt: skip
    operations.set_disposition(actor=SYSTEM, comment=found(world, b.number), code="rejected")
    wanted = {
        Filters(words="100%"): {a}, Filters(words="%"): set(), Filters(words="letters sur"): set(), Filters(words="lett"): {d}, Filters(clause="1-2"): {b},
        Filters(positions=frozenset({"access"})): {b}, Filters(positions=frozenset({"safety", "profit"})): {a, b, c},
        Filters(stances=frozenset({"object", "question"})): {a, c}, Filters(type="editorial"): {b},
        Filters(category="industry"): {c}, Filters(organisation=guild.slug): {c}, Filters(answer="open"): {a, c, d},
        Filters(answer="answered"): {b}, Filters(answer="rejected"): {b}, Filters(is_unplaced=True): {d},
        Filters(words=a.number): {a}, Filters(clause="1-2", type="technical"): set(), Filters(clause="nowhere"): set(),
    }  # fmt: skip
    for filters, comments in wanted.items():
        page = listed(world, SYSTEM, filters)
        assert set(numbers(page)) == {comment.number for comment in comments}, filters
        assert page.lines.total == len(comments), filters
    page = listed(world, SYSTEM)
    assert (page.stances["object"], page.answers) == (1, {"open": 3, "answered": 1})
    assert page.clauses == [("1-1", "1.1", 1), ("1-2", "1.2", 1)]
    assert page.organisations == [(guild.slug, "Guild")]


def test_numbers_tell_nobody_of_what_she_may_not_know(make: Make) -> None:
    world = build(make, pre_moderation="all")
    guild = make.organisation("Guild", code="MG", category="industry")
    make.member(person := make.person(), guild, is_signatory=True)
    author, moderator = make.actor(person, acting_for_id=guild.id), world.moderator()
    comment = world.post(author, stance="support", type="editorial")
    chosen = Filters(stances=frozenset({"support"}), type="editorial", category="industry", answer="open")

    def told(viewer: Actor) -> tuple[int, int, int, list[str], int, int]:
        page = listed(world, viewer)
        share = next(
            share for share in queries.balance(viewer=viewer, consultation=fresh(world)) if share.category == "industry"
        )
        return (
            listed(world, viewer, chosen).lines.total, page.stances.get("support", 0), page.answers.get("open", 0),
            [name for _slug, name in page.organisations], page.hidden, share.comments + share.organisations,
        )  # fmt: skip

    waits, shown, hidden, gone = (
        (0, 0, 0, [], 0, 0),
        (1, 1, 1, ["Guild"], 0, 2),
        (0, 0, 0, [], 1, 0),
        (0, 0, 0, [], 0, 0),
    )
    to_those_who_read_it = [(1, 0, 0, ["Guild"], 0, 0), shown, (1, 0, 0, ["Guild"], 1, 0), gone]
    for step, to_all, to_judges in zip(
        (None, operations.release, operations.hide, operations.unhide), (waits, shown, hidden, shown),
        [*to_those_who_read_it[:3], shown], strict=True,
    ):  # fmt: skip
        if step is not None:
            why = {"reason": "Spam."} if step is operations.hide else {}
            step(actor=moderator, thing=found(world, comment.number), **why)
        assert told(VISITOR) == told(world.actor()) == to_all, step
        assert told(moderator) == told(SYSTEM) == to_judges, step
        if step is None:
            assert told(author) == to_judges
    operations.withdraw_comment(actor=author, comment=found(world, comment.number))
    assert told(VISITOR) == told(moderator) == told(author) == gone


def test_a_count_of_what_matches_ends_somewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sifting, "MOST_COUNTED", 2)
    world.post()
    for many, is_more in ((1, False), (2, False), (2, True), (2, True)):
        page = listed(world, VISITOR, Filters(words="long"))
        assert (page.lines.total, page.is_more) == (many, is_more)
        world.post()
    assert listed(world, VISITOR, Filters(type="technical")).lines.total == 5  # kept, not counted


@pytest.mark.parametrize("shown", [0, 10_000], ids=["met on the way", "gathered"])
def test_a_filter_finds_the_same_however_it_goes_about_it(
    world: World, monkeypatch: pytest.MonkeyPatch, shown: int
) -> None:
    monkeypatch.setattr(narrowing, "PAGE", shown)
    make = world.make
    bodies = [make.organisation("Guild", code="G"), make.organisation("Lodge", code="L")]
    people = [make.person() for _ in bodies]
    for person, body in zip(people, bodies, strict=True):
        make.member(person, body, is_signatory=True)
    members = [make.actor(person, acting_for_id=body.id) for person, body in zip(people, bodies, strict=True)]
    mine = [world.post(member, clauses=[world.clauses[1]], positions={"safety"}) for member in members]
    other = world.post(clauses=[world.clauses[1], world.clauses[2]], positions={"access"})
    world.post(clauses=[world.clauses[2]], positions={"profit"})
    hidden = world.post(members[0], clauses=[world.clauses[1]], positions={"safety"})
    moderator = hide(world, hidden.number)
    with make.writing() as session:
        session.get_one(Organisation, bodies[1].id).merged_into_id = bodies[0].id
    wanted = {
        Filters(positions=frozenset({"safety"})): mine, Filters(clause="1-1"): [*mine, other], Filters(organisation=bodies[0].slug): mine,
        Filters(organisation=bodies[1].slug): mine, Filters(clause="1-1", positions=frozenset({"access"})): [other],
        Filters(organisation="nobody"): [],
    }  # fmt: skip
    for filters, comments in wanted.items():
        for sort in SORTS:
            page = listed(world, VISITOR, filters, sort=sort)
            assert sorted(numbers(page)) == sorted(comment.number for comment in comments), (filters, sort)
            assert page.lines.total == len(comments)
        page = listed(world, moderator, filters)
        assert page.lines.total == len(numbers(page)) == len(comments) + (hidden.number in numbers(page))
    assert hidden.number in numbers(listed(world, moderator, Filters(organisation=bodies[0].slug)))


def test_of_words_that_everybody_uses_the_list_has_some_and_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_by_words, "MOST", 2)
    posted = [world.post(body=f"Bicycles, the {n}.").number for n in ("first", "second")]
    page = listed(world, VISITOR, Filters(words="bicycle"))
    assert (sorted(numbers(page)), page.lines.total, page.is_more, page.is_cut) == (posted, 2, False, False)
    posted.append(world.post(body="Bicycles, the third.").number)
    page = listed(world, VISITOR, Filters(words="bicycle"))
    assert (sorted(numbers(page)), page.lines.total, page.is_more, page.is_cut) == (posted[1:], 2, True, True)
    assert numbers(listed(world, VISITOR, Filters(words="bicycle"), sort="oldest")) == posted[:2]
    assert numbers(listed(world, VISITOR, Filters(words="bicycle second"))) == posted[1:2]


def test_the_random_order_goes_round_a_circle_from_anywhere_either_way(world: World) -> None:
    crowd(world, 6)
    orders = {tuple(numbers(listed(world, sort="random", seed=seed))) for seed in range(40)}
    ring = db.session.scalars(select(Comment.number).order_by(Comment.shuffle)).all()
    both = [ring, ring[::-1]]
    assert orders <= {(*way[n:], *way[:n]) for way in both for n in range(6)}
    assert len({order[0] for order in orders}) > 1
    assert {ring.index(order[1]) - ring.index(order[0]) for order in orders} >= {1, -1}


def crowd(world: World, n: int) -> None:
    for i in range(n):
        world.make.comment(
            world.consultation, world.clauses[1 + i % 2], reply_count=i % 4,
            disposition="noted" if i % 3 == 0 else "unresolved",
            common_ground=i * 37 % 4 * 100,
        )  # fmt: skip


@pytest.mark.parametrize(("sort", "seed"), [(sort, 7) for sort in SORTS] + [("random", seed) for seed in range(12)])
def test_pages_follow_each_other_without_gap_or_repeat_in_both_directions(world: World, sort: str, seed: int) -> None:
    crowd(world, 23)
    with world.make.writing() as session:  # parts of the circle that fill pages exactly, and others
        for n, comment in enumerate(session.scalars(select(Comment).order_by(Comment.id))):
            comment.shuffle = n * 2**31 // 23
    seen: list[str] = []
    pages, after = [], None
    while True:
        page = listed(world, SYSTEM, sort=sort, seed=seed, after=after, limit=5)
        pages.append(numbers(page))
        seen += numbers(page)
        if page.lines.next_cursor is None:
            break
        after = page.lines.next_cursor
    assert len(seen) == len(set(seen)) == 23, seed
    before = page.lines.previous_cursor
    for earlier in reversed(pages[:-1]):
        page = listed(world, SYSTEM, sort=sort, seed=seed, before=before, limit=5)
        assert numbers(page) == earlier
        before = page.lines.previous_cursor
    assert before is None


def test_orders_are_what_they_are_called(world: World) -> None:
    crowd(world, 12)
    grounds = dict(db.session.execute(select(Comment.number, Comment.common_ground)).all())
    assert len(set(grounds.values())) > 3
    cards = {sort: listed(world, SYSTEM, sort=sort, seed=3).lines.rows for sort in SORTS}
    assert [c.places[0].key for c in cards["text"]] == ["1-1"] * 6 + ["1-2"] * 6
    times = [c.posted_at for c in cards["newest"]]
    assert times == sorted(times, reverse=True)
    assert [c.number for c in cards["oldest"]] == [c.number for c in cards["newest"]][::-1]
    assert [c.reply_count for c in cards["discussed"]] == [3] * 3 + [2] * 3 + [1] * 3 + [0] * 3
    assert [c.disposition for c in cards["unanswered"]] == ["unresolved"] * 8 + ["noted"] * 4
    assert [c.number for c in cards["bridging"]] == [
        c.number for c in sorted(cards["oldest"], key=lambda c: (grounds[c.number], c.id), reverse=True)
    ]
    order = [c.number for c in cards["random"]]
    assert order == numbers(listed(world, sort="random", seed=3))
    assert order != numbers(listed(world, sort="random", seed=4))
    assert sorted(order) == sorted(c.number for c in cards["text"])


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=st.text(max_size=60), sort=st.sampled_from(SORTS), seed=st.integers(0, 999_999_999))
def test_a_meddled_cursor_gives_a_page_and_never_an_error(world: World, cursor: str, sort: str, seed: int) -> None:
    assert listed(world, sort=sort, seed=seed, after=cursor).lines.rows == []


@pytest.mark.parametrize("values", [[1e300, 1], [2**70, 0], ["a", "b"], [-(2**62), 5], [9e15, 1]])
def test_a_made_up_cursor_is_no_error_either(world: World, values: list[Any]) -> None:
    crowd(world, 1)
    for sort in SORTS:
        listed(world, sort=sort, after=encode(values))


def test_what_pages_cost_does_not_depend_on_how_much_there_is(world: World, statements: Statements) -> None:
    viewer = world.actor()

    def cost(n: int) -> list[int]:
        make = world.make
        for _ in range(n):
            comment = make.comment(world.consultation, world.clauses[1], reply_count=1)
            row = found(world, comment.number)
            first = operations.post_reply(
                actor=world.actor(), comment=row, parent=None, body="No.", positions={"access"}
            )
            operations.post_reply(actor=world.actor(), comment=row, parent=first, body="Yes.")
            operations.vote(actor=viewer, comment=found(world, comment.number), choice="agree")
        costs = []
        consultation = fresh(world)
        with statements() as told:
            queries.listing(viewer=viewer, consultation=consultation, filters=Filters(type="technical"))
        costs.append(len(told))
        with statements() as told:
            queries.letters(viewer=viewer, clause=world.clauses[1])
        costs.append(len(told))
        with statements() as told:
            queries.balance(viewer=viewer, consultation=consultation)
        costs.append(len(told))
        with statements() as told:
            queries.thread(viewer=viewer, comment=found(world, row.number))
        costs.append(len(told))
        return costs

    few = cost(1)
    assert cost(19) == few
    assert max(few) <= 12


def test_letters_carry_their_first_reply_and_the_rest_as_a_number(world: World) -> None:
    comment = world.post()
    for body in ("First.", "Second."):
        operations.post_reply(actor=world.actor("Grace"), comment=found(world, comment.number), parent=None, body=body)
    db.session.expire_all()
    page = queries.letters(viewer=VISITOR, clause=world.make.clauses(world.version)[1])
    card = page.rows[0]
    assert (page.total, card.reply_count, card.number) == (1, 2, comment.number)
    assert card.first_reply is not None
    assert "First." in card.first_reply.html


def test_votes_of_people_who_were_erased_are_nobodys_own(world: World) -> None:
    comment = world.post()
    for choice in ("agree", "disagree"):
        world.make.row(Vote(comment_id=comment.id, person_id=None, choice=choice, category="individual"))
    db.session.expire_all()
    page = queries.letters(viewer=VISITOR, clause=world.make.clauses(world.version)[1])
    assert [card.votes.mine for card in page.rows] == [""]


def test_counts_of_votes_are_shown_after_voting_or_closing(world: World) -> None:
    comment, voter = world.post(), world.actor()
    operations.vote(actor=world.actor(), comment=found(world, comment.number), choice="agree")

    def votes(viewer: Actor) -> queries.Votes:
        db.session.expire_all()
        return queries.card(viewer=viewer, comment=found(world, comment.number)).votes

    assert (votes(voter).is_shown, votes(voter).agree) == (False, 0)
    operations.vote(actor=voter, comment=found(world, comment.number), choice="pass")
    assert (votes(voter).is_shown, votes(voter).agree, votes(voter).mine) == (True, 1, "pass")
    assert not votes(VISITOR).is_shown


def test_the_balance_names_every_category_also_silent_ones(world: World) -> None:
    make = world.make
    guild, person = make.organisation("Guild", code="MG", category="industry"), make.person()
    make.member(person, guild, is_signatory=True)
    world.post(make.actor(person, acting_for_id=guild.id), positions={"profit"})
    world.post(make.actor(person, acting_for_id=guild.id), positions={"profit", "access"})
    world.post(positions={"safety"})
    hide(world, world.post(positions={"safety"}).number)
    shares = {share.category: share for share in queries.balance(viewer=VISITOR, consultation=fresh(world))}
    assert list(shares) == ["government", "nonprofit", "civil_society", "industry", "academia", "individual", "other"]
    industry = shares["industry"]
    assert (industry.comments, industry.organisations, industry.people) == (2, 1, 0)
    assert [(p.key, n) for p, n in industry.counts] == [("safety", 0), ("profit", 2), ("access", 1)]
    assert (shares["individual"].comments, shares["individual"].people) == (1, 1)
    assert shares["government"].comments == 0


def test_answers_are_told_from_the_review_on_and_to_the_staff_before(make: Make) -> None:
    world = build(make, "analysis")
    comment = make.comment(world.consultation, world.clauses[1], disposition="rejected")
    moderator = world.moderator()

    def told(viewer: Actor) -> tuple[str, int, int, list[str]]:
        page = listed(world, viewer)
        chosen = listed(world, viewer, Filters(answer="rejected"))
        return page.lines.rows[0].disposition, page.answers["answered"], chosen.lines.total, numbers(chosen)

    assert told(VISITOR) == ("unresolved", 0, 0, [])
    assert told(moderator) == ("rejected", 1, 1, [comment.number])
    assert numbers(listed(world, filters=Filters(answer="open"))) == [comment.number]
    with make.writing() as session:
        session.execute(update(Consultation).values(state="review"))
    assert told(VISITOR) == ("rejected", 1, 1, [comment.number])
