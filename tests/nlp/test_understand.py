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
        "热得要着火",
        "像着火了一样红",
        "气得我想跳楼",
        "昨晚梦见房子塌了",
        "小时候家里天天停电",
        "我手机快没电了",
        "我家有梯子，借你",
        "二手梯子转让，谁要",
        "防水层坏了吧",
        "小区门口的粉味道不错",
        "",
        "😀",
    ],
)
def test_what_is_no_report_is_none(text: str) -> None:
    assert understand(text).label == "none"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("电剃又坏了", "elevator"),
        ("跳匝了", "electricity"),
        ("煤器味好大", "gas"),
        ("屋里冇得水哒", "water_supply"),
        ("灯坏咯", "lighting"),
        ("三單元的燈壞了", "lighting"),
        ("厨房水龙头拧不动", "water_supply"),
        ("楼道灯泡不知被谁拧走了", "lighting"),
        ("有个小孩坐在六楼窗台上", "child"),
        ("娭毑绊了一跤起不得身", "elderly"),
        ("嗲嗲手脚动不得了", "elderly"),
    ],
)
def test_the_language_of_the_place_is_understood(text: str, topic: str) -> None:
    assert understand(text).topic == topic


def test_a_word_that_only_sounds_alike_is_not_taken_for_it() -> None:
    assert understand("老师这次点题坏了规矩").topic != "elevator"


def test_where_a_door_is_named_a_manner_of_speaking_is_taken_at_its_word() -> None:
    assert understand("七楼的吵得要跳楼").is_urgent


def test_the_decision_is_explained_with_its_rules_and_runner_up() -> None:
    told = understand("三单元电梯又坏了，物业一直没人管，麻烦来修").as_dict()
    assert {rule["rule"] for rule in told["rules"]} == {"ask", "place", "severity"}
    assert told["runner_up"] == "property"
    assert understand("昨晚梦见房子塌了").void


@pytest.mark.parametrize("text", ["电梯修好了又坏了", "怎么还没修好电梯", "有没有停水啊，我家停水了"])
def test_a_fault_that_came_back_is_a_report(text: str) -> None:
    assert understand(text).is_report


@pytest.mark.parametrize("text", ["楼道里着火了", "好大的煤气味", "电梯里困住人了", "有人晕倒在楼下了"])
def test_what_cannot_wait_is_urgent(text: str) -> None:
    assert understand(text).is_urgent


def test_words_of_ours_that_share_a_character_are_both_heard() -> None:
    # 三天没 and 没开门
    assert understand("隔壁老太太三天没开门了").is_urgent


def test_what_only_names_a_matter_is_asked_about_and_with_a_place_a_report() -> None:
    assert understand("垃圾分类").is_weak
    assert understand("2栋楼下好大的油烟").is_report


@pytest.mark.parametrize(("text", "reason"), [("这保洁阿姨真勤快", "praised"), ("我把楼下的烟头都捡了", "own_deed")])
def test_praise_and_what_the_speaker_has_done_himself_are_no_reports(text: str, reason: str) -> None:
    told = understand(text)
    assert not told.is_report
    assert reason in dict(told.void).values()


def test_praise_makes_no_danger_harmless() -> None:
    assert understand("真不错，四楼着火了都没人管").is_urgent


def test_a_feeling_is_no_illness() -> None:
    assert not understand("气得说不出话来").is_report
    assert understand("我妈痛得说不出话来").is_urgent


def test_whoever_is_in_danger_is_heard_whatever_else_is_named() -> None:
    # The garage is a thing of others, and the danger is still that of whoever is in it.
    assert understand("河水漫进地下车库了，还有人在里面").is_urgent


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


@pytest.mark.parametrize("tail", ["！！！", "……", "，唉", "[捂脸]", "😂", "嘛", "[图片]"])
def test_how_a_complaint_ends_does_not_undo_it(tail: str) -> None:
    assert understand("电梯关不上门，夹人" + tail).is_report
    assert understand("嗯那个三单元的下水道又堵了" + tail).is_report


