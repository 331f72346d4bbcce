"""Doors of what happens to a comment: replies, votes, other words, taking back, placing."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.core import text
from consult.core.doors import me, see_other, show
from consult.core.errors import Refused
from consult.core.ids import whole
from consult.core.rules import Verdict, anyone, signed_in
from consult.debate import operations, queries, rules
from consult.debate.forms import PlacingForm, ReplyForm, VoteForm, WithdrawalForm, WordingForm
from consult.debate.models import Comment, Reply
from consult.notices.queries import is_following

from .comments import OFTEN, WAITS, quotation, show_comment
from .proving import sent
from .room import room

ONE = "/c/<slug>/comments/<number>"
REPLY = f"{ONE}/replies/<int:reply_id>"
FOLLOWED = " You follow this comment: further replies come to your inbox."


@room.post(f"{ONE}/replies", permit=signed_in, limit=OFTEN)
def post_reply(slug: str, number: str) -> ResponseReturnValue:
    """Reply to a comment, or to a reply."""
    comment = _comment(slug, number)
    form = ReplyForm(consultations.find(viewer=me(), slug=slug).positions)
    if form.validate():
        parent = _reply(slug, number, form.to.data) if form.to.data else None
        reply = form.accept(
            operations.post_reply, actor=me(), comment=comment, parent=parent, **sent(), **form.values()
        )
        if reply is not None and form.is_what_was_sent(reply.body, "your reply below"):
            follows = is_following(viewer=me(), subject=comment)
            flash(
                f"Your reply is public.{FOLLOWED if follows else ''}"
                if reply.state != "held"
                else f"We have your reply. {WAITS}"
            )
            return _among_the_others(slug, number, reply, form.sheet)
    return show_thread(slug, number, form, 422) if form.to.data else show_comment(slug, number, form, 422)


def _among_the_others(slug: str, number: str, reply: Reply, key: str) -> ResponseReturnValue:
    """The page on which a reply that was just sent stands among its neighbours."""
    root_id, after = queries.where_shown(reply)
    there = {"slug": slug, "number": number, "after": after or None, "sent": key, "_anchor": f"reply-{reply.id}"}
    return see_other(".comment", **there) if root_id is None else see_other(".thread", reply_id=root_id, **there)


@room.get(REPLY, permit=anyone)
def thread(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """A reply as a thread of its own: what it answers in short, and what answers it."""
    return show_thread(slug, number, reply_id=reply_id)


@room.get(f"{REPLY}/card", permit=anyone)
def reply_card(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """A reply in a few lines, for the place where it is quoted."""
    page = queries.conversation(viewer=me(), comment=_comment(slug, number), reply=_reply(slug, number, reply_id))
    words = text.excerpt(text.plain(page.root.html), 220)
    return show(
        "debate/_peek.html", card=page.root, acts=page.card, words=words, called=f"A reply under {page.card.number}"
    )


def show_thread(
    slug: str, number: str, form: ReplyForm | None = None, status: int = 200, reply_id: int = 0
) -> ResponseReturnValue:
    """The page of one reply, with the form to answer it as it was sent, or a fresh one."""
    header = consultations.header(viewer=me(), slug=slug)
    reply = _reply(slug, number, reply_id or (form.to.data if form else 0))
    page = queries.conversation(
        viewer=me(), comment=_comment(slug, number), reply=reply, after=request.args.get("after", 0, whole)
    )
    if form is None and page.card.may_reply and reply.state == "posted":
        form = ReplyForm(
            header.consultation.positions, formdata=None, to=reply.id, quotation=quotation(page.card, reply)
        )
    return show("debate/thread.html", header=header, page=page, form=form, status=status)


@room.post(f"{ONE}/votes", permit=signed_in, limit="600 per 15 minutes")
def cast_vote(slug: str, number: str) -> ResponseReturnValue:
    """Agree, disagree or pass."""
    form = VoteForm()
    comment = _comment(slug, number)
    if form.accept(operations.vote, actor=me(), comment=comment, choice=form.choice.data or "") is None:
        flash("Choose agree, disagree or pass.")
    otherwise = url_for(".comment", slug=slug, number=number)
    return redirect(f"{form.way_back(slug, otherwise)}#{comment.number}", 303)


@room.get(f"{ONE}/wording", permit=signed_in)
def edit(slug: str, number: str) -> ResponseReturnValue:
    """Change one's words."""
    comment = _comment(slug, number)
    form = WordingForm(formdata=None, body=comment.body, seen=comment.edit_number)
    return _wording(slug, comment, form, rules.may_edit_comment(me(), comment))


@room.post(f"{ONE}/wording", permit=signed_in, limit=OFTEN)
def save_wording(slug: str, number: str) -> ResponseReturnValue:
    """Save one's changed words; the earlier ones stay readable."""
    form = WordingForm()
    if form.validate():
        comment = _comment(slug, number)
        if form.accept(operations.edit_comment, actor=me(), comment=comment, **_words(form)):
            flash("Saved. What it said before stays readable below.")
            return see_other(".comment", slug=slug, number=number, sent=form.sheet)
    comment = _comment(slug, number)
    return _wording(slug, comment, form, rules.may_edit_comment(me(), comment), 422)


@room.get(f"{ONE}/withdrawal", permit=signed_in)
def withdraw(slug: str, number: str) -> ResponseReturnValue:
    """Take a comment back: what that means."""
    comment = _comment(slug, number)
    return _withdrawal(slug, comment, WithdrawalForm(formdata=None), rules.may_withdraw_comment(me(), comment))


