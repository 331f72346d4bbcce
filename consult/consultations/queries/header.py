"""The top of every page about one consultation: where it stands on its way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from consult.core import clock
from consult.core.records import Record
from consult.core.rules import Actor
from consult.core.text import line

from ..models import Consultation
from .one import find

SHARES = 25  # the timeline is drawn in 25 parts
FIRST_SENTENCE = re.compile(r"((?>\[[^\]]*\]\([^)\s]*\)|.)*?[.!?])\s+(.+)", re.DOTALL)  # steps over Markdown links


class Step(Record):
    """One stretch of the timeline. Shares are out of 25; `now_share` is how much of it has passed."""

    name: str
    starts_at: datetime | None
    ends_at: datetime | None
    days_share: int
    is_done: bool
    is_current: bool
    now_share: int
    now_text: str


class Header(Record):
    """What every page about one consultation shows at its top."""

    slug: str
    title: str
    state: str
    timezone: str
    notice: Markup  # the first sentence of what stands over every page, with links, safe
    notice_rest: Markup  # what follows it; often empty
    access: str  # who reads it and who takes part, where that is not everybody
    steps: Sequence[Step]
    is_open: bool
    has_outcome: bool  # of this round or an earlier one
    is_staff: bool
    has_feeds: bool  # a feed is what a stranger reads
    round: str  # "Round 2"; empty where there is only one
    consultation: Consultation


def header(*, viewer: Actor, slug: str) -> Header:
    """The top of a page about this consultation."""
    row = find(viewer=viewer, slug=slug)
    return header_of(row, viewer=viewer)


def header_of(row: Consultation, *, viewer: Actor) -> Header:
    """The top of a page, for a consultation that is already loaded."""
    sentence = FIRST_SENTENCE.fullmatch(row.notice.strip())
    return Header(
        slug=row.slug,
        title=row.title or "Untitled consultation",
        state=row.state,
        timezone=row.timezone,
        notice=line(sentence[1] if sentence else row.notice),
        notice_rest=line(sentence[2] if sentence else ""),
        access=row.access_line,
        steps=timeline(row, clock.now()),
        is_open=row.takes_comments(),
        has_outcome=row.state in ("review", "published", "adopted") or any(r.is_over for r in row.rounds),
        is_staff=viewer.is_staff_of(row.id) or viewer.is_administrator,
        has_feeds=row.access != "private",
        round=f"Round {row.round.number}" if row.round.number > 1 else "",
        consultation=row,
    )


def timeline(row: Consultation, moment: datetime) -> Sequence[Step]:
    """The five steps of a consultation with where it stands; empty until its dates are set, or when it was withdrawn."""
    was_cut_short = row.state == "withdrawn" or (row.state == "archived" and row.published_at is None)
    if row.opens_at is None or row.closes_at is None or was_cut_short:
        return ()
    announced = row.announced_at or row.opens_at
    answered = row.response_due_at or row.closes_at + timedelta(days=60)
    review_end = row.review_ends_at or answered + timedelta(days=row.review_days)
    published = row.published_at or review_end
    spans = (
        ("Announced", min(announced, row.opens_at), row.opens_at, ("draft", "announced")),
        ("Open for comments", row.opens_at, row.closes_at, ("open", "paused")),
        ("Every comment answered", row.closes_at, answered, ("analysis",)),
        ("You check the answers", answered, review_end, ("review",)),
        ("Published", published, None, ("published", "adopted", "archived")),
    )
    total = max((review_end - spans[0][1]).total_seconds(), 1.0)
    current = next(i for i, span in enumerate(spans) if row.state in span[3])
    steps = []
    for index, (name, start, end, _states) in enumerate(spans):
        share = 4 if end is None else max(4, min(SHARES, round(SHARES * (end - start).total_seconds() / total)))
        passed = share
        if end is not None and index == current:
            part = (moment - start).total_seconds() / max((end - start).total_seconds(), 1.0)
            passed = max(1, min(share - 1, round(share * part)))
        steps.append(
            Step(
                name=name, starts_at=start, ends_at=end, days_share=share, is_done=index < current,
                is_current=index == current, now_share=passed, now_text=_where_we_are(row, moment),
            )
        )  # fmt: skip
    return tuple(steps)


def _where_we_are(row: Consultation, moment: datetime) -> str:
    if row.state == "open" and row.closes_at is not None:
        left = row.closes_at - moment
        if left.days >= 1:
            return f"Today: {left.days} day{'' if left.days == 1 else 's'} left"
        return "Today is the last day" if left > timedelta(0) else "Closing now"
    return {"paused": "Paused for now", "withdrawn": "Withdrawn", "archived": "Archived"}.get(row.state, "Today")
