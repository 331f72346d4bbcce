"""Doors of the documents room."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import Response, flash, request, send_file
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.doors import Room, me, see_other, show
from consult.core.errors import Missing
from consult.core.forms import ActionForm
from consult.core.freshness import show_unless_kept
from consult.core.ids import whole
from consult.core.mail import link
from consult.core.rules import anyone, signed_in
from consult.learning import reading as learning
from consult.outcomes import queries as outcomes

from . import citation, comparison, confirming, importers, lines, operations, queries, reading, redline_file, structure
from .exporters.word_file import MEDIA_TYPE as WORD
from .forms import AlikeForm, CorrectionForm, DecisionForm, DraftForm, KeepForm, LinkForm, UndoForm
from .importers.formats import media_type
from .kinship import kinship
from .models import DraftVersion
from .preview import NAMES

room = Room("documents")
PUBLIC_FOR_EVER = "public, max-age=31536000, immutable"
PICTURE_POLICY = "default-src 'none'; sandbox"  # whoever opens one by itself gets a picture and nothing else
DECIDE: dict[str, Callable[..., DraftVersion]] = {
    "same": operations.confirm_pairs, "different": operations.part_pairs, "back": operations.take_back,
}  # fmt: skip
NOTHING_STAGED = "No text waits to be kept: perhaps you kept it already. The list shows what is there."


@room.get("/c/<slug>/manage/draft", permit=signed_in)
def manage_draft(slug: str) -> ResponseReturnValue:
    """The draft of a consultation: what is there, and how to bring in another."""
    return _manage(queries.manage_page(viewer=me(), slug=slug))


@room.post("/c/<slug>/manage/draft", permit=signed_in, limit="60 per hour")
def look_at_draft(slug: str) -> ResponseReturnValue:
    """Read a file or a pasted text and show what was found; nothing is replaced yet."""
    page = queries.manage_page(viewer=me(), slug=slug)
    form = DraftForm()
    if form.validate():
        sent = form.source
        taken = form.accept(importers.take, data=sent.data, field=sent.field, name=sent.name)
        if taken is not None:
            operations.stage_draft(
                actor=me(), consultation=page.header.consultation, parsed=taken.parsed, source_name=sent.name,
                source=taken.source, key=form.key,
            )  # fmt: skip
            return see_other("documents.manage_draft", slug=slug)
    return _manage(page, form=form, status=422)


@room.get("/c/<slug>/manage/draft/structure", permit=signed_in)
def show_structure(slug: str) -> ResponseReturnValue:
    """The parts of the text that was looked at, to be corrected before it is kept."""
    page = structure.structure_page(viewer=me(), slug=slug, asked=structure.Asked.of(request.args))
    return _structure(page, slug)


@room.post("/c/<slug>/manage/draft/structure/corrections", permit=signed_in)
def correct_structure(slug: str) -> ResponseReturnValue:
    """Correct one part of the structure."""
    form = CorrectionForm()
    page = structure.structure_page(viewer=me(), slug=slug, asked=structure.Asked.of(request.values))
    if page is None:
        return _structure(page, slug)
    edit = form.accept(form.read) if form.validate() else None
    if edit and form.accept(
        operations.correct_structure, actor=me(), staged=page.staged, consultation=page.header.consultation,
        seen=form.seen.data, edit=edit, key=form.key,
    ):  # fmt: skip
        key = page.goes_on_at(edit)
        return see_other("documents.show_structure", slug=slug, unit=key, _anchor=f"u-{key}")
    return _structure(page, slug, form=form, status=422)


@room.post("/c/<slug>/manage/draft/structure/undoing", permit=signed_in)
def undo_corrections(slug: str) -> ResponseReturnValue:
    """Take the last correction back, or all of them."""
    page = structure.structure_page(viewer=me(), slug=slug)
    if page is None:
        return _structure(page, slug)
    form = UndoForm()
    if form.validate() and form.accept(
        operations.undo_corrections, actor=me(), staged=page.staged, consultation=page.header.consultation,
        seen=form.seen.data, is_all=form.what.data == "all", key=form.key,
    ):  # fmt: skip
        return see_other("documents.show_structure", slug=slug)
    return _structure(page, slug, undo=form, status=422)


@room.post("/c/<slug>/manage/draft/keeping", permit=signed_in)
def keep_draft(slug: str) -> ResponseReturnValue:
    """Make the text that was looked at the draft."""
    page = queries.manage_page(viewer=me(), slug=slug)
    staged = queries.staged(viewer=me(), consultation_id=page.header.consultation.id)
    if staged is None:
        flash(NOTHING_STAGED)
        return see_other("documents.manage_draft", slug=slug)
    form = KeepForm()
    if form.validate() and form.accept(
        operations.keep_draft, actor=me(), staged=staged, consultation=page.header.consultation,
        sha256=form.sha256.data, name=form.name.data, change_note=form.change_note.data, key=form.key,
    ):  # fmt: skip
        flash("This text is the draft now. Read it once as a reader would.")
        return see_other("documents.manage_draft", slug=slug)
    return _manage(page, keep=form, status=422)


@room.post("/c/<slug>/manage/draft/discarding", permit=signed_in)
def discard_draft(slug: str) -> ResponseReturnValue:
    """Put the text that was looked at away."""
    page = queries.manage_page(viewer=me(), slug=slug)
    if page.staged is not None:
        operations.discard_draft(actor=me(), staged=page.staged, consultation=page.header.consultation)
        flash("That text is put away. The draft is as it was.")
    return see_other("documents.manage_draft", slug=slug)


@room.post("/c/<slug>/manage/draft/v<int:version>/freezing", permit=signed_in)
def freeze_version(slug: str, version: int) -> ResponseReturnValue:
    """Make a next version public."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=consultation.id, number=version)
    operations.freeze_version(actor=me(), version=row, key=ActionForm().key)
    flash(f"Version {version} is public now and can never change.")
    return see_other("documents.manage_draft", slug=slug)


