"""The command line: ``loudong`` and its subcommands."""

import asyncio
import csv
import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from bot.config import ConfigError, Settings, load_settings
from storage.database import Database
from storage.local_time import LOCAL
from storage.migrate import SchemaBehind, check, upgrade
from storage.roster import Roster, RosterRefused, import_roster

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they print local variables, tokens among them
    help="The bot that lives in a building's group chat.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")
lexicon = typer.Typer(no_args_is_help=True, help="The words the bot understands.")
app.add_typer(lexicon, name="lexicon")
outbox = typer.Typer(no_args_is_help=True, help="What waits to be sent.")
app.add_typer(outbox, name="outbox")
errors = Console(stderr=True, highlight=False, soft_wrap=True)

DEFAULT_CONFIG = Path("config.toml")
ConfigOption = Annotated[Path | None, typer.Option("--config", help="The config file; config.toml if it is there.")]


class _Stop(Exception):
    """A clear end: the message is for the operator, without a traceback."""


def main() -> None:
    """The console script."""
    try:
        sys.exit(app(standalone_mode=False))  # an exit code where a command raised Exit, else None
    except typer.Abort:
        sys.exit(130)
    except (ConfigError, _Stop) as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(1)
    except SQLAlchemyError as error:
        errors.print(f"database: {_first_line(error)}", style="red", markup=False)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        # Typer's own complaints about usage know how to show themselves.
        if hasattr(error, "show") and hasattr(error, "exit_code"):
            error.show()  # type: ignore[attr-defined]
            sys.exit(error.exit_code)  # type: ignore[attr-defined]
        raise


def _first_line(error: Exception) -> str:
    return str(error.__cause__ or error).splitlines()[0]


def _settings(config: Path | None) -> Settings:
    return load_settings(config or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None))


def _database(settings: Settings) -> Database:
    database = Database(settings.database.url)
    try:
        check(database)
    except SchemaBehind as behind:
        raise _Stop(f"{behind}.\nMake a backup, then run: loudong db upgrade") from behind
    return database


@app.command()
def demo(port: Annotated[int, typer.Option(help="Where the page is; 0 takes a free port.")] = 8000) -> None:
    """A browser page with a demo community: type as anyone, see what the bot does."""
    from bot.web.demo import run_demo

    run_demo(port)


@app.command()
def run(
    config: ConfigOption = None,
    role: Annotated[str, typer.Option(help="all, or gateway, worker or sender: those need [stream] nats")] = "all",
) -> None:
    """The real bot, or one role of it."""
    settings = _settings(config)
    from bot.app import Role, build_app, run_until_stopped
    from bot.logs import set_up_logs

    if role not in list(Role):
        raise _Stop(f"--role {role}: there are {', '.join(Role)}")
    if role != Role.ALL:
        _check_stream(settings, role)
    set_up_logs()
    _check_accounts(settings)
    asyncio.run(run_until_stopped(build_app(settings, _database(settings), Role(role))))


def _check_stream(settings: Settings, role: str) -> None:
    if not settings.stream.nats:
        raise _Stop(f"--role {role}: set [stream] nats to the address of a NATS server; without it use --role all")
    if settings.database.url.startswith("sqlite"):
        raise _Stop(f"--role {role}: parted roles need PostgreSQL; set [database] url to postgresql+psycopg://…")
    if importlib.util.find_spec("nats") is None:
        raise _Stop(f"--role {role}: this needs more packages; run: pip install 'loudong[stream]'")


def _check_accounts(settings: Settings) -> None:
    if not (settings.telegram or settings.wechat):
        raise _Stop("telegram: no account is configured. Add [[telegram]] or [[wechat]]; see config.example.toml.")
    if any(not account.token.get_secret_value() for account in settings.telegram):
        raise _Stop("telegram.token: empty. Get one from BotFather, or set LOUDONG_TELEGRAM__<NAME>__TOKEN.")
    if settings.wechat and importlib.util.find_spec("wechaty") is None:
        raise _Stop("wechat: this needs more packages; run: pip install 'loudong[wechat]'")


