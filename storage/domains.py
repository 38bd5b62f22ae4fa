"""The five domains and their topics: the names people see, and what the rules need to know of each."""

from dataclasses import dataclass

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Domain:
    """A duty of the building head (五员)."""

    id: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class Topic:
    """The second level.

    ``is_sensitive`` matters are not discussed in the group, unless they are urgent and
    ``is_open_in_emergency`` (somebody collapsed: life first). An ``is_building_wide`` fault is one and
    the same whichever unit names it.
    """

    id: str
    domain: str
    name: str
    is_sensitive: bool = False
    is_open_in_emergency: bool = False
    is_building_wide: bool = False


DOMAINS = {
    domain.id: domain
    for domain in (
        Domain("safety", "平安创建", "平安"),
        Domain("dispute", "纠纷调处", "纠纷"),
        Domain("care", "关爱他人", "关爱"),
        Domain("sanitation", "环境卫生", "环境"),
        Domain("civility", "文明创建", "文明"),
    )
}

TOPICS = {
    topic.id: topic
    for topic in (
        Topic("fire", "safety", "消防"),
        Topic("electricity", "safety", "用电", is_building_wide=True),
        Topic("water_supply", "safety", "停水爆管", is_building_wide=True),
        Topic("gas", "safety", "燃气", is_building_wide=True),
        Topic("elevator", "safety", "电梯"),
        Topic("lighting", "safety", "照明"),
        Topic("building", "safety", "房屋设施"),
        Topic("security", "safety", "治安"),
        Topic("falling_object", "safety", "高空抛物"),
        Topic("traffic", "safety", "交通隐患"),
        Topic("noise", "dispute", "邻里噪音"),
        Topic("leak", "dispute", "楼上漏水"),
        Topic("neighbour", "dispute", "邻里矛盾"),
        Topic("property", "dispute", "物业矛盾"),
        Topic("family", "dispute", "家庭矛盾", is_sensitive=True),
        Topic("money", "dispute", "经济纠纷", is_sensitive=True),
        Topic("elderly", "care", "老人"),
        Topic("disabled", "care", "残疾"),
        Topic("illness", "care", "疾病急救", is_sensitive=True, is_open_in_emergency=True),
        Topic("child", "care", "儿童", is_sensitive=True, is_open_in_emergency=True),
        Topic("hardship", "care", "困难救助", is_sensitive=True),
        Topic("mutual_help", "care", "邻里互助"),
        Topic("volunteer", "care", "志愿服务"),
        Topic("mental", "care", "心理", is_sensitive=True),
        Topic("garbage", "sanitation", "垃圾"),
        Topic("sewage", "sanitation", "污水下水道"),
        Topic("smell", "sanitation", "异味油烟"),
        Topic("pest", "sanitation", "虫鼠"),
        Topic("pollution", "sanitation", "污染"),
        Topic("greenery", "sanitation", "绿化"),
        Topic("cleaning", "sanitation", "保洁"),
        Topic("posters", "civility", "小广告"),
        Topic("parking", "civility", "乱停车"),
        Topic("clutter", "civility", "堆物占道"),
        Topic("pets", "civility", "不文明养犬"),
        Topic("smoking", "civility", "公共场所吸烟"),
        Topic("structures", "civility", "违章搭建"),
        Topic("stalls", "civility", "占道经营"),
        Topic("conduct", "civility", "不文明行为"),
        Topic("culture", "civility", "文体宣传"),
    )
}


def is_private(topic: str | None, *, is_urgent: bool) -> bool:
    """Whether a matter is kept out of the group."""
    known = TOPICS.get(topic or "")
    return known is not None and known.is_sensitive and not (is_urgent and known.is_open_in_emergency)


def topic_name(domain: str, topic: str | None) -> str:
    """What people call it: the topic, or 其他诉求."""
    if topic is not None and topic in TOPICS:
        return TOPICS[topic].name
    return DOMAINS[domain].name if domain in DOMAINS else "其他诉求"


def find_topic(word: str) -> tuple[str, str | None] | None:
    """The (domain, topic) that a person means by an id or a Chinese name, or None."""
    for topic in TOPICS.values():
        if word in {topic.id, topic.name}:
            return topic.domain, topic.id
    for domain in DOMAINS.values():
        if word in {domain.id, domain.name, domain.short}:
            return domain.id, None
    if word in {OTHER, "其他", "其他诉求"}:
        return OTHER, None
    close = [topic for topic in TOPICS.values() if len(word) >= 2 and (word in topic.name or topic.name in word)]
    return (close[0].domain, close[0].id) if len(close) == 1 else None
