"""Putting issues right: another topic, none at all, two that are one, one that is two, a further voice."""

from dataclasses import replace

from handlers.answers import announce
from handlers.arguments import BadArguments, IssueNumber, Words, take_numbers
from handlers.commands import command
from handlers.corrections import correct_issue
from handlers.doubts import finding_of
from handlers.escalation import expect_action, stop_clocks
from handlers.masking import shown_words
from handlers.news import say_where_reported, tell_news, tell_private_supporters
from handlers.permissions import Action
from handlers.report import Voice, register, say_joined, second
from handlers.texts import texts
from handlers.turn import Turn
from storage.corrections import CorrectionKind
from storage.domains import find_topic, topic_name
from storage.errors import Refused


@command("无效", name="invalid", may=Action.INVALIDATE)
def invalidate(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Staff or head: it is no matter for the building team, for a reason that the reporter sees."""
    issue = turn.issue(number)
    correct_issue(turn, issue, CorrectionKind.INVALID, "none", None)
    issue.invalidate(by=turn.person, at=turn.now, reason=shown_words(words))
    stop_clocks(turn, issue)
    tell_news(turn, issue, "issue-invalid", words=shown_words(words))
    tell_private_supporters(turn, issue, "issue-invalid", words=shown_words(words))


@command("改类", name="relabel", may=Action.RECLASSIFY)
def reclassify(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Correct the topic."""
    issue = turn.issue(number)
    found = find_topic(words)
    if found is None:
        raise Refused("topic-unknown", words=shown_words(words))
    correct_issue(turn, issue, CorrectionKind.RELABELLED, *found)
    issue.reclassify(turn.person, turn.now, *found)
    if issue.is_live:
        expect_action(turn, issue, anew=True)
    text = texts().say(
        "issue-reclassified", number=issue.number, title=issue.title, domain=topic_name(issue.domain, None)
    )
    if turn.in_group and not issue.is_public:  # it has just become a private one
        turn.reply_privately(text)
    else:
        turn.reply_with(text)


@command("合并", name="merge", may=Action.MERGE)
def merge(turn: Turn, number: IssueNumber, others: Words) -> None:
    """These issues are one: the first number stays, the others live on in it."""
    issue = turn.issue(number)
    numbers = _numbers(others)
    for other in numbers:
        gone = turn.issue(other)
        gone.merge_into(issue, turn.person, turn.now)
        stop_clocks(turn, gone)
        if gone.handler is not None and gone.handler_id not in {turn.person.id, issue.handler_id}:
            turn.tell(gone.handler, texts().say("issue-merged", number=gone.number, into=issue.number), issue=gone)
        if gone.chat_id != turn.chat.id and gone.chat_id != issue.chat_id:
            say_where_reported(turn, gone, texts().say("issue-merged", number=gone.number, into=issue.number))
    merged = texts().say("list-comma").join(str(other) for other in numbers)
    tell_news(turn, issue, "issue-absorbed", others=merged, count=issue.voices)


def _numbers(words: str) -> list[int]:
    numbers, rests = take_numbers(words.lstrip("到入进和与、, "))
    if not numbers or rests[-1].strip():
        raise BadArguments
    return numbers


@command("拆分", name="split", may=Action.MERGE)
def split(turn: Turn, number: IssueNumber, words: Words) -> None:
    """A report spoke of two matters: the one in these words gets a number of its own."""
    issue = turn.issue(number)
    if not issue.is_live:
        raise Refused("issue-not-open", number=number, status=issue.status)
    finding = finding_of(turn.understander.understand(words))
    place = finding.place
    if not (place.unit or place.floor or place.spot):
        place = replace(place, unit=issue.unit, floor=issue.floor, room=issue.room)
    voice = Voice(issue.reporter, issue.chat, issue.source_message, words, issue.is_anonymous)
    fresh = register(turn, finding._replace(place=place), issue.building, voice)
    issue.split_off(turn.person, turn.now, fresh.number)
    announce(turn, fresh)
    if turn.chat.id != fresh.chat_id:
        turn.reply("issue-split", number=issue.number, fresh=fresh.number, title=fresh.title)


@command("附议", "我也是", name="metoo", may=Action.READ)
def me_too(turn: Turn, number: IssueNumber) -> None:
    """The same trouble here."""
    turn.action = None
    issue = turn.issue(number)
    if not issue.is_live:
        raise Refused("issue-not-open", number=number, status=issue.status)
    if issue.reporter_id == turn.person.id or any(one.person_id == turn.person.id for one in issue.supporters):
        turn.begin()
        turn.notice = texts().say("already-counted", number=issue.number)
        return
    say_joined(turn, issue, second(turn, issue))
