"""Due rows: what is done when a time has come."""

from collections.abc import Callable

from handlers.assigning import hand_over
from handlers.closing import close_unanswered
from handlers.digest import send_digest
from handlers.doubts import ask_doubts, forget_doubts
from handlers.escalation import act_limit_passed, claim_limit_passed, repeat_alert
from handlers.quiet import say_gathered
from handlers.turn import Turn
from handlers.visits import mark_missed, remind
from storage.chats import Chat
from storage.due import DONE, DueRow
from storage.issues import Issue
from storage.local_time import after_quiet
from storage.people import Person
from storage.places import Place
from storage.visits import VisitPlan


def _of_issue(work: Callable[[Turn, Issue], None]) -> Callable[[Turn, DueRow], None]:
    def run(turn: Turn, row: DueRow) -> None:
        issue = turn.session.get(Issue, row.subject_id)
        if issue is not None:
            work(turn, issue)

    return run


def _visit_reminder(turn: Turn, row: DueRow) -> None:
    plan = turn.session.get(VisitPlan, row.subject_id)
    if plan is not None:
        remind(turn, plan, row.slot)


def _visit_missed(turn: Turn, row: DueRow) -> None:
    plan = turn.session.get(VisitPlan, row.subject_id)
    if plan is not None:
        mark_missed(turn, plan)


def _digest(turn: Turn, row: DueRow) -> None:
    community = turn.session.get(Place, row.subject_id)
    if community is not None:
        send_digest(turn, community)


def _doubts(turn: Turn, row: DueRow) -> None:
    building = turn.session.get(Place, row.subject_id)
    if building is not None:
        ask_doubts(turn, building)


def _doubts_forget(turn: Turn, row: DueRow) -> None:
    forget_doubts(turn, row.subject_id)


def _gathered(turn: Turn, row: DueRow) -> None:
    chat = turn.session.get(Chat, row.subject_id)
    if chat is not None:
        say_gathered(turn, chat)


def _hand_over(turn: Turn, row: DueRow) -> None:
    person = turn.session.get(Person, row.subject_id)
    if person is not None:
        hand_over(turn, person)


DUE: dict[str, Callable[[Turn, DueRow], None]] = {
    "claim-limit": _of_issue(claim_limit_passed),
    "act-limit": _of_issue(act_limit_passed),
    "alert": _of_issue(repeat_alert),
    "close": _of_issue(close_unanswered),
    "gathered": _gathered,
    "hand-over": _hand_over,
    "visit-reminder": _visit_reminder,
    "visit-missed": _visit_missed,
    "digest": _digest,
    "doubts": _doubts,
    "doubts-forget": _doubts_forget,
}


def run_due(turn: Turn, row: DueRow) -> None:
    """Do what is due, or put it off where it would wake somebody up."""
    if row.kind in {"claim-limit", "act-limit"} and _is_calm(turn, row):
        later = after_quiet(turn.now, turn.rules.quiet_start, turn.rules.quiet_end)
        if later > turn.now:
            row.due_at = later
            return
    DUE[row.kind](turn, row)
    row.state = DONE


def _is_calm(turn: Turn, row: DueRow) -> bool:
    issue = turn.session.get(Issue, row.subject_id)
    return issue is not None and not issue.is_urgent
