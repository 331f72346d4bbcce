"""What happens in the debate."""

from __future__ import annotations

from consult.core.records import Record


class CommentPosted(Record):
    """Somebody commented."""

    comment_id: int


class Held(Record):
    """A contribution waits for a look by a moderator; nobody else sees it."""

    comment_id: int | None
    reply_id: int | None


class Released(Record):
    """It is on show now; CommentPosted or ReplyPosted comes with it."""

    comment_id: int | None
    reply_id: int | None


class CommentEdited(Record):
    """An author changed the words of a comment."""

    comment_id: int


class CommentSigned(Record):
    """A comment that a member wrote for an organisation stands in its name now."""

    comment_id: int


class CommentWithdrawn(Record):
    """An author took a comment back; its tombstone stays."""

    comment_id: int


class CommentClaimed(Record):
    """Who sent a comment from outside has an account now, and is its author."""

    comment_id: int


class CommentPlaced(Record):
    """A comment from outside was given its positions."""

    comment_id: int


class ReplyPosted(Record):
    """Somebody replied."""

    reply_id: int
    comment_id: int


class ReplyEdited(Record):
    """An author changed the words of a reply."""

    reply_id: int


class ReplyWithdrawn(Record):
    """An author took a reply back; its place stays."""

    reply_id: int


class Voted(Record):
    """Somebody agreed, disagreed or passed."""

    comment_id: int
    person_id: int | None


class VoteTakenBack(Record):
    """Somebody took a vote back."""

    comment_id: int
    person_id: int | None


class Cosigned(Record):
    """Somebody put a name under a comment, for herself or for an organisation."""

    comment_id: int
    person_id: int


class NameTakenBack(Record):
    """Somebody took a name back from under a comment."""

    comment_id: int
    person_id: int


class ShownAnew(Record):
    """A contribution reads differently, because what it quotes is not shown any more, or is shown again."""

    comment_id: int | None
    reply_id: int | None


class Named(Record):
    """A contribution names people or organisations (`@OWF`) that it did not name before, and that are not its own."""

    comment_id: int | None
    reply_id: int | None
    person_ids: tuple[int, ...]
    organisation_ids: tuple[int, ...]


class LetterCut(Record):
    """Comments were cut from a letter, by its author or by somebody she let do it."""

    letter_id: int
    by_id: int
    comment_ids: tuple[int, ...]
