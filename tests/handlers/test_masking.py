"""Numbers of people never come through, however they are written."""

import random

import pytest

from handlers.masking import clean_name, mask_phones, redact_identity, shown_words

CHINESE = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("138 1234 5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("一三八一二三四五六七八", "138****5678"),
        ("0738-3222222", "073****2222"),
        ("下午3点来302", "下午3点来302"),
        ("12号8分", "12号8分"),
    ],
)
def test_a_phone_is_masked(text: str, shown: str) -> None:
    assert mask_phones(text) == shown


@pytest.mark.parametrize(
    "text", ["430522199001011234", "43052219900101123X", "430522 19900101 1234", "４３０５２２１９９００１０１１２３４"]
)
def test_an_identity_number_is_never_kept(text: str) -> None:
    assert "1990" not in redact_identity(f"身份证{text}，").replace("１", "1").replace("９", "9").replace("０", "0")


def test_none_of_ten_thousand_made_up_numbers_comes_through() -> None:
    chance = random.Random(7)
    for _ in range(5000):
        phone = "1" + "".join(str(chance.randrange(10)) for _ in range(10))
        identity = (
            str(chance.randrange(1, 10))
            + "".join(str(chance.randrange(10)) for _ in range(16))
            + chance.choice("0123456789X")
        )
        style = chance.randrange(4)
        written = (
            phone, "".join(chr(ord(digit) + 0xFEE0) for digit in phone), f"{phone[:3]} {phone[3:7]} {phone[7:]}",
            "".join(CHINESE[int(digit)] for digit in phone),
        )[style]  # fmt: skip
        shown = shown_words(f"电话{written}，证件{identity}。")
        assert phone[3:7] not in shown.replace(" ", ""), written
        assert written not in shown
        assert identity[4:14] not in shown


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("王\u202e五", "王五"),
        ("a\r\nERROR fake", "aERROR fake"),
        ("\x00\x00", "邻居"),
        ("x" * 500, "x" * 20),
        ("刘 \u200b 婶", "刘 婶"),
    ],
)
def test_a_name_cannot_disguise_itself(raw: str, name: str) -> None:
    assert clean_name(raw) == name
