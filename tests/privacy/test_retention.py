"""What is old enough is forgotten once a day, and no network address is kept at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.accounts import operations as accounts
from consult.accounts.models import Interest, Person
from consult.core import clock
from consult.core.db import Base, db
from consult.core.jobs import Job, later, sweep
from consult.core.limits import limiter
from consult.core.operations import Submission
from consult.core.personal import FADING
from consult.core.rules import VISITOR
from consult.debate.models import CommentDraft
from consult.notices.models import Notice
from consult.settings import Settings
from tests.make import HASH, Make
from tests.visitor import Visitor

from .test_erasure import singing
from .whole import Whole

ADDRESS = "198.51.100.77"


def left(app: Flask, model: type[Base], *, days: int) -> set[int]:
    """Which rows there are once the daily job has been there after some days."""
    with clock.shifted(timedelta(days=days)), app.app_context():
        sweep()
        return set(db.session.scalars(select(model.id)))


def test_each_declared_kind_of_row_fades_on_its_day_and_not_before(app: Flask, whole: Whole, make: Make) -> None:
    with make.writing() as session:
        session.execute(Notice.__table__.update().values(read_at=clock.now()))
        later("mail.send", {"template": "x", "to": "x@example.org", "values": {}})
        session.execute(Job.__table__.update().values(finished_at=clock.now()))
    make.row(Submission(key="0" * 32, actor_id=None, operation="x"))
    days = {fading.model: fading.after.days for fading in FADING}
    assert days[CommentDraft] == 365
    periods: dict[type[Base], int] = {Submission: 90, CommentDraft: 365, Notice: 730}
    with app.app_context():
        first = {model: set(db.session.scalars(select(model.id))) for model in periods}
    for model, count in periods.items():
        assert days[model] == count
        assert first[model] <= left(app, model, days=count - 1), model
        assert not first[model] & left(app, model, days=count + 1), model
    with app.app_context():
        assert not db.session.scalars(select(Job.id).where(Job.payload.contains("x@example.org"))).all()


def test_it_runs_once_a_day(app: Flask) -> None:
    with app.app_context():
        for _minute in range(3):
            sweep()
        assert len(db.session.scalars(select(Job.id).where(Job.kind == "privacy.fade")).all()) == 1
    assert len(left(app, Job, days=1)) == 2


def test_an_account_that_was_never_confirmed_goes_after_a_month(app: Flask, make: Make) -> None:
    with app.app_context():
        accounts.register(
            actor=VISITOR, name="Never Seen", email="never@example.org", password_hash=HASH, category="individual",
            interest="None.",
        )  # fmt: skip
    confirmed, voted = make.person(), make.person("Pointed At", email_verified_at=None)
    make.consultation(created_by_id=voted.id)
    assert len(left(app, Person, days=29)) == 3
    assert len(left(app, Person, days=31)) == 2
    with app.app_context():
        names = set(db.session.scalars(select(Person.name)))
    assert names == {confirmed.name, "Name withdrawn"}
    assert make.count(Interest) == 0


def test_mails_that_were_written_go_after_a_month(app: Flask, settings: Settings) -> None:
    path = Path(settings.instance) / "mail" / "00000001.eml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("Subject: x\n\nx\n")
    left(app, Job, days=29)
    assert path.exists()
    left(app, Job, days=31)
    assert not path.exists()


def test_no_network_address_is_in_a_table_or_a_file(
    app: Flask, make: Make, visit: Callable[..., Visitor], settings: Settings, monkeypatch: Any
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    browser = visit()
    browser.client.environ_base["REMOTE_ADDR"] = ADDRESS
    browser.open("/sign-in")
    browser.press("Sign in", email="x@example.org", password="not this one at all", status=422)
    with app.app_context():
        assert limiter.storage._execute("SELECT count(*) FROM hits")[0][0] > 0, "nothing was counted"
        assert singing(settings, ADDRESS, "198.51.100") == {}
