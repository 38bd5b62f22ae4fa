"""The audit trail: who saw and who changed what. Only ever added to, and each entry seals the one before."""

import hashlib
import json
from datetime import datetime
from enum import StrEnum

from sqlalchemy import DDL, ForeignKey, Index, String, UniqueConstraint, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.issues import Issue, IssueEvent
from storage.people import Person


class Look(StrEnum):
    """What is kept in the trail."""

    CONTACT = "contact"
    SENSITIVE = "sensitive"
    EXPORT = "export"
    CODE = "code"
    JOINED = "joined"
    ROLE_ENDED = "role_ended"
    TRAIL = "trail"
    SEALED = "sealed"


FIRST = "0" * 64
_LOCK = 8_020_110
"""Any number, the same in every process: whoever holds it on PostgreSQL writes the next entry."""
_MOST_SEALED = 500


class AuditEntry(Base):
    """One entry. ``seal`` is the SHA-256 of its contents and of the entry before (``before``).

    That ``before`` is unique keeps the chain one line, even if two processes write at once.
    """

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("before"),
        Index("ix_audit_issue_id", "issue_id"),
        Index("ix_audit_community_at", "community_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    look: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"))
    words: Mapped[str] = mapped_column(String(200), default="")
    before: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))

    by: Mapped[Person | None] = relationship()
    issue: Mapped[Issue | None] = relationship()

    def expected_seal(self) -> str:
        """What the seal has to be."""
        contents = [self.at.isoformat(), self.look, self.by_id, self.community_id, self.issue_id, self.words]
        return hashlib.sha256((json.dumps(contents) + self.before).encode()).hexdigest()


def _forbid(dialect: str, *statements: str) -> None:
    for statement in statements:
        ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
        event.listen(AuditEntry.__table__, "after_create", ddl)


SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER audit_no_{verb} BEFORE {verb} ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END"
    for verb in ("update", "delete")
)
POSTGRES_GUARDS = (
    "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
)
_forbid("sqlite", *SQLITE_GUARDS)
_forbid("postgresql", *POSTGRES_GUARDS)


def record(
    session: Session,
    look: Look,
    by: Person | None,
    at: datetime,
    *,
    community_id: int | None,
    issue: Issue | None = None,
    words: str = "",
) -> None:
    """Add an entry."""
    _wait_for_turn(session)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()
    entry = AuditEntry(
        at=at, look=look, by_id=by.id if by else None, community_id=community_id,
        issue_id=issue.id if issue else None, words=words[:200], before=last.seal if last else FIRST,
    )  # fmt: skip
    entry.seal = entry.expected_seal()
    session.add(entry)
    session.flush()


def _wait_for_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def newest_event(session: Session) -> int:
    """The id of the newest event of any issue; 0 before the first."""
    return session.scalar(select(func.max(IssueEvent.id))) or 0


def seal_events(session: Session, now: datetime, up_to: int) -> bool:
    """Seal what happened to issues since the last time into the trail. False if nothing did.

    An event is never changed; with this it shows if somebody does it by hand. ``up_to`` is an event that was there
    some seconds ago: on PostgreSQL one with a lower id than the newest may be committed after it.
    """
    _wait_for_turn(session)
    last = select(AuditEntry.words).where(AuditEntry.look == Look.SEALED).order_by(AuditEntry.id.desc()).limit(1)
    sealed = session.scalar(last)
    start = int(sealed.split()[0].partition("-")[2]) if sealed else 0
    end = min(up_to, start + _MOST_SEALED)
    if end <= start:
        return False
    words = f"{start}-{end} {_digest(session, start, end)}"
    record(session, Look.SEALED, None, now, community_id=None, words=words)
    return True


def _digest(session: Session, after: int, to: int) -> str:
    """Of the events in ``(after, to]``, without their words: those may have to be forgotten one day."""
    columns = (
        IssueEvent.id,
        IssueEvent.issue_id,
        IssueEvent.event,
        IssueEvent.by_id,
        IssueEvent.at,
        IssueEvent.message,
    )
    statement = select(*columns).where(IssueEvent.id > after, IssueEvent.id <= to).order_by(IssueEvent.id)
    rows = [[*row[:4], row[4].isoformat(), row[5]] for row in session.execute(statement)]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def broken_at(session: Session) -> int | None:
    """The id of the first entry that does not hold: changed, after one taken out, or sealing changed events.

    None: the trail is whole.
    """
    before = FIRST
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if entry.before != before or entry.seal != entry.expected_seal():
            return entry.id
        if entry.look == Look.SEALED:
            span, digest = entry.words.split()
            start, _, end = span.partition("-")
            if _digest(session, int(start), int(end)) != digest:
                return entry.id
        before = entry.seal
    return None


def looks_at(session: Session, issue: Issue, limit: int) -> list[AuditEntry]:
    """Who saw an issue, newest first."""
    statement = select(AuditEntry).where(AuditEntry.issue_id == issue.id)
    return list(session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit)))


def looks_within(session: Session, community_ids: list[int], limit: int) -> list[AuditEntry]:
    """What happened in communities, newest first."""
    statement = select(AuditEntry).where(AuditEntry.community_id.in_(community_ids))
    return list(session.scalars(statement.order_by(AuditEntry.id.desc()).limit(limit)))
