"""The roster: rows of a file become places, people, groups, households and the catalogue, all or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.chats import open_chat
from storage.domains import DOMAINS
from storage.due import replan_due
from storage.people import ROLE_WORDS, Account, Person, Role, RoleHeld, person_at
from storage.places import PLACE_WORDS, Place, PlaceKind
from storage.points import CatalogueItem
from storage.visits import Household

_ADDRESS = re.compile(r"^(telegram|wechat|replay|sandbox):\S{1,100}$")
_ABOVE = {
    PlaceKind.STREET: (),
    PlaceKind.COMMUNITY: (PlaceKind.STREET,),
    PlaceKind.GRID: (PlaceKind.COMMUNITY,),
    PlaceKind.BUILDING: (PlaceKind.GRID, PlaceKind.COMMUNITY),
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of a sheet, by column name."""

    sheet: str
    line: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.values.get(column, "").strip()


Roster = dict[str, list[RosterRow]]


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """What is wrong with a line: a text key and its values."""

    sheet: str
    line: int
    key: str
    values: Mapping[str, str]


class RosterRefused(Exception):
    """The roster has problems; nothing of it was taken over."""

    def __init__(self, problems: list[RosterProblem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


@dataclass(slots=True)
class RosterResult:
    """How many rows of each sheet were taken over."""

    counts: dict[str, int] = field(default_factory=dict)
    ended_roles: int = 0


class _Problem(Exception):
    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class _Import:
    """One import at work. Methods named after sheets take one row each."""

    def __init__(self, session: Session, at: datetime, accounts: Mapping[str, str]) -> None:
        self.session = session
        self.at = at
        self.accounts = accounts
        self.places: dict[str, list[Place]] = {}
        self.held: set[int] = set()
        for place in session.scalars(select(Place)):
            self._remember(place)

    def places_row(self, row: RosterRow) -> None:
        """A place below its parent. The tree is written from the top down."""
        word, name = row.get("kind"), row.get("name")
        kind = PLACE_WORDS.get(word) or (PlaceKind(word) if word in set(PlaceKind) else None)
        if kind is None:
            raise _Problem("roster-kind", given=word)
        if not name:
            raise _Problem("roster-empty", column="名称")
        parent = self._place(row.get("parent")) if row.get("parent") else None
        if (parent is None) != (kind is PlaceKind.STREET) and not (parent is None and kind is PlaceKind.COMMUNITY):
            raise _Problem("roster-parent", name=name)
        if parent is not None and parent.kind not in _ABOVE[kind]:
            raise _Problem("roster-level", name=name, parent=parent.name)
        parent_id = parent.id if parent else None
        place = self.session.scalar(select(Place).where(Place.name == name, Place.parent_id == parent_id))
        if place is None:
            place = Place(
                kind=kind, name=name, parent_id=parent_id, community_id=parent.community_id if parent else None
            )
            self.session.add(place)
            self.session.flush()
            if kind is PlaceKind.COMMUNITY:
                place.community_id = place.id
            self._remember(place)

    def people_row(self, row: RosterRow) -> None:
        """A person's role in a place; somebody with several roles has several rows."""
        name, role, place = row.get("name"), self._role(row), self._place(row.get("place"))
        if not name:
            raise _Problem("roster-empty", column="姓名")
        addresses = row.get("accounts").replace("，", " ").replace(",", " ").split()
        person = self._person(name, role, place, addresses)
        person.is_on_roster, person.name = True, name
        person.phone = row.get("phone") or person.phone
        self._bind(person, addresses)
        duties = row.get("duties").replace("，", " ").replace(",", " ").split()
        wrong = [duty for duty in duties if duty not in DOMAINS]
        if wrong:
            raise _Problem("roster-duty", given=wrong[0])
        held = next((one for one in person.roles if one.role == role and one.place_id == place.id), None)
        if held is None:
            held = RoleHeld(role=role, place=place, duties=duties)
            person.roles.append(held)
        held.duties, held.ended_at = duties, None
        self.session.flush()
        self.held.add(held.id)

    def groups_row(self, row: RosterRow) -> None:
        """A group chat of a building."""
        address, place = row.get("chat"), self._place(row.get("place"))
        if not _ADDRESS.match(address):
            raise _Problem("roster-address", given=address)
        open_chat(self.session, address, self._account(address), is_group=True, at=self.at).place = place

    def households_row(self, row: RosterRow) -> None:
        """A door."""
        building, room = self._place(row.get("building")), row.get("room")
        if building.kind != PlaceKind.BUILDING:
            raise _Problem("roster-not-building", name=building.name)
        if not room:
            raise _Problem("roster-empty", column="房号")
        unit = row.get("unit").removesuffix("单元")
        statement = select(Household).where(
            Household.building_id == building.id, Household.unit == unit, Household.room == room
        )
        household = self.session.scalar(statement)
        if household is None:
            household = Household(building_id=building.id, unit=unit, room=room, tags=[])
            self.session.add(household)
        household.holder, household.phone = row.get("holder"), row.get("phone") or None
        household.tags = row.get("tags").replace("，", " ").replace("、", " ").split()

    def catalogue_row(self, row: RosterRow) -> None:
        """Something to exchange points for."""
        item = self.session.scalar(select(CatalogueItem).where(CatalogueItem.item == row.get("item")))
        if not row.get("item"):
            raise _Problem("roster-empty", column="物品")
        if item is None:
            item = CatalogueItem(item=row.get("item"), points=0, stock=0)
            self.session.add(item)
        item.points, item.stock = self._number(row, "points", 1), self._number(row, "stock", 0)
        item.starts_on, item.ends_on = self._day(row, "from"), self._day(row, "until")
        item.where = row.get("where")

    def end_other_roles(self) -> int:
        """Who is not on the new roster in a role holds it no longer. Residents found by their words stay."""
        statement = select(RoleHeld).join(Person).where(Person.is_on_roster, RoleHeld.ended_at.is_(None))
        ended = [held for held in self.session.scalars(statement) if held.id not in self.held]
        for held in ended:
            held.ended_at = self.at
            # What they carried is offered to others with the next tick: an import says nothing by itself.
            replan_due(self.session, "hand-over", held.person_id, self.at)
        return len(ended)

    def _remember(self, place: Place) -> None:
        names = [place.name, f"{place.parent.name}/{place.name}"] if place.parent else [place.name]
        for name in names:
            self.places.setdefault(name, []).append(place)

    def _place(self, name: str) -> Place:
        found = self.places.get(name, [])
        if not found:
            raise _Problem("roster-no-place", given=name)
        if len(found) > 1:
            raise _Problem("roster-which-place", given=name)
        return found[0]

    def _role(self, row: RosterRow) -> Role:
        word = row.get("role")
        role = ROLE_WORDS.get(word) or (Role(word) if word in set(Role) else None)
        if role is None:
            raise _Problem("roster-role", given=word)
        return role

    def _person(self, name: str, role: Role, place: Place, addresses: list[str]) -> Person:
        """Known by an account, else by name with the same role and place, else by name and a fellow row."""
        for address in addresses:
            if not _ADDRESS.match(address):
                raise _Problem("roster-address", given=address)
            known = person_at(self.session, address)
            if known is not None:
                return known
        statement = select(Person).join(RoleHeld).where(Person.name == name, Person.is_on_roster)
        same = self.session.scalars(statement.where(RoleHeld.role == role, RoleHeld.place_id == place.id)).first()
        if same is None:
            same = Person(name=name, created_at=self.at, is_on_roster=True, roles=[], accounts=[])
            self.session.add(same)
            self.session.flush()
        return same

    def _bind(self, person: Person, addresses: list[str]) -> None:
        for address in addresses:
            if self.session.get(Account, address) is None:
                self.session.add(Account(address=address, person=person, bound_at=self.at))
            chat = open_chat(self.session, address, self._account(address), is_group=False, at=self.at)
            chat.person = person

    def _account(self, address: str) -> str:
        platform = address.partition(":")[0]
        return self.accounts.get(platform, f"{platform}:main")

    def _number(self, row: RosterRow, column: str, least: int) -> int:
        text = row.get(column)
        if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) < least:
            raise _Problem("roster-number", given=text)
        return int(text)

    def _day(self, row: RosterRow, column: str) -> date | None:
        text = row.get(column)
        try:
            return date.fromisoformat(text.replace("/", "-")) if text else None
        except ValueError as error:
            raise _Problem("roster-day", given=text) from error


_ORDER = {
    "places": "places_row",
    "people": "people_row",
    "groups": "groups_row",
    "households": "households_row",
    "catalogue": "catalogue_row",
}


def import_roster(session: Session, roster: Roster, at: datetime, accounts: Mapping[str, str]) -> RosterResult:
    """Take over a roster within the caller's transaction.

    ``accounts`` says which bot account serves a platform (``{"telegram": "telegram:main"}``). Importing
    the same roster again changes nothing; a newer one adds, renames, and ends roles that are gone.
    Raises RosterRefused with every problem found; the caller's transaction must then be undone.
    """
    work = _Import(session, at, accounts)
    result = RosterResult()
    problems: list[RosterProblem] = []
    for sheet, method in _ORDER.items():
        for row in _top_down(roster.get(sheet, [])) if sheet == "places" else roster.get(sheet, []):
            try:
                getattr(work, method)(row)
                result.counts[sheet] = result.counts.get(sheet, 0) + 1
            except _Problem as problem:
                problems.append(RosterProblem(row.sheet, row.line, problem.key, problem.values))
    if problems:
        raise RosterRefused(sorted(problems, key=lambda problem: (problem.sheet, problem.line)))
    if "people" in roster:
        result.ended_roles = work.end_other_roles()
    return result


def _top_down(rows: list[RosterRow]) -> list[RosterRow]:
    """Parents before children, whatever the order of the lines."""
    order = {word: rank for rank, kind in enumerate(PlaceKind) for word in (kind.value, *_words_of(kind))}
    return sorted(rows, key=lambda row: order.get(row.get("kind"), len(order)))


def _words_of(kind: PlaceKind) -> list[str]:
    return [word for word, known in PLACE_WORDS.items() if known is kind]
