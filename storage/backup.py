"""Backups: one SQLite file, whatever the database is, consistent while the bot runs; and back again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from storage.database import Base, Database
from storage.migrate import check, upgrade
from storage.outbox import OutboxMessage, OutboxState
from storage.places import Place

CHUNK = 1000


class BackupRefused(Exception):
    """The backup cannot be made or taken back; the message says why."""


def back_up(database: Database, out: Path) -> int:
    """Write everything to a file that does not exist yet. Returns how many rows it holds. Raises BackupRefused."""
    if out.exists():
        raise BackupRefused(f"{out} exists; give a new name")
    out.touch(mode=0o600)
    if database.engine.dialect.name == "sqlite":
        # SQLite's own way, which lets writers go on.
        source = str(database.engine.url.database)
        with closing(sqlite3.connect(source)) as have, closing(sqlite3.connect(out)) as made:
            have.backup(made)
    else:
        target = Database(f"sqlite:///{out}")
        upgrade(target)
        with database.engine.connect() as have:
            have = have.execution_options(isolation_level="REPEATABLE READ")
            _copy(have, target)
        target.close()
    kept = Database(f"sqlite:///{out}")
    with kept.transaction() as session:
        rows = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in _tables())
    kept.close()
    return rows


def restore(database: Database, file: Path) -> int:
    """Take a backup back into an empty database. Returns how many messages now wait for somebody's word.

    What was still to be sent may have been sent since the backup: it is kept aside until somebody who knows
    releases or discards it. Raises BackupRefused.
    """
    if not file.is_file():
        raise BackupRefused(f"{file}: no such file")
    check(database)
    source = Database(f"sqlite:///{file}")
    try:
        check(source)
        with database.engine.connect() as connection:
            if connection.execute(select(Place.id).limit(1)).first() is not None:
                raise BackupRefused("the database is not empty; move it aside, or give another one")
        with source.engine.connect() as have:
            _copy(have, database)
    finally:
        source.close()
    return quarantine(database)


def quarantine(database: Database) -> int:
    """Set aside everything that waits to be sent. Returns how much that is."""
    waiting = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.HELD)
    return _move(database, waiting, OutboxState.SET_ASIDE)


def release(database: Database) -> int:
    """Send what was set aside after all, marked as perhaps a repeat. Returns how much that is."""
    return _move(database, (OutboxState.SET_ASIDE,), OutboxState.UNKNOWN)


def discard(database: Database) -> int:
    """Never send what was set aside. Returns how much that is."""
    return _move(database, (OutboxState.SET_ASIDE,), OutboxState.PARKED)


def quarantined(database: Database) -> list[tuple[str, str]]:
    """What is set aside: the chat and the words."""
    with database.transaction() as session:
        statement = select(OutboxMessage).where(OutboxMessage.state == OutboxState.SET_ASIDE)
        return [(line.chat.address, line.text) for line in session.scalars(statement.order_by(OutboxMessage.id))]


def _move(database: Database, states: tuple[OutboxState, ...], to: OutboxState) -> int:
    with database.transaction() as session:
        ids = list(session.scalars(select(OutboxMessage.id).where(OutboxMessage.state.in_(states))))
        session.execute(update(OutboxMessage).where(OutboxMessage.id.in_(ids)).values(state=to))
    return len(ids)


def _tables() -> list[Table]:
    return Base.metadata.sorted_tables


def _copy(have: Connection, target: Database) -> None:
    """All rows, table by table, in one transaction. Rows that refer to later ones of their own table are tied after."""
    with target.engine.begin() as made:
        for table in _tables():
            own = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
            rows = have.execute(select(table).order_by(*table.primary_key.columns)).mappings()
            ties: list[dict[str, Any]] = []
            while chunk := rows.fetchmany(CHUNK):
                plain = [
                    {name: None if table.c[name] in own else value for name, value in row.items()} for row in chunk
                ]
                made.execute(insert(table), plain)
                ties.extend(dict(row) for row in chunk if any(row[column.name] is not None for column in own))
            for row in ties:
                key = [column == row[column.name] for column in table.primary_key.columns]
                made.execute(update(table).where(*key).values({column.name: row[column.name] for column in own}))
        if target.engine.dialect.name == "postgresql":
            _set_sequences(made)


def _set_sequences(made: Connection) -> None:
    """PostgreSQL counts on from its own sequences, which know nothing of the rows that came with their ids."""
    for table in _tables():
        if "id" in table.columns and table.columns["id"].primary_key:
            last = f"(SELECT coalesce(max(id), 1) FROM {table.name})"  # noqa: S608 - our own tables' names
            made.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"))
