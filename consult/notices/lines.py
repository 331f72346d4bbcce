"""A notice in words, made from the row it is about as that is now: what was hidden or taken back has no words any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from consult.accounts.models import SignIn
from consult.consultations.models import Consultation, Transition
from consult.core import clock, text
from consult.core.records import Record
from consult.core.rendering import moment_text, short_day
from consult.debate.became import lower_first
from consult.debate.models import Comment, Cosignature, Reply
from consult.learning.models import Resource
from consult.moderation import letters as moderation
from consult.moderation.models import (
    FALLS,
    ROLES,
    RULES,
    STANDS,
    VERBS,
    Appeal,
    Correction,
    ModerationAct,
    Report,
)
from consult.moderation.queries.heaps import HEAPS
from consult.moderation.queries.things import address_of
from consult.moderation.rules import thing_of
from consult.outcomes.models import (
    ANSWERS_TO_OBJECTIONS,
    Acknowledgement,
    Assignment,
    Disposition,
    Objection,
    OutcomeSummary,
    Standard,
)

from .models import Notice
from .timing import days_left

STEPS = {
    "announce": "Announced: comments open on {opens}",
    "open": "Open for comments until {closes}",
    "extend": "More time to comment",
    "pause": "Paused: nobody can comment for a while",
    "resume": "Comments are possible again, until {closes}",
    "close": "Closed for comments; each of them is being answered",
    "begin_review": "The proposed answers and the summary are public, to be checked",
    "publish": "The outcome is published",
    "begin_round": "The next draft is here: comments open on {opens}",
    "adopt": "The draft is adopted as a standard",
    "withdraw": "Withdrawn: it ends here",
    "archive": "Archived: its pages stay",
    "make_public": "Public: everybody can read it now",
}
DECIDED = " (decided)"
OUTCOMES = ("begin_review", "publish")


class Line(Record):
    """One notice as it is shown or mailed: what happened, where, and the words, if they may be read."""

    text: str
    endpoint: str
    values: Mapping[str, Any]
    anchor: str = ""
    words: str = ""  # as they were typed; empty when there are none to show
    is_gone: bool = False  # there is nothing to tell any more
    passage: str = ""  # what a moderator hid: for its author's mails, never for a page


class Entry(Record):
    """A line of the inbox with what belongs to the notice; without slug and title it is about one's own account."""

    notice_id: int
    kind: str
    at: datetime
    is_unread: bool
    slug: str
    title: str
    line: Line

    @property
    def excerpt(self) -> str:
        """The beginning of its words, for a list."""
        return text.excerpt(" ".join(text.plain(text.markdown(self.line.words)).split()), 220)


def line_of(notice: Notice, subject: Any) -> Line:
    """The line of a notice about `subject`, the row that its `what` and `about` name. Needs the notice's consultation, if it is of one.

    A name that was taken back has no row any more: its `subject` is none.
    """
    return MAKERS[notice.what](notice, subject)


def speaker(thing: Comment | Reply) -> str:
    """Who wrote it, and for whom, as far as everybody may know."""
    if thing.organisation and thing.named != "name":
        return thing.organisation.name
    return f"{thing.author_name} for {thing.organisation.name}" if thing.organisation else thing.author_name


def places(comment: Comment) -> str:
    """'1.1 and 2.4', 'the whole draft': what a comment is about, in few words."""
    names = [text.excerpt(clause.name, 60) for clause in comment.clauses]
    if not names:
        return "the whole draft"
    few = [*names[:2], *([f"{len(names) - 2} more"] if len(names) > 2 else [])]
    return " and ".join([", ".join(few[:-1]), few[-1]]) if len(few) > 1 else few[0]


def _replied(notice: Notice, reply: Reply) -> Line:
    comment = reply.comment
    there = {"slug": notice.place.slug, "number": comment.number}
    if reply.state != "posted" or comment.state != "posted":
        return Line(f"A reply under {comment.number} is not shown any more", "debate.comment", there, is_gone=True)
    if notice.kind == "moderation":
        what = f"A moderator looked at your reply under {comment.number}: it is on show"
        return Line(what, "debate.comment", there, f"reply-{reply.id}", reply.body)
    to = "replied under"
    if notice.kind == "replies":
        to = "replied to your comment" if comment.author_id == notice.person_id else "answers or names you under"
    what = f"{speaker(reply)} {to} {comment.number}"
    return Line(what, "debate.comment", there, f"reply-{reply.id}", reply.body)


