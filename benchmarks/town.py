"""A town and its talk for the benchmarks."""

import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.intake import Intake
from handlers.messages import Incoming
from storage.database import Database
from storage.migrate import upgrade
from storage.roster import Roster, RosterRow, import_roster

CORPUS = Path(__file__).parent.parent / "tests/corpus"
BATCH, GROUPS, COMMUNITIES = 64, 678, 17
START = datetime(2026, 11, 17, tzinfo=UTC)


def corpus() -> tuple[list[str], list[str]]:
    """The talk and the reports of the tests' corpus.

    The corpus is full of what cannot wait, because that is what must not be missed; in a town it is one report in
    ten at the most, and tells more people than others do.
    """
    rows = [json.loads(line) for file in sorted(CORPUS.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    talk = [row["text"] for row in rows if row["label"] == "none"]
    reports = [row for row in rows if row["label"] not in {"none", "other"}]
    calm = [row["text"] for row in reports if not row["urgent"]]
    urgent = [row["text"] for row in reports if row["urgent"]]
    return talk, calm + random.Random(0).sample(urgent, len(calm) // 9)


def town() -> Roster:
    """A street's worth of groups."""

    def row(sheet: str, **values: str) -> RosterRow:
        return RosterRow(sheet, 2, values)

    names = [f"{number}栋" for number in range(1, GROUPS + 1)]
    community = {name: f"{number % COMMUNITIES + 1}社区" for number, name in enumerate(names)}
    return {
        "places": [*(row("places", kind="社区", name=f"{number + 1}社区") for number in range(COMMUNITIES)),
                   *(row("places", kind="楼栋", name=name, parent=community[name]) for name in names)],
        "people": [row("people", name=f"楼长{name}", role="楼栋长", place=name, accounts=f"replay:h{name}")
                   for name in names],
        "groups": [row("groups", chat=f"replay:g{number}", place=name) for number, name in enumerate(names)],
    }  # fmt: skip


def mix(count: int, seed: int) -> list[str]:
    """What a town says: reports among much talk."""
    talk, reports = corpus()
    chance = random.Random(seed)
    return [chance.choice(talk if chance.random() < 0.85 else reports) for _ in range(count)]


def fresh(folder: Path, name: str) -> Database:
    """A database on disk, synced in full, with the town in it."""
    return settle(f"sqlite:///{folder}/{name}.db")


def settle(url: str) -> Database:
    """The town in an empty database."""
    database = Database(url)
    upgrade(database)
    with database.transaction() as session:
        import_roster(session, town(), START, {"replay": "replay:main"})
    return database


def messages(texts: list[str], seed: int) -> list[Incoming]:
    """The texts as people of many groups say them."""
    chance = random.Random(seed)
    return [
        Incoming(
            key=f"{seed}/{number}", account="replay:main", chat=f"replay:g{chance.randrange(GROUPS)}", is_group=True,
            sender=f"replay:u{chance.randrange(5000)}", name="刘婶", at=START + timedelta(seconds=number), text=text,
            message_id=f"{seed}-{number}",
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


def batches(items: list[Incoming]) -> Iterator[list[Incoming]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def take_in(intake: Intake, said: list[Incoming]) -> None:
    for batch in batches(said):
        intake.handle(batch)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
