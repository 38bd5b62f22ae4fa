"""How a text sounds: a second opinion that hears, doubts and never takes back what cannot wait."""

import json
import random

import pytest

from nlp.normalize import normalize
from nlp.opinion import second_opinion
from nlp.score import SURE
from nlp.tone import TABLE, Tone, sequences, tone
from nlp.understand import understand


def test_every_row_has_a_weight_for_each_label() -> None:
    head, *rows = [json.loads(line) for line in TABLE.read_text("utf-8").splitlines()]
    assert {len(row) for row in rows} == {2 + len(head["bases"])}
    assert len(head["bases"]) == 1 + len(head["labels"])
    assert len({row[0] for row in rows}) == len(rows)


@pytest.mark.parametrize("text", ["楼道里臭得很，没人管，天天这样", "三楼又漏水了，物业一直不来修"])
def test_a_report_sounds_more_like_one_than_talk_does(text: str) -> None:
    assert tone().likelihood(text) > 0.5 > tone().likelihood("今天包了饺子，大家来我家吃")


def test_codes_and_markup_are_only_codes_and_markup() -> None:
    assert sequences("abc") == sequences("xyz")
    assert sequences("1栋") == sequences("9栋")


def test_what_nothing_speaks_for_but_its_tone_is_a_report_without_a_topic_that_shows_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learnt = Tone(
        ["care", "dispute"], [-2.0, 0.0, 0.5], [("老是", [5.0, 9.0, 1.0, 3.0]), ("呀", [2.0, -1.0, 0.0, 0.0])]
    )
    monkeypatch.setattr("nlp.opinion.tone", lambda: learnt)
    understood = understand("老是那样搞呀")
    assert (understood.label, understood.topic) == ("dispute", None)
    assert dict(understood.rules)["tone"] > 0
    assert [(shown.term, shown.start, shown.end) for shown in understood.evidence] == [("老是", 0, 2)]


def test_what_cannot_wait_is_never_taken_back() -> None:
    urgent = understand("三楼着火了")
    assert second_opinion(urgent, normalize("今天天气真好，我们去爬山吃饭唱歌哈哈")) == urgent
    assert understand("早上好，今天天气真好，大家快来看，三楼着火了").is_urgent


def test_of_words_that_nobody_has_said_yet_it_has_no_opinion() -> None:
    meant = understand("三单元电梯又坏了")._replace(score=SURE)
    strange = meant._replace(evidence=tuple(shown._replace(term="齉齾") for shown in meant.evidence))
    assert second_opinion(strange, normalize("今天天气真好，我们去爬山吃饭唱歌哈哈")) == strange


def test_what_is_taken_back_is_asked_about() -> None:
    meant = understand("三单元电梯又坏了")._replace(score=SURE)
    doubted = second_opinion(meant, normalize("今天天气真好，我们去爬山吃饭唱歌哈哈"))
    assert not doubted.is_report
    assert doubted.maybe is not None
    assert doubted.maybe.topic == "elevator"


def test_the_answer_depends_on_nothing_but_the_text() -> None:
    texts = ["三楼又漏水了", "今天真冷", "谁家的狗没人管", "楼道灯不亮"]
    before = [tone().likelihood(text) for text in texts]
    order = list(range(len(texts)))
    random.Random(3).shuffle(order)
    assert {number: tone().likelihood(texts[number]) for number in order} == dict(enumerate(before))


@pytest.mark.parametrize("beside", ["今天天气真好，", "上次说的事，"])
def test_what_is_said_beside_a_report_in_a_clause_of_its_own_does_not_silence_it(beside: str) -> None:
    for report in ("三单元的灯又不亮了", "楼道里垃圾堆了三天没人清", "楼上又漏水到我家了"):
        assert understand(beside + report).is_report
