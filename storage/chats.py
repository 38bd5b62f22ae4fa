"""Group and private chats: which bot account serves them and whose they are."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from storage.database import Base, kept, settled
from storage.logins import Login
from storage.people import Person
from storage.places import Place


class Chat(Base):
    """A chat on a platform. A group belongs to a building once bound; a private chat to a person."""

    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(160), unique=True)
    account: Mapped[str] = mapped_column(String(80))
    is_group: Mapped[bool]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    not_before: Mapped[datetime | None]
    """Until when the platform asked to be left alone with this chat."""
    quiet_until: Mapped[datetime | None]
    """Until when its people asked the bot to be silent."""
    created_at: Mapped[datetime]

    place: Mapped[Place | None] = relationship()
    person: Mapped[Person | None] = relationship()


def chat_at(session: Session, address: str) -> Chat | None:
    """The chat of this address, if the bot knows it."""
    known = kept(session)
    chat: Chat | None = known.get(("chat", address))
    if chat is None or chat.address != address:
        statement = select(Chat).where(Chat.address == address).options(joinedload(Chat.place))
        with settled(session, Chat):
            chat = known["chat", address] = session.scalar(statement)
    return chat


def open_chat(session: Session, address: str, account: str, *, is_group: bool, at: datetime) -> Chat:
    """The chat of this address, made known if it was not; the account is the one that last served it."""
    chat = chat_at(session, address)
    if chat is None:
        chat = Chat(address=address, account=account, is_group=is_group, created_at=at)
        session.add(chat)
        session.flush()
        kept(session)["chat", address] = chat
    elif chat.account != account or not chat.is_active:
        chat.account, chat.is_active = account, True
    return chat


def private_chat(session: Session, person: Person) -> Chat | None:
    """Where the person can be told something in private: the chat they used last, of an account that is up.

    Somebody known on two platforms hears of things by the other one while an account is logged out.
    """
    statement = (
        select(Chat)
        .outerjoin(Login, Login.account == Chat.account)
        .where(Chat.person_id == person.id, Chat.is_group.is_(False), Chat.is_active)
        .order_by(Login.is_up.is_(False), Chat.id.desc())
    )
    with settled(session, Chat, Login):
        return session.scalars(statement).first()


def group_of(session: Session, building: Place) -> Chat | None:
    """The building's group."""
    statement = select(Chat).where(Chat.place_id == building.id, Chat.is_group, Chat.is_active).order_by(Chat.id)
    return session.scalars(statement).first()


def move_chat(session: Session, old: str, new: str) -> None:
    """A group was upgraded: everything that refers to it follows, because only its address changes."""
    chat = chat_at(session, old)
    if chat is None:
        return
    other = chat_at(session, new)
    if other is not None and other.id != chat.id:
        # The first message under the new address came before the news of the move.
        other.address = f"{new}#before-move"
        other.is_active = False
        session.flush()
    chat.address = new
    session.flush()


def retire_chats(session: Session, account: str) -> None:
    """The chats of an account's earlier login cannot be spoken to any more. What they were bound to stays on record."""
    session.execute(update(Chat).where(Chat.account == account).values(is_active=False))


def groups_of_account(session: Session, account: str) -> list[Chat]:
    """The bound groups that an account serves, or served last."""
    statement = select(Chat).join(Place, Chat.place_id == Place.id).where(Chat.account == account, Chat.is_group)
    return list(session.scalars(statement.order_by(Place.id)))
