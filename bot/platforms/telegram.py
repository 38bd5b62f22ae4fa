"""Telegram: our own getUpdates loop or webhook around python-telegram-bot's client.

The library's Updater acknowledges updates into memory before they are handled (two ``kill -9`` lost 283
of 300); here an update is acknowledged by the next getUpdates, after the commit.
"""

import asyncio
import warnings
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, Update
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.platforms.base import Batch, Capabilities, SendFailed
from bot.platforms.telegram_menus import MENUS
from bot.platforms.telegram_updates import incoming
from bot.platforms.telegram_webhook import WebhookServer
from handlers.messages import Incoming, Outgoing

log = structlog.get_logger()

POLL_SECONDS = 30
LONGEST_PAUSE = 60.0
# Raw answers are what is wanted here; the library would rather have its own methods used.
warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]


class TelegramPlatform:
    """One bot account."""

    capabilities = Capabilities(max_chars=4096, has_buttons=True, has_reactions=True)

    def __init__(
        self,
        name: str,
        token: str,
        api_base: str,
        *,
        mode: str = "polling",
        url: str = "",
        listen: str = "",
        secret: str = "",
    ) -> None:
        self.account = f"telegram:{name}"
        self._mode, self._url, self._listen, self._secret = mode, url, listen, secret
        self.bot = Bot(
            token,
            base_url=f"{api_base.rstrip('/')}/bot",
            base_file_url=f"{api_base.rstrip('/')}/file/bot",
            request=HTTPXRequest(connection_pool_size=16),
            get_updates_request=HTTPXRequest(connection_pool_size=2),
        )
        self.reconnects = 0
        self.heard_at: datetime | None = None
        self._username = ""
        self._offset = 0
        self._callbacks: dict[str, str] = {}

    @property
    def is_ready(self) -> bool:
        """Sending needs no connection of its own."""
        return True

    def batches(self) -> AsyncIterator[Batch]:
        """Updates as they come, by polling or webhook."""
        return self._pushed() if self._mode == "webhook" else self._polled()

    async def _connect(self) -> None:
        """Learn the bot's own name, however long the network takes to come up."""
        pause = 1.0
        while True:
            try:
                # Not initialize(): it insists on a username, which a test server may not give.
                await self.bot._request[1].initialize()
                await self.bot._request[0].initialize()
                me = await self.bot.do_api_request("getMe", return_type=None)
                self._username = str(me.get("username", "")) if isinstance(me, dict) else ""
                self.heard_at = datetime.now(UTC)
                return
            except InvalidToken:
                log.error("telegram token refused: check it with BotFather", account=self.account)
                pause = LONGEST_PAUSE
            except TelegramError as error:
                log.warning("telegram not reached yet", account=self.account, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _set_menus(self) -> None:
        for scope, commands in MENUS:
            try:
                await self.bot.set_my_commands(commands, scope=scope)
            except TelegramError as error:
                log.warning("telegram menu not set", account=self.account, error=type(error).__name__)

    async def _polled(self) -> AsyncIterator[Batch]:
        await self._connect()
        await self._set_menus()
        with suppress(TelegramError):  # one left from webhook mode would refuse every poll
            await self.bot.delete_webhook()
        pause = 1.0
        while True:
            try:
                updates = await self._get_updates()
                self.reconnects += pause > 1.0
                self.heard_at = datetime.now(UTC)
                pause = 1.0
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
                continue
            except TelegramError as error:
                # 409 means a second poller or a webhook; it may go away, so keep trying, ever slower.
                log.warning("telegram poll failed", account=self.account, error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            if not updates:
                # Confirmed by this very call. Ids restart at random after a quiet week, maybe lower:
                # an old offset would hide them.
                self._offset = 0
            else:
                yield Batch(self._convert(updates), self._acknowledge_up_to(updates))

    async def _get_updates(self) -> list[dict[str, Any]]:
        # get_updates would parse the whole batch, and one malformed update fails it all.
        raw = await self.bot.do_api_request(
            "getUpdates",
            {"offset": self._offset, "timeout": POLL_SECONDS, "limit": 100, "allowed_updates": ALLOWED},
            read_timeout=POLL_SECONDS + 10,
        )
        return [update for update in raw if isinstance(update, dict)] if isinstance(raw, list) else []

    def _acknowledge_up_to(self, updates: list[dict[str, Any]]) -> Any:
        async def acknowledge(notices: Mapping[str, str]) -> None:
            # In memory only: the server learns of it with the next getUpdates. After a crash it sends them again.
            ids = [update["update_id"] for update in updates if isinstance(update.get("update_id"), int)]
            self._offset = max(ids, default=self._offset - 1) + 1
            await self._answer_presses(notices)

        return acknowledge

    async def _pushed(self) -> AsyncIterator[Batch]:
        await self._connect()
        await self._set_menus()
        server = WebhookServer(self._listen, self._url, self._secret)
        await server.start()
        # Beside the loop: Telegram may push what has waited before it answers the registration.
        registration = asyncio.create_task(self._register_webhook())
        try:
            async for update, done in server.updates():
                self.heard_at = datetime.now(UTC)

                async def acknowledge(notices: Mapping[str, str], done: "asyncio.Future[bool]" = done) -> None:
                    if not done.done():
                        done.set_result(True)
                    await self._answer_presses(notices)

                yield Batch(self._convert([update]), acknowledge)
        finally:
            registration.cancel()
            await server.stop()

    async def _register_webhook(self) -> None:
        pause = 1.0
        while True:
            try:
                await self.bot.set_webhook(self._url, secret_token=self._secret or None, allowed_updates=ALLOWED)
                return
            except TelegramError as error:
                log.warning("webhook not registered", account=self.account, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _convert(self, updates: list[dict[str, Any]]) -> tuple[Incoming, ...]:
        messages: list[Incoming] = []
        for raw in updates:
            try:
                update = Update.de_json(raw, self.bot)
                message = incoming(update, self.account, self._username)
            except Exception as error:  # whatever a malformed update does to the parser
                log.warning("telegram update not readable", update_id=raw.get("update_id"), error=type(error).__name__)
                continue
            if message is not None:
                messages.append(message)
                if update.callback_query is not None:
                    self._callbacks[message.key] = update.callback_query.id
        return tuple(messages)

    async def _answer_presses(self, notices: Mapping[str, str]) -> None:
        """Stop the pressed buttons' clocks, with a passing notice where there is one."""
        pressed, self._callbacks = self._callbacks, {}
        for key, query in pressed.items():
            with suppress(TelegramError):  # too old by now; the press itself has been handled
                await self.bot.answer_callback_query(query, text=notices.get(key) or None)

    async def send(self, message: Outgoing) -> str:
        """Send plain text (no parse mode: nothing a resident writes can be markup), a photo, or a reaction."""
        chat_id = int(message.chat.partition(":")[2])
        try:
            if message.reaction:
                await self.bot.set_message_reaction(chat_id, int(message.reply_to or 0), message.reaction)
                return message.reply_to or ""
            return str(await self._send_content(chat_id, message))
        except RetryAfter as error:
            raise SendFailed("429", retry_after=_seconds(error)) from error
        except Forbidden as error:
            raise SendFailed(error.message, is_final=True, is_shut_out=True) from error
        except InvalidToken as error:  # it will be mended, and nothing be lost meanwhile
            raise SendFailed("token refused", retry_after=LONGEST_PAUSE) from error
        except BadRequest as error:
            raise SendFailed(
                error.message, is_final=True, is_shut_out="chat not found" in error.message.lower()
            ) from error
        except TimedOut as error:
            raise SendFailed("timed out", may_have_arrived=not _never_left(error)) from error
        except NetworkError as error:
            raise SendFailed(error.message, may_have_arrived=not _never_left(error)) from error
        except TelegramError as error:
            raise SendFailed(error.message, may_have_arrived=True) from error

    async def _send_content(self, chat_id: int, message: Outgoing) -> int:
        markup = InlineKeyboardMarkup(
            [[InlineKeyboardButton(button.label, callback_data=button.id) for button in message.buttons]]
        )
        answered = _message_number(message.reply_to)
        common: dict[str, Any] = {
            "reply_markup": markup if message.buttons else None,
            "reply_parameters": ReplyParameters(answered, allow_sending_without_reply=True) if answered else None,
        }
        if message.photos and len(message.text) <= 1024:
            sent = await self.bot.send_photo(chat_id, message.photos[0], caption=message.text, **common)
        else:
            sent = await self.bot.send_message(chat_id, message.text, **common)
        return sent.message_id

    async def close(self) -> None:
        """Close the connections."""
        for request in self.bot._request:
            await request.shutdown()


def _message_number(reply_to: str | None) -> int | None:
    return int(reply_to) if reply_to and reply_to.isdigit() else None


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()


def _never_left(error: TelegramError) -> bool:
    """Whether the request surely did not reach the server: no connection, so a repeat is no repeat."""
    cause = error.__cause__
    names = {type(known).__name__ for known in (cause, getattr(cause, "__cause__", None)) if known is not None}
    return bool(names & {"ConnectError", "ConnectTimeout", "PoolTimeout"})
