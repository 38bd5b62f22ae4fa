"""From a correction in the chat to a word the running bot understands, as an operator does it."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import DatabaseSettings, LexiconSettings, Settings
from bot.intake import Intake
from bot.lexicon_cli import check, review
from handlers.messages import Quoted
from handlers.rules import Rules
from nlp.lexicon import LexiconError
from nlp.street import StreetLexicon
from storage.corrections import new_corrections
from storage.database import Database
from tests.conftest import NOW, heard, said

MISSED = ("三单元那个铁牛又趴窝喽", "铁牛不走了，等了半天", "铁牛又罢工")


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(
        database=DatabaseSettings(url=database.url), lexicon=LexiconSettings(folder=str(tmp_path / "lexicon.d"))
    )


def report_missed(intake: Intake, head: str) -> None:
    for number, words in enumerate(MISSED):
        quoted = Quoted(f"replay:n{number}", "邻居", words, f"q{number}")
        intake.handle([said("报事 电梯", sender=head, reply_to=f"q{number}", quoted=quoted)])


def test_what_a_head_files_becomes_a_word_the_running_bot_takes_over(
    settings: Settings, database: Database, tmp_path: Path
) -> None:
    street = StreetLexicon(tmp_path / "lexicon.d")
    intake = Intake(database, Rules(secret="test"), street)
    report_missed(intake, "replay:head5")
    told = "\n".join(review(settings, database, accept=[], refuse=[]))
    assert "3 corrections not gone through yet (3 missed)" in told
    assert "1. «铁牛» → 电梯 (elevator), weight 2.6: mends 3, harms 0" in told
    assert "+ 铁牛又罢工" in told
    assert "there is no proposal 9" in review(settings, database, accept=[9], refuse=[])[0]
    assert "accepted: 铁牛" in review(settings, database, accept=[1], refuse=[])[0]
    assert review(settings, database, accept=[], refuse=[])[0].startswith("0 corrections")
    intake.tick(NOW)
    before = len(heard(database))
    intake.handle([said("6楼的铁牛又坏了", chat="replay:g6")])
    assert any("电梯" in line for line in heard(database)[before:])


def test_a_refused_proposal_does_not_come_again(settings: Settings, database: Database) -> None:
    report_missed(Intake(database, Rules(secret="test")), "replay:head5")
    assert review(settings, database, accept=[], refuse=[1]) == ["refused: 铁牛"]
    with database.transaction() as session:
        assert new_corrections(session) == []


def test_a_resident_files_but_corrects_nothing(database: Database, intake: Intake) -> None:
    report_missed(intake, "replay:r1")
    with database.transaction() as session:
        assert new_corrections(session) == []
    assert any("电梯" in line for line in heard(database))


def test_a_folder_is_checked_and_what_is_wrong_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[elevator]\nfaults = ["铁牛趴窝"]\n', "utf-8")
    assert "can be used" in check(tmp_path)[0]
    (tmp_path / "a.toml").write_text('[lift]\nfaults = ["铁牛趴窝"]\n', "utf-8")
    with pytest.raises(LexiconError, match="unknown topic 'lift'"):
        check(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "lexicon", "check", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "unknown topic 'lift'" in done.stderr
    assert "Traceback" not in done.stderr
