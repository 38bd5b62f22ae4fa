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
    PROMISE = "promise"


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
    topics: frozenset[str] = frozenset()
    """For ``MENDED``: what can be over in these words, if not anything: 找到了 is said of whom one looked for."""


# +1 · 同 · 我家也是 · 我们这边也一样 · 俺家同样 · 附议
_ALSO = (
    "也(?:是|一样|有|没|不|冇|停|漏|吵|冒|闻到|听到|看到|看见|碰到|遇到|臭|堵|听得|闻得|听见|感觉到|受不了|受影响|坏|断|黑|滴|跳闸|返水|渗水|进水|小|慢|闪|晃|被吵|被停|睡不|下不|上不|出不|进不|打不开|开不|用不|连不)"
    "|同样"
)
_SUPPORT = re.compile(
    r"^(?:\+1+|[+1]{2,4}|同|同上|同求|附议|顶|支持|一样|\+)$"
    r"|^(?!.{0,4}(?:上次|以前|之前|那次|去年))(?:对|是的|确实)?[啊,， ]{0,2}"
    r"(?:我|我们|俺|咱|他)(?:们)?(?:家|屋里|这里|这边|这栋|这户|这|单元|楼|也)?"
    rf"[^,，。]{{0,8}}?(?:{_ALSO})[^,，。]{{0,10}}(?:[,，。 ][^?？吗]{{0,12}})?$"
    r"|^[^,，。]{0,6}也(?:是|一样)(?:这样|的)?[啊呀咯的了]{0,2}$"
    rf"|^(?:[\d一二三四五六七八九十]{{1,3}}(?:楼|层|单元|栋)|对门|隔壁|楼上|楼下)(?:这边|也)?(?:{_ALSO})[^,，。?？吗]{{0,6}}$"
    r"|^(?:整栋楼?|整个?楼|全楼|整个单元|上下楼)(?:都|全)[^,，。?？吗]{1,8}$"
)
# 我还有多少分 · 查积分 · 我的积分 · 积分多少
_POINTS = re.compile(
    r"(?:我|查|看).{0,6}(?:多少|几)(?:个)?(?:积)?分|(?:我的|查|看)(?:一下|下)?积分|积分(?:有)?(?:多少|几多|余额|查询)"
)
# 电梯的事怎么样了 · 12号修好了吗 · 灯什么时候弄好 · 那个漏水有消息冇
_PROGRESS = re.compile(
    r"(?:的事|的事情|的问题|那个|那件事|那事|\d{1,6}号).{0,8}(?:怎么样|咋样|何解|么样|怎样|如何|进展|有消息|有结果|处理|解决|修|搞|弄)"
    r"|^[^,，]{2,8}(?:划|修|换|装|补|查|通|弄|清|扫|拉|处理|解决|洗|拆|搬)(?:好|完|走)?了(?:没有?|吗|么|冇)[?？]?$"
    r"|\d{1,6}号.{0,4}(?:谁在|谁负责|归谁|是谁)|(?:怎么样了|咋样了|么子样了|进展如何|到哪一步|有进展|有消息|有结果|有回音|处理到)"
    r"|(?:修|弄|搞|处理|解决)(?:好|完|了)?了?(?:没有|没|吗|冇|么)[啊呀\s?？]{0,3}$|.好了(?:没有|没|吗|冇|么)[啊呀\s?？]{0,3}$"
)
_STAYS = "[了咯啦喽](?!.{0,2}(?:吗|没|冇|么|又))"
_REPAIRED = "(?:修|弄|搞|办|换|装|焊|补|接|铺|通|清|扫|擦|冲|拖|疏通|清理|收拾|处理|调解|加固|固定)(?:好|完|掉|干净)"
# 修好了 · 来电了 · 已经恢复了 (and not 修好了吗)
_MENDED = re.compile(
    f"(?:{_REPAIRED}|搞定|恢复|来电|来水|来气|通|解决|清理|不漏|没漏|不堵|不臭|没味|不流|不滴|不冒|不响)了?{_STAYS}"
)
_ANY = frozenset[str]()
_CLEANED = frozenset({"cleaning", "garbage", "sewage", "clutter", "posters", "smell", "greenery"})
_MISSED = frozenset({"pest", "mutual_help", "elderly", "child", "disabled", "mental", "security"})
_UNBLOCKED = frozenset({"sewage", "water_supply", "gas", "electricity", "traffic"})
# 下水道通了 · 擦干净了
_DONE_TO = ((re.compile("通了"), _UNBLOCKED), (re.compile("(?:擦|扫|拖|冲|清|清理)(?:干净|掉|完|好)"), _CLEANED))
_IN_THE_WAY = frozenset({"pets", "parking", "clutter", "fire", "traffic", "garbage", "cleaning"})
_IN_DANGER = _MISSED | {"illness", "family", "fire", "gas", "elevator", "neighbour"}
_QUARREL = frozenset({"noise", "neighbour", "family", "pets", "security", "pollution"})
# 挪走了 · 找到了 · 亮了 · 劝住了 · 水压正常了 · 门好了 · 好了好了 · 好了，刚坐上来 : it may be a matter that is over,
# of these topics, or of any (none)
_PERHAPS_MENDED: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = tuple(
    (re.compile(pattern), frozenset[str](topics))
    for pattern, topics in (
        (f"(?:(?:挪|移|推|骑|开|拉|牵|清|搬|拖|收|运)(?:走|开)|挪){_STAYS}", _IN_THE_WAY),
        (f"(?:找到|联系上|抱走|领走|抓走|送回去|送回家|(?<!我)回来){_STAYS}", _MISSED),
        (f"(?<!天)亮{_STAYS}", ("lighting", "electricity")),
        (
            f"人没事|虚惊一场|(?:接走|送医院|送走){_STAYS}|人(?:都)?(?:出来|救出来|下来|醒){_STAYS}|^(?:都)?没事{_STAYS}",
            _IN_DANGER,
        ),
        (f"水(?:已经|都)?(?:抽干|抽完|退|退下去|下去|排完){_STAYS}", ("water_supply", "sewage", "building")),
        (f"水(?:又|终于|都)?(?:来|有|通){_STAYS}", ("water_supply",)),
        (f"电(?:又|终于|都)?(?:来|有|通){_STAYS}", ("electricity",)),
        (
            f"(?:劝住|劝开|劝好|消停|安静|清静|不吵|不闹){_STAYS}|没(?:响|放|吵|叫|闹)(?:了)?$",
            _QUARREL,
        ),
        (r"^(?:终于)?停了(?:停了)?(?:$|[,，])", ("noise", "pollution", "water_supply", "leak", "sewage")),
        (r"^(?:火)?灭了(?:灭了)?$|火(?:都)?灭了|扑灭了", ("fire",)),
        (f"我(?:刚|刚才|已经|去|来){{0,2}}(?:扫|清理|收拾)(?:掉|好|干净|走)?{_STAYS}", _IN_THE_WAY),
        (f"^[^,，]{{1,4}}(?:恢复)?正常{_STAYS}", ()),
        (
            r"^(?:.{0,4}的)?(?:门|大门|单元门|门禁|锁|灯|电梯|水|电|网|信号|气|窗户?|路|水管|管子|下水道|厕所|闸)好了(?:[,，]|$)"
            r"|[,，]\s?好了$|^(?:终于|已经)?好了(?:好了|[,，]?(?:可以|能用|有[水电气]|亮|通|来[水电气]|刚|不漏|正常|谢|没.{1,2}了).*)$",
            (),
        ),
    )
)
_HAS_CHANGED = re.compile("[了咯啦喽]|没事|虚惊|没[响放吵叫闹]")
"""What every one of these has: most talk is not looked through for them one by one."""
# 没好 · 还没解决，又停回去了
_NOT_YET = re.compile(r"^还?(?:没有?|冇)(?:解决|好|修好|弄好|搞好|搞定)[呢啊咯]?(?:[,，。 !].*)?$|^不满意")
_NUMBER = re.compile(r"^#?(\d{1,6})号?$")
# 34号我来 · 12我去看看 · 我来34号 · 34我认领 · (in answer to a line) 我来
_CLAIM = re.compile(
    r"^(?:#?(?P<before>\d{1,6})\s?号?(?:这个|这件|这事|那个)?[,，、\s]{0,2})?我(?:来|去|认领|负责|接)(?:认领|负责|接|管|处理|办|弄|搞|修|看)?"
    r"(?:一下|看看|看下|吧|了|咯|啊)*[,，\s]{0,2}(?:#?(?P<after>\d{1,6})\s?号)?$"
)
# 我联系物业 · 记下了，下午拿焊机来焊 · 王姨，我下午换 · 我跟社区说说 (and not 我问一下几点停水, 我打电话没人接)
_PROMISE = re.compile(
    r"我(?:们)?(?:马上|这就|现在|先|就|等下|等会儿?|一会儿?|上午|中午|下午|晚上|今晚|今天|明天|下班后?|到时候?|[\d一二两三四五六七八九十]{1,2}点半?|再|也){0,3}"
    r"(?:[去来过下上]{1,2}(?:看|瞧|处理|弄|修|换|搞|劝|敲|查|跟|找|说|问|商量)|马上来|联系|打了?(?:给|.{0,4}电话)|问问|问(?:一)?下(?:社区|物业|师傅|他|她)?|叫了?(?:人|师傅|物业|几|疏通|维修|开锁)"
    r"|喊(?:人|师傅)|找(?:物业|人|师傅|维修|维保|社区)|(?:拿.{1,4}[来去]?)?(?:补|焊|铺|垫|换|修|扫|清|收拾|拖)|处理|安排|通知|报(?:给|告|上|供电|电信|物业|社区)|反映|跟(?:社区|物业|街道|师傅|维保|他|她)|催)"
    r"|(?:马上|这就|上午|中午|下午|晚上|今晚|明天|等下)(?:就)?(?:[拿带叫].{1,4}|志愿者|师傅|保洁|物业|环卫)?[去来](?:修|换|弄|焊|装|看|查|处理|清|扫|疏通)"
)
# 3号我下去看看 (and not 3点我去看看, 我3点来修)
_FIRST_NUMBER = re.compile(r"^#?(\d{1,6})(?:号(?![楼栋院])|\s)")
_OPEN = re.compile(r"[?？吗没冇不哪几谁]|么[?？]?$")
# 34搞定了 换了灯泡 · 34号修好了 · 34 弄好哒 · (in answer to a line) 搞定了，换了灯泡
_RESOLVED = re.compile(
    r"^(?:#?(?P<number>\d{1,6})\s?号?(?:这个|这件|这事|那个)?[,，、\s]{0,2})?(?:已经|都|我)?"
    rf"(?:{_REPAIRED}|搞定|办结|疏通|清走|处理|解决|完成)(?:了|好了)(?:[,，。、\s]+(?P<words>.{{1,60}}))?$"
)
_ISSUE = re.compile(r"(?<!\d)#?(\d{1,6})\s?号?(?!\d|栋|幢|楼|单元|室|层)")
_PLACE_TALK = re.compile(
    r"[\d一二三四五六七八九十两零a-d栋幢号楼座单元层室房口处道里上下的在那是就都到至和这边门前后东南西北侧对,，。 ]+"
)

