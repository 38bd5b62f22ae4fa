"""What makes a hit void: the fault is over, denied, supposed, elsewhere, announced, advertised or a manner of speaking.

The rules are TAXONOMY's 7 and 8. Each reason has a name, so that the evidence can show it.
"""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from nlp.clauses import Clauses
from nlp.lexicon import Entry
from nlp.request import Frame, is_petition
from nlp.scan import WHEN, Cover, Hit

_QUESTION = re.compile(r"\s{0,2}(?:吗|么|吧|没有|没|嘛|不|\?|？)")
_BEFORE_FIGURE = re.compile("(?:得[我人你他]?(?:想|要|快要|都要|都快|都|快|像)?|像|(?<![化离地])带|好想|真想)$")
_FEELING = re.compile(
    "(?:[气笑累热馋烦忙困饿乐羞愁]|激动|感动|高兴|无聊|冷|美|帅|好吃|好看|便宜|好听)[得到][我人你他]?(?:都快|快要|快|都|要)?$"
    "|(?:嗓子|喉咙|嘴巴|嘴里|舌头|胃里)(?:都快|快要|快|都|要|干得|里)?$"
)
_EXHAUSTED = re.compile(
    "(?:跑完步|跑步|爬楼|爬完|爬山|跳完|运动完|健身完|笑死|笑喷|笑得|乐死|累死|累瘫|热死|撑死|饿死)[^。！？!?]{0,6}$"
)
_CAUSE = re.compile("(?:后来|一查|结果)?(?:发现)?(?:原来|查出来|查到|才知道|才晓得)是?")
# 厕所通了，原来是孩子丢了个玩具 · 灯修好了，开关坏了: what it had been
_HAD_BEEN = re.compile(
    "原来|(?:是|就是)?(?:里面|那个)?的?(?:插头|插座|开关|保险丝|空开|灯泡|灯管|灯头|线头|螺丝|垫片|垫圈|皮圈|弹簧|电池|滤网|接头|阀芯|遥控器)"
    "[^，。！？,又还但]{0,3}(?:松|坏|断|烧|老化|没电|掉|脏|接触不良)[^，。！？,又还但]{0,2}$"
)
# 我跟社区说说看能不能修个坡道: whoever passes a wish on does not make one here
_PASSED_ON = re.compile(
    "我(?:等下|等会|马上|明天|下午|先|再|去|来|帮你|帮您){0,2}(?:跟|和|找|向|问|同)(?:社区|物业|街道|居委会|领导|师傅|维保|上面|他们|房东)"
    "(?:说说|说一下|讲讲|讲一下|问问|问一下|商量|商量下|反映|反映一下|反映下|沟通|沟通一下|申请|申请一下)?[，,]?(?:看|看看)?(?:能不能|可不可以|看看|行不行)"
)
# 失火案, 漏电保护器, 火苗一样的: it is named, and has not happened
_NAMED = re.compile(
    "的?[那这]?[一几]?[个部集首款条场段种]?"
    "(?:案|剧|诗|词(?!不)|歌|戏|片子|疗法|治疗|保护器|保险|险种|演[习练]|知识|原理|常识|新闻|视频|电影|小说|故事|游戏|玩具|主题|队员|雕塑|景区|喷泉"
    "|项链|梗|表情|特效|电话|情节|剧情|桥段|概率|指数|系列|专场|海报|形状|颜色|衣服|裙子|颜值|网速|股[票市]|成绩|操作|心情|感觉|青春|题目|比赛|节目|那集|这集|那一集)"
    "|(?:一样|似的|般)的(?!话)"
)
# 中暑晕过一次: long over; but 晕过去
_ONCE = re.compile("过(?=[一两三几好]?[次回]|[，。,.]|$|的)")
# 拿刀切西瓜, 提着菜刀在剁馅
_KITCHEN = re.compile(
    "[^，。！？,.!?]{0,4}(?:[切削剁](?!人|我|他|她)|拆|裁|割草|刮鳞|劈柴|杀[鱼鸡鸭猪]|砍(?:柴|竹|排骨|甘蔗|价))"
)
_SIMILE = re.compile("像(?!是)[^，。！？,]{1,10}?(?:一样|似的|一般)(?!的?[气味])")
_SCHEDULE = re.compile("(?:今晚|明[天早晚]|后天|周[一二三四五六日末])[^，。！？,]{1,8}[吗么不没][?？]?$")
_AFTER_FIGURE = re.compile("[^，。]{0,4}(?:一样|似的|般)")
_TURN = re.compile("[把像]|谢|准备|打算|计划|马上|这就|等[下会]|一会|现在就")
"""What every own deed, every simile and all thanks have."""
_OWN_DEED = re.compile(
    "我[们家]?(?:刚刚|刚才|刚|今天|昨天|早上|顺手|顺便|已经|都|就|又){0,2}把[^，。！？,]{1,10}"
    "[捡扫收清倒修换擦拔冲拖搬挪推补铲撕剪移捐送][^，。！？,]{0,4}了"
    "|我[们家]?(?:准备|打算|计划)"
    "|我[们家]?(?:马上|这就|等下|等会|一会儿?|现在就)(?:就|来|去|下楼|把车|把它)?[挪关搬收移丢扔扫擦停拿]"
)
_DOOR = re.compile("[0-9一二三四五六七八九十](?:楼|栋|单元|层|号)")
# 电梯哪天能修好: it is not
_WHEN_OVER = re.compile(f"{WHEN}|能不能|怎么还|才能")
_GUESS_END = re.compile(r"吧[。!！~…\s]{0,4}$")
_CHATTY = re.compile(r"哈|嘿|呵|嘻|哇|呜|[😂🤣😅😁😄😭🙈😍]|\[[^\]]{0,2}[笑亲色][^\]]{0,2}\]|想你|喜欢|亲爱|好想|么么")
_SIGHING = re.compile(r"[~～]|…|\.{2,}|。{2,}|唉|诶|哎|^额|嗯|噢|[!！]{3}|\[(?!图片|视频|语音|文件)[^\]]{1,4}\]")
"""Who sighs, shouts or draws ~~ may chat or complain; who laughs or longs chats."""
# 谢谢保安师傅，半夜帮忙推车; but 谢谢，电梯坏了 and 谢谢各位，帮我看看谁捡到了钥匙 ask for something
_THANKS = re.compile(
    r"\s{0,4}(?:谢谢|感谢|多谢)(?=[^，。！？,.!?\s]{2})(?!.{0,40}(?:帮[我忙](?:看|问|找|留意)|留意|请|麻烦|能不能|哪位|谁))"
)
_YOU = re.compile("你(?!们|好)")
_PHONE = re.compile(r"1[\dx*]{10}|\d{3,4}-\d{7,8}")
_LINK = re.compile(r"https?://|www\.|\.com|url|微信小程序|\[链接\]|#接龙|td退订")
_COMPLAINT = re.compile(
    "严重影响|投诉(?!电话|热线)|为什么|为何|凭什么|何时能|什么时候能|无缘无故|每次|多次|[没无不]通知"
)
"""A letter that complains may quote a link or a notice; an article and a notice do not complain."""
# 已联系维保，两小时内到: whoever takes care of it says so; 已联系物业，没人来 complains.
_ANSWER = re.compile(
    r"\s{0,4}已(?:经)?(?:联系|安排|通知|转|采纳|与|和|派|协调|上报|报给|完成|疏通|处理|清理|清运|落实|督促|责令|更换|制止|补种|修复|成功|加强|劝导|设置|维修|整改|张贴|调整|规范|要求|核实|收到|记录|登记|受理|列入|纳入|策划|答复|解释|告知)"
    "(?!.{0,200}(?:没|未|不|还是|仍|但|可是|却|无果|谁|多次|几次|[两三四五六七八九十\\d]次))"
)
# 我家明天嫁女，要放几挂鞭炮，打扰了: whoever excuses it announces it
_ANNOUNCED = re.compile(
    "我(?:们)?(?:家|屋里|店).{0,30}(?:打扰(?:各位|大家)?|(?:多多?|请|还请|望|敬请)(?:各位|大家|邻居们?)?(?:担待|见谅|谅解|包涵|海涵|体谅|理解))"
)
# 查了，是303的地漏坏了: whoever looked into it says what it was
_FOUND_OUT = re.compile(
    r"\s{0,4}(?:刚|刚才|已经)?(?:查|看|问|查看|检查)(?:过|到|清楚|明白)?了(?:一下)?[,，]\s?(?:原来|应该|可能)?是"
)
# 物业来看了，说明天清洗; but 物业说明天来，都说了三次了
_TOLD = re.compile(
    r"\s{0,4}(?:物业|师傅|社区|维保|电力|供电|供水|水务|燃气|自来水|环卫)(?:公司|局|所|的)?(?:人)?(?:刚|刚才|已经|上午|下午)?(?:来看|来过|过来看|说|讲|回复|答复)"
    r"(?!.{0,60}(?:没(?:来|人|修|弄|管|动静|下文|消息|解决|处理|有)|不(?:来|管|修|理|处理|知道)|还|又|都|一直|几次|拖|骗|结果|可|但|却|哪))[^。！？!?]{0,30}(?:[今明后]天|[上下]午|晚上|今晚|马上|下周|周.|等下|等会|.点|小时)"
    r"[^,，。]{0,6}(?:来|到|修|换|弄|处理|清|洗|收|送|恢复|通|装|消毒|解决)[^,，。]{0,4}$"
)
# 报路灯所了，明天修; but 报了物业了，没人来
_ARRANGED = re.compile(
    r"\s{0,4}(?:已经?)?(?:报|联系|通知|叫)(?:给)?(?!了)[^，。,!！]{1,6}了[，,]"
    "(?!.{0,200}(?:没|未|不|还是|仍|但|可是|却|又|多次|几次|[两三四五六七八九十\\d]次))"
)
# 没有计划停电, 也没见停水通知: there was none, and that is the complaint
_UNANNOUNCED = re.compile("(?:没有?|不是|没[看见收接贴]到?|未见?)$")
_UNSEEN = re.compile("(?:也|都)?(?:没|冇)(?:看|见|收|接|贴|发|人)")
_NOTICE_HEAD = re.compile(r"^\s{0,4}[【\[「#]{0,2}[^，。,\n]{0,10}(?:通知|公告|提示|提醒|告示|倡议书)[】\]」：:\s]")


