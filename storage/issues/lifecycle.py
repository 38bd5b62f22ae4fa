"""The states of an issue and the moves between them, as a table."""

from enum import StrEnum


class Status(StrEnum):
    """Where an issue stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    MERGED = "merged"


class Event(StrEnum):
    """What happened to an issue."""

    REPORTED = "reported"
    SUPPORTED = "supported"
    DETAILED = "detailed"
    ACKNOWLEDGED = "acknowledged"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    RELEASED = "released"
    NOTED = "noted"
    RESOLVED = "resolved"
    CLOSED = "closed"
    RATED = "rated"
    REOPENED = "reopened"
    RECLASSIFIED = "reclassified"
    WITHDRAWN = "withdrawn"
    INVALIDATED = "invalidated"
    MERGED = "merged"
    ABSORBED = "absorbed"
    SPLIT = "split"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    EXTENDED = "extended"
    PAUSED = "paused"
    RESUMED = "resumed"


MOVES: dict[Status, frozenset[Status]] = {
    # A head who mends it on the spot need not claim it first: open goes to resolved as well.
    Status.OPEN: frozenset({Status.CLAIMED, Status.RESOLVED, Status.WITHDRAWN, Status.INVALID, Status.MERGED}),
    # Whoever has it may give it back: claimed goes to open as well.
    Status.CLAIMED: frozenset({Status.OPEN, Status.RESOLVED, Status.WITHDRAWN, Status.INVALID, Status.MERGED}),
    Status.RESOLVED: frozenset({Status.CLOSED, Status.OPEN}),
    # The reporter may find after the closing that it is not mended.
    Status.CLOSED: frozenset({Status.OPEN}),
    Status.WITHDRAWN: frozenset(),
    # Staff mistake a report for chatter, too: then it is taken up again.
    Status.INVALID: frozenset({Status.OPEN}),
    # What was merged lives on in the other issue.
    Status.MERGED: frozenset(),
}

LIVE = (Status.OPEN, Status.CLAIMED)
"""The states in which somebody still has to do something."""


class Level(StrEnum):
    """How far up an issue was handed (上报)."""

    BUILDING = "building"
    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"


LEVELS = tuple(Level)
"""From the bottom: who is asked next is the next one."""
