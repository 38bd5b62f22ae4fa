"""Which words of a text fill a pattern's slots together, and whether they belong together."""

import re
from collections.abc import Iterable, Iterator

from nlp.clauses import Clauses
from nlp.lexicon import BREAKABLE, NAMING, Combination
from nlp.scan import Hit

PATTERN_SPAN = 18
"""The terms of a pattern stand within so many characters of each other."""

MOST_FILLINGS = 8
"""So many occurrences of a slot are tried; a text that repeats itself says nothing new."""

OWNERS = BREAKABLE | {"parking", "mutual_help"}
"""Topics whose things something is told of that may befall a person, too: 掉下来, 没反应, 不见了."""

PERSONS = frozenset({"@somebody", "@anybody"})
"""The slots of a pattern that persons fill."""

BEFALLING = frozenset({"child", "elderly", "illness", "disabled", "mental"})
"""Topics of what befalls a person: who does the deed is not the one."""

_AT_WHICH = re.compile("[里上下边旁口外内中顶前后底]")
_PLACE = re.compile("[馆店场房室厅园库院边口里上]$")
_BY_WHICH = re.compile("[从在把被让叫给往向对跟和与拿用骑坐开踩爬翻靠摸进出到碰抱扶推拉拖堵关困卡压夹砸掉落]$")
# 孩子的书包, 婴儿车: whose it is or for whom, where 孩子的手 and 老人的呼吸 are the person
_OWNED = re.compile(
    "(?:(?<=婴儿)|(?<=儿童)|(?<=老人)|(?<=老年))[车床椅机装鞋票院座]|(?:家)?的(?!.{0,2}(?:[手脚头脸腿腰背嘴眼耳鼻牙脖胸肚肩膝血]|胳膊|身|呼吸|心|脉|意识|情况|体温))"
)
# 两岁的弟弟, 独居的老人: of what kind, not whose
_WHAT_KIND = re.compile("[岁多大寡能聋哑盲呆]$|独居|走失")
# 孩子把头伸进栏杆, 把门反锁: what is done to oneself
_OBJECT_BEFORE = re.compile("(?<![火拖])[把将](?!自己|[头手脚脖身门腿嘴脸])")
_SWALLOWED = re.compile("[吞吃喝服咽食]|塞进|戳")
# 老人倒垃圾, 男的撞倒了垃圾桶: what the person does to something; 倒在, 撞倒了 and 咬伤 end in the person
_TRANSITIVE = re.compile("[倒冻咬夹烫埋摔]|[带抱拉牵]走|压住|撞倒|拉上")
_ITS_OBJECT = re.compile(
    "[了着过]?(?=[\u4e00-\u9fff])(?![了着过在到进起来去不死伤昏下住得给成的和跟又都也就还没一])|[了过](?:[一两三几半\\d]|个)(?!跤|跟头|大跤|下|次)"
)
_HARMING = re.compile("[撞砸夹压咬刮烫电扎刺碰轧绊炸烧着]")
"""With these a thing does something to a person: 外机掉下来，砸到一个阿姨."""


def filled(
    combinations: Iterable[Combination], text: str, hits: list[Hit], clauses: Clauses
) -> Iterator[tuple[Combination, tuple[Hit, ...]]]:
    """The patterns whose every slot is filled, close by and in one sentence, with the words that fill them."""
    fillings: dict[str, list[Hit]] = {}
    for pattern in combinations:
        for slot in pattern.slots:
            if slot not in fillings:
                fillings[slot] = [hit for hit in hits if slot in hit.entry.slots][:MOST_FILLINGS]
        found = _fill(pattern.slots, fillings, clauses)
        if found is not None and not _is_misfit(pattern, text, found, hits):
            yield pattern, found


def _is_misfit(pattern: Combination, text: str, found: tuple[Hit, ...], hits: list[Hit]) -> bool:
    """Life first: who is still in the flooded garage is not asked whose the garage is."""
    if not pattern.is_urgent:
        return _is_borrowed(pattern.topic, found, hits)
    persons = [hit for hit in found if not hit.entry.slots.isdisjoint(PERSONS)]
    if len(persons) != 1 or len(found) < 2:
        return False
    person = persons[0]
    if _is_owner(text, person):
        others = (hit for hit in hits if hit.clause == person.clause and not hit.entry.slots.isdisjoint(PERSONS))
        return all(_is_owner(text, other) or person.start <= other.start < person.end for other in others)
    return _does_it(pattern.topic, text, person, found) or _is_of_another(text, person, found, hits)


