"""A copy is complete by the inventory, for its owner alone, and gone after seven days."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.db import db
from consult.core.errors import Conflict
from consult.core.jobs import run_due, sweep
from consult.core.personal import HELD
from consult.privacy import inventory, jobs, operations, packing
from consult.privacy.models import DataCopy
from consult.settings import Settings
from tests.make import HASH, Make
from tests.visitor import Visitor

from .whole import BIRD, MAIL, NAME, PICTURE, Whole

Visit = Callable[..., Visitor]


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    return json.loads(files.pop("data.json")), files


def test_a_copy_holds_every_personal_column_of_every_row(app: Flask, visit: Visit, whole: Whole) -> None:
    with app.app_context():
        operations.ask_erasure(actor=whole.make.actor(whole.person), checked_hash=HASH, words_go=False)
    browser = visit(whole.person)
    browser.open("/me/data")
    assert "It is being made" in browser.press("Make a copy").text
    with app.app_context():
        run_due()
    assert "Ready since" in browser.open("/me/data").text
    answer = browser.client.get("/me/data/copy")
    assert answer.headers["Cache-Control"] == "no-store"
    told, files = unpacked(answer.data)
    for table in inventory.personal():
        if not any(held.model.__tablename__ == table.name for held in HELD):
            assert not table.copied, f"no room says whose rows of {table.name} are"
            continue
        rows = told["tables"].get(table.name)
        assert rows, f"nothing of {table.name}, although there is something"
        for column in table.copied:
            assert any(column in row for row in rows), f"{table.name}.{column} is not in the copy"
    for table in ("comment", "reply", "cosignature", "letter", "objection"):
        withheld = {row.get("named", "name") for row in told["tables"][table]}
        assert withheld > {"name"}, f"what she withheld her name from in {table} is hers, too"
    everything = json.dumps(told, ensure_ascii=False) + "".join(files[name].decode("latin-1") for name in files)
    missing = [n for n in range(1, whole.words + 1) if f"{BIRD}{n}" not in everything]
    assert not missing, f"words that she said are not in it: {missing}"
    assert PICTURE in files.values()
    assert NAME in files["index.html"].decode()


def test_the_copy_is_nobody_elses_and_says_nothing_of_others(
    app: Flask, visit: Visit, whole: Whole, make: Make
) -> None:
    with app.app_context():
        operations.ask_copy(actor=make.actor(whole.person))
        run_due()
        name = db.session.scalars(select(DataCopy.name)).one()
        told, _files = unpacked((packing.folder() / name).read_bytes())
    assert whole.other.email not in json.dumps(told)
    assert whole.other.name not in json.dumps(told)
    assert visit(whole.other).client.get("/me/data/copy").status_code == 404
    assert visit().client.get("/me/data/copy").status_code == 303


def test_one_is_made_at_a_time_and_its_owner_is_told_once(app: Flask, make: Make, settings: Settings) -> None:
    person = make.person(email=MAIL)
    with app.app_context():
        operations.ask_copy(actor=make.actor(person))
        with pytest.raises(Conflict, match="already"):
            operations.ask_copy(actor=make.actor(person))
        run_due()
        jobs.make_copy({"copy": db.session.scalars(select(DataCopy.id)).one()})
        run_due()
        operations.ask_copy(actor=make.actor(person))
    mails = [mail.read_text() for mail in Path(settings.instance).glob("mail/*.eml")]
    assert ["is ready" in mail for mail in mails] == [True]
    assert make.count(DataCopy) == 1


def test_after_seven_days_it_is_gone_with_its_file(app: Flask, visit: Visit, make: Make) -> None:
    person = make.person()
    with app.app_context():
        operations.ask_copy(actor=make.actor(person))
        run_due()
        before = set(packing.folder().iterdir())
    assert before
    with clock.shifted(timedelta(days=7, minutes=1)):
        with app.app_context():
            sweep()
            assert not before & set(packing.folder().iterdir())
        assert visit(person).client.get("/me/data/copy").status_code == 404
    assert make.count(DataCopy) == 0
