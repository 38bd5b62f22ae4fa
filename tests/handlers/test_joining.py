"""Three steps for a head, codes that only those above hand out, and roles that end at once."""

import re

import pytest

from bot.intake import Intake
from storage.chats import chat_at
from storage.database import Database
from storage.issues import Issue
from storage.people import Role, person_at
from storage.roster import RosterRow, import_roster
from tests.conftest import NOW, heard, said, town
from tests.handlers.test_people import private


def code_in(line: str) -> str:
    found = re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", line)
    assert found is not None, line
    return found[0]


def asked(database: Database, intake: Intake, sender: str, words: str) -> str:
    intake.handle([private(f"replay:{sender}", words)])
    return heard(database)[-1]


def test_a_head_is_set_up_in_three_steps_led_by_the_bot(database: Database, intake: Intake) -> None:
    with database.transaction() as session:
        group = chat_at(session, "replay:g6")
        assert group is not None
        group.place = None
    code = code_in(asked(database, intake, "staff", "发码 楼栋长 6栋 李国强"))
    welcome = asked(database, intake, "new-head", code)
    assert welcome.startswith("欢迎，楼栋长李国强（6栋）")
    assert "第2步：把我拉进6栋的群，在群里发「绑定」" in welcome
    intake.handle([said("绑定", chat="replay:g6", sender="replay:new-head")])
    assert heard(database)[-3].startswith("本群已绑定 6栋。楼栋长")
    assert any("现在回「待办」试试" in line for line in heard(database)[-2:])
    assert asked(database, intake, "new-head", "待办") == "现在没有待办的事。"
    intake.handle([said("楼道灯不亮", chat="replay:g6")])
    assert heard(database)[-1].startswith("已登记 1号：照明")


def test_a_link_with_the_code_is_the_same_as_the_code(database: Database, intake: Intake) -> None:
    code = code_in(asked(database, intake, "head5", "发码 志愿者 李红梅"))
    assert asked(database, intake, "v", f"/start {code}").startswith("欢迎，志愿者李红梅（5栋）")


@pytest.mark.parametrize(
    ("sender", "words", "is_made"),
    [
        ("head5", "发码 志愿者 5栋 甲", True), ("head5", "发码 居民 甲", True), ("head5", "发码 志愿者 6栋 甲", False),
        ("head5", "发码 楼栋长 5栋 甲", False), ("head5", "发码 群", True), ("head5", "发码 群 6栋", False),
        ("grid", "发码 志愿者 6栋 甲", True), ("grid", "发码 网格员 一网格 甲", False),
        ("staff", "发码 楼栋长 5栋 甲", True), ("staff", "发码 网格员 一网格 甲", True),
        ("staff", "发码 社区 立新桥社区 甲", False), ("staff", "发码 楼栋长 9栋 甲", False),
        ("staff", "发码 楼栋长 一网格 甲", False), ("staff", "发码 群 6栋", True), ("staff", "发码 街道 甲", False),
        ("vol5", "发码 居民 5栋 甲", False), ("nobody", "发码 居民 5栋 甲", False), ("staff", "发码 皇帝 5栋", False),
    ],
)  # fmt: skip
def test_codes_are_made_by_those_just_above(
    database: Database, intake: Intake, sender: str, words: str, is_made: bool
) -> None:
    assert bool(re.search(r"[A-Z2-7]{4}-[A-Z2-7]{4}", asked(database, intake, sender, words))) == is_made


def test_a_role_code_shown_in_a_group_is_burnt_even_without_a_word(database: Database, intake: Intake) -> None:
    code = code_in(asked(database, intake, "head5", "发码 志愿者 李红梅"))
    intake.handle([said(code)])
    assert "已经作废" in heard(database)[-1]
    assert "这个码不对" in asked(database, intake, "thief", code)


def test_asking_for_a_code_in_the_group_shows_none(database: Database, intake: Intake) -> None:
    intake.handle(
        [said("/发码 志愿者 李红梅", sender="replay:head5"), said("发码 志愿者 李红梅", sender="replay:head5")]
    )
    assert heard(database) == ["这个请私聊我说。"]


def test_only_the_buildings_own_head_binds_without_a_code_and_no_bound_group(
    database: Database, intake: Intake
) -> None:
    intake.handle([said("绑定", chat="replay:new", sender="replay:vol5"), said("绑定", sender="replay:head6")])
    assert all(line.startswith("请本楼楼栋长在群里发「绑定」") for line in heard(database))
    with database.transaction() as session:
        group = chat_at(session, "replay:g5")
        assert group is not None
        assert group.place is not None
        assert group.place.name == "5栋"


def test_a_role_ended_by_word_bites_at_once_and_the_work_is_handed_over(database: Database, intake: Intake) -> None:
    intake.handle([said("3单元灯坏了"), private("replay:vol5", "认领 1")])
    assert "没有找到您能卸任的" in asked(database, intake, "head6", "卸任 周小满")
    asked(database, intake, "head5", "卸任 周小满")
    with database.transaction() as session:
        issue = session.query(Issue).one()
        person = person_at(session, "replay:vol5")
        assert person is not None
        assert (issue.status, issue.handler, person.has(Role.VOLUNTEER)) == ("open", None, False)
    assert "没有找到" in asked(database, intake, "vol5", "办结 1")
    told = "\n".join(heard(database))
    assert "周小满已卸任，1件在办的事已交出来。" in told
    assert "您在5栋的职务结束了" in told


def test_a_roster_without_them_ends_the_role_and_hands_the_work_over(database: Database, intake: Intake) -> None:
    intake.handle([said("3单元灯坏了"), private("replay:vol5", "认领 1")])
    roster = town()
    roster["people"] = [one for one in roster["people"] if one.get("name") != "周小满"]
    with database.transaction() as session:
        assert import_roster(session, {"people": roster["people"]}, NOW, {"replay": "replay:main"}).ended_roles == 1
    intake.tick(NOW)
    assert "现在没有人办" in heard(database)[-1]


def test_two_of_one_name_are_not_mixed_up(database: Database, intake: Intake) -> None:
    with database.transaction() as session:
        more = [RosterRow("people", 2, {"name": "周小满", "role": "志愿者", "place": "6栋", "accounts": "replay:v6"})]
        import_roster(session, {"people": [*town()["people"], *more]}, NOW, {"replay": "replay:main"})
    assert "有几位都叫" in asked(database, intake, "grid", "卸任 周小满")
    asked(database, intake, "grid", "卸任 志愿者 6栋 周小满")
    assert "周小满已卸任，0件在办的事已交出来。" in heard(database)
