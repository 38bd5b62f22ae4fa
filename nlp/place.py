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

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


NOWHERE = Place()


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


# 5栋 · 十二幢 · 3号楼 · a座 · 5#楼 · 5#
_BUILDING = re.compile(rf"(?<![\d.])(?P<n>{_N}|(?<![a-z])[a-z]\d{{0,2}})\s?(?:栋楼?|幢|号楼|座(?!椅|位|谈)|#楼?|号院)")
# 3单元 · 三单元 · 3门洞
_UNIT = re.compile(rf"(?<![\d.])(?P<n>{_N}|(?<![a-z])[a-d])\s?(?:单元|门洞)")
# 四楼 · 15层 · 负一楼 · b1楼 ; not 3号楼, not "一层灰"
_FLOOR = re.compile(
    rf"(?<![\d.号])(?P<minus>负|地下|-|b)?(?P<n>{_N})\s?(?:楼(?!梯|道|栋|盘|长|主|宇|房|市)|层(?!灰|油|土|楼|皮|膜|次|窗|次|厚|级|面))"
)
# 5-2-302 · 5栋-302 · 5-302
_DASHED = re.compile(r"(?<![\d-])(?P<b>\d{1,3})-(?:(?P<u>\d{1,2})-)?(?P<r>\d{3,4})(?![\d-])")
# 302室 · 302房 · 302家 · 302号房 · 302住户
_ROOM = re.compile(r"(?<![\d.-])(?P<n>\d{3,4})\s?(?:室|号房|房|号门|户|住户|家|屋|号(?!楼|院|线|店|路|公))")
# 302 alone, where what follows is no measure; or a 302 right behind a building, unit or floor
_BARE_ROOM = re.compile(
    r"(?<![\d.\-¥$第:/年])(?P<n>[1-9]\d?0[1-9]|[1-9]\d?1[0-2])(?![\d.:%/\-a-z])"
    r"(?!\s?(?:元|块|分|人|斤|米|年|月|日|路|次|条|个|度|岁|点|公里|线|平|天|小时|万|千|克|瓦|号|多|毛|折|页|集|位|名|份|件|台|张|寸|班|级|kg|ml))"
)

SPOTS = (
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
    "健身器材",
    "健身区",
    "垃圾桶",
    "垃圾站",
    "垃圾房",
    "配电房",
    "配电箱",
    "电表箱",
    "水泵房",
    "门卫室",
    "门卫",
    "岗亭",
    "保安亭",
    "快递柜",
    "充电桩",
    "充电棚",
    "车棚",
    "广场",
    "游乐场",
    "滑梯",
    "篮球场",
    "活动室",
    "化粪池",
    "下水道",
    "围墙",
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
    "天花板",
    "外墙",
    "人行道",
    "马路边",
    "路边",
    "池塘",
    "河边",
    "水沟",
    "院子",
    "楼下",
    "电梯里",
    "电梯间",
    "单元门",
)
# 单元门 is a spot, 单元门禁 is a thing
_SPOT = re.compile("|".join(f"{spot}(?!禁)" for spot in sorted(SPOTS, key=lambda spot: (-len(spot), spot))))


def find_place(text: str) -> Place:
    """The first place of each kind in a normalised text."""
    dashed = _DASHED.search(text)
    building = _BUILDING.search(text)
    unit = _UNIT.search(text)
    floor = next((match for match in _FLOOR.finditer(text) if _is_floor(text, match)), None)
    room = _ROOM.search(text) or _BARE_ROOM.search(text)
    spot = _SPOT.search(text)
    if dashed:
        return Place(
            number(dashed["b"]),
            number(dashed["u"]) if dashed["u"] else (number(unit["n"]) if unit else None),
            _floor(floor),
            dashed["r"],
            spot and spot[0],
        )
    return Place(
        _block(building["n"]) if building else None,
        _block(unit["n"]) if unit else None,
        _floor(floor),
        room["n"] if room else None,
        spot and spot[0],
    )


def _block(word: str) -> str:
    return word.upper() if word[0].isascii() and word[0].isalpha() else number(word)


def _floor(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return f"-{number(match['n'])}" if match["minus"] else number(match["n"])


def _is_floor(text: str, match: re.Match[str]) -> bool:
    """Whether it is a storey and not the count in 爬了三楼 or the building in 5号楼."""
    return int(number(match["n"])) <= 60 and text[max(match.start() - 2, 0) : match.start()] != "爬了"
