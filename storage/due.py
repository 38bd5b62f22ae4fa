"""Due work: rows that say what is to be done when. The scheduler only wakes the scan of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.lookups import settled

WAITING, DONE, DROPPED = "waiting", "done", "dropped"


class DueRow(Base):
    """One piece of due work. ``slot`` tells apart several rows of one subject: evening, hour."""

    __tablename__ = "due"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "slot"),
        Index("ix_due_state_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    slot: Mapped[str] = mapped_column(String(24))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=WAITING)


def plan_due(session: Session, kind: str, subject_id: int, slot: str, due_at: datetime) -> bool:
    """Have something done at a time. False if that very thing is planned or was done already."""
    known = session.scalar(
        select(DueRow.id).where(DueRow.kind == kind, DueRow.subject_id == subject_id, DueRow.slot == slot)
    )
    if known is not None:
        return False
    session.add(DueRow(kind=kind, subject_id=subject_id, slot=slot, due_at=due_at))
    session.flush()
    return True


def plan_for_new(session: Session, subject_id: int, plans: Iterable[tuple[str, str, datetime]]) -> None:
    """Have things (kind, slot, time) done for a subject that is new: nothing of it is planned, or looked up, yet."""
    session.add_all(
        DueRow(kind=kind, subject_id=subject_id, slot=slot, due_at=at, state=WAITING) for kind, slot, at in plans
    )


def slot_at(due_at: datetime) -> str:
    """The slot of what is planned again and again for one subject: its time."""
    return f"{due_at:%Y%m%d%H%M%S}"


def replan_due(session: Session, kind: str, subject_id: int, due_at: datetime) -> None:
    """Have something done at a time instead of whatever was planned of this kind for this subject."""
    slot = slot_at(due_at)
    drop_due(session, kind, subject_id)
    if not plan_due(session, kind, subject_id, slot, due_at):
        known = (DueRow.kind == kind, DueRow.subject_id == subject_id, DueRow.slot == slot)
        session.execute(update(DueRow).where(*known).values(state=WAITING, due_at=due_at))


def drop_due(session: Session, kind: str, subject_id: int) -> None:
    """What was planned for this subject is not needed any more."""
    statement = update(DueRow).where(DueRow.kind == kind, DueRow.subject_id == subject_id, DueRow.state == WAITING)
    session.execute(statement.values(state=DROPPED))


def due_now(session: Session, now: datetime, limit: int = 200) -> list[DueRow]:
    """What is due, oldest first, without what another process is doing at this moment."""
    statement = select(DueRow).where(DueRow.state == WAITING, DueRow.due_at <= now).order_by(DueRow.due_at, DueRow.id)
    return list(session.scalars(statement.limit(limit).with_for_update(skip_locked=True)))


def waiting_of(session: Session, kind: str, subject_id: int) -> datetime | None:
    """When the next work of this kind on a subject is due."""
    statement = select(func.min(DueRow.due_at)).where(
        DueRow.kind == kind, DueRow.subject_id == subject_id, DueRow.state == WAITING
    )
    with settled(session, DueRow, is_new_known=True):
        saved = session.scalar(statement)
    unsaved = (row for row in session.new if isinstance(row, DueRow) and row.state == WAITING)
    times = [row.due_at for row in unsaved if row.kind == kind and row.subject_id == subject_id]
    if saved is not None:
        times.append(saved)
    return min(times, default=None)


def next_due_at(session: Session) -> datetime | None:
    """When the next row is due."""
    return session.scalar(select(func.min(DueRow.due_at)).where(DueRow.state == WAITING))
