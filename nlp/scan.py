"""Find every lexicon term of a text in one pass (Aho-Corasick), and tell at once whether it is worth a closer look."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, islice
from typing import NamedTuple

import ahocorasick_rs

from nlp.clauses import Clauses
from nlp.lexicon import NAMING, Combination, Entry, Lexicon, Pattern, TopicTerm

Match = tuple[int, int, int]
"""The index of an entry, and the span at which it stands."""

MOST = 140
"""So many hits of a text are looked at: what it has not said in the first hundreds of words it does not say."""

MOST_MADE = 30
"""And so many states of each form that any verb makes."""

FAULT, THING, STATE, ASK, CIVIC, FORM = 1, 2, 4, 8, 16, 32


class Cover:
    """Spans of a text, asked many times whether one of them holds another."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._farthest = list(accumulate((end for _, end in ordered), max))

    def holds(self, start: int, end: int) -> bool:
        """Whether it lies within one of the spans: within that which reaches farthest of those that began before."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._farthest[before - 1] >= end


class Hit(NamedTuple):
    """A lexicon word where it stands in the normalised text. Entries are one object each: compare them by it."""

    entry: Entry
    start: int
    end: int
    clause: int

    @property
    def term(self) -> str:
        return self.entry.term

    def is_in(self, cover: Cover) -> bool:
        """Whether it lies within one of the spans."""
        return cover.holds(self.start, self.end)


# 冲不下去 · 关不拢 · 抬不起来 · 拧不动 : whatever cannot be done to a thing, it is a fault of the thing
_CANNOT = re.compile(
    r"[\u4e00-\u9fff]不(?:下去|下来|起来|进去|进来|出去|出来|过去|进|到|见|清|动|拢|紧|严|牢|稳|亮|响|灭|通|住|掉|开(?![工车口心会玩始学机支店])|上|燃|着|转|了(?!解|起|得|断|结))"
)
_CANNOT_NOT = re.compile("[想看听记说忍受舍感离差行起吃是对要用得]不|了不了|免不了|少不了|大不了|免不掉")
# 被谁拧走了 · 让人连根拔走了 · 被车撞歪了 : what was done to it
_SUFFERED = re.compile(
    r"(?:被(?!子|窝|套|单|褥|动|告|称|评)|让人|遭|不知道?谁把|有人把|谁把)[^，。！？,.!?]{1,8}?"
    r"(?:[\u4e00-\u9fff](?:了|着|掉|走|光|死|满|烂|住|起来|成)|[走坏断破烂歪翻倒掉]$)"
)
# 拧断了 · 磨穿了 · 压弯了 : how it ended
_BROKE = re.compile(r"[\u4e00-\u9fff](?:断|破|烂|歪|塌|裂|穿|碎|弯|瘪|脱)(?:了|掉|得)")
_BROKE_NOT = re.compile("[判中间说看吃想揭]|[打不][断破]")
# 掉下来一大块 · 缺了一段 · 裂了条口子 : how much of it is gone
_PIECE = re.compile(
    "(?:掉|缺|断|裂|破|少|塌|烂|碎|崩|脱|翘|磨|鼓|凹|陷|拱|豁|秃|剥)(?:下来|下去|掉|落|开|出|起来|起)?(?:了?好?[一两几个半条块]|了)"
    "[大小长]{0,2}(?:块(?!钱)|段|截|片|半|角|条|道|根|颗|个(?!人|月|小时)|处|边|排|层|圈|洞|口子?|缝|坨|坑)"
)
# 锈得厉害 · 堵得死死的 : how badly
_BADLY = re.compile(
    "[坏烂裂脏堵破烧砸弄搞堆](?:成这样|成什么样|成那样)|[\u4e00-\u9fff]得(?:厉害|要命|要死|不得了|不像样|一塌糊涂|不成样|死死的|到处(?:都)?是|很厉害|太厉害)"
)
_FELT = re.compile("[累饿困热冷气笑疼痛怕忙馋想急愁美兴]得")
# 突突突 · 滋滋滋 : it makes a noise that it should not
_CLATTER = "[突滋嗞哐咣轰嗡呼咔咯吱砰嘭]"
_RATTLE = re.compile(rf"({_CLATTER})\1\1")
# 没人填 · 没有人来管 : nobody does about it what there is to do
_NOBODY = re.compile("没(?:有)?人(?:来|去)?[填修管换清扫拉收倒理处维捡割剪浇通拖擦抽补装搬挪]")
# 全是泥 · 弄得到处都是油 : what is all over it
_FULL_OF = re.compile(
    "(?:全是|都是|满是|到处是|满地的?|一地的?)[^，。！？,.!?]{0,2}?"
    "(?:泥|灰|污水|水|油|土|渣|沙|毛|烟头|屎|尿|垃圾|霉|锈|青苔|痰|虫|血|玻璃)"
)
# 老熄火 · 总是跳闸 · 动不动就卡 : what it does again and again
_AGAIN = re.compile(
    "(?:老是|总是|老|总|经常|天天|动不动就?|时不时就?|隔几天就)(?:自动|自己)?"
    "(?:熄火|死机|卡|掉(?!牙)|跳(?!舞|绳|操)|堵|断|停(?!车)|坏|漏|响|报警|失灵|失效|闪|冒水|滴水|关不|打不|开不|松|歪|抖|晃|灭|短路|脱落|罢工)"
)
# 三年没换 · 半个月了 · 好几次都 · 又返上来了 : how long or how often it has been so
_LASTING = re.compile(
    r"又[\u4e00-\u9fff]{1,3}了|(?:[一二两三四五六七八九十几半\d]{1,3}|好几)多?(?:年|个?月|天|个?星期|周|个?小时|个钟头|次|回)多?(?:了|没|不|都|还|才)"
)
# 建议给楼梯加一条扶手 · 能不能把减速带改矮一点 : what it should be like; a new lift is planning, no fault of a lift
_WISH = re.compile(
    "(?:建议|希望|盼望|能不能|可不可以|能否|可否)(?![^，。！？,.!?]{0,8}装[几一两]?个?(?:电梯|充电桩))(?=[^，。！？,.!?]{0,14}?"
    "(?:增加|增设|加装|加[个一两三几条把盏块]|添[个一两几置]|设[个一置立]|[安]?装|放[个一两几]|摆[个一两几]|修|换[成个掉一]|更换|改|[移挪搬][到走开]"
    "|清[理洗扫运]|整治|规范|优化|改善|加强|组织|举办|开[个办放通设]|协调|管[管一]|治理|处理|重视|统一|公[布开示]|规定|限制|禁止|巡|[矮高慢晚早亮]一?点"
    "|调[整慢快高低]|贴|通知|补种|栽|拆|取消|[定按]期))"
)
WHEN = "哪天|什么时候|啥时候|几时|何时|多久"
# 电梯哪天能修好 · 垃圾什么时候来拉 : it is waited for
_AWAITED = re.compile(
    f"(?:{WHEN})"
    "(?:才|能|可以|会|给|来)?[^，。！？,.!?]{0,4}?(?:修|弄好|搞好|解决|恢复|通水|通电|换|装好|来电|来水|处理|清走|清理|拉走|来拉|来收|能好|完工|消停)"
)
# 公积金怎么提取 · 医保怎么转 : how something is done
_HOW = re.compile("(?:怎么|如何|哪里|去哪里?|在哪里?)[办提领补报交缴转查申改续退过迁](?!法)")
# 抽干净了 · 装修完了 · 报好了 : it is done
_DONE = re.compile("[\u4e00-\u9fff](?:好|完|干净|通)(?:了|啦)|刚[\u4e00-\u9fff]{2,4}完(?!工)")
_DONE_NOT = re.compile(
    "[占堵挡淹砍毁啃咬拆泡锈秃枯用坏烂掉花断死淹烧丢漏跑没全不未吃喝偷说讲卖停玩刚太挺很真还更最你们大家交普]"
)
# 孩子都不敢走 · 老人家走不了 : how bad it is for those who pass by, and no need of their own
_HINDERED = re.compile(
    "(?:老人小孩|大人小孩|小朋友|小孩|孩子|老人家?|娃)"
    "(?:都?不敢(?:走|过|出门)|都不敢(?:下楼)?玩|都?走不了|都?走不过去|都?没法走|(?:都|走路)不方便)"
)
# 谢谢三楼的帮我看孩子 : thanks for what was done
_THANKS = re.compile("(?:谢谢|感谢|多谢)[^，。！？,.!?]{0,12}?(?:帮我|帮忙把|帮大家|送我|送来|给我送|免费|义务)")
_THANKS_NOT = re.compile("[^，。！？,.!?]{0,14}(?:帮我看看|帮我看下|帮我看一下|帮我留意|帮我问)")


def _unlisted(shown: str, *cues: str) -> Entry:
    """An entry that stands in no file: what a regular expression found, shown like this."""
    return Entry(shown, (), frozenset(), frozenset(cues), 0)


_MADE_STATES = (
    (_unlisted("…好了", "over"), _DONE, _DONE_NOT),
    (_unlisted("谢谢…", "praise"), _THANKS, _THANKS_NOT),
    (_unlisted("…年没", "severity"), _LASTING, None),
    (_unlisted("孩子不敢…", "harmless", "severity"), _HINDERED, None),
    (_unlisted("怎么…", "asks"), _HOW, None),
    (_unlisted("建议…", "states", "wish"), _WISH, None),
    (_unlisted("哪天…", "states", "asks"), _AWAITED, None),
    (_unlisted("…一块", "states"), _PIECE, None),
    (_unlisted("…得厉害", "states"), _BADLY, _FELT),
    (_unlisted("突突突", "states"), _RATTLE, None),
    (_unlisted("没人…", "states"), _NOBODY, None),
    (_unlisted("全是…", "states", "dirt"), _FULL_OF, None),
    (_unlisted("老是…", "states"), _AGAIN, None),
    (_unlisted("…不…", "states"), _CANNOT, _CANNOT_NOT),
    (_unlisted("被…", "states"), _SUFFERED, None),
    (_unlisted("…断了", "states"), _BROKE, _BROKE_NOT),
)
# What every one of these has somewhere: most texts need not be looked through for all of them.
_MADE = re.compile(
    "哪天|时候|几时|何时|多久|建议|希望|盼望|能不能|可不可以|能否|可否|[不被遭让谢断破烂歪塌裂穿碎弯瘪脱掉缺少崩翘磨鼓凹陷拱豁秃剥老总又]|没法走|怎么|如何|哪里|去哪|在哪|谁把|有人把|没人|没有人|[好完净通][了啦]|刚[\u4e00-\u9fff]{2,4}完|得[厉要不一死到很太]|成[这什那]|[都全满]是|[满一]地|到处是|经常|天天|隔几天|(?P<noise>"
    + _CLATTER
    + ")(?P=noise)|[年月天周时次回期头]多?[了没不都还才]"
)


def made_states(text: str, clauses: Clauses) -> list[Hit]:
    """The states that no list can hold, because any verb makes one."""
    if not _MADE.search(text):
        return []
    return [
        Hit(entry, match.start(), match.end(), clauses.at(match.start()))
        for entry, pattern, exception in _MADE_STATES
        for match in islice(pattern.finditer(text), MOST_MADE)
        if exception is None or not exception.match(text, match.start())
    ]


class Scanner:
    """The automaton of one lexicon. Immutable."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries = lexicon.entries
        # As measured on 12,600 words: contiguous 1.1 µs a message and 3 MB, as DFA 2.9 µs and 27 MB.
        self._automaton = ahocorasick_rs.AhoCorasick(
            [entry.term for entry in lexicon.entries],
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )
        self._flags = [_flags(entry) for entry in lexicon.entries]
        kinds = {said: _kinds(*said) for said in {(entry.topics, entry.cues) for entry in lexicon.entries}}
        self._kinds = [kinds[entry.topics, entry.cues] for entry in lexicon.entries]
        anchors = _anchors(lexicon)
        self._anchored = [
            tuple(pattern for slot in sorted(entry.slots) for pattern in anchors.get(slot, ()))
            for entry in lexicon.entries
        ]

    def find(self, text: str) -> list[Match]:
        """All occurrences, overlapping ones too, in order of their end."""
        return self._automaton.find_matches_as_indexes(text, overlapping=True)[:MOST]

    def flags_of(self, found: list[Match]) -> int:
        """What kinds of words a text has: FAULT, THING, STATE, ASK, CIVIC, FORM."""
        flags = 0
        all_flags = self._flags
        for index, _, _ in found:
            flags |= all_flags[index]
        return flags

    def kinds(self, found: list[Match], start: int, end: int) -> set[str]:
        """The kinds of the words within a stretch: ``elevator/faults``, ``cue/asks``. Words inside others are none."""
        kinds: set[str] = set()
        reach = end + 1
        for index, begin, stop in sorted(found, key=_longest_last, reverse=True):
            own = self._kinds[index]
            if own and start <= begin < reach and stop <= end:
                kinds.update(own)
                reach = begin
        return kinds

    def is_worth(self, text: str, found: list[Match], flags: int) -> bool:
        """Whether the words together can make a matter at all, were they all words and none denied."""
        present = 0
        if flags & (FAULT | CIVIC) or (flags & THING and (flags & (STATE | ASK) or _MADE.search(text))):
            return True
        anchored = [index for index, _, _ in found if self._anchored[index]]
        if not anchored:
            return False
        for index, _, _ in found:
            present |= self._entries[index].mask
        return any(pattern.mask & present == pattern.mask for index in anchored for pattern in self._anchored[index])

    def combinations(self, hits: list[Hit]) -> list[Combination]:
        """What the patterns come to whose every slot is filled by some hit."""
        mask = 0
        for hit in hits:
            mask |= hit.entry.mask
        possible = {
            pattern.order: pattern
            for hit in hits
            for pattern in self._anchored[hit.entry.index]
            if pattern.mask & mask == pattern.mask
        }
        if not possible:
            return []
        present = {slot for hit in hits for slot in hit.entry.slots}
        return [found for _, pattern in sorted(possible.items()) for found in pattern.combinations(present)]

    def hits(self, found: list[Match], clauses: Clauses) -> list[Hit]:
        """The occurrences with the clause each stands in."""
        entries = self._entries
        if len(clauses.starts) == 1:
            return [Hit(entries[index], start, end, 0) for index, start, end in found]
        at = clauses.at
        return [Hit(entries[index], start, end, at(start)) for index, start, end in found]


