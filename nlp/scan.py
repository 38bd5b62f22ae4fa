"""Find every lexicon term of a text in one pass (Aho-Corasick)."""

from dataclasses import dataclass

import ahocorasick_rs

from nlp.lexicon import Entry, Lexicon


@dataclass(frozen=True, slots=True)
class Hit:
    """A lexicon word where it stands in the normalised text."""

    entry: Entry
    start: int
    end: int

    @property
    def term(self) -> str:
        return self.entry.term


class Scanner:
    """The automaton of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries = lexicon.entries
        self._automaton = ahocorasick_rs.AhoCorasick(
            [entry.term for entry in lexicon.entries],
            implementation=ahocorasick_rs.Implementation.DFA,
        )

    def scan(self, text: str) -> list[Hit]:
        """All occurrences, overlapping ones too, in order of their end."""
        return [
            Hit(self._entries[index], start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
        ]
