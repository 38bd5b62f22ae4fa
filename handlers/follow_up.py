"""Lines that are no report by themselves but belong to one: a place, a photo, a second voice, a question."""

from handlers.describe import place_words
from handlers.masking import redact_identity, shown_words
from handlers.over import mended, rated
from handlers.points import points_asked
from handlers.progress import answer_progress, answer_progress_private
from handlers.referring import answered, is_answer, is_reporter, matching, open_here, own_recent
from handlers.report import BROAD, say_joined, second
from handlers.taking import claimed, promised
from handlers.turn import Turn
from nlp.intent import Ask, Intent, goes_on, is_chain
from nlp.meaning import Understanding
from storage.issues import MAX_WORDS, Issue, reported_as

_BRIEF = 8
"""敲门没人应 after a fire is of who lives there."""


def follow_up(turn: Turn, ask: Ask | None) -> bool:
    """Handle a line that refers to what was said before. False if it does not."""
    if ask is None:
        return bool(turn.message.photos) and not turn.message.text.strip() and _add_photo(turn)
    match ask.intent:
        case Intent.SUPPORT:
            return _support(turn)
        case Intent.PLACE:
            return _add_place(turn, ask)
        case Intent.POINTS:
            points_asked(turn)
            return True
        case Intent.PROGRESS:
            return _progress(turn, ask)
        case Intent.MENDED | Intent.RESOLVED:
            return mended(turn, ask)
        case Intent.CLAIM:
            return claimed(turn, ask)
        case Intent.PROMISE:
            return promised(turn, ask)
        case Intent.YES | Intent.NO:
            return rated(turn, ask)
        case Intent.NUMBER:
            return False


def add_to_own_report(turn: Turn, understanding: Understanding) -> bool:
    """The same person's next words on the same topic within minutes are a detail, not a new matter."""
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        return False
    issue = own_recent(turn)
    if issue is None or understanding.topic != issue.topic or len(understanding.findings) != 1:
        return False
    if issue.topic in BROAD and turn.understander.names_same(issue.words, turn.message.text) is False:
        return False  # 单元门也关不拢, after a handrail
    said = understanding.place
    if issue.is_elsewhere(said.unit, said.floor, said.room, said.spot) or (
        said.building and said.building not in issue.building.name
    ):
        return False
    say_joined(turn, issue, second(turn, issue, understanding.findings[0]))
    return True


def add_to_answered(turn: Turn, understanding: Understanding) -> bool:
    """A report that answers another one of the same matter is a further voice, wherever it says it is."""
    issue = answered(turn)
    if issue is None or not issue.is_live or not turn.sees(issue):
        return False
    if len(understanding.findings) != 1 or understanding.topic != issue.topic:
        return False
    say_joined(turn, issue, second(turn, issue, understanding.findings[0]))
    return True


def add_detail(turn: Turn, understanding: Understanding) -> bool:
    """The reporter's next words within minutes, or in answer, that say more of the same matter: noted, no more.

    So do words that sound like a report of one knows not what: 五楼，线从屋里拉出来的.
    """
    answers = is_answer(turn)
    if not answers and not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        return False
    issue = answered(turn) if answers else own_recent(turn)
    if issue is None or not issue.is_live or not is_reporter(turn, issue):
        return False
    is_reply = answers and bool(turn.message.text.strip())
    names_it = issue.topic in turn.named_topics
    maybe = understanding.maybe
    is_alike = maybe is not None and (
        (maybe.topic is not None and maybe.topic == issue.topic) or (issue.is_urgent and maybe.label == issue.domain)
    )
    if not (is_reply or names_it or is_alike or understanding.is_vague or says_more(turn, understanding)):
        return False
    if understanding.is_urgent:
        say_joined(turn, issue, second(turn, issue, understanding.findings[0]))
        return True
    place = understanding.place
    turn.begin()
    issue.place_from(place.unit, place.floor, place.room, place.spot)
    issue.detail(turn.person, turn.now, shown_words(turn.message.text))
    turn.react("👌")
    return True


def says_more(turn: Turn, understanding: Understanding) -> bool:
    """Whether a line goes on about what its speaker has just reported, though by itself it sounds like another matter.

    流到楼梯上了 has no subject of its own; and whoever is afraid for somebody reports no lamp (灯也亮着).
    """
    if goes_on(turn.message.text):
        return True
    own = own_recent(turn)
    is_brief = not understanding.is_urgent or len(turn.message.text) <= _BRIEF
    return own is not None and own.is_urgent and understanding.is_report and is_brief


