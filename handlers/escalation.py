"""Limits and who hears of it when one has passed: a reminder, then grid, community and street (上报)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.arguments import IssueNumber, Length, MaybeNumber, Words
from handlers.commands import command
from handlers.describe import building_words, duration_words, limit_words, place_words, role_and_name
from handlers.masking import shown_words
from handlers.news import tell_workers, work_words
from handlers.permissions import Action, may
from handlers.responsible import alert_people
from handlers.texts import texts
from handlers.turn import Turn
from storage.due import drop_due, plan_for_new, replan_due, slot_at
from storage.errors import Refused
from storage.issues import LEVELS, Issue, Level, Status, unanswered_alerts
from storage.people import Person, Role, buildings_of, holders_up
from storage.working_time import add_working_time

ROLE_AT = {
    Level.BUILDING: Role.BUILDING_HEAD, Level.GRID: Role.GRID_WORKER,
    Level.COMMUNITY: Role.STAFF, Level.STREET: Role.STREET,
}  # fmt: skip
LONGEST_PAUSE = timedelta(minutes=30)
ALERT_FOR = timedelta(hours=24)
"""An alert that nobody answered for a day has gone through every level; it is in the digest."""


def expect_action(turn: Turn, issue: Issue, *, anew: bool = False) -> None:
    """Go on with the clocks of an issue that is claimed or given back, or set them (``anew``) for one open again."""
    if anew or issue.act_by is None:
        issue.act_by = act_by(turn, issue)
        issue.steps = 0
    issue.is_overdue = issue.act_by <= turn.now
    for kind, at in _clocks(turn, issue):
        _plan(turn, kind, issue, at)


def start_clocks(turn: Turn, issue: Issue) -> None:
    """Start the clocks of an issue that is new: nothing can be planned for it yet."""
    plan_for_new(turn.session, issue.id, ((kind, slot_at(at), at) for kind, at in _clocks(turn, issue)))


def act_by(turn: Turn, issue: Issue) -> datetime:
    """When an issue of its kind, urgency and topic ought to be done, counted from now."""
    return _after(turn, issue, _act_limit(turn, issue))


def _clocks(turn: Turn, issue: Issue) -> Iterator[tuple[str, datetime]]:
    """What is to be looked at when, as an issue stands."""
    assert issue.act_by is not None
    if issue.status == Status.OPEN:
        yield "claim-limit", _after(turn, issue, _claim_limit(turn, issue))
    yield "act-limit", issue.act_by
    if is_alerting(issue):
        yield "alert", turn.now + turn.rules.limits.repeat_alert


def stop_claim_clock(turn: Turn, issue: Issue) -> None:
    """Somebody has it: nobody needs to be asked to take it."""
    drop_due(turn.session, "claim-limit", issue.id)
    drop_due(turn.session, "alert", issue.id)
    issue.steps = 0


def stop_clocks(turn: Turn, issue: Issue) -> None:
    """It is done with: nobody is reminded of it any more."""
    stop_claim_clock(turn, issue)
    drop_due(turn.session, "act-limit", issue.id)


def _claim_limit(turn: Turn, issue: Issue) -> timedelta:
    limits = turn.rules.limits
    return limits.claim_urgent if issue.is_urgent else limits.claim


def _act_limit(turn: Turn, issue: Issue) -> timedelta:
    limits = turn.rules.limits
    if issue.is_urgent:
        return limits.act_urgent
    by_topic = limits.act_by_topic.get(issue.topic or "")
    return by_topic or limits.act_by_kind.get(issue.kind or "", limits.act_otherwise)


def _after(turn: Turn, issue: Issue, length: timedelta, start: datetime | None = None) -> datetime:
    """What is urgent or must not wait for Monday runs by the clock, everything else in working time."""
    start = start or turn.now
    runs_on = issue.is_urgent or issue.topic in turn.rules.limits.act_by_topic
    return start + length if runs_on else add_working_time(start, length)


def _plan(turn: Turn, kind: str, issue: Issue, at: datetime) -> None:
    replan_due(turn.session, kind, issue.id, at)


def claim_limit_passed(turn: Turn, issue: Issue) -> None:
    """Nobody took it in time: the next one up hears of it, and so on until somebody does."""
    if issue.status != Status.OPEN or issue.paused_at is not None:
        return
    _remind(turn, issue, "issue-overdue")
    if issue.level != Level.STREET:
        _plan(turn, "claim-limit", issue, _after(turn, issue, _claim_limit(turn, issue)))


def act_limit_passed(turn: Turn, issue: Issue) -> None:
    """It was not done in time: whoever has it is reminded, then the next one up hears of it, and so on."""
    if not issue.is_live or issue.paused_at is not None:
        return
    if issue.status == Status.OPEN and issue.acknowledged_at is None:
        if not issue.is_overdue:
            issue.mark_overdue(turn.now)
        return  # the clock for claiming runs, and asks the next one up by itself
    _remind(turn, issue, "issue-late" if issue.handler else "issue-overdue")
    if issue.level != Level.STREET:
        length = turn.rules.limits.act_urgent if issue.is_urgent else turn.rules.limits.claim
        _plan(turn, "act-limit", issue, _after(turn, issue, length))


def _remind(turn: Turn, issue: Issue, key: str) -> None:
    """One step: first those who were asked to do it, then level by level, each once."""
    if not issue.is_overdue:
        issue.mark_overdue(turn.now)
    turn.begin()
    step, issue.steps = issue.steps, issue.steps + 1
    if step == 0 and (told := _reminded_first(turn, issue)):
        own = "issue-late-own" if issue.handler else key
        tell_workers(turn, issue, told, _late_words(turn, issue, own, Level.BUILDING), has_photos=False)
        return
    while issue.level != Level.STREET:
        level = next_level(issue)
        issue.escalate(None, turn.now, level, texts().say("escalated-overdue"))
        if _tell_level(turn, issue, level, _late_words(turn, issue, key, level)):
            return


def _reminded_first(turn: Turn, issue: Issue) -> list[Person]:
    if issue.handler is not None:
        people = [issue.handler]
    elif issue.is_urgent and issue.acknowledged_at is None:
        people = []  # the alert itself is being repeated to them
    else:
        people = holders_up(turn.session, issue.building, Role.STAFF if issue.is_sensitive else Role.BUILDING_HEAD)
    return [person for person in people if turn.private_chat(person) is not None]


def _tell_level(turn: Turn, issue: Issue, level: Level, text: str) -> list[Person]:
    people = holders_up(turn.session, issue.building, ROLE_AT[level])
    return tell_workers(turn, issue, [one for one in people if one.id != issue.handler_id], text)


def _late_words(turn: Turn, issue: Issue, key: str, level: Level) -> str:
    handler = issue.handler.shown_name if issue.handler else ""
    waited = duration_words(turn.now - issue.reported_at)
    place = building_words(issue, level) + place_words(issue)
    text = texts().say(key, number=issue.number, title=issue.title, place=place, waited=waited, name=handler)
    return (texts().say("urgent-mark") if issue.is_urgent else "") + text


def next_level(issue: Issue) -> Level:
    """Who is asked next. What is sensitive goes from the community to the street, past head and grid worker."""
    if issue.is_sensitive and issue.level in {Level.BUILDING, Level.GRID}:
        return Level.STREET
    return LEVELS[min(LEVELS.index(Level(issue.level)) + 1, len(LEVELS) - 1)]


@command("上报", name="escalate", may=Action.ESCALATE)
def escalate(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Hand an issue to the next level up, for a reason."""
    issue = turn.issue(number)
    level = _reachable_level(turn, issue, _level_above(turn, issue))
    issue.escalate(turn.person, turn.now, level, shown_words(words))
    told = _tell_level(turn, issue, level, _escalated_words(turn, issue, level, shown_words(words)))
    level_name = texts().say(f"level-{level}")
    to = role_and_name(told[0]) if told else level_name
    turn.reply("issue-escalated" if told else "issue-escalated-unheard", number=issue.number, to=to, level=level_name)


