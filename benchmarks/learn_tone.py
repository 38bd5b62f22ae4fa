"""Learn from labelled talk how reports sound, and write the weights to ``nlp/tone.jsonl``.

    python benchmarks/learn_tone.py tests/corpus --talk FILE.jsonl

Logistic regression over the sequences of ``nlp/tone.py``: whether a message is a report, and which label a report
has. Of each ``--talk`` file, lines with a ``text`` of which none is a report, the *tune* half is learnt from; the
other is left for measuring. Prints how well it does on a tenth that it did not see, ten times over. Needs
scikit-learn (``make bench`` installs it).
"""

import argparse
import sys
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.rows import LABELS, read_rows
from nlp.normalize import normalize
from nlp.street import ordinary_talk
from nlp.tone import LONGEST, save, sequences

FEWEST = 5
"""A sequence that fewer messages have is left out."""

FIRMNESS = 20.0
"""The inverse of how much large weights are held down."""


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
    vectorizer = TfidfVectorizer(analyzer=sequences, min_df=FEWEST, binary=True)
    table = vectorizer.fit_transform(texts)
    is_report = [label != "none" for label in labels]
    whether = LogisticRegression(C=FIRMNESS, max_iter=1000).fit(table, is_report)
    reports = [number for number, held in enumerate(is_report) if held]
    which = LogisticRegression(C=FIRMNESS, max_iter=1000).fit(table[reports], [labels[number] for number in reports])
    check(table, is_report)
    weights = zip(whether.coef_[0], *which.coef_, strict=True)
    save(
        which.classes_.tolist(),
        [round(base, 3) for base in (whether.intercept_[0], *which.intercept_)],
        {
            sequence: [round(float(value), 2) for value in (vectorizer.idf_[number], *row)]
            for (sequence, number), row in zip(sorted(vectorizer.vocabulary_.items()), weights, strict=True)
        },
    )


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
