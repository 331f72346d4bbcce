"""Security headers on every answer, how long it may be kept, and the check that a writing request comes from our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request, session

POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask, is_https: bool) -> None:
    """Add the headers to every answer and refuse writing requests that other sites started."""
    app.before_request(_same_site_only)
    always = HEADERS | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if is_https else {})

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        kept = response.headers.get("Cache-Control", "")
        if not kept:
            response.headers["Cache-Control"] = (
                "private, no-store" if _is_personal() or "Set-Cookie" in response.headers else "private, no-cache"
            )
        elif kept == "no-cache":  # what Flask says of a file: a cache between may keep it
            response.headers["Cache-Control"] = "private, no-cache"
        return response


def _is_personal() -> bool:
    """Whether the answer may hold what is for one browser alone: it has a session, or is given one.

    Looking into an empty session, as flask-login does for everybody, tells nobody apart.
    """
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies or session.modified or bool(session)


def _same_site_only() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    is_foreign_origin = origin and origin != "null" and urlsplit(origin).netloc != request.host
    is_foreign_site = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if is_foreign_site or is_foreign_origin:
        abort(403, "This form was sent from another site. Open the page here and send it again.")