@app.command()
def replay(
    file: Path,
    roster: Annotated[Path | None, typer.Option(help="A roster: .xlsx or a folder of .csv")] = None,
    config: Annotated[Path | None, typer.Option()] = None,
) -> None:
    """A chat history through the whole bot, with its own clock; JSON lines out."""
    from bot.logs import set_up_logs
    from bot.replay import HistoryError, Replay, read_history
    from handlers.rules import Rules

    set_up_logs()
    rules = load_settings(config).handler_rules() if config else Rules(secret="replay")  # noqa: S106
    rows = _read_roster(roster) if roster else None
    if not file.is_file():
        raise _Stop(f"{file}: no such file")
    total = sum(1 for _ in file.open(encoding="utf-8", errors="replace"))
    try:
        with Progress(console=errors, disable=not sys.stderr.isatty(), transient=True) as bar:
            task = bar.add_task("replay", total=total)

            def counted() -> Iterator[dict[str, object]]:
                for line in read_history(file):
                    yield line
                    bar.advance(task)

            for told in Replay(rules, rows).run(counted()):
                print(json.dumps(told, ensure_ascii=False))
    except (HistoryError, UnicodeDecodeError) as error:
        raise _Stop(f"{file}: {error}") from error
    except RosterRefused as refused:
        raise _Stop(_problems(refused)) from refused


@app.command()
def classify(
    file: Annotated[
        Path | None, typer.Argument(help="One text a line, or JSON lines with text; - or nothing: standard input")
    ] = None,
) -> None:
    """What the bot makes of texts: JSON lines out."""
    from nlp.understand import understand

    if file is not None and str(file) != "-" and not file.is_file():
        raise _Stop(f"{file}: no such file")
    source = sys.stdin if file is None or str(file) == "-" else file.open(encoding="utf-8", errors="replace")
    with source:
        for line in source:
            text = _text_of(line.rstrip("\r\n"))
            print(json.dumps(understand(text).as_dict(), ensure_ascii=False))


def _text_of(line: str) -> str:
    if line.startswith("{"):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return line
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            return value["text"]
    return line


@app.command("import")
def import_(roster: Path, config: ConfigOption = None) -> None:
    """Take over a roster: places, people, groups, households, catalogue. All or nothing."""
    settings = _settings(config)
    rows = _read_roster(roster)
    database = _database(settings)
    accounts = {"telegram": f"telegram:{settings.telegram[0].name}"} if settings.telegram else {}
    accounts |= {"wechat": f"wechat:{settings.wechat[0].name}"} if settings.wechat else {}
    try:
        with database.transaction() as session:
            result = import_roster(session, rows, datetime.now(UTC), accounts)
    except RosterRefused as refused:
        raise _Stop(_problems(refused)) from refused
    counts = ", ".join(f"{count} {sheet}" for sheet, count in result.counts.items())
    print(f"imported: {counts or 'nothing'}; roles ended: {result.ended_roles}")
    print("next: loudong export codes codes.csv")


def _read_roster(path: Path) -> Roster:
    from bot.roster_files import RosterUnreadable, read_roster

    try:
        return read_roster(path)
    except RosterUnreadable as error:
        raise _Stop(str(error)) from error


def _problems(refused: RosterRefused) -> str:
    from handlers.texts import texts

    lines = [
        f"{problem.sheet} {problem.line}: {texts().say(problem.key, **problem.values)}" for problem in refused.problems
    ]
    return "\n".join([f"{len(lines)} problems; nothing was imported:", *lines])


@app.command()
def template(out: Path) -> None:
    """Write an empty roster with explained columns."""
    from bot.roster_files import write_template

    if out.suffix != ".xlsx":
        raise _Stop(f"{out}: the template is a workbook; give a name that ends in .xlsx")
    write_template(out)
    print(f"wrote {out}")


@app.command()
def export(what: Annotated[str, typer.Argument(help="codes")], out: Path, config: ConfigOption = None) -> None:
    """Write codes: fresh one-time codes for everybody and every building not joined yet."""
    if what != "codes":
        raise _Stop(f"{what}: can export: codes")
    from bot.codes import fresh_codes

    settings = _settings(config)
    with _database(settings).transaction() as session:
        rows = fresh_codes(session, settings.handler_rules().secret, datetime.now(UTC))
    with out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["用途", "姓名", "角色", "地点", "在哪里发", "发什么", "有效期至"])
        writer.writerows(rows)
    out.chmod(0o600)
    print(f"wrote {len(rows)} codes to {out}; each works once and for 24 hours. Earlier unused codes are void.")


