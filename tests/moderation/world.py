"""A small world for moderation: one consultation, its people, a comment and a reply."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.core.rules import Actor
from consult.debate.models import Comment, Reply
from consult.documents.models import DraftVersion
from consult.moderation.queries import things
from tests.make import Make

_paths = itertools.count(1)


@dataclass
class World:
    """Rows of one consultation with two moderators and an appeals panel of one."""

    make: Make
    consultation: Consultation
    version: DraftVersion
    author: Person
    reader: Person
    moderator: Person
    second: Person
    panel: Person
    comment: Comment
    reply: Reply

    @property
    def slug(self) -> str:
        return self.consultation.slug

    @property
    def desk(self) -> str:
        return f"/c/{self.slug}/manage/moderation"

    @property
    def at_comment(self) -> str:
        return f"{self.desk}/comments/{self.comment.number}"

    @property
    def at_reply(self) -> str:
        return f"{self.desk}/replies/{self.reply.id}"

    def actor(self, who: str) -> Actor:
        return self.make.actor(getattr(self, who))

    def load(self, who: str, row: Comment | Reply | None = None) -> Comment | Reply:
        """A contribution as an operation gets it. Inside a context."""
        row = row or self.comment
        kind, key = ("comments", row.number) if isinstance(row, Comment) else ("replies", str(row.id))
        return things.find(viewer=self.actor(who), slug=self.slug, kind=kind, key=key)


def make_reply(make: Make, comment: Comment, author: Person, body: str = "I disagree.", **values: object) -> Reply:
    """A reply, bypassing the rules; counters are not touched."""
    return make.row(
        Reply(
            comment_id=comment.id, path=f"{next(_paths):06d}", author_id=author.id, author_name=author.name,
            category=author.category, body=body, html=f"<p>{body}</p>", **values,
        )
    )  # fmt: skip


def build(make: Make, body: str = "Buy our cheap watches at example.com now.") -> World:
    """The world, with a comment that says `body`."""
    consultation = make.consultation()
    version = make.version(consultation)
    author, reader = make.person("Ada Author"), make.person("Rita Reader")
    comment = make.comment(
        consultation, make.clauses(version)[1], author=author, body=body, html=f"<p>{body}</p>"
    )  # fmt: skip
    return World(
        make, consultation, version, author, reader,
        make.staff(consultation, "moderator", "Mo First"), make.staff(consultation, "moderator", "Mo Second"),
        make.staff(consultation, "appeals_panel", "Pat Panel"), comment,
        make_reply(make, comment, reader, "That is an unseemly reply."),
    )  # fmt: skip