class Verdict(NamedTuple):
    """Which hits stand, why the others do not, and how much the whole text is marked down."""

    live: list[Hit]
    void: list[tuple[Hit, str]]
    barred: dict[str, tuple[str, str]]
    """Topics this text cannot be about, with the word and the reason: whoever offers a ladder does not want one."""
    malus: dict[str, float]
    """By how much the whole text is marked down, by reason."""
    whole: str | None
    """The reason for which the whole text is no report: ``advert``, ``answer``, ``notice`` or ``link``."""


def judge(text: str, hits: list[Hit], clauses: Clauses, frames: list[Frame]) -> Verdict:
    """Sort the hits of a text into those that stand and those that do not."""
    cues: dict[str, list[Hit]] = {}
    for hit in hits:
        for cue in hit.entry.cues:
            cues.setdefault(cue, []).append(hit)
    is_formal = bool(cues.get("civic")) or is_petition(frames)
    whole = _whole_text(text, hits, cues, is_formal=is_formal)
    if whole:
        return Verdict([], [(hit, whole) for hit in hits if hit.entry.is_evidence], {}, {}, whole)
    live, void = _sort(text, hits, clauses, cues, is_formal=is_formal)
    malus = _malus(text, cues)
    if any(hit.entry.is_urgent for hit in live) and _DOOR.search(text):
        # 天气真好，大家快来看，三楼着火了: life first
        malus = {reason: mark for reason, mark in malus.items() if reason not in LIGHT}
    return Verdict(live, void, _barred(cues), malus, None)


