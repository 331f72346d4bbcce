"""Jobs and mails."""

from __future__ import annotations

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.core.doors import me, see_other, show
from consult.core.rules import administrators

from .. import kinds, operations, queries
from ..forms import ReasonForm
from ..queries.work import SHOWN
from ..rules import proven_administrators
from .room import asked, page_of_list, room


@room.get("/administration/jobs", permit=administrators)
def jobs() -> ResponseReturnValue:
    """Work that waits, is being done, is done or failed."""
    page = _page(only_mail=False)
    return show("administration/jobs.html", page=page, states=SHOWN, kinds=kinds.KINDS, only_mail=False)


@room.get("/administration/mail", permit=administrators)
def mail() -> ResponseReturnValue:
    """The same for mails alone, with masked addresses."""
    page = _page(only_mail=True)
    return show("administration/jobs.html", page=page, states=SHOWN, kinds=kinds.KINDS, only_mail=True)


@room.post("/administration/jobs/<int:job_id>/another-try", permit=proven_administrators, limit="600 per hour")
def retry(job_id: int) -> ResponseReturnValue:
    """Have one job done now."""
    operations.retry_job(actor=me(), job=queries.job(viewer=me(), job_id=job_id))
    flash("It is tried again now.")
    return see_other(_back())


@room.post("/administration/jobs/tries", permit=proven_administrators, limit="200 per hour")
def retry_all() -> ResponseReturnValue:
    """Have all failed jobs of a kind done now."""
    count = operations.retry_jobs(actor=me(), kind=_kind(request.form))
    flash(f"{count:,} {'job is' if count == 1 else 'jobs are'} tried again now.")
    return see_other(_back())


@room.get("/administration/jobs/<int:job_id>/discarding", permit=administrators)
def discarding(job_id: int) -> ResponseReturnValue:
    """What giving a job up means."""
    line = queries.line(viewer=me(), job_id=job_id)
    return show("administration/discarding.html", line=line, form=ReasonForm(formdata=None), only_mail=_is_mail())


@room.post("/administration/jobs/<int:job_id>/discarding", permit=proven_administrators, limit="600 per hour")
def discard(job_id: int) -> ResponseReturnValue:
    """Give it up, with a reason."""
    line, form = queries.line(viewer=me(), job_id=job_id), ReasonForm()
    if form.validate():
        form.accept(operations.discard_job, actor=me(), job=line.job, reason=form.reason.data)
    if form.errors:
        return show("administration/discarding.html", line=line, form=form, only_mail=_is_mail(), status=422)
    flash("It is discarded, and what it carried is forgotten.")
    return see_other(_back())


def _page(*, only_mail: bool):  # type: ignore[no-untyped-def]
    after, before = page_of_list()
    return queries.work(
        viewer=me(), shown=asked().show, kind=_kind(request.args), only_mail=only_mail, after=after, before=before
    )


def _kind(given) -> str:  # type: ignore[no-untyped-def]
    kind = given.get("kind", "")
    return kind if kind in kinds.KINDS else ""


def _is_mail() -> bool:
    return request.values.get("list") == "mail"


def _back() -> str:
    return ".mail" if _is_mail() else ".jobs"