@pytest.mark.parametrize(
    "text",
    [
        "听我同事讲他家电梯坏了", "网上有人说垃圾没人收", "停电？没有啊，好好的", "群里那个着火的视频是假的",
        "教孩子遇到煤气漏了要怎么做", "上次水管爆了多亏了楼长", "谢谢三楼的邻居帮我看孩子", "最怕停电",
        "嗓子都冒烟了",
    ],
)  # fmt: skip
def test_hearsay_and_what_was_dealt_with_is_no_report(text: str) -> None:
    assert not understand(text).is_report


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("娃儿没得人管", "child"),
        ("物管涨价不讲一声", "property"),
        ("楼道的灯净是坏的", "lighting"),
        ("灯啥时候修", "lighting"),
    ],
)
def test_other_words_for_the_same_are_the_same(text: str, topic: str) -> None:
    assert understand(text).topic == topic


@pytest.mark.parametrize(
    "text",
    ["已联系维保公司，两小时内到", "已更换楼道灯泡", "已和施工方谈好，十点后停工"],
)
def test_who_answers_that_it_is_taken_care_of_reports_nothing(text: str) -> None:
    assert not understand(text).is_report


@pytest.mark.parametrize("text", ["已联系物业，电梯还是没人修", "已经通知三次了，垃圾仍没清"])
def test_an_answer_that_complains_is_a_report(text: str) -> None:
    assert understand(text).is_report


def test_what_it_had_been_is_over_with_it() -> None:
    assert not understand("厕所通了，原来是孩子丢了个玩具车").is_report
    assert not understand("三号楼电梯钢丝绳更换完成").is_report
    assert not understand("我还以为停水了").is_report


def test_thanks_go_on_until_something_is_wrong() -> None:
    assert not understand("谢谢保安师傅，半夜帮忙推车，还扶老人上楼").is_report
    assert understand("谢谢大家关心，就是电梯又坏了").topic == "elevator"


def test_a_curse_befalls_nobody_but_a_named_door_is_taken_at_its_word() -> None:
    assert not understand("你妈炸了，死全家").is_report
    assert understand("哪个杂种在三楼拿刀砍人").is_urgent


def test_what_is_said_of_a_place_is_not_said_of_a_part_of_its_name() -> None:
    assert understand("卫生间一到晚上就返臭").topic == "smell"
    assert not understand("我家卫生间太小了").is_report
    assert understand("电线掉下来了，就在幼儿园门口").topic == "electricity"


def test_a_part_of_the_estate_makes_no_petition() -> None:
    assert not understand("昨天在B区看到过一把钥匙").is_report
    assert understand("A市B区的公交何时增加班次").is_report


@pytest.mark.parametrize("degree", ["很", "太", "特别", "非常", "超", "蛮", "挺"])
def test_how_badly_may_be_said_in_many_ways(degree: str) -> None:
    assert understand(f"垃圾房味道{degree}大").is_report


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("建议给楼梯加一条扶手", "safety"),
        ("能不能在电梯口放个垃圾桶", "sanitation"),
        ("希望广场舞的音响调小一点", "dispute"),
        ("可不可以规定一下遛狗的时间", "civility"),
    ],
)
def test_what_something_should_be_like_is_a_request(text: str, label: str) -> None:
    assert understand(text).label == label


def test_a_wish_for_nothing_of_ours_is_talk() -> None:
    for text in ("希望明天别下雨", "建议你换个手机试试", "能不能帮我点个赞", "希望大家多支持我家小店"):
        assert not understand(text).is_report


@pytest.mark.parametrize(
    "beside", ["祝大家晚安", "新年快乐", "收到请回复", "影响孩子写作业", "明天孩子要考试", "刚开车回来看到的"]
)
def test_manners_and_daily_life_beside_a_report_do_not_silence_it(beside: str) -> None:
    for report in ("三单元电梯又坏了", "门口垃圾堆了好几天没人收", "楼上半夜还在打麻将"):
        assert understand(report).label == understand(f"{report}，{beside}").label
        assert understand(f"{beside}，{report}").is_report


@pytest.mark.parametrize(
    "text",
    [
        "门禁卡刷了没反应，我妈进不去",
        "灯箱歪了要掉下来，老人家走不了",
        "化粪池满了，溢出来了，孩子都不敢走",
        "请问有人管吗，灯箱要掉下来了",
    ],
)
def test_what_befell_a_thing_befell_nobody_who_stands_beside_it(text: str) -> None:
    meant = understand(text)
    assert meant.is_report
    assert not meant.is_urgent


