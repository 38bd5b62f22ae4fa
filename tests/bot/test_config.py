"""The config: errors name the key and the remedy, the environment wins, the example is complete."""

import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.config import ConfigError, Settings, load_settings

EXAMPLE = Path(__file__).parent.parent.parent / "config.example.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[databse]\nurl = 'x'\n", ["databse", "no such setting"]),
        ("[[telegram]]\ntoken = 'x'\n", ["telegram.0.name", "needed"]),
        ("[telegram]\nname = 'x'\n", ["[[telegram]]", "two brackets"]),
        ("[[telegram]]\nname = 'a b'\n", ["telegram.0.name"]),
        ("[web]\nport = 99999\n", ["web.port"]),
        ("[limits]\nclaim_hours = -1\n", ["limits.claim_hours"]),
        ("[limits]\nact_hours_by_topic = { lift = 3 }\n", ["limits", "lift", "elevator"]),
        ("[limits]\nact_days_by_kind = { query = 3 }\n", ["limits", "query", "enquiry"]),
        ("[rules]\nquiet_start = '25:00'\n", ["rules.quiet_start"]),
        ("[web\n", ["not valid TOML"]),
        ("telegram = 3\n", ["[[telegram]]"]),
        ("[[telegram]]\nname = 'a'\nmode = 'webhook'\nurl = 'https://x'\n", ["telegram.0", "needs url and secret"]),
    ],
)
def test_an_error_names_the_key_and_the_remedy(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(written(tmp_path, text))
    assert all(word in str(refused.value) for word in words)


def test_a_missing_file_and_a_binary_one_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.example\.toml"):
        load_settings(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_settings(tmp_path / "b.toml")


def test_a_token_never_stands_in_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(written(tmp_path, "[[telegram]]\nname = 'a b'\ntoken = '7:secret'\nmode = 'x'\n"))
    assert "7:secret" not in str(refused.value)


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOUDONG_TELEGRAM__MAIN__TOKEN", "7:from-environment")
    monkeypatch.setenv("LOUDONG_DATABASE__URL", "sqlite:///elsewhere.db")
    settings = load_settings(
        written(tmp_path, "[[telegram]]\nname = 'main'\ntoken = '7:file'\n[database]\nurl='sqlite:///a.db'\n")
    )
    assert settings.telegram[0].token.get_secret_value() == "7:from-environment"
    assert settings.database.url == "sqlite:///elsewhere.db"


def test_the_example_can_be_used_as_it_is_and_names_every_setting() -> None:
    settings = load_settings(EXAMPLE)
    assert settings.rules == Settings().rules
    raw = tomllib.loads(EXAMPLE.read_text("utf-8").replace("\n# [[", "\n[[").replace("\n#   ", "\n"))

    def complete(model: type[BaseModel], given: dict[str, object], where: str) -> list[str]:
        return [f"{where}.{name}" for name in model.model_fields if name not in given]

    missing: list[str] = []
    for name, field in Settings.model_fields.items():
        if name in {"telegram", "wechat"}:
            assert isinstance(field.annotation.__args__[0], type)  # type: ignore[union-attr]
            missing += complete(field.annotation.__args__[0], raw[name][0], name)  # type: ignore[union-attr]
        else:
            missing += complete(field.annotation, raw.get(name, {}), name)  # type: ignore[arg-type]
    assert missing == []
