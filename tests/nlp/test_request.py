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


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("关于新化县城路灯的建议", "lighting"),
        ("反映B3县城南一带的自来水问题", "water_supply"),
        ("咨询C2区河西养犬的有关事宜", "pets"),
        ("关于B3县公交线路调整的建议", None),
    ],
)
def test_a_petition_of_which_only_the_form_is_known_is_about_the_thing_it_names(text: str, topic: str | None) -> None:
    understood = understand(text)
    assert understood.is_report
    assert understood.topic == topic


def test_a_complaint_may_quote_a_link_or_a_notice_where_an_article_and_a_notice_are_none() -> None:
    assert understand("尊敬的领导：B3县城西路坑坑洼洼，多次反映没人修，照片在[链接]").is_report
    assert understand("我们是B3县的居民，经常停水，停水通知一个月来了八次，严重影响生活").topic == "water_supply"
    assert not understand("B3县城西路坑坑洼洼引热议，详见[链接]").is_report
    assert not understand("停水通知：因管道维修，明天上午8点到12点停水，请大家提前储水").is_report


def test_length_does_not_count_against_a_complaint_that_says_how_bad_things_are() -> None:
    long = "有几个人天天在茶馆里面赌博，赢了的输了的都有，另外的人就站在旁边，老板在那里坐着"
    understood = understand(long)
    assert understood.is_report
    assert "rambling" not in dict(understood.rules)


def test_talk_has_no_kind() -> None:
    assert understand("早上好").kind is None
