"""What comes in and what goes out, the same for every platform."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """What a platform tells of."""

    SAID = "said"
    PRESSED = "pressed"
    BOT_ADDED = "bot_added"
    BOT_REMOVED = "bot_removed"
    CHAT_MOVED = "chat_moved"
    MEMBER_LEFT = "member_left"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that another one answers, as far as the platform shows it."""

    sender: str
    name: str
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened in a chat.

    ``key`` is unique to it and to its version: an edit has another key than what it edits. Addresses
    are ``platform:id``; ``account`` is the bot's own, ``platform:name``. ``original_at`` is set for an
    edit: when its first version was said. Where nobody ``can_press``, bare numbers answer what the bot
    offers. ``mentions`` are the accounts that the words name by more than their name. For a ``GAP``, ``since``
    is when the account was last heard of before; ``fresh_ids`` says that a new login has made all ids new.
    """

    key: str
    account: str
    chat: str
    is_group: bool
    sender: str
    name: str
    at: datetime
    text: str = ""
    happening: Happening = Happening.SAID
    message_id: str = ""
    reply_to: str | None = None
    photos: tuple[str, ...] = ()
    press: str = ""
    original_at: datetime | None = None
    is_forward: bool = False
    can_press: bool = True
    moved_to: str = ""
    quoted: Quoted | None = None
    mentions: tuple[str, ...] = ()
    since: datetime | None = None
    fresh_ids: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For keeping a message whose handling failed."""
        return asdict(self) | {
            "at": self.at.isoformat(),
            "original_at": self.original_at.isoformat() if self.original_at else None,
            "photos": list(self.photos),
            "mentions": list(self.mentions),
            "since": self.since.isoformat() if self.since else None,
        }

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> "Incoming":
        """The reverse of ``as_dict``."""
        return cls(**kept | {
            "at": datetime.fromisoformat(kept["at"]),
            "original_at": datetime.fromisoformat(kept["original_at"]) if kept.get("original_at") else None,
            "photos": tuple(kept["photos"]),
            "mentions": tuple(kept.get("mentions", ())),
            "since": datetime.fromisoformat(kept["since"]) if kept.get("since") else None,
            "happening": Happening(kept["happening"]),
            "quoted": Quoted(**kept["quoted"]) if kept.get("quoted") else None,
        })  # fmt: skip


@dataclass(frozen=True, slots=True)
class Button:
    """An answer a person may press. ``id`` is the command it stands for: ``claim 34``."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one chat. ``reaction`` instead of text puts an emoji on ``reply_to``.

    ``asks`` is who is to answer it, for platforms where a reply does not show that: an address and a name.
    """

    key: str
    account: str
    chat: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    photos: tuple[str, ...] = ()
    reply_to: str | None = None
    reaction: str = ""
    asks: tuple[str, str] | None = None

    def with_text(self, text: str) -> "Outgoing":
        """The same message with other words."""
        return replace(self, text=text)
