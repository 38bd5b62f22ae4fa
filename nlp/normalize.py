"""Bring a text into the one form the lexicon is written in, keeping the way back to the original."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import NamedTuple

MAX_CHARS = 4096
"""Longest text that is looked at, after normalising: NFKC can make 18 characters of one (``ﷺ``)."""

MAX_RAW_CHARS = 16384
"""Longest text that is normalised at all; a megabyte pasted into a chat is cut before any work."""


class Normalized(NamedTuple):
    """A text in normal form and, where lengths changed, what it was made of."""

    text: str
    raw: str | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that ``[start, end)`` of the normal form came from.

        Walked through when it is asked for: few texts have evidence, and most of it stands at the beginning.
        """
        if self.raw is None:
            return start, end
        first, position = -1, 0
        for index, char in enumerate(self.raw):
            position += len(_TABLE[ord(char)])
            if first < 0 and position > start:
                first = index
            if position >= end:
                return first, index + 1
        return max(first, 0), len(self.raw)


@cache
def _simplified() -> dict[int, str]:
    """Traditional to simplified, character by character, from OpenCC's own table."""
    table = files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line)
    return {
        ord(traditional): simplified.split(" ")[0]
        for traditional, simplified in pairs
        if len(traditional) == 1 and len(simplified.split(" ")[0]) == 1
    }


@cache
def normal_char(char: str) -> str:
    """The normal form of one character; empty where it is only noise (zero-width, combining)."""
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"}:
        return ""
    if category == "Cc":
        return "\n" if char in "\n\r\u0085" else " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(
        _simplified().get(ord(part), part) for part in folded if unicodedata.category(part) not in {"Mn", "Me", "Cf"}
    )


_DIALECT = (
    (re.compile("冇得|没得|冒得"), "没有"),
    (re.compile("冇|冒(?=人|看[到见]|来|修|扫|拖|地方|钱|哪个)"), "没"),
    (re.compile("何式"), "怎么"),
    # 坏哒 is 坏了, but 么么哒 and 哒哒哒 are themselves; 坏咯 is 坏了, but 咯吱 a sound and 咯里 here
    (re.compile("(?<=[\u4e00-\u9fff])(?<![么哒棒萌])哒(?!哒)|咗"), "了"),
    (re.compile("咯(?=里|个|只|样|些|边|栋|条|几)|(?<![\u4e00-\u9fff])咯(?=[\u4e00-\u9fff])(?!咯)"), "这"),
    (re.compile("(?<=[\u4e00-\u9fff])(?<!咯)[咯啰喽](?![吱噔咯嗒])"), "了"),
    (re.compile("囗"), "口"),
    (re.compile("呷|恰(?=饭|药|酒|了)"), "吃"),
    (re.compile("绊(?=了一跤|一跤|跤|了跤|倒了)"), "摔"),
    (re.compile("(?<=[动走站坐吃开关用进出下上修停拿抬])不得(?![不已人])"), "不了"),
    (re.compile("起不得"), "起不来"),
    (re.compile("喘气不赢"), "喘不过气"),
    (re.compile("晓得"), "知道"),
    (re.compile("么子(?=[搞办弄修走])"), "怎么"),
    (re.compile("么子"), "什么"),
    (re.compile("困(?=觉|不着)"), "睡"),
    (re.compile("癫子"), "疯子"),
    (re.compile("屙"), "拉"),
    (re.compile("灶屋"), "厨房"),
    (re.compile("物管"), "物业"),
    (re.compile("哪儿"), "哪里"),
    (re.compile("吃烟"), "抽烟"),
    (re.compile("扒手"), "小偷"),
    (re.compile("锁匙"), "钥匙"),
    (re.compile("[净尽]是"), "全是"),
    (re.compile("蛮(?=[大臭吵脏黑滑响])"), "好"),
    (re.compile("娃儿"), "孩子"),
    (re.compile("薪水"), "工资"),
    (re.compile("咋整(?![理个治])"), "咋办"),
    (re.compile("出不赢"), "出不来"),
    (re.compile("(?<=[吊拖垂挂堆摆放敞])起(?![\u4e00-\u9fff])"), "着"),
)
"""Hunan's speech, slips of the input method, and other words for the same. Each keeps the length: spans stay true."""

_ANY_DIALECT = re.compile("|".join(pattern.pattern for pattern, _ in _DIALECT))
"""Most texts have none of them, and need not be looked through for each."""


def _standard(text: str) -> str:
    """Dialect forms as the lexicon writes them."""
    if _ANY_DIALECT.search(text):
        for pattern, standard in _DIALECT:
            text = pattern.sub(standard, text)
    return text


_UNEVEN: set[str] = set()
"""Characters met so far whose normal form is not one character."""


class _Table(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        normal = normal_char(chr(code))
        if len(normal) != 1:
            _UNEVEN.add(chr(code))
        self[code] = normal
        return normal


_TABLE = _Table()


def normalize(raw: str) -> Normalized:
    """Fold width, case and script; drop what cannot be seen; cap the length."""
    cut = raw[:MAX_RAW_CHARS]
    text = cut.translate(_TABLE)
    if _UNEVEN.isdisjoint(cut):
        return Normalized(_standard(text[:MAX_CHARS]), None)
    return Normalized(_standard(text[:MAX_CHARS]), cut)
