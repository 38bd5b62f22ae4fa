"""How fast messages become committed effects, side by side in one run with what bounds it.

Every figure is the median of several rounds in this process; what counts are the ratios:
  chat       a mix of talk and reports, message to committed effects and queued replies, against only
             understanding the same texts; the bound is what would be left if, besides understanding, the same rows
             were inserted through SQLAlchemy's Core and nothing else were done: nothing looked up, nobody told
  reports    reports alone, look-ups for duplicates included, against hand-written sqlite3 inserting the same rows
  alone      one message at a time while messages arrive at a steady rate: how long until it is committed
  telegram   from Telegram's JSON, against python-telegram-bot's own parsing and an empty handler

Run: .venv/bin/python benchmarks/pipeline.py
"""

import asyncio
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import create_engine, insert, select
from telegram import Bot, Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.town import BATCH, GROUPS, corpus, fresh, messages, mix, seconds, take_in
from bot.garbage import look_less_often
from bot.intake import Intake
from bot.platforms.telegram_updates import incoming
from handlers.rules import Rules
from nlp.intent import read_ask
from nlp.understand import understand, understander
from storage.database import Base, Database
from storage.migrate import upgrade

ROUNDS = 5
T = TypeVar("T")
Rows = dict[str, list[tuple[object, ...]]]
"""The rows of each table, in the order of their making."""


def chat(folder: Path) -> None:
    """Talk and reports as they come."""
    texts = mix(4096, 1)
    ours, bare, core = [], [], []
    for number in range(ROUNDS):
        database = fresh(folder, f"chat{number}")
        before = rows_of(database)
        intake = Intake(database, Rules(secret="x"))
        said = messages(texts, number)
        ours.append(seconds(partial(take_in, intake, said)))
        bare.append(seconds(lambda: [(read_ask(text), understand(text)) for text in texts]))
        after = rows_of(database)
        database.close()
        core.append(by_core(folder / f"core{number}.db", before, after, len(texts) // BATCH))
    show("chat", len(texts), ours, bare, "of only understanding", 0.60)
    understanding, inserting = statistics.median(bare), statistics.median(core)
    bound = understanding / (understanding + inserting)
    print(f"  bound   {bound:.2f} with SQLAlchemy's bare inserts and nothing else")


def reports_only(folder: Path) -> None:
    """Reports alone, against the bare rows."""
    _, reports = corpus()
    texts = [random.Random(2).choice(reports) for _ in range(1024)]
    ours, raw = [], []
    for number in range(ROUNDS):
        database = fresh(folder, f"reports{number}")
        before = rows_of(database)
        intake = Intake(database, Rules(secret="x"))
        said = messages(texts, 100 + number)
        ours.append(seconds(partial(take_in, intake, said)))
        after = rows_of(database)
        database.close()
        raw.append(by_hand(folder / f"raw{number}.db", before, after, len(texts) // BATCH))
    show("reports", len(texts), ours, raw, "of hand-written sqlite3", 0.15)


def rows_of(database: Database) -> Rows:
    with database.transaction() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))] for table in Base.metadata.sorted_tables
        }


