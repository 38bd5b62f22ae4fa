"""Leases: of several processes one does a thing, and another takes over when it is gone or frozen."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base

LEASE = timedelta(seconds=8)
"""How long a lease holds without being renewed."""


class Lease(Base):
    """Who does a thing, and until when nobody else may."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]


def take_leases(
    session: Session, names: Iterable[str], holder: str, now: datetime, is_gone: Callable[[str], bool]
) -> set[str]:
    """Take or renew these leases; returns those that the holder has now.

    A lease is free when it has run out, when ``is_gone`` knows that its holder does not live any more, or when it
    reaches further into the future than any living holder would let it: then a clock was set back.
    """
    held: set[str] = set()
    for name in sorted(names):  # in one order, so that two processes never wait for each other
        lease = session.get(Lease, name, with_for_update=True)
        if lease is None:
            lease = Lease(name=name, holder=holder, until=now)
            session.add(lease)
            session.flush()
        is_free = lease.until <= now or lease.until > now + 2 * LEASE or is_gone(lease.holder)
        if lease.holder == holder or is_free:
            lease.holder, lease.until = holder, now + LEASE
            held.add(name)
    return held


def holds_lease(session: Session, name: str, holder: str) -> bool:
    """Whether the lease is still the holder's; it stays so until the end of this transaction."""
    statement = select(Lease.holder).where(Lease.name == name).with_for_update()
    return session.scalar(statement) == holder


def release_leases(session: Session, holder: str) -> None:
    """Whoever stops in good order leaves what it had to the others at once."""
    session.execute(delete(Lease).where(Lease.holder == holder))
