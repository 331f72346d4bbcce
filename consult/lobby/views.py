"""Doors of the lobby: the first page, what this place is, how it is doing."""

from __future__ import annotations

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import DEFAULT_POSITIONS
from consult.core.doors import Room, me, show
from consult.core.errors import Missing
from consult.core.rendering import THEMES, chosen_theme, theme_cookie
from consult.core.rules import anyone
from consult.outcomes import queries as outcomes
from consult.privacy import inventory
from consult.settings import Settings

from . import condition, samples, written_mail
from .forms import AppearanceForm

room = Room("lobby")


@room.get("/", permit=anyone)
def home() -> ResponseReturnValue:
    """What is open, what came of earlier ones, how it works."""
    return show(
        "lobby/home.html",
        open_now=consultations.open_now(viewer=me(), limit=10),
        outcomes=consultations.recent_outcomes(viewer=me(), limit=3),
        standards=outcomes.newest(viewer=me(), limit=3),
        default_positions=DEFAULT_POSITIONS,
    )


@room.get("/about", permit=anyone)
def about() -> ResponseReturnValue:
    """What Consult is for and what it promises."""
    return show("lobby/about.html", default_positions=DEFAULT_POSITIONS)


@room.get("/accessibility", permit=anyone)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return show("lobby/accessibility.html")


@room.get("/privacy", permit=anyone)
def privacy() -> ResponseReturnValue:
    """What is kept about people, and why."""
    return show("lobby/privacy.html", kept=inventory.personal(), bases=inventory.BASES)


@room.get("/appearance", permit=anyone)
def appearance() -> ResponseReturnValue:
    """Choose light or dark."""
    return show("lobby/appearance.html", form=AppearanceForm(theme=chosen_theme()))


@room.post("/appearance", permit=anyone)
def choose_appearance() -> ResponseReturnValue:
    """Keep the choice in a cookie, for a year."""
    form = AppearanceForm()
    if not form.validate():
        return show("lobby/appearance.html", form=form, status=422)
    response = current_app.redirect(request.path, 303)
    how = {"secure": current_app.config["SESSION_COOKIE_SECURE"], "httponly": True, "samesite": "Lax"}
    is_chosen = form.theme.data in THEMES
    response.set_cookie(
        theme_cookie(), form.theme.data if is_chosen else "", max_age=31_536_000 if is_chosen else 0, **how
    )
    return response


@room.get("/style-guide", permit=anyone)
def style_guide() -> ResponseReturnValue:
    """Every macro in every state."""
    return show("lobby/style_guide.html", **samples.everything())


@room.get("/healthz", permit=anyone)
def healthz() -> ResponseReturnValue:
    """This process is alive."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@room.get("/readyz", permit=anyone)
def readyz() -> ResponseReturnValue:
    """Whether all that serving people needs is there, with a reason for each thing that is not (JSON; 503)."""
    told = condition.readiness(without=request.args.get("without", ""))
    return jsonify(told), 200 if told["ready"] else 503


@room.get("/metrics", permit=anyone)
def metrics() -> ResponseReturnValue:
    """Numbers for Prometheus, for who may see them; for everybody else nothing is here."""
    if not condition.may_read_metrics():
        raise Missing
    return Response("\n".join(condition.lines()) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


@room.get("/.well-known/security.txt", permit=anyone)
def security_txt() -> ResponseReturnValue:
    """Whom to tell of a hole in this site (RFC 9116); nothing is here where the operator names nobody."""
    lines = condition.security_lines()
    if not lines:
        raise Missing
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@room.get("/written-mail", permit=anyone)
def mails() -> ResponseReturnValue:
    """While trying out: the mail that would have been sent."""
    return show("lobby/mails.html", mails=written_mail.newest(_try_out()))


@room.get("/written-mail/<int:number>", permit=anyone)
def mail(number: int) -> ResponseReturnValue:
    """One written mail."""
    return show("lobby/mail.html", mail=written_mail.read(_try_out(), number))


def _try_out() -> Settings:
    settings: Settings = current_app.extensions["consult.settings"]
    if settings.mode == "production" or settings.mail_url:
        raise Missing
    return settings
