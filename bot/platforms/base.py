"""All that a platform is to the rest of the bot."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

from handlers.messages import Incoming, Outgoing


@dataclass(frozen=True, slots=True)
class Pace:
    """How a person would speak, for accounts that are shut out if they speak like a machine.

    ``between`` are the shortest and longest seconds between two messages of the account; a new account waits
    ``new_factor`` times as long in its first ``new_days``. The same words go to another group no sooner than
    ``same_words_apart`` seconds later. Outside ``hours`` only what is urgent is said.
    """

    between: tuple[float, float] = (2.0, 6.0)
    new_days: float = 7
    new_factor: float = 3
    same_words_apart: float = 120
    hours: tuple[time, time] = (time(7, 0), time(22, 30))


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can show, and how fast it may be spoken to."""

    max_chars: int = 4096
    """Longest text, in characters."""
    has_buttons: bool = False
    has_reactions: bool = False
    group_per_minute: int = 20
    private_per_minute: int = 60
    pace: Pace | None = None
    """None: the platform has rules of its own and says so with 429."""
    has_one_connection: bool = False
    """Whether only the process that hears the account can speak for it."""


class SendFailed(Exception):
    """A message was not confirmed as delivered.

    ``retry_after`` is the pause in seconds the platform asks for. ``may_have_arrived``: nobody knows;
    it must not be repeated blindly. ``is_final``: it will never arrive. ``is_shut_out``: nor will
    anything else in this chat.
    """

    def __init__(
        self,
        reason: str,
        *,
        retry_after: float | None = None,
        may_have_arrived: bool = False,
        is_final: bool = False,
        is_shut_out: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.may_have_arrived = may_have_arrived
        self.is_final = is_final
        self.is_shut_out = is_shut_out


Acknowledge = Callable[[Mapping[str, str]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a platform hands over at once, in each chat's order.

    ``acknowledge`` is called after the commit, with passing notices for those who pressed a button, by
    message key. A batch that is not acknowledged comes again, where the platform can.
    """

    messages: tuple[Incoming, ...]
    acknowledge: Acknowledge


class Platform(Protocol):
    """One account on one platform."""

    account: str
    capabilities: Capabilities
    reconnects: int
    """How often the connection was made again."""
    heard_at: datetime | None
    """The last sign of life from the platform; None before the first."""

    @property
    def is_ready(self) -> bool:
        """Whether something sent now has a chance; what waits is kept until it is."""
        ...

    def batches(self) -> AsyncIterator[Batch]:
        """Yield batches in each chat's order, reconnecting by itself, until cancelled."""
        ...

    async def send(self, message: Outgoing) -> str:
        """Deliver once and return the platform's message id. Raises SendFailed."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
