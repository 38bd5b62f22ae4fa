"""Lines that are no report by themselves but belong to one: a place, a photo, a second voice, a question."""

from datetime import datetime, timedelta

from handlers.arguments import IssueNumber
from handlers.casework import claim
from handlers.closing import ask_if_mended, close_by_reporter, may_be_mended, said_mended, satisfied
from handlers.describe import place_words
from handlers.masking import redact_identity, shown_words
from handlers.permissions import Action, may
from handlers.points import points_asked
from handlers.progress import answer_progress, answer_progress_private
from handlers.report import say_joined, second
from handlers.turn import Turn
from nlp.intent import Ask, Intent, is_chain
from nlp.meaning import Understanding
from storage.chats import Chat
from storage.issues import MAX_WORDS, Issue, Status, open_in_chat, recent_of, reported_as
from storage.outbox import OutboxMessage, last_choice, said_as, said_like

JUST_REPORTED = timedelta(hours=2)
"""修好了 without saying what means what was reported so lately, if that is one matter."""


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
            return _mended(turn, ask)
        case Intent.CLAIM:
            return _claimed(turn, ask)
        case Intent.YES | Intent.NO:
            return _rated(turn, ask)
        case Intent.NUMBER:
            return False


def add_to_own_report(turn: Turn, understanding: Understanding) -> bool:
    """The same person's next words on the same topic within minutes are a detail, not a new matter."""
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        return False
    issue = _own_recent(turn)
    if issue is None or understanding.topic != issue.topic or len(understanding.findings) != 1:
        return False
    said = understanding.place
    contradicts = any(
        known and new and known != new
        for known, new in ((issue.unit, said.unit), (issue.floor, said.floor), (issue.room, said.room))
    )
    if contradicts or (said.building and said.building not in issue.building.name):
        return False
    say_joined(turn, issue, second(turn, issue, understanding.findings[0]))
    return True


def add_to_answered(turn: Turn, understanding: Understanding) -> bool:
    """A report that answers another one of the same matter is a further voice, wherever it says it is."""
    issue = _answered(turn)
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
    issue = _answered(turn) if answers else _own_recent(turn)
    if issue is None or not issue.is_live or not _is_reporter(turn, issue):
        return False
    is_reply = answers and bool(turn.message.text.strip())
    names_it = issue.topic in turn.understander.topics_in(turn.message.text)
    maybe = understanding.maybe
    is_alike = maybe is not None and maybe.topic is not None and maybe.topic == issue.topic
    if not (is_reply or names_it or is_alike or understanding.is_vague):
        return False
    place = understanding.place
    turn.begin()
    issue.place_from(place.unit, place.floor, place.room, place.spot)
    issue.detail(turn.person, turn.now, shown_words(turn.message.text))
    turn.react("👌")
    return True


def _is_reporter(turn: Turn, issue: Issue) -> bool:
    person = turn.known_person
    return person is not None and issue.reporter_id == person.id


def support_chain(turn: Turn) -> bool:
    """A list passed on from hand to hand (接龙) that names an open matter: whoever passes it on has it, too.

    A list of who buys what is nobody's business.
    """
    if not turn.in_group or not is_chain(turn.message.text):
        return False
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window):
        return False
    topics = turn.understander.topics_in(turn.message.text)
    known = _open_here(turn) if topics else []
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
        if issue.is_live and _is_reporter(turn, issue):
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


def _own_recent(turn: Turn) -> Issue | None:
    """What the speaker just reported here. Of whoever has not, nothing is looked up, and nobody is made known."""
    message = turn.message
    if not turn.memory.has_reported(message.chat, message.sender, turn.now, turn.rules.follow_up_window):
        return None
    chat, person = turn.known_chat, turn.known_person
    if chat is None or person is None:
        return None
    return recent_of(turn.session, person.id, chat.id, turn.now - turn.rules.follow_up_window)


def _answered(turn: Turn) -> Issue | None:
    """The issue that the message replies to: the bot's line about it, or the words that reported it."""
    if not is_answer(turn):
        return None
    chat = turn.known_chat
    if chat is None:
        return None
    line = _answered_line(turn, chat)
    if line is not None and line.issue_id is not None:
        return turn.session.get(Issue, line.issue_id)
    reply_to, quoted = turn.message.reply_to, turn.message.quoted
    known = _open_here(turn)
    if reply_to is not None:
        return next((issue for issue in known if issue.source_message == reply_to), None)
    return next((issue for issue in known if quoted is not None and issue.words == quoted.text), None)


def _open_here(turn: Turn, since: datetime | None = None) -> list[Issue]:
    """What was reported in this chat (since then) and is not done with, newest first."""
    chat = turn.known_chat
    return open_in_chat(turn.session, chat.id, since) if chat is not None else []


def is_answer(turn: Turn) -> bool:
    """Whether a message answers another one: by its id, or where a platform gives none by its words."""
    return turn.message.reply_to is not None or turn.message.quoted is not None


def is_same_matter(turn: Turn, understanding: Understanding) -> bool:
    """Whether a report is of the topic of something that was reported here lately: then it is a further voice."""
    fresh = _open_here(turn, turn.now - turn.rules.second_window)
    return any(issue.topic is not None and issue.topic == understanding.topic for issue in fresh)