def _commented(notice: Notice, comment: Comment) -> Line:
    there = {"slug": notice.place.slug, "number": comment.number}
    if comment.state != "posted":
        return Line(f"Comment {comment.number} is not shown any more", "debate.comment", there, is_gone=True)
    if notice.kind == "answers":
        words = f"A moderator cut your letter into comments, as you asked; the first is {comment.number}"
        return Line(words, "debate.comment", there, words=comment.body)
    if notice.kind == "moderation":
        words = f"A moderator looked at your comment {comment.number}: it is on show"
        return Line(words, "debate.comment", there, words=comment.body)
    did = "names you in a comment on" if notice.kind == "replies" else "commented on"
    return Line(f"{speaker(comment)} {did} {places(comment)}", "debate.comment", there, words=comment.body)


def _step(notice: Notice, step: Transition) -> Line:
    row = notice.place
    what = STEPS.get(step.verb, "It moved on").format(opens=_when(row, "opens_at"), closes=_when(row, "closes_at"))
    if step.verb == "extend" and step.detail:
        until = datetime.fromisoformat(step.detail.partition("/")[2])
        what = f"More time to comment: until {moment_text(until, row.timezone)}"
    endpoint = "outcomes.show_outcome" if step.verb in OUTCOMES else "consultations.overview"
    return Line(what, endpoint, {"slug": row.slug}, words=step.reason)


def _reminder(notice: Notice, row: Consultation) -> Line:
    there = {"slug": row.slug}
    if row.closes_at is None or not row.takes_comments():
        return Line("It takes no comments any more", "consultations.overview", there, is_gone=True)
    days = days_left(row.closes_at, row.timezone, clock.now())
    left = "today" if days < 1 else "tomorrow" if days == 1 else f"in {days} days"
    return Line(f"Comments close {left}: {_when(row, 'closes_at')}", "debate.reading_room", there)


STATEMENT = "moderation.appeal_page"
JUDGED = {
    "hide": "hid {what}", "redact": "removed words from {what}", "withhold": "withheld the name over {what}",
    "suspend": "decided, because of {what}, that you post nothing new there for some time",
    "restore": "shows {what} again", "put_back": "put the words back into {what}",
    "lift": "lets you post again; it was about {what}", "name": "shows the name over {what} again",
    "keep_hidden": "read the new words for {what}: it stays hidden",
}  # fmt: skip


def _judged(notice: Notice, act: ModerationAct) -> Line:
    about = moderation.about(thing_of(act))
    what = f"{ROLES[act.role].capitalize()} {JUDGED[act.verb].format(what=about['what'])}"
    endpoint, there = "moderation.consultation_log", {"slug": about["slug"], "number": about["number"]}
    if act.appeal_until is not None:  # what took something away has a statement of its own, for its author
        endpoint, there = STATEMENT, {"slug": about["slug"], "act_id": act.id}
    return Line(what, endpoint, there, words=act.reason, passage=act.passage)


def _corrected(notice: Notice, correction: Correction) -> Line:
    kind, key = address_of(correction.act)
    about = moderation.about(thing_of(correction.act))
    under = "" if kind == "comments" else "a reply under "
    what = f"Handed in again with better words: {under}{about['number']}{DECIDED if correction.outcome else ''}"
    there = {"slug": notice.place.slug, "kind": kind, "key": key}
    return Line(what, "moderation.item", there, is_gone=bool(correction.outcome))


def _asked(notice: Notice, act: ModerationAct) -> Line:
    thing = thing_of(act)
    about = moderation.about(thing)
    is_done = not act.is_waiting or act.corrected_at is not None or thing.state != "posted"
    return Line(
        f"{ROLES[act.role].capitalize()} asks you to change {about['what']}", "debate.comment",
        {"slug": about["slug"], "number": about["number"]}, words=act.reason, passage=act.passage, is_gone=is_done,
    )  # fmt: skip


def _appeal_decided(notice: Notice, appeal: Appeal) -> Line:
    about = moderation.about(thing_of(appeal.act))
    became = (FALLS if appeal.outcome == "restored" else STANDS)[appeal.act.verb]
    what = f"Your appeal about {about['what']} is decided: {became}"
    return Line(what, STATEMENT, {"slug": about["slug"], "act_id": appeal.act_id}, words=appeal.reason)