@room.post(f"{ONE}/withdrawal", permit=signed_in)
def withdraw_comment(slug: str, number: str) -> ResponseReturnValue:
    """Take a comment back."""
    comment = _comment(slug, number)
    form = WithdrawalForm()
    if not form.validate():
        return _withdrawal(slug, comment, form, rules.may_withdraw_comment(me(), comment), 422)
    operations.withdraw_comment(actor=me(), comment=comment, reason=form.reason.data or "", key=form.key)
    flash(f"{comment.number} is withdrawn. Its number and the replies to it stay.")
    return see_other(".comment", slug=slug, number=number)


@room.get(f"{ONE}/positions", permit=signed_in)
def place(slug: str, number: str) -> ResponseReturnValue:
    """Say what a comment from outside argues from."""
    comment = _comment(slug, number)
    chosen = {"positions": comment.position_keys(), "costs": comment.position_keys(is_cost=True)}
    form = PlacingForm(consultations.find(viewer=me(), slug=slug).positions, formdata=None, **chosen)
    return _placing(slug, comment, form)


@room.post(f"{ONE}/positions", permit=signed_in)
def place_comment(slug: str, number: str) -> ResponseReturnValue:
    """Save what a comment from outside argues from."""
    comment = _comment(slug, number)
    form = PlacingForm(consultations.find(viewer=me(), slug=slug).positions)
    given: dict[str, Any] = {
        "positions": frozenset(form.positions.data or ()),
        "costs": frozenset(form.costs.data or ()),
    }
    given["seen"] = form.seen.data or ""
    if form.validate() and form.accept(
        operations.place_comment, actor=me(), comment=comment, key=form.key, **given
    ):  # fmt: skip
        flash(f"{comment.number} is placed. It shows that it was you who did it.")
        return see_other(".comment", slug=slug, number=number)
    return _placing(slug, _comment(slug, number), form, 422)


@room.get(f"{REPLY}/wording", permit=signed_in)
def edit_reply(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Change the words of one's reply."""
    reply = _reply(slug, number, reply_id)
    form = WordingForm(formdata=None, body=reply.body, seen=reply.edit_number)
    return _wording(slug, reply, form, rules.may_edit_reply(me(), reply))


@room.post(f"{REPLY}/wording", permit=signed_in, limit=OFTEN)
def save_reply_wording(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Save the changed words of one's reply."""
    form = WordingForm()
    if form.validate():
        reply = _reply(slug, number, reply_id)
        if form.accept(operations.edit_reply, actor=me(), reply=reply, **_words(form)):
            flash("Saved. What it said before is kept.")
            return _among_the_others(slug, number, reply, form.sheet)
    reply = _reply(slug, number, reply_id)
    return _wording(slug, reply, form, rules.may_edit_reply(me(), reply), 422)


@room.get(f"{REPLY}/withdrawal", permit=signed_in)
def withdraw_reply(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Take a reply back: what that means."""
    reply = _reply(slug, number, reply_id)
    return _withdrawal(slug, reply, WithdrawalForm(formdata=None), rules.may_withdraw_reply(me(), reply))


@room.post(f"{REPLY}/withdrawal", permit=signed_in)
def withdraw_this_reply(slug: str, number: str, reply_id: int) -> ResponseReturnValue:
    """Take a reply back."""
    form = WithdrawalForm()
    reply = _reply(slug, number, reply_id)
    operations.withdraw_reply(actor=me(), reply=reply, key=form.key)
    flash("Your reply is withdrawn. Its place in the thread stays.")
    return _among_the_others(slug, number, reply, form.sheet)


def _comment(slug: str, number: str) -> Comment:
    return queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))


def _reply(slug: str, number: str, reply_id: int) -> Reply:
    return queries.find_reply(viewer=me(), slug=slug, number=text.normalise(number), reply_id=reply_id)


def _words(form: WordingForm) -> dict[str, Any]:
    return {"body": form.body.data or "", "seen_edit_number": form.seen.data or 0, "key": form.key}


def _passing(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def _wording(
    slug: str, thing: Comment | Reply, form: WordingForm, verdict: Verdict, status: int = 200
) -> ResponseReturnValue:
    """The page for other words. After a conflict both wordings are shown, and saving again is deliberate."""
    _passing(verdict)
    is_stale = status == 422 and form.seen.data != thing.edit_number
    form.seen.data = thing.edit_number
    header = consultations.header(viewer=me(), slug=slug)
    return show("debate/wording.html", header=header, thing=thing, form=form, is_stale=is_stale, status=status)


def _withdrawal(
    slug: str, thing: Comment | Reply, form: WithdrawalForm, verdict: Verdict, status: int = 200
) -> ResponseReturnValue:
    _passing(verdict)
    header = consultations.header(viewer=me(), slug=slug)
    return show("debate/withdrawal.html", header=header, thing=thing, form=form, status=status)


def _placing(slug: str, comment: Comment, form: PlacingForm, status: int = 200) -> ResponseReturnValue:
    _passing(rules.may_place_comment(me(), comment))
    form.seen.data = comment.placed_mark  # whoever presses again has read what a colleague chose
    header = consultations.header(viewer=me(), slug=slug)
    card = queries.card(viewer=me(), comment=comment)
    return show("debate/placing.html", header=header, card=card, form=form, status=status)
