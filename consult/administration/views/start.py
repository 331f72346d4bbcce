"""The first page, and the settings."""

from __future__ import annotations

import os

from flask import current_app
from flask.typing import ResponseReturnValue

from consult.core.doors import me, show
from consult.core.rules import administrators

from .. import configured, health
from .room import room


@room.get("/administration", permit=administrators)
def start() -> ResponseReturnValue:
    """Whether the site is well, and the way to everything one can do."""
    checks = health.checks(viewer=me(), settings=current_app.extensions["consult.settings"])
    return show("administration/start.html", checks=checks)


@room.get("/administration/settings", permit=administrators)
def settings() -> ResponseReturnValue:
    """What is set now; nothing secret is shown."""
    now = configured.settings_now(current_app.extensions["consult.settings"], os.environ)
    return show("administration/settings.html", rows=now)
