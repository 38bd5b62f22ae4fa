"""The webhook server: 200 only after the commit, else 503 and Telegram sends it again."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

MAX_BODY = 1 << 20
COMMIT_SECONDS = 20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name)

Pushed = tuple[dict[str, Any], "asyncio.Future[bool]"]


class WebhookServer:
    """Listens for one account's updates."""

    def __init__(self, listen: str, url: str, secret: str) -> None:
        host, _, port = listen.rpartition(":")
        self._secret = secret
        self._queue: asyncio.Queue[Pushed] = asyncio.Queue(maxsize=100)
        app = Starlette(routes=[Route(urlsplit(url).path or "/", self._receive, methods=["POST"])])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app, host=host or "127.0.0.1", port=int(port), log_config=None, access_log=False, lifespan="off"
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen."""
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started and not self._task.done():  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Stop listening."""
        self._server.should_exit = True
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def updates(self) -> AsyncIterator[Pushed]:
        """Updates with the future that tells the waiting request that they are committed."""
        while True:
            yield await self._queue.get()

    async def _receive(self, request: Request) -> Response:
        # In constant time, and as bytes: a secret in a header may be anything.
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if self._secret and not hmac.compare_digest(given, self._secret.encode()):
            return Response(status_code=403)
        body = await _read(request)
        update = _parse(body) if body is not None else None
        if update is None:
            # Nothing that a repeat would mend: taken and dropped.
            return Response(status_code=413 if body is None else 200)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((update, done))
            await asyncio.wait_for(done, COMMIT_SECONDS)
        except (asyncio.QueueFull, TimeoutError):
            return Response(status_code=503)
        return Response(status_code=200)


async def _read(request: Request) -> bytes | None:
    """The body, or None if it is larger than any update."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return None
    return bytes(body)


def _parse(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) else None
