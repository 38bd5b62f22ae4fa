"""How well messages are understood: precision, recall, domains, urgency, places, and every miss.

    python benchmarks/understanding.py tests/corpus
    python benchmarks/understanding.py FILE.jsonl --part held --train FILE.jsonl tests/corpus

Each line of a file has ``text`` and ``label``, and may have ``topic``, ``also``, ``urgent`` and ``place``.
With ``--train``, TF-IDF over character n-grams with logistic regression (the method of Amsterdam's
Signalen) is trained on the *tune* half of those files and measured on the same rows (needs scikit-learn).
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import FIVE, LABELS, PARTS, PLACE_KEYS, Row, read_rows
from nlp.understand import understand


@dataclass(frozen=True, slots=True)
class Guess:
    """What a classifier made of a row."""

    label: str
    topic: str | None = None
    is_urgent: bool = False
    place: dict[str, str | None] | None = None
    is_weak: bool = False
    weak_topic: str | None = None


def ours(row: Row) -> Guess:
    """The project's own answer."""
    found = understand(row.text)
    return Guess(
        found.label, found.topic, found.is_urgent, found.place.as_dict(), found.is_weak,
        found.runner_up if found.is_weak else None,
    )  # fmt: skip


def trained(train: Sequence[Row], rows: Sequence[Row]) -> list[Guess]:
    """TF-IDF over character n-grams with logistic regression, trained on labelled rows."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True),
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced"),
    )
    known = [row for row in train if row.label in LABELS]
    model.fit([row.text for row in known], [row.label for row in known])
    return [Guess(str(label)) for label in model.predict([row.text for row in rows])]


def is_right(row: Row, guess: Guess) -> bool:
    """Whether the domain is the labelled one or one that is as good."""
    return guess.label == row.label or guess.label in row.also


def share(part: int, whole: int) -> str:
    return f"{part / whole:7.1%} ({part}/{whole})" if whole else "      – (0)"


def macro_f1(pairs: Sequence[tuple[Row, Guess]]) -> float:
    """Mean F1 of the five domains over recognised reports; an equally good domain counts as the labelled one."""
    right, gold, said = Counter[str](), Counter[str](), Counter[str]()
    for row, guess in pairs:
        truth = guess.label if is_right(row, guess) else row.label
        gold[truth] += 1
        said[guess.label] += 1
        right[truth] += truth == guess.label
    scores = [2 * right[domain] / (gold[domain] + said[domain]) for domain in FIVE if gold[domain]]
    return sum(scores) / len(scores) if scores else 0.0


def table(rows: Sequence[Row], guesses: Sequence[Guess]) -> list[tuple[str, str]]:
    """The measures by name."""
    pairs = list(zip(rows, guesses, strict=True))
    reports = [(row, guess) for row, guess in pairs if row.label != "none"]
    chat = [(row, guess) for row, guess in pairs if row.label == "none"]
    heard = [(row, guess) for row, guess in reports if guess.label != "none"]
    five = [(row, guess) for row, guess in heard if row.label in FIVE]
    topics = [(row, guess) for row, guess in five if row.topic]
    urgent = [(row, guess) for row, guess in reports if row.is_urgent]
    placed = [(row, guess) for row, guess in reports if row.place is not None and guess.place is not None]
    false = sum(guess.label != "none" for _, guess in chat)
    result = [
        ("messages: reports / none", f"{len(reports)} / {len(chat)}"),
        ("reports recognised (recall)", share(len(heard), len(reports))),
        ("recognised that are reports (precision)", share(len(heard), len(heard) + false)),
        ("false reports among none", share(false, len(chat))),
        ("domain right among recognised of the five", share(sum(is_right(*pair) for pair in five), len(five))),
        ("macro-F1 over the five", f"{macro_f1(five):7.3f}"),
        ("topic right", share(sum(row.topic == guess.topic for row, guess in topics), len(topics))),
        ("urgent recognised", share(sum(guess.is_urgent for _, guess in urgent), len(urgent))),
        ("false alarms among all reports",
         share(sum(guess.is_urgent and not row.is_urgent for row, guess in reports), len(reports))),
        ("false alarms among none", share(sum(guess.is_urgent for _, guess in chat), len(chat))),
        ("place exact", share(sum(_same_place(*pair) for pair in placed), len(placed))),
    ]  # fmt: skip
    weak = [(row, guess) for row, guess in pairs if guess.is_weak]
    truly = [(row, guess) for row, guess in weak if row.label != "none"]
    result += [
        ("asked in private (the band)", share(len(weak), len(pairs))),
        ("… of these truly reports", share(len(truly), len(weak))),
        ("recognised or asked", share(len(heard) + len(truly), len(reports))),
    ]
    for source in sorted({row.source for row, _ in chat}):
        own = [guess for row, guess in chat if row.source == source]
        result.append((f"false reports in {source}", share(sum(guess.label != "none" for guess in own), len(own))))
    return result


def _same_place(row: Row, guess: Guess) -> bool:
    assert row.place is not None
    assert guess.place is not None
    return all(row.place.get(key) == guess.place.get(key) for key in PLACE_KEYS)


def confusion(rows: Sequence[Row], guesses: Sequence[Guess]) -> str:
    """Labelled as (down) by understood as (across)."""
    counts = Counter((row.label, guess.label) for row, guess in zip(rows, guesses, strict=True))
    lines = ["labelled \\ understood" + "".join(f"{label:>11}" for label in LABELS)]
    for label in LABELS:
        lines.append(f"{label:<21}" + "".join(f"{counts[label, said]:>11}" for said in LABELS))
    return "\n".join(lines)


def misses(rows: Sequence[Row], guesses: Sequence[Guess]) -> list[str]:
    """A line for each message that was not understood as labelled."""
    lines: list[str] = []
    for row, guess in zip(rows, guesses, strict=True):
        wrong: list[str] = []
        if row.label == "report":
            if guess.label == "none":
                wrong.append("not recognised")
        elif not is_right(row, guess):
            wrong.append(f"{row.label}/{row.topic} → {guess.label}/{guess.topic}" + " (asked)" * guess.is_weak)
        elif row.topic and guess.label == row.label and guess.topic != row.topic:
            wrong.append(f"topic {row.topic} → {guess.topic}")
        if row.is_urgent != guess.is_urgent and row.label != "report":
            wrong.append("urgent missed" if row.is_urgent else "false alarm")
        if row.label != "none" and row.place is not None and guess.place is not None and not _same_place(row, guess):
            said = {key: guess.place[key] for key in PLACE_KEYS if guess.place[key] != row.place.get(key)}
            wrong.append(f"place {said}, labelled { {key: row.place.get(key) for key in said} }")
        if wrong:
            lines.append(f"{'; '.join(wrong)}: {row.text}")
    return lines


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--part", choices=PARTS, default="all", help="only this half of the rows, by their text")
    parser.add_argument("--assume", choices=(*LABELS, "report"), help="the label of rows without one")
    parser.add_argument("--train", nargs="+", type=Path, help="measure the trained baseline beside it")
    parser.add_argument("--misses", type=int, default=20, help="how many misses to list")
    options = parser.parse_args()
    rows = list(read_rows(options.files, options.part, options.assume))
    guesses = [ours(row) for row in rows]
    columns = [table(rows, guesses)]
    if options.train:
        learnt = list(read_rows(options.train, "tune"))
        columns.append(table(rows, trained(learnt, rows)))
        print(f"{'':44}{'ours':<24}TF-IDF + logistic regression ({len(learnt)} rows)")
    for index, (name, value) in enumerate(columns[0]):
        print(f"{name:<44}{value:<24}" + (columns[1][index][1] if len(columns) > 1 else ""))
    print("\n" + confusion(rows, guesses) + "\n")
    missed = misses(rows, guesses)
    print(f"misses: {len(missed)}" + (f", the first {options.misses}:" if len(missed) > options.misses else ":"))
    print("\n".join(missed[: options.misses]))


if __name__ == "__main__":
    main()
