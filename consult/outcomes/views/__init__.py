"""Doors of outcomes: the workbench, the summary, the outcome, and what became of my comments."""

from . import answers, outcome, summary
from .room import room

__all__ = ["answers", "outcome", "room", "summary"]