def _reported(notice: Notice, report: Report) -> Line:
    under, number = ("", report.comment.number) if report.comment else ("a reply under ", _number_of(report))
    kind, key = ("comments", number) if report.comment else ("replies", str(report.reply_id))
    done = report.closed_at is not None
    what = (
        f"A reader {'reported' if done else 'reports'} {under}{number}: {RULES[report.rule]}{DECIDED if done else ''}"
    )
    there = {"slug": notice.place.slug, "kind": kind, "key": key}
    return Line(what, "moderation.item", there, is_gone=done)


def _number_of(report: Report) -> str:
    return report.reply.comment.number if report.reply else ""


def _appealed(notice: Notice, appeal: Appeal) -> Line:
    kind, key = address_of(appeal.act)
    about = moderation.about(thing_of(appeal.act))
    under = "" if kind == "comments" else "a reply under "
    waits = "An appeal" if appeal.outcome else "An appeal waits"
    what = f"{waits}: {under}{about['number']}, {VERBS[appeal.act.verb].lower()} as {RULES[appeal.act.rule].lower()}"
    there = {"slug": notice.place.slug, "kind": kind, "key": key}
    return Line(what + (DECIDED if appeal.outcome else ""), "moderation.item", there, is_gone=bool(appeal.outcome))


def _cosigned(notice: Notice, signed: Cosignature | None) -> Line:
    if signed is None:
        return Line("Somebody took a name back from under your comment", "outcomes.mine", {}, is_gone=True)
    there = {"slug": notice.place.slug, "number": signed.comment.number}
    of = signed.organisation.name if signed.organisation else ""
    who = (f"{signed.name} for {of}" if signed.named == "name" else of) if of else signed.name
    what = f"There is a new name under your comment {signed.comment.number}: {who}"
    return Line(what, "debate.names", there, is_gone=signed.comment.state != "posted")


def _proposed(notice: Notice, row: Resource) -> Line:
    there = {"slug": notice.place.slug}
    if row.state != "proposed":
        became = "taken back" if row.state == "withdrawn" else "decided"
        return Line(f"A proposal for the shelf ({became}): {row.title}", "learning.keep_shelf", there, is_gone=True)
    what = f"{row.added_by_name} proposes for the shelf: {row.title}"
    return Line(what, "learning.decide", there | {"resource_id": row.id}, words=row.description)


def _proposal_decided(notice: Notice, row: Resource) -> Line:
    became = "is not taken onto" if row.state == "declined" else "is on"
    if row.state == "removed":
        became = "was taken off"
    what = f"What you proposed {became} the shelf: {row.title}"
    return Line(what, "learning.resources", {"slug": notice.place.slug}, words=row.reason)


def _standard_review(notice: Notice, row: Standard) -> Line:
    title, there = row.versions[0].title, {"slug": row.slug}
    day = notice.event.split()[2]  # of the review that is told of; who decided since has moved it
    if row.review_at is None or f"{row.review_at:%Y-%m-%d}" != day:
        return Line(f"It was looked at again: {title}", "outcomes.standard", there, is_gone=True)
    return Line(f"To be looked at again by {day}: {title}", "outcomes.look_again", there)


def _contested(notice: Notice, word: Acknowledgement) -> Line:
    comment = word.comment
    what = f"{speaker(comment)} is not satisfied with the answer to {comment.number}: decide it again"
    is_done = not word.is_open or comment.state != "posted"
    there = {"slug": notice.place.slug, "number": comment.number}
    return Line(what + (DECIDED if is_done else ""), "outcomes.desk", there, words=word.reason, is_gone=is_done)


def _decided_again(notice: Notice, answer: Disposition) -> Line:
    comment = answer.comment
    there = {"slug": notice.place.slug, "number": comment.number}
    if comment.state != "posted" or not answer.stands:
        return Line(f"The answer to {comment.number} was changed once more", "debate.comment", there, is_gone=True)
    what = (
        f"{comment.number}, with whose answer you were not satisfied, is decided again: {lower_first(comment.became)}"
    )
    return Line(what, "debate.comment", there, f"answer-{answer.id}", answer.observation)


def _assigned(notice: Notice, row: Assignment) -> Line:
    until = f" until {_day(row)}" if row.due_at else ""
    what = f"{row.made_by.name} asks you to answer {_comments(row.size)}{until}"
    there = {"slug": notice.place.slug, "assigned": "mine"}
    return Line(what + ("" if row.left else " (done)"), "outcomes.table", there, is_gone=not row.left)


