"""Words and names that moderators take out of what was said: from the text itself, wherever it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from consult.core import clock, text
from consult.core.errors import Conflict, Invalid
from consult.core.operations import operation, session
from consult.core.rules import Actor
from consult.debate import counters, quoting, redaction, references, rules, wording
from consult.debate.models import Comment, ProposedChange, Removal, Reply, Revision
from consult.documents import redline

Thing = Comment | Reply
Place = tuple[Any, str]  # a row, and the name of a column with a text
IN_THE_WAY = (
    "A link, a table or a code stands in these words, so they cannot be removed as one. Remove them in shorter parts,"
    " or hide all of it."
)


@operation(rule=rules.may_hide, on="thing")
def take_out(*, actor: Actor, thing: Thing, passage: str, said: str) -> Removal:
    """Put a notice, which begins with a number and says `said`, in place of a passage: in a contribution, what it
    said before, the words it proposes, and what quotes it. A Reply comes with its comment loaded.

    Raises Invalid when the passage is not there, or cannot be cut out of what stands around it.
    """
    removal = _begin(thing, passage, f"(Words removed by a moderator, no. {{number}}. {said})")
    _take(removal, _own_texts(thing))
    if not json.loads(removal.taken):
        raise Invalid("These words are not in the text. Copy them exactly as they stand there.", "passage")
    _show(removal, thing)
    if any(redaction.holds(text.plain(html), passage) for html in _all_html(thing)):
        raise Invalid(IN_THE_WAY, "passage")
    return removal


@operation(rule=rules.may_hide, on="thing")
def withhold_name(*, actor: Actor, thing: Thing) -> Removal:
    """Show a contribution from outside without the name that stands over it, also where that is in its words."""
    if thing.author_id is not None:
        raise Conflict("It was written from an account, so it stands in the name of that account.")
    removal = _begin(thing, thing.author_name, "Name withheld (no. {number})", is_name=True)
    _count(thing, -1)
    _take(removal, [*_own_texts(thing), (thing, "author_name")])
    _take(removal, [(thing, "source_note")] if isinstance(thing, Comment) else [])
    session().flush()
    _count(thing, 1)
    _show(removal, thing)
    return removal


@operation(rule=rules.may_hide, on="thing")
def put_back(*, actor: Actor, thing: Thing, removal: Removal) -> Removal:
    """Undo it: the words or the name stand there again, but where the author has deleted the notice since."""
    if removal.put_back_at is not None or removal.is_whole:
        raise Conflict("It is there again already.")
    removal.put_back_at = clock.now()
    _count(thing, -1 if removal.is_name else 0)
    for key, words in json.loads(removal.taken).items():
        table, row_id, column = key.split()
        row = session().get_one(next(m for m in TABLES if m.__tablename__ == table), int(row_id))
        setattr(row, column, redaction.put_back(getattr(row, column), _notice_in(removal, column), words))
    session().flush()
    _count(thing, 1 if removal.is_name else 0)
    _show(removal, thing)
    return removal


@operation(rule=rules.may_hide, on="thing")
def correct_hidden(*, actor: Actor, thing: Thing, body: str, passage: str, said: str) -> Removal:
    """Show a hidden contribution again with better words by its author. What it said before stays with moderators."""
    if thing.state != "hidden":
        raise Conflict("It is not hidden.")
    notice = f"(An earlier wording, no. {{number}}, is not shown. {said})"
    removal = _begin(thing, passage, notice, is_whole=True)
    session().add(Revision(**_key(thing), number=thing.edit_number, body=thing.body, html=thing.html))
    session().flush()
    kept = {f"revision {row.id} body": [row.body] for row in _revisions(thing)}
    for row in _revisions(thing):
        row.body = removal.notice
    earlier, thing.body = thing.body, body
    thing.edit_number, thing.edited_at = thing.edit_number + 1, clock.now()
    thing.state, thing.state_reason = "posted", ""
    removal.taken = json.dumps(kept)
    _take(removal, [(change, "new_text") for change in _changes(thing)])
    session().flush()
    _count(thing, 1)
    wording.show(thing, earlier=earlier)
    wording.show_quoters_anew(thing)  # what is still said comes back before the rest gets its notice
    _show(removal, thing)
    return removal


TABLES: tuple[type[Any], ...] = (Comment, Reply, Revision, ProposedChange)


def _begin(thing: Thing, passage: str, notice: str, **which: bool) -> Removal:
    """A new removal; its notice has its number, so that no two are the same."""
    removal = Removal(**_key(thing), passage=text.normalise(passage), notice="-", taken="{}", **which)
    session().add(removal)
    session().flush()
    removal.notice = references.escaped(notice.replace("{number}", str(removal.id)))
    return removal


def _take(removal: Removal, places: Sequence[Place]) -> None:
    taken = json.loads(removal.taken)
    for row, column in places:
        notice = _notice_in(removal, column)
        changed, words = redaction.take_out(getattr(row, column), removal.passage, notice, is_name=removal.is_name)
        if words:
            setattr(row, column, changed)
            taken[f"{row.__tablename__} {row.id} {column}"] = words
    removal.taken = json.dumps(taken, ensure_ascii=False)
    session().flush()


def _notice_in(removal: Removal, column: str) -> str:
    """Only what is typed by people is Markdown."""
    return removal.notice if column == "body" else references.unescaped(removal.notice)


def _show(removal: Removal, thing: Thing) -> None:
    """Make anew what is made of the texts, and of those that quote them."""
    for change in _changes(thing):
        change.redline = redline.html(change.old_text, change.new_text)
    wording.show_anew(thing)
    if removal.put_back_at is None:
        _take_out_of_quotations(removal, thing)
    wording.show_quoters_anew(thing)


def _take_out_of_quotations(removal: Removal, thing: Thing) -> None:
    """Who quoted what is not there any more quotes the notice."""
    said, taken = [text.plain(html) for html in _all_html(thing)], json.loads(removal.taken)
    slug, target = wording.place_of(thing)
    for quoter in wording.quoters(thing):
        for row in (quoter, *_revisions(quoter)):
            changed, words = quoting.without(
                row.body, slug, target, said=said, passage=removal.passage, notice=removal.notice,
                is_name=removal.is_name,
            )  # fmt: skip
            if words:
                row.body = changed
                taken[f"{row.__tablename__} {row.id} body"] = words
    removal.taken = json.dumps(taken, ensure_ascii=False)
    session().flush()


def _own_texts(thing: Thing) -> list[Place]:
    earlier = [(row, "body") for row in _revisions(thing)]
    return [(thing, "body"), *earlier, *((change, "new_text") for change in _changes(thing))]


def _all_html(thing: Thing) -> Iterator[str]:
    yield thing.html
    yield from (row.html for row in _revisions(thing))


def _revisions(thing: Thing) -> Sequence[Revision]:
    return session().scalars(select(Revision).filter_by(**_key(thing)).order_by(Revision.id)).all()


def _changes(thing: Thing) -> Sequence[ProposedChange]:
    if isinstance(thing, Reply):
        return []
    return session().scalars(select(ProposedChange).filter_by(comment_id=thing.id).order_by(ProposedChange.id)).all()


def _key(thing: Thing) -> dict[str, int]:
    return {"comment_id" if isinstance(thing, Comment) else "reply_id": thing.id}


def _count(thing: Thing, by: int) -> None:
    """Count it anew: where nobody has an account, people are told apart by their names."""
    if not by or thing.state != "posted":
        return
    if isinstance(thing, Comment):
        counters.count(thing, by)
    else:
        counters.count_reply(thing, by)
