"""The PDF of a standard: made once by a job, where this machine can; otherwise the page says what serves instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from pypdfium2 import PdfDocument

from consult.core.jobs import Job, run_due
from consult.core.rules import SYSTEM
from consult.outcomes import operations, printing, queries
from consult.outcomes.jobs import order_pdfs
from consult.outcomes.models import StandardPdf, StandardVersion
from tests.make import Make
from tests.visitor import Visitor

Visit = Callable[..., Visitor]
with_printer = pytest.mark.skipif(not printing.is_possible(), reason="needs consult[pdf]")
without_printer = pytest.mark.skipif(printing.is_possible(), reason="says what a site without consult[pdf] does")


def _standard(make: Make) -> StandardVersion:
    row = make.consultation("adopted")
    return make.standard(row, make.version(row), "cards")


def test_a_pdf_is_kept_once_and_given_to_everybody(app: Flask, make: Make, visit: Visit) -> None:
    version = _standard(make)
    visit().open("/standards/cards/1/text.pdf", status=404)
    with app.app_context():
        assert queries.unprinted(viewer=SYSTEM) == [version.id]
        for data in (b"%PDF first", b"%PDF second"):
            operations.keep_pdf(actor=SYSTEM, version_id=version.id, data=data)
        assert queries.unprinted(viewer=SYSTEM) == []
    page = visit().open("/standards/cards")
    answer = visit().client.get(page.links()["PDF"])
    assert (answer.data, answer.content_type) == (b"%PDF first", "application/pdf")


def test_it_is_ordered_once(app: Flask, make: Make) -> None:
    version = _standard(make)
    with app.app_context():
        for _ in range(2):
            operations.order_pdf(actor=SYSTEM, version_id=version.id)
        assert queries.unprinted(viewer=SYSTEM) == []
    assert make.count(Job, Job.kind == operations.PDF_JOB) == 1


@without_printer
def test_a_site_that_cannot_print_says_so(app: Flask, make: Make, visit: Visit) -> None:
    _standard(make)
    with app.app_context():
        order_pdfs()
    assert make.count(Job, Job.kind == operations.PDF_JOB) == 0
    assert "This site makes no PDF. Print the text" in visit().open("/standards/cards").text
    with pytest.raises(printing.PrintFailed, match="weasyprint"):
        printing.pdf("<title>A</title>")


@with_printer
def test_what_was_adopted_is_printed_for_screen_readers(app: Flask, make: Make, visit: Visit) -> None:
    _standard(make)
    with app.app_context():
        order_pdfs()
        assert "being made" in visit().open("/standards/cards").text
        run_due()
    assert make.count(StandardPdf) == 1
    data = visit().client.get("/standards/cards/1/text.pdf").data
    document = PdfDocument(data)
    assert document.is_tagged()
    assert document.get_metadata_dict()["Title"] == "Model cards, version 1"
    assert [mark.get_title() for mark in document.get_toc()] == ["Model cards", "1 Scope"]
