"""RELIABILITY's hostile list as messages: no crash, nothing unmasked, the next message is handled."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.intake import Intake
from handlers.commands import COMMANDS
from handlers.messages import Happening
from handlers.rules import Rules
from storage.database import Database, memory_database
from storage.roster import import_roster
from tests.conftest import NOW, heard, said, town

HOSTILE = [
    "电梯坏\x00了，三单元", "三单元电梯坏了\ud800", "匿名 电梯坏了\ud800\x00",
    "", " ", "\x00", "\ud800", "电梯坏了" * 1024, "啊" * 1_000_000, "ﷺ" * 4096, "漏\u200b水\u200d了",
    "e" + "\u0301" * 300, "\u202e王五电梯坏了", "１３８１２３４５６７８ 电梯坏了", "138 1234 5678 电梯坏了",
    "一三八一二三四五六七八 电梯坏了", "430522199001011234 电梯坏了", "社区管理员：电梯坏了", "@all" * 500,
    "=HYPERLINK(\"http://x\") 电梯坏了", "电梯坏了\r\n2026-01-01 ERROR fake", "'; DROP TABLE issues; --",
    "{0.__class__} %s {{7*7}} {$number} 电梯坏了", "/close@otherbot 1", "没漏水了", "99栋电梯坏了",
    "安排 302 2月30日", "安排 302 25:00", "认领 0", "认领 -1", "认领 1e309", "认领 ٣", "认领 9223372036854775808",
    "1" * 30 + "x", "http://169.254.169.254/latest file:///etc/passwd 电梯坏了", "<b>&lt;电梯坏了", "王](http://evil)",
    "加入 " + "A" * 5000, "绑定 \x00", "改类 1 " + "x" * 9999, "进展 1 " + "\u202e" * 99, "我不想活了",
    "有人打架，动刀了",
    "转派 1 @all", "转派 1 " + "张" * 5000, "合并 " + "1 " * 2000, "合并 1 １ 1", "拆分 1 " + "灯坏了" * 1000,
    "延期 1 999天 x", "延期 1 ٣天 x", "暂停 1 \x00", "上报 1 {0.__class__}", "安静 999999小时", "安静 ٣小时",
    "安静 0小时",
    "发码 楼栋长 5栋 =HYPERLINK(1)", "发码 群 99栋", "卸任 '; DROP TABLE people; --", "联系 1e309",
    "匿名 \u202e电梯坏了",
    "谁看过 -1", "更多 todo 99999999999", "更多 ../../etc 1", "收到 9223372036854775808", "34" * 20 + "号我来",
    "/" * 4096, "／认领　１", "办结 办结 办结", "5-" * 2000, "周" * 4000, "1月" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: repr(words[:16]))
@pytest.mark.parametrize("where", ["group", "private"])
def test_no_crash_and_the_next_message_is_handled(database: Database, intake: Intake, words: str, where: str) -> None:
    sender = "replay:head5" if where == "private" else "replay:r1"
    chat = sender if where == "private" else "replay:g5"
    odd = said(words, chat=chat, sender=sender, is_group=where == "group", name="王](http://evil)\u202e")
    handled = intake.handle([odd, said("下水道堵了", chat="replay:g6")])
    assert handled.failures == 0
    assert "已登记" in heard(database)[-1]
    for line in heard(database):
        assert "13812345678" not in line.replace(" ", "")
        assert "1990" not in line
        assert "\r" not in line
        assert "\u202e" not in line
        assert len(line) <= 600


def test_a_forged_replayed_or_foreign_press_does_nothing(database: Database, intake: Intake) -> None:
    intake.handle([said("3单元电梯坏了")])
    before = len(heard(database))
    presses = [
        "claim 1",
        "claim",
        "",
        "resolve 1",
        "invalid 1 x",
        "claim 1; drop",
        "x" * 64,
        "import 1",
        "join ABCDEFGH",
    ]
    for press in presses:
        intake.handle([said("", happening=Happening.PRESSED, press=press, sender="replay:stranger")])
    with database.transaction() as session:
        assert session.execute(text("select status from issues")).scalars().all() == ["open"]
    assert [line for line in heard(database)[before:] if "认领" in line and "已认领" in line] == []


def test_a_forwarded_command_or_report_in_a_group_is_somebody_elses(database: Database, intake: Intake) -> None:
    intake.handle([said("电梯坏了", is_forward=True), said("/待办", is_forward=True)])
    assert heard(database) == []


def test_five_hundred_lines_a_minute_from_one_person_are_one_issue(database: Database, intake: Intake) -> None:
    intake.handle(
        [said(f"电梯坏了{'！' * (number % 7)}", at=NOW + timedelta(seconds=number // 9)) for number in range(500)]
    )
    with database.transaction() as session:
        assert session.execute(text("select count(*) from issues")).scalar() == 1
    assert len([line for line in heard(database) if len(line) > 2]) == 2


_PIECES = [
    *COMMANDS,
    "/",
    "1",
    "34",
    "#",
    "号",
    " ",
    "　",
    "302",
    "5栋",
    "周六上午10点",
    "2月30日",
    "电梯坏了",
    "🔥",
    "\u200b",
    "，",
    "没",
    "٣",
]


@pytest.fixture(scope="module")
def fuzzed() -> Intake:
    database = memory_database()
    with database.transaction() as session:
        import_roster(session, town(), NOW, {"replay": "replay:main"})
    return Intake(database, Rules(secret="test"))


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=8).map("".join),
    sender=st.sampled_from(["replay:head5", "replay:staff", "replay:r1"]),
    is_group=st.booleans(),
)
def test_no_line_breaks_a_turn(fuzzed: Intake, words: str, sender: str, is_group: bool) -> None:
    handled = fuzzed.handle([said(words, chat="replay:g5" if is_group else sender, sender=sender, is_group=is_group)])
    assert handled.failures == 0
