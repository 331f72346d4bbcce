"""Every failure has a page that says what happened, what to do, and that nothing was lost."""

from __future__ import annotations

import logging
import math
from typing import Any

from flask import Flask, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InternalError
from werkzeug.exceptions import HTTPException, SecurityError

from .doors import NotProven, NotSignedIn, me
from .errors import Busy, DomainError
from .limits import seconds_left
from .replica import OnlyOnPrimary, again_on_primary
from .rules import PROVE_AGAIN, VISITOR
from .text import normalise
from .unavailable import BUSY, FAILURES, passes, told

log = logging.getLogger(__name__)
NEVER_KEPT = {
    "csrf_token", "password", "new_password", "repeat_password", "current_password",
    "half_way", "sealed", "passkey_asked", "passkey_answer",
}  # fmt: skip
TITLES = {
    400: "Something in this request cannot be read",
    401: "Please sign in",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "This address cannot do that",
    409: "Somebody else was quicker",
    413: "This is too large",
    422: "Something needs another look",
    429: "A little slower, please",
    500: "Something broke on our side",
    503: BUSY.title,
}
SENTENCES = {
    400: "Go back and try again. If you typed something, it is still in your browser.",
    404: "The address may be mistyped, or the page may not be public yet.",
    405: "Go back to the page you came from and use its buttons.",
    413: "What you sent is larger than this site takes. Send a smaller file, or cut the text into parts.",
    429: "That was too often in a short time. Try again in {wait}; what you typed is below, and nothing of it is lost.",
    500: "The fault is ours and has been noted. Go back and try again; if you typed something, it is below.",
    503: BUSY.sentence,
}


def kept_fields() -> list[tuple[str, str]]:
    """What was typed into the form that failed, without secrets."""
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:
        return []
    cleaned = ((normalise(name), normalise(value)) for name, value in pairs if name not in NEVER_KEPT)
    return [(name, value) for name, value in cleaned if value]


def longest_first(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody has thought about stands before what a page notes for itself."""
    return sorted(pairs, key=lambda pair: -len(pair[1]))


def lost_files() -> list[str]:
    """Names of the files that came with the form that failed: no page can put a file back into a form."""
    try:
        names = [normalise(file.filename or "") for file in request.files.values()]
    except HTTPException:
        return []
    return [name[-120:] for name in names if name]


def can_be_sent_again() -> bool:
    """Whether the page of a failure can send the form that failed as it was: no file and no password is put on a page."""
    return request.method == "POST" and not lost_files() and not (NEVER_KEPT - {"csrf_token"}) & set(request.form)


def failure_page(status: int, sentence: str = "", title: str = "") -> ResponseReturnValue:
    """The page for a failure; a POST's typed text is shown. What only has to wait can be sent again from there."""
    wait = seconds_left() if status == 429 else 0
    context: dict[str, Any] = {
        "again": request.full_path.rstrip("?") if status == Busy.status and can_be_sent_again() else "",
        "status": status,
        "title": title or TITLES.get(status, TITLES[400]),
        "sentence": sentence or SENTENCES.get(status, SENTENCES[400]).format(wait=_in_words(wait)),
        "kept": kept_fields() if request.method == "POST" else [],
        "files": lost_files() if request.method == "POST" else [],
    }
    headers = {"Retry-After": str(wait or 5)} if status == 503 or wait else {}
    return render_template("errors/error.html", **context), status, headers


def _in_words(seconds: int) -> str:
    """How long to wait, as one says it."""
    minutes = math.ceil(seconds / 60)
    if not seconds:
        return "a quarter of an hour"
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def held_page(title: str, sentence: str, button: str, needs_sign_in: bool) -> ResponseReturnValue:
    """A POST came too late (session or token expired): keep what was typed and offer to send it again."""
    return (
        render_template(
            "errors/held.html", title=title, sentence=sentence, kept=kept_fields(), files=lost_files(),
            action=request.full_path.rstrip("?"), button_text=button, needs_sign_in=needs_sign_in,
        ),
        401 if needs_sign_in else 400,
    )  # fmt: skip


def _sign_in_first(error: NotSignedIn) -> ResponseReturnValue:
    if request.method == "POST":
        return held_page(
            "You are signed out",
            "Nothing you typed is lost. Sign in, look at it once more, and send it.",
            "Sign in",
            needs_sign_in=True,
        )
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)


def _token_expired(error: CSRFError) -> ResponseReturnValue:
    return held_page(
        "This page was open for a long time",
        "To be sure that it is really you, look at what you typed and send it once more. Nothing is lost.",
        "Send it now",
        needs_sign_in=False,
    )


def _domain(error: DomainError) -> ResponseReturnValue:
    if error.status in (403, 404) and me().waits_for_proof:  # perhaps only that
        return current_app.handle_user_exception(NotProven(PROVE_AGAIN.reason))  # type: ignore[no-any-return]
    if error.status in (403, 404) and me().second_factor == "required":  # perhaps only her role is missing
        context = {"kept": kept_fields(), "files": lost_files()}
        return render_template("errors/second_factor.html", **context), error.status
    return failure_page(error.status, error.sentence)


def _http(error: HTTPException) -> ResponseReturnValue:
    # Under a strange host name no page of ours can be addressed, so its answer is the bare one.
    if error.response is not None or (error.code or 500) < 400 or isinstance(error, SecurityError):
        return error.get_response()
    told = error.description if error.code == 403 and isinstance(error.description, str) else ""
    return failure_page(error.code or 500, told)


def _database_busy(error: Exception) -> ResponseReturnValue:
    """Who asks cannot be looked up now either, so the page is that of a stranger."""
    if (answer := again_on_primary(error)) is not None:
        return answer
    g.setdefault("actor", VISITOR)
    log.exception("database not available")
    return failure_page(Busy.status, told(error).sentence, told(error).title)


def _inside_the_database(error: InternalError) -> ResponseReturnValue:
    return _database_busy(error) if passes(error) else _replica_failed(error)


def _replica_failed(error: Exception) -> ResponseReturnValue:
    answer = again_on_primary(error)
    return _broken(error) if answer is None else answer


def _broken(error: Exception) -> ResponseReturnValue:
    if current_app.testing:
        raise error
    log.exception("unexpected failure")
    return failure_page(500)


def init_app(app: Flask) -> None:
    """Register the page for each kind of failure."""
    app.register_error_handler(NotSignedIn, _sign_in_first)
    app.add_template_filter(longest_first)
    app.register_error_handler(CSRFError, _token_expired)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    for failure in FAILURES:
        app.register_error_handler(failure, _database_busy)
    app.register_error_handler(InternalError, _inside_the_database)
    app.register_error_handler(DBAPIError, _replica_failed)  # it may have no table yet that was just made
    app.register_error_handler(OnlyOnPrimary, _replica_failed)
    app.register_error_handler(Exception, _broken)
