"""The whole life on real input, by commands and pages without JavaScript; browser/test_whole_life.py does it in Chromium."""

from __future__ import annotations

from flask import Flask

from tests.make import Make

from .whole_life import Life, Visit, walk


def test_from_the_first_draft_over_two_rounds_into_the_library(app: Flask, make: Make, visit: Visit) -> None:
    walk(Life(app, make, visit))
