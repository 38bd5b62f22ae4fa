"""An issue: what was reported, where, and what may be done with it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.chats import Chat
from storage.database import Base
from storage.domains import is_private, topic_name
from storage.errors import Refused
from storage.issues.lifecycle import LIVE, MOVES, Event, Status
from storage.people import Person
from storage.places import Place

MAX_WORDS = 2000
"""Longest report that is kept; a novel pasted into a chat is cut."""


class Issue(Base):
    """A numbered matter. ``number`` is what people say, unique in its community."""

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        Index("ix_issues_building_status", "building_id", "status"),
        Index("ix_issues_reporter_reported", "reporter_id", "reported_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    number: Mapped[int]
    building_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    domain: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str | None] = mapped_column(String(24))
    kind: Mapped[str | None] = mapped_column(String(12))
    is_urgent: Mapped[bool]
    is_sensitive: Mapped[bool]
    unit: Mapped[str | None] = mapped_column(String(8))
    floor: Mapped[str | None] = mapped_column(String(8))
    room: Mapped[str | None] = mapped_column(String(8))
    spot: Mapped[str | None] = mapped_column(String(16))
    words: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[dict[str, Any]]]
    score: Mapped[float]
    status: Mapped[str] = mapped_column(String(12), default=Status.OPEN)
    reporter_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), index=True)
    source_message: Mapped[str] = mapped_column(String(80))
    reported_at: Mapped[datetime]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claimed_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    is_overdue: Mapped[bool] = mapped_column(default=False)
    escalated_at: Mapped[datetime | None]
    rating: Mapped[int | None]

    building: Mapped[Place] = relationship(foreign_keys=[building_id])
    reporter: Mapped[Person] = relationship(foreign_keys=[reporter_id])
    handler: Mapped[Person | None] = relationship(foreign_keys=[handler_id])
    chat: Mapped[Chat] = relationship()
    events: Mapped[list["IssueEvent"]] = relationship(back_populates="issue", order_by="IssueEvent.id")
    supporters: Mapped[list["Supporter"]] = relationship(back_populates="issue")
    photos: Mapped[list["Photo"]] = relationship(back_populates="issue")

    @property
    def title(self) -> str:
        """What people call the matter: 电梯, 楼上漏水, 其他诉求."""
        return topic_name(self.domain, self.topic)

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in LIVE

    def claim(self, by: Person, at: datetime) -> None:
        """Take responsibility. Raises Refused ``issue-taken`` or ``issue-not-open``."""
        if self.status == Status.CLAIMED and self.handler is not None:
            if self.handler_id == by.id:
                raise Refused("issue-already-yours", number=self.number)
            raise Refused("issue-taken", number=self.number, name=self.handler.shown_name)
        self._move(Status.CLAIMED)
        self.handler, self.claimed_at = by, at
        self.is_overdue = False
        self._record(Event.CLAIMED, by, at)

    def note(self, by: Person, at: datetime, words: str) -> None:
        """Say how it goes. Raises Refused ``issue-not-open``."""
        if not self.is_live:
            raise Refused("issue-not-open", number=self.number, status=self.status)
        self._record(Event.NOTED, by, at, words)

    def resolve(self, by: Person, at: datetime, words: str | None) -> None:
        """The work is done; the reporter is asked. Raises Refused ``issue-not-open``."""
        self._move(Status.RESOLVED)
        self.handler = self.handler or by
        self.resolved_at = at
        self._record(Event.RESOLVED, by, at, words)

    def close(self, by: Person | None, at: datetime) -> None:
        """Strike it off (销号): the reporter agrees, or did not answer in time."""
        self._move(Status.CLOSED)
        self.closed_at = at
        self._record(Event.CLOSED, by, at)

    def reopen(self, by: Person, at: datetime, words: str | None = None) -> None:
        """It is not mended after all; the handler keeps it, if there was one."""
        self._move(Status.OPEN)
        self.resolved_at = self.closed_at = self.rating = None
        self.is_overdue = False
        self._record(Event.REOPENED, by, at, words)
        if self.handler is not None:
            self.status = Status.CLAIMED

    def withdraw(self, by: Person, at: datetime) -> None:
        """The reporter takes it back."""
        self._move(Status.WITHDRAWN)
        self.closed_at = at
        self._record(Event.WITHDRAWN, by, at)

    def invalidate(self, by: Person, at: datetime, reason: str) -> None:
        """It is no matter for the building team; the reporter sees the reason."""
        self._move(Status.INVALID)
        self.closed_at = at
        self._record(Event.INVALIDATED, by, at, reason)

    def reclassify(self, by: Person, at: datetime, domain: str, topic: str | None) -> None:
        """Correct the label. The old one stays in the event: it is what the lexicon learns from."""
        before = f"{self.domain}/{self.topic or ''}"
        self.domain, self.topic = domain, topic
        self.is_sensitive = self.is_sensitive or is_private(topic, is_urgent=self.is_urgent)
        self._record(Event.RECLASSIFIED, by, at, f"{before}→{domain}/{topic or ''}")

    def support(self, by: Person, at: datetime, words: str | None = None) -> bool:
        """A second voice. False where the person is the reporter or has spoken before."""
        if by.id == self.reporter_id or any(one.person.id == by.id for one in self.supporters):
            return False
        self.supporters.append(Supporter(person=by, at=at))
        self._record(Event.SUPPORTED, by, at, words)
        return True

    def detail(self, by: Person, at: datetime, words: str) -> None:
        """Something more that the reporter said about it."""
        self._record(Event.DETAILED, by, at, words)

    def mark_overdue(self, at: datetime) -> None:
        """The time limit passed and nobody was done."""
        self.is_overdue = True
        self._record(Event.OVERDUE, None, at)

    def place_from(self, unit: str | None, floor: str | None, room: str | None, spot: str | None) -> bool:
        """Fill in what was not known of the place. True if something was new."""
        before = (self.unit, self.floor, self.room, self.spot)
        self.unit, self.floor = self.unit or unit, self.floor or floor
        self.room, self.spot = self.room or room, self.spot or spot
        return before != (self.unit, self.floor, self.room, self.spot)

    def _move(self, to: Status) -> None:
        if to not in MOVES[Status(self.status)]:
            raise Refused("issue-not-open", number=self.number, status=self.status)
        self.status = to

    def _record(self, event: Event, by: Person | None, at: datetime, words: str | None = None) -> None:
        self.events.append(IssueEvent(event=event, by=by, at=at, words=words))


class IssueEvent(Base):
    """One thing that happened to an issue. Only ever added."""

    __tablename__ = "issue_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    event: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text)

    issue: Mapped[Issue] = relationship(back_populates="events")
    by: Mapped[Person | None] = relationship()


class Supporter(Base):
    """A household that has the same trouble."""

    __tablename__ = "supporters"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime]

    issue: Mapped[Issue] = relationship(back_populates="supporters")
    person: Mapped[Person] = relationship()


class Photo(Base):
    """A picture of the matter, by the reference under which its platform keeps it."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"), index=True)
    account: Mapped[str] = mapped_column(String(80))
    reference: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]

    issue: Mapped[Issue] = relationship(back_populates="photos")
