"""Who keeps a standard is told by mail that it is to be looked at again; not once she has done so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from consult.core import clock
from consult.core.db import write_transaction
from consult.core.rules import SYSTEM
from consult.notices.queries import inbox
from consult.outcomes import operations, queries
from consult.outcomes.jobs import remind_of_reviews
from consult.outcomes.models import Standard
from tests.make import Make

from .conftest import Post


@pytest.mark.parametrize("days", [89, 0])
def test_its_organisers_get_one_mail(inside: Flask, make: Make, post: Post, days: int) -> None:
    row = make.consultation("adopted")
    owner, other = make.staff(row, "organiser"), make.staff(row, "moderator")
    make.standard(row, make.version(row), "cards")
    with write_transaction() as session:
        session.execute(update(Standard).values(review_at=clock.now() + timedelta(days=days)))
    remind_of_reviews()
    remind_of_reviews()
    (mail,) = post()
    assert mail.to == owner.email
    assert mail.subject.startswith("To be looked at again by ")
    assert mail.links == ["http://localhost/standards/cards/review"]
    assert not inbox(viewer=make.actor(other)).listing.rows


def test_what_was_decided_meanwhile_is_not_mailed(inside: Flask, make: Make, post: Post) -> None:
    row = make.consultation("adopted")
    owner = make.staff(row, "organiser")
    make.standard(row, make.version(row), "cards")
    with write_transaction() as session:
        session.execute(update(Standard).values(review_at=clock.now()))
    remind_of_reviews()
    version = queries.standard_page(viewer=SYSTEM, slug="cards").version
    operations.review(actor=make.actor(owner), version=version, decision="confirm", reason="It is used daily.")
    assert post() == []
    (entry,) = inbox(viewer=make.actor(owner)).listing.rows
    assert entry.line.is_gone
