"""How records are named in a sentence: places, people, states, durations."""

from datetime import timedelta

from handlers.texts import texts
from storage.issues import Issue, Level
from storage.local_time import local
from storage.people import Person, Role
from storage.visits import VisitPlan

_ROLE_ORDER = (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF, Role.STREET, Role.VOLUNTEER)


def place_words(issue: Issue) -> str:
    """Unit, floor and spot, as far as known; never the room, which would name a household.

    A spot that the title names already (污水下水道) is not said twice.
    """
    spot = issue.spot if issue.spot and issue.spot not in issue.title else ""
    return "".join((
        texts().say("place-unit", unit=issue.unit) if issue.unit else "",
        texts().say("place-floor", floor=issue.floor) if issue.floor else "",
        spot.removeprefix(texts().say("unit-word")) if issue.unit else spot,
    ))  # fmt: skip


def building_words(issue: Issue, level: Level) -> str:
    """The building; for the street with its community, since each has a 5栋 and a 12号 of its own."""
    community = next((place for place in issue.building.above() if place.id == issue.community_id), None)
    return (community.name if community and level is Level.STREET else "") + issue.building.name


def full_place_words(issue: Issue) -> str:
    """The place with its room: only for those who have to go there."""
    unit = texts().say("place-unit", unit=issue.unit) if issue.unit else ""
    floor = texts().say("place-floor", floor=issue.floor) if issue.floor and not issue.room else ""
    return f"{issue.building.name}{unit}{floor}{issue.room or ''} {issue.spot or ''}".rstrip()


def shown_reporter(issue: Issue) -> str:
    """The reporter's name, unless they asked not to be named."""
    return texts().say("anonymous") if issue.is_anonymous else issue.reporter.shown_name


def limit_words(issue: Issue) -> str:
    """Until when it ought to be done, or that it waits: 限11-30 17:00."""
    if issue.paused_at is not None:
        return texts().say("limit-paused")
    return texts().say("limit", at=f"{local(issue.act_by):%m-%d %H:%M}") if issue.act_by else ""


def role_and_name(person: Person) -> str:
    """楼栋长张建国: how somebody with a duty is named to residents."""
    role = next((role for role in _ROLE_ORDER if person.has(role)), None)
    title = texts().say(f"role-{role.replace('_', '-')}") if role else ""
    return title + person.shown_name


def status_words(issue: Issue) -> str:
    """已登记, 处理中 …, with who has it."""
    name = issue.handler.shown_name if issue.handler else ""
    into = issue.merged_into.number if issue.merged_into else 0
    return texts().say(f"status-{issue.status}", name=name, into=into)


def duration_words(length: timedelta) -> str:
    """2小时25分; from two days on 3天."""
    minutes = max(int(length.total_seconds()) // 60, 1)
    if minutes >= 2 * 24 * 60:
        return texts().say("duration-days", days=minutes // (24 * 60))
    if minutes >= 60 and minutes % 60 == 0:
        return texts().say("duration-whole-hours", hours=minutes // 60)
    if minutes >= 60:
        return texts().say("duration-hours", hours=minutes // 60, minutes=minutes % 60)
    return texts().say("duration-minutes", minutes=minutes)


def door_words(plan: VisitPlan) -> str:
    """5栋1单元302: for a visitor's eyes only."""
    unit = texts().say("place-unit", unit=plan.unit) if plan.unit else ""
    return plan.building.name + unit + plan.room
