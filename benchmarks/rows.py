"""Labelled JSON lines, read and split once and for all."""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIVE = ("safety", "dispute", "care", "sanitation", "civility")
LABELS = (*FIVE, "other", "none")
PLACE_KEYS = ("building", "unit", "floor", "room", "spot")
PARTS = ("tune", "held", "all")


@dataclass(frozen=True, slots=True)
class Row:
    """One message with what it ought to be understood as. ``label`` "report" means any but ``none``."""

    text: str
    label: str
    topic: str | None
    also: frozenset[str]
    is_urgent: bool
    place: dict[str, str | None] | None
    source: str


def part_of(text: str) -> str:
    """Which half a text belongs to; by the text itself, so that copies of it never fall apart."""
    return "tune" if zlib.crc32(text.encode("utf-8", "replace")) % 2 else "held"


def read_rows(paths: Iterable[Path], part: str = "all", assume: str | None = None) -> Iterator[Row]:
    """The rows of files or folders. ``assume`` is the label of rows that have none."""
    for path in paths:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        for file in files:
            for line in file.read_text("utf-8").splitlines():
                raw = json.loads(line)
                if part in {"all", part_of(raw["text"])} and (raw.get("label") or assume):
                    yield _row(raw, raw.get("label") or assume, file.stem)


def _row(raw: dict[str, Any], label: str, stem: str) -> Row:
    also = raw.get("also") or []
    return Row(
        raw["text"], label, raw.get("topic"), frozenset([also] if isinstance(also, str) else also),
        bool(raw.get("urgent")), raw.get("place"), raw.get("source") or stem,
    )  # fmt: skip
