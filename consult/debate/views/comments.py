"""Doors of comments: the whole debate, one comment, writing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core import text
from consult.core.doors import WRITING, me, see_other, show
from consult.core.errors import Missing, Refused
from consult.core.freshness import show_unless_kept
from consult.core.ids import whole
from consult.core.rules import anyone, signed_in
from consult.debate import operations, queries
from consult.debate.composing import NOT_THERE
from consult.debate.forms import SORT_NAMES, SORT_REASONS, CommentForm, ReplyForm, SiftForm
from consult.debate.models import Comment, Reply
from consult.debate.operations.drafts import ELSEWHERE
from consult.documents import queries as documents
from consult.moderation.queries import intake, sharing, things
from consult.notices.queries import is_following
from consult.outcomes import queries as outcomes

from .drafts import begin, saved
from .names import show_signing
from .proving import sent
from .room import room
from .words import show_choices

OFTEN = WRITING

UNSIGNED = " It counts as your own until a signatory signs it for your organisation, before comments close."
WAITS = "A moderator looks at it before it is on show; until then only you and the moderators see it. It counts as received now."
SAID_ALREADY = "Somebody has said this already. Put your name under it, or post yours anyway: both are below."


@room.get("/c/<slug>/comments", permit=anyone)
def comments(slug: str) -> ResponseReturnValue:
    """The whole debate: filtered, sorted, page by page."""
    header = consultations.header(viewer=me(), slug=slug)
    form = SiftForm(header.consultation.positions, formdata=request.args)
    page = queries.listing(
        viewer=me(), consultation=header.consultation, filters=form.filters(), round_number=form.round_number,
        sort=form.order, seed=form.number, after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    if page.since is None:  # nothing is new to somebody of whom no visit is known
        form.new.data = ""
    shared = sharing.shared_by(viewer=me(), ids=[line.id for line in page.lines.rows])
    found = _agreement(header.consultation, page) if form.order == "bridging" else {"agreed": {}}
    return show_unless_kept(
        "debate/comments.html", header=header, form=form, page=page, shared=shared, lines=_folded(page.lines.rows, shared), **found, sorts=SORT_NAMES, reasons=SORT_REASONS, next_seed=form.next_seed,
    )  # fmt: skip


def _folded(
    lines: Sequence[queries.Line], shared: Mapping[int, sharing.Shared]
) -> Sequence[tuple[queries.Line, list[queries.Line]]]:
    """Each line with those behind it on this page that say the same for one confirmed campaign."""
    found: list[tuple[queries.Line, list[queries.Line]]] = []
    first: dict[int, list[queries.Line]] = {}
    for line in lines:
        alike = shared.get(line.id) if line.is_readable else None
        if alike and alike.number in first:
            first[alike.number].append(line)
            continue
        found.append((line, []))
        if alike:
            first[alike.number] = found[-1][1]
    return found


def _agreement(consultation: Consultation, page: queries.Listed) -> dict[str, Any]:
    """What the order “Agreed across groups” rests on: the opinion groups, and who agrees with each comment."""
    groups, agreed = queries.common_ground(viewer=me(), consultation=consultation, of=page.of, lines=page.lines.rows)
    return {"opinions": groups, "agreed": agreed}


@room.get("/c/<slug>/comments/new", permit=anyone)
def write(slug: str) -> ResponseReturnValue:
    """The page with the form, for clauses or for the whole draft."""
    target, form, begun = begin(_target(slug))
    return _writing(target, form, begun=begun)


@room.post("/c/<slug>/comments/preview", permit=signed_in, limit=OFTEN)
def preview(slug: str) -> ResponseReturnValue:
    """What the comment would look like, or which words it quotes; nothing is kept."""
    target = _target(slug)
    form = CommentForm(target.positions)
    if "choose" in request.form and target.named:
        return show_choices(target, request.form)
    if "sign" in request.form:
        return _sign(target, form, request.form["sign"])
    if not {"leave_out", "chosen"}.isdisjoint(request.form):  # other words, and the comment may not be finished yet
        return _writing(target, form)
    html = (
        form.accept(queries.as_shown, viewer=me(), target=target, body=form.body.data or "")
        if form.validate()
        else None
    )
    if html is None:
        return _writing(target, form, 422)
    return _writing(target, form, preview=(html, form.redline(target.old_text)), similar=_similar(target, form))


@room.post("/c/<slug>/comments/draft", permit=signed_in, limit="1200 per 15 minutes")
def save_draft(slug: str) -> ResponseReturnValue:
    """Keep what is typed so far, here for all of one's devices; the page's script does it by itself."""
    target = _target(slug)
    form = CommentForm(target.positions)
    fields = form.begun(target.old_text) | {"passages": [str(span) for span in target.spans]}
    row = form.accept(
        operations.save_draft, actor=me(), consultation=target.consultation, version=target.version,
        place=target.place, fields=fields, seen=form.draft.data or 0, sheet=form.sheet,
    )  # fmt: skip
    if not form.errors:
        return saved(target, row.edit_number if row else None)
    if ELSEWHERE not in form.form_errors:
        return _writing(target, form, 422)
    other = queries.begun(viewer=me(), version=target.version, place=target.place)
    form.draft.data = other.edit_number if other else 0
    return _writing(target, form, 409, other=other)


@room.post("/c/<slug>/comments/shared-drafts", permit=signed_in, limit=OFTEN)
def share_draft(slug: str) -> ResponseReturnValue:
    """Let the members of one's organisation go on with what one began; nobody else sees it."""
    target = _target(slug)
    form = CommentForm(target.positions)
    fields = form.begun(target.old_text) | {"passages": [str(span) for span in target.spans]}
    row = form.accept(
        operations.share_draft, actor=me(), consultation=target.consultation, version=target.version,
        place=target.place, fields=fields, seen_draft=form.draft.data or 0, key=form.key,
    )  # fmt: skip
    if row is None:
        return _writing(target, form, 422)
    flash("Your colleagues can read it and go on with it. Nobody else can.")
    row = queries.find_shared(viewer=me(), shared_id=row.id)
    return see_other(".shared_draft", slug=row.organisation.slug, shared_id=row.id, sent=form.sheet)


