"""A street's own words, and the errors that name what is wrong with them."""

from pathlib import Path

import pytest

from nlp.lexicon import LexiconError, load
from nlp.understand import Understander


def test_a_street_adds_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "safety.toml").write_text('[elevator]\nfaults = ["升降梯趴窝了"]\n', "utf-8")
    assert Understander(load(tmp_path)).understand("升降梯趴窝了").topic == "elevator"


def test_the_long_form_of_a_lack_is_the_short_one(tmp_path: Path) -> None:
    (tmp_path / "safety.toml").write_text('[elevator]\nfaults = ["升降梯没装铃"]\n', "utf-8")
    understander = Understander(load(tmp_path))
    assert understander.understand("升降梯没有装铃").topic == "elevator"
    assert understander.understand("升降梯没得装铃").topic == "elevator"
    assert not understander.understand("有没有人修过手机").is_report


def test_what_stands_for_a_word_says_what_it_says() -> None:
    understander = Understander(load())
    for child in ("小孩", "孩童", "小娃"):
        assert understander.understand(f"{child}被关在车里了").topic == "child"
    for passage in ("走廊", "甬道"):
        assert understander.understand(f"{passage}里堆满了纸箱").topic == "clutter"


def test_a_pattern_may_leave_open_which_of_several_words_it_is(tmp_path: Path) -> None:
    (tmp_path / "safety.toml").write_text('[elevator]\npatterns = [["升降梯/爬楼机", "趴窝/歇菜"]]\n', "utf-8")
    understander = Understander(load(tmp_path))
    for thing in ("升降梯", "爬楼机"):
        for state in ("趴窝", "歇菜"):
            assert understander.understand(f"那个{thing}它{state}了").topic == "elevator"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[nonsense]\nfaults = ["x"]\n', "nonsense"),
        ("[elevator]\nfaults = 3\n", "not a list"),
        ('[elevator]\npatterns = [["升降梯/", "趴窝"]]\n', "elevator.patterns"),
        ('[elevator]\nfaults = [""]\n', "not a word"),
        ('[elevator]\npatterns = [["@nobody"]]\n', "@nobody"),
        ("[elevator\n", "not valid TOML"),
        ('[elevator]\nfaults = ["停水"]\n', "停水"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "safety.toml").write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=words):
        load(tmp_path)
