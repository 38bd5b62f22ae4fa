"""What corrections teach."""

from pathlib import Path

from nlp.learn import Example, propose, write_terms
from nlp.lexicon import load
from nlp.understand import Understander


def test_a_word_that_was_missed_is_proposed_with_its_examples_and_effect() -> None:
    examples = [
        Example(1, "三单元那个铁牛又趴窝喽", "elevator", ()),
        Example(2, "铁牛不走了，等了半天", "elevator", ()),
        Example(3, "铁牛又罢工", "elevator", ()),
    ]
    best = propose(examples)[0]
    assert (best.topic, best.term) == ("elevator", "铁牛")
    assert {example.number for example in best.examples} == {1, 2, 3}
    assert best.mended >= 2
    assert best.harmed == ()


def test_a_phrase_that_misled_is_proposed_as_harmless() -> None:
    proposals = propose([Example(1, "楼道灯不亮是首老歌", None, ("楼道灯不亮",))])
    assert proposals
    assert proposals[0].topic is None
    assert "楼道灯不亮" in proposals[0].term or "灯不亮" in proposals[0].term


def test_what_is_understood_already_teaches_nothing() -> None:
    assert propose([Example(1, "电梯坏了", "elevator", ()), Example(2, None, None, ("电费贵",))]) == []


def test_terms_are_written_sorted_once_and_can_be_read(tmp_path: Path) -> None:
    write_terms(tmp_path, [("elevator", "铁牛趴窝"), (None, "灯不亮的歌")])
    write_terms(tmp_path, [("elevator", "铁牛趴窝"), ("elevator", "铁牛罢工")])
    text = (tmp_path / "learnt.toml").read_text("utf-8")
    assert text.count("铁牛趴窝") == 1
    assert Understander(load(tmp_path)).understand("铁牛罢工").topic == "elevator"
