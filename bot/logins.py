"""How the accounts stand, for the platforms: read and kept through the core thread."""

from collections.abc import Callable
from datetime import datetime

from bot.core import Core
from storage.chats import retire_chats
from storage.database import Database
from storage.logins import note_login, note_logout, note_seen


class Logins:
    """The login book of one process."""

    def __init__(
        self, database: Database, core: Core, clock: Callable[[], datetime], stable: frozenset[str] = frozenset()
    ) -> None:
        self._database, self._core, self._clock, self._stable = database, core, clock, stable

    async def login(self, account: str, self_id: str) -> tuple[int, bool]:
        """The account is logged in; returns the epoch of its ids, and whether that is a new one."""
        return await self._core.run(self._login, account, self_id)

    async def logout(self, account: str) -> None:
        """The account is logged out."""
        await self._core.run(self._logout, account)

    async def seen(self, account: str) -> datetime | None:
        """The account's connection lives; returns when it last did before."""
        return await self._core.run(self._seen, account)

    def _login(self, account: str, self_id: str) -> tuple[int, bool]:
        with self._database.transaction() as session:
            login, is_fresh = note_login(
                session, account, self_id, self._clock(), are_ids_stable=account in self._stable
            )
            if is_fresh:
                retire_chats(session, account)
            return login.epoch, is_fresh

    def _logout(self, account: str) -> None:
        with self._database.transaction() as session:
            note_logout(session, account)

    def _seen(self, account: str) -> datetime | None:
        with self._database.transaction() as session:
            return note_seen(session, account, self._clock())