def _reachable_level(turn: Turn, issue: Issue, lowest: Level) -> Level:
    """The first level from there up where the bot can tell somebody; the lowest, if it can tell nobody."""
    for level in LEVELS[LEVELS.index(lowest) :]:
        people = holders_up(turn.session, issue.building, ROLE_AT[level])
        if any(turn.private_chat(person) for person in people):
            return level
    return lowest


def _level_above(turn: Turn, issue: Issue) -> Level:
    """The level above the issue's own and above the speaker's: staff hand up to the street."""
    own = max((LEVELS.index(level) for level, role in ROLE_AT.items() if _holds(turn.person, role, issue)), default=0)
    at = max(own, LEVELS.index(next_level(issue)) - 1)
    if at + 1 >= len(LEVELS):
        raise Refused("issue-at-the-top", number=issue.number)
    return LEVELS[at + 1]


def _holds(person: Person, role: Role, issue: Issue) -> bool:
    return any(held.role == role and issue.building.is_within(held.place_id) for held in person.held())


def _escalated_words(turn: Turn, issue: Issue, level: Level, words: str) -> str:
    more = texts().say("escalated-by", name=role_and_name(turn.person), words=words)
    return work_words(issue, "issue-new", more=more, place=building_words(issue, level) + place_words(issue))


