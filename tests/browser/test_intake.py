"""A letter on paper: entered, compared by a colleague beside its scan, in the debate, and claimed by its sender."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.moderation import receipt_codes
from consult.moderation.models import IntakeEntry

from .conftest import Site, Surfer
from .test_kept import sign_in


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


SCAN = (
    b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress((b"\x00" + b"\xaa" * 60) * 40)) + _chunk(b"IEND", b"")
)  # fmt: skip


def test_from_paper_to_its_author(site: Site, surfer: Callable[..., Surfer]) -> None:
    make = site.make
    row = make.consultation()
    make.version(row)
    first, second, grace = make.staff(row, "moderator"), make.staff(row, "moderator"), make.person("Grace Hopper")
    who = surfer()
    page, desk = who.page, f"/c/{row.slug}/manage/intake"

    sign_in(who, first)
    who.open(f"{desk}/new")
    page.fill("[name=body]", "Say who publishes it.\n\nAnd when.")
    page.fill("[name=sender]", "Grace Hopper")
    page.fill("[name=received_on]", clock.day_in("UTC").isoformat())
    page.fill("[name=clauses]", "1.1")
    page.get_by_label("No, or not asked").check()
    page.set_input_files("[name=scans]", {"name": "letter.png", "mimeType": "image/png", "buffer": SCAN})
    who.press("Enter it")
    who.sees("Waits for a second person")

    sign_in(who, second)
    who.open(f"{desk}/1")
    assert page.get_by_alt_text("Scan: letter.png").evaluate("e => e.complete && e.naturalWidth") == 60
    who.press("It is as it came: post it")
    who.sees("PAPER-001", "print this page")

    with site.app.app_context():
        entry = db.session.scalars(select(IntakeEntry).where(IntakeEntry.consultation_id == row.id)).one()
        code = receipt_codes.code(site.app.config["SECRET_KEY"], entry.id, 1)
    who.sees(code)
    sign_in(who, grace)
    who.open(f"/c/{row.slug}/comments/PAPER-001")
    who.sees("Name withheld")
    who.sees("checked by a second person")
    who.press("I sent this")
    page.fill("[name=code]", code.lower())
    who.press("Make it mine")
    who.sees("Grace Hopper")
    who.open("/me")
    who.sees("PAPER-001")
