"""One connection to a wechaty puppet service: its events in their order, and calls that end in time."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from grpclib.client import Channel
from grpclib.exceptions import GRPCError, ProtocolError, StreamTerminatedError

from bot.platforms.wechat_compat import repair

repair()

from wechaty_grpc.wechaty import PuppetStub  # noqa: E402
from wechaty_puppet import EventType, FileBox, MessageType  # noqa: E402
from wechaty_puppet_service.puppet import _map_message_type  # noqa: E402

T = TypeVar("T")

CALL_SECONDS = 15.0
SILENCE_SECONDS = 20.0
PATIENCE_SECONDS = 5.0
"""After a silence the service is asked for a sign of life: a group chat may be silent for hours."""
DISCOVERY = "https://api.chatie.io/v0/hosties/"

GONE = (GRPCError, StreamTerminatedError, ProtocolError, OSError, TimeoutError)
"""How a lost connection shows."""

__all__ = ["GONE", "EventType", "Gateway", "GatewayError", "MessageType", "Said", "find_endpoint", "why"]


def why(error: BaseException) -> str:
    """A lost connection in a word. Never the service's own words: they repeat a wrong token."""
    if isinstance(error, GRPCError):
        return error.status.name
    return "connection refused" if isinstance(error, ConnectionRefusedError) else type(error).__name__


class GatewayError(Exception):
    """A call failed. ``is_sure``: nothing of it can have happened."""

    def __init__(self, reason: str, *, is_sure: bool) -> None:
        super().__init__(reason)
        self.is_sure = is_sure


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the service gives it. ``at`` is in seconds since 1970; ``room`` is empty in a private chat."""

    id: str
    kind: MessageType
    text: str
    talker: str
    room: str
    listener: str
    at: float
    mentions: tuple[str, ...]


async def find_endpoint(token: str) -> str:
    """Where the service behind a token is, by wechaty's directory. Raises GatewayError."""
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = (await client.get(DISCOVERY + token)).json()
        host, port = answer["host"] if "host" in answer else answer["ip"], answer["port"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise GatewayError(f"the token's endpoint cannot be found ({type(error).__name__})", is_sure=True) from error
    if not host or host == "0.0.0.0":  # noqa: S104 - the directory's word for none
        raise GatewayError("no service runs behind this token", is_sure=True)
    return f"{host}:{port}"


class Gateway:
    """An open connection. A broken one is thrown away and another one made."""

    def __init__(self, endpoint: str, token: str) -> None:
        host, _, port = endpoint.rpartition(":")
        self._channel = Channel(host=host, port=int(port))
        # The service reads the token from where HTTP/2 has the host's name.
        self._channel._authority = token
        self._stub = PuppetStub(self._channel)

    async def events(self) -> AsyncIterator[tuple[EventType, dict[str, Any]]]:
        """What happens, in its order, until the connection goes. Ends where the service closes it."""
        await self._call(self._stub.start())
        stream = aiter(self._stub.event())
        while True:
            try:
                event = await self._next(stream)
            except StopAsyncIteration:
                return
            try:
                payload = json.loads(event.payload or "{}")
                kind = EventType(int(event.type))
            except ValueError:
                continue  # an event of a newer service
            yield kind, payload if isinstance(payload, dict) else {}

    async def _next(self, stream: AsyncIterator[Any]) -> Any:
        """The next event. A stream that is silent and does not answer a ding either hangs: TimeoutError."""
        waiting = asyncio.ensure_future(anext(stream))
        try:
            done, _ = await asyncio.wait({waiting}, timeout=SILENCE_SECONDS)
            if not done:
                await asyncio.wait_for(self._stub.ding(data="loudong"), PATIENCE_SECONDS)
                # The dong comes through the stream: if it does not, the stream is dead though the service is not.
                done, _ = await asyncio.wait({waiting}, timeout=PATIENCE_SECONDS)
                if not done:
                    raise TimeoutError
            return waiting.result()
        finally:
            waiting.cancel()

    async def message(self, message_id: str) -> Said:
        """A message by its id."""
        payload = _map_message_type(await self._call(self._stub.message_payload(id=message_id)))
        at = payload.timestamp / 1000 if payload.timestamp > 100_000_000_000 else payload.timestamp
        return Said(
            message_id, MessageType(payload.type), payload.text, payload.from_id, payload.room_id, payload.to_id,
            at, tuple(payload.mention_ids),
        )  # fmt: skip

    async def name_of(self, contact: str, room: str) -> str:
        """The name somebody goes by in a room, or at all."""
        if room:
            member = await self._call(self._stub.room_member_payload(id=room, member_id=contact))
            if member.room_alias or member.name:
                return member.room_alias or member.name
        known = await self._call(self._stub.contact_payload(id=contact))
        return known.name

    async def say(self, conversation: str, text: str, mentions: list[str]) -> str:
        """Send a text. Returns the service's id of it, where it gives one."""
        answer = await self._call(
            self._stub.message_send_text(conversation_id=conversation, text=text, mentonal_ids=mentions)
        )
        return answer.id or ""

    async def pass_on_photo(self, conversation: str, message_id: str) -> str:
        """Send the picture of a message that came in."""
        file = await self._call(self._stub.message_file(id=message_id))
        box = FileBox.from_json(file.filebox)
        answer = await self._call(self._stub.message_send_file(conversation_id=conversation, filebox=box.to_json_str()))
        return answer.id or ""

    async def accept_friend(self, friendship: str) -> None:
        """Agree to be somebody's contact: without that there is no private chat."""
        await self._call(self._stub.friendship_accept(id=friendship))

    async def accept_invitation(self, invitation: str) -> None:
        """Join a group."""
        await self._call(self._stub.room_invitation_accept(id=invitation))

    def close(self) -> None:
        """Let go of the connection. The service goes on: stopping it would log the account out for everybody."""
        self._channel.close()

    async def _call(self, call: Awaitable[T]) -> T:
        try:
            return await asyncio.wait_for(call, CALL_SECONDS)
        except GONE as error:
            raise GatewayError(why(error), is_sure=isinstance(error, ConnectionRefusedError)) from error
