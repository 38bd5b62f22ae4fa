"""Who may do what: the table of RELIABILITY.md, tried out for every action, role and scope, in group and private."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.intake import Intake
from handlers.commands import COMMANDS
from handlers.permissions import TABLE, Action, Scope, may
from handlers.rules import Rules
from storage.audit import AuditEntry
from storage.chats import Chat
from storage.database import Database
from storage.issues import Issue, IssueEvent
from storage.outbox import OutboxMessage
from storage.people import Account, Person, Role, RoleHeld, person_at
from storage.places import Place
from tests.conftest import NOW, said
from tests.storage.test_issues import an_issue

# Written out by hand from the table, so that a slip in the code's own is found. The scopes:
# "own" what one reported oneself, "assigned" what one handles (elsewhere), "place" open and untaken within the
# place of the role, "taken" there and somebody else's, "escalated" there and handed up to the street,
# "elsewhere" none of these; "…-closed" after it was struck off.
NEAR = {"place", "taken", "escalated", "place-closed"}
HEAD_AND_UP = dict.fromkeys((Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF), NEAR)
NOBODY = {role: set() for role in Role}
ALLOWED: dict[Action, dict[Role, set[str]]] = {
    Action.REPORT: {role: {"own"} for role in Role},
    Action.WITHDRAW: {role: {"own"} for role in Role},
    Action.RATE: {role: {"own"} for role in Role},
    Action.READ: {
        Role.RESIDENT: {"own"}, Role.VOLUNTEER: {"own", "assigned", "assigned-closed", *NEAR},
        Role.BUILDING_HEAD: {"own", *NEAR}, Role.GRID_WORKER: {"own", *NEAR}, Role.STAFF: {"own", *NEAR},
        Role.STREET: {"own", "escalated"},
    },
    Action.CONTACT: {
        Role.RESIDENT: {"own"}, Role.VOLUNTEER: {"own", "assigned"},
        Role.BUILDING_HEAD: {"own", "place", "taken", "escalated"},
        Role.GRID_WORKER: {"own", "place", "taken", "escalated"}, Role.STAFF: {"own", *NEAR},
        Role.STREET: {"own", "escalated"},
    },
    Action.SENSITIVE: {
        Role.RESIDENT: {"own"}, Role.VOLUNTEER: {"own"}, Role.BUILDING_HEAD: {"own"},
        Role.GRID_WORKER: {"own", "assigned", "assigned-closed"}, Role.STAFF: {"own", *NEAR},
        Role.STREET: {"own", "escalated"},
    },
    # A volunteer's «assigned», and what nobody has taken: 主动认领.
    Action.CLAIM: {
        **NOBODY, **HEAD_AND_UP, Role.VOLUNTEER: {"assigned", "assigned-closed", "place", "escalated"},
        Role.STREET: {"escalated"},
    },
    Action.WORK: {
        **NOBODY, **HEAD_AND_UP, Role.VOLUNTEER: {"assigned", "assigned-closed"}, Role.STREET: {"escalated"},
    },
    **{
        action: {**NOBODY, **HEAD_AND_UP}
        for action in (
            Action.ASSIGN, Action.MERGE, Action.RECLASSIFY, Action.INVALIDATE, Action.ESCALATE, Action.RESCHEDULE,
        )
    },
    Action.AUDIT: {
        **{role: {"own"} for role in Role}, Role.STAFF: {"own", *NEAR}, Role.STREET: {"own", *NEAR},
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
SCOPES = ("own", "assigned", "assigned-closed", "place", "taken", "place-closed", "escalated", "elsewhere")
EVERYBODY = [(role, scope) for role in Role for scope in SCOPES]


def somebody(session: Session, role: Role, scope: str) -> tuple[Person, Issue]:
    """A person of a role and an issue that stands to them as the scope says."""
    address = f"replay:{role}-{scope}"
    place = session.query(Place).filter_by(name=(HOME if scope in NEAR else AWAY)[role]).one()
    person = Person(
        name="某人", created_at=NOW, is_on_roster=True, roles=[RoleHeld(role=role, place=place, duties=[])],
        accounts=[Account(address=address, bound_at=NOW)],
    )  # fmt: skip
    session.add(person)
    session.flush()
    issue = an_issue(session, words="密语：楼道灯不亮", topic="lighting")
    if scope == "own":
        issue.reporter = person
    if scope.startswith("assigned"):
        issue.claim(person, NOW)
    if scope == "taken":
        grid = person_at(session, "replay:grid")
        assert grid is not None
        issue.claim(grid, NOW)
    if scope == "escalated":
        issue.escalated_at = NOW
    if scope.endswith("closed"):
        issue.resolve(person, NOW, None)
        issue.close(None, NOW)
        if scope.startswith("place"):
            issue.handler = None
    session.flush()
    return person, issue


@pytest.mark.parametrize("action", ALLOWED)
def test_allowed_exactly_where_the_table_says(database: Database, action: Action) -> None:
    with database.transaction() as session:
        for role, scope in EVERYBODY:
            person, issue = somebody(session, role, scope)
            assert may(person, action, issue) == (scope in ALLOWED[action][role]), (role, scope)


def test_of_a_sensitive_case_nobody_may_do_what_they_may_not_read(database: Database) -> None:
    with database.transaction() as session:
        for role, scope in EVERYBODY:
            person, issue = somebody(session, role, scope)
            issue.is_sensitive = True
            if scope not in ALLOWED[Action.SENSITIVE][role]:
                assert [action for action in Action if may(person, action, issue)] == [], (role, scope)


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


def test_every_action_on_an_issue_and_every_scope_is_tried_out() -> None:
    not_on_issues = {
        Action.PLAN_VISIT, Action.DIGEST, Action.ISSUE_CODES, Action.END_ROLES, Action.QUIET, Action.EXPORT,
    }  # fmt: skip
    assert set(TABLE) - not_on_issues == set(ALLOWED)
    used = {scope for row in TABLE.values() for scopes in row.values() for scope in scopes}
    assert used == set(Scope)


@dataclass(frozen=True)
class Try:
    """A command as somebody would say it, and how to tell that it was done."""

    line: str
    action: Action
    event: str = ""


TRIES = [
    Try("认领 {n}", Action.CLAIM, "claimed"),
    Try("进展 {n} 师傅明天来", Action.WORK, "noted"),
    Try("办结 {n} 换了灯泡", Action.WORK, "resolved"),
    Try("转派 {n} 周小满", Action.ASSIGN, "assigned"),
    Try("合并 {n} {m}", Action.MERGE, "absorbed"),
    Try("拆分 {n} 垃圾没人清", Action.MERGE, "split"),
    Try("改类 {n} 用电", Action.RECLASSIFY, "reclassified"),
    Try("无效 {n} 不归本楼管", Action.INVALIDATE, "invalidated"),
    Try("上报 {n} 没有经费", Action.ESCALATE, "escalated"),
    Try("延期 {n} 3天 等配件", Action.RESCHEDULE, "extended"),
    Try("暂停 {n} 等配件", Action.RESCHEDULE, "paused"),
    Try("撤销 {n}", Action.WITHDRAW, "withdrawn"),
    Try("联系 {n}", Action.CONTACT),
    Try("谁看过 {n}", Action.AUDIT),
]
BY_THEIR_STATE = {"assigned-closed", "place-closed"}
"""Whether something may still be done to what is closed is not a matter of permission."""


@pytest.mark.parametrize("is_group", [True, False], ids=["group", "private"])
@pytest.mark.parametrize("one", TRIES, ids=lambda one: f"{one.action}-{one.event}")
def test_a_command_is_done_exactly_for_those_who_may_and_a_denial_tells_nothing(
    database: Database, rules: Rules, one: Try, is_group: bool
) -> None:
    """Said in the group of building 5, or in private. Denied, it changes nothing and shows nothing of the issue."""
    assert one.line.split()[0] in COMMANDS
    intake = Intake(database, replace(rules, group_lines_an_hour=1000))
    for role, scope in EVERYBODY:
        if scope not in BY_THEIR_STATE:
            _try(database, intake, one, role, scope, is_group=is_group)


def _try(database: Database, intake: Intake, one: Try, role: Role, scope: str, *, is_group: bool) -> None:
    who = f"replay:{role}-{scope}"
    with database.transaction() as session:
        person, issue = somebody(session, role, scope)
        session.add(Chat(address=who, account="replay:main", is_group=False, person=person, created_at=NOW))
        other = an_issue(session, words="另一件", unit="9") if one.event == "absorbed" else None
        line = one.line.format(n=issue.number, m=other.number if other else 0)
        last_event = session.scalar(select(func.max(IssueEvent.id))) or 0
        last_line = session.scalar(select(func.max(OutboxMessage.id))) or 0
        last_look = session.query(AuditEntry).count()
    intake.handle([said(line, chat="replay:g5" if is_group else who, sender=who, is_group=is_group)])
    allowed = scope in ALLOWED[one.action][role] and (other is None or scope in NEAR)
    with database.transaction() as session:
        events = [event.event for event in session.query(IssueEvent).where(IssueEvent.id > last_event)]
        lines = list(session.query(OutboxMessage).where(OutboxMessage.id > last_line))
        shown = [known.text for known in lines if "地址" in known.text or "密语" in known.text]
        if one.event:
            assert (one.event in events) == (allowed and not _is_moot(one, scope)), (role, scope, events)
        if not allowed:
            assert events == [], (role, scope)
            assert shown == [], (role, scope)
            assert session.query(AuditEntry).count() == last_look, (role, scope)
            elsewhere = [known for known in lines if known.chat.address != who]
            assert len(elsewhere) <= is_group, (role, scope)  # in the group the one line that says no
        in_group = [known.text for known in lines if known.chat.is_group]
        assert not [text for text in in_group if "地址" in text or "密语" in text], (role, scope)


def _is_moot(one: Try, scope: str) -> bool:
    """Claiming what one has, or somebody else has, is answered in a friendly way and does nothing."""
    return one.event == "claimed" and scope in {"assigned", "taken"}
