"""People, the roles they hold in places, and the platform accounts they speak from."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, event, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from storage.database import Base
from storage.ids import known_id
from storage.lookups import all_of_each, forget, kept, settled
from storage.places import Place, ids_within


class Role(StrEnum):
    """What a person is to a place."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    BUILDING_HEAD = "building_head"
    GRID_WORKER = "grid_worker"
    STAFF = "staff"
    STREET = "street"


ROLE_WORDS = {
    "居民": Role.RESIDENT,
    "志愿者": Role.VOLUNTEER,
    "楼栋长": Role.BUILDING_HEAD,
    "网格员": Role.GRID_WORKER,
    "社区": Role.STAFF,
    "社区工作人员": Role.STAFF,
    "街道": Role.STREET,
}


class Person(Base):
    """Somebody known: from the roster, or a resident who once reported something."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(20))
    is_on_roster: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    roles: Mapped[list["RoleHeld"]] = relationship(back_populates="person", lazy="selectin")
    accounts: Mapped[list["Account"]] = relationship(back_populates="person")

    @property
    def shown_name(self) -> str:
        """The name others see."""
        return self.name

    def held(self) -> list["RoleHeld"]:
        """The roles in force."""
        return [held for held in self.roles if held.ended_at is None]

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of these roles anywhere."""
        return any(held.role in roles for held in self.held())


class RoleHeld(Base):
    """A role of a person in a place, while ``ended_at`` is empty."""

    __tablename__ = "roles_held"
    __table_args__ = (UniqueConstraint("person_id", "role", "place_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    duties: Mapped[list[str]]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="roles")
    place: Mapped[Place] = relationship()


class Account(Base):
    """A platform account bound to a person: ``telegram:123``."""

    __tablename__ = "accounts"

    address: Mapped[str] = mapped_column(String(120), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    bound_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="accounts")


# Made once: to put such a question together takes longer than to answer it.
_AT = (
    select(Account)
    .where(Account.address.in_(bindparam("addresses", expanding=True)))
    .options(
        joinedload(Account.person).joinedload(Person.roles).joinedload(RoleHeld.place),
        joinedload(Account.person).selectinload(Person.accounts),
    )
)
_WORKERS = (
    select(RoleHeld)
    .where(RoleHeld.place_id.in_(bindparam("places", expanding=True)), RoleHeld.role != Role.RESIDENT)
    .order_by(RoleHeld.person_id, RoleHeld.id)
    .options(joinedload(RoleHeld.person).selectinload(Person.roles))
)


def read_accounts(session: Session, addresses: Iterable[str]) -> dict[str, Account | None]:
    """Look up who speaks from these accounts, all at once; None where nobody known does."""
    known: dict[str, Account | None] = kept(session, "accounts")
    wanted = [address for address in dict.fromkeys(addresses) if address not in known]
    if wanted:
        with session.no_autoflush:  # those not saved yet are known
            found = {account.address: account for account in session.scalars(_AT, {"addresses": wanted}).unique()}
        known.update((address, found.get(address)) for address in wanted)
    return known


def person_at(session: Session, address: str) -> Person | None:
    """Who speaks from this account, if anybody known does."""
    account = read_accounts(session, [address])[address]
    return account.person if account is not None else None


@event.listens_for(Session, "transient_to_pending")
def _note_news(session: Session, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
    if isinstance(record, Account):
        kept(session, "accounts")[record.address] = record
    elif isinstance(record, RoleHeld) and record.role != Role.RESIDENT:
        forget(session, "workers")


def meet(session: Session, address: str, name: str, at: datetime, place: Place | None) -> Person:
    """The person at an account; somebody new is a resident of the place the words were said in."""
    person = person_at(session, address)
    if person is None:
        person = Person(name=name, created_at=at, roles=[], accounts=[])
        person.accounts.append(Account(address=address, bound_at=at))
        session.add(person)
    if place is not None and not person.held():
        person.roles.append(RoleHeld(role=Role.RESIDENT, place=place, place_id=place.id, duties=[]))
    known_id(session, person)
    return person


def holders(session: Session, place: Place | None, *roles: Role) -> list[Person]:
    """Who holds one of these roles in exactly this place, in the order of the roster."""
    return list(dict.fromkeys(held.person for held in _held_in(session, [place] if place is not None else [], roles)))


def holders_up(session: Session, place: Place | None, role: Role) -> list[Person]:
    """Who holds a role here or, if nobody does, in the nearest place above."""
    return nearest(session, place, role)[role]


def nearest(session: Session, place: Place | None, *roles: Role) -> dict[Role, list[Person]]:
    """For each of these roles who holds it here or, if nobody does, in the nearest place above."""
    found = _held_above(session, place, roles)
    return {role: _of_first_place([held for held in found if held.role == role]) for role in roles}


def _of_first_place(found: list[RoleHeld]) -> list[Person]:
    return [held.person for held in found if held.place_id == found[0].place_id]


def _held_above(session: Session, place: Place | None, roles: Iterable[Role]) -> list[RoleHeld]:
    """Who holds one of these roles in a place or in one above it, nearest first."""
    return _held_in(session, list(place.above()) if place is not None else [], roles)


def _held_in(session: Session, places: Sequence[Place], roles: Iterable[Role]) -> list[RoleHeld]:
    """Who holds one of these roles in one of these places, place by place, in the order of the roster."""
    known = read_workers(session, places)
    asked = frozenset[str](roles)
    return [held for place in places for held in known[place.id] if held.role in asked and held.ended_at is None]


def read_workers(session: Session, places: Iterable[Place]) -> dict[int, list[RoleHeld]]:
    """Look up the roles above resident that are or were held in places, all at once, by the places' ids."""

    def find(wanted: list[int]) -> list[tuple[int, RoleHeld]]:
        with settled(session, RoleHeld):
            return [(held.place_id, held) for held in session.scalars(_WORKERS, {"places": wanted})]

    return all_of_each(session, "workers", (place.id for place in places), find)


def buildings_of(session: Session, person: Person, *roles: Role) -> set[int]:
    """The ids of all places within those in which somebody holds a role; with ``roles``, one of these."""
    held = [one for one in person.held() if not roles or one.role in roles]
    return {known for one in held for known in ids_within(session, one.place_id)}


def workers_around(session: Session, building: Place, roles: Iterable[Role]) -> list[Person]:
    """Everybody with one of these roles in a building or in a place above it, nearest first."""
    return list(dict.fromkeys(held.person for held in _held_above(session, building, roles)))


def roles_within(session: Session, place_id: int, role: Role) -> list[RoleHeld]:
    """The roles of a kind that are held in a place or below it."""
    statement = select(RoleHeld).where(
        RoleHeld.place_id.in_(ids_within(session, place_id)), RoleHeld.role == role, RoleHeld.ended_at.is_(None)
    )
    return list(session.scalars(statement.order_by(RoleHeld.id)))
