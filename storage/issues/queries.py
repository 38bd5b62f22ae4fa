"""The questions asked of issues."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, bindparam, event, select
from sqlalchemy.orm import Session, selectinload

from storage.domains import TOPICS
from storage.issues.lifecycle import LIVE, Status
from storage.issues.record import Issue
from storage.lookups import forget_if_set, kept, note, settled


def find_issue(session: Session, community_id: int, number: int) -> Issue | None:
    """An issue by what people call it, locked for this transaction: of two who act at once one is first."""
    statement = select(Issue).where(Issue.community_id == community_id, Issue.number == number)
    return session.scalar(statement.with_for_update())


def communities_of(session: Session, person_id: int) -> set[int]:
    """Where somebody has reported or carried something, whatever they are there."""
    theirs = (Issue.reporter_id == person_id) | (Issue.handler_id == person_id)
    return set(session.scalars(select(Issue.community_id).where(theirs).distinct()))


def alike(session: Session, report: Issue, reported_since: datetime, closed_since: datetime) -> list[Issue]:
    """Issues that a fresh report may repeat, live ones reported and others struck off since then, newest first.

    They are of the same building and topic, and do not contradict its place: an issue of unit 2 is not one of
    unit 3, but one that named no unit may be either. An outage of water, power or gas is the whole building's.
    """
    kind = (report.building_id, report.topic)
    known = read_alike(session, [kind], reported_since, closed_since)[kind]
    recent = [
        issue
        for issue in known
        if issue.domain == report.domain
        and ((issue.is_live and issue.reported_at >= reported_since) or issue.was_closed_since(closed_since))
    ]
    recent.sort(key=lambda issue: (issue.is_live, issue.id), reverse=True)
    return [issue for issue in recent if _same_place(issue, report)]


_BUILDINGS = Issue.building_id.in_(bindparam("buildings", expanding=True))
_NAMED = and_(_BUILDINGS, Issue.topic.in_(bindparam("topics", expanding=True)))
_NAMELESS = and_(_BUILDINGS, Issue.topic.is_(None))
_LIVE = and_(Issue.status.in_(LIVE), Issue.reported_at >= bindparam("since"))
_CLOSED = and_(Issue.status == Status.CLOSED, Issue.closed_at >= bindparam("since"))
_ALIKE = {
    (topics, state): select(Issue).where(topics, state).order_by(Issue.id).options(selectinload(Issue.supporters))
    for topics in (_NAMED, _NAMELESS)
    for state in (_LIVE, _CLOSED)
}
"""Live ones and closed ones are asked for apart, each along the index: what was closed long ago is not looked at."""


def read_alike(
    session: Session, kinds: Iterable[tuple[int, str | None]], reported_since: datetime, closed_since: datetime
) -> dict[tuple[int, str | None], list[Issue]]:
    """Look up the lately reported or struck off issues of buildings and topics, all at once, with their voices."""
    known: dict[tuple[int, str | None], list[Issue]] = kept(session, "alike")
    wanted = {kind for kind in kinds if kind not in known}
    known.update((kind, []) for kind in wanted)
    for topics, which in (
        (_NAMED, [kind for kind in wanted if kind[1] is not None]),
        (_NAMELESS, [kind for kind in wanted if kind[1] is None]),
    ):
        # Every building with every topic: pairs SQLite would look for in all issues there are.
        values = {"buildings": {building for building, _ in which}, "topics": {topic for _, topic in which}}
        for state, since in ((_LIVE, reported_since), (_CLOSED, closed_since)) if which else ():
            with settled(session, Issue):
                for issue in session.scalars(_ALIKE[topics, state], values | {"since": since}):
                    if (issue.building_id, issue.topic) in wanted:
                        known[issue.building_id, issue.topic].append(issue)
    return known


@event.listens_for(Session, "transient_to_pending")
def _note_issue(session: Session, record: object) -> None:  # pyright: ignore[reportUnusedFunction]
    if isinstance(record, Issue):
        note(session, "alike", (record.building_id, record.topic), record)


forget_if_set("alike", Issue.topic, Issue.building_id)


def same_matter(known: Iterable[Issue], report: Issue) -> Issue | None:
    """The live one of these that a fresh report repeats, if there is one.

    What was said in private is no business of a group: a report in the group does not join it.
    """
    live = (issue for issue in known if issue.is_live)
    return next((issue for issue in live if issue.is_public or not report.chat.is_group), None)


def private_twins(known: Iterable[Issue]) -> list[Issue]:
    """The live ones of these that were reported in private before somebody spoke of the matter in the group."""
    live = (issue for issue in known if issue.is_live)
    return [issue for issue in live if not issue.is_public and not issue.is_sensitive]


def closed_before(known: Iterable[Issue]) -> Issue | None:
    """The one of these that was struck off: the fresh report is its return."""
    return next((issue for issue in known if issue.status == Status.CLOSED), None)


def _same_place(issue: Issue, report: Issue) -> bool:
    topic = TOPICS.get(report.topic or "")
    if topic is None:
        return issue.reporter_id == report.reporter_id and issue.words == report.words
    if topic.is_building_wide:
        return True
    return not issue.is_elsewhere(report.unit, report.floor, report.room, report.spot)


def recent_of(session: Session, reporter_id: int, chat_id: int, since: datetime) -> Issue | None:
    """What this person last reported here since then and is still being worked on."""
    statement = (
        select(Issue)
        .where(Issue.reporter_id == reporter_id, Issue.chat_id == chat_id, Issue.reported_at >= since)
        .where(Issue.status.in_(LIVE))
        .order_by(Issue.id.desc())
    )
    return session.scalars(statement).first()


def live_of(session: Session, reporter_id: int) -> list[Issue]:
    """What this person reported, wherever it was, and somebody still has to see to."""
    statement = select(Issue).where(Issue.reporter_id == reporter_id, Issue.status.in_(LIVE))
    return list(session.scalars(statement.order_by(Issue.id)))


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
    with settled(session, Issue, is_new_known=True):
        saved = list(session.scalars(statement.order_by(Issue.id.desc()).limit(50)))
    unsaved = [
        record
        for record in session.new
        if isinstance(record, Issue) and record.chat_id == chat_id and record.is_live and not record.is_sensitive
    ]
    return unsaved[::-1] + saved


def held_by(session: Session, person_id: int) -> list[Issue]:
    """What somebody has claimed or was given and has not done yet."""
    statement = select(Issue).where(Issue.handler_id == person_id, Issue.status == Status.CLAIMED)
    return list(session.scalars(statement.order_by(Issue.id)))


def unanswered_alerts(session: Session, building_ids: Iterable[int]) -> list[Issue]:
    """Urgent matters of these buildings that nobody has answered yet, newest first."""
    statement = select(Issue).where(
        Issue.building_id.in_(list(building_ids)), Issue.is_urgent, Issue.status.in_(LIVE),
        Issue.acknowledged_at.is_(None),
    )  # fmt: skip
    return list(session.scalars(statement.order_by(Issue.id.desc())))


def sorted_todo(issues: Iterable[Issue]) -> list[Issue]:
    """What somebody still has to do of these: urgent first, then overdue, then by its limit, what waits last."""
    live = [issue for issue in issues if issue.is_live]
    return sorted(
        live,
        key=lambda issue: (
            issue.paused_at is not None,
            not issue.is_urgent,
            not issue.is_overdue,
            issue.act_by or issue.reported_at,
            issue.id,
        ),
    )


def open_issues(session: Session, building_ids: Iterable[int]) -> list[Issue]:
    """What is to be done in these buildings, in the order of ``sorted_todo``."""
    statement = select(Issue).where(Issue.building_id.in_(list(building_ids)), Issue.status.in_(LIVE))
    return sorted_todo(session.scalars(statement))
