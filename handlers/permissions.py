"""Who may do what: the table of RELIABILITY.md, and the functions that read it. Deny by default."""

from enum import StrEnum

from storage.issues import Issue
from storage.people import Person, Role
from storage.places import Place
from storage.visits import VisitPlan


class Action(StrEnum):
    """What somebody may be allowed to do. ``WORK``: note progress, resolve, give back."""

    REPORT = "report"
    WITHDRAW = "withdraw"
    RATE = "rate"
    READ = "read"
    CONTACT = "contact"
    SENSITIVE = "sensitive"
    CLAIM = "claim"
    WORK = "work"
    ASSIGN = "assign"
    MERGE = "merge"
    RECLASSIFY = "reclassify"
    INVALIDATE = "invalidate"
    ESCALATE = "escalate"
    RESCHEDULE = "reschedule"
    PLAN_VISIT = "plan_visit"
    DIGEST = "digest"
    ISSUE_CODES = "issue_codes"
    END_ROLES = "end_roles"
    QUIET = "quiet"
    EXPORT = "export"
    AUDIT = "audit"


class Scope(StrEnum):
    """How far a permission reaches. ``PLACE`` is the place the role is held in, and all below it.

    ``OFFERED``: an open matter of that place that nobody has taken yet. ``…_OPEN``: as long as it is worked on.
    """

    OWN = "own"
    ASSIGNED = "assigned"
    ASSIGNED_OPEN = "assigned_open"
    OFFERED = "offered"
    PLACE = "place"
    PLACE_OPEN = "place_open"
    ESCALATED = "escalated"


R, V, H, G, C, S = Role.RESIDENT, Role.VOLUNTEER, Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF, Role.STREET
_OWN = frozenset({Scope.OWN})
_EVERYONES_OWN = dict.fromkeys((R, V, H, G, C, S), _OWN)
_PLACE = frozenset({Scope.PLACE})
_ESCALATED = frozenset({Scope.ESCALATED})
_HEADS_AND_UP = {H: _PLACE, G: _PLACE, C: _PLACE}

TABLE: dict[Action, dict[Role, frozenset[Scope]]] = {
    Action.REPORT: _EVERYONES_OWN,
    Action.WITHDRAW: _EVERYONES_OWN,
    Action.RATE: _EVERYONES_OWN,
    # The group's own list is read through the group (turn.issue), not through a role.
    Action.READ: {
        R: _OWN,
        V: _OWN | {Scope.ASSIGNED, Scope.PLACE},
        H: _OWN | _PLACE,
        G: _OWN | _PLACE,
        C: _OWN | _PLACE,
        S: _OWN | _ESCALATED,
    },
    Action.CONTACT: {
        R: _OWN,
        V: _OWN | {Scope.ASSIGNED_OPEN},
        H: _OWN | {Scope.PLACE_OPEN},
        G: _OWN | {Scope.PLACE_OPEN},
        C: _OWN | _PLACE,
        S: _OWN | _ESCALATED,
    },
    Action.SENSITIVE: {
        R: _OWN,
        V: _OWN,
        H: _OWN,
        G: _OWN | {Scope.ASSIGNED},
        C: _OWN | _PLACE,
        S: _OWN | _ESCALATED,
    },
    # A volunteer may come forward for what nobody has taken (主动认领); it is theirs, assigned, from then on.
    Action.CLAIM: {V: frozenset({Scope.ASSIGNED, Scope.OFFERED}), **_HEADS_AND_UP, S: _ESCALATED},
    Action.WORK: {V: frozenset({Scope.ASSIGNED}), **_HEADS_AND_UP, S: _ESCALATED},
    Action.ASSIGN: _HEADS_AND_UP,
    Action.MERGE: _HEADS_AND_UP,
    Action.RECLASSIFY: _HEADS_AND_UP,
    Action.INVALIDATE: _HEADS_AND_UP,
    Action.ESCALATE: _HEADS_AND_UP,
    Action.RESCHEDULE: _HEADS_AND_UP,
    Action.PLAN_VISIT: {V: _OWN, **_HEADS_AND_UP},
    Action.DIGEST: _HEADS_AND_UP,
    Action.ISSUE_CODES: {**_HEADS_AND_UP, S: _PLACE},
    Action.END_ROLES: {**_HEADS_AND_UP, S: _PLACE},
    Action.QUIET: _HEADS_AND_UP,
    Action.EXPORT: {R: _OWN, V: _OWN, **_HEADS_AND_UP},
    Action.AUDIT: {R: _OWN, V: _OWN, C: _PLACE, S: _PLACE},
}

HANDS_OUT: dict[Role, frozenset[Role]] = {
    H: frozenset({R, V}),
    G: frozenset({R, V}),
    C: frozenset({H, G}),
    S: frozenset({C}),
}
"""Whom a role gives join codes to, and whose roles it may end: those just below it."""

Subject = Issue | VisitPlan | Place


def may(person: Person, action: Action, subject: Subject) -> bool:
    """Whether the person may do this to that, by the roles in force now.

    What is sensitive can only be dealt with by those who may read it, whatever else their role allows.
    """
    if isinstance(subject, Issue) and subject.is_sensitive and action is not Action.SENSITIVE:
        return _allows(person, action, subject) and _allows(person, Action.SENSITIVE, subject)
    return _allows(person, action, subject)


def may_anywhere(person: Person, action: Action) -> bool:
    """Whether any role of the person's allows this at all, whatever to."""
    row = TABLE.get(action, {})
    return any(row.get(Role(held.role)) for held in person.held())


def may_read(person: Person, issue: Issue) -> bool:
    """Whether the person may see an issue at all."""
    return may(person, Action.READ, issue)


def _allows(person: Person, action: Action, subject: Subject) -> bool:
    row = TABLE.get(action, {})
    if _is_own(person, subject) and any(Scope.OWN in scopes for scopes in row.values()):
        # Whoever reported is a resident in that, whatever other role they hold.
        return True
    return any(
        _reaches(scope, held.place_id, person, subject)
        for held in person.held()
        for scope in row.get(Role(held.role), frozenset())
    )


def _is_own(person: Person, subject: Subject) -> bool:
    if isinstance(subject, Issue):
        return subject.reporter_id == person.id
    return isinstance(subject, VisitPlan) and subject.visitor_id == person.id


def _reaches(scope: Scope, place_id: int, person: Person, subject: Subject) -> bool:
    if not isinstance(subject, Issue):
        place = subject if isinstance(subject, Place) else subject.building
        return scope is Scope.PLACE and place.is_within(place_id)
    match scope:
        case Scope.OWN:
            return False
        case Scope.ASSIGNED:
            return subject.handler_id == person.id
        case Scope.ASSIGNED_OPEN:
            return subject.handler_id == person.id and subject.is_live
        case _ if not subject.building.is_within(place_id):
            return False
        case Scope.OFFERED:
            return subject.is_live and subject.handler_id is None
        case Scope.PLACE_OPEN:
            return subject.is_live
        case Scope.ESCALATED:
            return subject.escalated_at is not None
        case Scope.PLACE:
            return True
