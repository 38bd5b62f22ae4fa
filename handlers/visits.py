"""Door-to-door visits: plan, be reminded, record; what was noticed on the way becomes an issue."""

import re
from datetime import datetime, timedelta

from handlers.arguments import Door, MaybeWords
from handlers.casework import grant
from handlers.commands import command
from handlers.describe import door_words
from handlers.masking import shown_words
from handlers.permissions import Action, may, may_anywhere
from handlers.report import file_finding, own_voice
from handlers.texts import texts
from handlers.turn import Turn
from nlp.meaning import Finding
from nlp.when import NoSuchTime, When, find_when
from storage.due import drop_due, plan_due
from storage.errors import Refused
from storage.local_time import local, on_day
from storage.outbox import OutboxKind
from storage.people import Role
from storage.places import Place, PlaceKind, building_by_number
from storage.visits import (
    Household,
    Outcome,
    PlanStatus,
    Visit,
    VisitPlan,
    has_households,
    household_at,
    is_room,
    plan_for,
    plans_of,
)

AN_HOUR = timedelta(hours=1)
LONGEST_PLAN = 40
UNTIL_MISSED = timedelta(hours=12)
_CLAUSE = re.compile(r"[^，。；,;！!？?\n]+[，。；,;！!？?\n]*")
_NOBODY_HOME = re.compile(
    "[没无冇]人在(?:家|屋)|[不没]在(?:家|屋)|家里[没冇]人|[没无冇]人(?:开门|应门|应)|敲门不应|^(?:[没冇]人|不在|没在)[。!！]?$"
)
"""What visitors write where nobody was met."""
_TODAY = "^我?(?:今天|刚才?|上午|下午)?"
_DOOR = r"(?P<door>(?:\d{1,3}\s?栋)?\s?(?:\d{1,2}\s?单元)?\s?\d{3,4})(?:室|号|家)?"
# 302我去过了，老人挺好 · 今天走访了5栋302，一切正常 · 302没人在家
_VISITED = (
    re.compile(
        rf"{_TODAY}{_DOOR}[^,，。\d]{{0,4}}?(?:去|走访|看|上门)(?:过了|过|了)(?P<words>.*)$",
        re.S,
    ),
    re.compile(rf"{_TODAY}(?:去看|去|走访|看望|看)(?:了|过){_DOOR}(?P<words>.*)$", re.S),
    re.compile(rf"^{_DOOR}(?P<words>[没无冇]人(?:在家|在屋|开门)?|[不没]在家)[。!！]?$"),
)
# 302改到后天下午三点
_MOVED = re.compile(rf"^{_DOOR}(?:的?走访)?(?:改到|改成|改在|推到|推迟到|换到|挪到)(?P<words>.+)$")
# 明天上午十点去看302曾奶奶 (and not 明天去302修灯)
_PLANNED = re.compile(rf"(?:去看|去|看望|走访|上门看?){_DOOR}(?!\s*(?:修|换|装|拿|收|送|取|查|搬|接|量|通))")
_CANNOT = re.compile(r"^(?:明天|今天|我)?(?:去不了|没空去|不能去|有事去不了)[了啊]?[。!！]?$")


def read_own_words(text: str, now: datetime) -> tuple[str, str] | None:
    """The command, and what goes with it, that a visitor's own words stand for: 302我去过了 is 走访完成 302."""
    said = text.strip()
    for pattern in _VISITED:
        if match := pattern.match(said):
            return "走访完成", f"{match['door']} {match['words'].lstrip(' ,，。')}"
    if match := _MOVED.match(said):
        return "改期", f"{match['door']} {match['words']}"
    door = _PLANNED.search(said)
    if door is None or len(said) > LONGEST_PLAN:
        return None
    try:
        when = find_when(said, local(now))
    except NoSuchTime:
        return None
    return ("安排", f"{door['door']} {when.words}") if when is not None else None


def cannot_go(turn: Turn) -> bool:
    """去不了, from somebody who is to go: they are asked for another time. False if the line is something else."""
    person = turn.known_person
    if turn.in_group or person is None or not _CANNOT.match(turn.message.text.strip()):
        return False
    plans = plans_of(turn.session, person)
    if plans:
        turn.reply("visit-when-else", room=plans[0].room, door=door_words(plans[0]))
    return bool(plans)


