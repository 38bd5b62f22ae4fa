"""What makes a hit void: the fault is over, denied, supposed, elsewhere, announced, advertised or a joke.

The rules are TAXONOMY's 7 and 8. Each reason has a name, so that the evidence can show it.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from nlp.request import frames_of, is_petition
from nlp.scan import Hit
from nlp.segment import clause_at

_CLAUSE_END = re.compile(r"[，。！？；、,.!?;\n~…\s]+")
_SENTENCE_END = frozenset("。！？!?\n")
_QUESTION = re.compile(r"\s{0,2}(?:吗|么|没有|没|冇|嘛|不|\?|？)")
_BEFORE_FIGURE = re.compile("(?:得(?:想|要|快要|都要|都快|都|快|像)?|像|带|好想|真想)$")
_AFTER_FIGURE = re.compile("[^，。]{0,4}(?:一样|似的|般)")
_HARM = frozenset({"@fallen", "@tumbled", "@trapped"})
_GUESS_END = re.compile(r"[吧嘛咧][。!！~…\s]{0,4}$")
_CHATTY = re.compile(
    r"…|\.{2,}|。{2,}|[~～]|哈|嘿|呵|嘻|唉|诶|^额|嗯|哎|噢|哇|呜|[!！]{3}|[😂🤣😅😭🙈😍]|\[[^\]]{1,4}\]|想你|喜欢|亲爱|好想|么么"
)
_YOU = re.compile("你(?!们|好)")
_PHONE = re.compile(r"1[\dx]{10}|cellphone|\d{3,4}-\d{7,8}|wechat")
_LINK = re.compile(r"https?://|www\.|\.com|url|微信小程序|\[链接\]|#接龙|td退订")
_NOTICE_HEAD = re.compile(r"^\s{0,4}[【\[「#]{0,2}[^，。,\n]{0,10}(?:通知|公告|提示|提醒|告示|倡议书)[】\]」：:\s]")
_STARTS_NEGATIVE = ("没", "不", "无", "冇", "未", "别")


@dataclass(frozen=True, slots=True)
class Clauses:
    """A text cut at its punctuation, and which clauses belong to one sentence."""

    spans: list[tuple[int, int]]
    sentences: list[int]

    def of(self, hit: Hit) -> int:
        """The index of the clause the hit begins in."""
        return clause_at(self.spans, hit.start)[0]


def clauses_of(text: str) -> Clauses:
    """Cut at punctuation and blanks."""
    spans: list[tuple[int, int]] = []
    sentences: list[int] = []
    start = sentence = 0
    for match in _CLAUSE_END.finditer(text):
        if match.start() > start:
            spans.append((start, match.end()))
            sentences.append(sentence)
        start = match.end()
        if _SENTENCE_END & set(match[0]):
            sentence += 1
    if start < len(text) or not spans:
        spans.append((start, max(len(text), start + 1)))
        sentences.append(sentence)
    return Clauses(spans, sentences)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which hits stand, why the others do not, and how much the whole text is marked down."""

    live: list[Hit]
    void: list[tuple[Hit, str]]
    barred: dict[str, str]
    """Topics this text cannot be about, with the reason: whoever offers a ladder does not want one."""
    malus: dict[str, float]
    """By how much the whole text is marked down, by reason."""
    whole: str | None
    """The reason for which the whole text is no report: ``advert``, ``notice`` or ``link``."""


def judge(text: str, hits: list[Hit], clauses: Clauses) -> Verdict:
    """Sort the hits of a text into those that stand and those that do not."""
    cues: dict[str, list[Hit]] = {}
    for hit in hits:
        for cue in hit.entry.cues:
            cues.setdefault(cue, []).append(hit)
    whole = _whole_text(text, cues)
    if whole:
        return Verdict([], [(hit, whole) for hit in hits if _is_evidence(hit)], {}, {}, whole)
    over = _over_clauses(text, hits, cues, clauses)
    elsewhere = _elsewhere_sentences(text, cues, clauses)
    starts = sorted((hit.end, hit.start, hit.term) for hit in cues.get("deny", ()))
    live: list[Hit] = []
    void: list[tuple[Hit, str]] = []
    for hit in hits:
        reason = _reason(text, hit, clauses, over, elsewhere, starts, cues) if _is_evidence(hit) else None
        if reason:
            void.append((hit, reason))
        else:
            live.append(hit)
    return Verdict(live, void, _barred(cues), _malus(text, cues), None)


def _is_evidence(hit: Hit) -> bool:
    return bool(hit.entry.topics or hit.entry.slots or "states" in hit.entry.cues)


def _whole_text(text: str, cues: dict[str, list[Hit]]) -> str | None:
    adverts = {hit.term for hit in cues.get("advert", ())}
    if len(adverts) >= 2 or (adverts and _PHONE.search(text)):
        return "advert"
    if _LINK.search(text):
        return "link"
    if cues.get("notice") or _NOTICE_HEAD.search(text[:40]):
        return "notice"
    return None


