"""Issues (诉求): the record, its life cycle, and the questions asked of them."""

from storage.issues.lifecycle import LEVELS, MOVES, Event, Level, Status
from storage.issues.parts import IssueEvent, Photo, Supporter
from storage.issues.queries import (
    alike,
    closed_before,
    communities_of,
    find_issue,
    held_by,
    live_of,
    open_in_chat,
    open_issues,
    private_twins,
    read_alike,
    recent_of,
    reported_as,
    same_matter,
    sorted_todo,
    unanswered_alerts,
)
from storage.issues.record import MAX_WORDS, Issue

__all__ = [
    "LEVELS",
    "MAX_WORDS",
    "MOVES",
    "Event",
    "Issue",
    "IssueEvent",
    "Level",
    "Photo",
    "Status",
    "Supporter",
    "alike",
    "closed_before",
    "communities_of",
    "find_issue",
    "held_by",
    "live_of",
    "open_in_chat",
    "open_issues",
    "private_twins",
    "read_alike",
    "recent_of",
    "reported_as",
    "same_matter",
    "sorted_todo",
    "unanswered_alerts",
]