@room.get("/c/<slug>/manage/draft/v<int:version>/alignment", permit=signed_in)
def alignment_table(slug: str, version: int) -> ResponseReturnValue:
    """Which clause of a version is which of the one before, to be confirmed or corrected."""
    return _table(slug, version)


@room.post("/c/<slug>/manage/draft/v<int:version>/alignment/decisions", permit=signed_in)
def decide_pairs(slug: str, version: int) -> ResponseReturnValue:
    """Say of one or several pairs that they are the same clause, or not, or take that back."""
    _, row, _ = confirming.subject(viewer=me(), slug=slug, number=version)
    form = DecisionForm()
    kept = form.accept(DECIDE[form.decision.data], actor=me(), version=row, **form.values) if form.validate() else None
    if kept is not None:
        return _back_to(slug, version, form.found[0][1])
    return _table(slug, version, decision=form)


@room.post("/c/<slug>/manage/draft/v<int:version>/alignment/links/<int:clause>", permit=signed_in)
def link_clause(slug: str, version: int, clause: int) -> ResponseReturnValue:
    """Say which clause of the version before one of this version is."""
    _, row, _ = confirming.subject(viewer=me(), slug=slug, number=version)
    form = LinkForm()
    if form.validate() and form.accept(
        operations.link_by_hand, actor=me(), version=row, new_id=clause, name=form.name.data.strip(), key=form.key
    ):
        return _back_to(slug, version, clause)
    return _table(slug, version, link=form, at=clause)


@room.post("/c/<slug>/manage/draft/v<int:version>/alignment/confirmations", permit=signed_in)
def confirm_alike(slug: str, version: int) -> ResponseReturnValue:
    """Confirm all pairs that are at least so alike."""
    _, row, _ = confirming.subject(viewer=me(), slug=slug, number=version)
    form = AlikeForm()
    take = operations.confirm_alike
    kept = form.accept(take, actor=me(), version=row, key=form.key, **form.numbers) if form.validate() else None
    if kept is not None:
        flash("They are confirmed. You can take all of them back at once, or each by itself.")
        return see_other("documents.alignment_table", slug=slug, version=version)
    return _table(slug, version, alike=form)


@room.get("/c/<slug>/v<int:version>/source", permit=anyone)
def source(slug: str, version: int) -> ResponseReturnValue:
    """The file of a version, byte for byte as it arrived."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = queries.source(viewer=me(), consultation_id=consultation.id, number=version)
    return send_file(
        BytesIO(row.source), media_type(row.source_format), as_attachment=True, download_name=row.source_name,
        etag=row.sha256,
    )  # fmt: skip


@room.get("/c/<slug>/v<int:version>/pictures/<name>", permit=anyone)
def picture(slug: str, version: int, name: str) -> ResponseReturnValue:
    """A picture of a version, for whoever may read the version."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=consultation.id, number=version)
    found = queries.picture(viewer=me(), version=row, name=name)
    answer = send_file(BytesIO(found.data), found.media_type, etag=found.name)
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    is_for_ever = row.frozen_at is not None and consultation.access != "private"  # public, and never another
    answer.headers["Cache-Control"] = PUBLIC_FOR_EVER if is_for_ever else "private, no-store"
    return answer


