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


class Event(StrEnum):
    """What happened to an issue."""

    REPORTED = "reported"
    SUPPORTED = "supported"
    DETAILED = "detailed"
    CLAIMED = "claimed"
    NOTED = "noted"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"
    RECLASSIFIED = "reclassified"
    WITHDRAWN = "withdrawn"
    INVALIDATED = "invalidated"
    OVERDUE = "overdue"


MOVES: dict[Status, frozenset[Status]] = {
    # A head who mends it on the spot need not claim it first: open goes to resolved as well.
    Status.OPEN: frozenset({Status.CLAIMED, Status.RESOLVED, Status.WITHDRAWN, Status.INVALID}),
    Status.CLAIMED: frozenset({Status.RESOLVED, Status.WITHDRAWN, Status.INVALID}),
    Status.RESOLVED: frozenset({Status.CLOSED, Status.OPEN}),
    # The reporter may find after the closing that it is not mended.
    Status.CLOSED: frozenset({Status.OPEN}),
    Status.WITHDRAWN: frozenset(),
    # Staff mistake a report for chatter, too: then it is taken up again.
    Status.INVALID: frozenset({Status.OPEN}),
}

LIVE = (Status.OPEN, Status.CLAIMED)
"""The states in which somebody still has to do something."""
