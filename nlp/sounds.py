"""Hear a word in characters that only sound like it (电提, 跳匝, 煤器), by pinyin without tones."""

import json
import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import ahocorasick_rs

from nlp.lexicon import Entry
from nlp.scan import Match

# What the south does not tell apart: zh z, ch c, sh s, n l, ing in, eng en
_MERGED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("^n"), "l"), (re.compile("(?<=[ie])ng$"), "n"))
_FIRST_CODE = 0xE000
"""Syllables are written as private-use characters, one each, so that a text keeps its length."""


def _syllables() -> dict[str, str]:
    """The commonest reading of each character, from pypinyin's own table.

    The file is read by itself: importing the package loads 47,000 phrases (0.2 s, 57 MB) for nothing.
    """
    spec = find_spec("pypinyin")
    if spec is None or spec.origin is None:
        return {}
    table = json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text("utf-8"))
    return {chr(int(code)): _plain(readings.split(",")[0]) for code, readings in table.items() if int(code) <= 0x9FFF}


@cache
def _plain(reading: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFD", reading) if not unicodedata.combining(char))
    for pattern, merged in _MERGED:
        letters = pattern.sub(merged, letters)
    return letters


class Ear:
    """The sounds of some entries of a lexicon. Immutable."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        readings = _syllables()
        used = sorted({readings[char] for entry in entries for char in entry.term if char in readings})
        codes = {syllable: chr(_FIRST_CODE + index) for index, syllable in enumerate(used)}
        self._entries = entries
        self._table = {ord(char): codes[syllable] for char, syllable in readings.items() if syllable in codes}
        self._automaton = ahocorasick_rs.AhoCorasick(
            [entry.term.translate(self._table) for entry in entries],
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def hear(self, text: str) -> list[Match]:
        """Where a word is heard that is not written."""
        found = self._automaton.find_matches_as_indexes(text.translate(self._table), overlapping=True)
        return [
            (self._entries[index].index, start, end)
            for index, start, end in found
            if text[start:end] != self._entries[index].term
        ]
