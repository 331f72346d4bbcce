"""Themes: comments of a round that say the same are answered together, in one act."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.consultations.queries import newest_round
from consult.core import text
from consult.core.db import KEY_STAYS
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.rules import SYSTEM, Actor
from consult.debate.models import Comment

from .. import queries, rules
from ..models import Disposition, Theme, ThemeComment, links_of
from ..standing import standing
from .decisions import Place, _add, _checked, _end_of_chain, _filled, _history, _locked, _take_back

WORDS = ("code", "observation", "change_class", "change_note", "duplicate_of_id")
CHANGED = (
    "Somebody changed this theme or answered one of its comments since you opened it. Nothing you typed is lost:"
    " look at the theme once more, then save again."
)


def _lock_comments(*, theme: Theme, **_: object) -> None:
    """Comments before their consultation, as whoever answers a single one of them does: else the two wait for each other."""
    inside = select(ThemeComment.comment_id).where(ThemeComment.theme_id == theme.id)
    told = select(Disposition.comment_id).where(Disposition.theme_id == theme.id)
    its = select(Comment.id).where(or_(Comment.id.in_(inside), Comment.id.in_(told))).order_by(Comment.id)
    session().execute(its.with_for_update(**KEY_STAYS)).all()


@operation(rule=rules.may_prepare, on="consultation")
def gather(
    *,
    actor: Actor,
    consultation: Consultation,
    comments: Sequence[Comment],
    theme: int = 0,
    name: str = "",
    key: str | None = None,
) -> Theme:
    """Put comments of the newest round into the theme of this number, or (0) into a new one; they leave any other."""
    of = newest_round(viewer=SYSTEM, consultation=consultation)
    if any(comment.round_id != of.id or comment.state != "posted" for comment in comments) or not comments:
        raise Invalid("Choose comments of this round that are neither withdrawn nor hidden.")
    row = _numbered(of.id, theme) if theme else _new(actor, consultation, of.id, name)
    ids = [comment.id for comment in comments]
    session().execute(delete(ThemeComment).where(ThemeComment.comment_id.in_(ids)))
    session().execute(insert(ThemeComment), [{"theme_id": row.id, "comment_id": comment_id} for comment_id in ids])
    return row


@operation(rule=rules.may_change_theme, on="theme")
def describe_theme(*, actor: Actor, theme: Theme, name: str, summary: str = "") -> Theme:
    """Say what its comments say."""
    theme.name = _name(name)
    theme.summary = text.normalise(summary)
    theme.html = text.markdown(theme.summary)
    return theme


@operation(rule=rules.may_change_theme, on="theme")
def take_out(*, actor: Actor, theme: Theme, comments: Sequence[Comment]) -> None:
    """Take comments out of a theme. What they were answered there stays, until they are decided anew."""
    ids = [comment.id for comment in comments]
    session().execute(delete(ThemeComment).where(ThemeComment.theme_id == theme.id, ThemeComment.comment_id.in_(ids)))


@operation(rule=rules.may_answer_theme, on="theme", first=_lock_comments)
def answer_theme(
    *,
    actor: Actor,
    theme: Theme,
    code: str,
    observation: str = "",
    change_class: str = "none",
    change_note: str = "",
    duplicate_of: str = "",
    seen: str | None = None,
    key: str | None = None,
) -> Disposition:
    """Give every comment of a theme the same answer, each clause its own row; returns the first.

    Left alone are comments this actor may not answer, clauses that were answered by themselves, and what has these
    very words already. `seen` is the theme's mark when its moderator read it; Conflict when it is another by now.
    """
    comments = _of(theme)
    if seen is not None and seen != queries.theme_mark(viewer=SYSTEM, theme=theme):
        raise Conflict(CHANGED)
    answer = {
        **_checked(code, observation, change_class, change_note),
        "duplicate_of_id": _end_of_chain(comments, duplicate_of) if code == "duplicate" else None,
        "theme_id": theme.id,
    }
    rows = _answerable(actor, comments)
    history = _history([comment.id for comment in rows])
    places = [place for comment in rows for place in _places(theme, comment, history[comment.id])]
    told = [(comment, given) for comment, given in _filled(answer, places) if _is_new(comment, given, history)]
    if not told:
        raise Conflict("Every comment of this theme that you may answer has this answer, or one of its own.")
    return _add(actor, told)[0]


@operation(rule=rules.may_answer_theme, on="theme", first=_lock_comments)
def undo_theme(*, actor: Actor, theme: Theme, answer: int, key: str | None = None) -> Disposition:
    """Take back what a theme was answered in one act, named by the id of one of its rows.

    A comment that was decided again since keeps its newer answer.
    """
    one = session().scalars(
        select(Disposition).where(
            Disposition.id == answer, Disposition.theme_id == theme.id, Disposition.decided_by_id == actor.person_id
        )
    )
    given = one.first()
    if given is None:
        raise Conflict("There is no answer of yours to take back.")
    act = (Disposition.theme_id == theme.id, Disposition.decided_at == given.decided_at)
    mine = session().scalars(
        select(Disposition)
        .options(joinedload(Disposition.comment))
        .where(*act, Disposition.decided_by_id == actor.person_id, queries.is_untouched())
    )
    undone = mine.all()
    by_id = {row.id: row for row in _answerable(actor, [row.comment for row in undone])} if undone else {}
    undone = [row for row in undone if row.comment_id in by_id]
    if not undone:
        raise Conflict("All of these comments were decided again since, so there is nothing to take back.")
    return _take_back(actor, undone, by_id, _history(by_id))[0]


def _new(actor: Actor, consultation: Consultation, round_id: int, name: str) -> Theme:
    last = session().scalar(select(func.max(Theme.number)).where(Theme.consultation_id == consultation.id))
    theme = Theme(
        consultation_id=consultation.id, round_id=round_id, number=(last or 0) + 1, name=_name(name),
        made_by_id=actor.person_id,
    )  # fmt: skip
    session().add(theme)
    session().flush()
    return theme


def _numbered(round_id: int, number: int) -> Theme:
    row = session().scalars(select(Theme).where(Theme.round_id == round_id, Theme.number == number)).first()
    if row is None:
        raise Invalid("This theme is not of this round. Choose another, or make a new one.", field="theme")
    return row


def _name(name: str) -> str:
    name = " ".join(text.normalise(name).split())
    if not name:
        raise Invalid("Say in a few words what these comments say.", field="name")
    return name


def _of(theme: Theme) -> Sequence[Comment]:
    inside = select(ThemeComment.comment_id).where(ThemeComment.theme_id == theme.id)
    return (
        session()
        .scalars(select(Comment).where(Comment.id.in_(inside), Comment.state == "posted").order_by(Comment.id))
        .all()
    )


def _answerable(actor: Actor, comments: Sequence[Comment]) -> Sequence[Comment]:
    """Those of the comments that this actor may answer, as they are now; locked."""
    rows = _locked(comments)
    barred = queries.contested(viewer=actor, comments=rows)
    return [
        comment
        for comment in rows
        if rules.may_answer(actor, comment)
        and rules.may_answer_again(actor, comment, barred.get(comment.id, frozenset()))
    ]


def _places(theme: Theme, comment: Comment, history: Collection[Disposition]) -> Iterator[Place]:
    """Where a comment takes the answer of its theme: what waits, and what has an earlier answer of this theme."""
    links = links_of(comment)
    stands = standing(history, links)
    taken = [
        link
        for link in links
        if link not in stands or stands[link].code == "unresolved" or stands[link].theme_id == theme.id
    ]
    if len(taken) == len(links):
        yield comment, None
    else:
        yield from ((comment, link) for link in taken)


def _is_new(comment: Comment, given: Mapping[str, object], history: Mapping[int, Sequence[Disposition]]) -> bool:
    """Whether an answer says something else than what stands: the same words again would ask its author anew."""
    stands = standing(history[comment.id], links_of(comment))
    links = [link for link in links_of(comment) if given["clause_id"] in (None, link)]
    rows = [stands.get(link) for link in links]
    return any(row is None or any(getattr(row, name) != given[name] for name in WORDS) for row in rows)
