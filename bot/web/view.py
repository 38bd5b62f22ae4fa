"""What the sandbox page shows of the records, read in one go."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.describe import door_words, place_words, status_words
from storage.domains import DOMAINS
from storage.due import waiting_of
from storage.issues import Issue, Status
from storage.local_time import local
from storage.people import Person
from storage.points import balance
from storage.visits import PlanStatus, VisitPlan

MAX_CARDS = 30
_ORDER = {Status.OPEN: 0, Status.CLAIMED: 0, Status.RESOLVED: 1}


@dataclass(frozen=True, slots=True)
class Card:
    """An issue as a card."""

    number: int
    title: str
    domain: str
    domain_name: str
    place: str
    status: str
    status_words: str
    is_urgent: bool
    is_overdue: bool
    supporters: int
    words: str
    at: str


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One person's balance."""

    name: str
    total: int
    parts: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A planned visit."""

    at: str
    door: str
    visitor: str
    is_missed: bool
    reminder_at: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything beside the chat."""

    cards: list[Card]
    points: list[PointsRow]
    visits: list[VisitRow]


def read_board(session: Session) -> Board:
    """The board as it stands."""
    issues = sorted(
        session.scalars(select(Issue).order_by(Issue.id.desc()).limit(200)),
        key=lambda issue: (_ORDER.get(Status(issue.status), 2), -issue.is_urgent, -issue.id),
    )
    plans = session.scalars(
        select(VisitPlan)
        .where(VisitPlan.status.in_((PlanStatus.PLANNED, PlanStatus.MISSED)))
        .order_by(VisitPlan.status.desc(), VisitPlan.planned_at)
        .limit(MAX_CARDS)
    )
    people = session.scalars(select(Person).where(Person.is_on_roster).order_by(Person.id))
    rows = [(person.shown_name, *balance(session, person)) for person in people]
    return Board(
        [_card(issue) for issue in issues[:MAX_CARDS]],
        [PointsRow(name, total, _parts(by_domain)) for name, total, by_domain in rows if total],
        [
            VisitRow(
                _day_and_time(plan.planned_at),
                door_words(plan),
                plan.visitor.shown_name,
                plan.status == PlanStatus.MISSED,
                _day_and_time(reminder) if (reminder := waiting_of(session, "visit-reminder", plan.id)) else "",
            )
            for plan in plans
        ],
    )


def _parts(by_domain: dict[str, int]) -> str:
    return " ".join(f"{domain.short}{by_domain[domain.id]}" for domain in DOMAINS.values() if by_domain.get(domain.id))


def _card(issue: Issue) -> Card:
    domain = DOMAINS.get(issue.domain)
    return Card(
        number=issue.number,
        title=issue.title,
        domain=issue.domain,
        domain_name=domain.name if domain else "其他诉求",
        place=issue.building.name + place_words(issue),
        status=issue.status,
        status_words=status_words(issue),
        is_urgent=issue.is_urgent,
        is_overdue=issue.is_overdue,
        supporters=len(issue.supporters),
        words="" if issue.is_sensitive else issue.words,
        at=_day_and_time(issue.reported_at),
    )


def _day_and_time(at: datetime) -> str:
    return f"{local(at):%m-%d %H:%M}"
