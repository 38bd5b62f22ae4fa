"""The turns: messages and due work through the intake, however the database fares."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core import Core
from bot.intake import Handled, Intake
from bot.metrics import Metrics
from handlers.digest import plan_next_digest
from handlers.memory import Note
from handlers.messages import Incoming
from handlers.rules import Rules
from nlp.street import StreetLexicon
from storage.database import Database
from storage.places import PlaceKind, places_of_kind


class Worker:
    """Handles what the platforms brought in, and what is due."""

    def __init__(
        self, database: Database, core: Core, rules: Rules, clock: Callable[[], datetime], metrics: Metrics,
        lexicon: StreetLexicon | None = None,
    ) -> None:  # fmt: skip
        self._database, self._core, self._rules, self._clock = database, core, rules, clock
        self._metrics = metrics
        self.intake = Intake(database, rules, lexicon)

    async def prepare(self) -> None:
        """Call to mind what was reported lately, and plan the digests; waits for the database."""
        await self.recall()
        await self._core.until_done(self._plan_digests)

    def _plan_digests(self) -> None:
        now = self._clock()
        with self._database.transaction() as session:
            for community in places_of_kind(session, PlaceKind.COMMUNITY):
                plan_next_digest(session, community, now, self._rules.digest_at)

    async def handle(self, messages: Sequence[Incoming]) -> Handled:
        """Commit a batch, however long the database is away; meanwhile nothing is acknowledged."""
        return self._counted(await self._core.until_done(self.intake.handle, messages))

    async def handle_before(self, message: Incoming, is_too_late: Callable[[], bool]) -> Handled | None:
        """Commit one message now, or not at all: None if its turn came too late. Raises if the database is away."""

        def work() -> Handled | None:
            return None if is_too_late() else self.intake.handle([message])

        handled = await asyncio.shield(self._core.run(work))
        return self._counted(handled) if handled is not None else None

    async def recall(self) -> None:
        """Call to mind what was reported lately, by whomever."""
        await self._core.until_done(lambda: self.intake.recall(self._clock()))

    async def learn(self, note: Note) -> None:
        """Another worker noted this."""
        await self._core.run(self.intake.learn, note)

    async def tick(self) -> Handled:
        """Do what is due. Raises if the database is away: the next tick does it."""
        return self._counted(await self._core.run(self.intake.tick, self._clock()))

    def _counted(self, handled: Handled) -> Handled:
        self._metrics.handled(handled.effects, handled.failures)
        return handled
