"""Forms check the shape of what was typed; rules and operations check whether it may be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import g, has_request_context
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from .errors import Conflict, DomainError, Invalid
from .ids import LARGEST, digest, new_key
from .text import NO_WORDS, has_words, normalise

R = TypeVar("R")


class Form(FlaskForm):
    """Base of all forms: submission key, text cleaned of control characters."""

    submission = HiddenField(default=lambda: _new_sheet())

    class Meta(FlaskForm.Meta):
        csrf = False  # asked for at the door of every POST; a token made here would be a cookie for whoever only reads

        def bind_field(self, form: FlaskForm, unbound_field: Any, options: dict[str, Any]) -> Any:
            is_text = issubclass(unbound_field.field_class, StringField)
            filters = [*unbound_field.kwargs.get("filters", []), _text if is_text else _tidy]
            return unbound_field.bind(form=form, filters=filters, **options)

    @property
    def sheet(self) -> str:
        """The random name of this form as it was served; one that was meddled with is replaced."""
        data = str(self.submission.data or "")
        return data if len(data) == 32 and data.isalnum() else new_key()

    @property
    def key(self) -> str:
        """The submission key: this sheet with what is on it.

        Sent twice it is one submission; with other words on it (Back in the browser, then a change) it is another.
        """
        written = {name: value for name, value in self.data.items() if name not in ("csrf_token", "submission")}
        return digest(self.sheet + json.dumps(written, sort_keys=True, default=_fingerprint))[:32]

    def accept(self, operation: Callable[..., R], **kwargs: Any) -> R | None:
        """Call `operation`; what it finds invalid is shown at the field, and None comes back."""
        try:
            return operation(**kwargs)
        except (Invalid, Conflict) as error:
            self.blame(error)
            return None

    def blame(self, error: DomainError) -> None:
        """Put a domain error's sentence at its field, or at the top of the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.sentence)
        else:
            field.errors = [*field.errors, error.sentence]


class ActionForm(Form):
    """A form with nothing but a button."""


def options(pairs: Iterable[tuple[str, str]] | Mapping[str, str]) -> list[SelectChoice]:
    """Choices of a field: values and the words shown for them."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return [SelectChoice(value, label) for value, label in items]


class Longest:
    """Validator: at most `characters` characters, said with both numbers, and `advice` on what to do."""

    def __init__(self, characters: int, advice: str = "Shorten it, or send the rest as a second comment.") -> None:
        self.characters = characters
        self.advice = advice
        self.field_flags = {"maxlength": characters}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        length = len(field.data or "")
        if length > self.characters:
            raise ValidationError(
                f"This is {length:,} characters long; {self.characters:,} is the most. {self.advice}"
                " Nothing you typed is lost."
            )


class Given:
    """Validator: something other than blanks must be there; `sentence` says what."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not (field.data.strip() if isinstance(field.data, str) else field.data):
            raise ValidationError(self.sentence)


class Worded:
    """Validator, the last of a field: what is typed, if anything is and it is fit so far, has words a reader sees."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data and not field.errors and not has_words(field.data):
            raise ValidationError(NO_WORDS)


def _new_sheet() -> str:
    """The random name of a form; the page it is on is for one reading only."""
    if has_request_context():
        g.is_for_once = True
    return new_key()


def _text(value: object) -> object:
    """A text field that was not sent at all is an empty one."""
    return "" if value is None else _tidy(value)


def _fingerprint(value: object) -> str:
    """What stands for a day, a moment or a file in a submission key."""
    if not isinstance(value, FileStorage):
        return str(value)
    place = value.stream.tell()
    value.stream.seek(0)
    content = hashlib.file_digest(value.stream, "sha256").hexdigest()  # type: ignore[arg-type]
    value.stream.seek(place)
    return f"{value.filename} {content}"


def _tidy(value: object) -> object:
    """Text cleaned; a number as large as a column holds at most, so that it names nothing instead of breaking."""
    if isinstance(value, int):
        return max(-LARGEST, min(value, LARGEST))
    return normalise(value) if isinstance(value, str) else value
