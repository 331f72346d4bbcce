"""Whole letters: sent, cut into comments in one go, or discarded before anything of them is public."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from consult.accounts.bodies import standing
from consult.accounts.models import Membership
from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import clock, text
from consult.core.errors import Conflict, Invalid
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import appearing, composing, holding, letters, rules, wording
from consult.debate.events import LetterCut
from consult.debate.letters import Fields, Piece, Plan
from consult.debate.models import LETTER_KINDS, Comment, Letter, LetterPiece
from consult.documents import queries as documents
from consult.documents.models import Clause, DraftVersion

LONGEST_PLAN = 300_000  # characters
ELSEWHERE = (
    "The cut of this letter was changed meanwhile, in another window or by somebody else. What you chose is below;"
    " save again to keep yours."
)
NOTHING = "Let at least one paragraph begin a comment."
LEFT = (
    "This letter was sent for an organisation that its author does not sign for any more, so no comments can be posted"
    " in that name. Its author can send it again in another name."
)


@operation(rule=rules.may_send_letter, on="consultation")
def send_letter(
    *, actor: Actor, consultation: Consultation, title: str, body: str, is_handed_over: bool, kind: str = "typed",
    source_name: str = "", sha256: str = "", named: str = "name", key: str | None = None,
) -> Letter:  # fmt: skip
    """Keep a letter whole; nobody else sees it before comments are cut from it, but moderators it is handed over to.

    `kind`, `source_name`, `sha256`: of the file it came in; without one the SHA-256 is that of the text. `named`: how
    much of her name is shown, over it and over its comments.
    """
    words = text.normalise(body)
    if not words:
        raise Invalid("Write or paste your letter, or choose a file.", "body")
    if len(words) > letters.LONGEST:
        raise Invalid(
            f"This letter is {len(words):,} characters long; {letters.LONGEST:,} is the most. Send it as two letters."
            " Nothing you typed is lost.",
            "body",
        )
    _prefix, organisation, category = composing.voice(actor)
    shown = composing.shown_name(consultation, named, actor, category)
    letter = Letter(
        consultation_id=consultation.id, round_id=newest_round(viewer=actor, consultation=consultation).id,
        author_id=actor.person_id, **shown, organisation_id=organisation.id if organisation else None,
        unsigned_for_id=None if organisation else actor.acting_for_id, category=category, title=text.normalise(title)[:200] or letters.titled(organisation.name if organisation else shown["author_name"]), text=words,
        kind=composing.one_of(kind, LETTER_KINDS, "Choose a file that can be read.", "file"),
        source_name=text.normalise(source_name)[-120:], is_handed_over=is_handed_over,
        sha256=sha256 or hashlib.sha256(words.encode()).hexdigest(),
    )  # fmt: skip
    session().add(letter)
    session().flush()
    return letter


@operation(rule=rules.may_cut_letter, on="letter")
def save_cut(*, actor: Actor, letter: Letter, plan: Plan, seen: int) -> Letter:
    """Keep how far the cutting has come. Raises Conflict when it was changed since the page with `seen` was opened."""
    kept = plan.to_json()
    if len(kept) > LONGEST_PLAN:
        raise Invalid("Some of the clauses you named are far too long. Write their numbers as printed, such as 5.2.")
    if kept == letter.plan:
        return letter
    if letter.plan_number != seen:
        raise Conflict(ELSEWHERE)
    letter.plan, letter.plan_number = kept, letter.plan_number + 1
    return letter


@operation(rule=rules.may_hand_over, on="letter")
def hand_over_letter(*, actor: Actor, letter: Letter, is_handed_over: bool) -> Letter:
    """Let the moderators cut a letter, or take that back."""
    letter.is_handed_over = is_handed_over
    return letter


@operation(rule=rules.may_discard_letter, on="letter")
def discard_letter(*, actor: Actor, letter: Letter) -> None:
    """Delete a letter of which nothing is public."""
    session().execute(delete(Letter).where(Letter.id == letter.id))


@operation(rule=rules.may_cut_letter, on="letter")
def post_letter(
    *, actor: Actor, letter: Letter, version: DraftVersion, plan: Plan, origin: str = "", is_proven: bool = True, key: str | None = None
) -> Letter:  # fmt: skip
    """Post every piece of a letter as a comment of its author on the newest version: all of them, or none.

    Who cuts it for the author is shown as the one who placed the comments. The letter is public from now on.
    """
    blocks = letters.blocks(letter.text)
    found = letters.pieces(letter.text, blocks, letters.settled(plan.cuts, len(blocks)))
    if not found:
        raise Invalid(NOTHING)
    if len(found) > letters.MOST_PIECES:
        raise Invalid(
            f"This makes {len(found)} comments; {letters.MOST_PIECES} is the most that one letter can become."
        )
    consultation = session().get_one(Consultation, letter.consultation_id)
    composing.check_places(consultation, version, ())
    composing.check_newest(version)
    _check_membership(letter)
    known = _clauses(actor, version, [plan.fields.get(piece.first, Fields()) for piece in found])
    held_for = holding.reason(actor, consultation, letter.text, origin, is_proven=is_proven)
    made = [_comment(actor, letter, part, piece, plan, known, held_for) for part, piece in enumerate(found, 1)]
    letter.plan, letter.cut_at, letter.cut_by_id = plan.to_json(), clock.now(), actor.person_id
    emit(LetterCut(letter.id, actor.person_id or 0, tuple(comment.id for comment in made)))
    return letter


def _check_membership(letter: Letter) -> None:
    if letter.organisation_id is None:
        return
    membership = select(Membership.id).where(
        Membership.organisation_id == standing(letter.organisation_id), Membership.person_id == letter.author_id,
        Membership.state == "member", Membership.is_signatory,
    )  # fmt: skip
    if session().scalar(membership) is None:
        raise Invalid(LEFT)


def _clauses(actor: Actor, version: DraftVersion, fields: Sequence[Fields]) -> Mapping[str, Clause]:
    names = {name for one in fields for name in letters.clause_names(one.clauses)}
    found = documents.named(viewer=actor, version=version, names=names) if names else ()
    return {clause.key: clause for clause in found} | {clause.label: clause for clause in found}


def _comment(
    actor: Actor, letter: Letter, part: int, piece: Piece, plan: Plan, known: Mapping[str, Clause], held_for: str
) -> Comment:  # fmt: skip
    """One piece as a comment; Invalid says which one it is about."""
    fields = plan.fields.get(piece.first, Fields())
    body = letters.body_of(letter.text[piece.start : piece.end], letter.kind)
    told = letters.missing(fields, body, known, composing.LONGEST)
    if told:
        raise Invalid(f"Comment {part}: {' '.join(told)}")
    try:
        comment = _posted(actor, letter, fields, composing.given(body, ask=NOTHING), known)
        comment.held_for = held_for
        appearing.show_or_hold(comment, wording.write(comment))
    except Invalid as error:
        raise Invalid(f"Comment {part}: {error.sentence}") from None
    session().add(LetterPiece(letter_id=letter.id, comment_id=comment.id, part=part, start=piece.start, end=piece.end))
    return comment


def _posted(
    actor: Actor, letter: Letter, fields: Fields, body: str, known: Mapping[str, Clause]
) -> Comment:  # fmt: skip
    clauses = sorted({known[name] for name in letters.clause_names(fields.clauses)}, key=lambda clause: clause.rank)
    argued, paid = composing.chosen_positions(letter.consultation_id, fields.positions, fields.costs)
    is_own = actor.person_id == letter.author_id
    prefix = composing.body(letter.organisation_id).code if letter.organisation_id else composing.OF_PEOPLE
    comment = Comment(
        consultation_id=letter.consultation_id, round_id=letter.round_id,
        number=composing.next_number(letter.consultation_id, prefix), author_id=letter.author_id,
        author_name=letter.author_name, named=letter.named, signer_named=letter.named, **_signature(letter), category=letter.category,
        stance=composing.stance_of(fields.stance), type=composing.type_of(fields.type), body=body, html="",
        place=clauses[0].rank if clauses else 0, placed_by_id=None if is_own else actor.person_id,
        placed_at=None if is_own else clock.now(),
    )  # fmt: skip
    session().add(comment)
    session().flush()
    composing.anchor(comment, clauses)
    composing.argue(comment, argued, paid)
    session().flush()
    return comment


def _signature(letter: Letter) -> dict[str, Any]:
    """For which organisation its comments stand: whoever signs for it signed by sending the letter."""
    if letter.organisation_id is None:
        return {"unsigned_for_id": letter.unsigned_for_id}
    return {
        "organisation_id": composing.body(letter.organisation_id).id, "signed_by_id": letter.author_id, "signed_at": letter.received_at
    }  # fmt: skip