def _whole_text(text: str, hits: list[Hit], cues: dict[str, list[Hit]], *, is_formal: bool) -> str | None:
    adverts = {hit.term for hit in cues.get("advert", ())}
    if len(adverts) >= 2 or (adverts and _PHONE.search(text)):
        return "advert"
    is_told = any(pattern.match(text) for pattern in (_ANSWER, _FOUND_OUT, _TOLD, _ARRANGED))
    if is_told or _ANNOUNCED.search(text) or _is_passed_on(text, hits):
        return "answer"
    if not (is_formal and _COMPLAINT.search(text)):
        if _LINK.search(text):
            return "link"
        if any(_is_announced(text, hit) for hit in cues.get("notice", ())):
            return "notice"
        if _NOTICE_HEAD.search(text[:40]):
            return "notice"
    return None


def _is_announced(text: str, hit: Hit) -> bool:
    """Whether a notice is meant, and not that there was none: 没见停水通知, 通知没见着."""
    return not (_UNANNOUNCED.search(text, max(hit.start - 5, 0), hit.start) or _UNSEEN.match(text, hit.end))


def _is_passed_on(text: str, hits: list[Hit]) -> bool:
    """Whether all that is said to be wrong or wanted is what the speaker will ask somebody else for."""
    passed_on = _PASSED_ON.search(text)
    return passed_on is not None and all(hit.start >= passed_on.start() for hit in hits if hit.entry.topics)


