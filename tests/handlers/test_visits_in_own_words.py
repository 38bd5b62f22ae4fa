"""What a visitor says in words of their own stands for a command, or for nothing."""

import pytest

from handlers.visits import read_own_words
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("said", "command", "rest"),
    [
        ("302我去过了，老人挺好", "走访完成", "302 老人挺好"),
        ("今天走访了5栋302，一切正常", "走访完成", "5栋302 一切正常"),
        ("去看了1单元302，药快没了", "走访完成", "1单元302 药快没了"),
        ("501没人在家", "走访完成", "501 没人在家"),
        ("302改到后天下午三点", "改期", "302 后天下午三点"),
        ("明天上午十点去看302曾奶奶", "安排", "302 明天上午十点"),
    ],
)
def test_own_words_stand_for_a_command(said: str, command: str, rest: str) -> None:
    assert read_own_words(said, NOW) == (command, rest)


@pytest.mark.parametrize(
    "said",
    [
        "明天去302修灯", "302的曾奶奶住院了", "302没人在家，水从门缝流出来", "去302看看", "302看到有人翻窗",
        "2月30日去看302",
        "明天上午十点去看302" + "奶奶" * 40, "今天走了三户", "5栋302漏水", "走访302",
    ],
)  # fmt: skip
def test_other_words_do_not(said: str) -> None:
    assert read_own_words(said, NOW) is None