def _answered_line(turn: Turn, chat: Chat) -> OutboxMessage | None:
    reply_to, quoted = turn.message.reply_to, turn.message.quoted
    if reply_to is not None:
        return said_as(turn.session, chat.id, reply_to)
    return said_like(turn.session, chat.id, quoted.text) if quoted is not None else None


def _support(turn: Turn) -> bool:
    issue = _answered(turn)
    if issue is None and not is_answer(turn) and turn.in_group:
        if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.second_window):
            return False
        fresh = _open_here(turn, turn.now - turn.rules.second_window)
        named = turn.understander.topics_in(turn.message.text)
        issue = next((issue for issue in fresh if not named or issue.topic in named), None)
    if issue is None or not issue.is_live or not turn.sees(issue):
        return False
    say_joined(turn, issue, second(turn, issue))
    return True


def _add_place(turn: Turn, ask: Ask) -> bool:
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        return False
    issue = _own_recent(turn)
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
    issue = _answered(turn)
    if issue is None and turn.memory.had_report(turn.message.chat, turn.now, turn.rules.follow_up_window):
        issue = _own_recent(turn)
    if issue is None or not issue.is_live or not turn.sees(issue):
        return False
    turn.begin()
    issue.picture(turn.message.account, turn.message.photos, turn.now)
    turn.react("👌")
    return True


def _matching(turn: Turn, ask: Ask) -> Issue | None:
    """The issue a question is about: by number, by what it replies to, or by the topic it names."""
    if ask.number is not None and turn.community_id is not None:
        return turn.find(ask.number)
    answered = _answered(turn)
    if answered is not None:
        return answered if turn.sees(answered) else None
    topics = turn.understander.topics_in(turn.message.text)
    known = _open_here(turn) if topics else []
    return next((issue for issue in known if issue.topic in topics and turn.sees(issue)), None)


def _progress(turn: Turn, ask: Ask) -> bool:
    issue = _matching(turn, ask)
    if issue is None:
        if turn.in_group:
            return False
        return answer_progress_private(turn, turn.understander.topics_in(turn.message.text))
    answer_progress(turn, issue)
    return True


def _mended(turn: Turn, ask: Ask) -> bool:
    """修好了: from the reporter it closes the matter; from others it is news for the handler.

    Where it names no matter and the speaker has just one here, they are asked whether it is that one.
    """
    if not ask.is_plain:
        return not turn.understood.is_report and _offer_closing(turn)
    issue = _matching(turn, ask)
    if issue is None and ask.number is None and not turn.understander.topics_in(turn.message.text):
        return _offer_closing(turn)
    if issue is None or issue.status not in {Status.OPEN, Status.CLAIMED, Status.RESOLVED}:
        return False
    if _is_reporter(turn, issue):
        close_by_reporter(turn, issue)
    elif issue.is_live:
        said_mended(turn, issue, ask.words)
    return True


def _claimed(turn: Turn, ask: Ask) -> bool:
    """34号我来, or 我来 in answer to a line. From somebody who may not it is a kind word, and no claim."""
    issue = turn.find(ask.number) if ask.number is not None and turn.community_id is not None else _answered(turn)
    person = turn.known_person
    if issue is None or not issue.is_live or person is None or not may(person, Action.CLAIM, issue):
        return False
    turn.begin()
    claim(turn, IssueNumber(issue.number))
    return True


def answered_number(turn: Turn) -> int | None:
    """The number of the issue whose line, or whose own words, this message answers."""
    issue = _answered(turn)
    return issue.number if issue is not None and turn.sees(issue) else None


def _offer_closing(turn: Turn) -> bool:
    """What is over is not named: the speaker's one matter, or else the one that was just reported here."""
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window):
        return False
    live = [issue for issue in _open_here(turn) if issue.is_live and turn.sees(issue)]
    own = [issue for issue in live if _is_reporter(turn, issue)]
    meant = own or live
    if len(own) != 1:
        meant = [issue for issue in meant if turn.now - issue.reported_at <= JUST_REPORTED]
    if len(meant) != 1:
        return False
    if own:
        ask_if_mended(turn, meant[0])
    else:
        may_be_mended(turn, meant[0])
    return True


def _asked_about(turn: Turn, ask: Ask) -> Issue | None:
    """The issue whose reporter was asked last here. In a group a mere 好 or 是的 is talk, and no answer."""
    if turn.in_group and not ask.is_plain:
        return None
    chat, person = turn.known_chat, turn.known_person
    if chat is None or person is None:
        return None
    asked = last_choice(turn.session, chat.id, person.id, turn.now - turn.rules.close_after)
    return turn.session.get(Issue, asked.issue_id) if asked is not None and asked.issue_id is not None else None


def _rated(turn: Turn, ask: Ask) -> bool:
    """好了 or 没好 to the question whether it is mended: as a reply, or from the very person who was asked."""
    issue = _answered(turn) if is_answer(turn) else _asked_about(turn, ask)
    if issue is not None and is_answer(turn) and ask.is_plain and ask.intent is Intent.YES and issue.is_live:
        return _mended(turn, ask)  # 修好了 under a line about an open issue
    if issue is None or issue.status != Status.RESOLVED or not _is_reporter(turn, issue):
        return False
    satisfied(turn, issue, is_satisfied=ask.intent is Intent.YES)
    return True