@room.get("/c/<slug>/v<int:version>/print", permit=anyone)
def print_view(slug: str, version: int) -> ResponseReturnValue:
    """A whole version on one sheet, for paper and for searching in."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=header.consultation.id, number=version)
    clauses = reading.text(viewer=me(), version=row)
    htmls, entries = learning.for_paper(viewer=me(), consultation_id=header.consultation.id, clauses=clauses)
    lines = list(zip(clauses, reading.levels(clauses), htmls, strict=True))
    cited = citation.sentence(_cited(header.consultation, row)) if row.frozen_at else ""
    return show_unless_kept(
        "documents/print.html", slug=slug, header=header, version=row, lines=lines, entries=entries, cited=cited
    )


@room.get("/c/<slug>/v<int:version>/citation.<any(bib,json):kind>", permit=anyone)
def cite(slug: str, version: int, kind: str) -> ResponseReturnValue:
    """How a public draft is cited as what it is, for BibTeX or as CSL-JSON."""
    consultation = consultations.find(viewer=me(), slug=slug)
    source = _cited(consultation, queries.version(viewer=me(), consultation_id=consultation.id, number=version))
    written, media = (citation.bibtex, citation.BIBTEX) if kind == "bib" else (citation.csl, citation.CSL)
    answer = Response(written(source), content_type=f"{media}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{source.key}.{kind}"'
    return answer


@room.get("/c/<slug>/v<int:version>/lines", permit=anyone)
def numbered(slug: str, version: int) -> ResponseReturnValue:
    """A whole version with line numbers, as plain text; ?at= leads to the clause of a line."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=header.consultation.id, number=version)
    asked = request.args.get("at", "").strip()
    if asked:
        clause = reading.at_line(viewer=me(), version=row, number=_line(asked))
        return see_other("debate.clause", slug=slug, version=version, key=clause.key)
    clauses = reading.text(viewer=me(), version=row)
    text = lines.page(row.draft.title, row.number, row.sha256, row.lines_tool, clauses)
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.add_etag()
    return answer.make_conditional(request)


