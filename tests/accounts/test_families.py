"""Parents and parts: said by whoever signs for both, shown on both pages, never in a circle."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from flask import Flask

from consult.accounts import operations
from consult.accounts.models import Organisation
from consult.core.errors import Invalid, Refused
from consult.core.rules import SYSTEM
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]


def test_who_signs_for_both_says_so_and_both_pages_show_it(make: Make, visit: Visit) -> None:
    both, one = make.person(), make.person()
    labs, group = make.organisation("Acme Labs", slug="labs"), make.organisation("Acme Group", slug="group")
    for person, body in ((both, labs), (both, group), (one, labs)):
        make.member(person, body, is_signatory=True)
    alone = visit(one)
    alone.open("/organisations/labs/parent")
    assert "signs for both" in alone.press("Save", status=403, parent="Acme Group").text
    here = visit(both)
    here.open("/organisations/labs/parent")
    here.press("Save", status=422, parent="Nobody knows it")
    assert "Name the larger organisation" in " ".join(here.press("Save", status=422, parent="").errors())
    assert "part of Acme Group" in here.press("Save", parent="acme group").text
    assert "Acme Labs" in visit().open("/organisations/group").links()
    here.open("/organisations/group/parent")
    assert "itself, or a part of it" in " ".join(here.press("Save", status=422, parent="Acme Labs").errors())
    alone.open("/organisations/labs/parent")
    assert "part of Acme Group" not in alone.press("It is not").text


def test_no_chain_of_parents_runs_in_a_circle(inside: Flask, make: Make) -> None:
    chain = [make.organisation(f"Body {n}") for n in range(4)]
    for child, above in itertools.pairwise(chain):
        operations.set_parent(actor=SYSTEM, organisation=child, parent=above)
    for below in chain:
        with pytest.raises(Invalid, match="part of it"):
            operations.set_parent(actor=SYSTEM, organisation=chain[-1], parent=below)
    with pytest.raises(Refused):
        operations.end_parent(actor=make.actor(make.person()), organisation=chain[0])
    assert make.count(Organisation, Organisation.parent_id.is_not(None)) == 3
