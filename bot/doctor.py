"""Doctor: what is right, what is not, and what to do about it."""

import importlib.util
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.config import ConfigError, Settings, TelegramSettings, WechatSettings, load_settings
from nlp.lexicon import LexiconError, load
from storage.audit import broken_at
from storage.chats import Chat
from storage.database import Database
from storage.migrate import SchemaBehind, check
from storage.people import Person
from storage.places import PlaceKind, places_of_kind

NO_ROSTER = "no building yet; run: loudong template roster.xlsx, fill it in, loudong import roster.xlsx"
NO_GROUP = "run: loudong export codes codes.csv, then send 绑定 CODE in a group"
DEAF = (
    "on: the bot is deaf in groups. BotFather: /setprivacy, Disable; "
    "then take the bot out of each group and in again, or make it an admin"
)
BROKEN = (
    "changed by hand: what it says from there on cannot be relied on; "
    "compare it with the last backup and find out who has access to the database"
)
CLOCK_TOLERANCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined."""

    is_well: bool
    about: str
    says: str


async def examine(config: Path | None) -> list[Finding]:
    """All findings; it changes nothing but an empty database, which it makes ready."""
    findings = [Finding(sys.version_info >= (3, 11), "python", sys.version.split()[0]), _lexicon()]
    try:
        settings = load_settings(config)
    except ConfigError as error:
        return [*findings, Finding(False, "config", str(error))]
    findings.append(Finding(True, "config", str(config) if config else "none given; defaults"))
    findings.extend(_database(settings))
    if not (settings.telegram or settings.wechat):
        findings.append(
            Finding(False, "telegram", "no account configured; add [[telegram]] with a token from BotFather")
        )
    for account in settings.telegram:
        findings.extend([finding async for finding in _telegram(account)])
    for one in settings.wechat:
        findings.append(await _wechat(one))
    return findings


async def _wechat(account: WechatSettings) -> Finding:
    """Whether the gateway answers and the account is logged in; if it is not, the code that logs it in by phone."""
    about = f"wechat {account.name}"
    if importlib.util.find_spec("wechaty") is None:
        return Finding(False, about, "needs more packages; pip install 'loudong[wechat]'")
    from bot.platforms.wechat_login import LoginState, look

    seen = await look(account.endpoint, account.token.get_secret_value())
    if seen.state is LoginState.LOGGED_IN:
        return Finding(True, about, "logged in")
    if seen.state is LoginState.WAITS:
        return Finding(False, about, f"not logged in; scan this with the account's phone:\n{seen.picture()}")
    return Finding(False, about, seen.says)


def _lexicon() -> Finding:
    try:
        return Finding(True, "lexicon", f"{load().term_count} terms")
    except LexiconError as error:
        return Finding(False, "lexicon", str(error))


def _database(settings: Settings) -> list[Finding]:
    shown = settings.database.url.partition("@")[2] or settings.database.url
    try:
        database = Database(settings.database.url)
        check(database)
        with database.transaction() as session:
            buildings = len(places_of_kind(session, PlaceKind.BUILDING))
            groups = session.scalar(select(func.count(Chat.id)).where(Chat.is_group, Chat.place_id.is_not(None))) or 0
            broken = broken_at(session)
            on_roster = session.scalar(select(func.count(Person.id)).where(Person.is_on_roster)) or 0
    except SchemaBehind as behind:
        return [Finding(False, "database", f"{shown}: {behind}; run: loudong db upgrade")]
    except (SQLAlchemyError, OSError) as error:
        return [Finding(False, "database", f"{shown}: {str(error.__cause__ or error).splitlines()[0]}")]
    findings = [Finding(True, "database", shown)]
    if broken is not None:
        findings.append(Finding(False, "audit trail", f"{BROKEN} (entry {broken})"))
    if not buildings:
        findings.append(Finding(False, "roster", NO_ROSTER))
    else:
        counts = f"{buildings} buildings, {groups} groups bound, {on_roster} people"
        findings.append(Finding(groups > 0, "roster", counts if groups else f"{counts}; {NO_GROUP}"))
    return findings


async def _telegram(account: TelegramSettings) -> AsyncIterator[Finding]:
    about = f"telegram {account.name}"
    token = account.token.get_secret_value()
    if not token:
        yield Finding(
            False, about, f"token is empty; set it in the config or LOUDONG_TELEGRAM__{account.name.upper()}__TOKEN"
        )
        return
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{account.api_base.rstrip('/')}/bot{token}/getMe")
            body = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        # Never the error's text: it holds the URL, and that the token.
        yield Finding(
            False,
            about,
            f"{account.api_base} cannot be reached ({type(error).__name__}); check the network or api_base",
        )
        return
    if not isinstance(body, dict) or not body.get("ok"):
        yield Finding(
            False, about, f"the server refuses the token ({answer.status_code}); get a new one from BotFather"
        )
        return
    me = body["result"]
    yield Finding(True, about, f"@{me.get('username', '?')}")
    reads = bool(me.get("can_read_all_group_messages"))
    yield Finding(reads, f"{about} privacy", "off: it hears the whole group" if reads else DEAF)
    yield _clock(answer)


def _clock(answer: httpx.Response) -> Finding:
    try:
        there = parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return Finding(True, "clock", "the server does not tell its time; not compared")
    off = abs(datetime.now(UTC) - there)
    return Finding(
        off <= CLOCK_TOLERANCE,
        "clock",
        f"{off.total_seconds():.0f} s off"
        + ("" if off <= CLOCK_TOLERANCE else "; set the clock (timedatectl set-ntp true)"),
    )
