"""The figures a digest is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.issues import Event, Issue, IssueEvent, open_issues
from storage.local_time import day_bounds, local
from storage.places import Place, ids_within
from storage.visits import Outcome, PlanStatus, Visit, VisitPlan


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Yesterday's issues and visits of a place, and what stands open now."""

    new: Sequence[Issue]
    resolved: Sequence[Issue]
    closed: Sequence[Issue]
    open: Sequence[Issue]
    satisfied: int
    not_satisfied: int
    visits_due: int
    visits_done: int
    visits_nobody_home: int

    @property
    def overdue(self) -> list[Issue]:
        """What waits longer than it should."""
        return [issue for issue in self.open if issue.is_overdue]

    @property
    def recurring(self) -> list[Issue]:
        """What came back soon after it had been struck off."""
        return [issue for issue in self.new if issue.recurs_id is not None]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell but how many stand open."""
        return not (self.new or self.resolved or self.closed or self.overdue or self.visits_due or self.visits_done)


def gather(session: Session, place: Place, now: datetime) -> DigestFacts:
    """The facts of the local day before ``now``."""
    buildings = ids_within(session, place.id)
    start, end = day_bounds(local(now).date() - timedelta(days=1))

    def issues(when: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]) -> Sequence[Issue]:
        statement = select(Issue).where(Issue.building_id.in_(buildings), when >= start, when < end)
        return session.scalars(statement.order_by(Issue.id)).all()

    due = select(func.count(VisitPlan.id)).where(
        VisitPlan.building_id.in_(buildings),
        VisitPlan.planned_at >= start,
        VisitPlan.planned_at < end,
        VisitPlan.status != PlanStatus.MOVED,
    )
    visits = select(Visit.outcome, func.count(Visit.id)).where(
        Visit.building_id.in_(buildings), Visit.visited_at >= start, Visit.visited_at < end
    )
    outcomes = {str(outcome): int(count) for outcome, count in session.execute(visits.group_by(Visit.outcome))}
    judged = dict(
        session.execute(
            select(IssueEvent.event, func.count())
            .join(Issue)
            .where(Issue.building_id.in_(buildings), IssueEvent.event.in_((Event.RATED, Event.REOPENED)))
            .where(IssueEvent.at >= start, IssueEvent.at < end)
            .group_by(IssueEvent.event)
        ).all()
    )
    return DigestFacts(
        satisfied=judged.get(Event.RATED, 0),
        not_satisfied=judged.get(Event.REOPENED, 0),
        new=issues(Issue.reported_at),
        resolved=issues(Issue.resolved_at),
        closed=[issue for issue in issues(Issue.closed_at) if issue.status == "closed"],
        open=open_issues(session, buildings),
        visits_due=session.scalar(due) or 0,
        visits_done=outcomes.get(Outcome.MET, 0),
        visits_nobody_home=outcomes.get(Outcome.NOBODY_HOME, 0),
    )
