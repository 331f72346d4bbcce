"""What programs read. Each is a query that a page uses, shaped; what a page hides is not there."""

from __future__ import annotations

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me
from consult.core.mail import link
from consult.debate import queries as debate
from consult.documents import queries as documents
from consult.outcomes import queries as outcomes

from .. import queries, shaping
from ..sent import CommentsQuery, ConsultationsQuery, OutcomeQuery, PageQuery, ThreadQuery
from ..shapes import (
    Calls,
    Clauses,
    Comments,
    CommentWithThread,
    ConsultationShape,
    MeShape,
    OutcomeShape,
    Versions,
)
from . import asking
from .room import programs

ONE = "/consultations/<slug>"


@programs.offer("GET", "/me", scope="read", returns=MeShape)
def me_and_my_token() -> MeShape:
    """Whom the token acts for, and what it may do"""
    return shaping.me(me(), asking.token())


@programs.offer("GET", "/consultations", scope="read", is_public=True, query=ConsultationsQuery, returns=Calls)
def consultation_list(query: ConsultationsQuery) -> Calls:
    """Consultations, by group, organiser, topic and words"""
    organiser, topic, words = (text.normalise(one) for one in (query.organiser, query.topic, query.q))
    page = consultations.index(
        viewer=me(), group=query.state, organiser=organiser, topic=topic, text=words, after=query.after
    )
    rows = [shaping.call(row, link) for row in page.listing.rows]
    return Calls(rows, page.listing.total, page.listing.next_cursor)


@programs.offer("GET", ONE, scope="read", is_public=True, returns=ConsultationShape)
def consultation(slug: str) -> ConsultationShape:
    """One consultation: what is asked, by whom, until when"""
    header = consultations.header(viewer=me(), slug=slug)
    about = consultations.overview(viewer=me(), consultation=header.consultation)
    return shaping.consultation(header, about, link)


@programs.offer("GET", f"{ONE}/versions", scope="read", is_public=True, returns=Versions)
def versions(slug: str) -> Versions:
    """The versions of the draft, newest first"""
    row = consultations.find(viewer=me(), slug=slug)
    found = documents.versions(viewer=me(), consultation_id=row.id)
    return Versions([shaping.version(one, slug, link) for one in found])


@programs.offer(
    "GET", f"{ONE}/versions/<int:version>/clauses", scope="read", is_public=True, query=PageQuery, returns=Clauses
)
def clauses(slug: str, version: int, query: PageQuery) -> Clauses:
    """The text of a version, clause by clause"""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = documents.version(viewer=me(), consultation_id=consultation.id, number=version)
    page = queries.clauses(viewer=me(), version=row, after=query.after)
    return Clauses([shaping.clause(one, slug, version, link) for one in page.rows], page.next_cursor)


@programs.offer("GET", f"{ONE}/comments", scope="read", is_public=True, query=CommentsQuery, returns=Comments)
def comments(slug: str, query: CommentsQuery) -> Comments:
    """Comments, filtered and sorted as on the page of all comments"""
    row = consultations.find(viewer=me(), slug=slug)
    page, is_more = debate.card_listing(
        viewer=me(), consultation=row, filters=asking.filters(query, row), round_number=query.round,
        sort=query.sort, seed=query.seed, after=query.after,
    )  # fmt: skip
    return Comments(
        [shaping.comment(card, link) for card in page.rows],
        page.total,
        page.next_cursor,
        is_more,
    )


@programs.offer(
    "GET", f"{ONE}/comments/<number>", scope="read", is_public=True, query=ThreadQuery, returns=CommentWithThread
)
def comment(slug: str, number: str, query: ThreadQuery) -> CommentWithThread:
    """One comment with the debate under it and, once they are public, its answers"""
    row = debate.find_comment(viewer=me(), slug=slug, number=number)
    thread = debate.thread(viewer=me(), comment=row, after=query.after)
    return shaping.with_thread(thread, outcomes.answer_of(viewer=me(), comment=row), link)


@programs.offer("GET", f"{ONE}/outcome", scope="read", is_public=True, query=OutcomeQuery, returns=OutcomeShape)
def outcome(slug: str, query: OutcomeQuery) -> OutcomeShape:
    """What came of it: the summary with its sources, and how many comments had which answer"""
    row = consultations.find(viewer=me(), slug=slug)
    page = outcomes.outcome_page(viewer=me(), consultation=row, filters=outcomes.Filters(), round_number=query.round)
    return shaping.outcome(page, slug, link)
