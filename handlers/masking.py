"""What is taken out of people's words before they are kept or shown."""

import re
import unicodedata

from nlp.normalize import normal_char

_MAX_NAME = 20
_MAX_SHOWN = 160
_CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_DIGIT = "[0-9零〇一二三四五六七八九幺]"
# 18 characters, the last may be X; blanks and dashes between them do not save it
_IDENTITY = re.compile(r"(?<!\d)[1-9](?:[ \-]?\d){16}[ \-]?[\dx](?!\d)")
# 13812345678 · 138 1234 5678 · 一三八一二三四五六七八
_MOBILE = re.compile(rf"(?<!{_DIGIT})[1一幺](?:[ \-.]{{0,2}}{_DIGIT}){{10}}(?!{_DIGIT})")
# NUL and lone halves of characters, which PostgreSQL and UTF-8 refuse
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# 0738-3222222
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ \-]?\d{7,8}(?!\d)")


def clean_name(raw: str) -> str:
    """A shown name without what could disguise it or break a line: controls, bidi marks, line ends."""
    kept = "".join(char for char in raw if unicodedata.category(char)[0] != "C")
    return " ".join(kept.split())[:_MAX_NAME] or "邻居"


def _fold(text: str) -> tuple[str, list[int]]:
    """The text with every digit in plain form, and where each character came from."""
    folded: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        for part in normal_char(char) or "":
            folded.append(part)
            origins.append(index)
    return "".join(folded), origins


def _replace(text: str, pattern: re.Pattern[str], *, keep: bool = False) -> str:
    folded, origins = _fold(text)
    for match in reversed(list(pattern.finditer(folded))):
        start, end = origins[match.start()], origins[match.end() - 1] + 1
        digits = "".join(char for char in match[0].translate(_CHINESE_DIGITS) if char.isdigit())
        text = text[:start] + (f"{digits[:3]}****{digits[-4:]}" if keep else "［证件号已隐去］") + text[end:]
    return text


def redact_identity(text: str) -> str:
    """Identity numbers are never kept, in whatever digits they are written; nor what no database takes as text."""
    return _replace(_UNSTORABLE.sub("", text), _IDENTITY)


def mask_phones(text: str) -> str:
    """138****8000, in whatever digits and with whatever blanks it was written."""
    return _replace(_replace(text, _MOBILE, keep=True), _LANDLINE, keep=True)


def shown_words(text: str) -> str:
    """Somebody's words as others may read them: on one line, short, without numbers of people."""
    line = " ".join("".join(" " if unicodedata.category(char)[0] == "C" else char for char in text).split())
    masked = mask_phones(redact_identity(line))
    return masked if len(masked) <= _MAX_SHOWN else masked[:_MAX_SHOWN] + "…"
