"""Who may do what: the table of RELIABILITY.md, tried out for every action, role and scope."""

import pytest

from handlers.permissions import TABLE, Action, Scope, may
from storage.database import Database
from storage.people import Person, Role, RoleHeld
from storage.places import Place
from tests.conftest import NOW
from tests.storage.test_issues import an_issue

# Written out by hand from the table, so that a slip in the code's own is found:
# "own" what one reported oneself, "assigned" what one handles, "place" within the place of the role,
# "escalated" within it and handed up, "elsewhere" none of these.
ALLOWED = {
    Action.REPORT: {role: {"own"} for role in Role},
    Action.WITHDRAW: {role: {"own"} for role in Role},
    Action.RATE: {role: {"own"} for role in Role},
    Action.READ: {
        Role.RESIDENT: {"own"}, Role.VOLUNTEER: {"own", "assigned", "place"},
        Role.BUILDING_HEAD: {"own", "place"}, Role.GRID_WORKER: {"own", "place"}, Role.STAFF: {"own", "place"},
        Role.STREET: {"own", "escalated"},
    },
    Action.SENSITIVE: {
        Role.RESIDENT: {"own"}, Role.VOLUNTEER: {"own"}, Role.BUILDING_HEAD: {"own"},
        Role.GRID_WORKER: {"own", "assigned"}, Role.STAFF: {"own", "place"}, Role.STREET: {"own", "escalated"},
    },
    Action.CLAIM: {
        Role.RESIDENT: set(), Role.VOLUNTEER: {"assigned"}, Role.BUILDING_HEAD: {"place"},
        Role.GRID_WORKER: {"place"}, Role.STAFF: {"place"}, Role.STREET: {"escalated"},
    },
    Action.RECLASSIFY: {
        Role.RESIDENT: set(), Role.VOLUNTEER: set(), Role.BUILDING_HEAD: {"place"},
        Role.GRID_WORKER: {"place"}, Role.STAFF: {"place"}, Role.STREET: set(),
    },
    Action.INVALIDATE: {
        Role.RESIDENT: set(), Role.VOLUNTEER: set(), Role.BUILDING_HEAD: {"place"},
        Role.GRID_WORKER: {"place"}, Role.STAFF: {"place"}, Role.STREET: set(),
    },
}  # fmt: skip
HOME = {
    Role.RESIDENT: "5栋", Role.VOLUNTEER: "5栋", Role.BUILDING_HEAD: "5栋", Role.GRID_WORKER: "一网格",
    Role.STAFF: "立新桥社区", Role.STREET: "上梅街道",
}  # fmt: skip
AWAY = {
    Role.RESIDENT: "6栋", Role.VOLUNTEER: "6栋", Role.BUILDING_HEAD: "6栋", Role.GRID_WORKER: "二网格",
    Role.STAFF: "火车站社区", Role.STREET: "火车站社区",
}  # fmt: skip
SCOPES = ("own", "assigned", "place", "escalated", "elsewhere")
CASES = [(action, role, scope) for action in ALLOWED for role in Role for scope in SCOPES]


@pytest.mark.parametrize(("action", "role", "scope"), CASES)
def test_allowed_exactly_where_the_table_says(database: Database, action: Action, role: Role, scope: str) -> None:
    with database.transaction() as session:
        is_near = scope in {"place", "escalated"}
        place = session.query(Place).filter_by(name=(HOME if is_near else AWAY)[role]).one()
        person = Person(
            name="某人",
            created_at=NOW,
            is_on_roster=True,
            roles=[RoleHeld(role=role, place=place, duties=[])],
            accounts=[],
        )
        session.add(person)
        session.flush()
        issue = an_issue(session)
        if scope == "own":
            issue.reporter = person
        if scope == "assigned":
            issue.handler = person
        if scope == "escalated":
            issue.escalated_at = NOW
        session.flush()
        within = is_near and "place" in ALLOWED[action][role]
        assert may(person, action, issue) == (scope in ALLOWED[action][role] or within)


def test_what_the_table_does_not_name_is_denied(database: Database) -> None:
    with database.transaction() as session:
        nobody = Person(name="某人", created_at=NOW, is_on_roster=False, roles=[], accounts=[])
        session.add(nobody)
        session.flush()
        issue = an_issue(session)
        assert [action for action in Action if may(nobody, action, issue)] == []


def test_a_role_that_ended_allows_nothing_from_that_moment(database: Database) -> None:
    with database.transaction() as session:
        issue = an_issue(session)
        head = session.query(Person).filter_by(name="张建国").one()
        assert may(head, Action.CLAIM, issue)
        head.roles[0].ended_at = NOW
        assert not may(head, Action.CLAIM, issue)


def test_every_scope_of_the_table_is_one_that_is_tried_out() -> None:
    used = {scope for row in TABLE.values() for scopes in row.values() for scope in scopes}
    assert used <= {Scope.OWN, Scope.ASSIGNED, Scope.PLACE, Scope.ESCALATED}
