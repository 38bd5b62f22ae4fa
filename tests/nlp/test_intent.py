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
        ("我五楼也小", Intent.SUPPORT),
        ("二楼也冒了", Intent.SUPPORT),
        ("整栋都黑了", Intent.SUPPORT),
        ("张叔，我家没有信号，斑马线划了没", None),
        ("斑马线划了没", Intent.PROGRESS),
        ("水压正常了", Intent.MENDED),
        ("扶手焊好了，大家看看", Intent.MENDED),
        ("找到了，在公园门口下棋", Intent.MENDED),
        ("看到了，我联系物业", Intent.PROMISE),
        ("记下了，下午拿焊机来焊", Intent.PROMISE),
        ("我上去看看，城区不准养鸡的", Intent.PROMISE),
        ("我打电话没人接", None),
        ("我问一下几点停水", None),
        ("我六楼", Intent.PLACE),
        ("2单元，4楼到6楼都是", Intent.PLACE),
        ("２", Intent.NUMBER),
        ("没好", Intent.NO),
        ("2单元", Intent.PLACE),
        ("就在大厅那边", Intent.PLACE),
    ],
)
def test_a_line_asks(text: str, intent: Intent | None) -> None:
    ask = read_ask(text)
    assert (ask.intent if ask is not None else None) is intent


@pytest.mark.parametrize(
    ("text", "number"),
    [("3号我下去看看", 3), ("3 我下午去修", 3), ("我3点来修", None), ("3点我去看看", None), ("3号楼我去看看", None)],
)
def test_a_promise_names_its_issue_first(text: str, number: int | None) -> None:
    ask = read_ask(text)
    assert ask is not None
    assert (ask.intent, ask.number) == (Intent.PROMISE, number)


@pytest.mark.parametrize(
    ("text", "topics"),
    [("挪了", {"parking"}), ("亮了", {"lighting"}), ("人没事", {"illness", "elderly"}), ("通了，水下去了", {"sewage"})],
)
def test_what_is_over_can_only_be_what_such_words_are_said_of(text: str, topics: set[str]) -> None:
    ask = read_ask(text)
    assert ask is not None
    assert topics <= ask.topics
    assert "noise" not in ask.topics


@pytest.mark.parametrize(
    "text",
    ["", "早上好", "电梯里困住人了", "修好了又坏了", "今天天气不错", "一起吃饭去", "1" * 5000, "大厅贴满了小广告"],
)
def test_a_line_asks_nothing(text: str) -> None:
    assert read_ask(text) is None
