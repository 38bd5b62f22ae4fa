"""What a line asks of the bot where it is no report: a question, a second voice, news of a repair."""

import re
from dataclasses import dataclass
from enum import StrEnum

from nlp.normalize import normalize
from nlp.place import NOWHERE, Place, find_place

_SHORT = 40
"""A line longer than this is a story, and none of these intents."""


class Intent(StrEnum):
    """What a short line wants."""

    SUPPORT = "support"
    POINTS = "points"
    PROGRESS = "progress"
    MENDED = "mended"
    PLACE = "place"
    NUMBER = "number"
    YES = "yes"
    NO = "no"
    CLAIM = "claim"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Ask:
    """An intent with the number it names (``NUMBER``: the answer itself; else the issue)."""

    intent: Intent
    number: int | None = None
    place: Place = NOWHERE
    words: str = ""
    """For ``RESOLVED``: what was done, as far as it was said; the number may be left out in an answer."""
    is_plain: bool = True
    """Whether it can hardly mean anything else, even in the middle of other talk."""


# +1 · 同 · 我家也是 · 我们这边也一样 · 俺家同样 · 附议
_ALSO = (
    "也(?:是|一样|有|没|不|冇|停|漏|吵|闻到|听到|遇到|臭|堵|听得|闻得|听见|感觉到|受不了|受影响|坏|断|黑|滴|跳闸|返水|被吵|被停|睡不|下不|上不|出不|进不)"
    "|同样"
)
_SUPPORT = re.compile(
    r"^(?:\+1+|[+1]{2,4}|同|同上|同求|附议|顶|支持|一样|\+)$"
    r"|^(?:对|是的|确实)?[啊,， ]{0,2}(?:我|我们|俺|咱|他)(?:们)?(?:家|屋里|这里|这边|这栋|这户|这|单元|楼|也)?"
    rf"[^,，。]{{0,8}}?(?:{_ALSO})[^,，。]{{0,10}}(?:[,，。 ][^?？吗]{{0,12}})?$"
    r"|^[^,，。]{0,6}也(?:是|一样)(?:这样|的)?[啊呀咯的了]{0,2}$"
)
# 我还有多少分 · 查积分 · 我的积分 · 积分多少
_POINTS = re.compile(
    r"(?:我|查|看).{0,6}(?:多少|几)(?:个)?(?:积)?分|(?:我的|查|看)(?:一下|下)?积分|积分(?:有)?(?:多少|几多|余额|查询)"
)
# 电梯的事怎么样了 · 12号修好了吗 · 灯什么时候弄好 · 那个漏水有消息冇
_PROGRESS = re.compile(
    r"(?:的事|的事情|的问题|那个|那件事|那事|\d{1,6}号).{0,8}(?:怎么样|咋样|何解|么样|怎样|如何|进展|有消息|有结果|处理|解决|修|搞|弄)"
    r"|(?:怎么样了|咋样了|么子样了|进展如何|到哪一步|有进展|有消息|有结果|有回音|处理到)"
    r"|(?:修|弄|搞|处理|解决)(?:好|完|了)?了?(?:没有|没|吗|冇|么)[啊呀\s?？]{0,3}$|.好了(?:没有|没|吗|冇|么)[啊呀\s?？]{0,3}$"
)
# 修好了 · 来电了 · 已经恢复了 (and not 修好了吗)
_MENDED = re.compile(
    r"(?:修好|弄好|搞好|搞定|恢复|来电|来水|来气|通|处理好|解决|换好|清理(?:干净)?|扫干净|不漏|不堵|不臭)了?[了咯啦喽](?!.{0,2}(?:吗|没|冇|么|又))"
)
# 挪走了 · 找到了 · 亮了 · 好了好了 · 好了，刚坐上来 : it may be a matter that is over
_PERHAPS_MENDED = re.compile(
    r"(?:挪(?:走|开)?|开走|拉走|清走|搬走|拖走|找到|(?<!天)亮)了[咯啦]?(?!.{0,2}(?:吗|没|冇|么|又))"
    r"|[,，]\s?好了$|^(?:终于|已经)?好了(?:好了|[,，]?(?:可以|能用|有[水电气]|亮|通|来[水电气]|刚|不漏|正常|谢).*)$"
)
# 没好 · 还没解决，又停回去了
_NOT_YET = re.compile(r"^还?(?:没有?|冇)(?:解决|好|修好|弄好|搞好|搞定)[呢啊咯]?(?:[,，。 !].*)?$|^不满意")
_NUMBER = re.compile(r"^#?(\d{1,6})号?$")
# 34号我来 · 12我去看看 · 我来34号 · 34我认领 · (in answer to a line) 我来
_CLAIM = re.compile(
    r"^(?:#?(?P<before>\d{1,6})\s?号?(?:这个|这件|这事|那个)?[,，、\s]{0,2})?我(?:来|去|认领|负责|接)(?:认领|负责|接|管|处理|办|弄|搞|修|看)?"
    r"(?:一下|看看|看下|吧|了|咯|啊)*[,，\s]{0,2}(?:#?(?P<after>\d{1,6})\s?号)?$"
)
# 34搞定了 换了灯泡 · 34号修好了 · 34 弄好哒 · (in answer to a line) 搞定了，换了灯泡
_RESOLVED = re.compile(
    r"^(?:#?(?P<number>\d{1,6})\s?号?(?:这个|这件|这事|那个)?[,，、\s]{0,2})?(?:已经|都|我)?"
    r"(?:搞定|办好|办完|办结|修好|弄好|搞好|换好|装好|通好|疏通|清理好|清理干净|清掉|清走|处理好|处理完|处理|解决|调解好|完成)"
    r"(?:了|好了)(?:[,，。、\s]+(?P<words>.{1,60}))?$"
)
_ISSUE = re.compile(r"(?<!\d)#?(\d{1,6})\s?号?(?!\d|栋|幢|楼|单元|室|层)")
_PLACE_TALK = re.compile(
    r"[\d一二三四五六七八九十两零a-d栋幢号楼座单元层室房口处道里上下的在那是就这边门前后东南西北侧,，。 ]+"
)

