"""Whole letters to the EU AI Act, cut by their authors or handed over to the moderators."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.operations import operation
from consult.core.records import replace
from consult.core.rules import Actor, system_only
from consult.debate import operations as debate
from consult.debate import queries
from consult.debate.letters import Plan
from consult.documents.models import DraftVersion

from ..script import DemoLetter


@operation(rule=system_only)
def send_and_cut(
    *, actor: Actor, author: Actor, consultation: Consultation, version: DraftVersion, said: DemoLetter
) -> None:
    """Send a letter, and cut it as is proposed if it says what its pieces argue from."""
    sent = debate.send_letter(
        actor=author, consultation=consultation, title=said.title, body=said.body, is_handed_over=not said.piece
    )
    letter = queries.find_letter(viewer=author, slug=consultation.slug, letter_id=sent.id)
    if said.piece:
        page = queries.cutting(viewer=author, letter=letter)
        debate.post_letter(actor=author, letter=letter, version=version, plan=_plan(page, said))


def _plan(page: queries.Cutting, said: DemoLetter) -> Plan:
    if len(page.pieces) != len(said.piece):
        raise ValueError(
            f"letter {said.title}: {len(page.pieces)} pieces are proposed, {len(said.piece)} are described"
        )
    chosen = {
        piece.first: replace(
            piece.fields, positions=tuple(one.positions), costs=tuple(one.costs), stance=one.stance, type=one.type
        )
        for piece, one in zip(page.pieces, said.piece, strict=True)
    }
    return replace(page.plan, fields=chosen)
