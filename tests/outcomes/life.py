"""A consultation in which anybody tries anything at any time, and what should come of each try.

The edges of the life, and who may take them when, are written down here once more, from the words of the guides and
not from the code: where the two differ, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)
from sqlalchemy import func, select

from consult.accounts.models import Person
from consult.consultations import operations as consultations
from consult.consultations.jobs import run_the_clock
from consult.consultations.models import Consultation, Round
from consult.consultations.wall_clock import to_wall
from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict, Invalid, Refused
from consult.core.rules import SYSTEM, VISITOR, Actor
from consult.debate import mending
from consult.debate import operations as debate
from consult.debate.models import Comment, Reply, Vote
from consult.documents.models import Draft, DraftVersion
from consult.moderation import operations as moderation
from consult.moderation.models import ModerationAct
from consult.outcomes import operations as outcomes
from consult.outcomes import queries
from consult.outcomes.models import Citation, OutcomeSummary, Statement

from ..make import Make

STAFF = frozenset({"organiser", "moderator"})
ORGANISER = frozenset({"organiser"})
EDGES = {
    "announce": ({"draft"}, "announced", ORGANISER),
    "open": ({"announced"}, "open", ORGANISER),
    "pause": ({"open"}, "paused", ORGANISER),
    "resume": ({"paused"}, "open", ORGANISER),
    "close": ({"open", "paused"}, "analysis", ORGANISER),
    "begin_review": ({"analysis"}, "review", STAFF),
    "publish": ({"review"}, "published", STAFF),
    "begin_round": ({"published"}, "announced", ORGANISER),
    "adopt": ({"published"}, "adopted", ORGANISER),
    "withdraw": ({"announced", "open", "paused", "analysis", "review", "published"}, "withdrawn", ORGANISER),
    "archive": ({"published", "adopted", "withdrawn"}, "archived", ORGANISER),
}
ROLES = {"organiser": "organiser", "moderator": "moderator", "partial": "moderator", "third": "moderator"}
CAST = ("organiser", "moderator", "partial", "author", "member", "third", "unconfirmed", "visitor")
TRUSTED = frozenset(CAST) - {"unconfirmed", "visitor"}
GUILD = frozenset({"member", "partial"})  # of one organisation: partial never judges what member says
WAITS = tuple(timedelta(**wait) for wait in ({"minutes": 1}, {"hours": 5}, {"days": 2}, {"days": 9}))
FATES = ("accepted", "accepted_modified", "rejected", "noted", "deferred", "out_of_scope")
anybody = st.sampled_from(CAST)
judges = st.sampled_from(("moderator", "partial", "partial", "organiser", "author"))
some = st.integers(0, 30)
# What happens, and with what; often is said by naming it twice. One rule for all: hypothesis would leave some out.
ACTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "time_goes_by": {"wait": st.sampled_from(WAITS)},
    "the_next_date_comes": {},
    "the_clock_strikes": {},
    "the_usual_step": {},
    "before_the_answers": {"name": anybody, "verb": st.sampled_from(("announce", "open", "pause", "resume", "close", "withdraw"))},
    "after_the_answers": {"name": judges, "verb": st.sampled_from(("begin_review", "publish"))},
    "the_end": {"name": anybody, "verb": st.sampled_from(("adopt", "archive"))},
    "somebody_extends": {"name": anybody, "days": st.integers(-3, 20)},
    "the_next_round": {"name": judges, "has_text": st.booleans()},
    "somebody_comments": {"name": anybody, "places": st.sets(some, max_size=2), "position": st.sampled_from(("safety", "access"))},
    "somebody_joins_in": {"name": anybody, "which": some, "how": st.sampled_from(("reply", "vote", "edit", "withdraw"))},
    "somebody_hides": {"name": judges, "which": some, "is_back": st.booleans()},
    "somebody_answers": {"name": judges, "which": some, "code": st.sampled_from(FATES)},
    "somebody_acknowledges": {"name": anybody, "which": some, "is_satisfied": st.booleans(), "is_by_author": st.booleans()},
    "all_is_answered": {},
    "somebody_sums_up": {"name": judges, "which": some, "is_sourced": st.booleans()},
    "bare_sentences_go": {},
}  # fmt: skip
ABOUT_A_COMMENT = ("somebody_joins_in", "somebody_hides", "somebody_answers", "somebody_acknowledges")
OFTEN = [*ACTS, *ABOUT_A_COMMENT, *ABOUT_A_COMMENT, "somebody_acknowledges", "somebody_comments", "the_usual_step"]


class Walk(RuleBasedStateMachine):
    """One consultation and its people. Beside it is kept what should be true of it."""

    make: Make

    @initialize(steps=st.sampled_from((0, 2, 2, 3, 4)))
    def begin(self, steps: int) -> None:
        self.running = ExitStack()
        self.running.enter_context(self.make.app.app_context())
        make = self.make
        guild = make.organisation()
        people = {name: make.person(name.title()) for name in CAST if name != "visitor"}
        for name in GUILD:
            make.member(people[name], guild, is_signatory=True)
        with make.writing() as session:
            session.get_one(Person, people["unconfirmed"].id).email_verified_at = None
        consultation = make.consultation("draft", review_days=3)
        for name, role in ROLES.items():
            make.role(people[name], consultation, role)
        make.version(consultation)
        self.id, self.guild = consultation.id, guild.id
        self.people = {name: person.id for name, person in people.items()}
        self.state, self.contributions = "draft", {Comment: 0, Reply: 0, Vote: 0}
        self.numbers: dict[int, str] = {}
        self.answers: dict[int, tuple[object, ...]] = {}
        self.sealed: dict[int, list[tuple[int, str]]] = {}
        self.decided_by: dict[int, str] = {}  # who gave the newest answer to a comment
        self.contested: dict[int, str] = {}  # comments to be decided again, and whose answer it was
        self.barred: dict[int, str] = {}  # whose answer was contested last, also after it was decided again
        self.settled: dict[int, str | None] = {}  # who that was when the newest answer was given
        for _ in range(steps):
            self.the_usual_step()

    def teardown(self) -> None:
        if not hasattr(self, "id"):
            return
        assert mending.recount(self.consultation) == []
        db.session.remove()
        self.running.close()

    @property
    def consultation(self) -> Consultation:
        return db.session.get_one(Consultation, self.id, populate_existing=True)

    def actor(self, name: str) -> Actor:
        if name == "visitor":
            return VISITOR
        person = db.session.get_one(Person, self.people[name])
        return self.make.actor(person, acting_for_id=self.guild if name == "member" else None)

    def one_of(self, model: type[Any], number: int, *where: Any) -> Any:
        """One of the rows of this consultation."""
        found = db.session.scalars(select(model).where(model.consultation_id == self.id, *where).order_by(model.id))
        rows = found.all()
        return rows[number % len(rows)] if rows else None

    def comment(self, number: int) -> Comment:
        found: Comment = self.one_of(Comment, number)
        db.session.refresh(found, ["consultation", "round", "organisation", "changes"])
        return found

    def is_early(self) -> bool:
        closes = self.consultation.closes_at
        return closes is not None and clock.now() < closes

    def is_open(self) -> bool:
        return self.state == "open" and self.is_early()

    def goes_on(self, comment: Comment) -> bool:
        return self.is_open() and comment.round_id == self.newest_round().id

    def newest_round(self) -> Round:
        newest = select(Round).where(Round.consultation_id == self.id).order_by(Round.number.desc())
        return db.session.scalars(newest.limit(1).execution_options(populate_existing=True)).one()

    def newest_version(self) -> DraftVersion:
        newest = select(DraftVersion).join(DraftVersion.draft).where(Draft.consultation_id == self.id)
        newest = newest.order_by(DraftVersion.number.desc()).limit(1).execution_options(populate_existing=True)
        return db.session.scalars(newest).one()

    def attempt(self, may: bool | None, act: Callable[[], object]) -> bool:
        """Do it; it must succeed if it `may`, and must be refused if not. None: only the act itself knows."""
        try:
            act()
        except (Refused, Invalid, Conflict) as error:
            db.session.rollback()
            refusal = str(error)
        else:
            refusal = ""
        assert may is None or may is (not refusal), refusal or "This should have been refused."
        return not refusal

    def move(self, verb: str, name: str, is_time: bool | None, act: Callable[[], object]) -> None:
        """Take a step of the life."""
        origins, target, who = EDGES[verb]
        may = self.state in origins and ROLES.get(name) in who
        if self.attempt(may and is_time, act):
            self.state = target

    def is_complete(self) -> bool:
        """Every comment that counts is answered, none is contested, and every sentence rests on one that is shown."""
        of = self.newest_round().id
        posted = select(func.count()).where(Comment.round_id == of, Comment.state == "posted")
        if db.session.scalar(posted.where(Comment.disposition == "unresolved")):
            return False
        if self.one_of(Comment, 0, Comment.round_id == of, Comment.state == "held"):
            return False
        if db.session.scalar(posted.where(Comment.id.in_(list(self.contested)))):
            return False
        shown = select(Citation.statement_id).join(Citation.comment).where(Comment.state == "posted")
        bare = select(func.count(Statement.id)).join(Statement.summary).where(OutcomeSummary.round_id == of)
        return not db.session.scalar(bare.where(Statement.section != "asked", Statement.id.not_in(shown)))

    @rule(what=st.sampled_from(OFTEN), data=st.data())
    def something_happens(self, what: str, data: st.DataObject) -> None:
        given = {name: data.draw(values, name) for name, values in ACTS[what].items()}
        if self.contributions[Comment] or what not in ABOUT_A_COMMENT:
            getattr(self, what)(**given)

    # Time

    def time_goes_by(self, wait: timedelta) -> None:
        self.running.enter_context(clock.shifted(wait))

    def the_next_date_comes(self) -> None:
        row = self.consultation
        dates = {
            "announced": row.opens_at,
            "open": row.closes_at,
            "paused": row.closes_at,
            "review": row.review_ends_at,
        }
        due = dates.get(self.state)
        if due is not None and due > clock.now():
            self.running.enter_context(clock.shifted(due - clock.now()))

    def the_clock_strikes(self) -> None:
        row = self.consultation
        if self.state == "announced" and row.opens_at and row.opens_at <= clock.now():
            self.state = "open"
        elif self.state == "open" and not self.is_open():
            self.state = "analysis"
        run_the_clock()

    # The steps

    def the_usual_step(self) -> None:
        """What comes next where all goes well."""
        if self.is_open():
            for place, name in enumerate(("author", "member", "partial")):
                self.somebody_comments(name, {place}, "safety")
        if self.state == "review":
            for newest in range(self.contributions[Comment])[-3:]:
                self.somebody_acknowledges("author", newest, is_satisfied=newest % 3 == 1, is_by_author=True)
                self.somebody_answers("moderator", newest, "noted")
        self.the_next_date_comes()
        if self.state in ("announced", "open"):
            self.the_clock_strikes()
        elif self.state in ("draft", "paused"):
            verb = "announce" if self.state == "draft" else "resume" if self.is_early() else "close"
            self.before_the_answers("organiser", verb)
        elif self.state in ("analysis", "review"):
            self.all_is_answered()
            self.bare_sentences_go()
            self.a_second_person_approves()
            self.after_the_answers("moderator", "begin_review" if self.state == "analysis" else "publish")
        elif self.state == "published":
            self.the_next_round(has_text=True, name="organiser")

    def before_the_answers(self, name: str, verb: str) -> None:
        row, moment = self.consultation, clock.now()
        assert row.opens_at is not None
        assert row.closes_at is not None
        is_time = {
            "announce": row.opens_at >= moment, "open": row.opens_at <= moment, "close": row.closes_at <= moment,
            "resume": row.closes_at > moment,
        }.get(verb, True)  # fmt: skip
        if verb == "withdraw" and name == "organiser" and self.state != "published":
            return  # or few lives would be long
        step = getattr(consultations, "open_consultation" if verb == "open" else verb)
        reason = {"reason": "We say why."} if verb in ("pause", "withdraw") else {}
        self.move(verb, name, is_time, lambda: step(actor=self.actor(name), consultation=row, **reason))

    def after_the_answers(self, name: str, verb: str) -> None:
        row, of = self.consultation, self.newest_round().id
        is_over = verb == "begin_review" or row.review_ends_at is None or row.review_ends_at <= clock.now()
        is_time = None if is_over and self.is_complete() else False  # a headline may still be missing
        step, before = getattr(consultations, verb), self.state
        self.move(verb, name, is_time, lambda: step(actor=self.actor(name), consultation=row))
        if (before, self.state) == ("review", "published"):
            self.sealed[of] = self.said_of(of)

    def the_end(self, name: str, verb: str) -> None:
        if self.newest_round().number > 1 or name != "organiser":
            step = getattr(consultations, verb)
            self.move(verb, name, True, lambda: step(actor=self.actor(name), consultation=self.consultation))

    def somebody_extends(self, name: str, days: int) -> None:
        row = self.consultation
        assert row.closes_at is not None
        until = row.closes_at + timedelta(days=days)
        is_right = days > 0 and until > clock.now() and name == "organiser"
        is_time = self.state in ("announced", "paused") or self.is_open()
        self.attempt(
            is_right and is_time,
            lambda: consultations.extend(
                actor=self.actor(name), consultation=row, closes_at=until, reason="More time."
            ),
        )
        assert self.consultation.closes_at == (until if is_right and is_time else until - timedelta(days=days))

    def the_next_round(self, has_text: bool, name: str) -> None:
        if has_text and self.state == "published" and self.newest_version().round_id is not None:
            self.make.version(self.consultation, ("Providers shall publish a summary each year.", "Nobody is exempt."))
        row, opens = self.consultation, clock.now() + timedelta(days=2)
        is_new = self.newest_version().round_id is None

        def begin() -> None:
            wall = [to_wall(opens + timedelta(days=days), row.timezone).replace(microsecond=0) for days in (0, 20)]
            consultations.begin_round(
                actor=self.actor(name),
                consultation=row,
                opens=wall[0],
                closes=wall[1],
                response_day=None,
                review_days=3,
            )

        self.move("begin_round", name, is_new, begin)

    # What people say

    def somebody_comments(self, name: str, places: set[int], position: str) -> None:
        version = self.newest_version()
        clauses = self.make.clauses(version)
        chosen = {clauses[place % len(clauses)].id: clauses[place % len(clauses)] for place in places}
        may = name in TRUSTED and self.is_open()
        if self.attempt(
            may,
            lambda: debate.post_comment(
                actor=self.actor(name), consultation=self.consultation, version=version, clauses=list(chosen.values()),
                body="This goes too far, and here is why.", positions=[position], stance="object", type="general",
            ),
        ):  # fmt: skip
            self.contributions[Comment] += 1

    def somebody_joins_in(self, name: str, which: int, how: str) -> None:
        comment = self.comment(which)
        is_mine = comment.author_id == self.people.get(name)
        is_ours = comment.organisation_id is not None and name == "member"
        is_shown, goes_on = comment.state == "posted", self.goes_on(comment)
        actor = self.actor(name)
        if how == "reply":
            may = name in TRUSTED and is_shown and goes_on
            act = lambda: debate.post_reply(actor=actor, comment=comment, parent=None, body="Not so.")  # noqa: E731
            self.contributions[Reply] += self.attempt(may, act)
        elif how == "vote":
            may = name in TRUSTED and is_shown and goes_on and not is_mine and not is_ours
            mine = select(Vote.id).where(Vote.comment_id == comment.id, Vote.person_id == self.people.get(name))
            is_first = db.session.scalar(mine) is None
            act = lambda: debate.vote(actor=actor, comment=comment, choice="agree")  # noqa: E731
            self.contributions[Vote] += self.attempt(may, act) and is_first
        elif how == "edit":
            words = f"{comment.body} And more."
            act = lambda: debate.edit_comment(  # noqa: E731
                actor=actor, comment=comment, body=words, seen_edit_number=comment.edit_number
            )
            self.attempt(self.speaks_for(name, comment) and is_shown and goes_on, act)
        else:
            is_there = comment.state in ("posted", "held")
            may = self.speaks_for(name, comment) and is_there and comment.round_id not in self.sealed
            may = may and self.state != "withdrawn"
            may = may and self.state not in ("published", "adopted", "archived")
            self.attempt(may, lambda: debate.withdraw_comment(actor=actor, comment=comment))

    def speaks_for(self, name: str, comment: Comment) -> bool:
        """Whether it is hers, or stands in the name of the guild, whose signatories are both of its members."""
        return name in GUILD if comment.organisation_id == self.guild else comment.author_id == self.people.get(name)

    # What moderators do

    def somebody_hides(self, name: str, which: int, is_back: bool) -> None:
        comment, actor = self.comment(which), self.actor(name)
        seen = select(func.max(ModerationAct.id)).where(ModerationAct.comment_id == comment.id)
        given: dict[str, Any] = {"actor": actor, "thing": comment, "seen_act_id": db.session.scalar(seen) or 0}
        may = ROLES.get(name) == "moderator" and not self.is_own(name, comment)
        if is_back:
            reason = "It stands within the rules after all."
            act = lambda: moderation.restore_contribution(reason=reason, **given)  # noqa: E731
            self.attempt(may and comment.state == "hidden", act)
        else:
            words = {
                "rule": "off_topic",
                "passage": "goes too far",
                "reason": "It is about another draft than this one.",
            }
            act = lambda: moderation.hide_contribution(**words, **given)  # noqa: E731
            self.attempt(may and comment.state in ("posted", "held"), act)

    def is_own(self, name: str, comment: Comment) -> bool:
        """Whether somebody would judge themselves, or their own organisation."""
        return comment.author_id == self.people.get(name) or (name in GUILD and comment.organisation_id == self.guild)

    def somebody_answers(self, name: str, which: int, code: str) -> None:
        comment = self.comment(which)
        may = ROLES.get(name) == "moderator" and not self.is_own(name, comment) and comment.state == "posted"
        may = may and self.state in ("analysis", "review") and comment.round_id not in self.sealed
        if self.attempt(
            may and self.barred.get(comment.id) != name,
            lambda: outcomes.decide(
                actor=self.actor(name), comments=[comment], code=code, observation="For the reasons given."
            ),
        ):
            self.was_decided(comment.id, name)

    def was_decided(self, comment_id: int, name: str) -> None:
        self.decided_by[comment_id] = name
        self.contested.pop(comment_id, None)
        self.settled[comment_id] = self.barred.get(comment_id)

    def somebody_acknowledges(self, name: str, which: int, is_satisfied: bool, is_by_author: bool) -> None:
        """The author, or for the guild its signatories, in the review until it ends."""
        comment, ends = self.comment(which), self.consultation.review_ends_at
        if is_by_author:
            name = next(other for other, person_id in self.people.items() if person_id == comment.author_id)
        is_hers = self.speaks_for(name, comment)
        is_asked = self.state == "review" and comment.round_id == self.newest_round().id and ends is not None
        is_asked = is_asked and ends is not None and clock.now() < ends
        is_answered = comment.state == "posted" and comment.disposition != "unresolved"
        said = "satisfied" if is_satisfied else "not_satisfied"
        act = lambda: outcomes.acknowledge(  # noqa: E731
            actor=self.actor(name), comment=comment, said=said, reason="" if is_satisfied else "It misses the point."
        )
        if not self.attempt(is_hers and is_asked and is_answered, act):
            return
        if is_satisfied:
            self.contested.pop(comment.id, None)
            self.barred[comment.id] = self.settled.get(comment.id) or ""
        else:
            self.barred[comment.id] = self.contested[comment.id] = self.decided_by[comment.id]

    def all_is_answered(self) -> None:
        if self.state not in ("analysis", "review"):
            return
        self.all_is_looked_at()
        waiting = (Comment.disposition == "unresolved", Comment.state == "posted")
        while (comment := self.one_of(Comment, 0, *waiting, Comment.round_id == self.newest_round().id)) is not None:
            own = {name for name in ("moderator", "partial") if self.is_own(name, comment)}
            name = min({"moderator", "partial"} - own)
            outcomes.decide(actor=self.actor(name), comments=[comment], code="noted", observation="Read by all of us.")
            self.was_decided(comment.id, name)
        for comment_id, contested in list(self.contested.items()):
            self.decided_again(db.session.get_one(Comment, comment_id), contested)
        outcomes.set_headline(actor=self.actor("moderator"), consultation=self.consultation, headline="What came out.")

    def all_is_looked_at(self) -> None:
        """What waits because the same words came again and again goes on show."""
        here = (Comment.round_id == self.newest_round().id, Comment.state == "held")
        while (comment := self.one_of(Comment, 0, *here)) is not None:
            db.session.refresh(comment, ["consultation", "round", "organisation", "changes"])
            name = min({"moderator", "partial"} - {n for n in ("moderator", "partial") if self.is_own(n, comment)})
            moderation.release_contribution(actor=self.actor(name), thing=comment, seen_act_id=0)

    def decided_again(self, comment: Comment, contested: str) -> None:
        if comment.state != "posted" or comment.round_id in self.sealed:
            return
        others = {"moderator", "partial"} - {contested}
        others -= {name for name in others if self.is_own(name, comment)}
        name = min(others, default="third")
        outcomes.decide(actor=self.actor(name), comments=[comment], code="noted", observation="Read once more.")
        self.was_decided(comment.id, name)

    def somebody_sums_up(self, name: str, which: int, is_sourced: bool) -> None:
        of = self.newest_round()
        cited = (
            self.one_of(Comment, which, Comment.round_id == of.id, Comment.state == "posted") if is_sourced else None
        )
        may = name in ROLES and self.state in ("analysis", "review")
        if may and cited is None and name != "organiser":
            return  # or few lives would come to an end
        sources = [cited.number] if cited else []
        self.attempt(
            may,
            lambda: outcomes.add_statement(
                actor=self.actor(name), consultation=self.consultation, section="said", text="Some want it milder.",
                sources=sources,
            ),
        )  # fmt: skip

    def bare_sentences_go(self) -> None:
        if self.state not in ("analysis", "review"):
            return
        bare = select(Statement.id).join(Statement.summary).where(OutcomeSummary.round_id == self.newest_round().id)
        shown = select(Citation.statement_id).join(Citation.comment).where(Comment.state == "posted")
        for statement in db.session.scalars(bare.where(Statement.id.not_in(shown))).all():
            outcomes.remove_statement(
                actor=self.actor("organiser"), consultation=self.consultation, statement_id=statement
            )

    def a_second_person_approves(self) -> None:
        """The third moderator, who writes nothing in any summary."""
        if self.state != "review":
            return
        row = self.consultation
        read = queries.account(viewer=SYSTEM, consultation=row, of=self.newest_round(), is_draft=True)
        outcomes.approve_summary(actor=self.actor("third"), consultation=row, seen=read.digest)

    def said_of(self, of: int) -> list[tuple[int, str]]:
        """The answers and sentences of a round."""
        answers = select(Comment.id, Comment.disposition).where(Comment.round_id == of).order_by(Comment.id)
        sentences = select(Statement.id, Statement.text).join(Statement.summary).where(OutcomeSummary.round_id == of)
        rows = [*db.session.execute(answers).all(), *db.session.execute(sentences.order_by(Statement.id)).all()]
        return [(number, words) for number, words in rows]
