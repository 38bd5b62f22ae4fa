"""Run by test_fuzz.py as a program of its own: atheris feeds the understanding with what it makes up."""

import sys

import atheris

with atheris.instrument_imports(include=["nlp"]):
    from nlp.intent import read_ask
    from nlp.normalize import normalize
    from nlp.understand import understand

PIECES = (
    "电梯", "坏了", "没", "停水", "3单元", "三楼", "着火", "漏水", "不", "垃圾", "302", "修好了", "？", "，", "。",
    "冇得", "咯", "哒", "楼到", "跳匝", "1" * 30, "ﷺ", "\u200b", "\ud800", "\x00", "🔥", "ｅ", "０", "關", "A7县",
    "关于", "的问题", "怕", "像", "一样", "得", "想死", "接龙", "http://", "[", "{0.__class__}", "%s", "\n", "  ",
)  # fmt: skip


def one(data: bytes) -> None:
    """Anything at all is understood without an error, and every span lies in the text."""
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    for _ in range(provider.ConsumeIntInRange(0, 12)):
        if provider.ConsumeBool():
            parts.append(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)])
        else:
            parts.append(provider.ConsumeUnicode(provider.ConsumeIntInRange(0, 12)))
    text = "".join(parts)
    understood = understand(text)
    for shown in understood.evidence:
        assert 0 <= shown.start < shown.end <= len(text), text
    assert (understood.label == "none") == (not understood.findings)
    assert len(normalize(text).text) <= 4096
    read_ask(text)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
