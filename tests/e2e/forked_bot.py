"""The bot in a process that was forked from one that has everything imported: a start costs no second.

Reads lines on standard input: ``go`` forks a bot and answers with its process id. The bot is then killed by the
test, as hard as a machine can be.
"""

import asyncio
import os
import sys
import traceback
from pathlib import Path


def child(config: Path) -> None:
    """``loudong run``, without the command line's own start-up."""
    from bot.app import App, build_platforms, run_until_stopped, utc_now
    from bot.config import load_settings
    from bot.core import Core
    from bot.logins import Logins
    from bot.logs import set_up_logs
    from storage.database import Database

    set_up_logs()
    settings = load_settings(config)
    database, core = Database(settings.database.url), Core()
    platforms = build_platforms(settings, Logins(database, core, utc_now))
    asyncio.run(run_until_stopped(App(database, settings.handler_rules(), platforms, core=core)))


def main() -> None:
    from bot.replay import Replay
    from handlers.rules import Rules

    # One whole conversation, so that mappings, sentences and the lexicon are ready before the fork.
    line = {"time": "2026-11-17T08:00:00+08:00", "chat": "g", "sender": "u", "text": "三单元电梯坏了，二楼漏水"}
    list(Replay(Rules(secret="warm")).run(iter([line])))
    print("warm", flush=True)
    for line in sys.stdin:
        if line.strip() != "go":
            continue
        pid = os.fork()
        if pid == 0:
            os.close(0)
            try:
                child(Path(sys.argv[1]))
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("gone", flush=True)


main()
