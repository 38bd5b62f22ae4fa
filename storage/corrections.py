"""What people corrected in the bot's understanding: what the lexicon learns from."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.people import Person


class CorrectionKind(StrEnum):
    """How it was said that the bot was wrong, or right where it was not sure."""

    RELABELLED = "relabelled"
    INVALID = "invalid"
    MISSED = "missed"
    ASKED_YES = "asked_yes"
    ASKED_NO = "asked_no"


class CorrectionState(StrEnum):
    """Whether somebody has gone through it."""

    NEW = "new"
    USED = "used"
    REFUSED = "refused"


class Correction(Base):
    """One correction. ``label`` is a domain, ``other`` or ``none``: what it ought to have been.

    ``words`` are those of a report; of talk that was none only the lexicon's own ``terms`` are kept.
    """

    __tablename__ = "corrections"
    __table_args__ = (Index("ix_corrections_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    kind: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text)
    terms: Mapped[list[str]]
    label: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(8), default=CorrectionState.NEW)

    by: Mapped[Person] = relationship()


def new_corrections(session: Session) -> list[Correction]:
    """What nobody has gone through yet, oldest first."""
    statement = select(Correction).where(Correction.state == CorrectionState.NEW)
    return list(session.scalars(statement.order_by(Correction.id)))


def settle(session: Session, ids: Iterable[int], state: CorrectionState) -> None:
    """Mark corrections as gone through."""
    for correction in session.scalars(select(Correction).where(Correction.id.in_(list(ids)))):
        correction.state = state
