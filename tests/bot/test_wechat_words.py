"""What WeChat's messages say, and what only looks like words."""

import time

import pytest

from bot.platforms.wechat_words import parts, plain, read_words, without_mentions

DASHES = "- - - - - - - - - - - - - - -"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("灯坏了[流泪][捂脸]", "灯坏了"),
        ("[三单元]灯坏了", "[三单元]灯坏了"),
        ("灯坏了<br/>三单元", "灯坏了\n三单元"),
        ("水压&lt;1公斤 &amp; 浑", "水压<1公斤 & 浑"),
        ("<3 灯坏了", "<3 灯坏了"),
    ],
)
def test_plain_words(raw: str, words: str) -> None:
    read = read_words(raw)
    assert read is not None
    assert read.text == words


def test_a_quote_in_words_is_parted_from_its_answer() -> None:
    read = read_words(f"「刘婶：3单元\n灯坏了」\n{DASHES}\n我来[强]")
    assert read is not None
    assert (read.text, read.quoted_name, read.quoted_text, read.quoted_id) == ("我来", "刘婶", "3单元\n灯坏了", "")


def test_a_quote_in_xml_says_who_by_id() -> None:
    read = read_words(
        "<msg><appmsg><title>我来</title><type>57</type><refermsg><chatusr>wxid_a</chatusr><displayname>刘婶"
        "</displayname><content>灯坏了</content></refermsg></appmsg></msg>"
    )
    assert read is not None
    assert (read.text, read.quoted_text, read.quoted_id) == ("我来", "灯坏了", "wxid_a")


@pytest.mark.parametrize(
    "raw",
    [
        "<msg><appmsg><title>电梯坏了</title><type>5</type></appmsg></msg>", "<msg>", "<?xml version='1.0'?><msg/>",
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "电梯坏了">]><msg>&b;</msg>',
        "<sysmsg type='revokemsg'></sysmsg>",
        "<msg>" + "<a>" * 10_000 + "电梯坏了", "<msg>" + "x" * 1_000_000,
    ],
)  # fmt: skip
def test_xml_that_is_no_quote_says_nothing(raw: str) -> None:
    assert read_words(raw) is None


@pytest.mark.parametrize("raw", ["「" * 20_000, "「a：" + "-" * 20_000, "[" * 20_000, "@" * 20_000, "<br" * 10_000])
def test_hostile_texts_cost_no_time(raw: str) -> None:
    began = time.perf_counter()
    read_words(raw)
    without_mentions(raw)
    assert time.perf_counter() - began < 1


def test_a_mention_in_front_is_no_word_of_the_report() -> None:
    assert without_mentions("@楼栋小助手\u2005三单元灯坏了") == "三单元灯坏了"
    assert without_mentions("买菜@菜场的三单元灯坏了") == "买菜@菜场的三单元灯坏了"


def test_long_answers_are_parted_at_lines_and_sentences() -> None:
    text = "\n".join(f"{number}号 照明 · 5栋{number}单元 · 已登记，等人认领" for number in range(1, 80))
    pieces = parts(text, 500)
    assert "\n".join(pieces) == text
    assert all(len(piece) <= 500 and piece.endswith("认领") for piece in pieces)
    assert "".join(parts("好" * 1200, 500)) == "好" * 1200
    assert parts("", 500) == []
    assert plain("") == ""