def _flags(entry: Entry) -> int:
    kinds = {term.kind for term in entry.topics}
    return (
        FAULT * bool(kinds - {"things"})
        | THING * bool(kinds & NAMING)
        | STATE * ("states" in entry.cues)
        | ASK * ("asks" in entry.cues)
        | CIVIC * ("civic" in entry.cues)
        | FORM * ("form" in entry.cues)
    )


def _longest_last(match: Match) -> tuple[int, int]:
    _, start, end = match
    return end, -start


def _kinds(topics: tuple[TopicTerm, ...], cues: frozenset[str]) -> tuple[str, ...]:
    kinds = [f"{term.topic}/{term.kind}" for term in topics] + [f"cue/{cue}" for cue in cues]
    return tuple(sys.intern(kind) for kind in kinds)


def _anchors(lexicon: Lexicon) -> dict[str, list[Pattern]]:
    """Each pattern by its rarest slot, so that few patterns are looked at for a text: a long word before a
    short one, a word before a group, a small group before a large."""
    sizes: dict[str, tuple[int, int]] = {}
    for entry in lexicon.entries:
        for slot in entry.slots:
            count, length = sizes.get(slot, (0, 99))
            sizes[slot] = (count + 1, min(length, len(entry.term)))

    def commonness(slot: tuple[str, ...]) -> tuple[int, bool, int]:
        shortest = min(sizes[word][1] for word in slot)
        return -min(shortest, 2), any(word.startswith("@") for word in slot), sum(sizes[word][0] for word in slot)

    anchors: dict[str, list[Pattern]] = {}
    for pattern in lexicon.patterns:
        for word in min(pattern.slots, key=commonness):
            anchors.setdefault(word, []).append(pattern)
    return anchors