@app.command()
def digest(
    at: Annotated[str | None, typer.Option(help="ISO 8601; now if left out")] = None, config: ConfigOption = None
) -> None:
    """Print each community's digest."""
    from handlers.digest import compose
    from storage.places import PlaceKind, places_of_kind

    try:
        moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
    except ValueError as error:
        raise _Stop(f"--at {at}: not ISO 8601, for example 2026-11-17T08:30+08:00") from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
    with _database(_settings(config)).transaction() as session:
        digests = [compose(session, community, moment) for community in places_of_kind(session, PlaceKind.COMMUNITY)]
    print("\n\n".join(digests) or "no community yet; run: loudong import ROSTER")


@app.command()
def doctor(config: ConfigOption = None) -> None:
    """Check config, database, tokens, rights and clock, and say what to do."""
    from bot.doctor import examine

    is_well = True
    for finding in asyncio.run(examine(config or (DEFAULT_CONFIG if DEFAULT_CONFIG.is_file() else None))):
        is_well = is_well and finding.is_well
        print(f"{'ok  ' if finding.is_well else 'FIX '} {finding.about}: {finding.says}")
    if not is_well:
        raise typer.Exit(1)


@lexicon.command("review")
def lexicon_review(
    accept: Annotated[list[int] | None, typer.Option(help="Take over this proposal; may be repeated.")] = None,
    refuse: Annotated[list[int] | None, typer.Option(help="Refuse this proposal; may be repeated.")] = None,
    config: ConfigOption = None,
) -> None:
    """What corrections teach: proposed words with their examples and their effect."""
    from bot.lexicon_cli import review
    from nlp.lexicon import LexiconError

    settings = _settings(config)
    try:
        print("\n".join(review(settings, _database(settings), accept=accept or [], refuse=refuse or [])))
    except LexiconError as error:
        raise _Stop(f"lexicon: {error}; nothing was taken over") from error


@lexicon.command("check")
def lexicon_check(
    folder: Annotated[Path | None, typer.Argument(help="The folder; the config's if left out.")] = None,
    config: ConfigOption = None,
) -> None:
    """Whether a street's own words can be used."""
    from bot.lexicon_cli import check
    from nlp.lexicon import LexiconError

    folder = folder or _settings(config).lexicon_folder()
    if not folder.is_dir():
        raise _Stop(f"{folder}: no such folder")
    try:
        print("\n".join(check(folder)))
    except LexiconError as error:
        raise _Stop(f"lexicon: {error}") from error


@db.command("upgrade")
def db_upgrade(config: ConfigOption = None) -> None:
    """Bring the database's schema to this program's version."""
    settings = _settings(config)
    upgrade(Database(settings.database.url))
    print(f"{settings.database.url.partition('@')[2] or settings.database.url}: schema is up to date")


@app.command()
def backup(out: Path, config: ConfigOption = None) -> None:
    """Write everything to one file; the bot may go on running."""
    from storage.backup import BackupRefused, back_up

    try:
        rows = back_up(_database(_settings(config)), out)
    except BackupRefused as refused:
        raise _Stop(str(refused)) from refused
    print(f"wrote {rows} rows to {out}; it holds what residents said: keep it as safe as the database")


@app.command("restore")
def restore_(file: Path, config: ConfigOption = None) -> None:
    """Take a backup back into an empty database. What was still to be sent waits for your word."""
    from storage.backup import BackupRefused, restore

    try:
        waiting = restore(_database(_settings(config)), file)
    except BackupRefused as refused:
        raise _Stop(str(refused)) from refused
    except SchemaBehind as behind:
        raise _Stop(f"{file}: {behind}.\nUse the program version that wrote it, then: loudong db upgrade") from behind
    print(f"restored; {waiting} messages are set aside, since they may have been sent after the backup was made")
    if waiting:
        print("next: loudong outbox show, then loudong outbox release or loudong outbox discard")


@outbox.command("show")
def outbox_show(config: ConfigOption = None) -> None:
    """What was set aside by a restore."""
    from storage.backup import quarantined

    for chat, words in quarantined(_database(_settings(config))):
        print(f"{chat}: {words.splitlines()[0] if words else ''}")


@outbox.command("release")
def outbox_release(config: ConfigOption = None) -> None:
    """Send what was set aside, marked 【重发】."""
    from storage.backup import release

    print(f"{release(_database(_settings(config)))} messages will be sent, marked as repeats")


@outbox.command("discard")
def outbox_discard(config: ConfigOption = None) -> None:
    """Never send what was set aside."""
    from storage.backup import discard

    print(f"{discard(_database(_settings(config)))} messages are dropped")
