"""The digest (简报): what the community staff need to know each morning, on one screen."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from handlers.commands import command
from handlers.describe import duration_words
from handlers.permissions import Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage.digest_facts import DigestFacts, gather
from storage.digests import Digest, find_digest
from storage.domains import DOMAINS
from storage.due import plan_due
from storage.errors import Refused
from storage.issues import Issue
from storage.local_time import local, on_day
from storage.outbox import OutboxKind
from storage.people import Role, holders
from storage.places import Place, PlaceKind

_SHOWN = 5


@command("简报", name="digest")
def digest(turn: Turn) -> None:
    """The digest of the places one is responsible for, up to now."""
    places = [held.place for held in turn.person.held() if may(turn.person, Action.DIGEST, held.place)]
    if not places:
        raise Refused("not-allowed-digest")
    turn.reply_privately("\n\n".join(compose(turn.session, place, turn.now) for place in places[:3]))


def compose(session: Session, place: Place, now: datetime) -> str:
    """The text for a place: what has to be decided, yesterday, domains, buildings, visits."""
    facts = gather(session, place, now)
    day = local(now)
    title = {"place": place.name, "month": day.month, "day": day.day}
    if facts.is_quiet:
        return texts().say("digest-quiet" if facts.open else "digest-nothing", **title, open=len(facts.open))
    lines = [texts().say("digest-title", **title), *_decisions(facts, now)]
    lines.append(
        texts().say(
            "digest-yesterday",
            new=len(facts.new),
            resolved=len(facts.resolved),
            closed=len(facts.closed),
            rated=_rated(facts),
            open=len(facts.open),
        )
    )
    if facts.recurring:
        lines.append(texts().say("digest-recurring", items=_items(facts.recurring, now)))
    lines.extend(_breakdown(place, facts))
    visits = (facts.visits_due, facts.visits_done, facts.visits_nobody_home)
    if any(visits):
        lines.append(texts().say("digest-visits", due=visits[0], done=visits[1], nobody=visits[2]))
    return "\n".join(lines)


def _decisions(facts: DigestFacts, now: datetime) -> list[str]:
    if not facts.overdue:
        return []
    return [texts().say("digest-overdue", count=len(facts.overdue), items=_items(facts.overdue, now))]


def _rated(facts: DigestFacts) -> str:
    judged = facts.satisfied + facts.not_satisfied
    return texts().say("digest-rated", satisfied=facts.satisfied, all=judged) if judged else ""


def _items(issues: Sequence[Issue], now: datetime) -> str:
    return texts().say("list-semicolon").join(_overdue_item(issue, now) for issue in issues[:_SHOWN])


def _overdue_item(issue: Issue, now: datetime) -> str:
    title = texts().say("sensitive-title") if issue.is_sensitive else issue.title
    waited = duration_words(now - issue.reported_at)
    return texts().say(
        "digest-overdue-item", building=issue.building.name, number=issue.number, title=title, waited=waited
    )


def _breakdown(place: Place, facts: DigestFacts) -> list[str]:
    if not facts.new:
        return []
    by_domain = Counter(issue.domain for issue in facts.new)
    parts = " ".join(f"{domain.short}{by_domain[domain.id]}" for domain in DOMAINS.values())
    other = texts().say("digest-other", count=by_domain["other"]) if by_domain["other"] else ""
    lines = [texts().say("digest-domains", parts=parts + other)]
    if place.kind != PlaceKind.BUILDING:
        lines.append(texts().say("digest-buildings", parts=_by_building(facts.new)))
    return lines


def _by_building(issues: Sequence[Issue]) -> str:
    counted = Counter(issue.building.name for issue in issues).most_common(_SHOWN)
    return texts().say("list-comma").join(f"{name} {count}" for name, count in counted)


def send_digest(turn: Turn, community: Place) -> None:
    """Freeze the day's digest and send it to each of the staff; plan the next one."""
    today = local(turn.now).date()
    audience = f"staff:{community.id}"
    turn.begin()
    if find_digest(turn.session, audience, today) is None:
        contents = compose(turn.session, community, turn.now)
        turn.session.add(
            Digest(community_id=community.id, audience=audience, told_on=today, contents=contents, created_at=turn.now)
        )
        for person in holders(turn.session, community, Role.STAFF):
            turn.tell(person, contents, kind=OutboxKind.DIGEST)
    plan_next_digest(turn.session, community, turn.now, turn.rules.digest_at)


def plan_next_digest(session: Session, community: Place, now: datetime, at: time) -> None:
    """Have the next morning's digest due, if it is not yet."""
    day = local(now).date()
    if on_day(day, at) <= now:
        day += timedelta(days=1)
    plan_due(session, "digest", community.id, day.isoformat(), on_day(day, at))
