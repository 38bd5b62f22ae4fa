"""The outbox: what the bot is going to say, kept until the platform has it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, bindparam, event, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.chats import Chat
from storage.database import Base
from storage.issues import Issue
from storage.lookups import all_of_each, note, settled
from storage.people import Person


class OutboxState(StrEnum):
    """Where a message stands.

    ``UNKNOWN``: it may have arrived; it is repeated once, and marked. ``HELD``: the group has heard enough for
    now; it is said with others in one line. ``GATHERED``: it was. ``SET_ASIDE``: it came from a backup, and
    somebody has to say whether it may be sent.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    PARKED = "parked"
    SET_ASIDE = "set_aside"
    HELD = "held"
    GATHERED = "gathered"


class OutboxKind(StrEnum):
    """Why the bot speaks."""

    SAY = "say"
    REACT = "react"
    REMINDER = "reminder"
    DIGEST = "digest"


AHEAD = timedelta(minutes=10)
"""What was written so far in the future was written before the clock was set back, and is due."""
WAITING_STATES = (OutboxState.QUEUED, OutboxState.UNKNOWN)
_UNSAID = (OutboxState.HELD, OutboxState.GATHERED)


class OutboxMessage(Base):
    """One message for one chat. Messages of a chat go out in the order of their ids."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_not_before", "state", "not_before"),
        Index("ix_outbox_chat_state", "chat_id", "state", "id"),
        Index("ix_outbox_chat_created", "chat_id", "created_at"),
        Index("ix_outbox_chat_message", "chat_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    kind: Mapped[str] = mapped_column(String(10), default=OutboxKind.SAY)
    text: Mapped[str] = mapped_column(Text, default="")
    buttons: Mapped[list[dict[str, Any]]]
    photos: Mapped[list[dict[str, Any]]]
    reply_to: Mapped[str | None] = mapped_column(String(80))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id"), index=True)
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    """The line of the bot's own that this one answers, where its platform's id is not known yet."""
    state: Mapped[str] = mapped_column(String(10), default=OutboxState.QUEUED)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[str | None] = mapped_column(String(80))
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))

    chat: Mapped[Chat] = relationship()
    for_person: Mapped[Person | None] = relationship()
    issue: Mapped[Issue | None] = relationship()
    answers: Mapped["OutboxMessage | None"] = relationship(remote_side=[id], foreign_keys=[answers_id], viewonly=True)


def claim_due(
    session: Session, now: datetime, accounts: list[str], limit: int = 50, *, only_urgent: bool = False
) -> list[OutboxMessage]:
    """Mark the next messages of these accounts as being sent and return them: one a chat, its oldest.

    A chat whose oldest message waits (a pause the platform asked for) waits as a whole, so that order
    is kept. ``only_urgent`` passes over everything else, as at night.
    """
    heads = select(func.min(OutboxMessage.id)).where(OutboxMessage.state.in_((*WAITING_STATES, OutboxState.SENDING)))
    if only_urgent:
        heads = heads.where(OutboxMessage.is_urgent)
    statement = (
        select(OutboxMessage)
        .join(Chat)
        .where(OutboxMessage.id.in_(heads.group_by(OutboxMessage.chat_id)), OutboxMessage.state.in_(WAITING_STATES))
        .where(or_(OutboxMessage.not_before <= now, OutboxMessage.created_at > now + AHEAD), Chat.account.in_(accounts))
        .where(Chat.not_before.is_(None) | (Chat.not_before <= now))
        .order_by(OutboxMessage.is_urgent.desc(), OutboxMessage.id)
        .limit(limit)
    )
    claimed = list(session.scalars(statement))
    for message in claimed:
        message.attempts += 1
        if message.state == OutboxState.QUEUED:
            message.state = OutboxState.SENDING
    return claimed


def said_elsewhere(session: Session, message: OutboxMessage, since: datetime) -> bool:
    """Whether the same account has said these very words in another group since then."""
    statement = (
        select(OutboxMessage.id)
        .join(Chat)
        .where(Chat.account == message.chat.account, Chat.is_group, OutboxMessage.chat_id != message.chat_id)
        .where(OutboxMessage.sent_at >= since, OutboxMessage.text == message.text)
    )
    return session.scalar(statement.limit(1)) is not None


def sent_since(session: Session, chat_id: int, since: datetime) -> int:
    """How much was said in a chat since then."""
    statement = select(func.count(OutboxMessage.id)).where(
        OutboxMessage.chat_id == chat_id, OutboxMessage.state == OutboxState.SENT, OutboxMessage.sent_at > since
    )
    return session.scalar(statement) or 0


def waiting_count(session: Session) -> int:
    """How many messages are still to be sent."""
    states = (*WAITING_STATES, OutboxState.SENDING)
    return session.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.state.in_(states))) or 0


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the message has been due that waits longest."""
    states = (*WAITING_STATES, OutboxState.SENDING)
    return session.scalar(select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state.in_(states)))


