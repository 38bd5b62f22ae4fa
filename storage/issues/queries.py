"""The questions asked of issues."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.domains import TOPICS
from storage.issues.lifecycle import LIVE, Status
from storage.issues.record import Issue


def find_issue(session: Session, community_id: int, number: int) -> Issue | None:
    """An issue by what people call it."""
    return session.scalar(select(Issue).where(Issue.community_id == community_id, Issue.number == number))


def same_matter(session: Session, report: Issue, since: datetime) -> Issue | None:
    """The live issue of the same building that a fresh report repeats, if there is one.

    Same topic, reported since the window began, and no contradiction in the place: an issue of unit 2
    is not one of unit 3, but one that named no unit may be either. An outage of water, power or gas
    is the whole building's.
    """
    statement = (
        select(Issue)
        .where(
            Issue.building_id == report.building_id,
            Issue.status.in_(LIVE),
            Issue.domain == report.domain,
            Issue.topic == report.topic,
            Issue.reported_at >= since,
        )
        .order_by(Issue.id.desc())
    )
    return next((issue for issue in session.scalars(statement) if _same_place(issue, report)), None)


def _same_place(issue: Issue, report: Issue) -> bool:
    topic = TOPICS.get(report.topic or "")
    if topic is None:
        return issue.reporter_id == report.reporter_id and issue.words == report.words
    if topic.is_building_wide:
        return True
    pairs = ((issue.unit, report.unit), (issue.floor, report.floor), (issue.room, report.room))
    return all(known is None or said is None or known == said for known, said in pairs)


def recent_of(session: Session, reporter_id: int, chat_id: int, since: datetime) -> Issue | None:
    """What this person last reported here since then and is still being worked on."""
    statement = (
        select(Issue)
        .where(Issue.reporter_id == reporter_id, Issue.chat_id == chat_id, Issue.reported_at >= since)
        .where(Issue.status.in_(LIVE))
        .order_by(Issue.id.desc())
    )
    return session.scalars(statement).first()


def reported_as(session: Session, chat_id: int, message_id: str) -> list[Issue]:
    """The issues that one message reported, whatever became of them."""
    statement = select(Issue).where(Issue.chat_id == chat_id, Issue.source_message == message_id)
    return list(session.scalars(statement.order_by(Issue.id)))


def open_in_chat(session: Session, chat_id: int, since: datetime | None = None) -> list[Issue]:
    """Issues reported in a chat and not done with, newest first."""
    statement = select(Issue).where(
        Issue.chat_id == chat_id, Issue.status.in_((*LIVE, Status.RESOLVED)), Issue.is_sensitive.is_(False)
    )
    if since is not None:
        statement = statement.where(Issue.reported_at >= since)
    return list(session.scalars(statement.order_by(Issue.id.desc()).limit(50)))


def sorted_todo(issues: Iterable[Issue]) -> list[Issue]:
    """What somebody still has to do of these, in the order of ``open_issues``."""
    live = [issue for issue in issues if issue.is_live]
    return sorted(live, key=lambda issue: (not issue.is_urgent, not issue.is_overdue, issue.reported_at))


def open_issues(session: Session, building_ids: Iterable[int]) -> list[Issue]:
    """What is to be done in these buildings: urgent first, then overdue, then oldest."""
    statement = select(Issue).where(Issue.building_id.in_(list(building_ids)), Issue.status.in_(LIVE))
    order = (Issue.is_urgent.desc(), Issue.is_overdue.desc(), Issue.reported_at)
    return list(session.scalars(statement.order_by(*order)))
