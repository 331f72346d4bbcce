"""What the outcomes room does by the clock."""

from __future__ import annotations

from typing import Any

from flask import render_template

from consult.core.jobs import job, periodic
from consult.core.mail import link
from consult.core.rules import SYSTEM

from . import operations, printing, queries, sheets

REMINDERS = (0, 90)  # days before a standard is to be looked at again; the nearest first


@periodic
def remind_of_reviews() -> None:
    """Once a minute a look, without taking the write lock; a transaction for each standard of which somebody is to hear."""
    for standard_id, days in queries.reviews_due(viewer=SYSTEM, distances=REMINDERS):
        operations.remind_of_review(actor=SYSTEM, standard_id=standard_id, days=days)


@periodic
def order_pdfs() -> None:
    """Have the PDF made of what was adopted; also of what was adopted before this site could print."""
    if printing.is_possible():
        for version_id in queries.unprinted(viewer=SYSTEM):
            operations.order_pdf(actor=SYSTEM, version_id=version_id)


@job(operations.PDF_JOB)
def make_pdf(payload: dict[str, Any]) -> None:
    """Print one version, outside of any transaction, and keep what came of it."""
    version = queries.version_to_print(viewer=SYSTEM, version_id=payload["version"])
    url = link("outcomes.standard_version", slug=version.standard.slug, number=version.number)
    sheet = render_template("outcomes/standard_file.html", **sheets.sheet_of(viewer=SYSTEM, version=version, url=url))
    operations.keep_pdf(actor=SYSTEM, version_id=payload["version"], data=printing.pdf(sheet))
