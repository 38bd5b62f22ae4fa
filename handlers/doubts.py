"""Between sure and silent: the group hears nothing, the building head is asked in private, several at a time."""

import hashlib
import re
from datetime import timedelta

from handlers.answers import announce
from handlers.corrections import note_correction
from handlers.masking import redact_identity, shown_words
from handlers.report import Voice, file_finding
from handlers.responsible import reachable
from handlers.texts import texts
from handlers.turn import Turn
from nlp.meaning import Finding, Understanding
from nlp.normalize import normalize
from nlp.place import find_place
from storage.corrections import CorrectionKind
from storage.doubts import Doubt, asked_of, forget_asked, open_doubts
from storage.due import plan_for_new, replan_due, waiting_of
from storage.issues import MAX_WORDS
from storage.local_time import after_quiet, local
from storage.people import Person, Role
from storage.places import Place

MOST_ASKED = 9
"""One digit each, and no more than a screen."""

AT_ONCE = 5
"""With so many gathered they are asked about without waiting any longer."""

ANSWERED_WITHIN = timedelta(hours=24)

_ALL_YES = re.compile(r"^(?:都是|全是|全部是|都算)[。!！]?$")
_ALL_NO = re.compile(r"^(?:都不是|全不是|都不算|一条都不是)[。!！]?$")
_ONE = re.compile(r"^(?P<no>不是|不算)?(?:是|算)?的?[。!！]?$")
# 1 是 2 不是 · 1、3是，2不是 · 1是2否
_SOME = re.compile(r"(?P<numbers>\d(?:[\s,，、和]{0,3}\d)*)\s{0,2}(?P<word>不是|不算|否|是|算|对)")


def keep_doubt(turn: Turn, understanding: Understanding) -> None:
    """Keep a message that may be a report until somebody says whether it is."""
    if not turn.in_group or turn.building is None:
        return
    turn.begin()
    doubt = Doubt(
        building_id=turn.building.id, building=turn.building, chat=turn.chat, person=turn.person,
        source_message=turn.message.message_id, words=redact_identity(understanding.text)[:MAX_WORDS],
        heard_at=turn.now,
    )  # fmt: skip
    turn.session.add(doubt)
    gathered = open_doubts(turn.session, turn.building.id)
    unasked = [one for one in gathered if one.asked_at is None]
    if len(gathered) >= AT_ONCE and len(unasked) == len(gathered):
        ask_doubts(turn, turn.building)  # whoever was asked already and has not answered is left in peace
    elif len(unasked) == 1 or waiting_of(turn.session, "doubts", turn.building.id) is None:
        at = after_quiet(turn.now + turn.rules.ask_doubts_after, turn.rules.quiet_start, turn.rules.quiet_end)
        plan_for_new(turn.session, turn.building.id, [("doubts", _mark_of(turn.message.key), at)])


def ask_doubts(turn: Turn, building: Place) -> None:
    """Ask whoever is to decide about what has gathered; what they have not answered yet heads the list again."""
    waiting = open_doubts(turn.session, building.id)[:MOST_ASKED]
    people = reachable(turn, building, (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF))
    if not people:
        forget_asked(turn.session, building.id, None)  # nobody is there to decide: what may be talk is not kept
        return
    if any(doubt.asked_at is None for doubt in waiting):
        _ask(turn, building, people[0], waiting)
    _plan_forgetting(turn, building)


def _ask(turn: Turn, building: Place, person: Person, waiting: list[Doubt]) -> None:
    for position, doubt in enumerate(waiting, 1):
        doubt.asked_of_id, doubt.position = person.id, position
        doubt.asked_at = doubt.asked_at or turn.now
    lines = [
        texts().say(
            "doubts-item", position=doubt.position, clock=f"{local(doubt.heard_at):%H:%M}",
            name=doubt.person.shown_name, words=shown_words(doubt.words)[:60],
        )
        for doubt in waiting
    ]  # fmt: skip
    key = "doubts-ask" if len(waiting) > 1 else "doubts-ask-one"
    turn.tell(person, texts().say(key, building=building.name, count=len(waiting), items="\n".join(lines)))


