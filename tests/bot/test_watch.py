"""The bot watches over itself: it says when it was away, and raises an alarm once an hour."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.intake import Intake
from bot.watch import Watch
from handlers.messages import Incoming
from storage.chats import chat_at
from storage.database import Database
from storage.logins import note_login
from storage.outbox import OutboxMessage
from tests.bot.test_outbox import Peer
from tests.conftest import NOW, heard


class Quiet(Peer):
    """A Telegram account that was last heard of at a time."""

    account = "telegram:main"

    def __init__(self, heard_at: datetime | None) -> None:
        super().__init__()
        self.heard_at = heard_at  # type: ignore[assignment]


def look(database: Database, now: datetime, heard_at: datetime | None = NOW) -> int:
    peer = Quiet(heard_at)
    return Watch(database, "telegram:-1009").look({peer.account: peer}, now)


def back(database: Database) -> list[Incoming]:
    return Watch(database, "telegram:-1009").back("telegram:main", NOW)


def told(database: Database) -> list[str]:
    return [line for line in heard(database) if line.startswith(("有消息", "telegram:main", "数据库"))]


def test_an_ageing_outbox_is_told_once_an_hour(database: Database) -> None:
    with database.transaction() as session:
        chat = chat_at(session, "replay:g5")
        assert chat is not None
        session.add(OutboxMessage(
            key="old", chat_id=chat.id, text="x", buttons=[], photos=[], created_at=NOW - timedelta(minutes=11),
            not_before=NOW,
        ))  # fmt: skip
    assert [look(database, NOW + timedelta(minutes=minutes)) for minutes in (0, 10, 60)] == [1, 0, 1]
    assert told(database)[0] == "有消息从11-17 07:54起一直没有发出去，请看看日志。"
    with database.transaction() as session:
        alarm = session.scalars(select(OutboxMessage).where(OutboxMessage.key.like("alarm:%"))).first()
        assert alarm is not None
        assert (alarm.chat.address, alarm.chat.account, alarm.is_urgent) == ("telegram:-1009", "telegram:main", True)


def test_a_platform_that_is_silent_for_an_hour_is_told(database: Database) -> None:
    assert look(database, NOW, NOW - timedelta(minutes=59)) == 0
    assert look(database, NOW, NOW - timedelta(minutes=61)) == 1
    assert told(database) == ["telegram:main从11-17 07:04起没有动静，请看看网络和登录。"]


def test_away_for_longer_than_telegram_keeps_what_was_said_the_group_and_the_staff_hear_of_it(
    database: Database, intake: Intake
) -> None:
    with database.transaction() as session:
        note_login(session, "telegram:main", "", NOW - timedelta(hours=26), are_ids_stable=True)
        for address in ("replay:g5", "replay:staff"):
            chat = chat_at(session, address)
            assert chat is not None
            chat.account = "telegram:main"
    intake.handle(back(database))
    assert heard(database) == [
        "账号main从11-16 06:05到08:05断开过，5栋群里这段时间的消息没有看到。",
        "我从11-16 06:05到08:05不在线，这段时间的消息没有看到。有事请再说一声。",
    ]


def test_away_for_less_nothing_was_missed(database: Database) -> None:
    with database.transaction() as session:
        note_login(session, "telegram:main", "", NOW - timedelta(hours=23), are_ids_stable=True)
    assert back(database) == []
