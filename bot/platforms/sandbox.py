"""The sandbox: a platform that lives in the process, for the browser page and for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.platforms.base import Batch, Capabilities
from handlers.messages import Button, Happening, Incoming, Outgoing, Quoted


@dataclass(slots=True)
class Line:
    """One line of a sandbox chat. ``sender`` is empty for the bot."""

    id: str
    chat: str
    sender: str
    name: str
    text: str
    at: datetime
    photos: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    reactions: list[str] = field(default_factory=list)


class SandboxPlatform:
    """Chats kept in memory. ``say`` and ``press`` are what a person does; ``lines`` is what they see."""

    capabilities = Capabilities(has_buttons=True, has_reactions=True, group_per_minute=600, private_per_minute=600)
    is_ready = True
    reconnects = 0
    heard_at: datetime | None = None

    def __init__(self, clock: Callable[[], datetime], name: str = "demo") -> None:
        self.account = f"sandbox:{name}"
        self.lines: list[Line] = []
        self.notices: dict[str, str] = {}
        self.on_change: Callable[[], None] = lambda: None
        self._clock = clock
        self._queue: asyncio.Queue[Incoming] = asyncio.Queue()
        self._count = 0

    def say(
        self,
        chat: str,
        sender: str,
        name: str,
        text: str,
        *,
        is_group: bool,
        photos: tuple[str, ...] = (),
        reply_to: str | None = None,
    ) -> Line:
        """Somebody says something."""
        line = self.remember(chat, sender, name, text, self._clock(), photos=photos, reply_to=reply_to)
        answered = next((one for one in self.lines if one.id == reply_to and one.sender), None) if reply_to else None
        quoted = Quoted(answered.sender, answered.name, answered.text, answered.id) if answered else None
        self._queue.put_nowait(Incoming(
            key=f"{self.account}/{chat}/{line.id}", account=self.account, chat=chat, is_group=is_group, sender=sender,
            name=name, at=line.at, text=text, message_id=line.id, photos=photos, reply_to=reply_to,
            quoted=quoted,
        ))  # fmt: skip
        return line

    def press(self, line: Line, button: str, sender: str, name: str, *, is_group: bool) -> str:
        """Somebody presses a button of a line. Returns the key under which a notice may come back."""
        self._count += 1
        key = f"{self.account}/{line.chat}/press{self._count}"
        self._queue.put_nowait(Incoming(
            key=key, account=self.account, chat=line.chat, is_group=is_group, sender=sender, name=name,
            at=self._clock(), happening=Happening.PRESSED, press=button, message_id=line.id,
        ))  # fmt: skip
        return key

    async def batches(self) -> AsyncIterator[Batch]:
        """What people said and pressed, at once."""
        while True:
            messages = [await self._queue.get()]
            while not self._queue.empty() and len(messages) < 64:
                messages.append(self._queue.get_nowait())
            yield Batch(tuple(messages), self._acknowledge)

    async def send(self, message: Outgoing) -> str:
        """Show a line, or a reaction on one."""
        if message.reaction:
            self.react(message.chat, message.reply_to, message.reaction)
            return message.reply_to or ""
        line = self.remember(
            message.chat, "", "", message.text, self._clock(),
            photos=message.photos, buttons=message.buttons, reply_to=message.reply_to,
        )  # fmt: skip
        return line.id

    def react(self, chat: str, message_id: str | None, emoji: str) -> None:
        """Put an emoji on a line."""
        for line in self.lines:
            if line.chat == chat and line.id == message_id and emoji not in line.reactions:
                line.reactions.append(emoji)
        self.on_change()

    async def close(self) -> None:
        """Nothing to let go of."""

    async def _acknowledge(self, notices: Mapping[str, str]) -> None:
        self.notices.update(notices)
        self.on_change()

    def remember(
        self,
        chat: str,
        sender: str,
        name: str,
        text: str,
        at: datetime,
        *,
        photos: tuple[str, ...] = (),
        buttons: tuple[Button, ...] = (),
        reply_to: str | None = None,
    ) -> Line:
        """Add a line to a chat, as of a time, without the bot hearing it."""
        self._count += 1
        line = Line(str(self._count), chat, sender, name, text, at, photos, buttons, reply_to)
        self.lines.append(line)
        self.on_change()
        return line
