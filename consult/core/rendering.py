"""The template environment: undefined names are errors, dates are for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, has_request_context, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from . import clock
from .doors import me
from .fragments import Once
from .mail import link
from .routing import Addresses
from .text import excerpt, safe

THEMES = {"light", "dark"}
LONGEST_OPTION = 60  # characters; phones show less
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}


def day(moment: datetime, zone_name: str = "UTC") -> str:
    """'Friday 4 December 2026' in the given zone."""
    local = moment.astimezone(clock.zone(zone_name))
    return f"{local:%A} {local.day} {local:%B %Y}"


def short_day(moment: datetime, zone_name: str = "UTC") -> str:
    """'4 December 2026' in the given zone."""
    local = moment.astimezone(clock.zone(zone_name))
    return f"{local.day} {local:%B %Y}"


def moment_text(moment: datetime, zone_name: str = "UTC") -> str:
    """'Friday 4 December 2026, 18:00 CET' in the given zone."""
    local = moment.astimezone(clock.zone(zone_name))
    return f"{day(moment, zone_name)}, {local:%H:%M} {local.tzname()}"


def ago(moment: datetime) -> str:
    """'4 hours ago', 'in 3 days': rough, for reading at a glance beside the exact date."""
    seconds = (clock.now() - moment).total_seconds()
    size = abs(seconds)
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if size >= length:
            count = int(size // length)
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "just now"


def seconds_to_new_words(moment: datetime, at: datetime) -> float:
    """How many seconds after `at` it is that `ago` says something else of this moment, or that it has come."""
    seconds = (at - moment).total_seconds()
    length = next((length for length in (86_400, 3_600, 60) if abs(seconds) >= length), 60)
    if seconds >= 0:
        return length - seconds % length
    return -seconds % length or length


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 comment', '2,310 comments'."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def figure(count: int) -> str:
    """'1', '2,310': a number that people read."""
    return f"{count:,}"


def direction(language: str) -> str:
    """'rtl' for languages written from right to left, else 'ltr'; takes tags like "ar-EG"."""
    return "rtl" if language.lower().replace("_", "-").split("-")[0] in RIGHT_TO_LEFT else "ltr"


def options(choices: Iterable[tuple[str, str] | tuple[str, str, int]], chosen: str | None, counted: str = "") -> Markup:
    """The options of a list one chooses from: values, words, and how many `counted` there are behind each.

    There may be hundreds, for which a template needs milliseconds.
    """
    return safe("".join(_option(*choice, counted=counted, is_chosen=choice[0] == chosen) for choice in choices))


@lru_cache(4096)
def _option(value: str, words: str, count: int = 0, *, counted: str, is_chosen: bool) -> str:
    said = excerpt(words, LONGEST_OPTION) + (f", {plural(count, counted)}" if counted else "")
    return f'<option value="{escape(value)}"{" selected" if is_chosen else ""}>{escape(said)}</option>'


def theme_cookie() -> str:
    """The cookie that remembers light or dark: named after that of the session, so with TLS it is bound to this host."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-theme"


def chosen_theme() -> str:
    """What this browser chose, empty when it follows the machine."""
    theme = request.cookies.get(theme_cookie(), "")
    return theme if theme in THEMES else ""


def init_app(app: Flask, site: Any) -> None:
    """Set up Jinja for `app`; `site` is the Settings."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension(Once)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=day,
        short_date=short_day,
        moment=moment_text,
        ago=ago,
        figure=figure,
        plural=plural,
        excerpt=excerpt,
        stored=safe,
        direction=direction,
    )
    app.jinja_env.globals.update(site=site, now=clock.now, absolute=link, options=options, url_for=Addresses(app))

    @app.context_processor
    def about_the_reader() -> dict[str, Any]:
        if not has_request_context():  # a mail has no reader's cookies
            return {}
        return {"me": me(), "theme": chosen_theme()}
