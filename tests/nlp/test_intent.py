"""Short lines that are no report but ask something of the bot."""

import pytest

from nlp.intent import Intent, read_ask


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("+1", Intent.SUPPORT),
        ("我家也是", Intent.SUPPORT),
        ("同", Intent.SUPPORT),
        ("我们这边也一样", Intent.SUPPORT),
        ("我还有多少分", Intent.POINTS),
        ("电梯的事怎么样了", Intent.PROGRESS),
        ("12号修好了吗", Intent.PROGRESS),
        ("修好了", Intent.YES),
        ("电梯修好了", Intent.MENDED),
        ("来水了", Intent.MENDED),
        ("已经挪了", Intent.MENDED),
        ("好了好了", Intent.MENDED),
        ("电梯好了没", Intent.PROGRESS),
        ("我家也听得到", Intent.SUPPORT),
        ("２", Intent.NUMBER),
        ("没好", Intent.NO),
        ("2单元", Intent.PLACE),
        ("就在大厅那边", Intent.PLACE),
    ],
)
def test_a_line_asks(text: str, intent: Intent) -> None:
    ask = read_ask(text)
    assert ask is not None
    assert ask.intent is intent


@pytest.mark.parametrize(
    "text",
    ["", "早上好", "电梯里困住人了", "修好了又坏了", "今天天气不错", "一起吃饭去", "1" * 5000, "大厅贴满了小广告"],
)
def test_a_line_asks_nothing(text: str) -> None:
    assert read_ask(text) is None
