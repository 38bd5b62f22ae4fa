"""One WeChat account behind a puppet service: kept alive, heard in order, spoken to as text."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Protocol

import structlog

from bot.platforms.base import Batch, Capabilities, Pace, SendFailed
from bot.platforms.wechat_gateway import (
    GONE,
    EventType,
    Gateway,
    GatewayError,
    MessageType,
    Said,
    find_endpoint,
    why,
)
from bot.platforms.wechat_words import parts, read_words, without_mentions
from handlers.messages import Happening, Incoming, Outgoing, Quoted

log = structlog.get_logger()

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 3.0
TAKEN_PAUSE = 20.0
"""Another program holds the gateway's one event stream, or the token is wrong: that does not mend by itself soon."""
MOST_AT_ONCE = 64
MOST_NAMES = 5000
TRIES = 3
LONGEST_LINE = 1800
"""Longer texts are folded away by the app."""

Event = tuple[EventType, dict[str, Any]]


class LoginBook(Protocol):
    """Where it is kept how an account stands."""

    async def login(self, account: str, self_id: str) -> tuple[int, bool]:
        """The account is logged in; returns the epoch of its ids, and whether that is a new one."""
        ...

    async def logout(self, account: str) -> None:
        """The account is logged out."""
        ...

    async def seen(self, account: str) -> datetime | None:
        """The account is heard of now; returns when it was before."""
        ...


