"""Who may do what: the table of RELIABILITY.md, and the one function that reads it. Deny by default."""

from enum import StrEnum

from storage.issues import Issue
from storage.people import Person, Role
from storage.places import Place
from storage.visits import VisitPlan


class Action(StrEnum):
    """What somebody may be allowed to do."""

    REPORT = "report"
    WITHDRAW = "withdraw"
    RATE = "rate"
    READ = "read"
    SENSITIVE = "sensitive"
    CLAIM = "claim"
    RECLASSIFY = "reclassify"
    INVALIDATE = "invalidate"
    PLAN_VISIT = "plan_visit"
    DIGEST = "digest"
    ISSUE_CODES = "issue_codes"
    EXPORT = "export"


class Scope(StrEnum):
    """How far a permission reaches. ``PLACE`` is the place the role is held in, and all below it."""

    OWN = "own"
    ASSIGNED = "assigned"
    PLACE = "place"
    ESCALATED = "escalated"


R, V, H, G, C, S = Role.RESIDENT, Role.VOLUNTEER, Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF, Role.STREET
_OWN = frozenset({Scope.OWN})
_EVERYONES_OWN = dict.fromkeys((R, V, H, G, C, S), _OWN)
_PLACE = frozenset({Scope.PLACE})

TABLE: dict[Action, dict[Role, frozenset[Scope]]] = {
    Action.REPORT: _EVERYONES_OWN,
    Action.WITHDRAW: _EVERYONES_OWN,
    Action.RATE: _EVERYONES_OWN,
    # The group's own list is read through the group (turn.issue), not through a role.
    Action.READ: {
        R: _OWN,
        V: frozenset({Scope.OWN, Scope.ASSIGNED, Scope.PLACE}),
        H: _OWN | _PLACE,
        G: _OWN | _PLACE,
        C: _OWN | _PLACE,
        S: frozenset({Scope.OWN, Scope.ESCALATED}),
    },
    Action.SENSITIVE: {
        R: _OWN,
        V: _OWN,
        H: _OWN,
        G: frozenset({Scope.OWN, Scope.ASSIGNED}),
        C: _OWN | _PLACE,
        S: frozenset({Scope.OWN, Scope.ESCALATED}),
    },
    Action.CLAIM: {V: frozenset({Scope.ASSIGNED}), H: _PLACE, G: _PLACE, C: _PLACE, S: frozenset({Scope.ESCALATED})},
    Action.RECLASSIFY: {H: _PLACE, G: _PLACE, C: _PLACE},
    Action.INVALIDATE: {H: _PLACE, G: _PLACE, C: _PLACE},
    Action.PLAN_VISIT: {V: _OWN, H: _PLACE, G: _PLACE, C: _PLACE},
    Action.DIGEST: {H: _PLACE, G: _PLACE, C: _PLACE},
    Action.ISSUE_CODES: {H: _PLACE, G: _PLACE, C: _PLACE, S: _PLACE},
    Action.EXPORT: {R: _OWN, V: _OWN, H: _PLACE, G: _PLACE, C: _PLACE},
}

Subject = Issue | VisitPlan | Place


def may(person: Person, action: Action, subject: Subject) -> bool:
    """Whether the person may do this to that, by the roles in force now."""
    row = TABLE.get(action, {})
    if _is_own(person, subject) and any(Scope.OWN in scopes for scopes in row.values()):
        # Whoever reported is a resident in that, whatever other role they hold.
        return True
    return any(
        _reaches(scope, held.place_id, person, subject)
        for held in person.held()
        for scope in row.get(Role(held.role), frozenset())
    )


def may_anywhere(person: Person, action: Action) -> bool:
    """Whether any role of the person's allows this at all, whatever to."""
    row = TABLE.get(action, {})
    return any(row.get(Role(held.role)) for held in person.held())


def _is_own(person: Person, subject: Subject) -> bool:
    if isinstance(subject, Issue):
        return subject.reporter_id == person.id
    return isinstance(subject, VisitPlan) and subject.visitor_id == person.id


def _reaches(scope: Scope, place_id: int, person: Person, subject: Subject) -> bool:
    if scope is Scope.ASSIGNED:
        return isinstance(subject, Issue) and subject.handler_id == person.id
    place = subject if isinstance(subject, Place) else subject.building
    if scope is Scope.ESCALATED:
        return isinstance(subject, Issue) and subject.escalated_at is not None and place.is_within(place_id)
    return scope is Scope.PLACE and place.is_within(place_id)


def may_read(person: Person, issue: Issue) -> bool:
    """Whether the person may see an issue at all; a sensitive one needs a permission of its own."""
    if issue.is_sensitive:
        return may(person, Action.SENSITIVE, issue)
    return may(person, Action.READ, issue)
