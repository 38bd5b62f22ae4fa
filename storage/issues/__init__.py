"""Issues (诉求): the record, its life cycle, and the questions asked of them."""

from storage.issues.lifecycle import MOVES, Event, Status
from storage.issues.queries import (
    find_issue,
    open_in_chat,
    open_issues,
    recent_of,
    reported_as,
    same_matter,
    sorted_todo,
)
from storage.issues.record import MAX_WORDS, Issue, IssueEvent, Photo, Supporter

__all__ = [
    "MAX_WORDS",
    "MOVES",
    "Event",
    "Issue",
    "IssueEvent",
    "Photo",
    "Status",
    "Supporter",
    "find_issue",
    "open_in_chat",
    "open_issues",
    "recent_of",
    "reported_as",
    "same_matter",
    "sorted_todo",
]
