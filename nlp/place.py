"""The place a text names: building, unit, floor, room and spot."""

import re
from dataclasses import asdict, dataclass

_DIGITS = {
    **{str(digit): digit for digit in range(10)},
    "〇": 0,
    "零": 0,
    "一": 1,
    "壹": 1,
    "幺": 1,
    "二": 2,
    "贰": 2,
    "两": 2,
    "三": 3,
    "叁": 3,
    "四": 4,
    "肆": 4,
    "五": 5,
    "伍": 5,
    "六": 6,
    "陆": 6,
    "七": 7,
    "柒": 7,
    "八": 8,
    "捌": 8,
    "九": 9,
    "玖": 9,
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_NUMBER = re.compile("[0-9一二三四五六七八九十两零〇壹贰叁肆伍陆柒捌玖拾百幺a-z]")
_N = r"(?:\d{1,4}|[一二三四五六七八九十两零〇壹贰叁肆伍陆柒捌玖拾百幺]{1,5})"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as it was said. Numbers are plain digits ("3"), blocks a letter ("A")."""

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    spot: str | None = None

    def __bool__(self) -> bool:
        return any((self.building, self.unit, self.floor, self.room, self.spot))

    @property
    def is_numbered(self) -> bool:
        """Whether a building, unit, floor or room was said, and not a spot at most."""
        return any((self.building, self.unit, self.floor, self.room))

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


NOWHERE = Place()

READ = 600
"""So many characters are read for a place: whoever writes more has said where before."""


def number(word: str) -> str:
    """A number in any script as digits: 三 → 3, 十二 → 12, 一零二 → 102, 302 → 302."""
    if not any(char in _TENS for char in word):
        return "".join(str(_DIGITS[char]) for char in word if char in _DIGITS).lstrip("0") or "0"
    total = current = 0
    for char in word:
        if char in _TENS:
            total += (current or 1) * _TENS[char]
            current = 0
        else:
            current = _DIGITS.get(char, 0)
    return str(total + current)


_ONE_TO_NINE = "[一二三四五六七八九]"
# 5栋 · 十二幢 · 3号楼 · a座 · 5#楼 · 5# · 5号2单元
_BUILDING = re.compile(
    rf"(?<![\d.])(?!一栋楼(?:都|全|的人|里的人))(?P<n>{_N}|(?<![a-z])[a-z]\d{{0,2}})\s?(?:栋楼?|幢|号楼|座(?!椅|位|谈)|#楼?|号院|号(?=\s?{_N}\s?单元))"
)
# 3单元 · 三单元 · 3门洞
_UNIT = re.compile(rf"(?<![\d.])(?P<n>{_N}|(?<![a-z])[a-d])\s?(?:单元|门洞)")
# 四楼 · 15层 · 负一楼 · b1楼 · 三到四楼 (the first) ; not 3号楼, 一层灰, 一摸一层
_FLOOR = re.compile(
    rf"(?<![\d.号摸厚每])(?<!层又)(?P<minus>负|地下|-|b)?(?P<n>{_N})(?:[到至~-]{_N})?\s?"
    r"(?:楼(?!梯|道|栋|盘|长|主|宇|房|市)|层(?!灰|油|土|楼(?!道|梯)|又|霉|锈|冰|雪|苔|皮|膜|次|窗|厚|级|面|泥|水|黑|纸|布|薄|层|[。，,!！]?$))"
)
# 地库b2 · 负二
_BASEMENT = re.compile(rf"(?:地库|车库|停车场|地下室)\s?b(?P<b>\d)(?!\d)|负(?P<n>{_N})(?![\d楼层])")
# 5-2-302 · 5栋-302 · 5-302
_DASHED = re.compile(r"(?<![\d-])(?P<b>\d{1,3})-(?:(?P<u>\d{1,2})-)?(?P<r>\d{3,4})(?![\d-])")
# 302室 · 302房 · 302家 · 302号房 · 302住户 ; not 1200户
_ROOM = re.compile(
    r"(?<![\d.-])(?P<n>\d{3,4}(?=\s?(?:室|号房|房|号门|号(?!楼|院|线|店|路|公)))|\d{1,2}[01]\d(?=\s?(?:户|住户|家|屋)))"
    rf"|(?<![\d一二三四五六七八九十零〇])(?P<spoken>(?:十?{_ONE_TO_NINE}|十)[零〇]{_ONE_TO_NINE})(?![\d一二三四五六七八九十零〇年块元个])"
)
# 302 alone, where what follows is no measure; or a 302 right behind a building, unit or floor
_BARE_ROOM = re.compile(
    r"(?<![\d.\-¥$第:/年])(?P<n>[1-9]\d?0[1-9]|[1-9]\d?1[0-2])(?![\d.:%/\-a-z])"
    r"(?!\s?(?:元|块|分|人|斤|米|年|月|日|路|次|条|个|度|岁|点|公里|线|平|天|小时|万|千|克|瓦|号|多|毛|折|页|集|位|名|份|件|台|张|寸|班|级|kg|ml))"
)

LOCATIONS = (
    "消防通道",
    "安全通道",
    "单元门口",
    "电梯门口",
    "电梯口",
    "楼梯口",
    "小区门口",
    "小区大门",
    "大门口",
    "地下停车场",
    "地下车库",
    "停车场",
    "地下室",
    "车库",
    "楼梯间",
    "楼道",
    "楼梯",
    "走廊",
    "过道",
    "天台",
    "楼顶",
    "屋顶",
    "顶楼",
    "架空层",
    "绿化带",
    "花坛",
    "草坪",
    "凉亭",
    "健身区",
    "垃圾站",
    "垃圾房",
    "配电房",
    "水泵房",
    "门卫室",
    "岗亭",
    "保安亭",
    "充电棚",
    "车棚",
    "广场",
    "游乐场",
    "篮球场",
    "活动室",
    "路口",
    "后门",
    "侧门",
    "东门",
    "西门",
    "南门",
    "北门",
    "前门",
    "大门",
    "门口",
    "大厅",
    "门厅",
    "露台",
    "阳台",
    "厨房",
    "卫生间",
    "厕所",
    "客厅",
    "卧室",
    "人行道",
    "马路边",
    "路边",
    "池塘",
    "河边",
    "院子",
    "楼下",
    "电梯里",
    "电梯间",
    "地库",
    "平台",
    "电梯内",
    "电梯厅",
    "连廊",
    "巷子口",
    "巷子",
    "后山",
    "马路",
    "人行天桥",
    "出口",
    "入口",
    "出入口",
    "车库出口",
    "车库入口",
    "天井",
    "楼道口",
    "楼到",
    "幼儿园门口",
    "学校门口",
    "校门口",
    "中心花园",
    "小花园",
    "垃圾亭",
    "门洞",
    "墙角",
    "坡道",
    "操场",
    "菜地",
    "公厕",
    "楼梯拐角",
    "拐角",
    "儿童乐园",
    "池塘边",
    "保安室",
    "走道",
)
"""Where things are."""

FIXTURES = (
    "健身器材",
    "垃圾桶",
    "配电箱",
    "电表箱",
    "快递柜",
    "充电桩",
    "滑梯",
    "化粪池",
    "下水道",
    "围墙",
    "天花板",
    "外墙",
    "水沟",
    "单元门",
)
"""What is a place only where no other is named: 下水道堵了, but 化粪池满了，流到草坪上 is on the lawn."""


def _any_of(spots: tuple[str, ...]) -> str:
    return "|".join(sorted(spots, key=lambda spot: (-len(spot), spot)))


# 单元门 is a spot, 单元门禁 is a thing, 广场舞 a dance
_LOCATION = re.compile(f"(?:{_any_of(LOCATIONS)})(?![禁舞])")
_FIXTURE = re.compile(f"(?<!通)(?:{_any_of(FIXTURES)})(?!禁)")
# 流到过道里 · 堆在楼梯口 · 堆到我们单元门口 : where a verb puts it, it is
_PUT_AT = re.compile(f"(?:[到在往进](?:我们|了)?)(?P<spot>{_any_of(LOCATIONS)})(?![禁舞])")


def find_place(text: str) -> Place:
    """The first place of each kind in a normalised text; in a long one, where it begins."""
    text = text[:READ]
    if not _NUMBER.search(text):
        return Place(spot=_spot(text, None))
    dashed = _DASHED.search(text) if "-" in text else None
    building = _BUILDING.search(text)
    unit = _UNIT.search(text) if "单元" in text or "门洞" in text else None
    floor = None
    if "楼" in text or "层" in text:
        floor = next((match for match in _FLOOR.finditer(text) if _is_floor(text, match)), None)
    room = _room(text)
    spot = _spot(text, unit)
    storey = _floor(floor) or _basement(text)
    if dashed:
        return Place(
            number(dashed["b"]),
            number(dashed["u"]) if dashed["u"] else (number(unit["n"]) if unit else None),
            storey,
            dashed["r"],
            spot,
        )
    return Place(
        _block(building["n"]) if building else None,
        _block(unit["n"]) if unit else None,
        storey,
        room,
        spot,
    )


def _room(text: str) -> str | None:
    match = _ROOM.search(text)
    if match is None:
        match = _BARE_ROOM.search(text)
        return match["n"] if match else None
    return match["n"] or number(match["spoken"])


def _spot(text: str, unit: re.Match[str] | None) -> str | None:
    """The spot a verb puts the matter at, else the first location, else a fixture."""
    if unit is not None:  # the 门口 of 二单元门口, not 单元门口
        text = text[: unit.start()] + "，" * (unit.end() - unit.start()) + text[unit.end() :]
    if match := _PUT_AT.search(text):
        return match["spot"]
    match = _LOCATION.search(text) or _FIXTURE.search(text)
    return match[0] if match else None


def _basement(text: str) -> str | None:
    match = _BASEMENT.search(text)
    return f"-{match['b'] or number(match['n'])}" if match else None


def _block(word: str) -> str:
    return word.upper() if word[0].isascii() and word[0].isalpha() else number(word)


def _floor(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return f"-{number(match['n'])}" if match["minus"] else number(match["n"])


def _is_floor(text: str, match: re.Match[str]) -> bool:
    """Whether it is a storey and not the count in 爬了三楼 or the building in 5号楼."""
    return int(number(match["n"])) <= 60 and text[max(match.start() - 2, 0) : match.start()] != "爬了"
