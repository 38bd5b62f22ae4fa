"""What a line refers to: the matter it answers, the speaker's own of just now, or the one it names."""

from datetime import datetime

from handlers.turn import Turn
from nlp.intent import Ask
from storage.chats import Chat
from storage.issues import Issue, open_in_chat, recent_of
from storage.outbox import OutboxMessage, said_as, said_like


def open_here(turn: Turn, since: datetime | None = None) -> list[Issue]:
    """What was reported in this chat (since then) and is not done with, newest first."""
    chat = turn.known_chat
    return open_in_chat(turn.session, chat.id, since) if chat is not None else []


def is_reporter(turn: Turn, issue: Issue) -> bool:
    """Whether the speaker is who reported it."""
    person = turn.known_person
    return person is not None and issue.reporter_id == person.id


def own_recent(turn: Turn) -> Issue | None:
    """What the speaker just reported here. Of whoever has not, nothing is looked up, and nobody is made known."""
    message = turn.message
    if not turn.memory.has_reported(message.chat, message.sender, turn.now, turn.rules.follow_up_window):
        return None
    chat, person = turn.known_chat, turn.known_person
    if chat is None or person is None:
        return None
    return recent_of(turn.session, person.id, chat.id, turn.now - turn.rules.follow_up_window)


def is_answer(turn: Turn) -> bool:
    """Whether a message answers another one: by its id, or where a platform gives none by its words."""
    return turn.message.reply_to is not None or turn.message.quoted is not None


def answered(turn: Turn) -> Issue | None:
    """The issue that the message replies to: the bot's line about it, or the words that reported it."""
    chat = turn.known_chat
    if not is_answer(turn) or chat is None:
        return None
    line = _answered_line(turn, chat)
    if line is not None and line.issue_id is not None:
        return turn.session.get(Issue, line.issue_id)
    reply_to, quoted = turn.message.reply_to, turn.message.quoted
    known = open_here(turn)
    if reply_to is not None:
        return next((issue for issue in known if issue.source_message == reply_to), None)
    return next((issue for issue in known if quoted is not None and issue.words == quoted.text), None)


def _answered_line(turn: Turn, chat: Chat) -> OutboxMessage | None:
    reply_to, quoted = turn.message.reply_to, turn.message.quoted
    if reply_to is not None:
        return said_as(turn.session, chat.id, reply_to)
    return said_like(turn.session, chat.id, quoted.text) if quoted is not None else None


def answered_number(turn: Turn) -> int | None:
    """The number of the issue whose line, or whose own words, this message answers."""
    issue = answered(turn)
    return issue.number if issue is not None and turn.sees(issue) else None


def matching(turn: Turn, ask: Ask) -> Issue | None:
    """The issue a question is about: by number, by what it replies to, or by the topic it names."""
    if ask.number is not None and turn.community_id is not None:
        return turn.find(ask.number)
    issue = answered(turn)
    if issue is not None:
        return issue if turn.sees(issue) else None
    known = open_here(turn) if turn.named_topics else []
    return next((issue for issue in known if issue.topic in turn.named_topics and turn.sees(issue)), None)
