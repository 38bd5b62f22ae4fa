"""A batch becomes turns: one transaction, a savepoint a turn, committed before it is acknowledged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, SessionTransaction

from handlers.ahead import read_ahead
from handlers.due import run_due
from handlers.memory import Memory, Note
from handlers.messages import Incoming
from handlers.router import route
from handlers.rules import Rules
from handlers.turn import AlreadyHandled, Turn
from nlp.lexicon import LexiconError
from nlp.street import StreetLexicon
from storage.audit import newest_event, seal_events
from storage.chats import Chat
from storage.database import Database
from storage.due import due_now
from storage.issues import Issue
from storage.people import Account
from storage.receipts import FailedTurn, expect, failures_to_retry, record_failure

log = structlog.get_logger()


@dataclass(slots=True)
class Handled:
    """What a batch came to: notices for those who pressed, how many turns had effects or failed, and what was noted."""

    notices: dict[str, str] = field(default_factory=dict)
    effects: int = 0
    failures: int = 0
    noted: list[Note] = field(default_factory=list)

    def count(self, turn: Turn) -> None:
        """A turn was done."""
        self.effects += turn.has_effect
        if turn.notice:
            self.notices[turn.message.key] = turn.notice


class _NotAtOnce(Exception):
    """A turn of the batch has to be undone while the others stand: they need savepoints."""


class _LazySavepoint:
    """A savepoint that is only made when the turn first touches the database: chatter never does."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._savepoint: SessionTransaction | None = None

    def open(self) -> Session:
        if self._savepoint is None:
            self._savepoint = self._session.begin_nested()
        return self._session

    def keep(self) -> None:
        if self._savepoint is not None:
            self._session.flush()
            self._savepoint.commit()

    def undo(self) -> None:
        if self._savepoint is not None:
            self._savepoint.rollback()


class Intake:
    """Handles batches and due work against one database. Not for use from two threads at once."""

    def __init__(self, database: Database, rules: Rules, lexicon: StreetLexicon | None = None) -> None:
        self._database = database
        self._rules = rules
        self._lexicon = lexicon or StreetLexicon()
        self._memory = Memory()
        self._settled = 0
        """The newest event at the last tick: by now all before it are committed."""

    def recall(self, now: datetime) -> None:
        """After a start: remember which chats had a report lately, so that follow-ups find it."""
        since = now - self._rules.support_window
        statement = (
            select(Chat.address, Issue.reported_at, Account.address, Issue.is_urgent)
            .join(Issue, Issue.chat_id == Chat.id)
            .outerjoin(Account, Account.person_id == Issue.reporter_id)
            .where(Issue.reported_at >= since)
        )
        with self._database.transaction() as session:
            for address, at, sender, is_urgent in session.execute(statement.order_by(Issue.reported_at)):
                self._memory.learn(Note(address, at, (sender,) if sender else (), is_urgent))

    def handle(self, messages: Iterable[Incoming]) -> Handled:
        """Handle a batch in one transaction. Raises only if the database cannot be used: then nothing happened."""
        batch = list(messages)
        try:
            handled = self._all_at_once(batch)
        except _NotAtOnce:
            handled = self._one_by_one(batch)
        handled.noted = self._memory.take_news()
        return handled

    def _all_at_once(self, batch: list[Incoming]) -> Handled:
        """Without savepoints, which cost as much as the turns. Raises _NotAtOnce if one turn has to be undone alone."""
        handled = Handled()
        try:
            with self._database.transaction() as session:
                expect(session, [message.key for message in batch])
                turns = [self._turn(lambda: session, message) for message in batch]
                read_ahead(session, turns)
                for turn in turns:
                    _attribute(session, turn)
                    route(turn)
                    if turn.may_leave_trace:
                        raise _NotAtOnce
                    handled.count(turn)
        except Exception as error:
            if _is_database_gone(error):
                raise
            raise _NotAtOnce from error
        return handled

    def _one_by_one(self, batch: list[Incoming]) -> Handled:
        handled = Handled()
        with self._database.transaction() as session:
            for message in batch:
                self._one(session, message, lambda turn: route(turn), handled, leaves_trace=False)
        return handled

    def _turn(self, open_session: Callable[[], Session], message: Incoming) -> Turn:
        return Turn(open_session, message, self._rules, self._memory, self._lexicon.current)

    def learn(self, note: Note) -> None:
        """Another process noted this: keep it in mind here, too."""
        self._memory.learn(note)

    def tick(self, now: datetime) -> Handled:
        """Do what is due by now, and try again what failed before."""
        self._refresh_lexicon()
        handled = Handled()
        with self._database.transaction() as session:
            seal_events(session, now, self._settled)
            self._settled = newest_event(session)
            for row in due_now(session, now):
                message = _clockwork(f"due:{row.id}", now)
                self._one(session, message, lambda turn, row=row: run_due(turn, row), handled)
            for failed in failures_to_retry(session, now):
                message = Incoming.from_dict(failed.payload)
                if self._one(session, message, lambda turn: route(turn), handled, retried_at=now):
                    session.delete(session.get_one(FailedTurn, failed.key))
        handled.noted = self._memory.take_news()
        return handled

    def _refresh_lexicon(self) -> None:
        try:
            if self._lexicon.refresh():
                log.info("the street's words were taken over", terms=self._lexicon.current.lexicon.term_count)
        except LexiconError as error:
            log.error("the street's words cannot be used, the old ones stay", problem=str(error))

    def _one(
        self,
        session: Session,
        message: Incoming,
        work: Callable[[Turn], None],
        handled: Handled,
        retried_at: datetime | None = None,
        *,
        leaves_trace: bool = True,
    ) -> bool:
        """One turn in its savepoint. A failing turn is undone alone, and recorded. False if it failed.

        Talk that came to nothing is undone as well: who says something is not made known by that.
        """
        savepoint = _LazySavepoint(session)
        turn = self._turn(savepoint.open, message)
        _attribute(session, turn)
        try:
            work(turn)
            if leaves_trace or turn.has_effect:
                savepoint.keep()
            else:
                savepoint.undo()
        except AlreadyHandled:
            savepoint.undo()
            return True
        except Exception as error:
            savepoint.undo()
            if _is_database_gone(error):
                raise
            self._record_failure(session, message, error, retried_at or message.at)
            handled.failures += 1
            return False
        handled.count(turn)
        return True

    def _record_failure(self, session: Session, message: Incoming, error: Exception, at: datetime) -> None:
        # The error's own text may quote what was said: only its type and place are logged.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{place.tb_lineno}" if place else ""
        log.error("turn failed", key=message.key, error=type(error).__name__, where=where)
        record_failure(session, message.key, message.as_dict(), f"{type(error).__name__} at {where}", at)


def _clockwork(key: str, now: datetime) -> Incoming:
    """The message that stands for the clock: due work has no sender."""
    return Incoming(key=key, account="", chat="", is_group=False, sender="", name="", at=now)


def _is_database_gone(error: Exception) -> bool:
    """Locked, full or away: not this turn's fault, and the whole batch has to wait."""
    return isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _attribute(session: Session, turn: Turn) -> None:
    """Every event from now on says what brought it about."""
    session.info["message"] = turn.message.key
