"""Typed settings from TOML and the environment, with errors that name the key and the remedy."""

import os
import secrets
import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.platforms.base import Pace
from handlers.rules import LimitRules, PointRules, Rules
from storage.domains import TOPICS

ENV_PREFIX = "LOUDONG_"
ACCOUNT_LISTS = ("telegram", "wechat")


class ConfigError(Exception):
    """A setting that cannot be used; the message tells the key and what to do."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DatabaseSettings(_Section):
    """Where the records are kept."""

    url: str = "sqlite:///data/loudong.db"


class TelegramSettings(_Section):
    """One Telegram bot account."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    token: SecretStr = SecretStr("")
    api_base: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    url: str = ""
    listen: str = "127.0.0.1:8443"
    secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.mode == "webhook" and not (self.url and self.secret.get_secret_value()):
            # Without the secret anybody who finds the address could speak as anyone.
            raise ValueError('mode = "webhook" needs url and secret')
        return self


class WechatSettings(_Section):
    """One WeChat account behind a puppet service."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
    endpoint: Annotated[str, Field(pattern=r"^$|^[^\s/]+:\d{1,5}$")] = ""
    token: SecretStr = SecretStr("")
    are_ids_stable: bool = False
    awake_from: time = time(7, 0)
    awake_until: time = time(22, 30)
    seconds_between: tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]] = (2, 6)
    same_words_apart_seconds: Annotated[float, Field(ge=0)] = 120

    @model_validator(mode="after")
    def _can_be_found(self) -> Self:
        if not (self.endpoint or self.token.get_secret_value()):
            raise ValueError("give the puppet service's endpoint, or its token")
        return self

    def pace(self) -> Pace:
        """How it speaks."""
        return Pace(
            between=self.seconds_between,
            same_words_apart=self.same_words_apart_seconds,
            hours=(self.awake_from, self.awake_until),
        )


class StreamSettings(_Section):
    """The queue that parts the roles; empty: one process does everything."""

    nats: str = ""


class WebSettings(_Section):
    """Where the web pages listen."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000


class AlarmSettings(_Section):
    """Where the operators hear that something is wrong with the bot itself; empty: only in the log."""

    chat: Annotated[str, Field(pattern=r"^$|^(telegram|wechat):\S{1,100}$")] = ""


class SecuritySettings(_Section):
    """The key under which join codes are kept. Empty: one is made beside the database."""

    secret: SecretStr = SecretStr("")


class RuleSettings(_Section):
    """What a street decides for itself."""

    support_window_hours: Annotated[float, Field(gt=0)] = 48
    ask_doubts_after_hours: Annotated[float, Field(gt=0)] = 2
    close_after_hours: Annotated[float, Field(gt=0)] = 72
    quiet_start: time = time(21, 30)
    quiet_end: time = time(7, 30)
    reminder_evening: time = time(19, 30)
    digest_at: time = time(8, 30)
    group_lines_an_hour: Annotated[int, Field(ge=1, le=1000)] = 30


_DEFAULT_LIMITS = LimitRules()


def _hours(lengths: Mapping[str, timedelta]) -> dict[str, float]:
    return {key: length / timedelta(hours=1) for key, length in lengths.items()}


class LimitSettings(_Section):
    """How soon an issue has to be claimed and done: hours by topic by the clock, days by kind as working days."""

    claim_hours: Annotated[float, Field(gt=0)] = 24
    claim_minutes_urgent: Annotated[float, Field(gt=0)] = 15
    act_hours_urgent: Annotated[float, Field(gt=0)] = 2
    act_hours_by_topic: dict[str, Annotated[float, Field(gt=0)]] = _hours(_DEFAULT_LIMITS.act_by_topic)
    act_days_by_kind: dict[str, Annotated[float, Field(gt=0)]] = {
        kind: length / timedelta(days=1) for kind, length in _DEFAULT_LIMITS.act_by_kind.items()
    }
    act_days_otherwise: Annotated[float, Field(gt=0)] = 10
    repeat_alert_minutes: Annotated[float, Field(gt=0)] = 5
    recurs_within_days: Annotated[float, Field(gt=0)] = 14

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        for topic in self.act_hours_by_topic:
            if topic not in TOPICS:
                raise ValueError(
                    f"act_hours_by_topic: there is no topic {topic}; there are {', '.join(sorted(TOPICS))}"
                )
        for kind in self.act_days_by_kind:
            if kind not in _DEFAULT_LIMITS.act_by_kind:
                raise ValueError(
                    f"act_days_by_kind: there is no kind {kind}; there are {', '.join(_DEFAULT_LIMITS.act_by_kind)}"
                )
        return self

    def limit_rules(self) -> LimitRules:
        """The same as lengths of time."""
        return LimitRules(
            claim=timedelta(hours=self.claim_hours),
            claim_urgent=timedelta(minutes=self.claim_minutes_urgent),
            act_urgent=timedelta(hours=self.act_hours_urgent),
            act_by_topic={topic: timedelta(hours=hours) for topic, hours in self.act_hours_by_topic.items()},
            act_by_kind={
                **_DEFAULT_LIMITS.act_by_kind,
                **{kind: timedelta(days=days) for kind, days in self.act_days_by_kind.items()},
            },
            act_otherwise=timedelta(days=self.act_days_otherwise),
            repeat_alert=timedelta(minutes=self.repeat_alert_minutes),
            recurs_within=timedelta(days=self.recurs_within_days),
        )