# 消防通道不能停的哈 · 环卫的车坏了，说下午来 · 就是，臭得要死 · 可能是下水道返上来的 · 原来是你们关的 · 物业也不管
_ASIDE = re.compile(
    r"^(?:就是|是啊|是的|对啊|对呀|确实|可能|怕是|恐怕|应该|估计|大概|说不定|原来|难怪|怪不得|还不是|反正|肯定|怎么可能|不会是|是不是)"
    r"|^(?:谁|哪个|哪家)的.{1,3}的[?？]?$|^[^,，。]{1,6}的吧(?:[,，]|$)|(?:不能|不准|不可以|不要)[^,，。]{1,6}的?[哈啊哦噢咯的]$"
    r"|[,，](?:是不是|会不会|怕是|可能是|应该是)[^,，。]{1,8}(?:问题|原因|的事|老化)[吗吧啊]?$"
    r"|说(?:是)?(?:等?[今明后]天|今晚|[上下]午|晚上|中午|待会|等下|一会儿?|马上|下周|周.|\d{1,2}点|.点)[^,，。]{0,4}"
    r"(?:来|到|修好?|换|弄|处理|清|收|送|恢复|通)$"
    r"|(?:也不管|也不来|都不管|没人管|原来是|白交|吃干饭|指望不上)[^,，。]{0,6}$"
)
_LONGEST_ASIDE = 20

