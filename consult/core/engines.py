"""How we connect: what SQLite and PostgreSQL are told, how long they may take, and what is kept of statements."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sqlalchemy import Engine, event

try:
    from pysqlite3 import dbapi2 as pysqlite3
except ImportError:  # the wheel exists for Linux only; elsewhere the standard library serves
    pysqlite3 = None

# Below this version concurrent writers can corrupt a WAL database (fixed in SQLite 3.51.3).
SAFE_SQLITE = (3, 51, 3)
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # what was acknowledged survives a power cut
    "foreign_keys=ON",
    "busy_timeout=5000",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "journal_size_limit=67108864",
    "secure_delete=ON",
)
COMPILED = 200  # statements that are kept as compiled, up to half as many more; each takes some 165 KB
LIMITS = {"statement_timeout": 10_000, "lock_timeout": 4_000, "idle_in_transaction_session_timeout": 15_000}  # ms
# What PostgreSQL is told beside them: compiling a statement of many joins takes it seconds, and saves none of ours any.
TOLD = LIMITS | {"jit": 0}
OUR_LIMITS = "; ".join(f"SET LOCAL {name} = {value}" for name, value in TOLD.items())
# A machine that is cut off says nothing: what is sent and not heard within these times ends the connection.
REACHABLE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}


def engine_options(url: str, pooler: str = "", *, is_replica: bool = False) -> dict[str, Any]:
    """SQLAlchemy engine options for `url`; `pooler`: as the setting says. A replica may be gone: it is soon given up."""
    if not url.startswith("postgresql"):
        options: dict[str, Any] = {
            "connect_args": {"timeout": 5},
            "hide_parameters": True,
            "query_cache_size": COMPILED,
        }
        return options | ({"module": pysqlite3} if pysqlite3 else {})
    connecting: dict[str, Any] = {"connect_timeout": 2 if is_replica else 3, **REACHABLE}
    connecting["cursor_factory"] = import_module("consult.core.driver").Cursor
    connecting["tcp_user_timeout"] = 2_000 if is_replica else 10_000  # ms
    if pooler:  # it lends a server for one transaction: nothing may be left in it for the next
        connecting["prepare_threshold"] = None
    else:
        connecting["options"] = " ".join(f"-c {name}={value}" for name, value in TOLD.items())
    return {
        "hide_parameters": True,  # what people wrote stands in no error
        "query_cache_size": COMPILED,
        "pool_pre_ping": not is_replica,  # what was lost there is asked of the primary anyway
        "pool_size": 8,
        "max_overflow": 4,
        "pool_timeout": 5,
        "connect_args": connecting,
    }


def limit_each_transaction(engine: Engine) -> None:
    """Say the limits at the beginning of every transaction: what a connection was told, another's transaction has not."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(OUR_LIMITS)


def harden_sqlite(engine: Engine) -> None:
    """Have each connection keep what was acknowledged, and say BEGIN as we mean it."""
    version = engine.dialect.dbapi.sqlite_version_info  # type: ignore[union-attr]
    # Without a fixed library WAL may corrupt the file: use the old journal, which is slower but safe.
    pragmas = PRAGMAS if version >= SAFE_SQLITE else ("journal_mode=DELETE", "synchronous=EXTRA", *PRAGMAS[2:])

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        is_write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
