"""The roster: all or nothing, every bad row by its line, and roles that end."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from bot.roster_files import RosterUnreadable, read_roster, write_template
from storage.database import Database
from storage.people import Person, Role, holders_up, person_at
from storage.places import Place
from storage.roster import RosterRefused, import_roster
from tests.conftest import NOW, row, town

ACCOUNTS = {"replay": "replay:main"}


def test_bad_rows_are_told_by_line_and_nothing_is_taken_over(database: Database) -> None:
    roster = town()
    roster["places"] = [
        *roster["places"],
        row("places", kind="小区", name="x", parent="一网格"),
        row("places", kind="楼栋", name="8栋", parent="一网格"),
    ]
    roster["people"] = [
        row("people", name="甲", role="楼栋长", place="88栋"),
        row("people", name="乙", role="皇帝", place="5栋"),
    ]
    roster["households"] = [row("households", building="一网格", room="1")]
    roster["catalogue"] = [
        row("catalogue", item="米", points="-1", stock="1"),
        row("catalogue", item="油", points="٣", stock="1"),
    ]
    with pytest.raises(RosterRefused) as refused, database.transaction() as session:
        import_roster(session, roster, NOW, ACCOUNTS)
    assert [problem.key for problem in refused.value.problems] == [
        "roster-number", "roster-number", "roster-not-building", "roster-no-place", "roster-role", "roster-kind",
    ]  # fmt: skip
    with database.transaction() as session:
        assert session.scalar(select(func.count()).where(Place.name == "8栋")) == 0


def test_the_same_roster_again_changes_nothing(database: Database) -> None:
    with database.transaction() as session:
        before = session.scalar(select(func.count(Person.id)))
        assert import_roster(session, town(), NOW, ACCOUNTS).ended_roles == 0
        assert session.scalar(select(func.count(Person.id))) == before


def test_who_is_no_longer_on_it_loses_the_role_at_once(database: Database) -> None:
    roster = town()
    roster["people"] = [one for one in roster["people"] if one.get("name") != "张建国"]
    with database.transaction() as session:
        assert import_roster(session, roster, NOW, ACCOUNTS).ended_roles == 1
        head, building = person_at(session, "replay:head5"), session.query(Place).filter_by(name="5栋").one()
        assert head is not None
        assert not head.has(Role.BUILDING_HEAD)
        assert holders_up(session, building, Role.BUILDING_HEAD) == []


def test_a_workbook_and_a_folder_say_the_same(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "places"  # type: ignore[union-attr]
    book.active.append(["上级", "名称", "类别"])  # type: ignore[union-attr]
    book.active.append(["", "上梅街道", "街道"])  # type: ignore[union-attr]
    book.save(tmp_path / "r.xlsx")
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "places.csv").write_bytes("kind,name,parent\r\n街道,上梅街道,\r\n".encode("gb18030"))
    assert [dict(one.values) for one in read_roster(tmp_path / "r.xlsx")["places"]] == [
        dict(one.values) for one in read_roster(folder)["places"]
    ]


def test_the_template_reads_as_an_empty_roster(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    roster = read_roster(tmp_path / "t.xlsx")
    assert set(roster) == {"places", "people", "groups", "households", "catalogue"}
    assert not any(roster.values())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("r.xlsx", b"not a zip"),
        ("r.txt", b""),
        ("places.csv", b"a,b\n1,2\n"),
        ("places.csv", b"\xff\xfe\x80"),
        ("empty", None),
    ],
)
def test_what_is_no_roster_is_said_to_be_none(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(RosterUnreadable):
        read_roster(path)
