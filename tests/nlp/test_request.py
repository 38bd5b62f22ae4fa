"""The kind of a request and the form of a petition."""

import pytest

from nlp.understand import understand


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("三单元电梯坏了", "help"),
        ("谁家有梯子借用一下", "help"),
        ("楼上天天半夜打麻将，吵得睡不着", "complaint"),
        ("投诉楼下烧烤摊油烟扰民", "complaint"),
        ("举报三楼聚众赌博", "denunciation"),
        ("能不能在路口加装红绿灯", "suggestion"),
        ("建议组织一次重阳节活动", "suggestion"),
        ("请问社保卡怎么办理", "enquiry"),
        ("物业只收钱不管事", "criticism"),
        ("五楼着火了，投诉也没用", "help"),
    ],
)
def test_what_the_speaker_wants_is_a_field_of_its_own(text: str, kind: str) -> None:
    assert understand(text).kind == kind


@pytest.mark.parametrize(
    "text", ["关于青山镇道路规划何时公布的咨询", "反映梅岭县教育局招聘不公的问题", "请问退休教师补贴什么时候发放"]
)
def test_a_petition_for_which_no_duty_is_there_is_filed_for_staff(text: str) -> None:
    assert understand(text).label == "other"


def test_talk_has_no_kind() -> None:
    assert understand("早上好").kind is None
