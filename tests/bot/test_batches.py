"""What a batch looks up and saves all at once comes to the same as one message at a time."""

import json
import random
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.intake import Intake
from handlers.messages import Happening, Incoming
from handlers.rules import Rules
from storage.database import Database
from tests.conftest import NOW, Towns, said

CORPUS = Path(__file__).parent.parent / "corpus"
BUILDINGS = (5, 5, 5, 6, 9)
ASKED = {
    "issues": "select community_id, number, building_id, domain, topic, status, unit, floor, room, words, reported_at, "
    "act_by, is_urgent, level, steps, (select address from chats where id = chat_id) from issues",
    "supporters": "select i.community_id, i.number, a.address from supporters s join issues i on i.id = s.issue_id "
    "join accounts a on a.person_id = s.person_id",
    "events": "select i.community_id, i.number, e.event, e.words, e.message from issue_events e "
    "join issues i on i.id = e.issue_id",
    "outbox": "select key, (select address from chats where id = chat_id), kind, text, buttons, reply_to, state, "
    "is_urgent, not_before from outbox",
    "due": "select kind, due_at, state, count(*) from due group by 1, 2, 3",
    "doubts": "select source_message, words, asked_at, position from doubts",
    "people": "select a.address, p.name, r.role, l.name, r.ended_at from accounts a "
    "join people p on p.id = a.person_id "
    "left join roles_held r on r.person_id = p.id left join places l on l.id = r.place_id",
    "receipts": "select key from receipts",
}  # fmt: skip


def talk(seed: int, length: int) -> list[Incoming]:
    """Days in three groups: what the corpus says, with commands of those in charge among it, some of them vain."""
    chance = random.Random(seed)
    lines = [
        json.loads(line)["text"] for file in sorted(CORPUS.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    orders = (
        "认领 {n}", "办结 {n} 换好了", "退回 {n} 不归我管", "合并 {n} {m}", "改类 {n} 照明", "无效 {n} 说笑的",
        "延期 {n} 3天 等配件", "待办", "上报 {n} 太大了", "1 是 2 不是", "{n}", "卸任 周小满", "安静 1小时",
    )  # fmt: skip
    stream: list[Incoming] = []
    for number in range(length):
        building, at = chance.choice(BUILDINGS), NOW + timedelta(seconds=12 * number)
        key = f"talk/{number}"
        kind = chance.random()
        if kind < 0.12:
            who = chance.choice(("head5", "head6", "head9", "staff", "grid", "vol5"))
            n = chance.randrange(1, 2 + number // 8)
            words = chance.choice(orders).format(n=n, m=n + 1)
            stream.append(said(words, chat=f"replay:{who}", sender=f"replay:{who}", is_group=False, at=at, key=key))
        elif kind < 0.2:
            press = f"{chance.choice(('claim', 'metoo', 'confirm', 'reopen'))} {chance.randrange(1, 2 + number // 8)}"
            who = f"replay:r{building}{chance.randrange(6)}"
            stream.append(
                said(
                    "", happening=Happening.PRESSED, press=press, chat=f"replay:g{building}", sender=who, at=at, key=key
                )
            )
        else:
            who, is_group = f"replay:r{building}{chance.randrange(6)}", kind < 0.95
            chat = f"replay:g{building}" if is_group else who
            answers = chance.choice(stream).message_id if stream and chance.random() < 0.1 else None
            stream.append(
                said(
                    chance.choice(lines), chat=chat, sender=who, is_group=is_group, at=at, key=key, reply_to=answers,
                    message_id=key,
                )
            )  # fmt: skip
    return stream


def outcome(database: Database) -> dict[str, list[str]]:
    """What there is, without the ids of due rows: PostgreSQL's sequences skip what was undone."""
    with database.transaction() as session:
        return {
            name: sorted(re.sub(r"due:\d+", "due", str(tuple(row))) for row in session.execute(text(asked)))
            for name, asked in ASKED.items()
        }


def taken_in(url: str, stream: list[Incoming], size: int) -> dict[str, list[str]]:
    """What a fresh town comes to, with whatever is due done after every 64 messages."""
    database = Database(url)
    intake = Intake(database, Rules(secret="x"))
    for start in range(0, len(stream), size):
        assert intake.handle(stream[start : start + size]).failures == 0
        if (start + size) % 64 == 0:
            assert intake.tick(stream[start + size - 1].at + timedelta(hours=1)).failures == 0
    came_to = outcome(database)
    database.close()
    return came_to


@pytest.mark.parametrize("seed", range(3))
def test_a_batch_comes_to_the_same_as_one_message_at_a_time(towns: Towns, tmp_path: Path, seed: int) -> None:
    stream = talk(seed, 448)
    for name in ("alone", "together"):
        (tmp_path / name).mkdir()
    alone = taken_in(towns.url(tmp_path / "alone"), stream, 1)
    together = taken_in(towns.url(tmp_path / "together"), stream, 64)
    assert len(alone["issues"]) > 30
    for name in ASKED:
        assert together[name] == alone[name], name
