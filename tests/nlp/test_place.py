"""Places are read exactly as they were said, in whatever script."""

import pytest

from nlp.normalize import normalize
from nlp.place import Place, find_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3单元电梯坏了", Place(unit="3")),
        ("三单元电提又坏了", Place(unit="3")),
        ("３單元停水", Place(unit="3")),
        ("叁单元停电", Place(unit="3")),
        ("5栋2单元4楼楼道灯不亮", Place("5", "2", "4", None, "楼道")),
        ("十二栋一单元三楼", Place("12", "1", "3")),
        ("A座大厅没人扫", Place("A", spot="大厅")),
        ("5-2-302漏水", Place("5", "2", None, "302")),
        ("302室漏水", Place(room="302")),
        ("302漏水漏到202了", Place(room="302")),
        ("负一楼车库进水", Place(floor="-1", spot="车库")),
        ("2单元门禁坏了", Place(unit="2")),
        ("一层灰没人扫", Place()),
        ("门上贴了一层又一层广告", Place()),
        ("每一层都堆满了", Place()),
        ("花了302块钱", Place()),
        ("3号楼的下水道堵了", Place("3", spot="下水道")),
        ("路灯坏了", Place()),
    ],
)
def test_a_place_is_read_as_it_was_said(text: str, place: Place) -> None:
    assert find_place(normalize(text).text) == place


@pytest.mark.parametrize("text", ["1" * 4096, "一" * 4096, "1栋" * 1500, "5-" * 2000, "第" * 4096])
def test_hostile_digits_are_read_at_once(text: str) -> None:
    find_place(text)
