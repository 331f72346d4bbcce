"""What people write, as it is shown: with links to what they name, and quotations that hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote as escaped

from markdown_it.token import Token
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core import text
from consult.core.errors import Invalid
from consult.core.events import emit
from consult.core.operations import session
from consult.documents.models import Clause, Draft, DraftVersion

from . import quoting, references, voices
from .events import Named, ShownAnew
from .models import Comment, Quotation, Removal, Reply, Revision
from .references import Reference, Target

MOST = 100  # different numbers in one contribution that become links; the rest stays text
Thing = Comment | Reply


def show(thing: Thing, *, earlier: str = "") -> None:
    """`write` and `keep` for a flushed contribution."""
    keep(thing, write(thing), earlier=earlier)


def write(thing: Thing) -> Sequence[Thing]:
    """Make the HTML of a contribution, flushed or not, out of its body; what it quotes, for `keep`.

    Raises Invalid when words are quoted that are not there, or not shown.
    """
    thing.html, quoted = _render(_consultation_id(thing), thing.body, is_new=True)
    return quoted


def keep(thing: Thing, quoted: Sequence[Thing], *, earlier: str = "") -> None:
    """Keep what a flushed contribution quotes, tell whom it names.

    `earlier`: what it said before an edit; whom that named is not told again.
    """
    if quoted:
        _note(thing, quoted)
    session().flush()
    if thing.state == "posted":
        tell_the_named(thing, earlier)


def _note(thing: Thing, quoted: Sequence[Thing]) -> None:
    """What only an earlier wording quotes stays noted: that is shown, too."""
    mine = Quotation.comment_id == thing.id if isinstance(thing, Comment) else Quotation.reply_id == thing.id
    known = {(row.of_comment_id, row.of_reply_id) for row in session().scalars(select(Quotation).where(mine))}
    for source in quoted:
        of = _key("of_", source)
        if (of.get("of_comment_id"), of.get("of_reply_id")) not in known:
            session().add(Quotation(**_key("", thing), **of))


def tell_the_named(thing: Thing, earlier: str = "") -> None:
    """Emit Named for whom it names and `earlier` did not."""
    if "@" not in thing.body:
        return
    consultation_id = _consultation_id(thing)
    fresh = _voices(text.parse(thing.body)) - _voices(text.parse(earlier))
    found = voices.named(consultation_id, fresh).values() if fresh else ()
    people = {voice.person_id for voice in found if voice.person_id} - {thing.author_id}
    organisations = {voice.organisation_id for voice in found if voice.organisation_id} - {thing.organisation_id}
    if people or organisations:
        is_comment = isinstance(thing, Comment)
        emit(
            Named(
                thing.id if is_comment else None, None if is_comment else thing.id,
                tuple(sorted(people)), tuple(sorted(organisations)),
            )
        )  # fmt: skip


def _voices(tokens: Sequence[Token]) -> set[str]:
    return {one.names[0] for one in references.in_tokens(tokens) if one.kind == "voice"}


def as_shown(consultation_id: int, body: str) -> str:
    """The HTML of words that are not posted yet: what `show` would make of them, and nothing is kept."""
    return _render(consultation_id, body, is_new=True)[0]


def show_quoters_anew(thing: Thing) -> None:
    """A contribution was hidden, shown again, changed by a moderator or withdrawn: what quotes it says its words no
    more, or again; and so does what quotes that.
    """
    slug, target = place_of(thing)
    said = _all_it_said(thing) if thing.state == "posted" else []
    for row in _quotations_of(thing):
        quoter = _quoter(row)
        before = [one.body for one in wordings(quoter)]
        held: list[str] = json.loads(row.held)
        for one in wordings(quoter):
            one.body = quoting.settled(one.body, slug, target, said=said, held=held)
        after = [one.body for one in wordings(quoter)]
        is_kept = any(quoting.is_put_away(body, slug, target) for body in after)
        row.held = json.dumps(held if is_kept else [], ensure_ascii=False)
        show_anew(quoter)
        if after != before:
            show_quoters_anew(quoter)


def quoters(thing: Thing) -> Sequence[Thing]:
    """What quotes a contribution."""
    return [_quoter(row) for row in _quotations_of(thing)]


def quotations_onward(thing: Thing) -> Iterator[tuple[Quotation, Thing]]:
    """What quotes a contribution, what quotes that, and so on: each quotation once, with what it stands in."""
    seen, left = set[int](), [thing]
    while left:
        for row in _quotations_of(left.pop()):
            if row.id not in seen:
                seen.add(row.id)
                quoter = _quoter(row)
                yield row, quoter
                left.append(quoter)


def _quotations_of(thing: Thing) -> Sequence[Quotation]:
    of = Quotation.of_comment_id if isinstance(thing, Comment) else Quotation.of_reply_id
    return session().scalars(select(Quotation).where(of == thing.id).order_by(Quotation.id)).all()


def _quoter(row: Quotation) -> Thing:
    return session().get_one(Comment, row.comment_id) if row.comment_id else session().get_one(Reply, row.reply_id)


def wordings(thing: Thing) -> Sequence[Thing | Revision]:
    """What it says, and what it said before."""
    earlier = Revision.comment_id == thing.id if isinstance(thing, Comment) else Revision.reply_id == thing.id
    return [thing, *session().scalars(select(Revision).where(earlier).order_by(Revision.id))]


def show_anew(thing: Thing) -> None:
    """Make the HTML anew of what a contribution says and said, and tell those who keep a copy."""
    consultation_id, is_comment = _consultation_id(thing), isinstance(thing, Comment)
    for one in wordings(thing):
        one.html, _quoted = _render(consultation_id, one.body, is_new=False)
    session().flush()
    emit(ShownAnew(thing.id if is_comment else None, None if is_comment else thing.id))


def call_anew(thing: Thing, before: str, now: str, *, are_words_gone: bool = False) -> None:
    """Who said it is called otherwise: in what quotes it, in what quotes that, and where it is named by its number.

    `before`: what it was called. `are_words_gone`: what is put away of it in quotations never comes back.
    """
    number = place_of(thing)[1][0]

    def renamed(words: str) -> str:
        for known in (before, references.escaped(before)):
            words = words.replace(f"[{known}, {number}]", f"[{references.escaped(now)}, {number}]")
        return words

    for row, quoter in quotations_onward(thing):
        for one in wordings(quoter):
            one.body = renamed(one.body)
        put_away: list[str] = json.loads(row.held)
        row.held = json.dumps([] if are_words_gone else [renamed(block) for block in put_away], ensure_ascii=False)
        show_anew(quoter)
    for other in _that_name(thing) if isinstance(thing, Comment) else ():
        show_anew(other)


def _that_name(comment: Comment) -> Sequence[Thing]:
    """What names the author of a comment by its number, now or before an edit."""
    called = f"@{comment.number}"
    said = Revision.body.contains(called, autoescape=True)
    edited = select(Revision.comment_id).where(said, Revision.comment_id.is_not(None))
    edited_replies = select(Revision.reply_id).where(said, Revision.reply_id.is_not(None))
    here = Comment.consultation_id == comment.consultation_id
    comments = select(Comment).where(here, or_(Comment.body.contains(called, autoescape=True), Comment.id.in_(edited)))
    replies = select(Reply).join(Reply.comment).where(
        here, or_(Reply.body.contains(called, autoescape=True), Reply.id.in_(edited_replies))
    )  # fmt: skip
    return [*session().scalars(comments), *session().scalars(replies)]


def place_of(thing: Thing) -> tuple[str, Target]:
    """By what a quotation of a contribution names it: the consultation, the number of the comment, the reply."""
    comment = thing if isinstance(thing, Comment) else session().get_one(Comment, thing.comment_id)
    slug = session().scalars(select(Consultation.slug).where(Consultation.id == comment.consultation_id)).one()
    return slug, (comment.number, 0 if comment is thing else thing.id)


def _consultation_id(thing: Thing) -> int:
    if isinstance(thing, Comment):
        return thing.consultation_id
    return session().scalars(select(Comment.consultation_id).where(Comment.id == thing.comment_id)).one()


def _key(prefix: str, thing: Thing) -> dict[str, int]:
    return {f"{prefix}{'comment' if isinstance(thing, Comment) else 'reply'}_id": thing.id}


def _render(consultation_id: int, body: str, *, is_new: bool) -> tuple[str, Sequence[Thing]]:
    tokens = text.parse(body)
    slug = session().get_one(Consultation, consultation_id).slug
    quoted = references.quotations(tokens, slug)
    sources = {one.target: _source(consultation_id, one.target) for one in quoted}
    speakers = {target: name(source) for target, source in sources.items() if source and source.state == "posted"}
    if is_new:
        _check(quoted, sources, speakers)
    references.attribute(tokens, quoted, speakers)
    references.mark(tokens, _notices(consultation_id, slug, body))
    references.link(tokens, _addresses(consultation_id, slug, list(references.in_tokens(tokens))))
    return text.written(tokens), list({id(source): source for source in sources.values() if source}.values())


def name(thing: Thing) -> str:
    """Who says it, as pages call them; loaded with its organisation."""
    return thing.organisation.name if thing.organisation else thing.author_name


def _source(consultation_id: int, target: Target) -> Thing | None:
    number, reply_id = target
    if not reply_id:
        return session().scalars(
            select(Comment).options(joinedload(Comment.organisation))
            .where(Comment.consultation_id == consultation_id, Comment.number == number)
        ).first()  # fmt: skip
    return session().scalars(
        select(Reply).join(Reply.comment).options(joinedload(Reply.organisation))
        .where(Reply.id == reply_id, Comment.consultation_id == consultation_id, Comment.number == number)
    ).first()  # fmt: skip


def _check(
    quoted: Sequence[references.Quotation], sources: Mapping[Target, Thing | None], speakers: Mapping[Target, str]
) -> None:
    """Nobody is given words they did not write, and nothing that is not shown is shown by quoting it."""
    for one in quoted:
        source = sources[one.target]
        if source is not None and one.target not in speakers and one.words == references.GONE:
            continue  # it was put away here; whoever edits the rest need not take it out
        said = _all_it_said(source) if source is not None and one.target in speakers else []
        if not any(references.is_said(one.words, words) for words in said):
            raise Invalid(
                f"The words you quote are not in {one.target[0]}, or they are not shown any more. Quote them again, or"
                " take out the line that names it.",
                "body",
            )


def _all_it_said(source: Thing) -> list[str]:
    """Its words as they are and as they were before each edit: all of them are public."""
    of = Revision.comment_id == source.id if isinstance(source, Comment) else Revision.reply_id == source.id
    return [text.plain(html) for html in (source.html, *session().scalars(select(Revision.html).where(of)))]


def _notices(consultation_id: int, slug: str, body: str) -> dict[str, str]:
    """The notices of moderators in a text, and where each decision is read."""
    ids = {int(found[1]) for found in references.NOTICE.finditer(body)}
    if not ids:
        return {}
    rows = session().execute(
        select(Removal.notice, Comment.number)
        .outerjoin(Removal.reply)
        .join(Comment, Comment.id == func.coalesce(Removal.comment_id, Reply.comment_id))
        .where(Removal.id.in_(ids), Removal.put_back_at.is_(None), Comment.consultation_id == consultation_id)
    )
    log = f"/c/{escaped(slug)}/moderation?number="
    return {references.unescaped(notice): log + escaped(number) for notice, number in rows}


def _addresses(consultation_id: int, slug: str, named: Sequence[Reference]) -> dict[str, tuple[str, str]]:
    """Name → address and words of the comments, clauses and voices that exist in this consultation."""
    comments = {one.names[0] for one in named if one.kind == "comment"}
    labels = {label for one in named if one.kind == "clause" for label in one.names}
    called = {one.names[0] for one in named if one.kind == "voice"}
    found: dict[str, tuple[str, str]] = {}
    if comments:
        there = select(Comment.number).where(
            Comment.consultation_id == consultation_id, Comment.number.in_(sorted(comments)[:MOST]),
            Comment.state != "held",
        )  # fmt: skip
        found = {number: (f"/c/{escaped(slug)}/comments/{escaped(number)}", "") for number in session().scalars(there)}
    if labels:
        clauses = (
            select(Clause.label, Clause.key, DraftVersion.number)
            .join(Clause.version)
            .join(DraftVersion.draft)
            .where(Draft.consultation_id == consultation_id, DraftVersion.frozen_at.is_not(None))
            .where(or_(Clause.label.in_(sorted(labels)[:MOST])))
            .order_by(DraftVersion.number, Clause.rank.desc())
        )  # the newest version wins, and in it the first clause
        for label, key, version in session().execute(clauses):
            found[label] = (f"/c/{escaped(slug)}/v{version}/clauses/{escaped(key)}", "")
    if called:
        found |= {
            name: (voice.address, f"@{voice.name}") for name, voice in voices.named(consultation_id, called).items()
        }
    return found
