"""Joining and binding by one-time codes, and what becomes of a code shown to a group."""

from datetime import timedelta

from bot.codes import fresh_codes
from bot.intake import Intake
from handlers.messages import Happening, Incoming
from storage.chats import chat_at
from storage.codes import issue_code
from storage.database import Database
from storage.people import Role, person_at
from storage.places import Place
from tests.conftest import NOW, heard, said


def a_code(database: Database, *, person: str = "", place: str = "") -> str:
    with database.transaction() as session:
        return issue_code(
            session, "test", NOW,
            person=person_at(session, person) if person else None,
            place=session.query(Place).filter_by(name=place).one() if place else None,
        )  # fmt: skip


def private(sender: str, text: str, minutes: int = 0) -> Incoming:
    return said(text, chat=sender, sender=sender, is_group=False, at=NOW + timedelta(minutes=minutes))


def test_a_code_makes_an_account_the_persons_own(database: Database, intake: Intake) -> None:
    code = a_code(database, person="replay:head5")
    intake.handle([private("replay:new-phone", f"加入 {code}")])
    assert "欢迎，楼栋长张建国（5栋）" in heard(database)[-1]
    with database.transaction() as session:
        joined = person_at(session, "replay:new-phone")
        assert joined is not None
        assert joined.has(Role.BUILDING_HEAD)
    intake.handle([private("replay:thief", f"加入 {code}")])
    assert "这个码不对、用过了或者过期了" in heard(database)[-1]


def test_a_persons_code_shown_in_a_group_is_burnt(database: Database, intake: Intake) -> None:
    code = a_code(database, person="replay:head5")
    intake.handle([said(f"加入 {code}")])
    assert "已经作废" in heard(database)[-1]
    intake.handle([private("replay:thief", f"加入 {code}")])
    assert "这个码不对" in heard(database)[-1]


def test_the_sixth_wrong_code_in_an_hour_is_not_even_looked_at(database: Database, intake: Intake) -> None:
    for number in range(5):
        intake.handle([private("replay:x", f"加入 ABCD-EFG{number + 2}", number)])
    code = a_code(database, person="replay:head5")
    intake.handle([private("replay:x", f"加入 {code}", 6)])
    assert "试得太多了" in heard(database)[-1]
    intake.handle([private("replay:x", f"加入 {code}", 70)])
    assert "欢迎" in heard(database)[-1]


def test_a_group_is_bound_to_its_building_and_takes_reports_from_then_on(database: Database, intake: Intake) -> None:
    code = a_code(database, place="6栋")
    new = "replay:new-group"
    intake.handle([said("楼道灯不亮", chat=new)])
    assert "还没有绑定楼栋" in heard(database)[-1]
    intake.handle([said("电梯坏了", chat=new), said(f"绑定 {code}", chat=new), said("楼道灯不亮", chat=new)])
    assert heard(database)[-1].startswith("已登记 1号：照明")
    with database.transaction() as session:
        chat = chat_at(session, new)
        assert chat is not None
        assert chat.place is not None
        assert chat.place.name == "6栋"


def test_a_code_in_the_wrong_place_is_told_where_to_go(database: Database, intake: Intake) -> None:
    place = a_code(database, place="6栋")
    intake.handle([private("replay:x", f"加入 {place}"), private("replay:x", f"绑定 {place}")])
    assert [line[:6] for line in heard(database)[-2:]] == ["这是楼栋群的", "绑定码要在楼"]


def test_codes_are_handed_out_to_those_who_have_not_joined_and_no_cell_is_a_formula(database: Database) -> None:
    with database.transaction() as session:
        head = person_at(session, "replay:head6")
        assert head is not None
        chat = chat_at(session, "replay:head6")
        assert chat is not None
        session.delete(chat)
        head.name = "=HYPERLINK(1)"
        session.flush()
        rows = fresh_codes(session, "test", NOW)
    assert [row[1] for row in rows if row[0] == "加入"] == ["'=HYPERLINK(1)"]


def test_a_bot_that_comes_into_a_group_says_what_it_is_and_once_put_out_is_silent(
    database: Database, intake: Intake
) -> None:
    intake.handle([said("", chat="replay:new-group", happening=Happening.BOT_ADDED)])
    assert [line[:8] for line in heard(database)] == ["大家好，我是楼栋", "本群还没有绑定楼"]
    intake.handle([said("", happening=Happening.BOT_REMOVED)])
    assert heard(database)[2:] == ["5栋的群把我移出了，那里的消息我看不到了。"]  # to the staff