def _sign(target: queries.Writing, form: CommentForm, number: str) -> ResponseReturnValue:
    """The page for one's name under another comment; one that was hidden meanwhile costs nobody the own one."""
    try:
        return show_signing(target.slug, number, typed=request.form)
    except (Missing, Refused) as error:
        form.form_errors.append(f"Your name cannot be put under {text.normalise(number)[:40]}: {error.sentence}")
        return _writing(target, form, error.status)


@room.post("/c/<slug>/comments/similar", permit=signed_in, limit="600 per 15 minutes")
def similar(slug: str) -> ResponseReturnValue:
    """Who says this already; as one types, and by a button. Nothing is kept, and no address holds the words."""
    target = _target(slug)
    form = CommentForm(target.positions)
    return _writing(target, form, similar=_similar(target, form))


def _similar(target: queries.Writing, form: CommentForm) -> Sequence[queries.Similar]:
    return queries.similar(
        viewer=me(), target=target, body=form.body.data or "", new_text=form.new_text.data or "",
        stance=form.stance.data or "",
    )  # fmt: skip


def _unasked(target: queries.Writing, form: CommentForm) -> Sequence[queries.Similar]:
    """What its author should see before this is posted: nothing once she has, or once it was sent."""
    if "anyway" in request.form or queries.is_sent(viewer=me(), key=form.key):
        return ()
    found = _similar(target, form)
    return found if any(one.is_nearly_same for one in found) else ()


@room.post("/c/<slug>/comments", permit=signed_in, limit=OFTEN)
def post_comment(slug: str) -> ResponseReturnValue:
    """Post a comment."""
    target = _target(slug)
    form = CommentForm(target.positions)
    is_fit = form.validate() and not target.is_lost
    asked = _unasked(target, form) if is_fit and target.may else ()
    if asked:
        form.form_errors.append(SAID_ALREADY)
        return _writing(target, form, 409, similar=asked)
    comment = _post(target, form) if is_fit else None
    if comment is not None and form.is_what_was_sent(comment.body, comment.number):
        flash(_received(comment))
        return see_other(**_back(target, comment.number, form.sheet))
    return _writing(_target(slug), form, 422)


def _received(comment: Comment) -> str:
    unsigned = UNSIGNED if comment.unsigned_for_id else ""
    if comment.state == "held":
        return f"We have your comment; its number is {comment.number}. {WAITS}{unsigned}"
    return (
        f"Your comment is public as {comment.number}.{unsigned} Every comment gets an answer; you will be told. You"
        " follow it: replies come to your inbox."
    )


def _post(target: queries.Writing, form: CommentForm) -> Comment | None:
    also = form.accept(queries.further_clauses, viewer=me(), version=target.version, names=form.also_names)
    if also is None:
        return None
    return form.accept(
        operations.post_comment, actor=me(), consultation=target.consultation, version=target.version,
        clauses={*target.clauses, *also}, passages=target.spans, begun_at=target.place, seen_draft=form.draft.data or 0,
        **sent(), **form.values(target.old_text),
    )  # fmt: skip


