"""Doors of the library: adopted standards, each version with its text, its history and how it is cited."""

from __future__ import annotations

from io import BytesIO

from flask import Response, flash, render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.freshness import show_unless_kept
from consult.core.mail import link
from consult.core.rules import anyone, signed_in
from consult.core.text import normalise
from consult.documents import citation, reading
from consult.learning.models import LANGUAGES

from .. import operations, printing, queries, rules, sheets
from ..forms import AdoptionForm, ReviewForm
from ..models import StandardVersion
from .room import room


@room.get("/standards", permit=anyone)
def library() -> ResponseReturnValue:
    """All adopted standards, by words, topic, body and language."""
    asked = {name: normalise(request.args.get(name, "")[:200]) for name in ("q", "topic", "body", "language")}
    sieve = queries.Sieve(words=asked["q"], topic=asked["topic"], body=asked["body"], language=asked["language"])
    page = queries.library(viewer=me(), sieve=sieve, after=request.args.get("after"))
    return show_unless_kept("outcomes/library.html", page=page, sieve=sieve, asked=asked, languages=LANGUAGES)


@room.get("/standards/<slug>", permit=anyone)
def standard(slug: str) -> ResponseReturnValue:
    """The newest version of a standard; its address stays."""
    return _standard(queries.standard_page(viewer=me(), slug=slug))


@room.get("/standards/<slug>/<int:number>", permit=anyone)
def standard_version(slug: str, number: int) -> ResponseReturnValue:
    """One version of a standard as it was adopted."""
    return _standard(queries.standard_page(viewer=me(), slug=slug, number=number))


@room.get("/standards/<slug>/<int:number>/text", permit=anyone)
def standard_text(slug: str, number: int) -> ResponseReturnValue:
    """The whole text as it was adopted, for reading and for paper."""
    page = queries.standard_page(viewer=me(), slug=slug, number=number)
    lines = sheets.lines(reading.text(viewer=me(), version=page.version.text))
    return show_unless_kept("outcomes/standard_text.html", page=page, lines=lines)


@room.get("/standards/<slug>/<int:number>/text.html", permit=anyone)
def standard_file(slug: str, number: int) -> ResponseReturnValue:
    """The text as one file that needs nothing else."""
    page = queries.standard_page(viewer=me(), slug=slug, number=number)
    html = render_template(
        "outcomes/standard_file.html", **sheets.sheet_of(viewer=me(), version=page.version, url=_address(page.version))
    )
    return _file(page.version, html, "html", "text/html")


@room.get("/standards/<slug>/<int:number>/text.pdf", permit=anyone)
def standard_pdf(slug: str, number: int) -> ResponseReturnValue:
    """The text as a PDF, once it is made."""
    version = queries.standard_page(viewer=me(), slug=slug, number=number).version
    found = queries.pdf(viewer=me(), version=version)
    name = f"{slug}-{number}.pdf"
    return send_file(BytesIO(found.data), "application/pdf", download_name=name, last_modified=found.made_at)


@room.get("/standards/<slug>/<int:number>/citation.bib", permit=anyone)
def standard_bibtex(slug: str, number: int) -> ResponseReturnValue:
    """How it is cited, for BibTeX."""
    version = queries.standard_page(viewer=me(), slug=slug, number=number).version
    return _file(version, citation.bibtex(_source(version)), "bib", citation.BIBTEX)


@room.get("/standards/<slug>/<int:number>/citation.json", permit=anyone)
def standard_csl(slug: str, number: int) -> ResponseReturnValue:
    """How it is cited, for citation managers."""
    version = queries.standard_page(viewer=me(), slug=slug, number=number).version
    return _file(version, citation.csl(_source(version)), "json", citation.CSL)


@room.get("/standards/<slug>/review", permit=signed_in)
def look_again(slug: str) -> ResponseReturnValue:
    """Where its owner decides what becomes of a standard."""
    return _review(slug, ReviewForm(formdata=None))


@room.post("/standards/<slug>/reviews", permit=signed_in)
def decide_review(slug: str) -> ResponseReturnValue:
    """Confirm it, have it revised, or withdraw it."""
    form = ReviewForm()
    version = queries.standard_page(viewer=me(), slug=slug).version
    if form.validate() and form.accept(operations.review, actor=me(), version=version, **form.values()):
        flash("It stands in the library now, with your reason.")
        return see_other("outcomes.standard", slug=slug)
    return _review(slug, form, status=422)


@room.get("/c/<slug>/manage/adoption", permit=signed_in)
def adoption(slug: str) -> ResponseReturnValue:
    """What becomes the standard, and what the library says of it."""
    return _adoption(slug, None)


@room.post("/c/<slug>/manage/adoption", permit=signed_in)
def adopt(slug: str) -> ResponseReturnValue:
    """Adopt the newest public text."""
    form = AdoptionForm()
    form.offer(queries.kept_by(viewer=me()))
    consultation = consultations.find(viewer=me(), slug=slug)
    if form.validate() and form.accept(operations.adopt, actor=me(), consultation=consultation, **form.values()):
        version = queries.adopted_in(viewer=me(), consultation=consultation)
        flash("It is adopted, and in the library at an address that stays.")
        return see_other("outcomes.standard", slug=version.standard.slug if version else slug)
    return _adoption(slug, form, status=422)


def _source(version: StandardVersion) -> citation.Source:
    return sheets.source_of(version, url=_address(version))


def _address(version: StandardVersion) -> str:
    return link("outcomes.standard_version", slug=version.standard.slug, number=version.number)


def _standard(page: queries.StandardPage) -> ResponseReturnValue:
    headings = reading.headings(viewer=me(), version=page.version.text, deepest=1)
    cited = citation.sentence(_source(page.version))
    return show_unless_kept(
        "outcomes/standard.html", page=page, headings=headings, cited=cited, can_print=printing.is_possible()
    )


def _review(slug: str, form: ReviewForm, status: int = 200) -> ResponseReturnValue:
    page = queries.standard_page(viewer=me(), slug=slug)
    if not page.may_review:
        raise Refused(page.may_review.reason)
    return show("outcomes/review.html", page=page, form=form, status=status)


def _adoption(slug: str, form: AdoptionForm | None, status: int = 200) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    verdict = rules.may_adopt(me(), header.consultation)
    if not verdict:
        raise Refused(verdict.reason)
    page = queries.adoption_page(viewer=me(), consultation=header.consultation)
    form = form or AdoptionForm(formdata=None, **page.proposed)
    form.offer(page.kept)
    if not form.errors:
        form.seen.data = str(page.text.id)
    return show("outcomes/adoption.html", header=header, page=page, form=form, status=status)


def _file(version: StandardVersion, text: str, suffix: str, kind: str) -> ResponseReturnValue:
    name = f"{version.standard.slug}-{version.number}.{suffix}"
    answer = Response(text, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.add_etag()
    return answer.make_conditional(request)