def add_private_detail(turn: Turn) -> bool:
    """What somebody says to the bot alone right after a report, and is nothing by itself, belongs to it."""
    issue = own_recent(turn)
    if issue is None or not issue.is_live:
        return False
    turn.begin()
    issue.detail(turn.person, turn.now, shown_words(turn.message.text))
    turn.reply("detail-noted", number=issue.number)
    return True


def support_chain(turn: Turn) -> bool:
    """A list passed on from hand to hand (接龙) that names an open matter: whoever passes it on has it, too.

    A list of who buys what is nobody's business.
    """
    if not turn.in_group or not is_chain(turn.message.text):
        return False
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window):
        return False
    topics = turn.named_topics
    known = open_here(turn) if topics else []
    issue = next((issue for issue in known if issue.topic in topics and issue.is_live), None)
    if issue is None:
        return False
    say_joined(turn, issue, second(turn, issue))
    return True


def correct_own_report(turn: Turn, understanding: Understanding) -> bool:
    """An edited message that was a report: what it says better now is noted. False if it never was one.

    What is closed stays as it is: history is not rewritten by an edit.
    """
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window):
        return False
    chat = turn.known_chat
    reported = reported_as(turn.session, chat.id, turn.message.message_id) if chat else []
    for issue in reported:
        if issue.is_live and is_reporter(turn, issue):
            _correct(turn, issue, understanding, is_only=len(reported) == 1)
    return bool(reported)


def _correct(turn: Turn, issue: Issue, understanding: Understanding, *, is_only: bool) -> None:
    turn.begin()
    words = redact_identity(turn.message.text)[:MAX_WORDS]
    if words == issue.words:
        return
    issue.words = words
    finding = next((one for one in understanding.findings if one.topic == issue.topic), None)
    if finding is None and is_only and understanding.findings:
        finding = understanding.findings[0]
        issue.reclassify(turn.person, turn.now, finding.label, finding.topic)
    if finding is not None:
        issue.evidence = [shown.as_dict() for shown in finding.evidence]
        issue.unit, issue.floor = finding.place.unit or issue.unit, finding.place.floor or issue.floor
        issue.room, issue.spot = finding.place.room or issue.room, finding.place.spot or issue.spot
    issue.detail(turn.person, turn.now, shown_words(turn.message.text))
    turn.react("👌")


def is_same_matter(turn: Turn, understanding: Understanding) -> bool:
    """Whether a report is of the topic of something that was reported here lately: then it is a further voice."""
    fresh = open_here(turn, turn.now - turn.rules.second_window)
    return any(issue.topic is not None and issue.topic == understanding.topic for issue in fresh)


def _support(turn: Turn) -> bool:
    issue = answered(turn)
    if issue is None and not is_answer(turn) and turn.in_group:
        if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.second_window):
            return False
        fresh = open_here(turn, turn.now - turn.rules.second_window)
        named = turn.named_topics
        issue = next((issue for issue in fresh if not named or issue.topic in named), None)
    if issue is None or not issue.is_live or not turn.sees(issue) or is_reporter(turn, issue):
        return False
    say_joined(turn, issue, second(turn, issue))
    return True


def _add_place(turn: Turn, ask: Ask) -> bool:
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        return False
    issue = own_recent(turn)
    if issue is None or not issue.place_from(ask.place.unit, ask.place.floor, ask.place.room, ask.place.spot):
        return False
    turn.begin()
    issue.detail(turn.person, turn.now, turn.message.text.strip())
    if turn.in_group:
        turn.react("👌")
    else:
        turn.reply("place-noted", number=issue.number, place=place_words(issue))
    return True


def _add_photo(turn: Turn) -> bool:
    issue = answered(turn)
    if issue is None and turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        issue = own_recent(turn)
    if issue is None or not issue.is_live or not turn.sees(issue):
        return False
    turn.begin()
    issue.picture(turn.message.account, turn.message.photos, turn.now)
    turn.react("👌")
    return True


def _progress(turn: Turn, ask: Ask) -> bool:
    issue = matching(turn, ask)
    if issue is None:
        if turn.in_group:
            return False
        return answer_progress_private(turn, turn.named_topics)
    answer_progress(turn, issue)
    return True
