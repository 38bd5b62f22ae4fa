"""A street's own words: taken over when they change, refused when they do harm."""

import os
from pathlib import Path

import pytest

from nlp.lexicon import LexiconError
from nlp.street import StreetLexicon


def write(folder: Path, text: str, name: str = "ours.toml", at: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    os.utime(folder / name, (at, at))


def test_words_are_taken_over_without_a_restart_and_given_up_again(tmp_path: Path) -> None:
    street = StreetLexicon(tmp_path / "lexicon.d")
    assert not street.refresh()
    assert not street.current.understand("三单元的铁牛趴下了").is_report
    write(tmp_path / "lexicon.d", '[elevator]\nfaults = ["铁牛趴下了"]\n')
    assert street.refresh()
    assert street.current.understand("三单元的铁牛趴下了").topic == "elevator"
    assert not street.refresh()
    (tmp_path / "lexicon.d" / "ours.toml").unlink()
    assert street.refresh()
    assert not street.current.understand("三单元的铁牛趴下了").is_report


def test_a_phrase_can_be_made_harmless(tmp_path: Path) -> None:
    street = StreetLexicon(tmp_path / "lexicon.d")
    write(tmp_path / "lexicon.d", '[harmless]\nphrases = ["楼道灯不亮的故事"]\n')
    assert street.refresh()
    assert not street.current.understand("讲个楼道灯不亮的故事").is_report
    assert street.current.understand("楼道灯不亮").is_report


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[nonsense]\nfaults = ['x']\n", "unknown topic 'nonsense'"),
        ("[elevator]\nfaults = ['停水']\n", "'停水' .elevator. stands already under water_supply"),
        ("[elevator]\nfalts = ['铁牛']\n", "elevator has 'falts'"),
        ("[elevator]\nfaults = ['早上好', '收到', '谢谢']\nurgent = ['恭喜']\n", "fires on ordinary talk"),
        ("[elevator\n", "not valid TOML"),
    ],
)
def test_what_cannot_be_used_is_named_once_and_the_old_words_stay(tmp_path: Path, text: str, words: str) -> None:
    folder = tmp_path / "lexicon.d"
    write(folder, '[elevator]\nfaults = ["铁牛趴下了"]\n')
    street = StreetLexicon(folder)
    street.refresh()
    write(folder, text, "more.toml", at=2)
    with pytest.raises(LexiconError, match=words):
        street.refresh()
    assert not street.refresh()
    assert street.current.understand("三单元的铁牛趴下了").topic == "elevator"