def _over_clauses(text: str, hits: list[Hit], cues: dict[str, list[Hit]], clauses: Clauses) -> set[int]:
    """The clauses whose faults are mended: that of 修好了 and the one before it.

    Not so where it is asked (修好了吗) or where the fault came back (修好了又坏了).
    """
    relapses = [(clauses.of(hit), hit.start) for hit in cues.get("relapse", ())]
    own_things = {clauses.of(hit) for hit in hits if any(term.kind == "things" for term in hit.entry.topics)}
    over: set[int] = set()
    for cue in cues.get("over", ()):
        at = clauses.of(cue)
        came_back = any(
            (clause == at and start > cue.start - 2) or (clause == at + 1 and clause not in own_things)
            for clause, start in relapses
        )
        if not came_back and not _QUESTION.match(text, cue.end):
            over.update({at, at - 1} if at not in own_things else {at})
    return over


def _elsewhere_sentences(text: str, cues: dict[str, list[Hit]], clauses: Clauses) -> set[int]:
    """Sentences about another place; in a petition to an authority a name of a place proves nothing."""
    if cues.get("civic") or is_petition(frames_of(text)):
        return set()
    return {clauses.sentences[clauses.of(hit)] for hit in cues.get("elsewhere", ())}


def _reason(
    text: str,
    hit: Hit,
    clauses: Clauses,
    over: set[int],
    elsewhere: set[int],
    denials: list[tuple[int, int, str]],
    cues: dict[str, list[Hit]],
) -> str | None:
    clause = clauses.of(hit)
    if clause in over:
        return "over"
    if clauses.sentences[clause] in elsewhere:
        return "elsewhere"
    if _is_denied(text, hit, denials):
        return "denied"
    if any(clauses.sentences[clauses.of(cue)] == clauses.sentences[clause] for cue in cues.get("fiction", ())):
        return "fiction"
    if _is_figure(text, hit):
        return "figurative"
    if _is_harm(hit) and any(clauses.of(cue) == clause and cue.end <= hit.start for cue in cues.get("feared", ())):
        return "hypothetical"
    if any(clauses.of(cue) == clause and cue.start < hit.start for cue in cues.get("hypothetical", ())):
        return "hypothetical"
    return None


def _is_denied(text: str, hit: Hit, denials: list[tuple[int, int, str]]) -> bool:
    """没停水, 没漏水了; but not 有没有停水, and not 没电, whose 没 is the fault itself."""
    if hit.term.startswith(_STARTS_NEGATIVE) or all(term.kind == "things" for term in hit.entry.topics):
        return False
    if any(term.topic == "other" for term in hit.entry.topics):
        return False  # 没有学区房, 无配套小学: the lack is the request
    index = bisect_left(denials, (hit.start, -1, ""))
    for end, start, _ in denials[index : index + 4]:
        if end == hit.start and text[start - 1 : start] not in {"有", "又"} and text[start - 2 : start] != "是不":
            return True
    return False


def _is_harm(hit: Hit) -> bool:
    """What may be feared: an accident, a collapse, a fall."""
    return any(term.kind == "urgent" for term in hit.entry.topics) or bool(hit.entry.slots & _HARM)


def _is_figure(text: str, hit: Hit) -> bool:
    """热得要着火, 像着火了一样: what cannot wait is meant as said only where it is not a manner of speaking."""
    if not any(term.kind == "urgent" for term in hit.entry.topics):
        return False
    before = text[max(hit.start - 3, 0) : hit.start]
    return bool(_BEFORE_FIGURE.search(before)) or bool(
        "像" in text[max(hit.start - 8, 0) : hit.start] and _AFTER_FIGURE.match(text, hit.end)
    )


def _barred(cues: dict[str, list[Hit]]) -> dict[str, str]:
    barred: dict[str, str] = {}
    if cues.get("offer"):
        barred["mutual_help"] = "offer"
    if cues.get("advert"):
        barred["mutual_help"] = "advert"
    if cues.get("device"):
        barred["electricity"] = "device"
    return barred


CHATTY, RAMBLING, LONG, LONGER = 1.0, 0.6, 24, 40
UNANCHORED = frozenset({"chatty", "you there", "rambling"})
"""Marks of mere talk. They count only where neither a place of ours is named nor anything asked for."""

SHORT = 16
"""Up to this length a line may be no more than an answer to what somebody said."""


def _malus(text: str, cues: dict[str, list[Hit]]) -> dict[str, float]:
    """Jokes, memories, hearsay and guesses weaken; they do not settle it."""
    jokes = len({hit.term for hit in cues.get("joke", ())})
    is_short = len(text) <= SHORT
    marks = {
        "joke": min(jokes, 2) * 1.0,
        "past": 0.8 if cues.get("past") else 0.0,
        "question": 0.8 if cues.get("question_other") else 0.0,
        "quote": 0.6 if cues.get("quote") else 0.0,
        "advert": 0.8 if cues.get("advert") else 0.0,
        "guess": 1.2 if is_short and (_GUESS_END.search(text) or cues.get("guess")) else 0.0,
        "you": 0.9 if is_short and _YOU.search(text) and not cues.get("civic") else 0.0,
        "chatty": CHATTY if _CHATTY.search(text) else 0.0,
        "you there": CHATTY if not is_short and _YOU.search(text) else 0.0,
        "rambling": RAMBLING * (len(text) > LONG) + RAMBLING * (len(text) > LONGER),
    }
    return {reason: mark for reason, mark in marks.items() if mark}
