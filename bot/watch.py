"""Watching over the bot itself: how long it was away, what ages in the outbox, a silent platform, a full disk."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.platforms.base import Platform
from handlers.messages import Happening, Incoming
from handlers.texts import texts
from storage.chats import open_chat
from storage.database import Database
from storage.local_time import local
from storage.logins import login_of, note_login, note_seen
from storage.outbox import OutboxMessage, is_said, oldest_waiting

log = structlog.get_logger()

KEPT_BY_TELEGRAM = timedelta(hours=24)
"""Telegram drops what was not fetched for so long; what is younger comes late, but comes."""
OUTBOX_MAY_AGE = timedelta(minutes=10)
SILENT = timedelta(hours=1)
LEAST_FREE_BYTES = 500 * 2**20


class Watch:
    """Looks at everything once a tick; an alarm is said once an hour as long as it lasts."""

    def __init__(self, database: Database, alarm_chat: str) -> None:
        self._database, self._alarm_chat = database, alarm_chat
        self._began: dict[str, datetime] = {}

    def back(self, account: str, now: datetime) -> list[Incoming]:
        """An account is about to be heard: was it away for longer than its platform keeps what is said?"""
        self._began[account] = now
        with self._database.transaction() as session:
            login = login_of(session, account)
            if account.startswith("telegram:") and login is not None and now - login.seen_at > KEPT_BY_TELEGRAM:
                return [_gap(account, login.seen_at, now)]
        return []

    def look(self, platforms: Mapping[str, Platform], now: datetime) -> int:
        """Note who is there, and raise what alarms there are. Returns how many were raised."""
        with self._database.transaction() as session:
            for account, platform in platforms.items():
                if platform.heard_at is not None and account.startswith("telegram:"):
                    _note_there(session, account, platform.heard_at)
            alarms = self._alarms(session, platforms, now)
            return sum(self._raise(session, platforms, name, words, now) for name, words in alarms.items())

    def _alarms(self, session: Session, platforms: Mapping[str, Platform], now: datetime) -> dict[str, str]:
        alarms: dict[str, str] = {}
        oldest = oldest_waiting(session)
        if oldest is not None and now - oldest > OUTBOX_MAY_AGE:
            alarms["outbox"] = texts().say("alarm-outbox", since=f"{local(oldest):%m-%d %H:%M}")
        for account, platform in platforms.items():
            heard = platform.heard_at or self._began.get(account)
            if heard is not None and now - heard > SILENT and not account.startswith("sandbox:"):
                alarms[account] = texts().say("alarm-silent", account=account, since=f"{local(heard):%m-%d %H:%M}")
        free = _free_bytes(self._database)
        if free is not None and free < LEAST_FREE_BYTES:
            alarms["disk"] = texts().say("alarm-disk", free=free // 2**20)
        return alarms

    def _raise(self, session: Session, platforms: Mapping[str, Platform], name: str, words: str, now: datetime) -> bool:
        key = f"alarm:{name}:{now:%Y%m%d%H}"
        if is_said(session, key):
            return False
        log.error("alarm", about=name)
        platform, _, _ = self._alarm_chat.partition(":")
        account = next((one for one in platforms if one.startswith(f"{platform}:")), None)
        if not self._alarm_chat or account is None:
            return False
        chat = open_chat(session, self._alarm_chat, account, is_group=self._alarm_chat.startswith("telegram:-"), at=now)
        session.add(
            OutboxMessage(
                key=key, chat_id=chat.id, text=words, buttons=[], photos=[], not_before=now, created_at=now,
                is_urgent=True,
            )
        )  # fmt: skip
        return True


def _note_there(session: Session, account: str, at: datetime) -> None:
    if login_of(session, account) is None:
        note_login(session, account, "", at, are_ids_stable=True)
    note_seen(session, account, at)


def _gap(account: str, since: datetime, now: datetime) -> Incoming:
    return Incoming(
        key=f"{account}/gap/{now.isoformat()}", account=account, chat="", is_group=False, sender="", name="", at=now,
        happening=Happening.GAP, since=since,
    )  # fmt: skip


def _free_bytes(database: Database) -> int | None:
    """What is free where the database's file lies; None for a database server, which watches itself."""
    if database.engine.dialect.name != "sqlite" or not database.engine.url.database:
        return None
    folder = Path(database.engine.url.database).resolve().parent
    return shutil.disk_usage(folder).free if folder.is_dir() else None
