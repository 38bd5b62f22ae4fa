"""The bot in a process that was forked from one that has everything imported: a start costs no second.

Reads lines on standard input: a role forks a bot of that role and answers with its process id. The bot is then
killed by the test, as hard as a machine can be.
"""

import asyncio
import os
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path


def child(config: Path, role: str) -> None:
    """``loudong run``, without the command line's own start-up."""
    from bot.app import Role, build_app, run_until_stopped
    from bot.config import load_settings
    from bot.logs import set_up_logs
    from storage.database import Database

    set_up_logs()
    settings = load_settings(config)
    asyncio.run(run_until_stopped(build_app(settings, Database(settings.database.url), Role(role))))


def main() -> None:
    from bot.replay import Replay
    from handlers.rules import Rules

    # One whole conversation, so that mappings, sentences and the lexicon are ready before the fork.
    line = {"time": "2026-11-17T08:00:00+08:00", "chat": "g", "sender": "u", "text": "三单元电梯坏了，二楼漏水"}
    list(Replay(Rules(secret="warm")).run(iter([line])))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried at once
    print("warm", flush=True)
    children: list[int] = []
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.close(0)
            try:
                child(Path(sys.argv[1]), line.strip())
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        children.append(pid)
        print(pid, flush=True)
    for pid in children:  # the test is over, or failed
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


main()
