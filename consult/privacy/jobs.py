"""Making copies, erasing, and forgetting what is old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from consult.core import clock, ids
from consult.core.errors import Missing
from consult.core.jobs import job, periodic
from consult.core.mail import folder as mail_folder
from consult.core.personal import FADING, HELD, Held
from consult.core.rules import SYSTEM
from consult.core.store import files

from . import operations, packing, queries
from .operations import COPY_JOB, ERASE_JOB, FADE_JOB

STEP = 10  # kinds of rows between two words about how far it is
BEING_MADE = timedelta(hours=1)


@job(COPY_JOB)
def make_copy(payload: dict[str, Any]) -> None:
    """Gather what every room holds of a person into one file; begun again it begins anew."""
    copy = queries.copy_to_make(viewer=SYSTEM, copy_id=payload["copy"])
    if copy is None:
        return
    copy_id, person_id, held = copy.id, copy.person_id, [one for one in HELD if one.is_copied]
    name = f"{ids.new_key()}.zip"
    with packing.Parcel(packing.folder() / name, person_id, clock.now()) as parcel:
        for done, one in enumerate(held):
            if done % STEP == 0:
                operations.tell_progress(actor=SYSTEM, copy_id=copy_id, done=done, total=len(held))
            _pack(parcel, one, person_id)
        parcel.names = queries.names(
            viewer=SYSTEM, consultations=parcel.ids("consultation_id"), organisations=parcel.ids("organisation_id")
        )
        size = parcel.close()
    packing.keep(name)
    if not operations.keep_copy(actor=SYSTEM, copy_id=copy_id, name=name, size=size):
        packing.remove(name)


def _pack(parcel: packing.Parcel, held: Held, person_id: int) -> None:
    rows = queries.rows_of(viewer=SYSTEM, held=held, person_id=person_id)
    parcel.add(held.model.__tablename__, rows)
    for row in rows if held.content else ():
        try:
            parcel.add_file(row, files().open(row[held.content]))
        except Missing:  # its row says what it was
            continue


@job(ERASE_JOB)
def erase(payload: dict[str, Any]) -> None:
    """Erase whose day has come, then the files that nothing leads to any more."""
    done = operations.carry_out(actor=SYSTEM, erasure_id=payload["erasure"])
    if done is not None:
        packing.forget(*done)


@periodic
def order_fading() -> None:
    """Each minute a look, without taking the write lock: once a day what is old enough is forgotten."""
    today = clock.now().date()
    if not queries.is_fading_ordered(viewer=SYSTEM, day=today):
        operations.order_fading(actor=SYSTEM, day=today)


@job(FADE_JOB)
def forget_what_is_old(payload: dict[str, Any]) -> None:
    """Whatever the rooms declared to fade, a transaction each, then files that nothing leads to."""
    for fading in FADING:
        operations.forget(actor=SYSTEM, fading=fading)
    for person_id in queries.unconfirmed(viewer=SYSTEM):
        operations.forget_unconfirmed(actor=SYSTEM, person_id=person_id)
    forget_files()


def forget_files() -> None:
    """Files of copies that no row names any more, and mails that were written a month ago."""
    kept = queries.copy_names(viewer=SYSTEM)
    for name in set(packing.older_than(clock.now() - BEING_MADE)) - set(kept):
        packing.remove(name)
    for path in _older(mail_folder(), queries.MONTH):
        path.unlink(missing_ok=True)


def _older(folder: Path, age: timedelta) -> Iterator[Path]:
    before = (clock.now() - age).timestamp()
    return (path for path in folder.iterdir() if path.stat().st_mtime < before)
