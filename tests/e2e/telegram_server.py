"""A Bot API server on loopback that is not ours (lo-bot-api-emulator), opened up where it is narrower than Telegram.

It keeps true offsets and long polls. Taught here: the bot's user name, reactions, edits and membership
updates, and a record of what was sent.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator, updates

updates.KINDS |= {"edited_message", "my_chat_member"}

TOKEN = "7:synthetic"
USERNAME = "loudong_test_bot"
NOW = 1_795_000_000


@dataclass
class Sent:
    """Something the bot asked the server to do."""

    method: str
    fields: dict[str, Any]
    message_id: int | None

    @property
    def chat(self) -> int:
        return int(self.fields.get("chat_id", 0))

    @property
    def text(self) -> str:
        return str(self.fields.get("text") or self.fields.get("caption") or self.fields.get("reaction") or "")

    @property
    def buttons(self) -> list[str]:
        markup = self.fields.get("reply_markup")
        markup = json.loads(markup) if isinstance(markup, str) else markup or {}
        return [button["callback_data"] for row in markup.get("inline_keyboard", []) for button in row]


@dataclass
class TelegramServer(LoBotApiEmulator):
    """The server, and what a test does as the people in the chats."""

    sent: list[Sent] = field(default_factory=list)
    refuse: dict[int, list[ApiRefusal]] = field(default_factory=dict)
    is_deaf_to_offsets: bool = False
    token: str = TOKEN
    entries: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(allow_insecure_loopback_webhooks=True)
        self._changed = asyncio.Event()
        self._count = 100
        self.url = ""

    async def start(self) -> None:
        self._runner = web.AppRunner(self.app(), access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def webhook_url(self) -> str:
        return str(self._update_queues.info(self.token)["url"])

    def _record(self, item: dict[str, Any]) -> None:
        self.entries.append(item)

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        chat = int(fields.get("chat_id") or 0)
        if method.startswith("send") and self.refuse.get(chat):
            raise self.refuse[chat].pop(0)
        if method == "getUpdates" and self.is_deaf_to_offsets and fields.get("offset") not in {None, 0, "0"}:
            raise ApiRefusal("Bad Gateway", 502)
        if method == "setMessageReaction":
            result: Any = True
        else:
            result = super().validate(method, dict(fields), uploads)
        if method == "getMe":
            result |= {"username": USERNAME, "can_read_all_group_messages": True}
        if method.startswith(("send", "set", "answer")):
            self.sent.append(Sent(method, dict(fields), result.get("message_id") if isinstance(result, dict) else None))
            self._changed.set()
        return result

    async def push(self, update: dict[str, Any]) -> None:
        await self.enqueue_update(update, token=self.token)

    async def say(self, chat: int, person: int, text: str, **more: Any) -> int:
        """Somebody says something; returns the message's id."""
        self._count += 1
        await self.push({"message": self.message(chat, person, text, self._count, **more)})
        return self._count

    def message(self, chat: int, person: int, text: str, message_id: int, **more: Any) -> dict[str, Any]:
        content = {"photo": more.pop("photo"), "caption": text} if "photo" in more else {"text": text}
        return {
            "message_id": message_id,
            "date": NOW + message_id,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": {"id": person, "is_bot": False, "first_name": f"人{person}"},
            **content,
            **more,
        }

    async def press(self, sent: Sent, button: str, person: int) -> None:
        self._count += 1
        message = {
            "message_id": sent.message_id,
            "date": NOW,
            "chat": {"id": sent.chat, "type": "supergroup" if sent.chat < 0 else "private"},
        }
        await self.push({
            "callback_query": {
                "id": str(self._count), "chat_instance": "1", "data": button, "message": message,
                "from": {"id": person, "is_bot": False, "first_name": f"人{person}"},
            }
        })  # fmt: skip

    async def wait_for(self, chat: int, words: str, seconds: float = 20) -> Sent:
        """The first thing sent to a chat that holds these words."""
        async with asyncio.timeout(seconds):
            while True:
                self._changed.clear()
                for sent in self.sent:
                    if sent.chat == chat and words in sent.text:
                        return sent
                await self._changed.wait()

    def texts(self, chat: int) -> list[str]:
        return [sent.text for sent in self.sent if sent.chat == chat and sent.method == "sendMessage"]
