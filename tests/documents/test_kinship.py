"""Which clause is which, as an import leaves it in the database."""

from __future__ import annotations

from flask import Flask

from consult.core.rules import SYSTEM
from consult.documents import alignment, operations
from consult.documents.kinship import kinship
from tests.documents.test_operations import bring, move
from tests.make import Make

RECORD = "Providers of models shall keep a record of every change for 30 days after it was made."
SHOW = "On request of the authority they show that record without undue delay and free of charge."
FIRST = f"# Duties\n\n{RECORD} {SHOW}\n\nNothing here limits what the law asks for.\n"
SECOND = f"# Duties\n\n{RECORD}\n\n{SHOW}\n\nNothing here limits what the law asks for.\n"


def test_a_split_is_kept_to_be_confirmed(inside: Flask, make: Make) -> None:
    consultation = make.consultation("draft")
    old = bring(consultation, FIRST)
    move(consultation, "published")
    operations.freeze_version(actor=SYSTEM, version=old)
    kin = kinship(viewer=SYSTEM, old=old, new=bring(consultation, SECOND))
    fates = {(row.old, row.new): (row.fate, row.is_sure) for row in kin.alignment.rows}
    assert fates[(1,), (1, 2)] == (alignment.SPLIT, False)
    assert fates[(2,), (3,)] == (alignment.UNCHANGED, True)