@command("安排", name="plan", may=Action.PLAN_VISIT)
def plan(turn: Turn, door: Door, when: When) -> None:
    """Plan a visit to a door."""
    building = _building(turn, door)
    household = _known_door(turn, building, door)
    mine = (one for one in plans_of(turn.session, turn.person) if _is_at(one, building, door))
    same = next((one for one in mine if one.planned_at == when.at), None)
    planned = same or _plan(turn, building, door, household, when.at)
    turn.reply_privately(_planned_words(turn, planned, household))


@command("改期", name="move", may=Action.PLAN_VISIT)
def move(turn: Turn, door: Door, when: When) -> None:
    """Agree on another time for a planned visit."""
    building = _building(turn, door)
    earlier = plan_for(turn.session, building, door.room, door.unit)
    if earlier is None or earlier.visitor_id != turn.person.id:
        raise Refused("visit-not-planned", room=door.room)
    earlier.move()
    drop_due(turn.session, "visit-reminder", earlier.id)
    drop_due(turn.session, "visit-missed", earlier.id)
    turn.session.flush()
    household = household_at(turn.session, building, door.room, door.unit)
    planned = _plan(turn, building, door, household, when.at)
    turn.reply_privately(_planned_words(turn, planned, household))


@command("走访", name="visits")
def visits(turn: Turn) -> None:
    """The visits one has planned."""
    plans = plans_of(turn.session, turn.person)
    if not plans:
        turn.reply("visits-none")
        return
    lines = [texts().say("visit-item", at=_when_words(plan.planned_at), door=door_words(plan)) for plan in plans[:12]]
    turn.reply_privately("\n".join(lines))


@command("走访完成", "已走访", name="visited", may=Action.PLAN_VISIT)
def visited(turn: Turn, door: Door, words: MaybeWords) -> None:
    """Record a visit; a fault in the note becomes an issue."""
    building = _building(turn, door)
    planned = plan_for(turn.session, building, door.room, door.unit)
    is_met = _NOBODY_HOME.search(words) is None
    visit = Visit(
        community_id=building.community_id, building_id=building.id, unit=door.unit, room=door.room,
        visitor_id=turn.person.id, plan_id=planned.id if planned else None,
        outcome=Outcome.MET if is_met else Outcome.NOBODY_HOME, note=shown_words(words), visited_at=turn.now,
    )  # fmt: skip
    turn.session.add(visit)
    if planned is not None:
        planned.finish()
        drop_due(turn.session, "visit-reminder", planned.id)
        drop_due(turn.session, "visit-missed", planned.id)
    turn.session.flush()
    _answer_visited(turn, building, door, visit, words, is_met=is_met)


def _answer_visited(turn: Turn, building: Place, door: Door, visit: Visit, words: str, *, is_met: bool) -> None:
    seen = turn.understander.understand(words) if words else None
    text = texts().say("visit-recorded" if is_met else "visit-nobody-home", room=door.room)
    for finding in seen.findings if seen else ():
        voice = own_voice(turn, _clauses_of(words, finding))
        filed = file_finding(turn, finding, building, voice)
        key = "visit-issue" if filed.is_fresh else "visit-joined"
        text += texts().say(key, number=filed.issue.number, title=filed.issue.title)
    if is_met:
        assert building.community_id is not None
        day = local(turn.now).date()
        source = f"visit:{turn.person.id}:{building.id}:{door.room}:{day}"
        amount = grant(turn, turn.person, turn.rules.points.visit, "care", "visit", source, building.community_id)
        text += texts().say("visit-thanks") + (
            texts().say("earned", amount=amount, domain=texts().say("domain-care")) if amount else ""
        )
    turn.reply_privately(text)


def _clauses_of(words: str, finding: Finding) -> str:
    """The part of a note that speaks of the fault: how the people at the door are is nobody else's business."""
    wanted = {position for shown in finding.evidence for position in (shown.start, shown.end - 1)}
    parts = [
        match[0].rstrip(" ，。；,;\n")
        for match in _CLAUSE.finditer(words)
        if any(match.start() <= position < match.end() for position in wanted)
    ]
    return " ".join(parts) or words


