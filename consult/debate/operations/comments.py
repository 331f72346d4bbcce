"""Comments: posted, edited, withdrawn, placed, and recorded from outside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from consult.accounts.models import CATEGORIES, Organisation, Person
from consult.consultations import naming
from consult.consultations.models import Consultation, Position, Round
from consult.consultations.queries import newest_round, newest_round_id
from consult.core import clock, text
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor
from consult.debate import appearing, composing, counters, holding, rules, wording
from consult.debate.events import CommentClaimed, CommentEdited, CommentPlaced, CommentPosted, CommentWithdrawn
from consult.debate.models import SOURCES, STANCES, Comment, CommentPosition, Revision
from consult.debate.passages import Span
from consult.debate.removing import stays_out
from consult.documents.models import Clause, DraftVersion

WRITE = "Write what should change, and why."


@operation(rule=rules.may_post_comment, on="consultation")
def post_comment(
    *, actor: Actor, consultation: Consultation, version: DraftVersion, clauses: Collection[Clause], body: str,
    positions: Collection[str], stance: str, type: str, costs: Collection[str] = (), must_be_satisfied: bool = False,
    new_text: str | None = None, passages: Collection[Span] = (), begun_at: str | None = None, seen_draft: int = 0,
    origin: str = "", is_proven: bool = True, named: str = "name", key: str | None = None,
) -> Comment:  # fmt: skip
    """Comment on clauses of the newest version (none: the whole draft); the same key gives the same comment.

    `positions`, `costs`: keys of the consultation's positions. `new_text`: other words for the one clause;
    the clause's own words, or nothing, propose nothing. `passages`: the very words of these clauses it is about.
    `begun_at`: the place of the draft that this was begun as; it goes in the same transaction, if it is still the one
    with this edit number. `origin`: a digest of where it comes from; `is_proven`: as in `holding`, which may make it wait.
    `named`: how much of her name is shown, see `naming`.
    """
    ordered = sorted(clauses, key=lambda clause: clause.rank)
    composing.check_places(consultation, version, ordered)
    composing.check_newest(version)
    argued, paid = composing.chosen_positions(consultation.id, positions, costs)
    body = composing.words(body, ask=WRITE)
    prefix, organisation, category = composing.voice(actor)
    comment = Comment(
        consultation_id=consultation.id, round_id=newest_round_id(viewer=actor, consultation=consultation),
        number=composing.next_number(consultation.id, prefix), author_id=actor.person_id,
        **composing.shown_name(consultation, named, actor, category), signer_named=named, **composing.signature(actor, organisation), category=category,
        stance=composing.stance_of(stance), type=composing.type_of(type), body=body, html="",
        place=ordered[0].rank if ordered else 0, held_for=holding.reason(actor, consultation, body, origin, is_proven=is_proven),
    )  # fmt: skip
    comment.is_placed = bool(argued)
    quoted = wording.write(comment)
    _settle(comment, ordered, new_text=new_text, spans=passages, must_be_satisfied=must_be_satisfied)
    composing.argue(comment, argued, paid)
    appearing.show_or_hold(comment, quoted)
    if begun_at is not None:
        composing.use_up_draft(actor, seen=seen_draft, body=body, version_id=version.id, place=begun_at)
    return comment


def _settle(
    comment: Comment,
    clauses: Sequence[Clause],
    *,
    new_text: str | None,
    spans: Collection[Span],
    must_be_satisfied: bool,
) -> None:
    session().add(comment)
    session().flush()
    composing.anchor(comment, clauses, spans)
    has_change = composing.propose(comment, clauses, new_text)
    if not must_be_satisfied:
        return
    if not (has_change and comment.type == "technical"):
        raise Invalid(
            "Only a technical comment that proposes other words can ask to be satisfied.", "must_be_satisfied"
        )
    comment.must_be_satisfied = True


@operation(rule=rules.may_record_comment, on="consultation")
def record_comment(
    *, actor: Actor, consultation: Consultation, version: DraftVersion, clauses: Collection[Clause], body: str,
    author_name: str, source: str, fingerprint: str | None = None, author: Person | None = None,
    organisation: Organisation | None = None, category: str = "other", stance: str = "", type: str = "general",
    positions: Collection[str] = (), costs: Collection[str] = (), new_text: str | None = None, source_note: str = "",
    source_url: str = "", external_id: str = "", prefix: str = "EXT", posted_at: datetime | None = None,
    language: str = "en", named: str = "name", key: str | None = None,
) -> Comment:  # fmt: skip
    """Enter a comment that came from outside; the same `fingerprint` again gives the first one, unchanged."""
    if fingerprint is not None:
        known = session().scalars(
            select(Comment).where(Comment.consultation_id == consultation.id, Comment.fingerprint == fingerprint)
        ).first()  # the consultation's row is held, and the constraint stands behind  # fmt: skip
        if known is not None:
            return known
    ordered = sorted(clauses, key=lambda clause: clause.rank)
    composing.check_places(consultation, version, ordered)
    of = _round_for(version, consultation)
    argued, paid = composing.chosen_positions(consultation.id, positions, costs, least=0)
    body = composing.given(body, ask="Enter the words of the comment.")
    comment = Comment(
        consultation_id=consultation.id, round_id=of.id,
        number=composing.next_number(consultation.id, organisation.code if organisation else prefix),
        author_id=author.id if author else None, author_name=text.normalise(author_name) or "Not named", named=named,
        organisation_id=organisation.id if organisation else None,
        category=composing.one_of(organisation.category if organisation else category, CATEGORIES, "Choose who wrote it.", "category"),
        source=composing.one_of(source, SOURCES, "Choose how it came.", "source"), source_note=source_note,
        source_url=source_url, external_id=external_id, fingerprint=fingerprint,
        stance=composing.one_of(stance, STANCES, "Choose where it stands.", "stance"), type=composing.type_of(type), body=body,
        html="", place=ordered[0].rank if ordered else 0, posted_at=posted_at or clock.now(), active_at=posted_at or clock.now(),
        language=language,
    )  # fmt: skip
    _settle(comment, ordered, new_text=new_text, spans=(), must_be_satisfied=False)
    composing.argue(comment, argued, paid)
    session().flush()
    wording.show(comment, earlier=body)  # what came from outside calls nobody
    counters.count(comment, 1)
    emit(CommentPosted(comment.id))
    return comment


@operation(rule=rules.may_renote_comment, on="comment")
def renote_comment(*, actor: Actor, comment: Comment, source_note: str) -> Comment:
    """Say anew what the source of a comment from outside says beside its words."""
    comment.source_note = text.normalise(source_note)
    return comment


@operation(rule=rules.may_give_to_author, on="comment")
def give_to_author(*, actor: Actor, comment: Comment, person: Person) -> Comment:
    """Make a person the author of what was entered for her; its number stays, and a name withheld so far is withheld."""
    counters.count(comment, -1)
    comment.author_id = person.id
    comment.author_name = naming.byline(comment.named, person.name, comment.category)
    session().flush()
    session().expire(comment, ["author"])
    counters.count(comment, 1)
    emit(CommentClaimed(comment.id))
    return comment


@operation(rule=rules.may_take_from_author, on="comment")
def take_from_author(*, actor: Actor, comment: Comment, name: str, named: str) -> Comment:
    """What somebody claimed comes from outside again, in the name it came with, or `named` as it came."""
    counters.count(comment, -1)
    comment.author_id, comment.author_name, comment.named = None, name, named
    session().flush()
    session().expire(comment, ["author"])
    counters.count(comment, 1)
    emit(CommentClaimed(comment.id))
    return comment


def _round_for(version: DraftVersion, consultation: Consultation) -> Round:
    """The round in which a comment from outside on this version counts; its outcome must still be to come."""
    newest = newest_round(viewer=SYSTEM, consultation=consultation)
    of = newest if version.round_id is None else session().get_one(Round, version.round_id)
    if of.is_over:
        raise Invalid("The outcome of this round is published, so no comment can be added to it any more.")
    return of


@operation(rule=rules.may_edit_comment, on="comment")
def edit_comment(
    *, actor: Actor, comment: Comment, body: str, seen_edit_number: int, key: str | None = None
) -> Comment:
    """Change the words of a comment; what it said before stays readable.

    Raises Conflict when it was edited since the page with number `seen_edit_number` was opened.
    """
    body = composing.words(body, ask=WRITE)
    if seen_edit_number != comment.edit_number:
        raise Conflict(
            "This comment was changed in another window meanwhile. Both wordings are here: make one of them, and save"
            " again.",
            "body",
        )
    if body == comment.body:
        return comment
    stays_out(comment, body)
    session().add(Revision(comment_id=comment.id, number=comment.edit_number, body=comment.body, html=comment.html))
    earlier, comment.body = comment.body, body
    wording.show(comment, earlier=earlier)
    comment.edit_number += 1
    comment.edited_at = clock.now()
    if comment.organisation_id is not None:  # whoever changes an organisation's words answers for them
        comment.signed_by_id, comment.signed_at = actor.person_id, comment.edited_at
    emit(CommentEdited(comment.id))
    return comment


@operation(rule=rules.may_withdraw_comment, on="comment")
def withdraw_comment(*, actor: Actor, comment: Comment, reason: str = "", key: str | None = None) -> Comment:
    """Take a comment back: its number and its replies stay, its words go."""
    was_shown = comment.state == "posted"
    comment.state = "withdrawn"
    comment.state_reason = text.normalise(reason)[:500]
    session().flush()
    if was_shown:
        counters.count(comment, -1)
    wording.show_quoters_anew(comment)
    emit(CommentWithdrawn(comment.id))
    return comment


@operation(rule=rules.may_place_comment, on="comment")
def place_comment(
    *, actor: Actor, comment: Comment, positions: Collection[str], costs: Collection[str] = (), seen: str | None = None,
    key: str | None = None,
) -> Comment:  # fmt: skip
    """Say what a comment from outside argues from; it is shown who said so.

    Conflict when somebody placed it since the page with the mark `seen` was opened, or a colleague looks at it just now.
    """
    if seen is not None and seen != comment.placed_mark:
        raise Conflict(_placed_meanwhile(comment))
    argued, paid = composing.chosen_positions(comment.consultation_id, positions, costs)
    counters.count(comment, -1)
    session().execute(delete(CommentPosition).where(CommentPosition.comment_id == comment.id))
    composing.argue(comment, argued, paid)
    comment.placed_by_id = actor.person_id
    comment.placed_at = clock.now()
    session().flush()
    session().expire(comment, ["positions", "placed_by"])
    counters.count(comment, 1)
    emit(CommentPlaced(comment.id))
    return comment


def _placed_meanwhile(comment: Comment) -> str:
    who = session().scalar(select(Person.name).where(Person.id == comment.placed_by_id)) or "somebody"
    names = session().scalars(
        select(Position.name)
        .join(CommentPosition, CommentPosition.position_id == Position.id)
        .where(CommentPosition.comment_id == comment.id, CommentPosition.is_cost.is_(False))
        .order_by(Position.id)
    )
    return f"While you were reading, {who} placed it: {', '.join(names)}. Look at it again."
