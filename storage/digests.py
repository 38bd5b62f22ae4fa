"""Digests (简报) that were sent: one an audience and day, with what it said then."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

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
