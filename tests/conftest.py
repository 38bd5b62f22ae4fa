"""What the suites share: a small town, and a bot at work on it."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.intake import Intake
from handlers.messages import Incoming
from handlers.rules import Rules
from storage.database import Database
from storage.migrate import upgrade
from storage.outbox import OutboxMessage
from storage.roster import Roster, RosterRow, import_roster
from tests.nats_server import NatsServer
from tests.postgres_server import PostgresServer

NOW = datetime(2026, 11, 17, 0, 5, tzinfo=UTC)  # 08:05 on a Tuesday in Hunan


PEOPLE = [
    ("张建国", "楼栋长", "5栋", "head5"),
    ("王桂兰", "楼栋长", "6栋", "head6"),
    ("周小满", "志愿者", "5栋", "vol5"),
    ("杨帆", "网格员", "一网格", "grid"),
    ("肖主任", "社区", "立新桥社区", "staff"),
    ("外人", "楼栋长", "9栋", "head9"),
]
"""Name, role, place and account of everybody on the roster."""


def row(sheet: str, **values: str) -> RosterRow:
    return RosterRow(sheet, 2, values)


def town(platform: str = "replay") -> Roster:
    """Two buildings in one community, another building in the next, everybody with an account."""
    return {
        "places": [
            row("places", kind="街道", name="上梅街道"),
            row("places", kind="社区", name="立新桥社区", parent="上梅街道"),
            row("places", kind="社区", name="火车站社区", parent="上梅街道"),
            row("places", kind="网格", name="一网格", parent="立新桥社区"),
            row("places", kind="网格", name="二网格", parent="火车站社区"),
            row("places", kind="楼栋", name="5栋", parent="一网格"),
            row("places", kind="楼栋", name="6栋", parent="一网格"),
            row("places", kind="楼栋", name="9栋", parent="二网格"),
        ],
        "people": [
            row("people", name=name, role=role, place=place, accounts=f"{platform}:{account}")
            for name, role, place, account in PEOPLE
        ],
        "groups": [row("groups", chat=f"{platform}:g{n}", place=f"{n}栋") for n in (5, 6, 9)],
        "households": [
            row("households", building="5栋", unit="1", room=room, holder="曾奶奶") for room in ("301", "302")
        ],
        "catalogue": [row("catalogue", item="免费体检", points="100", stock="5")],
    }


ON_POSTGRES = os.environ.get("LOUDONG_TEST_DATABASE") == "postgresql"
"""The suites that use ``database`` run on either; ``make test`` runs them on both."""


class Towns:
    """Fresh databases with the small town in them, as copies of one that was made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.server: PostgresServer | None = None
        if ON_POSTGRES:
            self.server = PostgresServer()
            self.server.start()
            self._template = self.server.make_database()
        else:
            self._template = f"sqlite:///{folder}/town.db"
        made = Database(self._template)
        upgrade(made)
        with made.transaction() as session:
            import_roster(session, town(), NOW, {"replay": "replay:main"})
        made.close()

    def url(self, folder: Path) -> str:
        if self.server is not None:
            return self.server.make_database(self._template.rpartition("/")[2])
        shutil.copy(self._folder / "town.db", folder / "town.db")
        return f"sqlite:///{folder}/town.db"

    def empty_url(self, folder: Path) -> str:
        """A database without any table."""
        return self.server.make_database() if self.server is not None else f"sqlite:///{folder}/empty.db"

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    made = Towns(tmp_path_factory.mktemp("town"))
    yield made
    made.stop()


@pytest.fixture
def database(towns: Towns, tmp_path: Path) -> Iterator[Database]:
    """A migrated database with the small town in it: SQLite on disk, or PostgreSQL."""
    made = Database(towns.url(tmp_path))
    yield made
    made.close()


@pytest.fixture
def nats() -> Iterator[NatsServer]:
    """A NATS server of its own, with JetStream."""
    made = NatsServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def rules() -> Rules:
    return Rules(secret="test")


@pytest.fixture
def intake(database: Database, rules: Rules) -> Intake:
    return Intake(database, rules)


_count = iter(range(10**9))


def said(text: str, chat: str = "replay:g5", sender: str = "replay:r1", **more: object) -> Incoming:
    """Somebody says something, in the group of building 5 unless told otherwise."""
    number = next(_count)
    values = {
        "key": f"k{number}", "account": "replay:main", "chat": chat, "is_group": True, "sender": sender,
        "name": sender.partition(":")[2], "at": NOW, "text": text, "message_id": f"m{number}",
    }  # fmt: skip
    return Incoming(**(values | more))  # type: ignore[arg-type]


def heard(database: Database) -> list[str]:
    """Everything the bot has said so far."""
    with database.transaction() as session:
        return list(session.scalars(select(OutboxMessage.text).order_by(OutboxMessage.id)))
