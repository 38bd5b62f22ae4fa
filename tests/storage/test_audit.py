"""The audit trail: whatever is changed or taken out by hand shows, and the program itself cannot do it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.database import Database
from tests.conftest import NOW
from tests.storage.test_issues import an_issue


def with_entries(database: Database) -> None:
    with database.transaction() as session:
        issue = an_issue(session)
        issue.claim(issue.reporter, NOW)
        for look in (audit.Look.CONTACT, audit.Look.SENSITIVE, audit.Look.TRAIL):
            audit.record(session, look, issue.reporter, NOW, community_id=issue.community_id, issue=issue)
        assert audit.seal_events(session, NOW, audit.newest_event(session))
        assert not audit.seal_events(session, NOW, audit.newest_event(session))  # nothing happened since
        assert audit.broken_at(session) is None


@pytest.mark.parametrize("statement", ["update audit set words = 'x'", "delete from audit"])
def test_an_entry_is_neither_changed_nor_taken_out(database: Database, statement: str) -> None:
    with_entries(database)
    with pytest.raises(DBAPIError, match="only added to"), database.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("update audit set by_id = 1 where id = 2", 2),
        ("update audit set look = 'export' where id = 1", 1),
        ("delete from audit where id = 2", 3),
        ("update issue_events set by_id = null where id = 1", 4),
        ("update issue_events set at = '2026-01-01' where id = 1", 4),
        ("delete from issue_events where id = 1", 4),
    ],
)
def test_what_somebody_does_by_hand_shows(database: Database, statement: str, found: int) -> None:
    with_entries(database)
    with database.transaction() as session:
        is_postgres = session.get_bind().dialect.name == "postgresql"
        for trigger in ("audit_no_change on audit",) if is_postgres else ("audit_no_update", "audit_no_delete"):
            session.execute(text(f"drop trigger {trigger}"))
        session.execute(text(statement))
    with database.transaction() as session:
        assert audit.broken_at(session) == found


def test_forgetting_words_does_not_break_the_seal(database: Database) -> None:
    with_entries(database)
    with database.transaction() as session:
        session.execute(text("update issue_events set words = null"))
    with database.transaction() as session:
        assert audit.broken_at(session) is None