def _assignment_due(notice: Notice, row: Assignment) -> Line:
    what = f"{_comments(row.left or 0)} you were asked to answer until {_day(row)} still {'waits' if row.left == 1 else 'wait'}"
    there = {"slug": notice.place.slug, "assigned": "mine"}
    return Line(
        what if row.left else "What you were asked to answer is done", "outcomes.table", there, is_gone=not row.left
    )


def _comments(count: int) -> str:
    return "1 comment" if count == 1 else f"{count:,} comments"


def _day(row: Assignment) -> str:
    return short_day(row.due_at, row.consultation.timezone) if row.due_at else ""


def _objected(notice: Notice, row: Objection) -> Line:
    done = DECIDED if not row.is_open else ""
    who = "Somebody" if row.hidden_at else row.person_name  # the name can be what was hidden
    what = f"{who} objects to the summary{done}"
    there = {"slug": notice.place.slug}
    words = "" if row.withdrawn_at or row.hidden_at else row.text
    return Line(what, "outcomes.objections", there, f"objection-{row.number}", words, is_gone=bool(done))


def _objection_answered(notice: Notice, row: Objection) -> Line:
    what = f"Your objection {row.number} to the summary is answered: {ANSWERS_TO_OBJECTIONS[row.decision].lower()}"
    there = {"slug": notice.place.slug}
    return Line(what, "outcomes.objections", there, f"objection-{row.number}", "" if row.hidden_at else row.answer)


def _objection_reported(notice: Notice, row: Objection) -> Line:
    what = f"Objection {row.number} to the summary waits for a decision whether it is shown"
    return Line(what, "outcomes.objections", {"slug": notice.place.slug}, f"objection-{row.number}")


def _objection_judged(notice: Notice, row: Objection) -> Line:
    now = (
        "is hidden; the page says by which rule, why, and how to ask for a second look"
        if row.hidden_at
        else "is on show"
    )
    what = f"Moderators decided on your objection {row.number} to the summary: it {now}"
    return Line(what, "outcomes.objections", {"slug": notice.place.slug}, f"objection-{row.number}")


def _summary_corrected(notice: Notice, row: OutcomeSummary) -> Line:
    what = f"The summary you objected to was corrected: version {row.number}"
    there = {"slug": notice.place.slug, "version": row.number}
    return Line(what, "outcomes.show_version", there, words=row.reason)


def _waits(notice: Notice, heap: Mapping[str, int]) -> Line:
    there = {"slug": notice.place.slug}
    kinds = [f"{heap[kind]:,} {words}" for kind, words in HEAPS.items() if heap.get(kind)]
    if not kinds:
        return Line("What waited for a moderator is done", "moderation.queue", there, is_gone=True)
    return Line(f"Waiting for a moderator: {', '.join(kinds)}", "moderation.queue", there)


def _new_browser(notice: Notice, row: SignIn | None) -> Line:
    """Of a sign-in that ended long ago nothing is kept any more."""
    browser = (row.device if row else "") or "a browser that did not say what it is"
    what = f"Somebody signed in to your account on a new browser: {browser}. If it was not you, choose a new password"
    return Line(what, "accounts.account", {})


def _when(row: Consultation, column: str) -> str:
    moment = getattr(row, column)
    return moment_text(moment, row.timezone) if moment else "a day to be said"


MAKERS: dict[str, Callable[[Notice, Any], Line]] = {
    "replied": _replied, "commented": _commented, "reminder": _reminder,
    "hidden": _judged, "asked": _asked, "restored": _judged, "refused": _judged, "corrected": _corrected,
    "appeal_decided": _appeal_decided,
    "reported": _reported, "appealed": _appealed,
    "cosigned": _cosigned, "proposed": _proposed, "proposal_decided": _proposal_decided, "contested": _contested,
    "decided_again": _decided_again, "assigned": _assigned, "assignment_due": _assignment_due,
    "standard_review": _standard_review, "waits": _waits, "new_browser": _new_browser,
    "objected": _objected, "objection_answered": _objection_answered,
    "objection_reported": _objection_reported, "objection_judged": _objection_judged, "summary_corrected": _summary_corrected,
    **dict.fromkeys(("step", "opened", "closed", "extended", "new_round", "outcome"), _step),
}  # fmt: skip
