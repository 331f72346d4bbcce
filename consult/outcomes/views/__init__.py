"""Doors of outcomes: the workbench, the summary and what is said against it, the outcome, what became of my comments."""

from . import acknowledgements, answers, objections, outcome, summary, versions
from .room import room

__all__ = ["acknowledgements", "answers", "objections", "outcome", "room", "summary", "versions"]
