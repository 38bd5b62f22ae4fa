"""The engine, the session and the types that every record shares."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import JSON, TypeDecorator

LOCK_WAIT_SECONDS = 30
FROZEN_SECONDS = 8
"""After which PostgreSQL ends a transaction in which nothing happens."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant. SQLite forgets time zones, so what is stored is always UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a record's time needs its zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All records. Constraints have names, so that a violation and a migration can say which."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, list[str]: JSON, list[dict[str, Any]]: JSON}  # noqa: RUF012


class Database:
    """A database by its URL, and transactions on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def transaction(self) -> Generator[Session]:
        """A session whose work is committed at the end, or all undone."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def create_all(self) -> None:
        """Make every table at once: for databases that live no longer than the process."""
        Base.metadata.create_all(self.engine)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def memory_database() -> Database:
    """An empty database in memory, for replays and tests."""
    database = Database("sqlite://")
    database.create_all()
    return database


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        # A process that is frozen within a transaction must not hold its locks for ever.
        frozen = f"-c idle_in_transaction_session_timeout={FROZEN_SECONDS * 1000}"
        return create_engine(url, pool_pre_ping=True, connect_args={"options": frozen})
    options: dict[str, Any] = {"connect_args": {"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False}}
    if parsed.database in {None, "", ":memory:"}:
        options["poolclass"] = StaticPool
    else:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **options)
    _tune_sqlite(engine)
    return engine


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        # The driver must not begin transactions by itself: savepoints would not hold.
        connection.isolation_level = None
        cursor = connection.cursor()
        # WAL with FULL loses nothing at power loss; NORMAL may roll back the last commits.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:  # pyright: ignore[reportUnusedFunction]
        # Deferred transactions fail when they turn into writers (1,517 of 2,000 with four writers).
        connection.exec_driver_sql("BEGIN IMMEDIATE")
