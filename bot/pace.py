"""The pace of accounts that must not speak like a machine: one message at a time, never hurried, silent at night."""

import random
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.platforms.base import Pace
from storage.local_time import local
from storage.logins import Login, login_of
from storage.outbox import OutboxMessage, OutboxState, claim_due, said_elsewhere


def claim_paced(session: Session, now: datetime, account: str, pace: Pace) -> list[OutboxMessage]:
    """The one message that the account may say now, or none."""
    login = login_of(session, account)
    if login is not None and login.not_before is not None and login.not_before > now:
        return []
    claimed = claim_due(session, now, [account], limit=1, only_urgent=not is_awake(now, pace.hours))
    if not claimed:
        return []
    message = claimed[0]
    apart = timedelta(seconds=pace.same_words_apart)
    if message.chat.is_group and not message.is_urgent and said_elsewhere(session, message, now - apart):
        message.not_before = now + apart
        message.attempts -= 1
        if message.state == OutboxState.SENDING:
            message.state = OutboxState.QUEUED
        return []
    if login is not None:
        login.not_before = now + pause_after(login, now, pace)
    return claimed


def pause_after(login: Login, now: datetime, pace: Pace) -> timedelta:
    """How long the account is silent after a message; never twice the same, and longer while it is new."""
    seconds = random.uniform(*pace.between)  # noqa: S311 - not a secret, only not regular
    is_new = now - login.first_at < timedelta(days=pace.new_days)
    return timedelta(seconds=seconds * (pace.new_factor if is_new else 1))


def is_awake(now: datetime, hours: tuple[time, time]) -> bool:
    """Whether these are hours in which the account speaks."""
    start, end = hours
    clock = local(now).time()
    return start <= clock < end if start < end else clock >= start or clock < end