# 就在[大厅]那边
_FILLING = re.compile(r"[在是就的那这边里上下口处前后旁外面啊呀哈咯嘛呢 ,，]{0,6}")

# 我六楼 · 我家在三单元
_MINE = re.compile(r"^(?:我|俺|咱)(?:们)?(?:家|屋里|这边|这里)?(?:是|住|在)?(?=[在\da-z一二三四五六七八九十])")

# 流到楼梯上了，越来越多 · 我家的，306，房东不管: more of what was just said
_GOES_ON = re.compile(
    r"^(?:现在)?(?:(?:流|漏|滴|淌|冒|烧|飘|蔓延|溢)(?:到|得)|越来越|那也|一直在|还在(?!线)|我(?:们)?(?:家|屋里)的(?:[,，]|$))"
)

# 家里有个残疾儿子，想问问有什么补助: told to the bot alone it is a matter, though of one knows not what
_EARNEST = re.compile(
    "想问|请问|问一?下|咨询|想申请|想反映|求助|怎么(?:办|申请|领|处理)|找(?:谁|哪个|哪里)|去哪里?(?:办|申请|领)"
)
_LEAST_EARNEST = 12

_ACTIVITY = re.compile("组织|报名|活动|参加|能来的|义务劳动|志愿服务")
_YES_WORDS = frozenset({"满意", "好了", "修好了", "弄好了", "搞好了"})


