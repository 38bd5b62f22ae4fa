"""``loudong lexicon``: go through corrections, take over the words they teach, check a street's own files."""

from pathlib import Path

from bot.config import Settings
from nlp.learn import Example, Proposal, propose, write_terms
from nlp.lexicon import LexiconError
from nlp.street import MOST_FALSE, load_street, ordinary_talk
from storage.corrections import Correction, CorrectionKind, CorrectionState, new_corrections, settle
from storage.database import Database
from storage.domains import TOPICS

_KIND_WORDS = {
    CorrectionKind.RELABELLED: "relabelled",
    CorrectionKind.INVALID: "no report",
    CorrectionKind.MISSED: "missed",
    CorrectionKind.ASKED_YES: "asked: yes",
    CorrectionKind.ASKED_NO: "asked: no",
}


def review(settings: Settings, database: Database, *, accept: list[int], refuse: list[int]) -> list[str]:
    """The lines to print. Proposals are numbered anew at each call; accepting or refusing settles their examples."""
    with database.transaction() as session:
        corrections = new_corrections(session)
        proposals = propose([_example(one) for one in corrections], settings.lexicon_folder())
        if not accept and not refuse:
            return _table(corrections, proposals)
        if wrong := [number for number in (*accept, *refuse) if not 1 <= number <= len(proposals)]:
            return [f"there is no proposal {wrong[0]}; nothing was changed"]
        taken = [proposals[number - 1] for number in accept]
        lines = _take_over(settings.lexicon_folder(), taken)
        for numbers, state in ((accept, CorrectionState.USED), (refuse, CorrectionState.REFUSED)):
            settle(session, [ex.number for number in numbers for ex in proposals[number - 1].examples], state)
        return [*lines, *(f"refused: {proposals[number - 1].term}" for number in refuse)]


def _take_over(folder: Path, taken: list[Proposal]) -> list[str]:
    """Write the words, and take them back if the lexicon cannot be used with them. Raises LexiconError."""
    if not taken:
        return []
    learnt = folder / "learnt.toml"
    before = learnt.read_bytes() if learnt.exists() else None
    write_terms(folder, [(proposal.topic, proposal.term) for proposal in taken])
    try:
        load_street(folder)
    except LexiconError:
        if before is None:
            learnt.unlink()
        else:
            learnt.write_bytes(before)
        raise
    words = ", ".join(proposal.term for proposal in taken)
    return [f"accepted: {words}; written to {learnt}. A running bot takes them over within a minute."]


def _example(correction: Correction) -> Example:
    topic = None if correction.label == "none" else correction.topic or "other"
    return Example(correction.id, correction.words, topic, tuple(correction.terms))


def _table(corrections: list[Correction], proposals: list[Proposal]) -> list[str]:
    counts = {word: sum(one.kind == kind for one in corrections) for kind, word in _KIND_WORDS.items()}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    lines = [f"{len(corrections)} corrections not gone through yet" + (f" ({told})" if told else "")]
    misled: dict[str, int] = {}
    for one in corrections:
        if one.label == "none":
            for term in set(one.terms):
                misled[term] = misled.get(term, 0) + 1
    if misled:
        worst = sorted(misled.items(), key=lambda item: (-item[1], item[0]))[:8]
        lines.append("words that misled: " + ", ".join(f"{term} ×{count}" for term, count in worst))
    for number, proposal in enumerate(proposals, 1):
        lines += _told(number, proposal)
    if proposals:
        lines.append("take over: loudong lexicon review --accept 1 --refuse 2")
    return lines


def _told(number: int, proposal: Proposal) -> list[str]:
    name = TOPICS[proposal.topic].name if proposal.topic in TOPICS else "其他诉求"
    what = f"{name} ({proposal.topic}), weight {proposal.weight}" if proposal.topic else "means nothing in this phrase"
    lines = [f"{number}. «{proposal.term}» → {what}: mends {proposal.mended}, harms {len(proposal.harmed)}"]
    lines += [f"     + {example.words}" for example in proposal.examples[:3]]
    return lines + [f"     - {line}" for line in proposal.harmed[:3]]


def check(folder: Path) -> list[str]:
    """Whether a street's folder can be used. Raises LexiconError with what is wrong."""
    street = load_street(folder)
    limit = int(MOST_FALSE * len(ordinary_talk()))
    return [f"{folder}: can be used; {street.lexicon.term_count} words with the project's own "
            f"(at most {limit} of {len(ordinary_talk())} lines of ordinary talk may turn into reports)"]  # fmt: skip