_VOIDING = frozenset(
    {"harmless", "over", "praise", "elsewhere", "fiction", "abuse", "bygone", "feared", "hypothetical", "deny"}
)


def _sort(
    text: str, hits: list[Hit], clauses: Clauses, cues: dict[str, list[Hit]], *, is_formal: bool
) -> tuple[list[Hit], list[tuple[Hit, str]]]:
    if _VOIDING.isdisjoint(cues) and not _TURN.search(text) and not any(hit.entry.is_grave for hit in hits):
        return hits, []
    grounds = _Grounds(text, hits, clauses, cues, is_formal=is_formal)
    live: list[Hit] = []
    void: list[tuple[Hit, str]] = []
    for hit in hits:
        reason = grounds.against(hit) if hit.entry.is_evidence else None
        if reason:
            void.append((hit, reason))
        else:
            live.append(hit)
    return live, void


_WRONG = frozenset({"states", "severity"})


class _Grounds:
    """Where in a text words do not mean what they say."""

    def __init__(
        self, text: str, hits: list[Hit], clauses: Clauses, cues: dict[str, list[Hit]], *, is_formal: bool
    ) -> None:
        sentences = clauses.sentences
        self._text, self._sentences = text, sentences
        self._harmless = Cover((hit.start, hit.end) for hit in cues.get("harmless", ()))
        self._similes = Cover(match.span() for match in _SIMILE.finditer(text))
        self._own_deeds = {clauses.at(deed.start()) for deed in _OWN_DEED.finditer(text)}
        self._over = _over_clauses(text, hits, cues, clauses)
        self._praised = _praised_clauses(text, hits, cues)
        # In a petition to an authority a name of a place proves nothing.
        self._elsewhere = set[int]() if is_formal else {sentences[hit.clause] for hit in cues.get("elsewhere", ())}
        self._fiction = {sentences[hit.clause] for hit in cues.get("fiction", ())}
        # What is wished on somebody's mother has not befallen her; but «三楼砍人了» is meant, curse or no curse.
        curses = () if _DOOR.search(text) else cues.get("abuse", ())
        self._abuse = {sentences[hit.clause] for hit in curses}
        self._bygone = set[int]() if is_formal else {sentences[hit.clause] for hit in cues.get("bygone", ())}
        self._feared, self._supposed = _first(cues.get("feared", ())), _first(cues.get("hypothetical", ()))
        self._denials = {hit.end: hit.start for hit in cues.get("deny", ())}

    def against(self, hit: Hit) -> str | None:
        """The reason for which a hit does not count; None where it does."""
        entry, start, _, clause = hit
        sentence = self._sentences[clause]
        if hit.is_in(self._harmless):
            return "harmless"
        if clause in self._over:
            return "over"
        if clause in self._own_deeds and not entry.is_urgent:
            return "own_deed"
        if clause in self._praised and not entry.is_urgent:
            return "praised"
        if sentence in self._elsewhere:
            return "elsewhere"
        if start in self._denials and self._is_denied(entry, self._denials[start], start):
            return "denied"
        if sentence in self._fiction:
            return "fiction"
        if sentence in self._abuse:
            return "abuse"
        if sentence in self._bygone:
            return "bygone"
        if self._is_figurative(hit):
            return "figurative"
        if self._supposed.get(clause, start) < start or (entry.is_grave and self._feared.get(clause, start) < start):
            return "hypothetical"
        return None

    def _is_denied(self, entry: Entry, since: int, start: int) -> bool:
        """What it is not may be a thing, too: 不是煤气. But where a thing is not, that is the fault: 没有路灯."""
        return (entry.may_be_denied or self._text[since:start] == "不是") and not _is_double(self._text, since)

    def _is_figurative(self, hit: Hit) -> bool:
        entry = hit.entry
        if entry.is_grave and (_is_feeling(self._text, hit) or _is_only_named(self._text, hit)):
            return True
        if entry.term[-1] in "刀斧" and _KITCHEN.match(self._text, hit.end):
            return True
        return _is_figure(self._text, hit) if entry.is_urgent else hit.is_in(self._similes)


