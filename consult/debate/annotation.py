"""A comment as a W3C Web Annotation (https://www.w3.org/TR/annotation-model/). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .models import Anchor, Comment

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
Address = Callable[..., str]  # of an endpoint with its values, absolute


def of(comment: Comment, address: Address) -> dict[str, Any]:
    """The annotation of a shown comment loaded with its card."""
    made = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": address("debate.comment_annotation", number=comment.number),
        "type": "Annotation",
        "motivation": "commenting",
        "created": _moment(comment.posted_at),
        "creator": _creator(comment),
        "body": [_words(comment), *_proposed(comment), *_positions(comment)],
        "target": [_target(anchor, address) for anchor in comment.anchors],
    }
    return made | ({"modified": _moment(comment.edited_at)} if comment.edited_at else {})


def _moment(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%SZ"))  # UTC throughout


def _creator(comment: Comment) -> dict[str, str]:
    if comment.organisation is not None:
        return {"type": "Organization", "name": comment.organisation.name}
    # Where the name is withheld it is still a person, called as on every page.
    return {"type": "Person", "name": comment.author_name}


def _words(comment: Comment) -> dict[str, str]:
    return {
        "type": "TextualBody", "purpose": "commenting", "format": "text/html", "language": comment.language,
        "value": comment.html,
    }  # fmt: skip


def _proposed(comment: Comment) -> list[dict[str, str]]:
    """Other words for the clause."""
    return [
        {"type": "TextualBody", "purpose": "editing", "format": "text/plain", "value": change.new_text}
        for change in comment.changes
    ]


def _positions(comment: Comment) -> list[dict[str, str]]:
    return [
        {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": key}
        for key in comment.position_keys()
    ]


def _target(anchor: Anchor, address: Address) -> dict[str, Any]:
    """A clause, and the words of it as two selectors that mean the same; offsets are code points of its plain text."""
    if anchor.clause is None:
        return {"source": address("debate.reading_room")}
    source = address("debate.clause", version=anchor.clause.version.number, key=anchor.clause.key)
    if not anchor.quote:
        return {"source": source}
    quote = {"type": "TextQuoteSelector", "exact": anchor.quote, "prefix": anchor.prefix, "suffix": anchor.suffix}
    position = {"type": "TextPositionSelector", "start": anchor.start, "end": anchor.end}
    return {"source": source, "selector": [quote, position]}
