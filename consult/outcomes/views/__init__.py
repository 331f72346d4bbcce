"""Doors of outcomes: the workbench, the summary, the outcome, the library, and what became of my comments."""

from . import acknowledgements, answers, library, outcome, summary, table, templates, themes
from .room import room

__all__ = ["acknowledgements", "answers", "library", "outcome", "room", "summary", "table", "templates", "themes"]
