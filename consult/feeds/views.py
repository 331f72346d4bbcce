"""Doors of the feeds. Each is read as a stranger reads it, whoever asks: it depends on its address alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.calendar_file import calendar
from consult.consultations.models import Consultation
from consult.consultations.queries.one import VERBS
from consult.consultations.views.public import events_of
from consult.core import text
from consult.core.doors import Room
from consult.core.mail import link
from consult.core.rules import VISITOR, anyone
from consult.documents import queries as documents
from consult.moderation.models import ROLES, RULES
from consult.moderation.models import VERBS as ACTS
from consult.moderation.queries import campaigns
from consult.moderation.queries import log as moderation
from consult.outcomes import queries as outcomes
from consult.outcomes.models import ACTS_ON_OBJECTIONS

from . import queries
from .atom import NEVER, Entry, Feed, atom

room = Room("feeds")


@room.get("/feeds/consultations.atom", permit=anyone)
def consultation_list() -> ResponseReturnValue:
    """The consultations announced last."""
    entries = [
        Entry(
            _id(f"consultation/{row.id}"), row.title, link("consultations.overview", slug=row.slug),
            row.organiser_name or "The organisers", row.announced_at or row.created_at, changed_at,
            text.markdown(row.summary),
        )
        for row, changed_at in queries.announced(viewer=VISITOR)
    ]  # fmt: skip
    return _answer("Consultations", "consultations.index", entries)


@room.get("/feeds/outcomes.atom", permit=anyone)
def outcome_list() -> ResponseReturnValue:
    """What came of consultations that ended last."""
    entries = [
        Entry(
            _id(f"outcome/{one.slug}/{one.at:%Y%m%dT%H%M%S}"), f"{one.headline}: {one.title}",
            link("outcomes.show_outcome" if one.has_outcome else "consultations.overview", slug=one.slug),
            "The organisers", one.at, one.at, f"<p>{escape(one.line)}</p>",
        )
        for one in consultations.recent_outcomes(viewer=VISITOR, limit=queries.NEWEST)
    ]  # fmt: skip
    return _answer("Outcomes", "consultations.index", entries, state="published")


@room.get("/feeds/standards.atom", permit=anyone)
def standards() -> ResponseReturnValue:
    """What was adopted last, each version by itself."""
    entries = [
        Entry(
            _id(f"standard/{row.standard.slug}/{row.number}"), f"{row.title}, version {row.number}",
            link("outcomes.standard_version", slug=row.standard.slug, number=row.number),
            ", ".join(row.bodies.splitlines()), row.adopted_at, row.adopted_at, text.markdown(row.consultation.summary),
        )
        for row in outcomes.every_version(viewer=VISITOR, limit=queries.NEWEST)
    ]  # fmt: skip
    return _answer("Adopted standards", "outcomes.library", entries)


@room.get("/feeds/c/<slug>/steps.atom", permit=anyone)
def steps(slug: str) -> ResponseReturnValue:
    """What happens to a consultation: opened, extended, closed, published."""
    row = consultations.find(viewer=VISITOR, slug=slug)
    entries = [
        Entry(
            _id(f"step/{step.id}"), "A new round is announced" if step.verb == "begin_round" else VERBS.get(step.verb, step.verb),
            link("consultations.history", slug=slug), row.organiser_name or "The organisers", step.at, step.at,
            f"<p>{escape(step.reason)}</p>" if step.reason else "",
        )
        for step in queries.steps(viewer=VISITOR, consultation=row)
    ]  # fmt: skip
    return _answer(f"What happens: {row.title}", "consultations.history", entries, slug=slug)


@room.get("/feeds/c/<slug>/comments.atom", permit=anyone)
def comments(slug: str) -> ResponseReturnValue:
    """The newest comments of a consultation."""
    row = consultations.find(viewer=VISITOR, slug=slug)
    entries = _comments(queries.comments(viewer=VISITOR, consultation=row))
    return _answer(f"Comments: {row.title}", "debate.comments", entries, row, slug=slug)


@room.get("/feeds/c/<slug>/v<int:version>/clauses/<key>/comments.atom", permit=anyone)
def clause_comments(slug: str, version: int, key: str) -> ResponseReturnValue:
    """The newest comments on a clause, also those on it in earlier and later drafts."""
    row = consultations.find(viewer=VISITOR, slug=slug)
    of = documents.version(viewer=VISITOR, consultation_id=row.id, number=version)
    clause = documents.clauses(viewer=VISITOR, version=of, keys=[text.normalise(key)])[0]
    entries = _comments(queries.comments(viewer=VISITOR, consultation=row, clause=clause))
    title = f"Comments on {clause.name}: {row.title}"
    return _answer(title, "debate.clause", entries, row, slug=slug, version=version, key=key)


@room.get("/feeds/c/<slug>/answers.atom", permit=anyone)
def answers(slug: str) -> ResponseReturnValue:
    """The newest answers to comments, once they are public."""
    row = consultations.find(viewer=VISITOR, slug=slug)
    entries = [
        Entry(
            _id(f"answer/{answer.id}"), f"{number}: {answer.says}{' (proposed)' if answer.is_proposed else ''}",
            link("debate.comment", slug=slug, number=number), answer.by, answer.decided_at, answer.decided_at, answer.html,
        )
        for number, answer in queries.answers(viewer=VISITOR, consultation=row)
    ]  # fmt: skip
    return _answer(f"Answers: {row.title}", "outcomes.show_outcome", entries, row, slug=slug)


@room.get("/feeds/moderation.atom", permit=anyone)
def moderation_log() -> ResponseReturnValue:
    """The newest decisions of moderators, everywhere."""
    return _answer("Moderation log", "moderation.public_log", _acts(None))


@room.get("/feeds/c/<slug>/moderation.atom", permit=anyone)
def consultation_moderation_log(slug: str) -> ResponseReturnValue:
    """The newest decisions of moderators in a consultation."""
    row = consultations.find(viewer=VISITOR, slug=slug)
    return _answer(f"Moderation log: {row.title}", "moderation.consultation_log", _acts(row), slug=slug)


@room.get("/feeds/dates.ics", permit=anyone)
def dates() -> ResponseReturnValue:
    """The dates of everything that is coming or takes comments, for a calendar that asks again by itself."""
    rows = queries.with_dates(viewer=VISITOR)
    events = [event for row, stamp, sequence in rows for event in events_of(row, stamp=stamp, sequence=sequence)]
    name = f"{current_app.extensions['consult.settings'].site_name}: consultations"
    return _kept(calendar(name, events, stamp=NEVER, sequence=0), "text/calendar")


def _comments(found: Sequence[queries.Changed]) -> list[Entry]:
    entries = []
    for card, changed_at in ((one.card, one.at) for one in found):
        about = ", ".join(text.excerpt(place.name, 60) for place in card.places) or "the whole draft"
        author = f"{card.who} ({card.written_by})" if card.written_by else card.who
        words = "".join(f"<p>Proposed words for {escape(name)}: {redline}</p>" for name, redline in card.changes)
        html = card.html + words or f"<p>{escape(_gone(card.state, card.state_reason))}</p>"
        address = link("debate.comment", slug=card.slug, number=card.number)
        title = f"{card.number} on {about}"
        entries.append(Entry(_id(f"comment/{card.id}"), title, address, author, card.posted_at, changed_at, html))
    return entries


def _gone(state: str, reason: str) -> str:
    what = "Withdrawn by its author." if state == "withdrawn" else "Hidden by a moderator."
    return f"{what} {reason}".strip()


def _acts(row: Consultation | None) -> list[Entry]:
    page = moderation.log(viewer=VISITOR, wanted=moderation.filters("", ""), consultation=row)
    entries = []
    for act in page.listing.rows:
        what = f"A reply under {act.number}" if act.is_reply else act.number
        answer = f"<p>After an appeal: {escape(act.answer)}</p>" if act.answer else ""
        rule = f"{escape(RULES[act.rule])}. " if act.rule in RULES else ""
        html = f"<p>{rule}{escape(act.reason)}</p><p>{escape(act.facts)}</p>{answer}"
        address = link("moderation.consultation_log", slug=act.slug, number=act.number)
        changed_at = act.answered_at or act.at
        title = f"{ACTS[act.verb]}: {what}, {act.title}"
        entries.append(Entry(_id(f"act/{act.id}"), title, address, act.by.capitalize(), act.at, changed_at, html))
    return sorted(
        [*entries, *_campaign_acts(row), *_objection_acts(row)], key=lambda entry: entry.published, reverse=True
    )


def _campaign_acts(row: Consultation | None) -> list[Entry]:
    """How comments that share a text are counted."""
    entries = []
    for act_id, act in campaigns.latest_with_ids(viewer=VISITOR, consultation=row):
        name = f", “{act.name}”" if act.name and act.is_shown else ""
        title = f"{act.what}: {act.count} comment{'' if act.count == 1 else 's'}{name}, {act.title}"
        address = link("moderation.consultation_log", slug=act.slug)
        html = f"<p>{escape(act.reason)}</p>"
        entries.append(Entry(_id(f"campaign-act/{act_id}"), title, address, "A moderator", act.at, act.at, html))
    return entries


def _objection_acts(row: Consultation | None) -> list[Entry]:
    """Decisions on objections to a summary; their words are not in it."""
    entries = []
    for act, appeal in ((one.act, one.appeal) for one in outcomes.judged_objections(viewer=VISITOR, consultation=row)):
        of = act.objection.consultation
        rule = f"{escape(RULES[act.rule])}. " if act.rule in RULES else ""
        answer = f"<p>After an appeal: {escape(appeal.reason)}</p>" if appeal and appeal.outcome else ""
        html = f"<p>{rule}{escape(act.reason)}</p><p>{escape(act.facts)}</p>{answer}"
        title = f"{ACTS_ON_OBJECTIONS[act.verb]}: objection {act.objection.number}, {of.title}"
        address = link("moderation.consultation_log", slug=of.slug, _anchor="h-objections")
        changed_at = (appeal.decided_at if appeal else None) or act.at
        by = ROLES[act.role].capitalize()
        entries.append(Entry(_id(f"objection-act/{act.id}"), title, address, by, act.at, changed_at, html))
    return entries


def _answer(
    title: str, page: str, entries: Sequence[Entry], of: Consultation | None = None, **values: object
) -> Response:
    """The feed that belongs to a page. Its name stays, whatever the site's address becomes."""
    site = current_app.extensions["consult.settings"]
    feed = Feed(
        _id(request.path), f"{title} - {site.site_name}", link(page, **values),
        link(request.endpoint or "", **(request.view_args or {})), entries, of.language if of else "en",
    )  # fmt: skip
    return _kept(atom(feed), "application/atom+xml")


def _id(name: str) -> str:
    """A name that never changes (RFC 4151): not with the scheme, the port or the address of the page."""
    return f"tag:{current_app.extensions['consult.settings'].host},2026:{name.lstrip('/')}"


def _kept(body: str, kind: str) -> Response:
    """The answer, or 304 to a reader that has the very same already."""
    answer = Response(body, content_type=f"{kind}; charset=utf-8")
    answer.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "public, no-cache"  # anybody may keep it, and asks whether it is still true
    answer.make_conditional(request)
    return answer