def _first(cues: Iterable[Hit]) -> dict[int, int]:
    """Where in each clause the first of these cues begins."""
    found: dict[int, int] = {}
    for hit in cues:
        found[hit.clause] = min(hit.start, found.get(hit.clause, hit.start))
    return found


ASKED_BEFORE = 30
"""So far before 修好 a 什么时候 makes a question of it."""


def _over_clauses(text: str, hits: list[Hit], cues: dict[str, list[Hit]], clauses: Clauses) -> set[int]:
    """The clauses whose faults are mended: that of 修好了 and the one before it.

    Not so where it is asked (修好了吗) or where the fault came back (修好了又坏了).
    """
    if "over" not in cues:
        return set()
    relapses = {hit.clause: hit.start for hit in cues.get("relapse", ())}
    own_things = {hit.clause for hit in hits if hit.entry.is_thing}
    over: set[int] = set()
    for cue in cues["over"]:
        at = cue.clause
        came_back = relapses.get(at, -1) > cue.start - 2 or (at + 1 in relapses and at + 1 not in own_things)
        is_denied = text[cue.start - 1 : cue.start] in {"不", "没", "未"}  # 不能用了
        is_asked = _QUESTION.match(text, cue.end) or _WHEN_OVER.search(
            text, max(clauses.starts[at], cue.start - ASKED_BEFORE), cue.start
        )
        if not came_back and not is_denied and not is_asked:
            over.update({at, at - 1} if at not in own_things else {at})
            if at and _CAUSE.match(text, clauses.starts[at - 1]):
                over.update({at - 1, at - 2})  # 闻到煤气味，原来是邻居在换罐子，换好了
            if at + 1 < len(clauses.starts) and _HAD_BEEN.match(text, clauses.starts[at + 1]):
                over.add(at + 1)
    return over


def _praised_clauses(text: str, hits: list[Hit], cues: dict[str, list[Hit]]) -> set[int]:
    """The clauses with praise in them, and the one before where nothing is said to be wrong: 种了新花，好看.

    What begins with thanks goes on with them until something is said to be wrong.
    """
    praised = {hit.clause for hit in cues.get("praise", ())}
    wrong = {hit.clause for hit in hits if not hit.entry.cues.isdisjoint(_WRONG) or hit.entry.is_urgent}
    praised |= {clause - 1 for clause in praised if clause - 1 not in wrong}
    if _THANKS.match(text):
        faulty = {hit.clause for hit in hits if "states" in hit.entry.cues or hit.entry.is_urgent}
        praised.update(takewhile(lambda clause: clause not in faulty, range(max(hit.clause for hit in hits) + 1)))
    return praised


