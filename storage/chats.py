"""Group and private chats: which bot account serves them and whose they are."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from storage.database import Base
from storage.ids import known_id
from storage.logins import Login
from storage.lookups import forget, forget_if_set, kept, settled
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


# Made once: to put such a question together takes longer than to answer it.
_AT = select(Chat).where(Chat.address.in_(bindparam("addresses", expanding=True))).options(joinedload(Chat.place))
_PRIVATE = (
    select(Chat)
    .outerjoin(Login, Login.account == Chat.account)
    .where(Chat.person_id.in_(bindparam("people", expanding=True)), Chat.is_group.is_(False), Chat.is_active)
    .order_by(Login.is_up.is_(False).desc(), Chat.id)
)


def read_chats(session: Session, addresses: Iterable[str]) -> dict[str, Chat | None]:
    """Look chats up by their addresses, all at once; None for those that the bot does not know."""
    known: dict[str, Chat | None] = kept(session, "chats")
    wanted = [address for address in dict.fromkeys(addresses) if address not in known]
    if wanted:
        with settled(session, Chat):
            found = {chat.address: chat for chat in session.scalars(_AT, {"addresses": wanted})}
        known.update((address, found.get(address)) for address in wanted)
    return known


def chat_at(session: Session, address: str) -> Chat | None:
    """The chat of this address, if the bot knows it."""
    return read_chats(session, [address])[address]


def open_chat(session: Session, address: str, account: str, *, is_group: bool, at: datetime) -> Chat:
    """The chat of this address, made known if it was not; the account is the one that last served it."""
    chat = chat_at(session, address)
    if chat is None:
        chat = Chat(address=address, account=account, is_group=is_group, created_at=at)
        session.add(chat)
        known_id(session, chat)
        kept(session, "chats")[address] = chat
    elif chat.account != account or not chat.is_active:
        chat.account, chat.is_active = account, True
    return chat


def read_private_chats(session: Session, people: Iterable[Person]) -> dict[int, Chat | None]:
    """Look up where people can be told something in private, all at once, by their ids; None: nowhere."""
    known: dict[int, Chat | None] = kept(session, "private chats")
    wanted = list({person.id for person in people if person.id not in known})
    if wanted:
        with settled(session, Chat, Login):
            # Of several the last one holds.
            found = {chat.person_id: chat for chat in session.scalars(_PRIVATE, {"people": wanted})}
        known.update((person_id, found.get(person_id)) for person_id in wanted)
    return known


def private_chat(session: Session, person: Person) -> Chat | None:
    """Where the person can be told something in private: the chat they used last, of an account that is up.

    Somebody known on two platforms hears of things by the other one while an account is logged out.
    """
    return read_private_chats(session, [person])[person.id]


forget_if_set("private chats", Chat.person, Chat.is_active, Chat.account, Login.is_up)
forget_if_set("chats", Chat.address)


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
    forget(session, "private chats")


def groups_of_account(session: Session, account: str) -> list[Chat]:
    """The bound groups that an account serves, or served last."""
    statement = select(Chat).join(Place, Chat.place_id == Place.id).where(Chat.account == account, Chat.is_group)
    return list(session.scalars(statement.order_by(Place.id)))
