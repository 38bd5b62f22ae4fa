"""A street's own words beside the project's: taken over when their files change, refused when they do harm."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from nlp.lexicon import LexiconError, load
from nlp.understand import Understander, understander

ORDINARY = Path(__file__).parent / "ordinary.txt"
MOST_FALSE = 0.005
"""The share of ordinary talk that a street's words may turn into reports, above what there is without them."""


@cache
def ordinary_talk() -> tuple[str, ...]:
    """Lines that are no report, many with the lexicon's words in harmless use; one a line, # begins a comment."""
    lines = ORDINARY.read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def false_reports(judged: Understander, talk: Sequence[str]) -> dict[str, list[str]]:
    """The lines taken for a report, by the word that weighed most in it."""
    found: dict[str, list[str]] = {}
    for line in talk:
        understood = judged.understand(line)
        if understood.is_report:
            heaviest = max(understood.evidence, key=lambda shown: shown.weight)
            found.setdefault(heaviest.term, []).append(line)
    return found


def new_false_reports(fresh: Understander, base: Understander) -> dict[str, list[str]]:
    """The lines of ordinary talk that only the fresh one takes for a report, by the word that weighed most."""
    talk = ordinary_talk()
    before = {line for lines in false_reports(base, talk).values() for line in lines}
    found = {term: [line for line in lines if line not in before] for term, lines in false_reports(fresh, talk).items()}
    return {term: lines for term, lines in found.items() if lines}


def load_street(folder: Path) -> Understander:
    """The project's lexicon with a street's folder of files.

    Raises LexiconError for a file that cannot be read, an unknown topic, a word that stands twice, or
    words that fire on ordinary talk.
    """
    fresh = Understander(load(folder))
    talk = ordinary_talk()
    loud = new_false_reports(fresh, understander())
    if sum(map(len, loud.values())) > MOST_FALSE * len(talk):
        term, lines = max(loud.items(), key=lambda item: len(item[1]))
        raise LexiconError(f"{folder.name}: {term!r} fires on ordinary talk, for example «{lines[0]}»")
    return fresh


class StreetLexicon:
    """The understander in force. ``refresh`` takes over changed files; a folder in error changes nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self.current = understander()

    def refresh(self) -> bool:
        """Take over the folder's files if they changed. Returns whether there is a new understander.

        Raises LexiconError once for each change that cannot be used; the old understander stays.
        """
        if self._folder is None:
            return False
        files = sorted(self._folder.glob("*.toml")) if self._folder.is_dir() else []
        seen = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
        if seen == self._seen:
            return False
        self._seen = seen
        self.current = load_street(self._folder) if files else understander()
        return True
