"""From what pages are made of to what programs get. Nothing is taken from rows of people: who speaks is what the cards say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from consult.accounts.models import CATEGORIES
from consult.consultations.models import Consultation, Position
from consult.consultations.queries import Header
from consult.consultations.queries.calls import Call
from consult.consultations.queries.one import Overview
from consult.core.rules import Actor
from consult.debate.queries import Branch, Card, ReplyCard, Thread, Votes
from consult.documents.models import Clause, DraftVersion
from consult.outcomes.queries import Answer, Answers, OutcomePage

from .models import ApiToken
from .shapes import (
    AnswerShape,
    CallShape,
    ChangeShape,
    ClauseShape,
    CommentShape,
    CommentWithThread,
    ConsultationShape,
    MeShape,
    OutcomeShape,
    PlaceShape,
    PositionShape,
    ReplyShape,
    RoundShape,
    SentenceShape,
    ShareShape,
    Speaker,
    TokenShape,
    VersionShape,
    VotesShape,
)

Link = Callable[..., str]  # (endpoint, **values) → absolute address
KEYS_OF_CATEGORIES = {name: key for key, name in CATEGORIES.items()}


def call(row: Call, link: Link) -> CallShape:
    """A consultation in a list."""
    return CallShape(
        slug=row.slug, title=row.title, state=row.state, organiser=row.by, summary=row.line,
        positions=[position(one, count) for one, count in row.counts],
        page=link("consultations.overview", slug=row.slug), url=link("v1.consultation", slug=row.slug),
    )  # fmt: skip


def position(row: Position, count: int) -> PositionShape:
    """What one can argue from, with how many comments do."""
    return PositionShape(row.key, row.name, row.definition, count)


def consultation(header: Header, about: Overview, link: Link) -> ConsultationShape:
    """One consultation as its first page shows it."""
    row: Consultation = header.consultation
    return ConsultationShape(
        slug=row.slug, title=header.title, state=row.state, organiser=row.organiser_name,
        co_organisers=list(about.co_organisers), language=row.language, timezone=row.timezone,
        summary_html=str(about.summary_html), scope_html=str(about.scope_html), questions=list(about.questions),
        topics=list(about.topics), positions=[position(one, one.comment_count) for one in row.positions],
        rounds=[
            RoundShape(r.number, r.comment_count, r.organisation_count, r.person_count, r.published_at)
            for r in row.rounds
        ],
        takes_comments=header.is_open, announced_at=row.announced_at, opens_at=row.opens_at, closes_at=row.closes_at,
        response_due_at=row.response_due_at, review_ends_at=row.review_ends_at, published_at=row.published_at,
        page=link("consultations.overview", slug=row.slug), url=link("v1.consultation", slug=row.slug),
    )  # fmt: skip


def version(row: DraftVersion, slug: str, link: Link) -> VersionShape:
    """A version of the draft."""
    return VersionShape(
        number=row.number, name=row.name, title=row.draft.title, round=row.round.number if row.round else None,
        sha256=row.sha256, frozen_at=row.frozen_at, change_note=row.change_note,
        page=link("debate.reading_room", slug=slug, version=row.number),
        url=link("v1.clauses", slug=slug, version=row.number),
    )  # fmt: skip


def clause(row: Clause, slug: str, number: int, link: Link) -> ClauseShape:
    """A unit of a version."""
    return ClauseShape(
        key=row.key, lineage=row.lineage_id, kind=row.kind, label=row.label, title=row.title, text=row.text, html=row.html,
        depth=row.depth, is_heading=row.is_heading, comments=row.comment_count,
        page=link("debate.clause", slug=slug, version=number, key=row.key),
    )  # fmt: skip


def comment(card: Card, link: Link) -> CommentShape:
    """A comment as lists show it."""
    return CommentShape(**_fields(card, link))


def _fields(card: Card, link: Link) -> dict[str, Any]:
    where = {"slug": card.slug, "number": card.number}
    return {
        "number": card.number, "state": card.state, "state_reason": card.state_reason, "by": _speaker(card),
        "html": str(card.html), "language": card.language, "stance": card.stance if card.is_readable else "",
        "type": card.type_word.lower(), "must_be_satisfied": card.must_be_satisfied,
        "positions": [one.key for one in card.positions], "costs": [one.key for one in card.costs],
        "places": [PlaceShape(p.key, p.name, p.version, list(p.quotes)) for p in card.places],
        "changes": [ChangeShape(name, str(redline)) for name, redline in card.changes],
        "disposition": card.disposition, "posted_at": card.posted_at, "edited_at": card.edited_at, "round": card.round,
        "replies": card.reply_count, "names": card.name_count, "votes": _votes(card.votes),
        "page": link("debate.comment", **where), "url": link("v1.comment", **where),
    }  # fmt: skip


def _speaker(card: Card | ReplyCard) -> Speaker | None:
    if not card.html:
        return None
    organisation = card.organisation_slug or None
    category = KEYS_OF_CATEGORIES[card.category]
    return Speaker(card.who, category, organisation, card.written_by or None)


def _votes(votes: Votes) -> VotesShape:
    mine = votes.mine or None
    return (
        VotesShape(votes.agree, votes.disagree, votes.passed, mine)
        if votes.is_shown
        else VotesShape(None, None, None, mine)
    )


def with_thread(thread: Thread, answers: Answers | None, link: Link) -> CommentWithThread:
    """A comment as its own page shows it."""
    card = thread.card
    place = {"slug": card.slug, "number": card.number}
    following = thread.replies.next_cursor
    return CommentWithThread(
        **_fields(card, link), thread=[_branch(row, place, link) for row in thread.replies.rows],
        next_replies=int(following) if following else None,
        answers=[_answer(one) for one in answers.each] if answers else [],
    )  # fmt: skip


def _branch(branch: Branch, place: dict[str, str], link: Link) -> ReplyShape:
    return reply(branch.reply, place, link, [reply(one, place, link) for one in branch.answers])


def reply(card: ReplyCard, place: dict[str, str], link: Link, answers: Sequence[ReplyShape] = ()) -> ReplyShape:
    """A reply with the first ones that answer it."""
    return ReplyShape(
        id=card.id, state=card.state, state_reason=card.state_reason, by=_speaker(card), html=str(card.html),
        language=card.language, positions=[one.key for one in card.positions], posted_at=card.posted_at,
        edited_at=card.edited_at, answer_count=card.answer_count, answers=list(answers),
        page=link("debate.thread", **place, reply_id=card.id),
    )  # fmt: skip


def _answer(row: Answer) -> AnswerShape:
    return AnswerShape(
        where=row.where, code=row.code, label=row.label, observation_html=str(row.html), change=row.change,
        change_note=row.change_note, duplicate_of=row.duplicate_of or None, decided_at=row.decided_at, by=row.by,
        is_proposed=row.is_proposed,
    )  # fmt: skip


def outcome(page: OutcomePage, slug: str, link: Link) -> OutcomeShape:
    """What came of a round, as far as it is told."""
    facts, version = page.facts, page.account.version
    is_told = page.is_told
    return OutcomeShape(
        round=page.of.number, is_told=is_told, is_proposed=is_told and page.is_proposed,
        headline=page.account.headline if is_told else "", sentences=list(_sentences(page)) if is_told else [],
        published_at=version.published_at if is_told and version else None, comments=facts.comments,
        answered=facts.answered if is_told else 0, changes=facts.changes if is_told else 0, withdrawn=facts.withdrawn,
        shares=[ShareShape(*share) for share in facts.shares] if is_told else [],
        page=link("outcomes.show_outcome", slug=slug, round=page.of.number),
    )  # fmt: skip


def _sentences(page: OutcomePage) -> Iterable[SentenceShape]:
    for line in page.account.lines:
        yield SentenceShape(line.section, line.heading, str(line.html), line.is_minority, list(line.sources))


def me(actor: Actor, token: ApiToken) -> MeShape:
    """Whom a token acts for."""
    return MeShape(
        name=actor.name, category=actor.category, is_machine=actor.is_machine, speaks_for=actor.acting_for_name,
        token=TokenShape(token.name, token.scopes.split(), token.expires_at),
    )  # fmt: skip
