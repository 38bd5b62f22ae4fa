"""The queue between the roles: NATS JetStream, which keeps what a gateway heard until a worker has committed it.

Chats are spread over shards. Of a shard one message is handed out at a time, so a chat is handled in order by
however many workers; what a worker does not confirm in time is handed to another one. A message is gone from the
queue once it is confirmed: talk that is no report is not kept.
"""

import asyncio
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import NotFoundError

from bot.worker import Worker
from handlers.memory import Note
from handlers.messages import Happening, Incoming

log = structlog.get_logger()

NAME, SHARDS = "LOUDONG", 32
ASIDE = "LOUDONG_ASIDE"
"""Where lies what no worker could read."""
ACK_SECONDS = 6.0
"""After which an unconfirmed message goes to another worker."""
LATE_SECONDS = 4.0
"""What has waited this long in a worker is left to whoever gets it next."""
PULL_SECONDS = 20.0
NOTICE_SECONDS = 2.0
RETRY_SECONDS = 2.0
MOST_KEPT = 200_000
"""Messages that may wait. More are not taken, so that the platforms keep them."""
REPEAT_WINDOW = 600.0
"""Seconds in which a message that a gateway hands on again is known to be there already."""
UNREADABLE_TRIES = 300
"""Ten minutes: so long a message waits for a worker that reads it, as while gateways are upgraded before workers."""
KEPT_ASIDE = 30 * 24 * 3600.0


class Stream:
    """One process' connection to the queue."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._nats = Client()
        self._jetstream: JetStreamContext | None = None
        self._listening: Worker | None = None

    async def connect(self) -> None:
        """Connect, however long the server takes to come up, and make the queue if it is not there."""
        while True:
            try:
                self._nats = await nats.connect(
                    self._url,
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    error_cb=_told,
                    reconnected_cb=self._recall,
                    name="loudong",
                )
                self._jetstream = self._nats.jetstream(timeout=5)
                await _declare(self._jetstream)
                return
            except Exception as error:  # its words may hold the address, and that a password
                log.warning("queue not reached yet", error=type(error).__name__)
                with suppress(Exception):
                    await self._nats.close()
            await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        """Say what is still to be said, and part."""
        with suppress(Exception):
            await self._nats.flush(timeout=2)
        with suppress(Exception):
            await self._nats.close()

    # The gateway's side

    async def hand_on(self, messages: Sequence[Incoming]) -> dict[str, str]:
        """Have the queue keep messages, however long it is away or full; returns notices for those who pressed."""
        answers: dict[str, Subscription] = {}
        for message in messages:
            answer_to = None
            if message.happening is Happening.PRESSED:
                answer_to = self._nats.new_inbox()
                answers[message.key] = await self._nats.subscribe(answer_to, max_msgs=1)
            await self._keep(message, answer_to)
        return await self._notices(answers)

    async def _keep(self, message: Incoming, answer_to: str | None) -> None:
        headers = {"Nats-Msg-Id": hashlib.sha256(message.key.encode("utf-8", "replace")).hexdigest()}
        if answer_to is not None:
            headers["Answer-To"] = answer_to
        payload = json.dumps(message.as_dict()).encode()
        while True:
            try:
                await self._js.publish(_subject(message), payload, headers=headers)
                return
            except Exception as error:
                log.error("the queue did not take it, trying again", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _notices(self, answers: dict[str, Subscription]) -> dict[str, str]:
        """What the workers answer to presses, as far as it comes soon: a notice is only good while one looks."""
        notices: dict[str, str] = {}
        by = time.monotonic() + NOTICE_SECONDS
        for key, subscription in answers.items():
            with suppress(Exception):
                notices[key] = (await subscription.next_msg(max(by - time.monotonic(), 0.01))).data.decode()
            with suppress(Exception):
                await subscription.unsubscribe()
        return {key: notice for key, notice in notices.items() if notice}

    # The worker's side

    async def listen(self, worker: Worker) -> None:
        """Let a worker know what the others note, from before it reads what they have noted so far."""

        async def noted(message: Msg) -> None:
            await worker.learn(_note(message))

        await self._nats.subscribe("loudong.noted", cb=noted)
        self._listening = worker

    async def _recall(self) -> None:
        """What was noted while the connection was down was not heard here."""
        if self._listening is not None:
            await self._listening.recall()

    async def work(self, worker: Worker) -> None:
        """Take messages of every shard until cancelled; what has begun is finished."""
        async with asyncio.TaskGroup() as tasks:
            for shard in range(SHARDS):
                tasks.create_task(self._work_on(shard, worker))

    async def _work_on(self, shard: int, worker: Worker) -> None:
        pull = await self._js.pull_subscribe_bind(f"shard-{shard}", NAME)
        while True:
            try:
                for message in await pull.fetch(1, timeout=PULL_SECONDS):
                    await self._one(message, worker)
            except TimeoutError:  # the library's own is one, too
                continue
            except Exception as error:
                log.warning("the queue cannot be read, trying again", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _one(self, message: Msg, worker: Worker) -> None:
        late = time.monotonic() + LATE_SECONDS
        try:
            incoming = Incoming.from_dict(json.loads(message.data))
        except Exception as error:  # its words may be somebody's
            await self._set_aside(message, type(error).__name__)
            return
        try:
            handled = await worker.handle_before(incoming, lambda: time.monotonic() > late)
        except Exception as error:
            log.error("the database did not take it, it comes again", error=type(error).__name__)
            await message.nak(delay=RETRY_SECONDS)
            return
        if handled is None:
            return
        await self.tell(handled.noted)  # before the next message of this chat may go to another worker
        if handled.effects:
            await self.wake_senders()
        answer_to = (message.headers or {}).get("Answer-To")
        if answer_to:
            await self._nats.publish(answer_to, handled.notices.get(incoming.key, "").encode())
        await message.ack()

    async def _set_aside(self, message: Msg, problem: str) -> None:
        """What no worker can read is kept for the operator in the end, and its chat goes on."""
        number, tries = message.metadata.sequence.stream, message.metadata.num_delivered
        if tries < UNREADABLE_TRIES:
            log.error("a message cannot be read, it comes again", error=problem, number=number, tries=tries)
            await message.nak(delay=RETRY_SECONDS)
            return
        await self._js.publish("loudong.aside", message.data, headers={"Nats-Msg-Id": str(number)})
        log.error("a message cannot be read and was set aside", error=problem, number=number, stream=ASIDE)
        await message.term()

    async def tell(self, notes: Sequence[Note]) -> None:
        """Let the other workers know what was reported where."""
        for note in notes:
            news = {"chat": note.chat, "at": note.at.isoformat(), "senders": note.senders, "is_urgent": note.is_urgent}
            await self._nats.publish("loudong.noted", json.dumps(news).encode())

    # Towards the senders

    async def wake_senders(self) -> None:
        """Something was queued."""
        with suppress(Exception):
            await self._nats.publish("loudong.queued")

    async def when_queued(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` whenever a worker has queued something."""

        async def woken(_message: Msg) -> None:
            wake()

        await self._nats.subscribe("loudong.queued", cb=woken)

    @property
    def _js(self) -> JetStreamContext:
        if self._jetstream is None:
            raise RuntimeError("connect first")
        return self._jetstream


