"""An issue: what was reported, where, and what may be done with it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship
from sqlalchemy.orm.attributes import set_committed_value

from storage.chats import Chat
from storage.database import Base
from storage.domains import is_private, topic_name
from storage.errors import Refused
from storage.issues.lifecycle import LEVELS, LIVE, MOVES, Event, Level, Status
from storage.issues.parts import IssueEvent, Photo, Supporter
from storage.issues.spots import are_apart
from storage.people import Person
from storage.places import Place

MAX_WORDS = 2000
"""Longest report that is kept; a novel pasted into a chat is cut."""


class Issue(Base):
    """A numbered matter. ``number`` is what people say, unique in its community.

    ``act_by`` is when it ought to be done; ``paused_at`` stops that clock. ``level`` is how far up it was
    handed, ``steps`` how often somebody was reminded. ``chat`` is where it is spoken about; what was said in
    private, or anonymously, is not spoken about in any group.
    """

    __tablename__ = "issues"
    __table_args__ = (
        UniqueConstraint("community_id", "number"),
        Index("ix_issues_building_status", "building_id", "status"),
        Index("ix_issues_building_topic", "building_id", "topic", "status", "closed_at"),
        Index("ix_issues_chat_status", "chat_id", "status"),
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
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    source_message: Mapped[str] = mapped_column(String(80))
    reported_at: Mapped[datetime]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    claimed_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    act_by: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    is_overdue: Mapped[bool] = mapped_column(default=False)
    level: Mapped[str] = mapped_column(String(10), default=Level.BUILDING)
    steps: Mapped[int] = mapped_column(default=0)
    escalated_at: Mapped[datetime | None]
    """When it came to the street, which sees nothing before."""
    acknowledged_at: Mapped[datetime | None]
    """When somebody answered 收到 to an urgent alert."""
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"))
    recurs_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"))
    """The closed issue of which this is the return."""
    rating: Mapped[int | None]
    """1: the reporter is satisfied; 0: was not mended when it was said to be."""
    rating_words: Mapped[str | None] = mapped_column(String(200))

    building: Mapped[Place] = relationship(foreign_keys=[building_id])
    reporter: Mapped[Person] = relationship(foreign_keys=[reporter_id])
    handler: Mapped[Person | None] = relationship(foreign_keys=[handler_id])
    chat: Mapped[Chat] = relationship()
    merged_into: Mapped["Issue | None"] = relationship(remote_side=[id], foreign_keys=[merged_into_id], viewonly=True)
    recurs: Mapped["Issue | None"] = relationship(remote_side=[id], foreign_keys=[recurs_id], viewonly=True)
    events: Mapped[list[IssueEvent]] = relationship(back_populates="issue", order_by="IssueEvent.id")
    supporters: Mapped[list[Supporter]] = relationship(back_populates="issue")
    photos: Mapped[list[Photo]] = relationship(back_populates="issue")

    @property
    def title(self) -> str:
        """What people call the matter: 电梯, 楼上漏水, 其他诉求."""
        return topic_name(self.domain, self.topic)

    @property
    def is_live(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in LIVE

    def was_closed_since(self, moment: datetime) -> bool:
        """Whether it was struck off then or later."""
        return self.status == Status.CLOSED and self.closed_at is not None and self.closed_at >= moment

    @property
    def is_public(self) -> bool:
        """Whether the building's group may read of it."""
        return self.chat.is_group and not self.is_sensitive and not self.is_anonymous

    @property
    def voices(self) -> int:
        """How many have the trouble, the reporter counted in."""
        return len(self.supporters) + 1

    def claim(self, by: Person, at: datetime) -> None:
        """Take responsibility. Raises Refused ``issue-taken`` or ``issue-not-open``."""
        if self.status == Status.CLAIMED and self.handler is not None:
            if self.handler_id == by.id:
                raise Refused("issue-already-yours", number=self.number)
            raise Refused("issue-taken", number=self.number, name=self.handler.shown_name)
        self._move(Status.CLAIMED)
        self.handler, self.claimed_at = by, at
        self._record(Event.CLAIMED, by, at)

    def assign(self, by: Person, at: datetime, to: Person) -> None:
        """Give it to somebody, whoever has it now. Raises Refused ``issue-not-open``."""
        self._require_live()
        if self.handler_id == to.id:
            raise Refused("issue-assigned-already", number=self.number, name=to.shown_name)
        self.status, self.handler, self.claimed_at = Status.CLAIMED, to, at
        self._record(Event.ASSIGNED, by, at, to.shown_name)

    def release(self, by: Person | None, at: datetime, words: str | None = None) -> None:
        """Whoever has it gives it back, or is not there any more. Raises Refused ``issue-not-open``."""
        if self.status != Status.CLAIMED:
            raise Refused("issue-not-claimed", number=self.number)
        self._move(Status.OPEN)
        self.handler = self.claimed_at = None
        self._record(Event.RELEASED, by, at, words)

    def acknowledge(self, by: Person, at: datetime) -> bool:
        """Somebody has read an urgent alert. False where somebody had before."""
        if self.acknowledged_at is not None:
            return False
        self.acknowledged_at = at
        self._record(Event.ACKNOWLEDGED, by, at)
        return True

    def note(self, by: Person, at: datetime, words: str) -> None:
        """Say how it goes. Raises Refused ``issue-not-open``."""
        self._require_live()
        self._record(Event.NOTED, by, at, words)

    def resolve(self, by: Person, at: datetime, words: str | None) -> None:
        """The work is done; the reporter is asked. Raises Refused ``issue-not-open``."""
        self._move(Status.RESOLVED)
        self.handler = self.handler or by
        self.resolved_at = at
        self.paused_at = None
        self._record(Event.RESOLVED, by, at, words)

    def close(self, by: Person | None, at: datetime) -> None:
        """Strike it off (销号): the reporter agrees, or did not answer in time."""
        self._move(Status.CLOSED)
        self.closed_at, self.is_overdue = at, False
        self._record(Event.CLOSED, by, at)

    def rate(self, by: Person, at: datetime, rating: int, words: str | None) -> None:
        """The reporter's judgement, kept with their words; the last one counts."""
        self.rating, self.rating_words = rating, words
        self._record(Event.RATED, by, at, words)

    def reopen(self, by: Person, at: datetime, words: str | None = None) -> None:
        """It is not mended after all; the handler keeps it, if there was one."""
        self._move(Status.OPEN)
        self.resolved_at = self.closed_at = self.paused_at = None
        self.rating, self.rating_words = 0, words[:200] if words else None
        self.is_overdue, self.steps = False, 0
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

    def returns_from(self, closed: "Issue | None") -> None:
        """The fault of an issue that was struck off is back; None: it is a new one."""
        self.recurs_id = closed.id if closed else None
        set_committed_value(self, "recurs", closed)

    def merge_into(self, other: "Issue", by: Person | None, at: datetime) -> None:
        """The two are one matter: whoever reported or seconded this one has the other's trouble.

        Raises Refused ``merge-self``, ``issue-not-found`` or ``issue-not-open``.
        """
        if other.id == self.id:
            raise Refused("merge-self", number=self.number)
        if other.community_id != self.community_id:
            raise Refused("issue-not-found", number=other.number)
        other._require_live()
        self._move(Status.MERGED)
        self.merged_into_id, self.closed_at = other.id, at
        set_committed_value(self, "merged_into", other)
        self._record(Event.MERGED, by, at, str(other.number))
        other._record(Event.ABSORBED, by, at, str(self.number))
        for person, chat in [(self.reporter, self.chat), *((one.person, one.chat) for one in self.supporters)]:
            if person.id != other.reporter_id and all(one.person.id != person.id for one in other.supporters):
                other.supporters.append(Supporter(person=person, chat=chat, at=at))
        for photo in list(self.photos):
            photo.issue = other
        other.is_urgent = other.is_urgent or self.is_urgent
        other.place_from(self.unit, self.floor, self.room, self.spot)

    def escalate(self, by: Person | None, at: datetime, to: Level, words: str | None = None) -> None:
        """Hand it up (上报): those of that level are asked from now on. Raises Refused if it is there already."""
        self._require_live()
        if LEVELS.index(to) <= LEVELS.index(Level(self.level)):
            raise Refused("issue-at-the-top", number=self.number)
        self.level = to
        if to is Level.STREET:
            self.escalated_at = at
        self._record(Event.ESCALATED, by, at, words)

    def extend(self, by: Person, at: datetime, until: datetime, words: str) -> None:
        """More time is needed, for a reason."""
        self._require_live()
        self.act_by, self.is_overdue = until, False
        self._record(Event.EXTENDED, by, at, words)

    def pause(self, by: Person, at: datetime, words: str) -> None:
        """Nothing can be done for now, for a reason: no clock runs. Raises Refused ``issue-paused``."""
        self._require_live()
        if self.paused_at is not None:
            raise Refused("issue-paused", number=self.number)
        self.paused_at, self.is_overdue = at, False
        self._record(Event.PAUSED, by, at, words)

    def resume(self, by: Person, at: datetime) -> None:
        """It goes on; the time it stood still is added to its limit. Raises Refused ``issue-not-paused``."""
        self._require_live()
        if self.paused_at is None:
            raise Refused("issue-not-paused", number=self.number)
        if self.act_by is not None:
            self.act_by += at - self.paused_at
        self.paused_at = None
        self._record(Event.RESUMED, by, at)

    def reclassify(self, by: Person, at: datetime, domain: str, topic: str | None) -> None:
        """Correct the label. The old one stays in the event: it is what the lexicon learns from."""
        before = f"{self.domain}/{self.topic or ''}"
        self.domain, self.topic = domain, topic
        self.is_sensitive = self.is_sensitive or is_private(topic, is_urgent=self.is_urgent)
        self._record(Event.RECLASSIFIED, by, at, f"{before}→{domain}/{topic or ''}")

    def support(self, by: Person, chat: Chat, at: datetime, words: str | None = None) -> bool:
        """A second voice, heard in a chat. False where the person is the reporter or has spoken before."""
        if by.id == self.reporter_id or any(one.is_from(by) for one in self.supporters):
            return False
        self._add(Supporter(issue=self, person=by, chat=chat, at=at))
        # Who speaks up in private is counted and not named.
        self._record(Event.SUPPORTED, by if chat.is_group else None, at, words)
        return True

    def detail(self, by: Person, at: datetime, words: str) -> None:
        """Something more that the reporter said about it."""
        self._record(Event.DETAILED, by, at, words)

    def picture(self, account: str, references: Iterable[str], at: datetime) -> None:
        """Keep pictures of it, by the references under which an account's platform keeps them."""
        # Not appended to the list: that would read all that are there.
        for reference in references:
            self._add(Photo(issue=self, account=account, reference=reference, at=at))

    def mark_overdue(self, at: datetime) -> None:
        """The time limit passed and nobody was done."""
        self.is_overdue = True
        self._record(Event.OVERDUE, None, at)

    def is_elsewhere(self, unit: str | None, floor: str | None, room: str | None, spot: str | None) -> bool:
        """Whether what was said of a place contradicts what is known of this one's."""
        pairs = ((self.unit, unit), (self.floor, floor), (self.room, room))
        return any(known and said and known != said for known, said in pairs) or are_apart(self.spot, spot)

    def place_from(self, unit: str | None, floor: str | None, room: str | None, spot: str | None) -> bool:
        """Fill in what was not known of the place. True if something was new."""
        before = (self.unit, self.floor, self.room, self.spot)
        self.unit, self.floor = self.unit or unit, self.floor or floor
        self.room, self.spot = self.room or room, self.spot or spot
        return before != (self.unit, self.floor, self.room, self.spot)

    def split_off(self, by: Person, at: datetime, number: int) -> None:
        """A part of it became an issue of its own."""
        self._record(Event.SPLIT, by, at, str(number))

    def _require_live(self) -> None:
        if not self.is_live:
            raise Refused("issue-not-open", number=self.number, status=self.status)

    def _move(self, to: Status) -> None:
        if to not in MOVES[Status(self.status)]:
            raise Refused("issue-not-open", number=self.number, status=self.status)
        self.status = to

    def _record(self, event: Event, by: Person | None, at: datetime, words: str | None = None) -> None:
        session = object_session(self)
        message = session.info.get("message") if session is not None else None
        named = None if self.is_anonymous and by is not None and by.id == self.reporter_id else by
        self._add(IssueEvent(issue=self, event=event, by=named, at=at, words=words, message=message))

    def _add(self, part: IssueEvent | Photo | Supporter) -> None:
        """Have a part saved. One of an issue that is not saved yet is saved with it."""
        session = object_session(self)
        if session is not None:
            session.add(part)
