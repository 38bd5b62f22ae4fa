"""What an operator's tools ask of the running bot: is it alive, is it ready, its figures; and the login codes."""

import asyncio
import html
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

import structlog
import uvicorn
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.core import Core
from bot.metrics import Metrics
from bot.platforms.base import Platform
from storage.database import Database

log = structlog.get_logger()

READY_SECONDS = 5.0
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="15"><title>账号</title>
<style>body{font:16px/1.6 sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem;color:#222}
h1{font-size:1.2rem}li{margin:.6rem 0}svg{width:16rem;height:16rem;display:block;margin:.5rem 0}</style>
<h1>账号</h1><ul>%s</ul>"""


class OperatorServer:
    """Listens where the config says, by default on this machine only: put a proxy with a login before it."""

    def __init__(
        self, database: Database, core: Core, heard: Callable[[], Mapping[str, Platform]], metrics: Metrics,
        clock: Callable[[], datetime], host: str, port: int,
    ) -> None:  # fmt: skip
        self._database, self._core, self._heard = database, core, heard
        self._metrics, self._clock = metrics, clock
        routes = [
            Route("/healthz/live", self._live),
            Route("/healthz/ready", self._ready),
            Route("/healthz", self._ready),
            Route("/metrics", self._figures),
            Route("/accounts", self._accounts),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), host=host, port=port, log_config=None, access_log=False, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._server.capture_signals = suppress  # the app ends by its own signals  # pyright: ignore
        self._where = f"{host}:{port}"

    async def run(self) -> None:
        """Serve until cancelled. A port that is taken costs the figures, not the bot."""
        try:
            await self._server.serve()
        except SystemExit:  # how uvicorn says that it cannot listen
            log.error("the operator's pages cannot be served: the port is taken", where=self._where)

    async def _live(self, request: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _ready(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._core.run(self._touch)
        except Exception as error:
            return PlainTextResponse(f"database: {type(error).__name__}\n", status_code=503)
        down = [account for account, platform in self._heard().items() if not _is_up(platform)]
        if down:
            return PlainTextResponse("".join(f"{account}: not connected\n" for account in down), status_code=503)
        return PlainTextResponse("ready\n")

    def _touch(self) -> None:
        with self._database.transaction() as session:
            session.execute(text("SELECT 1"))

    async def _figures(self, request: Request) -> Response:
        await self._core.run(self._metrics.look, self._database, list(self._heard().values()), self._clock())
        return Response(self._metrics.page(), media_type="text/plain; version=0.0.4")

    async def _accounts(self, request: Request) -> Response:
        items = "".join(
            f"<li>{html.escape(account)}：{_state(platform)}" for account, platform in self._heard().items()
        )
        return HTMLResponse(_PAGE % items, headers={"Cache-Control": "no-store"})


def _state(platform: Platform) -> str:
    code = getattr(platform, "qr_code", "")
    if code:
        return f"请用这个账号的手机扫码登录{_picture(code)}"
    return "在线" if _is_up(platform) else "没有连上"


def _is_up(platform: Platform) -> bool:
    return platform.is_ready and platform.heard_at is not None


def _picture(code: str) -> str:
    import qrcode
    from qrcode.image.svg import SvgPathImage

    out = io.BytesIO()
    qrcode.make(code, image_factory=SvgPathImage).save(out)
    return out.getvalue().decode().partition("?>")[2]
