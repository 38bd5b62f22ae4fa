"""Who takes a matter on, carries it, or has heard of it, says so in words of their own."""

import re
from datetime import timedelta

from handlers.arguments import IssueNumber, Words
from handlers.casework import claim, note
from handlers.escalation import answer_alerts, is_alerting
from handlers.permissions import Action, may
from handlers.referring import answered, is_answer, open_here
from handlers.turn import Turn
from nlp.intent import Ask, Intent
from storage.issues import Issue, Status
from storage.people import Person

_TELLS = re.compile("[是已我还等在说联查看问找没不要]|正在|师傅|物业")
"""How words about a matter begin that is known, even if they sound like another: 4号是房东的事."""
READ_WITHIN = timedelta(hours=2)
"""So long whoever speaks in a group has the alert before their eyes."""

# 2号已联系残联，下周来量 · 1 下午去买灯管 (and not 2号楼, 3号电梯)
_ABOUT = re.compile(r"^#?(?P<number>\d{1,6})(?:\s?号(?![楼栋院门线房电车])|\s)[\s，,：:]*(?P<words>.{3,})$", re.S)


def claimed(turn: Turn, ask: Ask) -> bool:
    """34号我来, or 我来 in answer to a line. From somebody who may not it is a kind word, and no claim."""
    if ask.number is None and not is_answer(turn):
        return promised(turn, ask)
    issue = turn.find(ask.number) if ask.number is not None and turn.community_id is not None else answered(turn)
    person = turn.known_person
    if issue is None or not issue.is_live or person is None or not may(person, Action.CLAIM, issue):
        return False
    turn.begin()
    claim(turn, IssueNumber(issue.number))
    return True


def said_how_it_goes(turn: Turn) -> bool:
    """2号已联系残联, to the bot alone, from whoever works on number 2: how it goes."""
    about = _ABOUT.match(turn.message.text.strip())
    if turn.in_group or about is None or (turn.understood.is_report and not _TELLS.match(about["words"])):
        return False
    issue = turn.find(int(about["number"]))
    person = turn.known_person
    if issue is None or not issue.is_live or person is None or not may(person, Action.WORK, issue):
        return False
    turn.begin()
    note(turn, IssueNumber(issue.number), Words(about["words"]))
    return True


def promised(turn: Turn, ask: Ask) -> bool:
    """我联系物业 from whoever may take it on, right after the one matter that nobody has: they have it by that.

    With its number it may be said anywhere, at any time.
    """
    if ask.number is not None:
        issue = turn.find(ask.number)
        return issue is not None and issue.status == Status.OPEN and claimed(turn, ask)
    person = _somebody_known(turn)
    if person is None:
        return False
    # A mere 我来 may be said to anything.
    window = turn.rules.follow_up_window if ask.intent is Intent.PROMISE else turn.rules.aside_window
    fresh = open_here(turn, turn.now - window)
    free = [issue for issue in fresh if issue.status == Status.OPEN and turn.sees(issue)]
    free = [issue for issue in free if may(person, Action.CLAIM, issue)]
    if not free or _reports_more(turn, free):
        return False
    if len(free) > 1:
        return True  # of several nobody knows which: it is an answer, and no report
    turn.begin()
    claim(turn, IssueNumber(free[0].number))
    return True


def _reports_more(turn: Turn, known: list[Issue]) -> bool:
    """Whether a promise comes with a matter of its own: 我去看看，三楼的灯也坏了."""
    said = turn.understood
    return said.is_report and said.place.is_numbered and all(issue.topic != said.topic for issue in known)


def hear_of_alert(turn: Turn) -> None:
    """Whoever was alerted and speaks in the group soon after has read of it there, as if they had answered 收到."""
    message = turn.message
    if not turn.in_group or not turn.memory.had_alarm(message.chat, turn.now, READ_WITHIN):
        return
    person = turn.known_person
    if person is None:
        return
    alerting = [issue for issue in open_here(turn) if is_alerting(issue)]
    read = [issue for issue in alerting if may(person, Action.WORK, issue)]
    if read:
        turn.begin()
        answer_alerts(turn, read)
    if len(read) == len(alerting):
        turn.memory.forget_alarm(message.chat)


def _somebody_known(turn: Turn) -> Person | None:
    """Who says it, in a group where something was reported lately: elsewhere nobody is looked up."""
    is_worth = turn.in_group and turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window)
    return turn.known_person if is_worth else None
