"""How a text sounds: a second opinion that hears, doubts and never takes back what cannot wait."""

import json
import random
from math import exp
from pathlib import Path

import pytest

from nlp.lexicon import load
from nlp.normalize import normalize
from nlp.opinion import by_tone, second_opinion
from nlp.score import SURE, WEAK, Evidence, TopicScore
from nlp.tone import TABLE, Tone, sequences, tone
from nlp.understand import Understander, understand, understander


def test_every_row_has_a_weight_for_each_label() -> None:
    head, *rows = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {2 + len(head["bases"])}
    assert len(head["bases"]) == 1 + len(head["labels"])
    assert len({row[0] for row in rows}) == len(rows)


def odds(text: str) -> float:
    return understander().sound(normalize(text).text).odds()


@pytest.mark.parametrize("text", ["楼道里臭得很，没人管，天天这样", "三楼又漏水了，物业一直不来修"])
def test_a_report_sounds_more_like_one_than_talk_does(text: str) -> None:
    assert odds(text) > 0 > odds("今天包了饺子，大家来我家吃")


def test_a_word_nobody_has_said_yet_counts_like_others_of_its_kind() -> None:
    words = "那个齉齾"
    assert tone().odds(words, {"elevator/faults"}) > tone().odds(words, {"cue/fiction"})


def test_what_labels_a_text_may_have_are_as_likely_as_the_whole() -> None:
    assert sum(exp(share) for share in understander().sound("楼道里臭得很").labels().values()) == pytest.approx(1)


def test_codes_and_markup_are_only_codes_and_markup() -> None:
    assert sequences("abc") == sequences("xyz")
    assert sequences("1栋") == sequences("9栋")


def test_what_nothing_speaks_for_but_its_tone_is_a_report_without_a_topic_that_shows_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt = Tone(
        ["care", "dispute"], [-2.0, 0.0, 0.5], [("老是", [5.0, 45.0, 5.0, 15.0]), ("呀", [2.0, -2.0, 0.0, 0.0])]
    )
    monkeypatch.setattr("nlp.opinion.tone", lambda: learnt)
    understood = understand("老是那样搞呀")
    assert (understood.label, understood.topic) == ("dispute", None)
    assert dict(understood.rules)["tone"] > 0
    assert [(shown.term, shown.start, shown.end) for shown in understood.evidence] == [("老是", 0, 2)]


TALK = "今天天气真好，我们去爬山吃饭唱歌哈哈"


def test_what_cannot_wait_is_never_taken_back() -> None:
    urgent = understand("三楼着火了")
    assert second_opinion(urgent, normalize(TALK), understander().sound(TALK)) == urgent
    assert understand("早上好，今天天气真好，大家快来看，三楼着火了").is_urgent


def test_what_is_taken_back_is_asked_about() -> None:
    meant = understand("三单元电梯又坏了")._replace(score=SURE)
    doubted = second_opinion(meant, normalize(TALK), understander().sound(TALK))
    assert not doubted.is_report
    assert doubted.maybe is not None
    assert doubted.maybe.topic == "elevator"


def test_what_hardly_anything_speaks_for_nobody_is_asked_about() -> None:
    meant = understand("三单元电梯又坏了")
    weak = meant._replace(label="none", findings=(), maybe=meant.findings[0]._replace(score=WEAK))
    assert second_opinion(weak, normalize(TALK), understander().sound(TALK)).maybe is None


def test_what_a_street_has_added_is_not_doubted(tmp_path: Path) -> None:
    text = "晚上下班回家吃饺子铁牛趴窝带点水果"
    (tmp_path / "learnt.toml").write_text('[elevator]\nfaults = ["铁牛趴窝"]\n', "utf-8")
    assert Understander(load(tmp_path)).understand(text).topic == "elevator"


def test_the_tone_tells_which_of_two_topics_comes_first_but_for_what_cannot_wait() -> None:
    sound = understander().sound("楼道里堆满了旧家具，走路都走不过去")
    clutter, smell = (
        TopicScore(topic, 4.0, (Evidence("…", 0, 1, topic, 4.0),), frozenset(), is_urgent=False)
        for topic in ("clutter", "smell")
    )
    domain_of = understander().lexicon.domain_of
    order, leaning = by_tone([smell, clutter], sound, domain_of)
    assert order == [clutter, smell]
    assert leaning > 0
    urgent = smell._replace(is_urgent=True)
    assert by_tone([urgent, clutter], sound, domain_of) == ([urgent, clutter], 0)


def test_the_answer_depends_on_nothing_but_the_text() -> None:
    texts = ["三楼又漏水了", "今天真冷", "谁家的狗没人管", "楼道灯不亮"]
    before = [odds(text) for text in texts]
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    assert {number: odds(texts[number]) for number in order} == dict(enumerate(before))


@pytest.mark.parametrize("beside", ["今天天气真好，", "上次说的事，"])
def test_what_is_said_beside_a_report_in_a_clause_of_its_own_does_not_silence_it(beside: str) -> None:
    for report in ("三单元的灯又不亮了", "楼道里垃圾堆了三天没人清", "楼上又漏水到我家了"):
        assert understand(beside + report).is_report
