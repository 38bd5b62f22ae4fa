"""How much a text sounds like a report, by the weights of its short sequences of characters.

The lexicon says what a text is about and why; this says whether it is said as residents say that something is
wrong. The weights were learnt from labelled talk (``benchmarks/learn_tone.py``): a second opinion where the lexicon
is not sure, never an opinion of its own on what cannot wait.
"""

import json
from array import array
from collections.abc import Iterable
from functools import cache
from math import exp, sqrt
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

        A row has for a sequence how rare it is, how much it speaks for a report, and how much for each label.
        """
        self._labels, self._bases = labels, bases
        self._index: dict[str, int] = {}
        self._rarity, self._weights = array("f"), [array("f") for _ in bases]
        for sequence, (rarity, *weights) in rows:
            self._index[sequence] = len(self._index)
            self._rarity.append(rarity)
            for column, weight in zip(self._weights, weights, strict=True):
                column.append(weight)

    def likelihood(self, words: str) -> float:
        """How likely the words of a normalised text are a report, from 0 to 1."""
        return 1 / (1 + exp(-self._totals(words, 1)[0]))

    def label(self, words: str) -> str:
        """The label that a report in these words most likely has."""
        totals = self._totals(words, len(self._bases))[1:]
        return self._labels[totals.index(max(totals))]

    def _totals(self, words: str, count: int) -> list[float]:
        """What speaks for a report and, with a larger count, for the labels, in log-odds."""
        known = self._known(words)
        rarity, length = self._rarity, self._length(known)
        return [
            base + sum([rarity[row] * weights[row] for row in known]) / length
            for base, weights in zip(self._bases[:count], self._weights[:count], strict=True)
        ]

    def _length(self, known: list[int]) -> float:
        """By what the weights are divided, so that a long text does not outweigh a short one."""
        return sqrt(sum([self._rarity[row] * self._rarity[row] for row in known])) or 1.0

    def marks(self, words: str, count: int) -> list[Mark]:
        """The stretches that speak most for a report, the strongest first, none within another.

        Their weight is in log-odds, as far as one stretch can be told from its neighbours.
        """
        whole, folded = self._length(self._known(words)), _folded(words)
        found: list[Mark] = []
        for length in LENGTHS:
            for start in range(len(words) - length + 1):
                row = self._index.get(folded[start : start + length])
                if row is not None and words[start : start + length].isalnum() and self._weights[0][row] > 0:
                    weight = self._rarity[row] * self._weights[0][row] / whole
                    found.append(Mark(start, start + length, weight))
        chosen: list[Mark] = []
        for mark in sorted(found, key=lambda mark: (-mark.weight, mark.start)):
            if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
                chosen.append(mark)
        return chosen[:count]

    def knows(self, word: str) -> bool:
        """Whether every two characters of a word stood together in the texts that were learnt from."""
        folded = _folded(word)
        return all(folded[start : start + 2] in self._index for start in range(max(len(folded) - 1, 1)))

    def _known(self, words: str) -> list[int]:
        """The rows of its sequences, in an order that depends on nothing else."""
        return sorted([self._index[sequence] for sequence in sequences(words) & self._index.keys()])


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
