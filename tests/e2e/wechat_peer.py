"""A wechaty puppet service on loopback over a mock WeChat, and what a test does as the people there.

The service is npm's wechaty-puppet-service over wechaty-puppet-mock, in a process of its own; its packages are
installed at first use. Without Node the tests that need it are skipped and say so.
"""

import asyncio
import fcntl
import json
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "wechat_gateway"
TOKEN = "puppet_synthetic"
BOT, GROUP, HEAD, STAFF, RESIDENT, NEIGHBOUR = "bot", "5@chatroom", "head", "staff", "liu", "chen"
NAMES = {BOT: "楼栋小助手", HEAD: "老张", STAFF: "肖", RESIDENT: "刘婶", NEIGHBOUR: "老陈"}


def install() -> None:
    """The service's packages, by their lock file. Skips the test where Node is missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("WeChat's puppet service needs node and npm: they are not on this machine")
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may want it at once
        if not (FOLDER / "node_modules/.package-lock.json").exists():
            subprocess.run(["npm", "ci", "--silent"], cwd=FOLDER, check=True, timeout=300)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class WechatPeer:
    """The service and the mock WeChat behind it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.sent: list[dict[str, Any]] = []
        self._changed = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def start(self, *, is_logged_in: bool = True) -> None:
        self._process = await asyncio.create_subprocess_exec(
            "node", "gateway.mjs", str(self.port), TOKEN, cwd=FOLDER,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self._process))
        await self.until(lambda: any("ready" in line for line in self.sent))
        self.sent = [line for line in self.sent if "ready" not in line]
        for who, name in NAMES.items():
            await self.act("contact", id=who, name=name)
        await self.act("room", id=GROUP, topic="5栋邻里", members=[BOT, HEAD, RESIDENT, NEIGHBOUR])
        if is_logged_in:
            await self.act("login", id=BOT)

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            if line.startswith(b"{"):
                self.sent.append(json.loads(line))
                self._changed.set()

    async def act(self, act: str, /, **values: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps({"act": act, **values}, ensure_ascii=False) + "\n").encode())
        await self._process.stdin.drain()

    async def say(self, who: str, text: str, to: str = GROUP, mentions: list[str] | None = None) -> None:
        await self.act("say", **{"from": who, "to": to, "text": text, "mentions": mentions or []})

    async def until(self, is_so: Any, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def wait_for(self, chat: str, words: str, seconds: float = 30) -> dict[str, Any]:
        """The first text sent to a chat that holds these words."""

        def found() -> list[dict[str, Any]]:
            return [line for line in self.sent if line.get("to") == chat and words in line.get("text", "")]

        await self.until(found, seconds)
        return found()[0]

    def texts(self, chat: str) -> list[str]:
        return [line["text"] for line in self.sent if line.get("to") == chat and line.get("sent") == "text"]

    def send_signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def stop(self, number: int = signal.SIGKILL) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            await self._process.wait()
        if self._reader is not None:
            await self._reader