def _back(target: queries.Writing, number: str, key: str) -> dict[str, Any]:
    """After posting: the place one came from, with the new letter on top; else the comment's own page."""
    there: dict[str, Any] = {"slug": target.slug, "sent": key}
    if len(target.named) != 1 or request.form.get("back") not in ("text", "clause"):
        return {"endpoint": ".comment", "number": number, **there}
    clause = target.named[0]
    there |= {"version": target.version.number, "sort": "newest", "posted": number}
    if request.form["back"] == "clause":
        return {"endpoint": ".clause", "key": clause.key, "_anchor": "letters", **there}
    return {
        "endpoint": ".reading_page", "page_key": clause.page.key, "at": clause.key, "_anchor": f"c-{clause.key}", **there,
    }  # fmt: skip


@room.get("/c/<slug>/comments/<number>", permit=anyone)
def comment(slug: str, number: str) -> ResponseReturnValue:
    """One comment with its thread, its history and its answer."""
    return show_comment(slug, number)


def show_comment(slug: str, number: str, form: ReplyForm | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of one comment, with the reply form as it was sent, or a fresh one."""
    header = consultations.header(viewer=me(), slug=slug)
    row = queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    page = queries.thread(viewer=me(), comment=row, after=request.args.get("after", 0, whole))
    if form is None and page.card.may_reply:  # who only reads gets no form, and so no cookie
        form = ReplyForm(header.consultation.positions, formdata=None, quotation=quotation(page.card, row))
    answers = outcomes.answers_of(viewer=me(), comment_ids=[row.id] if page.card.is_answered else ())
    requests = things.requests_to(viewer=me(), comment=row) if page.card.is_mine else ()
    return show(
        "debate/comment.html", header=header, page=page, form=form, answers=answers,
        arrival=intake.arrival(viewer=me(), comment=row), requests=requests, shared=sharing.shared_by(viewer=me(), ids=[row.id]), fates=queries.fates(viewer=me(), comment=row), is_following=is_following(viewer=me(), subject=row), status=status,
    )  # fmt: skip


def quotation(card: queries.Card, thing: Comment | Reply) -> str:
    """What `?quote=1` puts into the form to reply; `&words=…`: only these words of it."""
    if "quote" not in request.args:
        return ""
    return queries.quoted(viewer=me(), card=card, thing=thing, words=text.normalise(request.args.get("words", "")))


@room.get("/c/<slug>/comments/<number>/card", permit=anyone)
def comment_card(slug: str, number: str) -> ResponseReturnValue:
    """A comment in a few lines, for the place where its number is named."""
    row = queries.find_comment(viewer=me(), slug=slug, number=text.normalise(number))
    card = queries.card(viewer=me(), comment=row)
    return show("debate/_peek.html", card=card, words=card.excerpt, called=card.number)


@room.get("/c/<slug>/v<int:version>/clauses/<key>/card", permit=anyone)
def clause_card(slug: str, version: int, key: str) -> ResponseReturnValue:
    """A clause in a few lines, for the place where its number is named."""
    consultation = consultations.find(viewer=me(), slug=slug)
    row = documents.version(viewer=me(), consultation_id=consultation.id, number=version)
    clause = documents.clauses(viewer=me(), version=row, keys=[text.normalise(key)])[0]
    return show("debate/_peek.html", card=None, words=text.excerpt(clause.text, 400), called=clause.name)


def _target(slug: str) -> queries.Writing:
    """What the address or the form says the comment is about."""
    given = request.form if request.method == "POST" else request.args
    passages = [name for name in given.getlist("passage") if name not in given.getlist("leave_out")]
    keys = given.getlist("clause") or ([] if passages else given.getlist("otherwise"))
    return queries.writing(
        viewer=me(), slug=slug, version=given.get("version", type=whole),
        keys=[text.normalise(key) for key in keys], passages=passages,
    )  # fmt: skip


def _writing(
    target: queries.Writing, form: CommentForm, status: int = 200, preview: tuple[str, str] | None = None,
    similar: Sequence[queries.Similar] = (), begun: queries.Begun | None = None, other: queries.Begun | None = None,
) -> ResponseReturnValue:  # fmt: skip
    header = consultations.header_of(target.consultation, viewer=me())
    if target.is_lost:
        form.form_errors.append(NOT_THERE)
    return show(
        "debate/write.html", header=header, target=target, form=form, preview=preview, similar=similar, begun=begun,
        other=other, status=status,
    )  # fmt: skip
