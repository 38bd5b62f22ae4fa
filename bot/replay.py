"""Replay: a chat history through the whole bot, with the messages' own clock, as JSON lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.intake import Intake
from bot.outbox import outgoing
from bot.platforms.base import Capabilities
from handlers.digest import plan_next_digest
from handlers.messages import Happening, Incoming, Quoted
from handlers.rules import Rules
from storage.chats import chat_at, open_chat
from storage.database import Database, memory_database
from storage.due import next_due_at
from storage.issues import Issue, IssueEvent
from storage.local_time import LOCAL
from storage.outbox import OutboxKind, OutboxMessage, OutboxState
from storage.people import Person
from storage.places import Place, PlaceKind, places_of_kind
from storage.points import PointAccount, PointTransfer
from storage.roster import Roster, import_roster

ACCOUNT = "replay:main"
CAPABILITIES = Capabilities(has_buttons=True, has_reactions=True)
_CHANGING = {"reported", "supported", "detailed", "reclassified"}


class HistoryError(ValueError):
    """A line of the history that cannot be read; the message tells which and why."""


@dataclass(slots=True)
class _Seen:
    """How far the records have been told."""

    event: int = 0
    transfer: int = 0
    outbox: int = 0


class Replay:
    """One replay at work, on a database of its own."""

    def __init__(self, rules: Rules, roster: Roster | None = None) -> None:
        self.rules = rules
        self.roster = roster
        self.database: Database = memory_database()
        self.intake = Intake(self.database, rules)
        self._seen = _Seen()
        self._counts: dict[str, int] = {}
        self._said: dict[tuple[str, str], Quoted] = {}
        self._now: datetime | None = None

    def run(self, lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The outcome of each message and of the time between, in order, and last a summary."""
        count = 0
        for number, line in enumerate(lines, 1):
            at = _time(line, number)
            if self._now is None:
                self._begin(at)
            at = max(at, self._now or at)
            yield from self._advance(at)
            if not line.get("advance"):
                count += 1
                message = self._quoting(_incoming(line, at, number))
                self._meet(message)
                self.intake.handle([message])
                yield from self._tell(at)
        yield {"at": _iso(self._now), "type": "summary", "messages": count, **self._summary()}

    def _begin(self, at: datetime) -> None:
        with self.database.transaction() as session:
            if self.roster is not None:
                import_roster(session, self.roster, at, {"replay": ACCOUNT})
            else:
                session.add(Place(kind=PlaceKind.COMMUNITY, name="社区", community_id=None))
                session.flush()
                community = session.scalars(select(Place)).one()
                community.community_id = community.id
            for community in places_of_kind(session, PlaceKind.COMMUNITY):
                plan_next_digest(session, community, at, self.rules.digest_at)
        self._now = at

    def _quoting(self, message: Incoming) -> Incoming:
        """The message with what it answers, as a platform would show it."""
        if message.text:
            said = Quoted(message.sender, message.name, message.text, message.message_id)
            self._said[message.chat, message.message_id] = said
        quoted = self._said.get((message.chat, message.reply_to)) if message.reply_to else None
        return replace(message, quoted=quoted) if quoted else message

    def _meet(self, message: Incoming) -> None:
        """Without a roster every group is a building of its own; private chats are open to everybody."""
        with self.database.transaction() as session:
            if chat_at(session, message.chat) is not None:
                return
            if message.is_group and self.roster is None:
                community = places_of_kind(session, PlaceKind.COMMUNITY)[0]
                building = Place(
                    kind=PlaceKind.BUILDING, name=message.chat.partition(":")[2], parent_id=community.id,
                    community_id=community.id,
                )  # fmt: skip
                open_chat(session, message.chat, ACCOUNT, is_group=True, at=message.at).place = building

    def _advance(self, to: datetime) -> Iterator[dict[str, Any]]:
        """Let time pass: everything due until then happens at its own moment."""
        while True:
            with self.database.transaction() as session:
                due = next_due_at(session)
            if due is None or due > to:
                break
            at = max(due, self._now or due)
            self.intake.tick(at)
            yield from self._tell(at)
        self._now = to

    def _tell(self, at: datetime) -> Iterator[dict[str, Any]]:
        self._now = at
        with self.database.transaction() as session:
            events = session.scalars(
                select(IssueEvent).where(IssueEvent.id > self._seen.event).order_by(IssueEvent.id)
            ).all()
            transfers = session.scalars(
                select(PointTransfer).where(PointTransfer.id > self._seen.transfer).order_by(PointTransfer.id)
            ).all()
            outbox = session.scalars(
                select(OutboxMessage)
                .where(OutboxMessage.id > self._seen.outbox, OutboxMessage.state == OutboxState.QUEUED)
                .order_by(OutboxMessage.id)
            ).all()
            told: list[dict[str, Any]] = []
            for event in events:
                if event.event in _CHANGING:
                    told.append({"at": _iso(at), "type": "issue", **_issue(event.issue)})
                told.append({
                    "at": _iso(at), "type": "issue_event", "number": event.issue.number, "event": event.event,
                    "by": event.by.shown_name if event.by else None,
                })  # fmt: skip
                self._seen.event = event.id
            for transfer in transfers:
                told.append({"at": _iso(at), "type": "points", **self._points(session, transfer)})
                self._seen.transfer = transfer.id
            for message in outbox:
                told.append({"at": _iso(at), "type": _type(message), **_said(message)})
                message.state, message.sent_at, message.message_id = OutboxState.SENT, at, f"bot{message.id}"
                self._seen.outbox = message.id
        for line in told:
            self._counts[line["type"]] = self._counts.get(line["type"], 0) + 1
        yield from told

    def _points(self, session: Session, transfer: PointTransfer) -> dict[str, Any]:
        account = session.get_one(PointAccount, transfer.to_id)
        person = session.get(Person, account.person_id) if account.person_id else None
        return {
            "person": person.shown_name if person else None, "delta": transfer.amount, "balance": account.balance,
            "reason": transfer.reason, "domain": transfer.domain,
        }  # fmt: skip

    def _summary(self) -> dict[str, Any]:
        with self.database.transaction() as session:
            by_status = dict(session.execute(select(Issue.status, func.count()).group_by(Issue.status)).all())
            by_label = dict(session.execute(select(Issue.domain, func.count()).group_by(Issue.domain)).all())
        return {"issues": sum(by_status.values()), "by_status": by_status, "by_label": by_label, "lines": self._counts}