@room.get("/c/<slug>/v<int:version>/text.md", permit=anyone)
def as_markdown(slug: str, version: int) -> ResponseReturnValue:
    """A whole version as Markdown, to be edited elsewhere and brought in again."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = queries.version(viewer=me(), consultation_id=consultation.id, number=version)
    answer = Response(reading.markdown(viewer=me(), version=row), content_type="text/markdown; charset=utf-8")
    answer.add_etag()
    return answer.make_conditional(request)


@room.get("/c/<slug>/draft/compare", permit=anyone)
def compare_versions(slug: str) -> ResponseReturnValue:
    """What changed between two versions: word by word, moves as moves, a page at a time."""
    return _compare(slug)


@room.get("/c/<slug>/draft/compare/print", permit=anyone, limit="60 per hour")
def print_changes(slug: str) -> ResponseReturnValue:
    """The same in one column and as one page, for paper."""
    return _compare(slug, is_on_paper=True)


def _compare(slug: str, *, is_on_paper: bool = False) -> ResponseReturnValue:
    header = consultations.header(viewer=me(), slug=slug)
    versions = queries.versions(viewer=me(), consultation_id=header.consultation.id)
    asked = request.args
    pair = comparison.pick(versions, asked.get("from", ""), asked.get("to", ""))
    if pair is None:
        return show_unless_kept("documents/compare.html", slug=slug, header=header, compared=None)
    accepted = _accepted(header, versions, pair)
    compared = comparison.compare(
        viewer=me(), old=pair[0], new=pair[1], page=asked.get("page", 1, type=whole), show=asked.get("show", ""),
        accepted=accepted.by_lineage if accepted.is_told else None, language=header.consultation.language,
        is_on_paper=is_on_paper,
    )  # fmt: skip
    on_whole = accepted.on_whole[: comparison.ROWS] if compared.show == comparison.WITHOUT_CHANGE else []
    told = outcomes.tell_causes(viewer=me(), comment_ids={*compared.named, *on_whole})
    return show_unless_kept(
        "documents/compare.html", slug=slug, header=header, versions=versions, compared=compared, accepted=accepted,
        on_whole=on_whole, told=told, is_side=asked.get("view") == "side" and not is_on_paper, is_on_paper=is_on_paper,
    )  # fmt: skip


@room.get("/c/<slug>/draft/compare/redline.docx", permit=anyone, limit="60 per hour")
def redline_docx(slug: str) -> ResponseReturnValue:
    """The whole newer text as a Word file whose tracked changes lead back to the older one."""
    header = consultations.header(viewer=me(), slug=slug)
    versions = queries.versions(viewer=me(), consultation_id=header.consultation.id)
    pair = comparison.pick(versions, request.args.get("from", ""), request.args.get("to", ""))
    if pair is None:
        raise Missing("There is one version of this draft so far, so there is nothing to compare it with.")
    accepted = _accepted(header, versions, pair).by_lineage
    kin = kinship(viewer=me(), old=pair[0], new=pair[1])
    told = outcomes.tell_causes(viewer=me(), comment_ids=redline_file.named(kin, accepted))
    numbers: dict[str, Any] = {"from": pair[0].number, "to": pair[1].number}
    data = redline_file.redline_file(
        viewer=me(), versions=pair, kin=kin, accepted=accepted, told=told, language=header.consultation.language,
        address=link("documents.compare_versions", slug=slug, **numbers),
    )  # fmt: skip
    name = f"{slug}-draft-{pair[0].number}-to-{pair[1].number}.docx"
    return send_file(BytesIO(data), WORD, as_attachment=True, download_name=name, etag=hashlib.sha256(data).hexdigest())


def _accepted(
    header: consultations.Header, versions: Sequence[DraftVersion], pair: tuple[DraftVersion, DraftVersion]
) -> outcomes.Accepted:
    """The accepted comments on what came before the newer of two versions, from the older one on."""
    between = [version for version in versions if pair[0].number <= version.number < pair[1].number]
    return outcomes.accepted(viewer=me(), consultation=header.consultation, between=between)


def _cited(consultation: Consultation, row: DraftVersion) -> citation.Source:
    """A version as what it is: a draft for consultation, today; Missing before it is public."""
    if row.frozen_at is None:
        raise Missing("This draft is not public yet, so nobody can look up what is cited of it.")
    return citation.Source(
        key=f"{consultation.slug}-draft-{row.number}", title=row.draft.title, designation=row.name, version=row.number,
        bodies=[consultation.organiser_name or "The organisers", *consultation.co_organisers.splitlines()], editors=(),
        day=row.frozen_at.date(), url=link("documents.print_view", slug=consultation.slug, version=row.number),
        language=consultation.language, sha256=row.sha256, accessed=clock.now().date(),
    )  # fmt: skip


def _line(asked: str) -> int:
    """The number of a line as somebody wrote it."""
    digits = asked.lower().removeprefix("line").strip().replace(",", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Missing("Write the number of a line, such as 1042.")
    return int(digits)


def _manage(
    page: queries.ManagePage, *, form: DraftForm | None = None, keep: KeepForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """The one page all of this happens on."""
    return show(
        "documents/manage_draft.html", page=page, header=page.header, form=form or DraftForm(formdata=None),
        keep=keep or _keep_form(page), action=ActionForm(formdata=None), status=status,
    )  # fmt: skip


def _structure(
    page: structure.StructurePage | None, slug: str, *, form: CorrectionForm | None = None,
    undo: UndoForm | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    if page is None:
        flash(NOTHING_STAGED)
        return see_other("documents.manage_draft", slug=slug)
    form = form or CorrectionForm(formdata=None)
    form.suit(page.opened)
    return show(
        "documents/structure.html", names=NAMES, page=page, header=page.header, form=form, undo=undo or UndoForm(formdata=None),
        status=status,
    )  # fmt: skip


def _keep_form(page: queries.ManagePage) -> KeepForm:
    return KeepForm(formdata=None, sha256=page.staged.sha256 if page.staged else "")


def _table(
    slug: str, version: int, *, decision: DecisionForm | None = None, link: LinkForm | None = None,
    alike: AlikeForm | None = None, at: int | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """The one page clauses are confirmed on; with a form that was not accepted, 422."""
    args, failed = request.args, decision or link or alike
    asked = confirming.Asked(
        show=args.get("show", ""), page=args.get("page", 0, type=whole), at=at or args.get("at", 0, type=whole),
        alike=max(1, min(args.get("alike", confirming.ALIKE, type=whole), 100)),
    )  # fmt: skip
    page = confirming.table(viewer=me(), slug=slug, number=version, asked=asked)
    return show(
        "documents/alignment.html", slug=slug, page=page, header=page.header, failed=failed, link=link, at=asked.at,
        action=ActionForm(formdata=None), fresh=LinkForm(formdata=None), status=422 if failed else 200,
    )  # fmt: skip


def _back_to(slug: str, version: int, clause: int) -> ResponseReturnValue:
    """To the row one has just decided on, among those that were shown."""
    shown = request.args.get("show")
    return see_other(
        "documents.alignment_table", slug=slug, version=version, show=shown if shown in confirming.SHOWS else None,
        at=clause, _anchor=f"c{clause}",
    )  # fmt: skip
