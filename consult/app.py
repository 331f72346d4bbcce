"""The application: settings, extensions, then every room by hand, lowest first."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from itsdangerous import Signer
from werkzeug.middleware.proxy_fix import ProxyFix

from .core import (
    assets,
    bucket,
    db,
    editions,
    engines,
    failures,
    floors,
    freshness,
    headers,
    limits,
    metrics,
    overload,
    paths,
    rendering,
    replica,
    routing,
    schema,
    seen,
    store,
    waking,
)
from .rooms import DOORS, load_signed_in
from .settings import BadSettings, Settings

BESIDE_A_FILE = 1024 * 1024  # bytes for the fields sent with it


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application; raises BadSettings with a sentence per problem, also of libraries that are too old."""
    if too_old := floors.problems():
        raise BadSettings("\n".join(too_old))
    settings = settings or Settings.from_environ()
    app = Flask("consult", template_folder=str(paths.TEMPLATES), static_folder=None, instance_path=str(settings.folder))
    _configure(app, settings)
    _sign_with_sha_256(app)
    app.extensions["consult.settings"] = settings
    routing.init_app(app)
    metrics.init_app(app, settings.folder / "metrics")
    seen.init_app(app)
    overload.init_app(app)
    db.init_app(app, _write_lock(settings), settings.database_pooler)
    with app.app_context():
        editions.watch(db.db.engine)
    _replica(app, settings)
    freshness.init_app(app)
    schema.init_app(app)
    limits.init_app(app, settings.redis_url or f"sqlitefile://{settings.folder / 'limits.sqlite3'}")
    waking.init_app(app, settings.redis_url, settings.folder)
    store.init_app(app, _store(settings))
    headers.init_app(app, settings.is_https)  # before the token: another site's form is refused as such
    csrf = CSRFProtect(app)
    Compress(app)
    _sign_in(app)
    rendering.init_app(app, settings)
    assets.init_app(app, paths.STATIC)
    failures.init_app(app)
    _provider(app, settings)
    for door in DOORS:
        app.register_blueprint(door)
        for view in getattr(door, "for_programs", ()):
            csrf.exempt(view)
    if int(settings.proxies):
        hops = int(settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    _watch(app, settings)
    return app


def _watch(app: Flask, settings: Settings) -> None:
    """Outermost, so that nothing is answered unseen."""
    counts: metrics.Metrics = app.extensions["consult.metrics"]
    app.wsgi_app = seen.Seen(  # type: ignore[method-assign]
        app.wsgi_app, counts, is_behind_proxy=int(settings.proxies) > 0, is_told=settings.tells_requests
    )
    with app.app_context():
        seen.watch_queries(db.db.engine, counts, int(settings.slow_query))


def _replica(app: Flask, settings: Settings) -> None:
    options = engines.engine_options(settings.replica, settings.database_pooler, is_replica=True)
    engine = replica.init_app(app, settings.replica, options)
    if engine is not None:
        seen.watch_queries(engine, app.extensions["consult.metrics"], int(settings.slow_query))
        if settings.database_pooler:
            engines.limit_each_transaction(engine)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.key,
        TESTING=settings.mode == "test",
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=engines.engine_options(settings.database, settings.database_pooler),
        TRUSTED_HOSTS=[settings.host] if settings.mode == "production" else [settings.host, "127.0.0.1", "localhost"],
        SESSION_COOKIE_NAME="__Host-consult" if settings.is_https else "consult",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=settings.largest_file_bytes + BESIDE_A_FILE,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; nobody loses a long comment to a clock
        WTF_CSRF_SSL_STRICT=False,  # our own Origin check does this without needing a Referer
        COMPRESS_ZSTD_LEVEL=9,  # a fifth smaller than the default 3, in 2 ms for a page
        COMPRESS_BR_LEVEL=6,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
            "application/atom+xml",
            "text/calendar",
            "image/svg+xml",
        ],
    )


def _store(settings: Settings) -> store.Store:
    folder = settings.folder / "files"
    if settings.files_url:
        return bucket.BucketStore(settings.files_url, folder, settings.largest_file_bytes)
    return store.Store(folder, settings.largest_file_bytes)


def _sign_with_sha_256(app: Flask) -> None:
    """Every cookie, link and token of a form: the libraries that make them would take SHA-1."""
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    app.session_interface.digest_method = hashlib.sha256  # type: ignore[attr-defined]


def _write_lock(settings: Settings) -> Path | None:
    return settings.folder / "write.lock" if settings.database.startswith("sqlite") else None


def _sign_in(app: Flask) -> None:
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # it would ask the database for each page, also of a failure
    manager.session_protection = None  # sign-ins are rows on our side, ended there
    manager.user_loader(load_signed_in)


def _provider(app: Flask, settings: Settings) -> None:
    """What talks with the OpenID provider; loaded only where there is one, for it takes half a second."""
    if settings.oidc_issuer:
        openid = import_module("consult.accounts.openid")
        app.extensions["consult.provider"] = openid.Provider(
            settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.provider_name,
            f"{settings.public_url.rstrip('/')}/sign-in/provider/return",
        )  # fmt: skip
