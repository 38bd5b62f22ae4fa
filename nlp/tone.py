"""How much a text sounds like a report, by the weights of its short sequences of characters and of its kinds of words.

The lexicon says what a text is about and why; this says whether it is said as residents say that something is
wrong. The weights were learnt from labelled talk (``benchmarks/learn_tone.py``): a second opinion where the lexicon
is not sure, never an opinion of its own on what cannot wait. A word of the lexicon counts by its kind, too
(``elevator/faults``, ``cue/asks``), so that one that nobody has said yet counts like others of its kind.
"""

import json
from array import array
from collections.abc import Iterable
from functools import cache
from math import exp, log, sqrt
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "tone.jsonl"

LONGEST = 120
"""In a longer text a few sequences prove nothing."""

LENGTHS = (1, 2, 3)
"""How many characters the sequences have."""

_FOLD = {
    code: "0" if chr(code).isdigit() else "a" if chr(code).isalpha() else chr(code) if chr(code) in "!?,.~" else " "
    for code in range(128)
}
"""All digits are one, all Latin letters another: codes and markup say nothing of how something is said."""


class Mark(NamedTuple):
    """A stretch of the text that speaks for a report."""

    start: int
    end: int
    weight: float


class Tone:
    """The learnt weights. Immutable."""

    def __init__(self, labels: list[str], bases: list[float], rows: Iterable[tuple[str, list[float]]]) -> None:
        """``bases`` has what speaks for a report and for each label before any sequence is looked at.

        A row has for a sequence, or a kind of words, how rare it is, how much it speaks for a report, and how
        much for each label; all in hundredths, so that sums are exact in any order.
        """
        self._labels, self._bases = labels, bases
        self._index: dict[str, int] = {}
        self._squares, self._shares = array("i"), [array("i") for _ in bases]
        for sequence, (rarity, *shares) in rows:
            self._index[sequence] = len(self._index)
            self._squares.append(round(rarity * 100) ** 2)
            for column, share in zip(self._shares, shares, strict=True):
                column.append(round(share * 100))

    def odds(self, words: str, kinds: Iterable[str]) -> float:
        """The log-odds that a normalised text with such kinds of words is a report."""
        known = self._rows(sequences(words))
        return self._total(0, known, self._length(known), self._rows(kinds))

    def labels(self, words: str, kinds: Iterable[str]) -> dict[str, float]:
        """For each label the logarithm of how likely it is the text's, if that is a report."""
        known, named = self._rows(sequences(words)), self._rows(kinds)
        length = self._length(known)
        totals = [self._total(column, known, length, named) for column in range(1, len(self._bases))]
        highest = max(totals)
        whole = highest + log(sum([exp(total - highest) for total in totals]))
        return {label: total - whole for label, total in zip(self._labels, totals, strict=True)}

    def _total(self, column: int, known: list[int], length: float, named: list[int]) -> float:
        """What speaks for a report (column 0) or for a label, in log-odds."""
        shares = self._shares[column]
        by_sequence, by_kind = sum([shares[row] for row in known]), sum([shares[row] for row in named])
        return self._bases[column] + by_sequence / length + by_kind / 100

    def _length(self, known: list[int]) -> float:
        """By what the shares are divided, so that a long text does not outweigh a short one."""
        squares = self._squares
        return sqrt(sum([squares[row] for row in known])) or 1.0

    def _rows(self, names: Iterable[str]) -> list[int]:
        index = self._index
        return [index[name] for name in names if name in index]

    def marks(self, words: str, count: int) -> list[Mark]:
        """The stretches that speak most for a report, the strongest first, none within another.

        Their weight is in log-odds, as far as one stretch can be told from its neighbours.
        """
        whole, folded = self._length(self._rows(sequences(words))), _folded(words)
        found: list[Mark] = []
        for length in LENGTHS:
            for start in range(len(words) - length + 1):
                row = self._index.get(folded[start : start + length])
                if row is not None and words[start : start + length].isalnum() and self._shares[0][row] > 0:
                    found.append(Mark(start, start + length, self._shares[0][row] / whole))
        chosen: list[Mark] = []
        for mark in sorted(found, key=lambda mark: (-mark.weight, mark.start)):
            if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
                chosen.append(mark)
        return chosen[:count]


def _folded(words: str) -> str:
    return words.translate(_FOLD)


def sequences(words: str) -> set[str]:
    """The sequences of a normalised text, as far as it is folded."""
    folded = _folded(words)
    return {folded[start : start + length] for length in LENGTHS for start in range(len(folded) - length + 1)}


def save(labels: Iterable[str], bases: Iterable[float], rows: dict[str, list[float]]) -> None:
    """Write the table, one sequence a line."""
    head = json.dumps({"labels": list(labels), "bases": list(bases)}, ensure_ascii=False)
    lines = [json.dumps([sequence, *row], ensure_ascii=False, separators=(",", ":")) for sequence, row in rows.items()]
    TABLE.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


@cache
def tone() -> Tone:
    """The project's own weights."""
    with TABLE.open(encoding="utf-8") as file:
        head = json.loads(next(file))
        return Tone(head["labels"], head["bases"], ((sequence, row) for sequence, *row in map(json.loads, file)))
