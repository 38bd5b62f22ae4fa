"""Figures for Prometheus: what came in, how long it took, what waits, what was sent, how the accounts stand."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select

from bot.platforms.base import Platform
from storage.database import Database
from storage.issues import Issue, Status
from storage.outbox import oldest_waiting, waiting_count
from storage.receipts import FailedTurn

_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The figures of one process. No label holds anything about a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._messages = Counter("loudong_messages", "Messages taken in.", ["account"], registry=self.registry)
        self._effects = Counter("loudong_effects", "Turns that had an effect.", registry=self.registry)
        self._failures = Counter("loudong_turn_failures", "Turns that raised.", registry=self.registry)
        self._lag = Histogram(
            "loudong_intake_lag_seconds",
            "From being said to being committed.",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._batch = Histogram(
            "loudong_batch_seconds", "A batch from handing over to commit.", registry=self.registry, buckets=_SECONDS
        )
        self._sends = Counter("loudong_sends", "Sends by result.", ["account", "result"], registry=self.registry)
        self._waiting = Gauge("loudong_outbox_waiting", "Messages that wait to be sent.", registry=self.registry)
        self._oldest = Gauge("loudong_outbox_oldest_seconds", "How long the oldest has waited.", registry=self.registry)
        self._parked = Gauge("loudong_failed_turns_parked", "Messages given up on.", registry=self.registry)
        self._issues = Gauge("loudong_issues", "Issues by state.", ["status"], registry=self.registry)
        self._up = Gauge("loudong_account_up", "Whether an account is connected.", ["account"], registry=self.registry)
        self._reconnects = Gauge(
            "loudong_reconnects", "Connections made again since the start.", ["account"], registry=self.registry
        )

    def took_in(self, account: str, said_at: Iterable[datetime], now: datetime, seconds: float) -> None:
        """A batch was committed."""
        self._batch.observe(seconds)
        for at in said_at:
            self._messages.labels(account).inc()
            self._lag.observe(max((now - at).total_seconds(), 0))

    def handled(self, effects: int, failures: int) -> None:
        """What the turns came to."""
        self._effects.inc(effects)
        self._failures.inc(failures)

    def sent(self, account: str, result: str) -> None:
        """A send ended: sent, or the state it left the message in."""
        self._sends.labels(account, result).inc()

    def look(self, database: Database, platforms: Iterable[Platform], now: datetime) -> None:
        """Read what stands in the database and how the accounts are, for the next scrape."""
        with database.transaction() as session:
            self._waiting.set(waiting_count(session))
            oldest = oldest_waiting(session)
            self._oldest.set(max((now - oldest).total_seconds(), 0) if oldest else 0)
            self._parked.set(session.scalar(select(func.count()).where(FailedTurn.is_parked)) or 0)
            counts = dict(session.execute(select(Issue.status, func.count()).group_by(Issue.status)).all())
        for status in Status:
            self._issues.labels(status.value).set(counts.get(status.value, 0))
        for platform in platforms:
            self._up.labels(platform.account).set(platform.is_ready and platform.heard_at is not None)
            self._reconnects.labels(platform.account).set(platform.reconnects)

    def page(self) -> bytes:
        """In Prometheus' own format."""
        return generate_latest(self.registry)
