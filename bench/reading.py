"""What a reading page costs in a short and in a long draft, with few and with many comments; prints ratios.

Needs about a minute. The page itself is the same in all four: the same chapter, with the same letters beside it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.app import create_app
from consult.consultations.models import Consultation
from consult.core.db import db, write_transaction
from consult.core.rules import SYSTEM
from consult.debate import operations as debate
from consult.documents import operations as documents
from consult.documents.importers import read
from consult.documents.models import Clause, DraftVersion
from consult.settings import Settings
from tests.make import Make

SHORT, LONG = 12, 120  # chapters of six sections of eight paragraphs: some 40 and 400 printed pages
FEW, MANY = 30, 1500  # comments
ROUNDS = 40
HERE = 5  # the chapter that is measured
LETTERS = 10  # comments on the clause that is open, in every world


def draft(chapters: int) -> str:
    """A standard with so many chapters; the first ones are the same in each."""
    paragraph = (
        "Providers of models shall keep a record of every change {} made under section {}, and show it on request."
    )
    parts = ["# A standard\n"]
    for chapter in range(1, chapters + 1):
        parts.append(f"# {chapter} Chapter {chapter}\n")
        for section in range(1, 7):
            parts.append(f"## {chapter}.{section} Section {chapter}.{section}\n")
            parts += [paragraph.format(n, f"{chapter}.{section}") + "\n" for n in range(1, 9)]
    return "\n".join(parts)


def world(app: Flask, make: Make, chapters: int, comments: int) -> list[str]:
    """A consultation on such a draft with so many comments; the addresses to measure."""
    text = draft(chapters)
    consultation = make.consultation("draft")
    with app.app_context():
        row = db.session.get(Consultation, consultation.id)
        version = documents.import_version(
            actor=SYSTEM, consultation=row, parsed=read(text), source_name="draft.md", source=text.encode()
        )
        documents.freeze_version(actor=SYSTEM, version=version)
        with write_transaction() as session:
            session.get(Consultation, consultation.id).state = "open"
        clauses = db.session.scalars(
            db.select(Clause).where(Clause.version_id == version.id, ~Clause.is_heading).order_by(Clause.rank)
        ).all()
        opened = clauses[(HERE - 1) * 48 + 3]
        others = [clause for clause in clauses if clause.page_id != opened.page_id]
        targets = [opened] * LETTERS + [others[n * 7919 % len(others)] for n in range(comments - LETTERS)]
        _comment(row, version, targets)
        page, key = opened.page.key if "page" in vars(opened) else _page_key(opened), opened.key
    room = f"/c/{consultation.slug}/v1"
    return [f"{room}/{page}", f"{room}/{page}?at={key}", f"{room}/clauses/{key}"]


def _page_key(clause: Clause) -> str:
    db.session.refresh(clause, ["page"])
    return clause.page.key


def _comment(consultation: Consultation, version: DraftVersion, targets: list[Clause]) -> None:
    for number, clause in enumerate(targets):
        debate.record_comment(
            actor=SYSTEM, consultation=consultation, version=version, clauses=[clause],
            body=f"Number {number}: say for how long, and to whom.", author_name=f"Somebody {number}", source="email",
            positions={"safety"}, stance="object", type="technical",
        )  # fmt: skip


def cost(client: FlaskClient, address: str) -> float:
    """Seconds for one page."""
    start = perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, address
    return perf_counter() - start


def main() -> None:
    """Build the four worlds, then ask for their pages in turn."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost"))
        with app.app_context():
            db.create_all()
        make = Make(app)
        names = {
            "short, few": (SHORT, FEW), "short, many": (SHORT, MANY), "long, few": (LONG, FEW), "long, many": (LONG, MANY),
        }  # fmt: skip
        worlds = {name: world(app, make, *size) for name, size in names.items()}
        client = app.test_client()
        spent: dict[tuple[str, int], list[float]] = {}
        for _ in range(ROUNDS):
            for name, addresses in worlds.items():
                for place, address in enumerate(addresses):
                    spent.setdefault((name, place), []).append(cost(client, address))
    table = Table("draft, comments", "reading page", "with letters", "clause page", box=None)
    first = [median(spent["short, few", place]) for place in range(3)]
    for name in worlds:
        table.add_row(name, *(f"{median(spent[name, place]) / first[place]:.2f}" for place in range(3)))
    Console(width=100).print(f"{SHORT} or {LONG} chapters, {FEW} or {MANY} comments; 1.00 is the short draft with few")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
