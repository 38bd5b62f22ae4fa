"""The demo's town: a community of five buildings with its people and three weeks behind it."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.intake import Intake
from bot.outbox import outgoing
from bot.platforms.sandbox import Line, SandboxPlatform
from handlers.digest import plan_next_digest
from handlers.messages import Happening, Incoming
from storage.database import Database
from storage.due import next_due_at
from storage.local_time import LOCAL
from storage.outbox import OutboxKind, OutboxMessage, OutboxState
from storage.places import PlaceKind, places_of_kind
from storage.roster import Roster, RosterRow, import_roster

STREET, COMMUNITY = "上梅街道", "立新桥社区"


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody the visitor of the page can be."""

    id: str
    name: str
    role: str
    building: str

    @property
    def address(self) -> str:
        return f"sandbox:{self.id}"


PLAYERS = (
    Player("r1", "刘秀英", "居民", "5栋"), Player("r2", "陈志强", "居民", "5栋"), Player("r3", "曾奶奶", "居民", "5栋"),
    Player("v5", "周小满", "志愿者", "5栋"), Player("h5", "张建国", "楼栋长", "5栋"),
    Player("r4", "李海燕", "居民", "1栋"), Player("h1", "王桂兰", "楼栋长", "1栋"),
    Player("r5", "彭勇", "居民", "2栋"), Player("h2", "伍德胜", "楼栋长", "2栋"),
    Player("r6", "袁梅", "居民", "3栋"), Player("h3", "刘国庆", "楼栋长", "3栋"),
    Player("r7", "邹平", "居民", "4栋"), Player("h4", "康玉珍", "楼栋长", "4栋"),
    Player("g1", "杨帆", "网格员", "一网格"), Player("g2", "谢芳", "网格员", "二网格"),
    Player("s1", "肖主任", "社区", COMMUNITY),
)  # fmt: skip
BUILDINGS = {"1栋": "一网格", "2栋": "一网格", "3栋": "二网格", "4栋": "二网格", "5栋": "二网格"}


def group_address(building: str) -> str:
    """The sandbox address of a building's group."""
    return f"sandbox:group-{building}"


def demo_roster() -> Roster:
    """The town as a roster."""
    places = [
        ("街道", STREET, ""),
        ("社区", COMMUNITY, STREET),
        ("网格", "一网格", COMMUNITY),
        ("网格", "二网格", COMMUNITY),
    ]
    places += [("楼栋", building, grid) for building, grid in BUILDINGS.items()]
    doors = [
        (building, unit, f"{floor}0{door}")
        for building in BUILDINGS
        for unit in "12"
        for floor in (1, 3, 6)
        for door in "12"
    ]
    return {
        "places": [_row("places", n, kind=k, name=name, parent=p) for n, (k, name, p) in enumerate(places, 2)],
        "people": [
            _row("people", n, name=one.name, role=one.role, place=one.building, accounts=one.address)
            for n, one in enumerate(PLAYERS, 2)
        ],
        "groups": [_row("groups", n, chat=group_address(name), place=name) for n, name in enumerate(BUILDINGS, 2)],
        "households": [
            _row("households", n, building=building, unit=unit, room=room, **_holder(building, unit, room))
            for n, (building, unit, room) in enumerate(doors, 2)
        ],
        "catalogue": [
            _row("catalogue", 2, item="洗衣液", points="20", stock="30"),
            _row("catalogue", 3, item="免费理发", points="40", stock="10"),
            _row("catalogue", 4, item="免费体检", points="100", stock="5"),
        ],
    }


def _row(sheet: str, line: int, **values: str) -> RosterRow:
    return RosterRow(sheet, line, values)


def _holder(building: str, unit: str, room: str) -> dict[str, str]:
    if (unit, room) == ("1", "302"):
        return {"holder": "曾奶奶" if building == "5栋" else "独居老人", "tags": "独居"}
    return {}


PAST = Path(__file__).with_name("demo_past.csv")
"""What happened: days ago, the clock (or minutes before now), who, in whose group (empty: in private), what.
``{n}`` is the newest issue's number, ``{day}`` the day after tomorrow."""


def build_town(database: Database, intake: Intake, platform: SandboxPlatform, now: datetime, digest_at: time) -> None:
    """Import the roster and let the last three weeks happen, through the same code as everything else."""
    begin = now - timedelta(days=21)
    with database.transaction() as session:
        import_roster(session, demo_roster(), begin, {"sandbox": platform.account})
        for community in places_of_kind(session, PlaceKind.COMMUNITY):
            plan_next_digest(session, community, begin, digest_at)
    players = {player.id: player for player in PLAYERS}
    last_number = 0
    for at, who, where, words in _script(now):
        _pass_time(database, intake, platform, at)
        player = players[who]
        chat = group_address(where) if where else player.address
        day = (now + timedelta(days=2)).astimezone(LOCAL)
        text = words.format(n=last_number, day=f"{day.month}月{day.day}日")
        line = platform.remember(chat, player.address, player.name, text, at)
        message = Incoming(
            key=f"{platform.account}/{chat}/{line.id}", account=platform.account, chat=chat, is_group=bool(where),
            sender=player.address, name=player.name, at=at, text=text, message_id=line.id, happening=Happening.SAID,
        )  # fmt: skip
        intake.handle([message])
        _deliver(database, platform, at)
        with database.transaction() as session:
            last_number = max(place.last_issue_number for place in places_of_kind(session, PlaceKind.COMMUNITY))
    _pass_time(database, intake, platform, now)


def _script(now: datetime) -> Iterator[tuple[datetime, str, str, str]]:
    """The script's lines at their instants, in order, none in the future."""
    today = now.astimezone(LOCAL)
    lines: list[tuple[datetime, str, str, str]] = []
    with PAST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    for days, clock, who, where, words in rows:
        if clock.startswith("-"):
            at = now - timedelta(minutes=int(clock[1:]))
        else:
            hour, minute = clock.split(":")
            at = (today - timedelta(days=int(days))).replace(
                hour=int(hour), minute=int(minute), second=0, microsecond=0
            )
        lines.append((at, who, where, words))
    return iter(sorted(lines, key=lambda line: line[0]))


def _pass_time(database: Database, intake: Intake, platform: SandboxPlatform, to: datetime) -> None:
    while True:
        with database.transaction() as session:
            due = next_due_at(session)
        if due is None or due > to:
            return
        intake.tick(due)
        _deliver(database, platform, due)


def _deliver(database: Database, platform: SandboxPlatform, at: datetime) -> None:
    """What was said in the past is shown at its time, and is done with."""
    with database.transaction() as session:
        waiting = session.scalars(
            select(OutboxMessage).where(OutboxMessage.state == OutboxState.QUEUED).order_by(OutboxMessage.id)
        )
        for row in list(waiting):
            shown = outgoing(row, platform.capabilities)
            if row.kind == OutboxKind.REACT:
                platform.react(shown.chat, shown.reply_to, shown.reaction)
                message_id = shown.reply_to or ""
            else:
                line: Line = platform.remember(
                    shown.chat, "", "", shown.text, at, buttons=shown.buttons, reply_to=shown.reply_to
                )
                message_id = line.id
            row.state, row.sent_at, row.message_id = OutboxState.SENT, at, message_id