def share(rows: list[T], part: int, parts: int) -> list[T]:
    """The rows that one of so many commits writes."""
    return rows[part * len(rows) // parts : (part + 1) * len(rows) // parts]


def by_core(file: Path, before: Rows, after: Rows, parts: int) -> float:
    """The same new rows into the same tables by SQLAlchemy's Core, in as many commits; as by hand, nothing is checked.

    Cut into equal parts, rows may come before those they refer to.
    """
    upgrade(Database(f"sqlite:///{file}"))
    engine = create_engine(f"sqlite:///{file}")
    ready = {
        table: [dict(zip(table.columns.keys(), row, strict=True)) for row in after[name][len(before[name]) :]]
        for name, table in Base.metadata.tables.items()
    }
    began = time.perf_counter()
    for part in range(parts):
        with engine.begin() as connection:
            for table, rows in ready.items():
                if due := share(rows, part, parts):
                    connection.execute(insert(table), due)
    took = time.perf_counter() - began
    engine.dispose()
    return took


def by_hand(file: Path, before: Rows, after: Rows, parts: int) -> float:
    """The same new rows into the same tables by sqlite3, in as many commits."""
    upgrade(Database(f"sqlite:///{file}"))
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    new = {name: rows[len(before[name]) :] for name, rows in after.items()}

    def plain(row: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(
            value
            if isinstance(value, int | float | str | type(None))
            else json.dumps(value, default=str, ensure_ascii=False)
            for value in row
        )

    ready = {name: [plain(row) for row in rows] for name, rows in new.items() if rows}
    began = time.perf_counter()
    for part in range(parts):
        connection.execute("BEGIN IMMEDIATE")
        for name, rows in ready.items():
            if due := share(rows, part, parts):
                columns = ",".join(f'"{column.name}"' for column in Base.metadata.tables[name].columns)
                marks = ",".join("?" * len(due[0]))
                connection.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", due)
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


def alone(folder: Path, rate: int = 500, length: float = 6) -> None:
    """Messages at a steady rate, each taken with what else has come by then: from arrival to commit."""
    texts = mix(int(rate * length), 3)
    database = fresh(folder, "alone")
    intake = Intake(database, Rules(secret="x"))
    earlier = messages(mix(1024, 5), 998)  # the first question of each kind is slower: its SQL has to be made
    while earlier:
        intake.handle([earlier.pop() for _ in range(min(len(earlier), 1 + len(earlier) % 5))])
    said = messages(texts, 999)
    waits: list[float] = []
    began = time.perf_counter()
    done = 0
    while done < len(said):
        arrived = min(int((time.perf_counter() - began) * rate), len(said))
        if arrived <= done:
            time.sleep(0.0002)
            continue
        intake.handle(said[done:arrived])
        now = time.perf_counter() - began
        waits.extend(now - number / rate for number in range(done, arrived))
        done = arrived
    waits.sort()
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"alone     {rate} msg/s arriving: to commit median {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms (goal 20)")
    database.close()


def telegram(folder: Path) -> None:
    """From JSON, against the library's own way with a handler that does nothing."""
    texts = mix(2048, 4)
    raw = [
        {
            "update_id": number,
            "message": {
                "message_id": number, "date": 1_795_000_000, "text": text,
                "chat": {"id": -1000 - number % GROUPS, "type": "supergroup", "title": "楼"},
                "from": {"id": 5000 + number % 5000, "is_bot": False, "first_name": "刘婶"},
            },
        }
        for number, text in enumerate(texts)
    ]  # fmt: skip
    bot = Bot("7:x")
    ours, theirs = [], []
    for number in range(ROUNDS):
        database = fresh(folder, f"telegram{number}")
        intake = Intake(database, Rules(secret="x"))

        ours.append(seconds(partial(take_in_json, intake, raw, bot)))
        theirs.append(asyncio.run(stock(raw)))
        database.close()
    show("telegram", len(raw), ours, theirs, "of the library with an empty handler", 0.80)


def take_in_json(intake: Intake, raw: list[dict[str, object]], bot: Bot) -> None:
    for start in range(0, len(raw), BATCH):
        part = [incoming(Update.de_json(one, bot), "telegram:main", "b") for one in raw[start : start + BATCH]]
        intake.handle([one for one in part if one is not None])


async def stock(raw: list[dict[str, object]]) -> float:
    app = ApplicationBuilder().token("7:x").updater(None).build()

    async def nothing(update: object, context: object) -> None: ...

    app.add_handler(MessageHandler(filters.ALL, nothing))
    app._initialized = True
    began = time.perf_counter()
    for one in raw:
        await app.process_update(Update.de_json(one, app.bot))
    return time.perf_counter() - began


def show(name: str, count: int, ours: list[float], other: list[float], against: str, goal: float) -> None:
    mine, bound = statistics.median(ours), statistics.median(other)
    print(f"{name:9} {count / mine:8,.0f} msg/s, {bound / mine:5.2f} {against} ({count / bound:,.0f}); goal {goal:.2f}")


def main() -> None:
    understander()
    look_less_often()  # as the bot does before it listens
    with tempfile.TemporaryDirectory() as folder:
        for measure in (chat, reports_only, alone, telegram):
            measure(Path(folder))


main()