def _is_double(text: str, start: int) -> bool:
    """有没有停水, 是不是煤气 and 又没 deny nothing."""
    return text[start - 1 : start] in {"有", "又", "是"} or text[start - 2 : start] == "是不"


def _is_figure(text: str, hit: Hit) -> bool:
    """热得要着火, 像着火了一样: what cannot wait is meant as said only where it is not a manner of speaking."""
    if _DOOR.search(text):
        return False  # 七楼吵得要跳楼: life first
    before = text[max(hit.start - 4, 0) : hit.start]
    return bool(_BEFORE_FIGURE.search(before)) or bool(
        "像" in text[max(hit.start - 8, 0) : hit.start] and _AFTER_FIGURE.match(text, hit.end)
    )


def _is_only_named(text: str, hit: Hit) -> bool:
    """Whether what would be grave is part of a name or happened once, long ago."""
    return bool(_NAMED.match(text, hit.end) or _ONCE.match(text, hit.end))


def _is_feeling(text: str, hit: Hit) -> bool:
    """气得说不出话, 笑死我了，喘不过气: a feeling, where 痛得说不出话 is an illness."""
    before = text[max(hit.start - 10, 0) : hit.start]
    return bool(_FEELING.search(before) or _EXHAUSTED.search(before))


_BARS = (
    ("offer", "mutual_help"),
    ("offer", "clutter"),
    ("offer", "garbage"),
    ("reissue", "mutual_help"),
    ("advert", "mutual_help"),
    ("device", "electricity"),
    ("snoring", "noise"),
    ("own_pet", "noise"),
    ("own_pet", "illness"),
)


def _barred(cues: dict[str, list[Hit]]) -> dict[str, tuple[str, str]]:
    return {topic: (cues[cue][0].entry.term, cue) for cue, topic in _BARS if cue in cues}


CHATTY, SIGHING, RAMBLING, LONG, LONGER = 1.0, 0.1, 0.6, 24, 40
UNANCHORED = frozenset({"chatty", "you there", "rambling"})
"""Marks of mere talk. They count only where neither a place of ours is named nor anything asked for."""

LIGHT = frozenset({"joke", "praise", "chatty", "rambling"})
"""What is said lightly around it makes no emergency lighter where a door is named."""

SHORT = 16
"""Up to this length a line may be no more than an answer to what somebody said."""


def _malus(text: str, cues: dict[str, list[Hit]]) -> dict[str, float]:
    """Jokes, memories, hearsay and guesses weaken; they do not settle it."""
    jokes = len({hit.term for hit in cues.get("joke", ())})
    is_short = len(text) <= SHORT
    marks = {
        "joke": min(jokes, 2) * 1.0,
        "praise": 0.8 if cues.get("praise") else 0.0,
        "past": 0.8 if cues.get("past") else 0.0,
        "question": 0.8 if cues.get("question_other") or (is_short and _SCHEDULE.search(text)) else 0.0,
        "quote": 0.6 if cues.get("quote") else 0.0,
        "advert": 0.8 if cues.get("advert") else 0.0,
        "guess": 1.2 if is_short and (_GUESS_END.search(text) or cues.get("guess")) else 0.0,
        "you": 0.9 if is_short and _YOU.search(text) and not cues.get("civic") else 0.0,
        "chatty": CHATTY if _CHATTY.search(text) else SIGHING if _SIGHING.search(text) else 0.0,
        "you there": CHATTY if not is_short and _YOU.search(text) else 0.0,
        "rambling": RAMBLING * (len(text) > LONG) + RAMBLING * (len(text) > LONGER),
    }
    return {reason: mark for reason, mark in marks.items() if mark}