@pytest.mark.parametrize(
    "text",
    [
        "我爸过马路，电动车撞倒了",
        "老人在楼梯上摔倒了",
        "空调外机掉下来，砸到一个阿姨",
        "小孩在电梯里没反应了",
        "工人在楼道不动了",
    ],
)
def test_what_a_thing_does_to_somebody_cannot_wait(text: str) -> None:
    assert understand(text).is_urgent


@pytest.mark.parametrize(
    ("supposed", "happened"),
    [
        ("电动车放楼道里不行啊，着火怎么办", "锅着火了怎么办"),
        ("广告牌松了，掉下来砸到人怎么办", "广告牌掉下来砸到人了"),
        ("围墙歪了好久，砸到了怎么办", "围墙倒下来砸到人了"),
    ],
)
def test_what_might_come_of_it_is_reported_and_can_wait(supposed: str, happened: str) -> None:
    assert understand(supposed).is_report
    assert not understand(supposed).is_urgent
    assert understand(happened).is_urgent


@pytest.mark.parametrize("end", ["～～", "~", "，急！！！"])
def test_a_drawn_out_end_and_urging_do_not_silence(end: str) -> None:
    for report in ("外来车辆占用我的车位", "电表显示异常，用电量不准确", "楼板一直响，像有人拖椅子"):
        assert understand(report + end).is_report


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("二单元那个电梯昨天晚上我下夜班回来的时候一按它就在那里抖", "elevator"),
        ("三楼那个路灯就是这几天晚上我下楼倒垃圾的时候一直在那里闪", "lighting"),
    ],
)
def test_when_and_where_the_speaker_was_does_not_part_a_thing_from_its_fault(text: str, topic: str) -> None:
    assert understand(text).topic == topic


@pytest.mark.parametrize("text", ["问了供电所，没有计划停电，怎么停到现在", "没看到停水公告，水就停了"])
def test_an_outage_that_nobody_announced_is_no_notice(text: str) -> None:
    assert understand(text).label == "safety"


@pytest.mark.parametrize("text", ["电梯里面有人抽烟", "电梯里面有人吐痰", "河里漂了好多塑料袋", "有人在窗户外面晾拖把"])
def test_somebody_at_a_place_where_others_were_in_danger_is_no_emergency(text: str) -> None:
    assert not any(finding.is_urgent for finding in understand(text).findings)


@pytest.mark.parametrize("text", ["电梯停了，里面还有人", "电梯打不开里面有人", "河里漂着一个人"])
def test_somebody_in_danger_at_the_same_places_is_one(text: str) -> None:
    assert any(finding.is_urgent for finding in understand(text).findings)


@pytest.mark.parametrize(
    "text",
    ["老人倒垃圾去了", "孩子的水壶掉进沟里了", "婆婆的镯子断了", "孩子把风筝挂在电线上了", "男的撞倒了垃圾桶就走"],
)
def test_who_owns_the_thing_or_does_the_deed_is_not_the_one_in_danger(text: str) -> None:
    assert not any(finding.is_urgent for finding in understand(text).findings)


@pytest.mark.parametrize(
    "text", ["老人倒在楼梯口了", "孩子的手卡在门缝里了", "孩子把老鼠药吃了", "娃娃把头伸进栏杆出不来", "小孩被车撞倒了"]
)
def test_whom_it_befalls_is(text: str) -> None:
    assert any(finding.is_urgent for finding in understand(text).findings)


@pytest.mark.parametrize(
    "text",
    [
        "失火案判了三年",
        "漏电保护器在哪里买",
        "中暑晕倒过一次，后来都带水",
        "拿把刀来切西瓜",
        "感冒了在喝药",
        "闻到煤气味了，原来是邻居在换罐子，换好了",
        "厨房好大烟，我妈在炸鱼",
    ],
)
def test_what_is_only_named_long_over_cooked_or_explained_is_no_emergency(text: str) -> None:
    assert not any(finding.is_urgent for finding in understand(text).findings)


@pytest.mark.parametrize("text", ["她喝药了，快来救命", "有人拿刀追着人砍", "晕过去了叫不醒", "煤气味好大，头都晕了"])
def test_what_has_just_happened_is_one(text: str) -> None:
    assert any(finding.is_urgent for finding in understand(text).findings)
