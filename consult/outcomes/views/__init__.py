"""Doors of outcomes: the workbench, the summary, the outcome, and what became of my comments."""

from . import acknowledgements, answers, outcome, summary, table, templates, themes
from .room import room

__all__ = ["acknowledgements", "answers", "outcome", "room", "summary", "table", "templates", "themes"]
