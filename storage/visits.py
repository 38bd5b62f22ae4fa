"""Households, planned visits and visits made."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.errors import Refused
from storage.people import Person
from storage.places import Place


class PlanStatus(StrEnum):
    """What became of a plan."""

    PLANNED = "planned"
    DONE = "done"
    MISSED = "missed"
    MOVED = "moved"


class Outcome(StrEnum):
    """What a visitor found."""

    MET = "met"
    NOBODY_HOME = "nobody_home"


class Household(Base):
    """A door of a building. ``tags`` are the roster's words: 独居, 残疾 …"""

    __tablename__ = "households"
    __table_args__ = (UniqueConstraint("building_id", "unit", "room"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    unit: Mapped[str] = mapped_column(String(8), default="")
    room: Mapped[str] = mapped_column(String(8))
    holder: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    tags: Mapped[list[str]]


class VisitPlan(Base):
    """Somebody means to call at a door at a time."""

    __tablename__ = "visit_plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    unit: Mapped[str | None] = mapped_column(String(8))
    room: Mapped[str] = mapped_column(String(8))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    planned_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(String(12), default=PlanStatus.PLANNED)
    created_at: Mapped[datetime]

    building: Mapped[Place] = relationship(foreign_keys=[building_id])
    visitor: Mapped[Person] = relationship()

    def finish(self) -> None:
        """The visit was made. Raises Refused ``visit-not-planned``."""
        self._leave_planned(PlanStatus.DONE)

    def miss(self) -> None:
        """The day is over and nothing was recorded."""
        self._leave_planned(PlanStatus.MISSED)

    def move(self) -> None:
        """Another time was agreed: a new plan takes this one's place."""
        self._leave_planned(PlanStatus.MOVED)

    def _leave_planned(self, to: PlanStatus) -> None:
        if self.status not in {PlanStatus.PLANNED, PlanStatus.MISSED}:
            raise Refused("visit-not-planned", room=self.room)
        self.status = to


class Visit(Base):
    """A visit made."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    unit: Mapped[str | None] = mapped_column(String(8))
    room: Mapped[str] = mapped_column(String(8))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("visit_plans.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    visited_at: Mapped[datetime] = mapped_column(index=True)

    building: Mapped[Place] = relationship(foreign_keys=[building_id])
    visitor: Mapped[Person] = relationship()


def household_at(session: Session, building: Place, room: str, unit: str | None) -> Household | None:
    """The household behind a door, where the roster has exactly one that fits."""
    statement = select(Household).where(Household.building_id == building.id, Household.room == room)
    if unit is not None:
        statement = statement.where(Household.unit.in_((unit, "")))
    found = list(session.scalars(statement))
    return found[0] if len(found) == 1 else None


def is_room(session: Session, building: Place, room: str) -> bool:
    """Whether any unit of the building has this room."""
    statement = select(Household.id).where(Household.building_id == building.id, Household.room == room)
    return session.scalar(statement.limit(1)) is not None


def has_households(session: Session, building: Place) -> bool:
    """Whether the roster lists this building's doors at all."""
    return session.scalar(select(Household.id).where(Household.building_id == building.id).limit(1)) is not None


def plans_of(session: Session, visitor: Person) -> list[VisitPlan]:
    """A visitor's plans that are not done with, soonest first."""
    statement = (
        select(VisitPlan)
        .where(VisitPlan.visitor_id == visitor.id, VisitPlan.status == PlanStatus.PLANNED)
        .order_by(VisitPlan.planned_at)
    )
    return list(session.scalars(statement))


def plan_for(session: Session, building: Place, room: str, unit: str | None) -> VisitPlan | None:
    """The earliest plan for a door that still waits for its visit."""
    statement = (
        select(VisitPlan)
        .where(VisitPlan.building_id == building.id, VisitPlan.room == room)
        .where(VisitPlan.status.in_((PlanStatus.PLANNED, PlanStatus.MISSED)))
        .order_by(VisitPlan.planned_at)
    )
    if unit is not None:
        statement = statement.where((VisitPlan.unit == unit) | VisitPlan.unit.is_(None))
    return session.scalars(statement).first()