def read_history(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSON-lines history. Raises HistoryError."""
    with path.open(encoding="utf-8") as file:
        for number, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise HistoryError(f"line {number}: not JSON") from error
            if not isinstance(line, dict):
                raise HistoryError(f"line {number}: not an object")
            yield line


def _time(line: dict[str, Any], number: int) -> datetime:
    try:
        at = datetime.fromisoformat(str(line["time"]))
    except (KeyError, ValueError) as error:
        raise HistoryError(f"line {number}: no time as ISO 8601") from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=LOCAL).astimezone(UTC)


def _incoming(line: dict[str, Any], at: datetime, number: int) -> Incoming:
    for key in ("chat", "sender"):
        if key not in line:
            raise HistoryError(f"line {number}: no {key}")
    message_id = str(line.get("id") or f"m{number}")
    press = str(line.get("press") or "")
    return Incoming(
        key=f"{ACCOUNT}/{line['chat']}/{message_id}" + (f"/press{number}" if press else ""),
        account=ACCOUNT,
        chat=f"replay:{line['chat']}",
        is_group=line.get("chat_type", "group") != "private",
        sender=f"replay:{line['sender']}",
        name=str(line.get("name") or line["sender"]),
        at=at,
        text=str(line.get("text") or ""),
        happening=Happening.PRESSED if press else Happening.MEMBER_LEFT if line.get("left") else Happening.SAID,
        message_id=message_id,
        reply_to=str(line["reply_to"]) if line.get("reply_to") else None,
        photos=(str(line["photo"]),) if line.get("photo") else (),
        press=press,
    )


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "number": issue.number, "label": issue.domain, "topic": issue.topic, "urgent": issue.is_urgent,
        "building": issue.building.name, "status": issue.status, "supporters": len(issue.supporters),
        "kind": issue.kind, "source": issue.source_message, "unit": issue.unit, "floor": issue.floor,
        "spot": issue.spot,
    }  # fmt: skip


def _type(message: OutboxMessage) -> str:
    return {OutboxKind.REACT: "react", OutboxKind.REMINDER: "reminder", OutboxKind.DIGEST: "digest"}.get(
        OutboxKind(message.kind), "say"
    )


def _said(message: OutboxMessage) -> dict[str, Any]:
    shown = outgoing(message, CAPABILITIES)
    chat = message.chat.address.partition(":")[2]
    said: dict[str, Any] = {"chat": chat, "text": shown.text or shown.reaction, "id": f"bot{message.id}"}
    if shown.buttons:
        said["buttons"] = [{"id": button.id, "label": button.label} for button in shown.buttons]
    if shown.reply_to:
        said["reply_to"] = shown.reply_to
    return said


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(LOCAL).isoformat(timespec="seconds") if at else None
