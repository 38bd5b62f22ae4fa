"""Messages of which the bot is not sure whether they report anything; a person is asked, and then they are gone."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, bindparam, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.chats import Chat
from storage.database import Base
from storage.lookups import all_of_each, note, settled
from storage.people import Person
from storage.places import Place


class Doubt(Base):
    """A message waiting for somebody to say whether it is a report. The row goes with the answer.

    ``position`` is its number in the list that ``asked_of`` was shown; both are empty until then.
    """

    __tablename__ = "doubts"
    __table_args__ = (Index("ix_doubts_building_asked", "building_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    source_message: Mapped[str] = mapped_column(String(80))
    words: Mapped[str] = mapped_column(Text)
    heard_at: Mapped[datetime]
    asked_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime | None]
    position: Mapped[int | None]

    building: Mapped[Place] = relationship()
    chat: Mapped[Chat] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


def open_doubts(session: Session, building_id: int) -> list[Doubt]:
    """What nobody has answered yet, asked about or not, oldest first."""
    known = read_doubts(session, [building_id])[building_id]
    return [doubt for doubt in known if doubt in session and doubt not in session.deleted]


_OF_BUILDINGS = select(Doubt).where(Doubt.building_id.in_(bindparam("buildings", expanding=True))).order_by(Doubt.id)


def read_doubts(session: Session, building_ids: Iterable[int]) -> dict[int, list[Doubt]]:
    """Look up what nobody has answered yet in buildings, all at once."""

    def find(wanted: list[int]) -> list[tuple[int, Doubt]]:
        with settled(session, Doubt):
            return [(one.building_id, one) for one in session.scalars(_OF_BUILDINGS, {"buildings": wanted})]

    return all_of_each(session, "doubts", building_ids, find)


@event.listens_for(Session, "transient_to_pending")
def _note_doubt(session: Session, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
    if isinstance(record, Doubt):
        note(session, "doubts", record.building_id, record)


def asked_of(session: Session, person_id: int, since: datetime) -> list[Doubt]:
    """What this person was asked about last, in the order of the numbers they saw.

    One list is one building's: a head of two buildings answers the list that came last.
    """
    asked = select(Doubt).where(Doubt.asked_of_id == person_id, Doubt.asked_at >= since)
    last = session.scalars(asked.order_by(Doubt.asked_at.desc(), Doubt.id.desc())).first()
    if last is None:
        return []
    return list(session.scalars(asked.where(Doubt.building_id == last.building_id).order_by(Doubt.position)))


def forget_asked(session: Session, building_id: int, before: datetime | None) -> None:
    """What was asked before then and not answered is dropped: silence means no. None: drop all."""
    statement = select(Doubt).where(Doubt.building_id == building_id)
    if before is not None:
        statement = statement.where(Doubt.asked_at < before)
    for doubt in session.scalars(statement):
        session.delete(doubt)
    session.flush()
