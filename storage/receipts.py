"""What was already handled, and what could not be."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import JSON

from storage.database import Base
from storage.lookups import kept

MAX_ATTEMPTS = 5


class Receipt(Base):
    """A source message that had an effect. Chatter has none and leaves none."""

    __tablename__ = "receipts"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]


class FailedTurn(Base):
    """A message whose handling raised. It is tried again, and parked after five attempts."""

    __tablename__ = "failed_turns"
    __table_args__ = (Index("ix_failed_turns_state_retry", "is_parked", "retry_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    is_parked: Mapped[bool] = mapped_column(default=False)
    failed_at: Mapped[datetime]
    retry_at: Mapped[datetime]


def expect(session: Session, keys: Sequence[str]) -> None:
    """These source messages are about to be handled: whether they were before is looked up once for all of them."""
    kept(session, "receipts")["expected"] = keys


_HANDLED = select(Receipt.key).where(Receipt.key.in_(bindparam("keys", expanding=True)))


def receive(session: Session, key: str, at: datetime) -> bool:
    """Take note that this source message has its effect now. False if it had it before."""
    known = kept(session, "receipts")
    expected = known.get("expected", ())
    handled: set[str] | None = known.get("handled")
    if handled is None:
        found = session.scalars(_HANDLED, {"keys": expected}) if expected else ()
        handled = known["handled"] = set[str](found)
    if key in handled or (key not in expected and session.get(Receipt, key) is not None):
        return False
    session.add(Receipt(key=key, at=at))
    handled.add(key)
    return True


def record_failure(session: Session, key: str, payload: dict[str, Any], error: str, at: datetime) -> FailedTurn:
    """Keep a message that could not be handled for another attempt, later each time."""
    failed = session.get(FailedTurn, key)
    if failed is None:
        failed = FailedTurn(key=key, payload=payload, error=error, attempts=0, failed_at=at, retry_at=at)
        session.add(failed)
    failed.attempts += 1
    failed.error = error
    failed.retry_at = at + timedelta(minutes=2**failed.attempts)
    failed.is_parked = failed.attempts >= MAX_ATTEMPTS
    if failed.is_parked:
        # Its words are not needed any more: what cannot be handled is not kept either.
        failed.payload = {}
    return failed


def failures_to_retry(session: Session, now: datetime) -> list[FailedTurn]:
    """The failed turns whose next attempt is due, without those that another process is trying at this moment."""
    statement = select(FailedTurn).where(FailedTurn.is_parked.is_(False), FailedTurn.retry_at <= now)
    return list(session.scalars(statement.order_by(FailedTurn.retry_at).limit(50).with_for_update(skip_locked=True)))