class LexiconSettings(_Section):
    """The street's own words beside the project's."""

    folder: str = "lexicon.d"


class PointSettings(_Section):
    """How many points what earns."""

    resolve: Annotated[int, Field(ge=0, le=100)] = 2
    visit: Annotated[int, Field(ge=0, le=100)] = 2
    daily_cap: Annotated[int, Field(ge=0, le=1000)] = 10


class Settings(BaseSettings):
    """Everything that ``config.toml`` can say."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    database: DatabaseSettings = DatabaseSettings()
    telegram: list[TelegramSettings] = []
    wechat: list[WechatSettings] = []
    stream: StreamSettings = StreamSettings()
    web: WebSettings = WebSettings()
    alarms: AlarmSettings = AlarmSettings()
    security: SecuritySettings = SecuritySettings()
    rules: RuleSettings = RuleSettings()
    limits: LimitSettings = LimitSettings()
    points: PointSettings = PointSettings()
    lexicon: LexiconSettings = LexiconSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what the file says."""
        return _Environment(settings_cls), init_settings

    def lexicon_folder(self) -> Path:
        """Where the street's own words are; the folder need not be there."""
        return Path(self.lexicon.folder)

    def handler_rules(self) -> Rules:
        """The part that the conversation needs."""
        return Rules(
            secret=join_secret(self),
            support_window=timedelta(hours=self.rules.support_window_hours),
            ask_doubts_after=timedelta(hours=self.rules.ask_doubts_after_hours),
            close_after=timedelta(hours=self.rules.close_after_hours),
            quiet_start=self.rules.quiet_start,
            quiet_end=self.rules.quiet_end,
            reminder_evening=self.rules.reminder_evening,
            digest_at=self.rules.digest_at,
            group_lines_an_hour=self.rules.group_lines_an_hour,
            limits=self.limits.limit_rules(),
            points=PointRules(self.points.resolve, self.points.visit, self.points.daily_cap),
        )


def load_settings(path: Path | None) -> Settings:
    """Read a config file. The environment wins over it: ``LOUDONG_DATABASE__URL``, and for the account
    ``[[telegram]] name = "main"`` the secrets ``LOUDONG_TELEGRAM__MAIN__TOKEN`` and ``…__SECRET``.

    Raises ConfigError.
    """
    if path is not None and not path.is_file():
        raise ConfigError(f"{path}: no such file. Copy config.example.toml to {path} and fill it in.")
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8")) if path else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    for kind in ACCOUNT_LISTS:
        if kind in raw:
            raw[kind] = _with_secrets(kind, raw[kind])
    try:
        return Settings(**raw)
    except ValidationError as error:
        raise ConfigError(_explain(path, error)) from error


class _Environment(PydanticBaseSettingsSource):
    """The environment for everything but the account lists, whose secrets go by the account's name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        prefix = f"{ENV_PREFIX}{field_name.upper()}__"
        found = {key[len(prefix) :].lower(): value for key, value in os.environ.items() if key.startswith(prefix)}
        return (found or None), field_name, True

    def __call__(self) -> dict[str, Any]:
        names = [name for name in self.settings_cls.model_fields if name not in ACCOUNT_LISTS]
        values = {name: self.get_field_value(None, name)[0] for name in names}
        return {name: value for name, value in values.items() if value is not None}


def _with_secrets(kind: str, listed: Any) -> list[Any]:
    if not isinstance(listed, list):
        raise ConfigError(f"{kind}: write [[{kind}]] with two brackets; it is a list of accounts.")
    result: list[Any] = []
    for account in listed:
        name = str(account.get("name", "")) if isinstance(account, dict) else ""
        extra = {
            key: value
            for key in ("token", "secret")
            if (value := os.environ.get(f"{ENV_PREFIX}{kind.upper()}__{name.upper()}__{key.upper()}"))
        }
        result.append({**account, **extra} if isinstance(account, dict) else account)
    return result


_REMEDIES = {
    "extra_forbidden": "there is no such setting; see config.example.toml for those there are",
    "missing": "this setting is needed; see config.example.toml",
}


def _explain(path: Path | None, error: ValidationError) -> str:
    lines = [f"{path or 'environment'}: the configuration cannot be used:"]
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        lines.append(f"  {key}: {_REMEDIES.get(problem['type'], problem['msg'])}")
    return "\n".join(lines)


def join_secret(settings: Settings) -> str:
    """The key for join codes: as configured, else one kept in a file beside the SQLite database."""
    given = settings.security.secret.get_secret_value()
    if given:
        return given
    if not settings.database.url.startswith("sqlite:///"):
        raise ConfigError(
            "security.secret: needed with a database server, so that every process has the same; "
            "set it or LOUDONG_SECURITY__SECRET to 32 or more random characters."
        )
    file = Path(settings.database.url.removeprefix("sqlite:///")).parent / "join.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text().strip()
