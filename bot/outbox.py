"""Delivery: take due messages from the outbox, fit them to the platform, send, and record what came of it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core import Core
from bot.metrics import Metrics
from bot.pace import claim_paced
from bot.platforms.base import Capabilities, Platform, SendFailed
from handlers.messages import Button, Outgoing
from handlers.news import is_question
from handlers.texts import texts
from storage.database import Database
from storage.outbox import OutboxKind, OutboxMessage, OutboxState, claim_due, recover_sending, sent_since

log = structlog.get_logger()

UNKNOWN_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = 60
IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of sending one message."""

    outbox_id: int
    message_id: str = ""
    failure: SendFailed | None = None


class Delivery:
    """Drains the outbox of the accounts whose platforms it was given."""

    def __init__(
        self,
        database: Database,
        core: Core,
        platforms: Mapping[str, Platform],
        clock: Callable[[], datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._core = core
        self._platforms = dict(platforms)
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something new was queued."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due until cancelled. Survives a database that is away for a while."""
        has_recovered = False
        while True:
            self._wake.clear()
            try:
                if not has_recovered:
                    await self._core.run(self._recover)
                    has_recovered = True
                if await self.drain():
                    continue
            except Exception as error:
                # Its words might quote what was to be said.
                log.error("outbox cannot be drained, trying again", error=type(error).__name__)
                has_recovered = False  # what was being sent then is of unknown fate
                await asyncio.sleep(IDLE_SECONDS * 5)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def drain(self) -> int:
        """Send one round: the oldest waiting message of each chat. Returns how many were tried."""
        claimed = await self._core.run(self._claim)
        if claimed:
            results = await asyncio.gather(*(self._send(outbox_id, message) for outbox_id, message in claimed))
            await self._core.run(self._record, list(results))
        return len(claimed)

    def _recover(self) -> None:
        with self._database.transaction() as session:
            count = recover_sending(session, self._clock())
        if count:
            log.warning("messages of unknown fate will be repeated, marked", count=count)

    def _claim(self) -> list[tuple[int, Outgoing]]:
        now = self._clock()
        with self._database.transaction() as session:
            ready = {account: one for account, one in self._platforms.items() if one.is_ready}
            free = [account for account, one in ready.items() if one.capabilities.pace is None]
            claimed = claim_due(session, now, free)
            for account, platform in ready.items():
                if platform.capabilities.pace is not None:
                    claimed += claim_paced(session, now, account, platform.capabilities.pace)
            fit: list[tuple[int, Outgoing]] = []
            for row in claimed:
                if row.expires_at is not None and row.expires_at <= now:
                    row.state, row.error = OutboxState.PARKED, "expired"
                else:
                    fit.append((row.id, outgoing(row, self._platforms[row.chat.account].capabilities)))
            return fit

    async def _send(self, outbox_id: int, message: Outgoing) -> Result:
        try:
            return Result(outbox_id, await self._platforms[message.account].send(message))
        except SendFailed as failure:
            return Result(outbox_id, failure=failure)
        except Exception as error:  # a defect of ours must not stop the others, nor repeat blindly
            log.error("send raised", error=type(error).__name__, key=message.key)
            return Result(outbox_id, failure=SendFailed(type(error).__name__, may_have_arrived=True))

    def _record(self, results: list[Result]) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            for result in results:
                row = session.get_one(OutboxMessage, result.outbox_id)
                if result.failure is None:
                    row.state, row.message_id, row.sent_at = OutboxState.SENT, result.message_id, now
                    session.flush()
                    limit = _per_minute(self._platforms[row.chat.account].capabilities, row)
                    if sent_since(session, row.chat_id, now - timedelta(minutes=1)) >= limit:
                        row.chat.not_before = now + timedelta(minutes=1) / limit
                else:
                    _record_failure(row, result.failure, now)
                self._metrics.sent(row.chat.account, row.state)


def outgoing(row: OutboxMessage, capabilities: Capabilities) -> Outgoing:
    """A row as the platform can say it: numbers instead of buttons, the mark of a repeat, the length."""
    buttons = tuple(Button(button["id"], button["label"]) for button in row.buttons)
    text = row.text
    if buttons and not capabilities.has_buttons and not is_question(row.buttons):
        choices = [texts().say("choice", number=index, label=button.label) for index, button in enumerate(buttons, 1)]
        text = f"{text}\n{'，'.join(choices)}"
    if row.state == OutboxState.UNKNOWN:
        text = texts().say("repeat-mark") + text
    if len(text) > capabilities.max_chars:
        text = text[: capabilities.max_chars - 1] + "…"
    is_reaction = row.kind == OutboxKind.REACT
    return Outgoing(
        key=row.key,
        account=row.chat.account,
        chat=row.chat.address,
        text="" if is_reaction else text,
        buttons=buttons if capabilities.has_buttons else (),
        photos=tuple(photo["reference"] for photo in row.photos if photo["account"] == row.chat.account),
        reply_to=row.answers.message_id if row.answers and row.answers.message_id else row.reply_to,
        reaction=row.text if is_reaction else "",
        asks=_asked(row) if not capabilities.has_buttons and not is_reaction else None,
    )


def _asked(row: OutboxMessage) -> tuple[str, str] | None:
    """Who of a group is to answer, by the address they have on the group's platform."""
    if row.for_person is None or not row.chat.is_group:
        return None
    platform = row.chat.address.partition(":")[0]
    known = [account.address for account in row.for_person.accounts if account.address.startswith(f"{platform}:")]
    return (known[-1], row.for_person.shown_name) if known else None


def _per_minute(capabilities: Capabilities, row: OutboxMessage) -> int:
    return capabilities.group_per_minute if row.chat.is_group else capabilities.private_per_minute


def _record_failure(row: OutboxMessage, failure: SendFailed, now: datetime) -> None:
    """Asked to wait: wait. Unknown: repeat once, marked, and not a third time. Final: park it."""
    row.error = failure.reason[:200]
    if failure.retry_after is not None:
        row.chat.not_before = now + timedelta(seconds=failure.retry_after)
        row.state = OutboxState.QUEUED if row.state == OutboxState.SENDING else row.state
    elif failure.is_final or row.kind == OutboxKind.REACT:
        row.state = OutboxState.PARKED
        row.chat.is_active = row.chat.is_active and not failure.is_shut_out
    elif failure.may_have_arrived:
        was_repeat = row.state == OutboxState.UNKNOWN
        row.state = OutboxState.PARKED if was_repeat else OutboxState.UNKNOWN
        row.not_before = now + UNKNOWN_PAUSE
    else:
        row.state = OutboxState.QUEUED if row.state == OutboxState.SENDING else row.state
        row.not_before = now + min(timedelta(seconds=2 ** min(row.attempts, 10)), LONGEST_PAUSE)
        if row.attempts >= GIVE_UP_AFTER:
            row.state = OutboxState.PARKED
    log.warning("send failed", key=row.key, reason=failure.reason[:80], state=row.state)
