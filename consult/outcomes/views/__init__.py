"""Doors of outcomes: the workbench, the summary and what is said against it, the outcome, the library, what became of my comments."""

from . import (
    acknowledgements,
    answers,
    implementations,
    library,
    objections,
    outcome,
    summary,
    table,
    templates,
    themes,
    versions,
)
from .room import room

__all__ = [
    "acknowledgements",
    "answers",
    "implementations",
    "library",
    "objections",
    "outcome",
    "room",
    "summary",
    "table",
    "templates",
    "themes",
    "versions",
]
