"""Weigh the main pages of the demo as a new visitor loads them; prints a table. Needs about half a minute."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from consult.app import create_app
from consult.core.db import db
from consult.core.rules import SYSTEM
from consult.demo import operations
from consult.demo.material import prepare
from consult.settings import Settings
from tests.demo.weighing import longest_reading_pages, main_pages, weigh

LIMIT = 150_000


def main() -> None:
    """Load the demo into a folder that goes away, and weigh."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance=folder, mode="test", public_url="http://localhost"))
        with app.app_context():
            db.create_all()
            operations.load(actor=SYSTEM, material=prepare(lambda _: None), tell=lambda _: None)
        table = Table("page", "KB, all", "KB, HTML", "requests", "statements", box=None)
        for name, url in main_pages(app).items():
            found = weigh(app, url)
            table.add_row(name, *_shown(found.size, found.html), str(found.requests), str(found.statements))
        for slug in ("eu-ai-act", "csaf-2-1"):
            heaviest = max((weigh(app, url) for url in longest_reading_pages(app, slug, 5)), key=lambda w: w.size)
            name = f"heaviest reading page: {heaviest.url}"
            table.add_row(name, *_shown(heaviest.size, heaviest.html), str(heaviest.requests), str(heaviest.statements))
        Console(width=110).print(table)


def _shown(*sizes: int) -> tuple[str, ...]:
    return tuple(f"{size / 1000:.1f}" for size in sizes)


if __name__ == "__main__":
    main()