# 就是，臭得要死 · 可能是下水道返上来的 · 原来是你们关的 · 物业也不管
_ASIDE = re.compile(
    r"^(?:就是|是啊|是的|对啊|对呀|确实|可能|怕是|恐怕|应该|估计|大概|说不定|原来|难怪|怪不得|还不是|反正|肯定|怎么可能|不会是|是不是)"
    r"|(?:也不管|也不来|都不管|没人管|原来是|白交|吃干饭|指望不上)[^,，。]{0,6}$"
)
_LONGEST_ASIDE = 20

# 就在[大厅]那边
_FILLING = re.compile(r"[在是就的那这边里上下口处前后旁外面啊呀哈咯嘛呢 ,，]{0,6}")


_YES_WORDS = frozenset({"满意", "好了", "修好了", "弄好了", "搞好了"})


def is_chain(text: str) -> bool:
    """Whether a message is a list that goes from hand to hand (接龙), each adding a line."""
    return "接龙" in text or "接龍" in text


def is_aside(text: str) -> bool:
    """Whether a line talks on about what somebody else has just said: agrees, guesses, grumbles along."""
    return len(text) <= _LONGEST_ASIDE and _ASIDE.search(normalize(text).text.strip().rstrip("。!！~. ")) is not None


def read_ask(text: str) -> Ask | None:
    """The intent of a short line, or None. Cheap: no lexicon, no jieba."""
    if len(text) > _SHORT * 2:
        return None
    normal = normalize(text).text.strip()
    if not normal or len(normal) > _SHORT:
        return None
    bare = normal.rstrip("。!！~.,， ")
    if (match := _CLAIM.match(bare)) and not (match["before"] and match["after"]):
        number = match["before"] or match["after"]
        return Ask(Intent.CLAIM, int(number) if number else None)
    if (match := _RESOLVED.match(bare)) and (match["number"] or match["words"] or bare not in _YES_WORDS):
        number = match["number"]
        return Ask(Intent.RESOLVED, int(number) if number else None, words=match["words"] or "")
    if match := _NUMBER.match(bare):
        return Ask(Intent.NUMBER, int(match[1]))
    if bare in _YES_WORDS:
        return Ask(Intent.YES)
    if bare in {"是", "是的", "对", "好", "好的", "可以"}:
        return Ask(Intent.YES, is_plain=False)
    if _NOT_YET.search(bare):
        return Ask(Intent.NO)
    if bare in {"不是", "还没", "没有"}:
        return Ask(Intent.NO, is_plain=False)
    if _SUPPORT.search(bare):
        return Ask(Intent.SUPPORT)
    if _POINTS.search(bare):
        return Ask(Intent.POINTS)
    issue = _ISSUE.search(bare)
    number = int(issue[1]) if issue else None
    if _PROGRESS.search(bare):
        return Ask(Intent.PROGRESS, number)
    if _MENDED.search(bare):
        return Ask(Intent.MENDED, number)
    if _PERHAPS_MENDED.search(bare):
        return Ask(Intent.MENDED, number, is_plain=False)
    place = find_place(normal)
    if place and _PLACE_TALK.fullmatch(bare):
        return Ask(Intent.PLACE, None, place)
    if place.spot and _FILLING.fullmatch(bare.replace(place.spot, "", 1)):
        return Ask(Intent.PLACE, None, place)
    return None
