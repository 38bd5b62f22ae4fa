"""What belongs to an issue: its events, its further voices, its pictures."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.chats import Chat
from storage.database import Base
from storage.people import Person

if TYPE_CHECKING:
    from storage.issues.record import Issue


class IssueEvent(Base):
    """One thing that happened to an issue. Only ever added."""

    __tablename__ = "issue_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    event: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(String(200))
    """The key of the message, press or due row that brought it about."""

    issue: Mapped["Issue"] = relationship(back_populates="events")
    by: Mapped[Person | None] = relationship()


class Supporter(Base):
    """A household that has the same trouble."""

    __tablename__ = "supporters"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    chat_id: Mapped[int | None] = mapped_column(ForeignKey("chats.id"))
    """Where they spoke: who did so in private is told in private."""
    at: Mapped[datetime]

    issue: Mapped["Issue"] = relationship(back_populates="supporters")
    person: Mapped[Person] = relationship()
    chat: Mapped[Chat | None] = relationship()

    def is_from(self, person: Person) -> bool:
        """Whether it is this person's voice, without reading who it is."""
        return self.person is person if inspect(self).pending else self.person_id == person.id


class Photo(Base):
    """A picture of the matter, by the reference under which its platform keeps it."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    account: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]

    issue: Mapped["Issue"] = relationship(back_populates="photos")
