"""The ids of new records, known before they are saved where that can be."""

import functools
import itertools
from collections.abc import Iterator
from typing import Any, Protocol

from sqlalchemy import Select, event, func, inspect, select
from sqlalchemy.orm import Mapped, Session

from storage.database import Base


def writes_alone(session: Session) -> bool:
    """Whether no other transaction writes until this one ends, as on SQLite."""
    return session.get_bind().dialect.name == "sqlite"


@event.listens_for(Session, "transient_to_pending")
def _number(session: Session, record: Base) -> None:  # pyright: ignore[reportUnusedFunction]
    """On SQLite a record knows its id as soon as it is added.

    A transaction there is the only one that writes, so the next ids are known without asking; and rows whose ids
    are known are inserted many at once, where otherwise each is asked for its id in a statement of its own.
    """
    if getattr(record, "id", 0) is not None or not writes_alone(session):
        return
    counters: dict[str, Iterator[int]] | None = session.info.get("counters")
    if counters is None:
        counters = session.info["counters"] = _counters(session)
    record.id = next(counters[record.__tablename__])  # pyright: ignore[reportAttributeAccessIssue]


def _counters(session: Session) -> dict[str, Iterator[int]]:
    """The ids from the next one on, of every table that has any."""
    with session.no_autoflush:
        newest = session.execute(_newest_ids(frozenset(Base.metadata.tables))).mappings().one()
    return {table: itertools.count((last or 0) + 1) for table, last in newest.items()}


@functools.cache
def _newest_ids(names: frozenset[str]) -> Select[Any]:
    tables = [Base.metadata.tables[name] for name in sorted(names) if "id" in Base.metadata.tables[name].c]
    return select(*(select(func.max(table.c.id)).scalar_subquery().label(table.name) for table in tables))


class _Numbered(Protocol):
    id: Mapped[int]


def known_id(session: Session, record: _Numbered) -> int:
    """The id of a record that was added: on PostgreSQL it has to be saved for that."""
    if inspect(record).pending and not writes_alone(session):
        session.flush()
    return record.id


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _transaction: object) -> None:  # pyright: ignore[reportUnusedFunction]
    session.info.pop("counters", None)
