"""Settings of one installation: read from CONSULT_* variables, typed, checked once at start."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PREFIX = "CONSULT_"
MODES = ("local", "production", "test")
RATE = re.compile(r"[1-9][0-9]{0,6} per ([1-9][0-9]{0,3} )?(second|minute|hour|day)s?")
CONTACT = re.compile(r"mailto:[!-~]+@[!-~]+|https://[!-~]+")  # one line of RFC 9116, nothing that would begin another
WEAK_KEYS = {"dev", "secret", "changeme", "change-me", "default", "password", "consult"}


class BadSettings(ValueError):
    """One or more settings cannot be used; the text has a sentence for each."""


def setting(default: str, help_text: str) -> str:
    """A field of Settings: its default as text and the line that documents it."""
    value: str = field(default=default, metadata={"help": help_text})
    return value


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, under the name of its variable without the prefix, lower case."""

    instance: str = setting(
        "instance", "Folder of this installation: database, secret key, files people sent, written mail."
    )
    database_url: str = setting(
        "", "Database; empty means SQLite in the instance folder. `postgresql://…` for PostgreSQL."
    )
    database_replica_url: str = setting(
        "",
        "A streaming replica of a PostgreSQL database, `postgresql://…`: strangers’ reads go there while it is as new as the database itself.",
    )
    database_pooler: str = setting(
        "",
        "`transaction`: a pooler like PgBouncer that lends a server for one transaction stands before the database and its replica. Empty: none, or one that lends it for a whole connection.",
    )
    secret_key: str = setting(
        "", "Signs cookies and links, 32 characters or more. Empty: made once and kept in the instance folder."
    )
    public_url: str = setting(
        "http://127.0.0.1:8000", "The address people use; links in mail start with it. `https://…` in production."
    )
    mail_url: str = setting(
        "", "`smtp://user:password@host:587` or `smtps://…`; empty: mail is written to files in the instance folder."
    )
    mail_from: str = setting("Consult <consult@localhost>", "Sender of all mail.")
    redis_url: str = setting("", "Redis for rate limits and for waking workers; empty: files in the instance folder.")
    files_url: str = setting(
        "",
        "Where files people send are kept: `s3://key:secret@bucket?endpoint=https://…&region=…` for S3-compatible storage; needs `consult[s3]`. Empty: the instance folder.",
    )
    mode: str = setting("local", "`local` for trying out, `production` for the public, `test` for the test suite.")
    proxies: str = setting(
        "0", "How many trusted reverse proxies stand before Consult; their X-Forwarded-* headers are believed."
    )
    workers: str = setting("2", "Web processes started by `consult serve`.")
    largest_file: str = setting(
        "15", "The largest file somebody can send, in MB. More needs as much in the proxy, too."
    )
    writing_per_person: str = setting(
        "120 per 15 minutes",
        "How often one person may press the same button under what she writes: post, preview, reply, change.",
    )
    writing_per_address: str = setting(
        "240 per 15 minutes", "The same for everybody behind one address; a library or a town hall is one address."
    )
    api_tokens: str = setting("600 per minute", "How often programs may ask with one access token.")
    api_visitors: str = setting("120 per minute", "How often programs without a token may ask, from one address.")
    proof_of_work: str = setting(
        "off",
        "`on`: the browsers of people with nothing on show yet calculate for a second or some before they register or post; what comes without waits for a moderator.",
    )
    staff_second_factor: str = setting(
        "",
        "`required`: roles and administration wait until their holder has an app or a passkey; `asked`: her account page"
        " asks for it. Empty: required in production, else asked.",
    )
    metrics_token: str = setting(
        "",
        "Whoever sends it as `Authorization: Bearer …` may read /metrics; 16 characters or more. Empty: this machine only.",
    )
    request_log: str = setting(
        "",
        "`on`: a line of JSON on standard error for each request, without who it was; `off`. Empty: on in production.",
    )
    slow_query: str = setting("500", "Statements that take this many milliseconds or more are told on standard error.")
    security_contact: str = setting(
        "",
        "Where to tell of a hole in this site, `mailto:…` or `https://…`; it stands in /.well-known/security.txt and on the page about the site. Empty: neither.",
    )
    site_name: str = setting("Consult", "Name of this site in titles and mail.")
    oidc_issuer: str = setting(
        "", "The address of an OpenID provider whose accounts people may sign in with; needs `consult[oidc]`."
    )
    oidc_client_id: str = setting("", "What that provider calls this site.")
    oidc_client_secret: str = setting("", "The secret that the provider gave for it.")
    oidc_name: str = setting("", "What people call the provider, for the button; empty: the host of its address.")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read, complete and check the settings; raises BadSettings with a sentence per problem."""
        given = os.environ if environ is None else environ
        known = {f.name for f in fields(cls)}
        values, problems = {}, []
        for name, value in given.items():
            if not name.startswith(PREFIX) or name.startswith(f"{PREFIX}TEST_"):
                continue
            key = name.removeprefix(PREFIX).lower()
            if key in known:
                values[key] = value.strip()
            else:
                problems.append(f"{name} is not a setting of Consult; see docs/settings.md for the names.")
        settings = cls(**values)
        problems += settings.problems()
        if problems:
            raise BadSettings("\n".join(problems))
        return settings

    @classmethod
    def described(cls) -> list[tuple[str, str, str]]:
        """Each setting as (variable, default, meaning)."""
        return [(f"{PREFIX}{f.name.upper()}", str(f.default), f.metadata["help"]) for f in fields(cls)]

    def problems(self) -> list[str]:
        """A sentence for each value that cannot be used."""
        found = []
        if self.mode not in MODES:
            found.append(f"CONSULT_MODE is {self.mode!r}; it must be one of {', '.join(MODES)}.")
        if self.staff_second_factor not in ("", "required", "asked"):
            found.append(f"CONSULT_STAFF_SECOND_FACTOR is {self.staff_second_factor!r}; write required or asked.")
        found += [
            f"CONSULT_{name.upper()} is {value!r}; it must be a whole number from {low} to {high}."
            for name, value, low, high in (
                ("proxies", self.proxies, 0, 9),
                ("workers", self.workers, 1, 64),
                ("largest_file", self.largest_file, 1, 500),
                ("slow_query", self.slow_query, 1, 600_000),
            )
            if not (value.isdecimal() and low <= int(value) <= high)
        ]
        found += [
            f"CONSULT_{name.upper()} must start with {' or '.join(schemes)}."
            for name, value, schemes in (
                ("database_url", self.database_url, ("sqlite:///", "postgresql://", "postgres://")),
                ("database_replica_url", self.database_replica_url, ("postgresql://", "postgres://")),
                ("public_url", self.public_url, ("http://", "https://")),
                ("files_url", self.files_url, ("s3://",)),
                ("mail_url", self.mail_url, ("smtp://", "smtps://")),
                ("redis_url", self.redis_url, ("redis://", "rediss://", "unix://")),
            )
            if value and not value.startswith(schemes)
        ]
        found += [*self._word_problems(), *self._provider_problems()]
        return found + (self._production_problems() if self.mode == "production" else [])

    def _word_problems(self) -> list[str]:
        found = [*self._database_problems(), *self._files_problems()]
        found += [
            f"CONSULT_{name.upper()} is {value!r}; write it like `60 per 15 minutes`."
            for name in ("writing_per_person", "writing_per_address", "api_tokens", "api_visitors")
            if not RATE.fullmatch(value := getattr(self, name))
        ]
        found += [
            f"CONSULT_{name.upper()} is {value!r}; it must be `off` or `on`."
            for name, value in (("proof_of_work", self.proof_of_work), ("request_log", self.request_log or "on"))
            if value not in ("off", "on")
        ]
        if self.metrics_token and len(self.metrics_token) < 16:
            found.append("CONSULT_METRICS_TOKEN is too easy to guess; use 16 random characters or more.")
        if self.security_contact and not CONTACT.fullmatch(self.security_contact):
            found.append(
                "CONSULT_SECURITY_CONTACT must be one address, like mailto:security@example.org or https://example.org/security."
            )
        if self.secret_key and (len(self.secret_key) < 32 or self.secret_key.lower() in WEAK_KEYS):
            found.append("CONSULT_SECRET_KEY is too easy to guess; use 32 random characters or more, or leave it out.")
        return found

    def _database_problems(self) -> list[str]:
        found = []
        if self.database_pooler not in ("", "transaction"):
            found.append(f"CONSULT_DATABASE_POOLER is {self.database_pooler!r}; write transaction, or leave it out.")
        if (self.database_replica_url or self.database_pooler) and not self.database_url.startswith("postgres"):
            found.append(
                "CONSULT_DATABASE_REPLICA_URL and CONSULT_DATABASE_POOLER are for PostgreSQL; CONSULT_DATABASE_URL is not."
            )
        return found

    def _files_problems(self) -> list[str]:
        if not self.files_url.startswith("s3://"):
            return []
        parts, found = urlsplit(self.files_url), []
        if not parts.hostname or bool(parts.username) != bool(parts.password):
            found.append("CONSULT_FILES_URL needs the name of a bucket, and a key and its secret or neither.")
        if parts.fragment or set(parse_qs(parts.query)) - {"endpoint", "region"}:
            found.append("CONSULT_FILES_URL takes endpoint and region after the `?`, and nothing else.")
        if find_spec("obstore") is None:
            found.append("CONSULT_FILES_URL is set, but what talks with it is not there: pip install 'consult[s3]'.")
        return found

    def _provider_problems(self) -> list[str]:
        """Of the OpenID provider: all or nothing, and what is needed to talk with it."""
        given = {name: getattr(self, name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")}
        if not any(given.values()):
            return ["CONSULT_OIDC_NAME is set, but CONSULT_OIDC_ISSUER is not."] if self.oidc_name else []
        found = [
            f"CONSULT_{name.upper()} is missing; a provider needs an issuer, a client id and a client secret."
            for name, value in given.items()
            if not value
        ]
        parts = urlsplit(self.oidc_issuer)
        schemes = ("https",) if self.mode == "production" else ("https", "http")
        if self.oidc_issuer and (parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment):
            found.append(
                "CONSULT_OIDC_ISSUER must be an https:// address without `?` and `#`, as the provider writes it."
            )
        if any(find_spec(name) is None for name in ("authlib", "requests")):
            found.append(
                "CONSULT_OIDC_ISSUER is set, but what talks with it is not there: pip install 'consult[oidc]'."
            )
        return found

    def _production_problems(self) -> list[str]:
        found = []
        if os.environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no"):
            found.append("FLASK_DEBUG is set; Consult does not start in production with debugging on.")
        if not self.public_url.startswith("https://"):
            found.append("CONSULT_PUBLIC_URL must be the public https:// address in production.")
        if not self.mail_url:
            found.append("CONSULT_MAIL_URL is missing; in production people must get their mail.")
        return found

    @property
    def folder(self) -> Path:
        """The instance folder, made when it is not there."""
        path = Path(self.instance).resolve()
        path.mkdir(parents=True, exist_ok=True)
        return path

    @property
    def largest_file_bytes(self) -> int:
        """The largest file somebody can send."""
        return int(self.largest_file) * 1024 * 1024

    @property
    def database(self) -> str:
        """The database's address for SQLAlchemy."""
        if not self.database_url:
            return f"sqlite:///{self.folder / 'consult.sqlite3'}"
        return self.database_url.replace("postgres://", "postgresql://", 1)

    @property
    def replica(self) -> str:
        """The replica's address for SQLAlchemy; empty where there is none."""
        return self.database_replica_url.replace("postgres://", "postgresql://", 1)

    @property
    def key(self) -> str:
        """The secret key: the given one, or the one generated once into the instance folder, mode 600."""
        if self.secret_key:
            return self.secret_key
        path = self.folder / "secret_key"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text().strip()

    @property
    def host(self) -> str:
        """The host name of the public address."""
        return urlsplit(self.public_url).hostname or "127.0.0.1"

    @property
    def provider_name(self) -> str:
        """What people call the OpenID provider; empty when there is none."""
        return (self.oidc_name or urlsplit(self.oidc_issuer).hostname or "") if self.oidc_issuer else ""

    @property
    def second_factor_for_staff(self) -> str:
        """`required` or `asked`."""
        return self.staff_second_factor or ("required" if self.mode == "production" else "asked")

    @property
    def tells_requests(self) -> bool:
        """Whether each request leaves a line."""
        return (self.request_log or ("on" if self.mode == "production" else "off")) == "on"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


def documentation() -> str:
    """The table of all settings in Markdown; docs/settings.md holds it and a test keeps it complete."""
    rows = [
        f"| `{name}` | {f'`{default}`' if default else 'empty'} | {help_text} |"
        for name, default, help_text in Settings.described()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows]) + "\n"
