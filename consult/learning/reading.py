"""The terms in the text of a draft: marked where they first stand in a clause, and explained beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import escape

from consult.core.records import Record
from consult.core.rules import Actor
from consult.documents.models import Clause

from . import queries
from .glossary import Entry, Glossary, marked, order


class Meaning(Record):
    """A term of a clause as it is explained there; `place` names the explanation on the page."""

    place: str
    key: str
    name: str
    html: str


def explained(clause_key: str, html: str, glossary: Glossary) -> tuple[str, Sequence[Meaning]]:
    """The HTML of a clause with its terms as links to their explanations, and these explanations.

    Only tags are added: the words, and with them all offsets, stay as they are.
    """
    html, entries = marked(html, glossary, lambda entry: _link(place(clause_key, entry)))
    return html, [Meaning(place(clause_key, entry), entry.key, entry.name, entry.html) for entry in entries]


def for_paper(
    *, viewer: Actor, consultation_id: int, clauses: Sequence[Clause]
) -> tuple[Sequence[str], Sequence[Entry]]:
    """The HTML of each clause for a page that explains all terms at its end, and the terms it has, from A to Z."""
    glossary = queries.glossary(viewer=viewer, consultation_id=consultation_id)
    made, used = list[str](), dict[int, Entry]()
    for clause in clauses:
        html, entries = marked(
            clause.html, Glossary() if clause.is_heading else glossary, lambda entry: _link(f"term-{entry.key}")
        )
        made.append(html)
        used |= {entry.id: entry for entry in entries}
    return made, sorted(used.values(), key=lambda entry: order(entry.name))


def place(clause_key: str, entry: Entry) -> str:
    """The id of an explanation. Digits first, so that no two pairs of clause and term make the same."""
    return f"t{entry.id}-{clause_key}"


def _link(name: str) -> str:
    return f'<a class="term" draggable="false" href="#{escape(quote(name, safe=""))}">'
