"""Words are cut as jieba cuts them."""

import json
from pathlib import Path

import jieba
import pytest

from nlp.clauses import clauses_of
from nlp.lexicon import load
from nlp.normalize import normalize
from nlp.scan import Scanner
from nlp.segment import _DICTIONARY, Segmenter

CORPUS = sorted((Path(__file__).parent.parent / "corpus").glob("*.jsonl"))


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter(load())


def test_the_words_are_those_of_jieba_with_our_words_added(segmenter: Segmenter) -> None:
    segmenter.words("电梯")  # loads the dictionary
    reference = jieba.Tokenizer()
    reference.initialize()
    reference.FREQ = _DICTIONARY.frequency
    texts = [
        normalize(json.loads(line)["text"]).text for file in CORPUS for line in file.read_text("utf-8").splitlines()
    ]
    chinese = [text for text in texts if all("\u4e00" <= char <= "\u9fd5" for char in text)]
    assert len(chinese) > 500
    for text in chinese:
        assert segmenter.words(text) == list(reference.cut(text, HMM=False))


def test_a_word_of_ours_is_one_word(segmenter: Segmenter) -> None:
    assert "声控灯" in segmenter.words("三楼声控灯不亮")


def test_what_was_lent_is_given_back_whole(segmenter: Segmenter) -> None:
    segmenter.words("电梯")
    with_ours = dict(_DICTIONARY.frequency)
    other = Segmenter(load())
    other._words = ["铁牛趴窝"]
    other.words("铁牛趴窝")
    assert other.words("铁牛趴窝") == ["铁牛趴窝"]
    segmenter.words("电梯")
    assert _DICTIONARY.frequency == with_ours


@pytest.mark.parametrize(("text", "parts"), [("树倒在路中间", {"树", "倒"}), ("矿灯掉了", {"灯"})])
def test_the_parts_of_a_word_of_ours_and_the_head_of_a_compound_are_known_apart(
    segmenter: Segmenter, text: str, parts: set[str]
) -> None:
    clauses, scanner = clauses_of(text), Scanner(load())
    words = segmenter.on_boundaries(text, scanner.hits(scanner.find(text), clauses), [], clauses)
    assert parts <= {hit.term for hit in words.parts}
    assert parts.isdisjoint({hit.term for hit in words.whole})
