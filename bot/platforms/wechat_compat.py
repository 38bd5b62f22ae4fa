"""What the unmaintained wechaty packages need before they can be imported; each repair with its reason.

Nothing else in the project knows of these. Call ``repair`` once, before importing anything of wechaty.
"""

import os
import socket
import sys
import tempfile
import types


def repair() -> None:
    """Put in place what newer libraries and Pythons have moved or dropped. Safe to repeat."""
    # wechaty makes a .wechaty folder in the working directory at import, unless it is told where.
    os.environ.setdefault("CACHE_DIR", os.path.join(tempfile.gettempdir(), "loudong-wechaty"))
    # Its logger writes a line for every file, and with WECHATY_LOG=debug crashes on the first message.
    os.environ["WECHATY_LOG"] = "error"
    _pyee()
    _urllib3()
    _telnetlib()
    _options()


def _pyee() -> None:
    """pyee 9 moved its asyncio emitter into a module of its own."""
    import pyee
    from pyee.asyncio import AsyncIOEventEmitter

    if not hasattr(pyee, "AsyncIOEventEmitter"):
        pyee.AsyncIOEventEmitter = AsyncIOEventEmitter  # pyright: ignore[reportAttributeAccessIssue]


def _urllib3() -> None:
    """urllib3 2 dropped get_host, which wechaty's link previews import."""
    import urllib3
    from urllib3.util import parse_url

    def get_host(url: str) -> tuple[str, str | None, int | None]:
        parsed = parse_url(url)
        return parsed.scheme or "http", parsed.hostname, parsed.port

    if not hasattr(urllib3, "get_host"):
        urllib3.get_host = get_host  # pyright: ignore[reportAttributeAccessIssue]


class _Telnet:
    """As much of telnetlib's client as wechaty uses: to see whether a port answers."""

    def open(self, host: str, port: int = 0, timeout: float = 3) -> None:
        socket.create_connection((host, port), timeout).close()


def _telnetlib() -> None:
    """Python 3.13 dropped telnetlib."""
    if sys.version_info >= (3, 13) and "telnetlib" not in sys.modules:
        module = types.ModuleType("telnetlib")
        module.Telnet = _Telnet  # pyright: ignore[reportAttributeAccessIssue]
        sys.modules["telnetlib"] = module


def _options() -> None:
    """Python 3.11 refuses unhashable defaults of dataclasses, and wechaty has PuppetOptions() as one."""
    from wechaty_puppet import PuppetOptions

    if PuppetOptions.__hash__ is None:
        PuppetOptions.__hash__ = object.__hash__  # type: ignore[method-assign]
