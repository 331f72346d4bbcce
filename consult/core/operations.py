"""Every write is an operation: judged by its rule, done once, committed once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, NewType, ParamSpec, TypeVar

from sqlalchemy import Executable, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from . import clock, jobs
from .db import Base, db, insert_new, is_writing, refresh_with_parents, table_of, write_rows, write_transaction
from .errors import Invalid, Refused
from .rules import Actor, Verdict

P = ParamSpec("P")
R = TypeVar("R")
Rule = Callable[..., Verdict]
SubmissionKey = NewType("SubmissionKey", str)
REUSED = "This key was used before, for other words. Nothing was done: send this with a new key."


class Submission(Base):
    """A form that was sent: the same key again gives the same result and no second effect."""

    __tablename__ = "submission"
    __is_unseen__ = True

    key: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(default="")  # a digest of what was sent, where the key says nothing of it
    actor_id: Mapped[int | None]
    operation: Mapped[str]
    result_table: Mapped[str | None]
    result_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def operation(
    *, rule: Rule, on: str | tuple[str, ...] = (), first: Callable[..., object] | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a keyword-only function an operation.

    `rule(actor, *subjects)` is asked first, with the arguments named by `on`, read anew inside the
    transaction. `first` gets all arguments before that, to lock what everybody locks before those. An
    argument `key` (a SubmissionKey) makes a repeated call return the first result.
    Raises Refused with the rule's sentence. Called inside another operation it joins its transaction.
    """
    names = (on,) if isinstance(on, str) else on

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def run(**kwargs: Any) -> Any:
            return _run(function, rule, names, first, kwargs)

        run.rule = rule  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return wrap


def _run(
    function: Callable[..., Any], rule: Rule, names: tuple[str, ...], first: Callable[..., object] | None,
    kwargs: dict[str, Any],
) -> Any:  # fmt: skip
    if is_writing():
        return _judged(function, rule, names, kwargs)
    with write_transaction() as session:
        key = kwargs.get("key")
        earlier = (
            _claim(session, key, kwargs["actor"], f"{function.__module__}.{function.__qualname__}") if key else None
        )
        if earlier is not None:
            return _result_of(session, earlier)
        if first is not None:
            first(**kwargs)
        for name in names:
            if isinstance(kwargs[name], Base):
                refresh_with_parents(kwargs[name])
        result = _judged(function, rule, names, kwargs)
        session.flush()
        if key:
            _keep_result(key, result)
    jobs.wake()
    return result


def _judged(function: Callable[..., Any], rule: Rule, names: tuple[str, ...], kwargs: dict[str, Any]) -> Any:
    verdict = rule(kwargs["actor"], *(kwargs[name] for name in names))
    if not verdict:
        raise Refused(verdict.reason)
    return function(**kwargs)


def _claim(session: Session, key: str, actor: Actor, name: str) -> Submission | None:
    """Take the key; None when it is ours now, else what was done with it before.

    A form's key is made of all that is on it. One that a program chose has a digest of what it sent behind a dot.
    """
    given, _, content = key.partition(".")
    taken = insert_new(Submission, key=given, content=content, actor_id=actor.person_id, operation=name)
    if taken is not None:
        return None
    earlier = session.scalars(select(Submission).where(Submission.key == given)).one()
    if earlier.content != content:
        raise Invalid(REUSED)
    if (earlier.actor_id, earlier.operation) != (actor.person_id, name):
        raise Refused("This form was already sent by somebody else, or for something else. Open the page again.")
    return earlier


def _result_of(session: Session, earlier: Submission) -> Any:
    if earlier.result_table is None:
        return None
    model = next(m.class_ for m in Base.registry.mappers if m.class_.__tablename__ == earlier.result_table)
    return session.get(model, earlier.result_id)


def _keep_result(key: str, result: object) -> None:
    if isinstance(result, Base):
        kept = {"given": key.partition(".")[0], "table": type(result).__tablename__, "row": result.id}
        write_rows(_KEEP_RESULT, kept)


def _keep() -> Executable:
    submission = table_of(Submission)
    result: dict[str, Any] = {"result_table": bindparam("table"), "result_id": bindparam("row")}
    return update(submission).where(submission.c.key == bindparam("given")).values(result)


_KEEP_RESULT = _keep()


def session() -> Session:
    """The session operations write with."""
    return db.session()
