"""Signing for an organisation what its members wrote, or posting it as one's own."""

from __future__ import annotations

import json

from sqlalchemy import select

from consult.core import clock
from consult.core.errors import Conflict
from consult.core.events import emit
from consult.core.operations import operation, session
from consult.core.records import replace
from consult.core.rules import Actor
from consult.debate import composing, counters, queries, rules
from consult.debate.events import CommentSigned
from consult.debate.models import Comment, OrganisationDraft
from consult.documents.models import Clause

from .comments import post_comment

CHANGED = "It was changed since you opened this page. Read it as it is now: what you sign is what stands in your name."


@operation(rule=rules.may_sign_comment, on="comment")
def sign_comment(
    *, actor: Actor, comment: Comment, seen_edit_number: int, named: str = "name", key: str | None = None
) -> Comment:
    """Let a comment that a member posted unsigned stand in the organisation's name; its number stays.

    `named`: how much of the signatory's name is shown. Every count moves with it, from a person's to the organisation's. Raises Conflict when its words are not those of
    `seen_edit_number`.
    """
    if seen_edit_number != comment.edit_number:
        raise Conflict(CHANGED)
    organisation = composing.body(comment.unsigned_for_id)
    comment.signer_named = composing.chosen_name(comment.consultation, named)
    counters.count(comment, -1)
    comment.organisation_id, comment.unsigned_for_id = organisation.id, None
    comment.category = organisation.category
    comment.signed_by_id, comment.signed_at = actor.person_id, clock.now()
    session().flush()
    session().expire(comment, ["organisation", "unsigned_for", "signed_by"])
    counters.count(comment, 1)
    emit(CommentSigned(comment.id))
    return comment


@operation(rule=rules.may_sign_shared, on="draft")
def sign_shared(
    *, actor: Actor, draft: OrganisationDraft, seen: int, named: str = "name", key: str | None = None
) -> Comment:
    """Post what the members wrote in the organisation's name; who signs answers for it. Once, whoever signs.

    Raises Conflict when it was changed since edit number `seen`: nothing is signed unread.
    """
    return _say(actor, draft, seen, named)


@operation(rule=rules.may_post_as_own, on="draft")
def post_shared_as_own(
    *, actor: Actor, draft: OrganisationDraft, seen: int, named: str = "name", key: str | None = None
) -> Comment:
    """Post it in the name of the member who began it; a signatory can still sign it while comments are open."""
    return _say(actor, draft, seen, named)


def _say(actor: Actor, draft: OrganisationDraft, seen: int, named: str) -> Comment:
    if seen != draft.edit_number:
        raise Conflict(CHANGED)
    fields = json.loads(draft.fields)
    keys = draft.place.split()
    there = session().scalars(select(Clause).where(Clause.version_id == draft.version_id, Clause.key.in_(keys))).all()
    target = queries.writing_about(
        viewer=actor, consultation=draft.consultation, version=draft.version, named=there,
        passages=fields.get("passages", ()),
    )  # fmt: skip
    names = [name for part in fields.get("also", "").split(",") if (name := part.strip())]
    also = queries.further_clauses(viewer=actor, version=draft.version, names=names)
    comment = post_comment(
        actor=replace(actor, acting_for_id=composing.body(draft.organisation_id).id), consultation=draft.consultation,
        version=draft.version, clauses={*target.clauses, *also}, passages=target.spans,
        body=fields.get("body", ""), positions=fields.get("positions", ()), costs=fields.get("costs", ()),
        stance=fields.get("stance", ""), type=fields.get("type", "general"), new_text=fields.get("new_text"),
        must_be_satisfied=bool(fields.get("must_be_satisfied")), named=named,
    )  # fmt: skip
    draft.stage, draft.proposed_at, draft.comment_id = "posted", None, comment.id
    composing.note_down(actor, draft, "posted")
    session().flush()
    session().expire(draft, ["comment"])
    return comment
