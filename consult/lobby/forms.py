"""Forms of the lobby."""

from __future__ import annotations

from wtforms import RadioField

from consult.core.forms import Form, options


class AppearanceForm(Form):
    """Light, dark, or as the device has it."""

    theme = RadioField(
        "How pages look",
        choices=options([("", "As my device has it"), ("light", "Light"), ("dark", "Dark")]),
        default="",
    )
