"""Organisations that are one.

Where one was merged into another, what was said keeps the organisation it was said for, as a fact, and everything that
counts or asks whose it is finds the one that goes on here. So nothing published changes, whatever comes late still
counts right, and a merge can be undone. A merge leads to its end at once (`merged_into_id` never points to one that is
merged itself).

Each room declares its rows that point to an organisation in its `bodies.py`; a test finds one that is not declared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from consult.core.db import Base
from consult.core.operations import session

from .models import (
    GuestOrganisation,
    Invitation,
    Membership,
    Organisation,
    OrganisationApart,
    OrganisationCategoryChange,
    OrganisationMerge,
    SignIn,
)

# Names for the table within a condition; made once, for a process remembers many conditions.
NOW, SAME = (cast(Table, Organisation.__table__).alias(name) for name in ("body_now", "body_same"))


def standing(column: Any) -> ColumnElement[int]:
    """As which organisation the one in `column` counts: itself, or the one it was merged into. None stays none."""
    merged = select(NOW.c.merged_into_id).where(NOW.c.id == column).correlate_except(NOW).scalar_subquery()
    return func.coalesce(merged, column)


def of_body(column: Any, organisation: Any) -> ColumnElement[bool]:
    """Whether `column` holds this organisation (an id, or a column), or one that is the same by a merge."""
    goes_on = standing(organisation)
    same = select(SAME.c.id).where(or_(SAME.c.id == goes_on, SAME.c.merged_into_id == goes_on)).correlate_except(SAME)
    result: ColumnElement[bool] = column.in_(same)
    return result


def body_of(organisation: Organisation) -> int:
    """As which organisation this one counts."""
    return organisation.merged_into_id or organisation.id


@dataclass(frozen=True, slots=True)
class Refers:
    """A column that points to an organisation.

    `moves`: in a merge it is made to point to the one that goes on, since it is about what comes. Else it says what
    was, stays, and every reader asks `standing` or `of_body`. `words`: for one and for many of these rows, on the page
    of a merge; none where they are nothing to count.
    """

    column: InstrumentedAttribute[Any]
    moves: bool
    words: tuple[str, str] = ("", "")

    @property
    def model(self) -> type[Base]:
        """The rows that point."""
        return self.column.class_  # type: ignore[return-value]

    @property
    def alone_with(self) -> Sequence[str]:
        """The columns of which each value stands once beside an organisation."""
        for rule in cast(Table, self.model.__table__).constraints:
            names = [column.name for column in rule.columns] if isinstance(rule, UniqueConstraint) else []
            if self.column.key in names:
                return [name for name in names if name != self.column.key]
        return ()


REFERS: list[Refers] = []
HOLDING: list[Callable[[], object]] = []


def refer(*declared: Refers) -> None:
    """Declare columns of a room."""
    REFERS.extend(declared)


def hold_first(function: Callable[[], object]) -> Callable[[], object]:
    """Call the decorated function first in each merge, to lock what is counted by organisation in rooms above."""
    HOLDING.append(function)
    return function


def share_parent(organisation_id: int) -> None:
    """What was merged into an organisation has its parent: what was said in that name is of the same family."""
    session().flush()
    above = session().scalar(select(Organisation.parent_id).where(Organisation.id == organisation_id))
    session().execute(
        update(Organisation).where(Organisation.merged_into_id == organisation_id).values(parent_id=above)
    )


refer(
    Refers(Organisation.parent_id, True, ("part", "parts")),
    Refers(Organisation.merged_into_id, True, ("former name", "former names")),
    Refers(Membership.organisation_id, True),  # people are shown one by one
    Refers(SignIn.acting_for_id, True),
    Refers(Invitation.organisation_id, True, ("invitation", "invitations")),
    Refers(
        GuestOrganisation.organisation_id, True, ("consultation it was let in to", "consultations it was let in to")
    ),
    Refers(OrganisationCategoryChange.organisation_id, False),
    Refers(OrganisationMerge.former_id, False),
    Refers(OrganisationMerge.into_id, False),
    Refers(OrganisationApart.one_id, False),
    Refers(OrganisationApart.other_id, False),
)
