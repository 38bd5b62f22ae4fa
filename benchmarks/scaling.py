"""How the cost of a message changes with history and with workers, and what an idle bot takes.

  history    a report and a line of talk with 10,000 issues behind them and with many more: the ratio
  workers    1, 2 and 3 worker processes on one PostgreSQL (the tests' own server), each with its share of the groups
  idle       memory of the whole bot with a full street: 678 groups, 60,000 households; start to first answer

Run: .venv/bin/python benchmarks/scaling.py [issues in the long history, 1,000,000 by default]
"""

import multiprocessing
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import insert, select, text

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.town import BATCH, GROUPS, START, corpus, fresh, messages, mix, seconds, settle, take_in
from bot.garbage import look_less_often
from bot.intake import Intake
from handlers.rules import Rules
from nlp.understand import understander
from storage.chats import Chat
from storage.database import Database
from storage.issues import Issue
from storage.people import Account, Person
from storage.places import Place, PlaceKind
from tests.postgres_server import PostgresServer

SHORT = 10_000
SAMPLE = 512


def history(folder: Path, long: int) -> None:
    """The same messages after a short and after a long history, in turn."""
    talk, reports = corpus()
    costs: dict[int, dict[str, list[float]]] = {}
    for count in (SHORT, long):
        database = fresh(folder, f"history{count}")
        fill(database, count)
        costs[count] = {"reports": [], "talk": []}
        intake = Intake(database, Rules(secret="x"))
        look_less_often()  # as the bot does before it listens
        for number in range(4):  # the first is to warm up
            chance = random.Random(number)
            for name, texts in (("reports", reports), ("talk", talk)):
                said = messages([chance.choice(texts) for _ in range(SAMPLE)], 1000 * number + len(name))
                took = seconds(partial(take_in, intake, said))
                if number:
                    costs[count][name].append(took / SAMPLE)
        database.close()
    for name in ("reports", "talk"):
        short, more = (statistics.median(costs[count][name]) for count in (SHORT, long))
        ratio = more / short
        print(f"history   {name}: {short * 1e6:,.0f} µs after {SHORT:,} issues, {more * 1e6:,.0f} µs after {long:,}: "
              f"{ratio:.2f} (goal 1.30)")  # fmt: skip


def fill(database: Database, count: int) -> None:
    """Issues of the past, all struck off but the last hundredth."""
    chance = random.Random(5)
    with database.transaction() as session:
        buildings = select(Place.id, Place.community_id).where(Place.kind == PlaceKind.BUILDING)
        community = dict(session.execute(buildings.order_by(Place.id)).all())
        chats = dict(session.execute(select(Chat.place_id, Chat.id).where(Chat.is_group)).all())
        person = session.scalars(select(Person.id)).first()
        topics = [("safety", "elevator"), ("safety", "lighting"), ("sanitation", "sewage"), ("sanitation", "garbage")]
        for start in range(0, count, 10_000):
            rows = []
            for number in range(start, min(start + 10_000, count)):
                building, (domain, topic) = chance.choice(list(community)), chance.choice(topics)
                at = START - timedelta(days=400 * (count - number) / count + 3)
                rows.append({
                    "community_id": community[building], "number": number + 1, "building_id": building,
                    "domain": domain, "topic": topic, "kind": "求助", "is_urgent": False, "is_sensitive": False,
                    "unit": str(chance.randrange(1, 5)), "words": "楼道里的灯又不亮了", "evidence": [], "score": 3.0,
                    "status": "closed" if number < count * 0.99 else "open", "reporter_id": person,
                    "chat_id": chats[building], "source_message": str(number), "reported_at": at, "closed_at": at,
                    "is_overdue": False, "level": "building", "steps": 0, "is_anonymous": False,
                })  # fmt: skip
            session.execute(insert(Issue), rows)
        session.execute(text(f"UPDATE places SET last_issue_number = {count} WHERE kind = 'community'"))


def workers(_folder: Path) -> None:
    """Each in a process of its own, one transaction a message as the roles do it."""
    server = PostgresServer(durable=True)
    server.start()
    texts = mix(3000, 6)
    try:
        for count in (1, 2, 3):
            url = server.make_database()
            settle(url).close()
            said = messages(texts, count)
            shares = [
                [one for one in said if int(one.chat.rpartition("g")[2]) % count == part] for part in range(count)
            ]
            context = multiprocessing.get_context("fork")
            ready, results = context.Barrier(count), context.Queue()
            processes = [context.Process(target=work, args=(url, share, ready, results)) for share in shares]
            for process in processes:
                process.start()
            waits = [results.get() for _ in processes]
            for process in processes:
                process.join()
            longest = max(took for took, _ in waits)
            each = sorted(wait for _, share in waits for wait in share)
            middle, p99 = each[len(each) // 2] * 1e3, each[int(len(each) * 0.99)] * 1e3
            rate = len(said) / longest
            print(f"workers   {count}: {rate:,.0f} msg/s; a message takes {middle:.2f} ms, p99 {p99:.1f} ms")
    finally:
        server.stop()


def work(url: str, share: list, ready, results) -> None:  # type: ignore[no-untyped-def, type-arg]
    intake = Intake(Database(url), Rules(secret="x"))
    intake.handle(share[:1])
    waits = []
    ready.wait()
    began = time.perf_counter()
    for message in share[1:]:
        start = time.perf_counter()
        while True:
            try:
                intake.handle([message])
                break
            except Exception:  # a deadlock, as the queue would hand it out again
                continue
        waits.append(time.perf_counter() - start)
    results.put((time.perf_counter() - began, waits))


def idle(folder: Path) -> None:
    """The demo's parts on a full street, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    database = fresh(folder, "idle")
    with database.transaction() as session:
        people = session.scalars(insert(Person).returning(Person.id), [
            {"name": f"户主{number}", "is_on_roster": True, "created_at": START} for number in range(60_000)
        ]).all()  # fmt: skip
        session.execute(insert(Account), [
            {"address": f"replay:house{number}", "person_id": one, "bound_at": START}
            for number, one in enumerate(people)
        ])  # fmt: skip
    database.close()
    process = context.Process(target=be_idle, args=(str(folder / "idle.db"), time.time(), results))
    process.start()
    seconds, megabytes = results.get()
    process.join()
    print(f"idle      start to first answer {seconds:.2f} s (goal 3); memory then {megabytes:.0f} MB (goal 250)")


def be_idle(file: str, began: float, results) -> None:  # type: ignore[no-untyped-def]
    import bot.app
    import bot.platforms.telegram
    import bot.web.sandbox_page  # the pages are part of it

    assert bot.app
    intake = Intake(Database(f"sqlite:///{file}"), Rules(secret="x"))
    intake.recall(datetime.now(UTC))
    assert intake.handle(messages(["三单元电梯坏了"], 1)).effects == 1
    results.put((time.time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    long = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    understander()
    print(f"{os.cpu_count()} cores, {GROUPS} groups, batches of {BATCH}")
    with tempfile.TemporaryDirectory() as folder:
        idle(Path(folder))
        workers(Path(folder))
        history(Path(folder), long)


if __name__ == "__main__":
    main()
