"""A message that the bot took for talk: whoever is in charge files it by answering it with «报事»."""

from handlers.answers import announce
from handlers.arguments import MaybeWords
from handlers.commands import command
from handlers.corrections import note_correction
from handlers.doubts import finding_of
from handlers.masking import clean_name, shown_words
from handlers.messages import Quoted
from handlers.permissions import Action, may
from handlers.report import Voice, file_finding, file_report, say_joined
from handlers.turn import Turn
from nlp.meaning import Finding
from storage.corrections import CorrectionKind
from storage.domains import find_topic
from storage.errors import Refused
from storage.people import meet
from storage.places import Place


@command("报事", name="report", may=Action.REPORT)
def report(turn: Turn, words: MaybeWords) -> None:
    """File what is quoted, under the topic that is given; without a quote, what follows the word."""
    quoted = turn.message.quoted
    if quoted is not None:
        _file_quoted(turn, quoted, words)
    elif words:
        understanding = turn.understander.understand(words)
        file_report(turn, understanding._replace(findings=understanding.findings or (finding_of(understanding),)))
    else:
        turn.reply("usage-report")


def _file_quoted(turn: Turn, quoted: Quoted, words: str) -> None:
    building = turn.building
    if building is None or building.community_id is None:
        raise Refused("report-no-building")
    understanding = turn.understander.understand(quoted.text)
    finding = _under_topic(finding_of(understanding), words)
    is_in_charge = may(turn.person, Action.RECLASSIFY, building)
    # A quote without its sender's id names nobody: by a nickname nobody is taken for anybody.
    voice = _voice_of(turn, quoted, building) if is_in_charge and quoted.sender else Voice(
        turn.person, turn.chat, turn.message.message_id, quoted.text
    )  # fmt: skip
    if is_in_charge:
        terms = [shown.term for shown in understanding.evidence]
        note_correction(
            turn, building.community_id, CorrectionKind.MISSED, finding.label, finding.topic, quoted.text, terms
        )
    filed = file_finding(turn, finding, building, voice)
    if filed.is_fresh:
        announce(turn, filed.issue)
    else:
        say_joined(turn, filed.issue, filed.is_new_voice)


def _voice_of(turn: Turn, quoted: Quoted, building: Place) -> Voice:
    speaker = meet(turn.session, quoted.sender, clean_name(quoted.name), turn.now, building)
    return Voice(speaker, turn.chat, quoted.message_id, quoted.text)


def _under_topic(finding: Finding, words: str) -> Finding:
    if not words.strip():
        return finding
    found = find_topic(words.strip())
    if found is None:
        raise Refused("topic-unknown", words=shown_words(words))
    return finding._replace(label=found[0], topic=found[1])
