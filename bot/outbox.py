"""Delivery: take due messages from the outbox, fit them to the platform, send, and record what came of it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from bot.core import Core
from bot.leases import Leases
from bot.metrics import Metrics
from bot.pace import claim_paced
from bot.platforms.base import Capabilities, Platform, SendFailed
from handlers.messages import Button, Outgoing
from handlers.news import is_question
from handlers.texts import texts
from storage.database import Database
from storage.leases import holds_lease
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
    attempt: int
    message_id: str = ""
    failure: SendFailed | None = None


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message to be sent; ``attempt`` tells this try from one by a process that was taken for dead."""

    outbox_id: int
    attempt: int
    message: Outgoing


class Delivery:
    """Drains the outbox of the accounts whose platforms it was given, as long as their leases are held."""

    def __init__(
        self,
        database: Database,
        core: Core,
        platforms: Mapping[str, Platform],
        leases: Leases,
        clock: Callable[[], datetime],
        metrics: Metrics | None = None,
    ) -> None:
        self._database = database
        self._leases = leases
        self._core = core
        self._platforms = dict(platforms)
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()
        self._recovered: dict[str, int] = {}
        for account in platforms:
            leases.want(_lease(account))

    def wake(self) -> None:
        """Something new was queued."""
        self._wake.set()

    async def run(self) -> None:
        """Send what is due until cancelled. Survives a database that is away for a while."""
        while True:
            self._wake.clear()
            try:
                if await self.drain():
                    continue
            except Exception as error:
                # Its words might quote what was to be said.
                log.error("outbox cannot be drained, trying again", error=type(error).__name__)
                self._recovered.clear()  # what was being sent then is of unknown fate
                await asyncio.sleep(IDLE_SECONDS * 5)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def drain(self) -> int:
        """Send one round: the oldest waiting message of each chat. Returns how many were tried."""
        claimed = await self._core.run(self._claim)
        if claimed:
            results = await asyncio.gather(*(self._send(one) for one in claimed))
            await self._core.run(self._record, [result for result in results if result is not None])
            if None in results:
                self._recovered.clear()  # nobody may have taken over
        return len(claimed)

    def _claim(self) -> list[_Claimed]:
        now = self._clock()
        with self._database.transaction() as session:
            ready = self._ready(session, now)
            free = [account for account, one in ready.items() if one.capabilities.pace is None]
            claimed = claim_due(session, now, free) if free else []
            for account, platform in ready.items():
                if platform.capabilities.pace is not None:
                    claimed += claim_paced(session, now, account, platform.capabilities.pace)
            fit: list[_Claimed] = []
            for row in claimed:
                if row.expires_at is not None and row.expires_at <= now:
                    row.state, row.error = OutboxState.PARKED, "expired"
                else:
                    message = outgoing(row, self._platforms[row.chat.account].capabilities)
                    fit.append(_Claimed(row.id, row.attempts, message))
            return fit

    def _ready(self, session: Session, now: datetime) -> dict[str, Platform]:
        """The accounts to speak for: up, and leased to this process, until this transaction ends at least.

        Whoever takes an account over finds what the one before was sending: it may have arrived.
        """
        ready: dict[str, Platform] = {}
        for account, platform in self._platforms.items():
            name = _lease(account)
            if not (platform.is_ready and self._leases.has(name)):
                continue
            if not holds_lease(session, name, self._leases.holder):
                continue
            ready[account] = platform
        terms = {account: self._leases.term(_lease(account)) for account in ready}
        fresh = [account for account, term in terms.items() if self._recovered.get(account) != term]
        count = recover_sending(session, now, fresh) if fresh else 0
        if count:
            log.warning("messages of unknown fate will be repeated, marked", count=count)
        self._recovered |= terms
        return ready

    async def _send(self, claimed: _Claimed) -> Result | None:
        message = claimed.message
        if not self._leases.is_sure(_lease(message.account)):
            return None  # frozen for too long since the claim: whoever has the account now repeats it
        try:
            message_id = await self._platforms[message.account].send(message)
            return Result(claimed.outbox_id, claimed.attempt, message_id)
        except SendFailed as failure:
            return Result(claimed.outbox_id, claimed.attempt, failure=failure)
        except Exception as error:  # a defect of ours must not stop the others, nor repeat blindly
            log.error("send raised", error=type(error).__name__, key=message.key)
            unknown = SendFailed(type(error).__name__, may_have_arrived=True)
            return Result(claimed.outbox_id, claimed.attempt, failure=unknown)

    def _record(self, results: list[Result]) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            for result in results:
                row = session.get_one(OutboxMessage, result.outbox_id, with_for_update=True)
                if row.attempts != result.attempt:
                    continue  # another process has taken it up since
                if result.failure is None:
                    row.state, row.message_id, row.sent_at = OutboxState.SENT, result.message_id, now
                    session.flush()
                    limit = _per_minute(self._platforms[row.chat.account].capabilities, row)
                    if sent_since(session, row.chat_id, now - timedelta(minutes=1)) >= limit:
                        row.chat.not_before = now + timedelta(minutes=1) / limit
                else:
                    _record_failure(row, result.failure, now)
                self._metrics.sent(row.chat.account, row.state)


def _lease(account: str) -> str:
    return f"out:{account}"


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