@command("延期", name="extend", may=Action.RESCHEDULE)
def extend(turn: Turn, number: IssueNumber, length: Length, words: Words) -> None:
    """Give an issue more time, for a reason that stays in its history."""
    issue = turn.issue(number)
    until = _after(turn, issue, length, max(issue.act_by or turn.now, turn.now))
    if until - turn.now > timedelta(days=366):
        raise Refused("extended-too-far", number=issue.number)
    issue.extend(turn.person, turn.now, until, shown_words(words))
    issue.steps = 0
    _plan(turn, "act-limit", issue, until)
    turn.reply("issue-extended", number=issue.number, limit=limit_words(issue))


@command("暂停", name="pause", may=Action.RESCHEDULE)
def pause(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Nothing can be done for now: the clocks stand still, for a reason that stays in its history."""
    issue = turn.issue(number)
    issue.pause(turn.person, turn.now, shown_words(words))
    stop_clocks(turn, issue)
    turn.reply("issue-pausing", number=issue.number, words=shown_words(words))


@command("继续", name="resume", may=Action.RESCHEDULE)
def resume(turn: Turn, number: IssueNumber) -> None:
    """It goes on."""
    issue = turn.issue(number)
    issue.resume(turn.person, turn.now)
    expect_action(turn, issue)
    turn.reply("issue-resumed", number=issue.number, limit=limit_words(issue))


@command("收到", name="ack", is_private=True)
def acknowledge(turn: Turn, number: MaybeNumber) -> None:
    """Somebody has read an urgent alert: it is not repeated, and the others hear who looks after it."""
    if number:
        issues = [turn.issue(number)]
    else:
        issues = unanswered_alerts(turn.session, buildings_of(turn.session, turn.person))
    issues = [issue for issue in issues if issue.is_urgent and may(turn.person, Action.WORK, issue)]
    fresh = answer_alerts(turn, issues)
    if not fresh:
        turn.reply("ack-none")
        return
    items = (
        texts().say("list-comma").join(texts().say("issue-item", number=one.number, title=one.title) for one in fresh)
    )
    turn.reply("acknowledged", items=items, number=fresh[0].number)


def is_alerting(issue: Issue) -> bool:
    """Whether it cannot wait and nobody has answered the alert yet."""
    return issue.is_urgent and issue.status == Status.OPEN and issue.acknowledged_at is None


def answer_alerts(turn: Turn, issues: list[Issue]) -> list[Issue]:
    """The speaker has read of these: they are not repeated, and the others who were alerted hear who has.

    Returns those that nobody had answered before.
    """
    fresh = [issue for issue in issues if issue.acknowledge(turn.person, turn.now)]
    for issue in fresh:
        stop_claim_clock(turn, issue)
        for person in alert_people(turn, issue):
            if person.id != turn.person.id:
                text = texts().say("acknowledged-others", number=issue.number, title=issue.title,
                                   name=role_and_name(turn.person))  # fmt: skip
                turn.tell(person, text, issue=issue)
    return fresh


def repeat_alert(turn: Turn, issue: Issue) -> None:
    """Nobody has answered: say it again, at longer and longer intervals."""
    if not is_alerting(issue):
        return
    waited = turn.now - issue.reported_at
    voices = texts().say("voices", count=issue.voices) if issue.supporters else ""
    text = work_words(issue, "issue-urgent-again", waited=duration_words(waited), voices=voices)
    tell_workers(turn, issue, alert_people(turn, issue), text, has_photos=False)
    if waited < ALERT_FOR:
        pause = min(max(turn.rules.limits.repeat_alert, waited / 2), LONGEST_PAUSE)
        _plan(turn, "alert", issue, turn.now + pause)
