"""Residents' words become numbered issues, or a further voice for one that is there."""

from dataclasses import dataclass

from handlers.answers import alert, answer_reports
from handlers.describe import shown_reporter
from handlers.escalation import act_by, expect_action, start_clocks, stop_clocks
from handlers.masking import redact_identity, shown_words
from handlers.news import tell_workers
from handlers.responsible import alert_people
from handlers.texts import texts
from handlers.turn import Turn
from nlp.meaning import Finding, Understanding
from storage.chats import Chat
from storage.domains import is_private
from storage.ids import known_id
from storage.issues import (
    MAX_WORDS,
    Event,
    Issue,
    IssueEvent,
    Level,
    alike,
    closed_before,
    private_twins,
    same_matter,
)
from storage.local_time import local
from storage.outbox import is_said
from storage.people import Person
from storage.places import Place, PlaceKind, building_by_number, buildings_numbered, next_issue_number

THIRD_VOICE = 3
ASKED_FOR = frozenset({"mutual_help", "volunteer"})
BROAD = ASKED_FOR | {
    "building", "security", "fire", "property", "neighbour", "conduct", "structures", "clutter", "pollution", "culture",
}  # fmt: skip
"""Topics that cover many things: two reports of one of them may be of different ones."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who said something, where, in which message and in what words; and whether they want to be named."""

    person: Person
    chat: Chat
    message_id: str
    words: str
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a matter: a new issue, or one that was there, perhaps with a voice more."""

    issue: Issue
    is_fresh: bool
    is_new_voice: bool = False


def own_voice(turn: Turn, words: str) -> Voice:
    """The speaker of this very message."""
    return Voice(turn.person, turn.chat, turn.message.message_id, words)


def file_report(turn: Turn, understanding: Understanding) -> list[Issue]:
    """Register what was said, and answer. Returns the new issues."""
    turn.begin()  # first, so that it is saved together with whoever speaks
    fresh = file_findings(turn, understanding, own_voice(turn, understanding.text))
    if fresh:
        answer_reports(turn, fresh, understanding.place.building)
    return fresh


def file_findings(turn: Turn, understanding: Understanding, voice: Voice) -> list[Issue]:
    """Register every matter in a message, or count it to one that is there. Returns the new issues."""
    turn.begin()
    building = turn.building
    community_id = turn.community_id
    if community_id is None:
        if turn.in_group:
            _ask_whose(turn)
            return []
        building = _strangers_building(turn, understanding)
        if building is None or building.community_id is None:
            return []
        community_id = building.community_id
    fresh: list[Issue] = []
    for finding in understanding.findings:
        place = _building_of(turn, finding, building, community_id)
        if place is None:
            _ask_building(turn, finding)
            continue
        filed = file_finding(turn, finding, place, voice)
        if filed.is_fresh:
            fresh.append(filed.issue)
        else:
            say_joined(turn, filed.issue, filed.is_new_voice)
    return fresh


def file_finding(turn: Turn, finding: Finding, building: Place, voice: Voice) -> Filed:
    """A matter becomes a new issue, or joins the live one that it repeats."""
    draft = _draft(turn, finding, building, voice)
    alike_ones = _alike(turn, draft)
    known = same_matter(alike_ones, draft)
    if known is not None:
        return Filed(known, is_fresh=False, is_new_voice=second(turn, known, finding, voice))
    return Filed(_register(turn, draft, alike_ones, voice), is_fresh=True)


def register(turn: Turn, finding: Finding, building: Place, voice: Voice) -> Issue:
    """A new issue in a building, whatever else is known there."""
    draft = _draft(turn, finding, building, voice)
    return _register(turn, draft, _alike(turn, draft), voice)


def _alike(turn: Turn, draft: Issue) -> list[Issue]:
    rules = turn.rules
    known = alike(turn.session, draft, turn.now - rules.support_window, turn.now - rules.limits.recurs_within)
    return [issue for issue in known if issue.topic not in BROAD or _is_of_same_thing(turn, issue, draft)]


def _is_of_same_thing(turn: Turn, issue: Issue, draft: Issue) -> bool:
    """Of two of one broad topic whether they are about one thing: a loose handrail is no broken door.

    Where nobody says what it is about, or the other thing is named at once and nowhere else (那个闭门器漏油了), it may
    be the same if it is recent; whoever asks for a hand asks for their own.
    """
    is_same = turn.understander.names_same(issue.words, draft.words)
    age = turn.now - issue.reported_at
    if is_same or not issue.is_live:
        return bool(is_same)
    if issue.topic in ASKED_FOR:
        return is_same is None and issue.reporter_id == draft.reporter_id
    if is_same is None:
        return age <= turn.rules.second_window
    return age <= turn.rules.aside_window and not (draft.unit or draft.floor or draft.room or draft.spot)


def _register(turn: Turn, draft: Issue, alike_ones: list[Issue], voice: Voice) -> Issue:
    """Give an issue its number and start its clocks. What was struck off lately has come back with it."""
    draft.number = next_issue_number(turn.session, draft.community_id)
    draft.returns_from(closed_before(alike_ones))
    draft.events.append(
        IssueEvent(
            event=Event.REPORTED, by=None if voice.is_anonymous else voice.person, at=turn.now,
            message=turn.message.key,
        )
    )  # fmt: skip
    draft.act_by = act_by(turn, draft)
    turn.session.add(draft)
    draft.picture(turn.message.account, turn.message.photos, turn.now)
    known_id(turn.session, draft)
    start_clocks(turn, draft)
    if draft.is_public:
        # What somebody told the bot alone, and the group speaks of now, is one matter: the group's.
        for twin in private_twins(alike_ones):
            turn.session.flush()  # the twin cannot point to what is not saved
            twin.merge_into(draft, None, turn.now)
            stop_clocks(turn, twin)
    senders = (account.address for account in voice.person.accounts)
    turn.memory.note_report(voice.chat.address, turn.now, senders, is_urgent=draft.is_urgent)
    return draft


def _draft(turn: Turn, finding: Finding, building: Place, voice: Voice) -> Issue:
    where = finding.place
    with turn.session.no_autoflush:  # it is not to be saved before it is known to be new
        return Issue(
            community_id=building.community_id,
            building_id=building.id,
            building=building,
            domain=finding.label,
            topic=finding.topic,
            kind=finding.kind,
            is_urgent=finding.is_urgent,
            is_sensitive=is_private(finding.topic, is_urgent=finding.is_urgent),
            unit=where.unit,
            floor=where.floor,
            room=where.room,
            spot=where.spot,
            words=redact_identity(voice.words)[:MAX_WORDS],
            evidence=[shown.as_dict() for shown in finding.evidence][:12],
            score=finding.score,
            status="open",
            reporter_id=voice.person.id,
            reporter=voice.person,
            chat_id=voice.chat.id,
            chat=voice.chat,
            is_anonymous=voice.is_anonymous,
            level=Level.COMMUNITY if finding.is_urgent else Level.BUILDING,
            steps=0,
            source_message=voice.message_id,
            reported_at=turn.now,
            is_overdue=False,
            events=[],
            supporters=[],
            photos=[],
        )


def second(turn: Turn, issue: Issue, finding: Finding | None = None, voice: Voice | None = None) -> bool:
    """The same trouble from somebody else counts (True); from the same person it is a detail."""
    turn.begin()
    person, chat = (voice.person, voice.chat) if voice else (turn.person, turn.chat)
    is_new = issue.support(person, chat, turn.now)
    issue.picture(turn.message.account, turn.message.photos, turn.now)
    if finding is not None:
        is_placed = issue.place_from(finding.place.unit, finding.place.floor, None, finding.place.spot)
        if is_placed or finding.is_urgent:
            issue.detail(person, turn.now, shown_words(turn.message.text))
        if finding.is_urgent:
            _pass_on(turn, issue, person)
    turn.memory.note_report(turn.message.chat, turn.now, is_urgent=finding is not None and finding.is_urgent)
    return is_new


def _pass_on(turn: Turn, issue: Issue, person: Person) -> None:
    """What cannot wait is read by whoever was alerted, in its own words: it may be of somebody else in danger.

    That one fire is seen by ten neighbours they need not read ten times.
    """
    is_reporter = person.id == issue.reporter_id
    if issue.is_urgent and not is_reporter and issue.domain != "care":
        return
    if not issue.is_urgent:
        issue.is_urgent = True
        expect_action(turn, issue, anew=True)
        alert(turn, issue)
    # Who speaks up in private is counted and not named.
    other = person.shown_name if turn.in_group else texts().say("anonymous")
    more = texts().say(
        "issue-urgent-more", number=issue.number, title=issue.title, clock=f"{local(turn.now):%H:%M}",
        name=shown_reporter(issue) if is_reporter else other, words=shown_words(turn.message.text),
    )  # fmt: skip
    tell_workers(turn, issue, alert_people(turn, issue), more, has_photos=False)


def say_joined(turn: Turn, issue: Issue, is_new_voice: bool) -> None:
    """A nod in the group; where nobody sees a nod, once a word on how many there are; in private a line."""
    if not turn.in_group:
        turn.reply("supported-private" if is_new_voice else "detail-noted", number=issue.number, title=issue.title)
        return
    turn.react("👍")
    if is_new_voice and not turn.message.can_press and issue.voices == THIRD_VOICE:
        turn.reply("supported", number=issue.number, count=issue.voices, issue=issue)


def _building_of(turn: Turn, finding: Finding, own: Place | None, community_id: int) -> Place | None:
    """Whose business it is: the building that was named, else the group's own.

    A number that no building here has is a slip of the tongue in a building's own group; elsewhere it
    has to be asked.
    """
    said = finding.place.building
    if said is None:
        return own
    return building_by_number(turn.session, community_id, said, own) or own


def _strangers_building(turn: Turn, understanding: Understanding) -> Place | None:
    """The building that somebody who belongs nowhere yet names, if the town has just one of that number.

    Of several it is the one whose community or estate they name, too; else they are asked.
    """
    number = understanding.place.building
    known = buildings_numbered(turn.session, number) if number is not None else []
    text = turn.message.text
    named = [place for place in known if any(one.name in text for one in place.above() if one.kind != PlaceKind.STREET)]
    found = named if len(named) == 1 else known
    if len(found) == 1:
        return found[0]
    if not known:
        turn.reply("private-stranger")
    else:
        community = next(one for one in known[0].above() if one.id == known[0].community_id)
        turn.reply("which-community", building=number, example=f"{community.name}{known[0].name}")
    return None


def _ask_whose(turn: Turn) -> None:
    """A report in a group that has no building yet: it is told once a day how to be bound."""
    key = f"unbound:{turn.chat.id}:{local(turn.now).date()}"
    if not is_said(turn.session, key):
        turn.say(turn.chat, texts().say("group-unbound"), key=key)


def _ask_building(turn: Turn, finding: Finding) -> None:
    turn.reply("which-building", title=shown_words(turn.message.text)[:12])
