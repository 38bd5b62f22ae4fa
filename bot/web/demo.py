"""The demo: the whole bot with a made-up town in memory, and the sandbox page in front of it."""

import asyncio
import secrets
import socket
import tempfile
from pathlib import Path

import structlog
from nicegui import app as web
from nicegui import ui

from bot.app import App, utc_now
from bot.intake import Intake
from bot.logs import set_up_logs
from bot.platforms.sandbox import SandboxPlatform
from bot.web.demo_town import build_town
from bot.web.sandbox_page import PHOTO_URL, SandboxPage
from handlers.rules import Rules
from storage.database import memory_database

log = structlog.get_logger()
HOST = "127.0.0.1"


def run_demo(port: int) -> None:
    """Serve the demo until interrupted. Port 0 takes a free one."""
    set_up_logs()
    port = port or _free_port()
    platform = SandboxPlatform(utc_now)
    database, rules = memory_database(), Rules(secret=secrets.token_hex())
    build_town(database, Intake(database, rules), platform, utc_now(), rules.digest_at)
    bot = App(database, rules, [platform])
    photos = Path(tempfile.mkdtemp(prefix="loudong-demo-"))
    web.add_static_files(PHOTO_URL, photos)
    pages: set[SandboxPage] = set()
    changed = asyncio.Event()
    platform.on_change = changed.set
    tasks: list[asyncio.Task[None]] = []

    async def keep_fresh() -> None:
        while True:
            await changed.wait()
            changed.clear()
            for page in list(pages):
                await page.refresh_if_open()
            await asyncio.sleep(0.05)

    @ui.page("/")
    async def sandbox() -> None:
        page, client = SandboxPage(bot, platform, photos), ui.context.client

        def show() -> None:
            pages.add(page)
            changed.set()

        await page.build()
        show()
        client.on_connect(show)
        client.on_disconnect(lambda: pages.discard(page))

    async def begin() -> None:
        tasks.extend((asyncio.create_task(bot.run()), asyncio.create_task(keep_fresh())))
        print(f"\n  楼栋小助手已启动，请在浏览器打开  http://{HOST}:{port}", flush=True)
        print("  Open that address in a browser; Ctrl+C ends it.\n", flush=True)

    async def end() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    web.on_startup(begin)
    web.on_shutdown(end)
    ui.run(
        host=HOST, port=port, title="楼栋小助手", language="zh-CN", show=False, reload=False,
        show_welcome_message=False, uvicorn_logging_level="warning",
    )  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
