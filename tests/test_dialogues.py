"""Said → answered: every dialogue of ``tests/dialogues/`` is held against what the bot really says."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.replay import Replay
from handlers.rules import Rules
from storage.local_time import LOCAL
from storage.roster import Roster
from tests.conftest import PEOPLE, row, town

START = datetime(2026, 11, 17, 8, 0, tzinfo=LOCAL)  # a Tuesday
ACCOUNTS = {name: account for name, _, _, account in PEOPLE}
NAMES = {account: name for name, account in ACCOUNTS.items()} | {f"g{n}": f"{n}栋群" for n in (5, 6, 9)}


def dialogues() -> list[Any]:
    files = sorted(Path(__file__).parent.glob("dialogues/*.toml"))
    return [
        pytest.param(dialogue, id=f"{file.stem}: {dialogue['promise']}")
        for file in files
        for dialogue in tomllib.loads(file.read_text("utf-8"))["dialogue"]
    ]


def history(dialogue: dict[str, Any], heard: list[list[str]]) -> Iterator[dict[str, Any]]:
    """The dialogue's lines as a replay reads them; ``heard`` grows by a list a line."""
    at = START
    accounts = ACCOUNTS | {one.split(",")[0]: one.split(",")[3] for one in dialogue.get("people", [])}
    for number, line in enumerate(dialogue["line"], 1):
        heard.append([])
        if "until" in line:
            at = datetime.fromisoformat(line["until"]).replace(tzinfo=LOCAL)
            yield {"time": at.isoformat(), "advance": True}
            continue
        at += timedelta(minutes=1)
        where = line.get("where", "5栋群")
        sender = accounts.get(line["who"], line["who"])
        yield {
            "time": at.isoformat(),
            "id": str(number),
            "chat": f"g{where[0]}" if where.endswith("群") else sender,
            "chat_type": "group" if where.endswith("群") else "private",
            "sender": sender,
            "name": line["who"],
            "text": line.get("says", ""),
            "photo": line.get("photo"),
            "reply_to": line.get("reply_to"),
            "press": line.get("presses"),
            "left": line.get("leaves"),
        }


def town_with(people: list[str]) -> Roster:
    """The small town and further people: ``姓名,角色,所属,账号,职责`` each."""
    roster = town()
    columns = ("name", "role", "place", "accounts", "duties")
    for one in people:
        values = dict(zip(columns, one.split(","), strict=False))
        roster["people"].append(row("people", **values | {"accounts": f"replay:{values['accounts']}"}))
    return roster


def shown(told: dict[str, Any], names: dict[str, str]) -> str | None:
    """What a person sees, as the dialogue files write it; None for what is no message."""
    if told["type"] not in {"say", "react", "reminder", "digest"}:
        return None
    buttons = "".join(f" [{button['label']}]" for button in told.get("buttons", []))
    return f"{names.get(told['chat'], told['chat'])}：{told['text']}{buttons}"


def play(dialogue: dict[str, Any]) -> list[list[str]]:
    """What the bot says after each line."""
    heard: list[list[str]] = []
    names = NAMES | {one.split(",")[3]: one.split(",")[0] for one in dialogue.get("people", [])}
    replay = Replay(Rules(secret="test", **dialogue.get("rules", {})), town_with(dialogue.get("people", [])))
    for told in replay.run(history(dialogue, heard)):
        if (text := shown(told, names)) is not None:
            heard[-1].append(text)
    return heard


@pytest.mark.parametrize("dialogue", dialogues())
def test_said_and_answered(dialogue: dict[str, Any]) -> None:
    for line, heard in zip(dialogue["line"], play(dialogue), strict=True):
        acts = line.get("says") or line.get("presses") or line.get("photo") or line.get("leaves")
        said = line.get("until") or f"{line['who']}：{acts}"
        assert heard == line.get("answers", []), f"after «{said}»"
