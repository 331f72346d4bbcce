"""Administrative acts as a CSV file that no spreadsheet takes for formulas. Knows neither database nor web."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from consult.accounts.models import Organisation
from consult.outcomes.tables import BYTE_ORDER_MARK, FORMULA

from .models import AdministrativeAct

COLUMNS = (
    "number", "at", "act", "by_account", "by_name", "person", "person_name", "organisation", "consultation", "job",
    "detail", "reason",
)  # fmt: skip


def row(act: AdministrativeAct, organisations: Mapping[int, Organisation]) -> dict[str, object]:
    """One act with the names of COLUMNS; people by the number of their account and by name."""
    body = organisations.get(act.organisation_id or 0)
    return {
        "number": act.id,
        "at": act.at.isoformat(timespec="seconds"),
        "act": act.verb,
        "by_account": act.by_id or "",
        "by_name": act.by.name if act.by else act.by_name,
        "person": act.person_id or "",
        "person_name": act.person.name if act.person else "",
        "organisation": body.name if body else act.organisation_id or "",
        "consultation": act.consultation.slug if act.consultation else "",
        "job": act.job_id or "",
        "detail": act.detail,
        "reason": act.reason,
    }


def csv_parts(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The rows as CSV, a line at a time."""
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for one in rows:
        yield _line([_cell(one[name]) for name in COLUMNS])


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: object) -> str:
    words = str(value)
    return "'" + words if words.lstrip(" ").startswith(FORMULA) else words