def forget_doubts(turn: Turn, building: Place) -> None:
    """Nobody answered in time: silence means no, and what was kept for the question goes."""
    turn.begin()
    forget_asked(turn.session, building.id, turn.now - ANSWERED_WITHIN + timedelta(seconds=1))
    if open_doubts(turn.session, building.id):
        ask_doubts(turn, building)


def _plan_forgetting(turn: Turn, building: Place) -> None:
    """What was asked about first is forgotten first; then it is seen to the rest."""
    asked = [doubt.asked_at for doubt in open_doubts(turn.session, building.id) if doubt.asked_at is not None]
    if asked:
        replan_due(turn.session, "doubts-forget", building.id, min(asked) + ANSWERED_WITHIN)


def _mark_of(key: str) -> str:
    """What no other message has ever had: ids of doubts come again once the rows are gone."""
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()


def answer_doubts(turn: Turn) -> bool:
    """«1 是 2 不是» in private, from the one who was asked. False if the line is no such answer."""
    words = normalize(turn.message.text[:80]).text.strip()
    if turn.in_group or not (_ALL_YES.match(words) or _ALL_NO.match(words) or _ONE.match(words) or _SOME.search(words)):
        return False
    person = turn.known_person
    doubts = asked_of(turn.session, person.id, turn.now - ANSWERED_WITHIN) if person else []
    verdicts = read_verdicts(words, len(doubts)) if doubts else {}
    if not verdicts:
        return False
    turn.begin()
    told = [_settle(turn, doubt, is_report=verdicts[doubt.position]) for doubt in doubts if doubt.position in verdicts]
    filed = [line for line in told if line]
    dropped = len(told) - len(filed)
    parts = [texts().say("doubts-filed", items=texts().say("list-comma").join(filed))] if filed else []
    parts += [texts().say("doubts-dropped", count=dropped)] if dropped else []
    turn.say(turn.chat, "".join(parts))
    if any(doubt.asked_at is None for doubt in open_doubts(turn.session, doubts[0].building_id)):
        ask_doubts(turn, doubts[0].building)
    return True


def read_verdicts(words: str, count: int) -> dict[int, bool]:
    """Which of the numbered messages are reports and which are not, as far as it was said."""
    if _ALL_YES.match(words):
        return dict.fromkeys(range(1, count + 1), True)
    if _ALL_NO.match(words):
        return dict.fromkeys(range(1, count + 1), False)
    if count == 1 and words and (match := _ONE.match(words)):
        return {1: match["no"] is None}
    verdicts: dict[int, bool] = {}
    for match in _SOME.finditer(words):
        for number in re.findall(r"\d", match["numbers"]):
            verdicts[int(number)] = match["word"] not in {"不是", "不算", "否"}
    return {number: verdict for number, verdict in verdicts.items() if 1 <= number <= count}


def _settle(turn: Turn, doubt: Doubt, *, is_report: bool) -> str | None:
    """File it or forget it. Returns what was filed, in a word."""
    understanding = turn.understander.understand(doubt.words)
    finding = finding_of(understanding)
    kind = CorrectionKind.ASKED_YES if is_report else CorrectionKind.ASKED_NO
    label, topic = (finding.label, finding.topic) if is_report else ("none", None)
    terms = [shown.term for shown in understanding.evidence]
    words = doubt.words if is_report else None
    assert doubt.building.community_id is not None
    note_correction(turn, doubt.building.community_id, kind, label, topic, words, terms)
    said = None
    if is_report:
        voice = Voice(doubt.person, doubt.chat, doubt.source_message, doubt.words)
        filed = file_finding(turn, finding, doubt.building, voice)
        if filed.is_fresh:
            announce(turn, filed.issue)
        said = texts().say("issue-item", number=filed.issue.number, title=filed.issue.title)
    turn.session.delete(doubt)
    return said


def finding_of(understanding: Understanding) -> Finding:
    """What a message is filed as when a person says that it is a report: the likeliest, else ``other``."""
    if understanding.findings:
        return understanding.findings[0]
    if understanding.maybe is not None:
        return understanding.maybe
    # Of what says nothing by itself not even the place was looked for.
    place = understanding.place or find_place(normalize(understanding.text).text)
    return Finding("other", None, 0.0, False, place, (), understanding.text)
