"""Doors of the intake: what came by mail, on paper or in a meeting, from its arrival to its receipt."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.doors import me, see_other, show
from consult.core.downloads import download
from consult.core.errors import DomainError, Invalid
from consult.core.forms import ActionForm
from consult.core.operations import SubmissionKey
from consult.core.rules import anyone, signed_in
from consult.core.store import Kept, files
from consult.core.text import normalise

from .. import operations, receipt_codes, rules, taking
from ..forms import AsideForm, IntakeForm, MailsForm
from ..models import IntakeEntry
from ..queries import intake
from ..taking import Taken
from .room import room

ALL = "/c/<slug>/manage/intake"
ONE = f"{ALL}/<int:entry>"
OFTEN = "120 per 15 minutes"
MOST_FILES = 20


@room.get(ALL, permit=signed_in)
def intake_desk(slug: str) -> ResponseReturnValue:
    """What came, and what has to be done with it."""
    return _desk(slug, MailsForm(formdata=None))


def _desk(slug: str, form: MailsForm, taken: Sequence[tuple[str, str | int]] = (), status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    place = {name: request.args.get(name, "") for name in ("shown", "after")}
    page = intake.desk(viewer=me(), consultation=header.consultation, **place)
    return show("moderation/intake.html", header=header, page=page, form=form, taken=taken, status=status)


@room.post(f"{ALL}/mails", permit=signed_in, limit=OFTEN)
def take_in_mails(slug: str) -> ResponseReturnValue:
    """Read mails, and begin a contribution with each."""
    form = MailsForm()
    header = consultations.header(viewer=me(), slug=slug)
    intake.desk(viewer=me(), consultation=header.consultation)
    if not form.validate():
        return _desk(slug, form, status=422)
    told = _take_in(header.consultation, form)
    begun = [entry for _, entry in told if isinstance(entry, IntakeEntry)]
    problems = [(name, entry) for name, entry in told if not isinstance(entry, IntakeEntry)]
    if problems or form.errors:
        return _desk(slug, form, problems, status=422)
    flash(f"Taken in: {len(begun)} {'mail' if len(begun) == 1 else 'mails'}. Complete what is missing.")
    return see_other(".intake_entry", slug=slug, entry=begun[0].number)


def _take_in(consultation: Consultation, form: MailsForm) -> list[tuple[str, IntakeEntry | str | int]]:
    """What became of each mail: the contribution; the number of the one it was already; or why it is none. One does not
    hold up the others.
    """
    told: list[tuple[str, IntakeEntry | str | int]] = []
    for file in form.mails.data[:MOST_FILES]:
        name = normalise(file.filename or "mail")[-120:]
        try:
            told += [(one.name, _begin(consultation, one)) for one in taking.take(file.read(), name)]
        except Invalid as error:
            told.append((name, error.sentence))
    return told


def _begin(consultation: Consultation, taken: Taken) -> IntakeEntry | str | int:
    if taken.mail is None:
        return taken.problem
    named = {"message_id": taken.mail.message_id, "sha256": taken.kept[0].sha256}
    known = intake.number_of_mail(viewer=me(), consultation=consultation, **named)
    if known is not None:
        return known
    try:
        entry = operations.begin_from_mail(actor=me(), consultation=consultation, mail=taken.mail, kept=taken.kept)
    except DomainError as error:
        return error.sentence
    for remark in taken.remarks:
        flash(remark)
    return entry


@room.get(f"{ALL}/new", permit=signed_in)
def new_entry(slug: str) -> ResponseReturnValue:
    """The form for one contribution."""
    header = consultations.header(viewer=me(), slug=slug)
    today = clock.day_in(header.consultation.timezone)
    return _entering(slug, IntakeForm(header.consultation.positions, formdata=None, received_on=today))


@room.post(ALL, permit=signed_in, limit=OFTEN)
def enter(slug: str) -> ResponseReturnValue:
    """Enter a contribution; it waits for a second person."""
    consultation = consultations.find(viewer=me(), slug=slug)
    form = IntakeForm(consultation.positions)
    kept = _keep(form) if form.validate() and rules.may_take_in(me(), consultation) else []
    given = {"consultation": consultation, "fields": form.fields(), "kept": kept, "key": form.key}
    entry = None if form.errors else form.accept(operations.enter, actor=me(), **given)
    if entry is None:
        return _entering(slug, form, 422)
    flash(f"Entered as contribution {entry.number}. Somebody else compares it with what came; then it is public.")
    return see_other(".intake_desk", slug=slug, shown="entered")


def _keep(form: IntakeForm) -> list[Kept]:
    """The files into the store; what is not taken is said at their field."""
    sent: list[FileStorage] = [file for file in form.scans.data or () if file]
    try:
        return [files().put(file.read(), file.filename or "scan") for file in sent[:MOST_FILES]]
    except Invalid as error:
        form.blame(Invalid(error.sentence, "scans"))
        return []


def _entering(slug: str, form: IntakeForm, status: int = 200) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = intake.desk(viewer=me(), consultation=header.consultation)
    return show("moderation/intake_new.html", header=header, page=page, form=form, status=status)


@room.get(ONE, permit=signed_in)
def intake_entry(slug: str, entry: int) -> ResponseReturnValue:
    """One contribution beside what came."""
    return _entry(slug, entry)


def _entry(
    slug: str, number: int, form: IntakeForm | None = None, aside: AsideForm | None = None, status: int = 200
) -> Response:
    header = consultations.header(viewer=me(), slug=slug)
    page = intake.entry_page(viewer=me(), entry=intake.find(viewer=me(), slug=slug, number=number))
    form = form or IntakeForm.about(header.consultation.positions, page.entry)
    given = {
        "form": form,
        "aside": aside or AsideForm(formdata=None),
        "action": ActionForm(formdata=None),
    }
    return show("moderation/intake_entry.html", header=header, page=page, status=status, **given)


@room.post(ONE, permit=signed_in, limit=OFTEN)
def change_entry(slug: str, entry: int) -> ResponseReturnValue:
    """Complete or correct it; it waits for a second person."""
    row = intake.find(viewer=me(), slug=slug, number=entry)
    form = IntakeForm(row.consultation.positions)
    kept = _keep(form) if form.validate() and rules.may_change_entry(me(), row) else []
    given = {"entry": row, "fields": form.fields(), "kept": kept, "seen": form.seen.data or 0, "key": form.key}
    if form.errors or form.accept(operations.change_entry, actor=me(), **given) is None:
        return _entry(slug, entry, form, status=422)
    flash("Kept. Somebody else than you compares it with what came.")
    return see_other(".intake_desk", slug=slug, shown="entered")


@room.post(f"{ONE}/check", permit=signed_in)
def check_entry(slug: str, entry: int) -> ResponseReturnValue:
    """The second person has compared it: it is a comment now."""
    row = intake.find(viewer=me(), slug=slug, number=entry)
    form = IntakeForm(row.consultation.positions)
    given = {"entry": row, "fields": form.fields(), "seen": form.seen.data or 0, "key": form.key}
    done = form.accept(operations.check_entry, actor=me(), **given) if form.validate() else None
    if done is None or done.comment_id is None:
        return _entry(slug, entry, form, status=422)
    flash(
        "It is in the debate. "
        + ("The receipt is on its way." if done.email else "Print the receipt below, and send it.")
    )
    return see_other(".intake_receipt", slug=slug, entry=entry)


@room.post(f"{ONE}/setting-aside", permit=signed_in)
def set_aside(slug: str, entry: int) -> ResponseReturnValue:
    """It becomes no comment."""
    form = AsideForm()
    row = intake.find(viewer=me(), slug=slug, number=entry)
    given = {"entry": row, "reason": form.reason.data or "", "key": form.key}
    if not form.validate() or form.accept(operations.set_aside, actor=me(), **given) is None:
        return _entry(slug, entry, aside=form, status=422)
    flash("Set aside. It stays here with your reason; nothing of it is public.")
    return see_other(".intake_desk", slug=slug, shown="set_aside")


@room.get(f"{ONE}/receipt", permit=signed_in)
def intake_receipt(slug: str, entry: int) -> ResponseReturnValue:
    """What the sender gets: to look at, and to print."""
    header = consultations.header(viewer=me(), slug=slug)
    row = intake.find(viewer=me(), slug=slug, number=entry)
    if row.comment is None:
        return see_other(".intake_entry", slug=slug, entry=entry)
    code = receipt_codes.code(current_app.config["SECRET_KEY"], row.id, row.code_count)
    page = intake.entry_page(viewer=me(), entry=row)
    return show("moderation/intake_receipt.html", header=header, page=page, code=code, action=ActionForm(formdata=None))


@room.post(f"{ONE}/code", permit=signed_in)
def renew_code(slug: str, entry: int) -> ResponseReturnValue:
    """Make a new code; the one on earlier receipts is worthless."""
    row = intake.find(viewer=me(), slug=slug, number=entry)
    operations.renew_code(actor=me(), entry=row, key=SubmissionKey(ActionForm().key))
    flash("There is a new code. The ones on earlier receipts do not work any more.")
    return see_other(".intake_receipt", slug=slug, entry=entry)


@room.get(f"{ONE}/files/<int:file_id>", permit=signed_in)
def intake_file(slug: str, entry: int, file_id: int) -> ResponseReturnValue:
    """A scan, a mail or an attachment, for the staff."""
    return download(intake.file_of(viewer=me(), slug=slug, number=entry, file_id=file_id))


@room.get("/c/<slug>/comments/<number>/scans/<int:file_id>", permit=anyone)
def scan(slug: str, number: str, file_id: int) -> ResponseReturnValue:
    """A scan that its sender lets everybody see."""
    return download(intake.public_file(viewer=me(), slug=slug, number=number, file_id=file_id))
