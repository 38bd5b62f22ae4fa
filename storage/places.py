"""Streets, communities, grids and buildings: one tree."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.ids import writes_alone
from storage.lookups import kept, settled


class PlaceKind(StrEnum):
    """The levels, from the top."""

    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


PLACE_WORDS = {
    "街道": PlaceKind.STREET,
    "社区": PlaceKind.COMMUNITY,
    "网格": PlaceKind.GRID,
    "楼栋": PlaceKind.BUILDING,
}


class Place(Base):
    """A node of the tree. ``community_id`` is the community it lies in (its own id for a community)."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"), index=True)
    last_issue_number: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Place | None"] = relationship(remote_side=[id], foreign_keys=[parent_id], viewonly=True)

    def is_within(self, other_id: int) -> bool:
        """Whether this is the other place or lies in it."""
        return any(place.id == other_id for place in self.above())

    def above(self) -> Iterator["Place"]:
        """This place and those it lies in, from the bottom."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent


def next_issue_number(session: Session, community_id: int) -> int:
    """The community's next issue number; the row stays locked until the commit, so none is given twice."""
    locked: dict[int, Place] = kept(session, "numbering")
    if community_id not in locked:
        # A lock that lets others refer to the community meanwhile; whoever writes alone needs none.
        lock: dict[str, Any] = {"with_for_update": {"key_share": True}, "populate_existing": True}
        with session.no_autoflush:
            locked[community_id] = session.get_one(Place, community_id, **({} if writes_alone(session) else lock))
    community = locked[community_id]
    community.last_issue_number += 1
    return community.last_issue_number


_OF_IDS = select(Place).where(Place.id.in_(bindparam("ids", expanding=True)))


def read_above(session: Session, places: Iterable[Place]) -> None:
    """Look up the places that places lie in, level by level, so that ``above`` need not ask for each."""
    held: dict[int, Place] = kept(session, "places")
    level = list(places)
    while level:
        held.update((place.id, place) for place in level)
        wanted = {place.parent_id for place in level if place.parent_id is not None} - held.keys()
        with settled(session, Place):
            level = list(session.scalars(_OF_IDS, {"ids": list(wanted)})) if wanted else []


def building_by_number(session: Session, community_id: int, number: str, near: Place | None) -> Place | None:
    """The building that people of this community mean by a number ("5" for 5栋), or None.

    Two estates of a community may each have a 5栋: then it is the one in the speaker's own grid, and
    none if that does not settle it.
    """
    known: dict[int, dict[str, list[Place]]] = kept(session, "buildings")
    if community_id not in known:
        statement = select(Place).where(Place.community_id == community_id, Place.kind == PlaceKind.BUILDING)
        with session.no_autoflush:
            known[community_id] = _by_number(session.scalars(statement))
    found = known[community_id].get(number, [])
    if len(found) > 1 and near is not None:
        found = [place for place in found if place.parent_id == near.parent_id]
    return found[0] if len(found) == 1 else None


def _by_number(buildings: Iterable[Place]) -> dict[str, list[Place]]:
    numbered: dict[str, list[Place]] = {}
    for place in buildings:
        numbered.setdefault(building_number(place.name) or "", []).append(place)
    return numbered


def buildings_numbered(session: Session, number: str) -> list[Place]:
    """Every building of the town that goes by this number."""
    return [place for place in places_of_kind(session, PlaceKind.BUILDING) if building_number(place.name) == number]


def building_number(name: str) -> str | None:
    """The number in a building's name: 大汉龙城5栋 → 5, A座 → A."""
    match = re.search(r"(\d+|[A-Za-z]\d*)\s*(?:栋|幢|号楼|座|#)?$", name)
    return match[1].upper() if match else None


def places_of_kind(session: Session, kind: PlaceKind) -> list[Place]:
    """All places of a level, by name."""
    return list(session.scalars(select(Place).where(Place.kind == kind).order_by(Place.id)))


def ids_within(session: Session, place_id: int) -> list[int]:
    """The ids of a place and all below it."""
    tree = select(Place.id).where(Place.id == place_id).cte(recursive=True)
    tree = tree.union_all(select(Place.id).where(Place.parent_id == tree.c.id))
    return list(session.scalars(select(tree.c.id)))


def communities_within(session: Session, place: Place) -> list[int]:
    """The ids of the communities of a street, or of the community itself."""
    if place.kind == PlaceKind.COMMUNITY:
        return [place.id]
    statement = select(Place.id).where(Place.kind == PlaceKind.COMMUNITY, Place.parent_id == place.id)
    return list(session.scalars(statement))


def place_named(session: Session, name: str, within: Iterable[int]) -> Place | None:
    """The one place of this name in these places or below; None if there is none, or more than one."""
    ids = {known for place_id in within for known in ids_within(session, place_id)}
    found = list(session.scalars(select(Place).where(Place.name == name, Place.id.in_(ids))))
    return found[0] if len(found) == 1 else None
