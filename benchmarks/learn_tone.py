"""Learn from labelled talk how reports sound, and write the weights to ``nlp/tone.jsonl``.

    python benchmarks/learn_tone.py tests/corpus --talk FILE.jsonl

Logistic regression over the sequences of ``nlp/tone.py`` and the kinds of the lexicon's words: whether a message is
a report, and which label a report has. Of each ``--talk`` file, lines with a ``text`` of which none is a report, the
*tune* half is learnt from; the other is left for measuring. Prints how well it does on a tenth that it did not see,
ten times over. Needs scikit-learn (``make bench`` installs it).
"""

import argparse
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.rows import LABELS, read_rows
from nlp.lexicon import load
from nlp.normalize import normalize
from nlp.street import ordinary_talk
from nlp.tone import LONGEST, save, sequences
from nlp.understand import Understander

FEWEST, FEWEST_KINDS = 8, 3
"""A sequence, or a kind of words, that fewer messages have is left out."""

FIRMNESS = 20.0
"""The inverse of how much large weights are held down."""

KIND = 0.3
"""What a kind of words counts beside the sequences, which together come to 1."""


def main() -> None:
    """Learn, report and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--talk", nargs="*", type=Path, default=[])
    options = parser.parse_args()
    rows = [(row.text, row.label) for row in read_rows(options.data) if row.label in LABELS]
    rows += [(line, "none") for line in ordinary_talk()]
    rows += [(row.text, row.label) for row in read_rows(options.talk, "tune", "none")]
    texts, labels = zip(*((normalize(text).text, label) for text, label in rows if len(text) <= LONGEST), strict=True)
    by_sequence = TfidfVectorizer(analyzer=sequences, min_df=FEWEST, binary=True)
    by_kind = CountVectorizer(analyzer=kinds, min_df=FEWEST_KINDS, binary=True)
    table = hstack([by_sequence.fit_transform(texts), by_kind.fit_transform(texts) * KIND]).tocsr()
    is_report = [label != "none" for label in labels]
    whether = LogisticRegression(C=FIRMNESS, max_iter=1000).fit(table, is_report)
    reports = [number for number, held in enumerate(is_report) if held]
    which = LogisticRegression(C=FIRMNESS, max_iter=1000).fit(table[reports], [labels[number] for number in reports])
    check(table, is_report)
    weights = list(zip(whether.coef_[0], *which.coef_, strict=True))
    learnt = {
        sequence: shares(by_sequence.idf_[number], weights[number])
        for sequence, number in sorted(by_sequence.vocabulary_.items())
    } | {
        kind: shares(KIND, weights[len(by_sequence.idf_) + number])
        for kind, number in sorted(by_kind.vocabulary_.items())
    }
    save(
        which.classes_.tolist(),
        [round(base, 3) for base in (whether.intercept_[0], *which.intercept_)],
        learnt,
    )


def shares(factor: float, weights: Sequence[float]) -> list[float]:
    """How rare something is, or what else it counts with, and what it then speaks for each thing."""
    return [round(float(value), 2) for value in (factor, *(factor * weight for weight in weights))]


@cache
def reader() -> Understander:
    """With the project's lexicon; what it has learnt of tone before is not asked."""
    return Understander(load())


def kinds(words: str) -> set[str]:
    return reader().sound(words).kinds(0, len(words))


def check(table: object, is_report: list[bool]) -> None:
    """How it does on what it did not see."""
    guessed = cross_val_predict(
        LogisticRegression(C=FIRMNESS, max_iter=1000), table, is_report, cv=10, method="predict_proba"
    )[:, 1]
    for limit in (0.2, 0.5, 0.9):
        caught = sum(held and guess > limit for held, guess in zip(is_report, guessed, strict=True))
        wrong = sum(not held and guess > limit for held, guess in zip(is_report, guessed, strict=True))
        print(f"above {limit}: {caught / sum(is_report):.1%} of reports, {wrong / is_report.count(False):.1%} of talk")


if __name__ == "__main__":
    main()
