"""What a text means: labels, polarity, urgency, several matters, evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.understand import understand


@pytest.mark.parametrize(
    ("text", "label", "topic"),
    [
        ("三单元电提又坏了", "safety", "elevator"),
        ("楼到灯瞎了三天", "safety", "lighting"),
        ("楼上漏水漏到我家厨房了", "dispute", "leak"),
        ("楼上天天半夜打麻将，吵得睡不着", "dispute", "noise"),
        ("嗲嗲两天没下楼了，敲门不应", "care", "elderly"),
        ("谁家有梯子借用一下", "care", "mutual_help"),
        ("2单元垃圾堆了三天没人清", "sanitation", "garbage"),
        ("下水道堵了，污水都漫出来了", "sanitation", "sewage"),
        ("一楼大厅贴满了小广告", "civility", "posters"),
        ("楼道里堆满了纸箱，过不去", "civility", "clutter"),
    ],
)
def test_a_report_is_filed_where_it_belongs(text: str, label: str, topic: str) -> None:
    understood = understand(text)
    assert (understood.label, understood.topic) == (label, topic)


@pytest.mark.parametrize(
    "text",
    [
        "电梯修好了",
        "我家没停水",
        "老家又停电了",
        "要是停电了怎么办",
        "这剧真垃圾",
        "我要上火了",
        "一起遛狗去",
        "🔥🔥🔥加油",
        "",
        "😀",
    ],
)
def test_what_is_no_report_is_none(text: str) -> None:
    assert understand(text).label == "none"


@pytest.mark.parametrize("text", ["电梯修好了又坏了", "怎么还没修好电梯", "有没有停水啊，我家停水了"])
def test_a_fault_that_came_back_is_a_report(text: str) -> None:
    assert understand(text).is_report


@pytest.mark.parametrize("text", ["楼道里着火了", "好大的煤气味", "电梯里困住人了", "有人晕倒在楼下了"])
def test_what_cannot_wait_is_urgent(text: str) -> None:
    assert understand(text).is_urgent


def test_two_faults_are_two_matters_in_the_order_they_were_said() -> None:
    found = understand("3单元电梯坏了，楼道灯也不亮").findings
    assert [(one.topic, one.place.unit, one.place.spot) for one in found] == [
        ("elevator", "3", None), ("lighting", "3", "楼道"),
    ]  # fmt: skip


def test_a_stench_is_no_matter_beside_its_rubbish() -> None:
    assert len(understand("2单元垃圾堆了三天没人清，臭死了").findings) == 1


@pytest.mark.parametrize("text", ["３单元电梯坏了", "三單元電梯壞了", "电\u200b梯坏\u200d了，3单元"])
def test_evidence_points_into_the_words_as_they_were_typed(text: str) -> None:
    understood = understand(text)
    assert understood.topic == "elevator"
    for shown in understood.evidence:
        assert 0 <= shown.start < shown.end <= len(text)
    assert understood.place.unit == "3"


@settings(max_examples=1500, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("电梯坏了停水楼栋单元灯不亮没又垃圾，。3三０ﷺ\u200b🔥")),
        max_size=300,
    )
)
def test_no_text_is_too_odd(text: str) -> None:
    understood = understand(text)
    for shown in understood.evidence:
        assert 0 <= shown.start < shown.end <= len(text)