class WechatPlatform:
    """One account. What its gateway did not deliver while we were away cannot be asked for: the gap is told."""

    def __init__(
        self,
        name: str,
        endpoint: str,
        token: str,
        book: LoginBook,
        *,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.name = name
        self.account = f"wechat:{name}"
        self.capabilities = Capabilities(
            max_chars=20_000, group_per_minute=6, private_per_minute=10, pace=pace or Pace(), has_one_connection=True
        )
        self.qr_code = ""
        """What to show so that the account can be logged in by phone; empty while it is."""
        self.reconnects = 0
        self.heard_at: datetime | None = None
        self._endpoint, self._token = endpoint, token
        self._book, self._clock = book, clock
        self._gateway: Gateway | None = None
        self._self_id = ""
        self._epoch = 1
        self._names: dict[tuple[str, str], str] = {}
        self._asked_friends: set[str] = set()

    @property
    def is_ready(self) -> bool:
        """Whether something sent now has a chance."""
        return self._gateway is not None and bool(self._self_id)

    async def batches(self) -> AsyncIterator[Batch]:
        """What is said and done, reconnecting for ever."""
        pause = SHORTEST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                async for messages in self._connected():
                    yield Batch(tuple(messages), self._acknowledge)
                reason = "closed by the gateway"
            except GatewayError as error:
                reason = str(error)
            except GONE as error:
                reason = why(error)
            finally:
                self._let_go()
            was_up = asyncio.get_running_loop().time() - began > LONGEST_PAUSE
            pause = SHORTEST_PAUSE if was_up else min(pause * 2, LONGEST_PAUSE)
            if reason in {"ALREADY_EXISTS", "UNAUTHENTICATED"}:
                pause = TAKEN_PAUSE
            self.reconnects += 1
            log.warning("wechat gateway lost, connecting again", account=self.account, reason=reason, pause=pause)
            await asyncio.sleep(pause)

    async def _connected(self) -> AsyncIterator[list[Incoming]]:
        endpoint = self._endpoint or await find_endpoint(self._token)
        self._gateway = gateway = Gateway(endpoint, self._token)
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        # Read on while a batch is being handled: the service does not keep what is not read.
        reader = asyncio.create_task(self._read(gateway, queue))
        try:
            is_first = True
            async for events in self._drained(queue):
                missed = await self._gap() if is_first and events else []
                is_first = is_first and not events
                messages = missed + await self._converted(gateway, events)
                if messages:
                    yield messages
            await reader  # raises what ended it
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError, GatewayError, *GONE):
                await reader

    async def _read(self, gateway: Gateway, queue: "asyncio.Queue[Event | None]") -> None:
        try:
            async for event in gateway.events():
                self.heard_at = self._clock()
                queue.put_nowait(event)
        finally:
            queue.put_nowait(None)

    async def _drained(self, queue: "asyncio.Queue[Event | None]") -> AsyncIterator[list[Event]]:
        while True:
            events = [await queue.get()]
            while not queue.empty() and len(events) < MOST_AT_ONCE:
                events.append(queue.get_nowait())
            yield [event for event in events if event is not None]
            if events[-1] is None:
                return

    async def _gap(self) -> list[Incoming]:
        """What was missed between the last sign of life and this first one is told to people."""
        since = await self._book.seen(self.account)
        return [self._happening(Happening.GAP, since=since)] if since is not None else []

    def _happening(self, happening: Happening, **more: Any) -> Incoming:
        at = self._clock()
        key = f"wechat/{self.name}/{happening}/{at.isoformat()}"
        values = {"chat": "", "is_group": False, "sender": "", "name": ""}
        return Incoming(key=key, account=self.account, at=at, happening=happening, **(values | more))

    async def _converted(self, gateway: Gateway, events: list[Event]) -> list[Incoming]:
        """The events as messages, in their order. Messages that follow each other are fetched side by side."""
        converted: list[Incoming] = []
        for is_message, run in groupby(events, key=lambda event: event[0] == EventType.EVENT_TYPE_MESSAGE):
            if is_message:
                ids = [str(payload.get("messageId", "")) for _, payload in run]
                fetched = await asyncio.gather(*(self._message(gateway, message_id) for message_id in ids))
                converted.extend(message for messages in fetched for message in messages)
            else:
                for kind, payload in run:
                    converted.extend(await self._happened(gateway, kind, payload))
        return converted

    async def _happened(self, gateway: Gateway, kind: EventType, payload: dict[str, Any]) -> list[Incoming]:
        match kind:
            case EventType.EVENT_TYPE_LOGIN:
                return await self._logged_in(str(payload.get("contactId", "")))
            case EventType.EVENT_TYPE_LOGOUT:
                return await self._logged_out()
            case EventType.EVENT_TYPE_ROOM_JOIN:
                return self._joined(payload)
            case EventType.EVENT_TYPE_ROOM_LEAVE:
                return self._left(payload)
            case EventType.EVENT_TYPE_SCAN:
                self.qr_code = str(payload.get("qrcode") or "")
                log.warning("wechat wants to be logged in: loudong doctor shows the code", account=self.account)
            case EventType.EVENT_TYPE_ROOM_TOPIC:
                log.info("wechat group renamed", account=self.account)
            case EventType.EVENT_TYPE_FRIENDSHIP | EventType.EVENT_TYPE_ROOM_INVITE:
                await self._invited(gateway, kind, payload)
            case EventType.EVENT_TYPE_HEARTBEAT | EventType.EVENT_TYPE_DONG:
                await self._book.seen(self.account)
            case EventType.EVENT_TYPE_ERROR:
                log.warning("wechat gateway reports an error", account=self.account)
            case _:
                pass
        return []

    async def _logged_in(self, self_id: str) -> list[Incoming]:
        if not self_id or self_id == self._self_id:
            return []
        self._epoch, is_fresh = await self._book.login(self.account, self_id)
        self._self_id, self.qr_code = self_id, ""
        self._names.clear()
        log.info("wechat logged in", account=self.account, epoch=self._epoch)
        return [self._happening(Happening.LOGGED_IN, fresh_ids=is_fresh)]

    async def _logged_out(self) -> list[Incoming]:
        self._self_id = ""
        await self._book.logout(self.account)
        log.warning("wechat logged out", account=self.account)
        return [self._happening(Happening.LOGGED_OUT)]

    async def _invited(self, gateway: Gateway, kind: EventType, payload: dict[str, Any]) -> None:
        """Whoever wants to speak with the bot alone, or have it in their group, may."""
        with suppress(GatewayError):
            if kind == EventType.EVENT_TYPE_ROOM_INVITE and (invitation := payload.get("roomInvitationId")):
                await gateway.accept_invitation(str(invitation))
            elif (friendship := str(payload.get("friendshipId") or "")) and friendship not in self._asked_friends:
                self._asked_friends.add(friendship)
                await gateway.accept_friend(friendship)

    async def _message(self, gateway: Gateway, message_id: str) -> list[Incoming]:
        said = await self._fetched(gateway, message_id)
        if said is None or said.talker == self._self_id or not said.talker:
            return []
        photos: tuple[str, ...] = ()
        read = None
        if said.kind == MessageType.MESSAGE_TYPE_IMAGE:
            photos = (said.id,)
        elif said.kind == MessageType.MESSAGE_TYPE_TEXT:
            read = read_words(said.text)
        if read is None and not photos:
            return []  # a voice, a sticker, a link, a red packet: nothing that could be a report
        quoted = None
        if read is not None and read.quoted_text:
            sender = self.address(read.quoted_id) if read.quoted_id else ""
            quoted = Quoted(sender, read.quoted_name, without_mentions(read.quoted_text), "")
        is_for_bot = self._self_id in said.mentions
        text = (without_mentions(read.text) if is_for_bot else read.text) if read is not None else ""
        return [
            Incoming(
                key=f"wechat/{self.name}/{self._epoch}/{said.id}", account=self.account,
                chat=self.address(said.room or said.talker), is_group=bool(said.room),
                sender=self.address(said.talker), name=await self._name(gateway, said),
                at=min(datetime.fromtimestamp(said.at, UTC), self._clock()), text=text, message_id=said.id,
                photos=photos, can_press=False, quoted=quoted,
                mentions=tuple(self.address(one) for one in said.mentions if one != self._self_id),
            )
        ]  # fmt: skip

    async def _fetched(self, gateway: Gateway, message_id: str) -> Said | None:
        for attempt in range(TRIES):
            try:
                return await gateway.message(message_id)
            except GatewayError as error:
                if attempt == TRIES - 1:
                    log.error("wechat message could not be read", account=self.account, reason=str(error))
                else:
                    await asyncio.sleep(0.2 * 2**attempt)
        return None

    async def _name(self, gateway: Gateway, said: Said) -> str:
        key = (said.room, said.talker)
        if key not in self._names:
            if len(self._names) >= MOST_NAMES:
                self._names.clear()
            try:
                self._names[key] = await gateway.name_of(said.talker, said.room)
            except GatewayError:
                return ""
        return self._names[key]

    def _joined(self, payload: dict[str, Any]) -> list[Incoming]:
        room = str(payload.get("roomId") or "")
        if not room or self._self_id not in payload.get("inviteeIdList", []):
            return []
        return [self._in_room(Happening.BOT_ADDED, room, str(payload.get("inviterId") or ""), payload)]

    def _left(self, payload: dict[str, Any]) -> list[Incoming]:
        room = str(payload.get("roomId") or "")
        gone = [str(one) for one in payload.get("removeeIdList", [])]
        if self._self_id in gone:
            return [self._in_room(Happening.BOT_REMOVED, room, str(payload.get("removerId") or ""), payload)]
        return [self._in_room(Happening.MEMBER_LEFT, room, one, payload) for one in gone if room]

    def _in_room(self, happening: Happening, room: str, who: str, payload: dict[str, Any]) -> Incoming:
        key = f"wechat/{self.name}/{self._epoch}/{happening}/{room}/{who}/{payload.get('timestamp')}"
        return Incoming(
            key=key, account=self.account, chat=self.address(room), is_group=True, sender=self.address(who), name="",
            at=self._clock(), happening=happening, can_press=False,
        )  # fmt: skip

    def address(self, wechat_id: str) -> str:
        """An id as an address. From the second login on ids may be others: the login is part of the address."""
        return f"wechat:{wechat_id}" if self._epoch == 1 else f"wechat:{wechat_id}~{self.name}.{self._epoch}"

    def _id_of(self, address: str) -> str:
        wechat_id, _, login = address.partition(":")[2].partition("~")
        if login != ("" if self._epoch == 1 else f"{self.name}.{self._epoch}"):
            raise SendFailed("of an earlier login", is_final=True, is_shut_out=True)
        return wechat_id

    async def send(self, message: Outgoing) -> str:
        """Send as text, in parts if it is long; a nod cannot be shown here."""
        gateway = self._gateway
        if gateway is None or not self.is_ready:
            raise SendFailed("not logged in")
        if message.reaction:
            return ""
        conversation = self._id_of(message.chat)
        mentions = [self._id_of(message.asks[0])] if message.asks else []
        text = f"@{message.asks[1]}\u2005{message.text}" if message.asks else message.text
        has_sent, sent_id = False, ""
        try:
            for photo in message.photos:
                sent_id = await gateway.pass_on_photo(conversation, photo)
                has_sent = True
            for part in parts(text, LONGEST_LINE):
                sent_id = await gateway.say(conversation, part, mentions)
                has_sent, mentions = True, []
        except GatewayError as error:
            raise SendFailed(str(error)[:160], may_have_arrived=has_sent or not error.is_sure) from error
        return sent_id

    async def close(self) -> None:
        """Let go of the connection; the account stays logged in."""
        self._let_go()

    def _let_go(self) -> None:
        if self._gateway is not None:
            self._gateway.close()
            self._gateway = None
        self._self_id = ""

    async def _acknowledge(self, notices: Mapping[str, str]) -> None:
        """There is nothing to acknowledge to: WeChat does not ask."""