def is_chain(text: str) -> bool:
    """Whether a message is a list that goes from hand to hand (接龙) of who has a trouble, not of who joins in."""
    return ("接龙" in text or "接龍" in text) and not _ACTIVITY.search(text)


def goes_on(text: str) -> bool:
    """Whether a line has no subject of its own and says how far it has come."""
    return _GOES_ON.match(normalize(text[:_SHORT]).text.strip()) is not None


def is_earnest(text: str) -> bool:
    """Whether a line asks for something at some length, whatever it is about."""
    return len(text) >= _LEAST_EARNEST and _EARNEST.search(normalize(text).text) is not None


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
        return Ask(Intent.MENDED, number, topics=next((topics for word, topics in _DONE_TO if word.search(bare)), _ANY))
    for pattern, topics in _PERHAPS_MENDED if _HAS_CHANGED.search(bare) else ():
        if pattern.search(bare):
            return Ask(Intent.MENDED, number, is_plain=False, topics=topics)
    if _PROMISE.search(bare) and any(
        _PROMISE.search(clause) and not _OPEN.search(clause) for clause in re.split("[,，。;；]", bare)
    ):
        first = _FIRST_NUMBER.match(bare)
        return Ask(Intent.PROMISE, int(first[1]) if first else None)
    place = find_place(normal)
    bare = _MINE.sub("", bare)
    if place and _PLACE_TALK.fullmatch(bare):
        return Ask(Intent.PLACE, None, place)
    if place.spot and _FILLING.fullmatch(bare.replace(place.spot, "", 1)):
        return Ask(Intent.PLACE, None, place)
    return None
