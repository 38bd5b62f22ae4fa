"""Digests (简报) that were sent: one an audience and day, with what it said then."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base


class Digest(Base):
    """What an audience was told on a day."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("audience", "told_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    audience: Mapped[str] = mapped_column(String(60))
    told_on: Mapped[date] = mapped_column(Date)
    contents: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


def find_digest(session: Session, audience: str, told_on: date) -> Digest | None:
    """What an audience was told on a day, if it was told."""
    return session.scalar(select(Digest).where(Digest.audience == audience, Digest.told_on == told_on))
