"""What an issue may become, and when two reports are the same matter."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from storage.chats import chat_at
from storage.database import Database
from storage.errors import Refused
from storage.issues import MOVES, Event, Issue, Status, alike, same_matter
from storage.people import Person, person_at
from storage.places import Place, next_issue_number
from tests.conftest import NOW

ACTS = {
    "claim": lambda issue, person: issue.claim(person, NOW),
    "resolve": lambda issue, person: issue.resolve(person, NOW, None),
    "close": lambda issue, person: issue.close(person, NOW),
    "reopen": lambda issue, person: issue.reopen(person, NOW),
    "withdraw": lambda issue, person: issue.withdraw(person, NOW),
    "invalidate": lambda issue, person: issue.invalidate(person, NOW, "不是本楼的事"),
}
TO = {
    "claim": Status.CLAIMED, "resolve": Status.RESOLVED, "close": Status.CLOSED, "reopen": Status.OPEN,
    "withdraw": Status.WITHDRAWN, "invalidate": Status.INVALID,
}  # fmt: skip


def an_issue(session: Session, **values: object) -> Issue:
    building = session.query(Place).filter_by(name="5栋").one()
    chat, reporter = chat_at(session, "replay:g5"), person_at(session, "replay:vol5")
    assert chat is not None
    assert reporter is not None
    assert building.community_id is not None
    made = Issue(**{
        "community_id": building.community_id, "number": next_issue_number(session, building.community_id),
        "building": building, "domain": "safety", "topic": "lighting", "is_urgent": False, "is_sensitive": False,
        "words": "楼道灯不亮", "evidence": [], "score": 3.0, "status": "open", "reporter": reporter, "chat": chat,
        "source_message": "1", "reported_at": NOW, "is_overdue": False, "events": [], "supporters": [], "photos": [],
        **values,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", list(Status))
def test_only_the_moves_of_the_table_are_made(database: Database, act: str, status: Status) -> None:
    with database.transaction() as session:
        issue = an_issue(session, status=status)
        head = person_at(session, "replay:head5")
        assert head is not None
        if TO[act] in MOVES[status]:
            ACTS[act](issue, head)
            assert issue.status == TO[act]
            assert len(issue.events) == 1
        else:
            with pytest.raises(Refused):
                ACTS[act](issue, head)
            assert issue.status == status
            assert issue.events == []


def test_a_reopened_issue_goes_back_to_whoever_had_it(database: Database) -> None:
    with database.transaction() as session:
        issue, head = an_issue(session), _head(session)
        issue.claim(head, NOW)
        issue.resolve(head, NOW, None)
        issue.reopen(issue.reporter, NOW)
        assert (issue.status, issue.handler) == (Status.CLAIMED, head)
        assert [event.event for event in issue.events] == [Event.CLAIMED, Event.RESOLVED, Event.REOPENED]


def test_the_second_to_claim_hears_who_has_it(database: Database) -> None:
    with database.transaction() as session:
        issue, grid = an_issue(session), person_at(session, "replay:grid")
        assert grid is not None
        issue.claim(grid, NOW)
        with pytest.raises(Refused) as refused:
            issue.claim(_head(session), NOW)
        assert refused.value.key == "issue-taken"
        assert refused.value.values["name"] == "杨帆"


def test_a_voice_counts_once_and_never_the_reporters_own(database: Database) -> None:
    with database.transaction() as session:
        issue, head = an_issue(session), _head(session)
        assert [issue.support(head, issue.chat, NOW), issue.support(head, issue.chat, NOW),
            issue.support(issue.reporter, issue.chat, NOW)] == [
            True, False, False,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "said", "is_same"),
    [
        ({"unit": "2"}, {"unit": "2"}, True),
        ({"unit": "2"}, {"unit": "3"}, False),
        ({"unit": "2"}, {"unit": None}, True),
        ({"unit": None}, {"unit": "3"}, True),
        ({"unit": "2", "floor": "4"}, {"unit": "2", "floor": "5"}, False),
        ({"topic": "water_supply", "unit": "2"}, {"topic": "water_supply", "unit": "3"}, True),
        ({"topic": "elevator"}, {"topic": "lighting"}, False),
        ({"status": "closed"}, {}, False),
        ({"reported_at": NOW - timedelta(days=3)}, {}, False),
    ],
)
def test_the_same_matter(database: Database, known: dict[str, object], said: dict[str, object], is_same: bool) -> None:
    with database.transaction() as session:
        first = an_issue(session, **known)
        second = an_issue(session, status="withdrawn", **said)
        second.status = Status.OPEN
        session.expunge(second)
        found = same_matter(alike(session, second, NOW - timedelta(hours=48), NOW), second)
        assert (found is not None and found.id == first.id) == is_same


def _head(session: Session) -> Person:
    head = person_at(session, "replay:head5")
    assert head is not None
    return head