def recover_sending(session: Session, now: datetime, accounts: list[str]) -> int:
    """What these accounts were sending when they were left may have arrived: it is repeated once, marked.

    Returns how many.
    """
    statement = select(OutboxMessage).join(Chat).where(OutboxMessage.state == OutboxState.SENDING)
    stuck = list(session.scalars(statement.where(Chat.account.in_(accounts))))
    for message in stuck:
        message.state = OutboxState.UNKNOWN
        message.not_before = now
    return len(stuck)


def said_in_group(session: Session, chat_id: int, since: datetime) -> list[datetime]:
    """When lines for a group were written since then, those that are held not counted."""
    return sorted(at for at in read_said(session, [chat_id], since)[chat_id] if at > since)


_SAID = select(OutboxMessage.chat_id, OutboxMessage.created_at).where(
    OutboxMessage.chat_id.in_(bindparam("chats", expanding=True)), OutboxMessage.created_at > bindparam("since"),
    OutboxMessage.kind != OutboxKind.REACT, OutboxMessage.state.not_in(_UNSAID),
)  # fmt: skip


def read_said(session: Session, chat_ids: Iterable[int], since: datetime) -> dict[int, list[datetime]]:
    """Look up when lines were written for chats since then, for all at once."""

    def find(wanted: list[int]) -> list[tuple[int, datetime]]:
        with settled(session, OutboxMessage):
            return [(chat_id, at) for chat_id, at in session.execute(_SAID, {"chats": wanted, "since": since})]

    return all_of_each(session, "said", chat_ids, find)


@event.listens_for(Session, "transient_to_pending")
def _note_line(session: Session, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
    if isinstance(record, OutboxMessage) and record.kind != OutboxKind.REACT and record.state not in _UNSAID:
        note(session, "said", record.chat_id, record.created_at)


def held_lines(session: Session, chat_id: int) -> list[OutboxMessage]:
    """What a group is still to be told."""
    statement = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == OutboxState.HELD)
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def first_line_about(session: Session, chat_id: int, issue_id: int) -> OutboxMessage | None:
    """The bot's line in a chat that said that an issue was registered."""
    statement = select(OutboxMessage).where(
        OutboxMessage.chat_id == chat_id, OutboxMessage.issue_id == issue_id, OutboxMessage.kind != OutboxKind.REACT
    )
    return session.scalars(statement.order_by(OutboxMessage.id).limit(1)).first()


def last_offering(session: Session, chat_id: int, prefix: str, since: datetime) -> OutboxMessage | None:
    """The last message in a chat whose first button's id begins like this."""
    statement = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id, OutboxMessage.created_at >= since)
    recent = session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(20))
    return next((line for line in recent if line.buttons and str(line.buttons[0]["id"]).startswith(prefix)), None)


def last_choice(session: Session, chat_id: int, person_id: int | None, since: datetime) -> OutboxMessage | None:
    """The last message in a chat that offered answers to this person, or to everybody (None)."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.chat_id == chat_id, OutboxMessage.created_at >= since)
        .where(OutboxMessage.for_person_id == person_id)
        .order_by(OutboxMessage.id.desc())
        .limit(10)
    )
    offers = (message for message in session.scalars(statement) if message.buttons)
    return next((message for message in offers if not str(message.buttons[0]["id"]).startswith("more ")), None)


def said_as(session: Session, chat_id: int, message_id: str) -> OutboxMessage | None:
    """What the bot said under this platform message id."""
    statement = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id, OutboxMessage.message_id == message_id)
    return session.scalars(statement).first()


def said_like(session: Session, chat_id: int, words: str) -> OutboxMessage | None:
    """The bot's last line in a chat that a quote shows, where it has no id to go by.

    Apps cut long quotes short, and what was sent may have had its choices written under it.
    """
    quoted = " ".join(words.split()).rstrip("….")
    statement = select(OutboxMessage).where(OutboxMessage.chat_id == chat_id, OutboxMessage.kind != OutboxKind.REACT)
    for line in session.scalars(statement.order_by(OutboxMessage.id.desc()).limit(200)):
        text = " ".join(line.text.split())
        length = min(len(text), len(quoted), 60)
        if length >= 4 and text[:length] == quoted[:length]:
            return line
    return None


def is_said(session: Session, key: str) -> bool:
    """Whether a message with this key was queued before."""
    return session.scalar(select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None