def remind(turn: Turn, planned: VisitPlan, slot: str) -> None:
    """The evening before, or an hour ahead. Late is better than never, until the visit begins."""
    if planned.status != PlanStatus.PLANNED or turn.now >= planned.planned_at:
        return
    key = "visit-evening" if slot == "evening" else "visit-hour"
    household = household_at(turn.session, planned.building, planned.room, planned.unit)
    text = texts().say(
        key, at=_reminder_time(turn, planned), door=door_words(planned), who=_holder_words(household), room=planned.room
    )
    turn.tell(planned.visitor, text, kind=OutboxKind.REMINDER, expires_at=planned.planned_at)


def mark_missed(turn: Turn, planned: VisitPlan) -> None:
    """The time is over and nothing was recorded: it counts as missed, without blame."""
    if planned.status == PlanStatus.PLANNED:
        planned.miss()


def _building(turn: Turn, door: Door) -> Place:
    """The building of a door: the one named, the head's own, or the group's."""
    held = [
        held.place
        for held in turn.person.held()
        if held.role in {Role.BUILDING_HEAD, Role.VOLUNTEER} and held.place.kind == PlaceKind.BUILDING
    ]
    own = next(iter(held), None) or turn.building
    building = own
    if door.building is not None and turn.community_id is not None:
        building = building_by_number(turn.session, turn.community_id, door.building, own)
    if not may_anywhere(turn.person, Action.PLAN_VISIT):
        raise Refused("not-allowed-visits")
    if building is None:
        raise Refused("which-door", room=door.room)
    if not may(turn.person, Action.PLAN_VISIT, building) and not _is_own_volunteer(turn, building):
        raise Refused("not-allowed-visit", building=building.name)
    return building


def _is_own_volunteer(turn: Turn, building: Place) -> bool:
    return any(held.role == Role.VOLUNTEER and building.is_within(held.place_id) for held in turn.person.held())


def _known_door(turn: Turn, building: Place, door: Door) -> Household | None:
    household = household_at(turn.session, building, door.room, door.unit)
    if household is None and has_households(turn.session, building) and not is_room(turn.session, building, door.room):
        raise Refused("door-unknown", building=building.name, room=door.room)
    return household


def _plan(turn: Turn, building: Place, door: Door, household: Household | None, at: datetime) -> VisitPlan:
    planned = VisitPlan(
        community_id=building.community_id, building_id=building.id, building=building,
        unit=door.unit or (household.unit if household and household.unit else None), room=door.room,
        visitor=turn.person, planned_at=at, status=PlanStatus.PLANNED, created_at=turn.now,
    )  # fmt: skip
    turn.session.add(planned)
    turn.session.flush()
    day_before = local(at).date() - timedelta(days=1)
    for slot, due_at in (("evening", on_day(day_before, turn.rules.reminder_evening)), ("hour", at - AN_HOUR)):
        if due_at > turn.now:
            plan_due(turn.session, "visit-reminder", planned.id, slot, due_at)
    plan_due(turn.session, "visit-missed", planned.id, "end", at + UNTIL_MISSED)
    return planned


def _is_at(plan: VisitPlan, building: Place, door: Door) -> bool:
    return plan.building_id == building.id and plan.room == door.room and door.unit in {None, plan.unit}


def _planned_words(turn: Turn, planned: VisitPlan, household: Household | None) -> str:
    return texts().say(
        "visit-planned", at=_when_words(planned.planned_at), door=door_words(planned), who=_holder_words(household)
    )


def _holder_words(household: Household | None) -> str:
    if household is None or not household.holder:
        return ""
    tags = texts().say("list-comma").join(household.tags)
    return f" {household.holder}" + (texts().say("in-brackets", words=tags) if tags else "")


def _when_words(at: datetime) -> str:
    clock = local(at)
    weekday = texts().say(f"weekday-{clock.isoweekday()}")
    return texts().say("when", month=clock.month, day=clock.day, weekday=weekday, clock=f"{clock:%H:%M}")


def _reminder_time(turn: Turn, planned: VisitPlan) -> str:
    clock = local(planned.planned_at)
    days = (clock.date() - local(turn.now).date()).days
    day = (
        texts().say("today" if days == 0 else "tomorrow")
        if days in {0, 1}
        else texts().say("day", month=clock.month, day=clock.day)
    )
    return f"{day}{clock:%H:%M}"
