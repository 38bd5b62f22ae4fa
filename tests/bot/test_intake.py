"""The turn: once, alone in its savepoint, and chatter leaves no trace."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.intake import Intake
from handlers import router
from handlers.messages import Happening, Incoming
from handlers.turn import Turn
from storage.database import Database
from tests.conftest import NOW, heard, said

TABLES = (
    "people", "accounts", "chats", "issues", "issue_events", "supporters", "outbox", "receipts", "point_transfers",
    "due", "visits",
)  # fmt: skip


def counts(database: Database) -> dict[str, int]:
    with database.transaction() as session:
        return {table: session.execute(text(f"select count(*) from {table}")).scalar_one() for table in TABLES}


def test_the_same_batch_twice_changes_nothing(database: Database, intake: Intake) -> None:
    batch = [
        said("3单元电梯坏了"), said("我家也是", sender="replay:r2"),
        said("认领 1", chat="replay:head5", sender="replay:head5", is_group=False),
        said("办结 1 换了主板", chat="replay:head5", sender="replay:head5", is_group=False),
        said("", happening=Happening.PRESSED, press="confirm 1"),
        said("安排 302 周六上午10点", chat="replay:head5", sender="replay:head5", is_group=False),
        said("走访完成 302 楼道灯坏了", chat="replay:head5", sender="replay:head5", is_group=False),
    ]  # fmt: skip
    assert intake.handle(batch).effects == len(batch)
    before, spoken = counts(database), heard(database)
    intake.handle(batch)
    intake.handle(list(reversed(batch)))
    assert counts(database) == before
    assert heard(database) == spoken


def test_a_failing_turn_is_undone_alone_kept_and_tried_again(
    database: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = router._heard

    def breaks(turn: Turn) -> None:
        whole(turn)
        if "电梯" in turn.message.text:
            raise ZeroDivisionError("三单元 13812345678")

    monkeypatch.setattr(router, "_heard", breaks)
    handled = intake.handle([said("楼道灯不亮"), said("3单元电梯坏了"), said("下水道堵了")])
    assert (handled.effects, handled.failures) == (2, 1)
    with database.transaction() as session:
        assert session.execute(text("select topic from issues order by number")).scalars().all() == [
            "lighting",
            "sewage",
        ]
        failed = session.execute(text("select error, attempts from failed_turns")).one()
    assert failed.attempts == 1
    assert "138" not in failed.error

    monkeypatch.setattr(router, "_heard", whole)
    intake.tick(NOW + timedelta(minutes=3))
    with database.transaction() as session:
        assert session.execute(text("select topic from issues where number = 3")).scalar() == "elevator"
        assert session.execute(text("select count(*) from failed_turns")).scalar() == 0


def test_a_turn_that_always_fails_is_parked_after_five_attempts_and_its_words_forgotten(
    database: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(router, "_heard", lambda turn: 1 / 0)
    intake.handle([said("3单元电梯坏了")])
    for hour in range(1, 9):
        intake.tick(NOW + timedelta(hours=hour))
    with database.transaction() as session:
        row = session.execute(text("select attempts, is_parked, payload from failed_turns")).one()
    assert (row.attempts, row.is_parked) == (5, 1)
    assert "电梯" not in row.payload


def test_chatter_touches_no_table(database: Database, intake: Intake) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda c, u, sql, *rest: statements.append(sql))
    lines = ["今天天气真好", "晚上跳舞去吗", "这剧真垃圾", "哈哈", "谢谢", "[图片]", "好的", "孩子考了99分", "在吗"]
    intake.handle([said(line) for line in lines])
    assert [sql for sql in statements if not sql.startswith(("BEGIN", "PRAGMA"))] == []


def test_a_database_that_is_away_fails_the_whole_batch(
    database: Database, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(turn: Turn) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    monkeypatch.setattr(router, "_heard", away)
    with pytest.raises(OperationalError):
        intake.handle([said("帮助"), said("3单元电梯坏了")])
    assert heard(database) == []


def test_after_a_start_a_follow_up_still_finds_its_report(database: Database, intake: Intake) -> None:
    intake.handle([said("电梯坏了")])
    fresh = Intake(database, intake._rules)
    fresh.recall(NOW + timedelta(minutes=1))
    fresh.handle([said("3单元", at=NOW + timedelta(minutes=2))])
    with database.transaction() as session:
        assert session.execute(text("select unit from issues")).scalars().all() == ["3"]


def test_who_only_talks_is_not_made_known(database: Database, intake: Intake) -> None:
    intake.handle([said("停水了")])
    before = counts(database)
    for words in ("今天天气真好", "12我来", "我来看看", "怎么样了", "1号路口堵车", "好了", "收到"):
        intake.handle([said(words, sender="replay:stranger")])
    assert counts(database) == before


def test_talk_that_comes_to_nothing_does_not_have_its_batch_done_over(database: Database, intake: Intake) -> None:
    intake.handle([said("停水了"), said("停水了", chat="replay:unbound")])
    savepoints: list[str] = []
    event.listen(database.engine, "savepoint", lambda connection, name: savepoints.append(name))
    lines = ["钥匙找到了", "34号我来", "34号好了", "34号怎么样了", "热水器修好了，三百块", "我来", "好了", "没好", "2"]
    intake.handle([said("楼道灯不亮"), *(said(line, sender="replay:stranger") for line in lines)])
    intake.handle([said(line, chat="replay:unbound", sender="replay:stranger") for line in [*lines, "味道又来了"]])
    assert savepoints == []
    assert counts(database)["issues"] == 2


@pytest.mark.parametrize(("can_press", "lines"), [(True, 2), (False, 3)])
def test_a_fault_told_by_fifty_people_is_one_issue_with_one_answer(
    database: Database, intake: Intake, can_press: bool, lines: int
) -> None:
    intake.handle([said("停水了", sender=f"replay:p{number}", can_press=can_press) for number in range(51)])
    assert (counts(database)["issues"], counts(database)["supporters"]) == (1, 50)
    spoken = [line for line in heard(database) if not line.startswith("👍")]
    assert len(spoken) == lines  # the group's line and the head's; where no nod is seen once «已有3户反映»


class TestEdits:
    """An edit corrects what it was; it never makes a second report of the first."""

    def edited(self, first: Incoming, words: str, minutes: float) -> Incoming:
        at = NOW + timedelta(minutes=minutes)
        return said(words, key=f"{first.key}/{minutes}", message_id=first.message_id, at=at, original_at=NOW)

    def issues(self, database: Database) -> list[tuple[object, ...]]:
        with database.transaction() as session:
            rows = session.execute(text("select number, topic, unit, status, words from issues order by number"))
            return [tuple(row) for row in rows]

    def test_a_place_put_in_later_is_noted(self, database: Database, intake: Intake) -> None:
        first = said("楼道灯不亮")
        intake.handle([first, self.edited(first, "3单元楼道灯不亮", 30)])
        assert self.issues(database) == [(1, "lighting", "3", "open", "3单元楼道灯不亮")]

    def test_another_matter_put_in_its_place_is_another_topic(self, database: Database, intake: Intake) -> None:
        first = said("楼道灯不亮")
        intake.handle([first, self.edited(first, "电梯坏了", 1)])
        assert self.issues(database) == [(1, "elevator", None, "open", "电梯坏了")]

    def test_a_closed_report_stays_as_it_was(self, database: Database, intake: Intake) -> None:
        first = said("楼道灯不亮")
        intake.handle([first, said("撤销 1"), self.edited(first, "电梯坏了", 2)])
        assert self.issues(database) == [(1, "lighting", None, "withdrawn", "楼道灯不亮")]

    def test_a_slip_of_the_pen_put_right_at_once_is_a_report_and_a_day_later_none(
        self, database: Database, intake: Intake
    ) -> None:
        first = said("电木弟坏")
        intake.handle([first, self.edited(first, "电梯坏了", 60 * 24)])
        assert self.issues(database) == []
        intake.handle([self.edited(first, "电梯坏了", 1)])
        assert len(self.issues(database)) == 1