def _subject(message: Incoming) -> str:
    """Where a message belongs: everything of one chat in one shard."""
    return f"loudong.in.{zlib.crc32((message.chat or message.account).encode('utf-8', 'replace')) % SHARDS}"


async def _declare(jetstream: JetStreamContext) -> None:
    wanted = (
        StreamConfig(
            name=NAME, subjects=["loudong.in.*"], retention=RetentionPolicy.WORK_QUEUE, discard=DiscardPolicy.NEW,
            max_msgs=MOST_KEPT, duplicate_window=REPEAT_WINDOW,
        ),
        StreamConfig(name=ASIDE, subjects=["loudong.aside"], max_age=KEPT_ASIDE),
    )  # fmt: skip
    for config in wanted:
        try:
            await jetstream.stream_info(str(config.name))
        except NotFoundError:
            await jetstream.add_stream(config)
    for shard in range(SHARDS):
        await jetstream.add_consumer(NAME, ConsumerConfig(
            durable_name=f"shard-{shard}", filter_subject=f"loudong.in.{shard}", ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_SECONDS, max_ack_pending=1,
        ))  # fmt: skip


def _note(message: Msg) -> Note:
    news = json.loads(message.data)
    return Note(news["chat"], datetime.fromisoformat(news["at"]), tuple(news["senders"]), news.get("is_urgent", False))


async def _told(error: Exception) -> None:
    log.warning("queue connection", error=type(error).__name__)