def _is_owner(text: str, person: Hit) -> bool:
    """Whether only a thing of the person is meant, or one for such persons: 孩子的球掉进花坛, 婴儿车."""
    return _OWNED.match(text, person.end) is not None and _WHAT_KIND.search(person.entry.term) is None


def _does_it(topic: str, text: str, person: Hit, found: tuple[Hit, ...]) -> bool:
    """Whether the person does the deed: 老人倒垃圾, 孩子把风筝挂树上."""
    after = [hit for hit in found if hit.clause == person.clause and hit.start >= person.end]
    return topic in BEFALLING and any(_is_deed(text, person, hit) for hit in after)


def _is_deed(text: str, person: Hit, verb: Hit) -> bool:
    if _OBJECT_BEFORE.search(text, person.end, verb.start):
        return not _SWALLOWED.search(text, person.end, verb.end + 6)
    return (
        verb.start - person.end <= 1
        and _TRANSITIVE.fullmatch(verb.entry.term) is not None
        and _ITS_OBJECT.match(text, verb.end) is not None
    )


def _is_of_another(text: str, person: Hit, found: tuple[Hit, ...], hits: list[Hit]) -> bool:
    """Whether what befell is told of a thing, and the person only stands beside it: 门卡没反应，我妈进不去.

    Not so where the thing does the harm or is where it happened: 我爸过马路，电动车撞倒了; 老人在楼梯上摔了.
    """
    state = next(hit for hit in found if hit is not person)
    if _HARMING.search(text, state.start, max(state.end, person.end)):
        return False
    return any(
        thing.clause == state.clause
        and thing.end <= state.start
        and not (thing.clause == person.clause and thing.end <= person.start)
        and thing not in found
        and _is_subject(text, thing)
        for thing in hits
    )


def _is_subject(text: str, thing: Hit) -> bool:
    """Whether it is a thing of which something can be told, and neither a place nor what somebody has to do with."""
    entry = thing.entry
    return (
        any(term.topic in OWNERS and term.kind in NAMING for term in entry.topics)
        and entry.slots.isdisjoint(PERSONS)
        and not _PLACE.search(entry.term)
        and not _AT_WHICH.match(text, thing.end)
        and not _BY_WHICH.search(text, max(thing.start - 2, 0), thing.start)
    )


def _is_borrowed(topic: str, found: tuple[Hit, ...], hits: list[Hit]) -> bool:
    """Whether a part of the pattern belongs to another thing: in 电梯坏了，灯也暗 what is broken is the lift."""
    first = found[0].clause
    if all(hit.clause == first for hit in found):
        return False
    spanned = {hit.clause for hit in found}
    owners = {hit.clause: hit for hit in hits if hit.clause in spanned and hit.entry.is_thing and hit not in found}
    return any(
        all(term.topic != topic and term.topic in BREAKABLE for term in owner.entry.topics) for owner in owners.values()
    )


def _fill(slots: tuple[str, ...], fillings: dict[str, list[Hit]], clauses: Clauses) -> tuple[Hit, ...] | None:
    """The hits that fill the slots, in as few clauses and as close together as can be."""
    best: tuple[Hit, ...] | None = None
    best_spread = (0, 0)
    for first in fillings[slots[0]]:
        found = _extend((first,), slots[1:], fillings, clauses)
        if found is not None:
            length = max(hit.end for hit in found) - min(hit.start for hit in found)
            spread = (len({hit.clause for hit in found}), length)
            if best is None or spread < best_spread:
                best, best_spread = found, spread
    return best


def _extend(
    found: tuple[Hit, ...], slots: tuple[str, ...], fillings: dict[str, list[Hit]], clauses: Clauses
) -> tuple[Hit, ...] | None:
    if not slots:
        return found
    first = found[0]
    sentence = clauses.sentences[first.clause]
    near = [
        (hit.clause != first.clause, abs(hit.start - first.start), hit)
        for hit in fillings[slots[0]]
        if clauses.distance(hit.start, first.start) <= PATTERN_SPAN
        and clauses.sentences[hit.clause] == sentence
        and all(hit.end <= other.start or hit.start >= other.end for other in found)
    ]
    if len(near) > 1:
        near.sort(key=lambda item: item[:2])
    for _, _, hit in near:
        longer = _extend((*found, hit), slots[1:], fillings, clauses)
        if longer is not None:
            return longer
    return None
