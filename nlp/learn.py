"""Propose words for a street's lexicon from corrections, with the examples and the effect they would have."""

import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from nlp.lexicon import SPECIFIC_FAULT, WEIGHTS, Lexicon, load
from nlp.normalize import normalize
from nlp.segment import Segmenter
from nlp.street import new_false_reports, ordinary_talk
from nlp.understand import Understander, understander

LONGEST_WORDS = 3
SHORTEST, LONGEST = 2, 8
"""A proposed term has so many characters: one says too little, a sentence comes only once."""


class Example(NamedTuple):
    """A corrected message: what it ought to be. ``topic`` is None for no report; ``terms`` are what misled."""

    number: int
    words: str | None
    topic: str | None
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A term for a topic, or (topic None) a phrase in which a word means nothing."""

    topic: str | None
    term: str
    weight: float
    examples: tuple[Example, ...]
    mended: int
    """How many of all corrected messages are understood rightly with it that were not before."""
    harmed: tuple[str, ...]
    """The ordinary lines that would be taken for reports."""


def propose(examples: Sequence[Example], folder: Path | None = None) -> list[Proposal]:
    """The terms that mend most corrected messages, the most useful first; such as do harm are shown with it."""
    base = understander(folder)
    wrong = [example for example in examples if example.words and not _is_right(base, example)]
    segmenter = Segmenter(base.lexicon)
    candidates: dict[tuple[str | None, str], list[Example]] = {}
    for example in wrong:
        for term in _terms_of(example, segmenter, base.lexicon):
            candidates.setdefault((example.topic, term), []).append(example)
    talk = "\n".join(ordinary_talk())
    # What is said in talk tells nothing; of the rest that which most examples share, and a word before a phrase.
    ranked = sorted(
        ((key, held) for key, held in candidates.items() if key[0] is None or key[1] not in talk),
        key=lambda item: (-len(item[1]), len(segmenter.words(item[0][1])), -len(item[0][1]), item[0][1]),
    )
    chosen: list[Proposal] = []
    covered: set[int] = set()
    for (topic, term), held in ranked:
        if all(example.number in covered for example in held):
            continue
        tried = _try(topic, term, folder)
        mended = [example for example in wrong if _is_right(tried, example)]
        if not mended:
            continue
        covered |= {example.number for example in mended}
        harmed = tuple(line for lines in new_false_reports(tried, base).values() for line in lines)
        weight = 0.0 if topic is None else SPECIFIC_FAULT if len(term) >= 4 else WEIGHTS["faults"]
        chosen.append(Proposal(topic, term, weight, tuple(held), len(mended), harmed))
    return chosen


def write_terms(folder: Path, terms: Iterable[tuple[str | None, str]]) -> None:
    """Add terms to a street's folder, one file for all that were learnt.

    The file is the program's own: sorted, and replaced as a whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "learnt.toml"
    held = _read_learnt(path)
    for topic, term in terms:
        held.setdefault(topic or "harmless", set()).add(term)
    lines = ["# Words learnt from corrections. Edit freely; `loudong lexicon check` tells whether they can be used."]
    for topic in sorted(held):
        key = "phrases" if topic == "harmless" else "faults"
        words = "".join(f'    "{word}",\n' for word in sorted(held[topic]))
        lines.append(f"\n[{topic}]\n{key} = [\n{words}]")
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n", "utf-8")
    fresh.replace(path)


def _read_learnt(path: Path) -> dict[str, set[str]]:
    if not path.exists():
        return {}
    table = tomllib.loads(path.read_text("utf-8"))
    return {topic: set(spec.get("faults", [])) | set(spec.get("phrases", [])) for topic, spec in table.items()}


def _is_right(judged: Understander, example: Example) -> bool:
    understood = judged.understand(example.words or "")
    if example.topic is None:
        return not understood.is_report
    return understood.is_report and (understood.topic or "other") == example.topic


def _try(topic: str | None, term: str, folder: Path | None) -> Understander:
    """An understander with one more term, in a folder that is gone when it is read."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        for file in folder.glob("*.toml") if folder is not None and folder.is_dir() else ():
            (trial / file.name).write_text(file.read_text("utf-8"), "utf-8")
        write_terms(trial, [(topic, term)])
        return Understander(load(trial))


def _terms_of(example: Example, segmenter: Segmenter, lexicon: Lexicon) -> Iterator[str]:
    text = normalize(example.words or "").text
    known = {entry.term for entry in lexicon.entries if any(term.topic == example.topic for term in entry.topics)}
    words = segmenter.words(text)
    for count in range(1, LONGEST_WORDS + 1):
        for start in range(len(words) - count + 1):
            term = "".join(words[start : start + count])
            if not SHORTEST <= len(term) <= LONGEST or not all("\u4e00" <= char <= "\u9fff" for char in term):
                continue
            if example.topic is None:
                if len(term) >= 3 and any(misled in term for misled in example.terms):
                    yield term
            elif term not in known:
                yield term
