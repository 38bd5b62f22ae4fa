"""What is kept in mind of what was reported lately, so that talk need not ask the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Note:
    """Something was reported in a chat, by somebody who speaks from these accounts; perhaps it cannot wait."""

    chat: str
    at: datetime
    senders: tuple[str, ...] = ()
    is_urgent: bool = False


@dataclass(slots=True)
class Memory:
    """What is kept in mind between turns to spare the database: only hints, never truth.

    ``news`` is what other processes do not know of yet.
    """

    recent_chats: dict[str, datetime] = field(default_factory=dict)
    recent_reporters: dict[tuple[str, str], datetime] = field(default_factory=dict)
    alarms: dict[str, datetime] = field(default_factory=dict)
    news: list[Note] = field(default_factory=list)

    def note_report(self, chat: str, at: datetime, senders: Iterable[str] = (), *, is_urgent: bool = False) -> None:
        """Something was reported in this chat in this process."""
        note = Note(chat, at, tuple(senders), is_urgent)
        self.news.append(note)
        self.learn(note)

    def take_news(self) -> list[Note]:
        """What was noted since the last time."""
        news, self.news = self.news, []
        return news

    def learn(self, note: Note) -> None:
        """Keep in mind what was noted, here or elsewhere."""
        self.recent_chats[note.chat] = note.at
        if note.is_urgent:
            self.alarms[note.chat] = note.at
        for sender in note.senders:
            self.recent_reporters[note.chat, sender] = note.at
        if len(self.recent_reporters) > MOST_REMEMBERED:
            oldest = sorted(self.recent_reporters, key=self.recent_reporters.__getitem__)[: MOST_REMEMBERED // 2]
            for key in oldest:
                del self.recent_reporters[key]

    def had_report(self, chat: str, now: datetime, within: timedelta) -> bool:
        """Whether looking for a matter to add to is worth a query."""
        return _is_within(self.recent_chats.get(chat), now, within)

    def had_alarm(self, chat: str, now: datetime, within: timedelta) -> bool:
        """Whether something that cannot wait was reported here that may not have been answered yet."""
        return _is_within(self.alarms.get(chat), now, within)

    def forget_alarm(self, chat: str) -> None:
        """Nothing here waits for an answer any more."""
        self.alarms.pop(chat, None)

    def has_reported(self, chat: str, sender: str, now: datetime, within: timedelta) -> bool:
        """Whether this very account reported something in this chat just now."""
        return _is_within(self.recent_reporters.get((chat, sender)), now, within)


def _is_within(at: datetime | None, now: datetime, within: timedelta) -> bool:
    return at is not None and now - at <= within
