"""Due rows: what is done when a time has come."""

from collections.abc import Callable
from typing import TypeVar

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

Work = Callable[[Turn, DueRow], None]
T = TypeVar("T")


def _of(record: type[T], work: Callable[[Turn, T], object]) -> Work:
    """Work on the record that a row is about, if it is still there."""

    def run(turn: Turn, row: DueRow) -> None:
        subject = turn.session.get(record, row.subject_id)
        if subject is not None:
            work(turn, subject)

    return run


def _remind(turn: Turn, row: DueRow) -> None:
    _of(VisitPlan, lambda turn, plan: remind(turn, plan, row.slot))(turn, row)


DUE: dict[str, Work] = {
    "claim-limit": _of(Issue, claim_limit_passed),
    "act-limit": _of(Issue, act_limit_passed),
    "alert": _of(Issue, repeat_alert),
    "close": _of(Issue, close_unanswered),
    "gathered": _of(Chat, say_gathered),
    "hand-over": _of(Person, hand_over),
    "visit-reminder": _remind,
    "visit-missed": _of(VisitPlan, mark_missed),
    "digest": _of(Place, send_digest),
    "doubts": _of(Place, ask_doubts),
    "doubts-forget": _of(Place, forget_doubts),
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
