"""Every write of the room: what explains the draft, and what stands on the shelf."""

from __future__ import annotations

from .explaining import (
    add_question,
    add_term,
    edit_question,
    edit_term,
    move_question,
    remove_question,
    remove_term,
    take_definition,
    write_guide,
)
from .shelf import (
    accept_proposal,
    add_file,
    add_resource,
    decline_proposal,
    edit_resource,
    move_resource,
    propose_resource,
    put_back,
    take_off,
    withdraw_proposal,
)

__all__ = [
    "accept_proposal", "add_file", "add_question", "add_resource", "add_term", "decline_proposal", "edit_question",
    "edit_resource", "edit_term", "move_question", "move_resource", "propose_resource", "put_back", "remove_question",
    "remove_term", "take_definition", "take_off", "withdraw_proposal", "write_guide",
]  # fmt: skip
