"""What happens in the debate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentPosted:
    """Somebody commented."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class Held:
    """A contribution waits for a look by a moderator; nobody else sees it."""

    comment_id: int | None
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class Released:
    """It is on show now; CommentPosted or ReplyPosted comes with it."""

    comment_id: int | None
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class CommentEdited:
    """An author changed the words of a comment."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentSigned:
    """A comment that a member wrote for an organisation stands in its name now."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentWithdrawn:
    """An author took a comment back; its tombstone stays."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentClaimed:
    """Who sent a comment from outside has an account now, and is its author."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class CommentPlaced:
    """A comment from outside was given its positions."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class ReplyPosted:
    """Somebody replied."""

    reply_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class ReplyEdited:
    """An author changed the words of a reply."""

    reply_id: int


@dataclass(frozen=True, slots=True)
class ReplyWithdrawn:
    """An author took a reply back; its place stays."""

    reply_id: int


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody agreed, disagreed or passed."""

    comment_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True)
class VoteTakenBack:
    """Somebody took a vote back."""

    comment_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Cosigned:
    """Somebody put a name under a comment, for herself or for an organisation."""

    comment_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class NameTakenBack:
    """Somebody took a name back from under a comment."""

    comment_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class ShownAnew:
    """A contribution reads differently, because what it quotes is not shown any more, or is shown again."""

    comment_id: int | None
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """A contribution names people or organisations (`@OWF`) that it did not name before, and that are not its own."""

    comment_id: int | None
    reply_id: int | None
    person_ids: tuple[int, ...]
    organisation_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterCut:
    """Comments were cut from a letter, by its author or by somebody she let do it."""

    letter_id: int
    by_id: int
    comment_ids: tuple[int, ...]
