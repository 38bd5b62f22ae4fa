"""Leaving a group in peace: 安静, and what it would have been told meanwhile, gathered in one line."""

from datetime import timedelta

from handlers.arguments import MaybeWords, parse_length
from handlers.commands import command
from handlers.permissions import Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage.chats import Chat
from storage.due import replan_due
from storage.errors import Refused
from storage.issues import Issue
from storage.local_time import local
from storage.outbox import OutboxState, held_lines

_MOST_LINES = 12
_LONGEST = timedelta(hours=24)
_USUAL = timedelta(hours=2)
_OVER = ("取消", "结束", "恢复", "好了", "off")


@command("安静", name="quiet")
def quiet(turn: Turn, words: MaybeWords) -> None:
    """The bot says nothing in this group for a while, but what is urgent; «安静 取消» ends it."""
    if not turn.in_group:
        turn.reply("quiet-in-group")
        return
    if turn.building is None or not may(turn.person, Action.QUIET, turn.building):
        raise Refused("not-allowed-quiet")
    if words in _OVER:
        end_quiet(turn, turn.chat)
        return
    length = min(parse_length(words) if words else _USUAL, _LONGEST)
    until = turn.now + length
    turn.chat.quiet_until = until
    replan_due(turn.session, "gathered", turn.chat.id, until)
    reply_to = turn.message.message_id
    turn.say(turn.chat, texts().say("quiet", until=f"{local(until):%H:%M}"), reply_to=reply_to, at_once=True)


def end_quiet(turn: Turn, chat: Chat) -> None:
    """Speak again, and say what was held."""
    chat.quiet_until = None
    if not say_gathered(turn, chat):
        turn.say(chat, texts().say("quiet-over"), reply_to=turn.message.message_id, at_once=True)


def say_gathered(turn: Turn, chat: Chat) -> bool:
    """Say in one message what a group was not told one by one. False if there is nothing, or still no time for it."""
    held = held_lines(turn.session, chat.id)
    if not held or (chat.quiet_until is not None and chat.quiet_until > turn.now):
        return False
    for line in held:
        line.state = OutboxState.GATHERED
    lines = list(dict.fromkeys(line.text for line in held))
    shown = lines[-_MOST_LINES:]
    if len(lines) > len(shown):
        shown.insert(0, texts().say("gathered-more", count=len(lines) - len(shown)))
    turn.session.flush()
    issue = turn.session.get(Issue, held[-1].issue_id) if len(held) == 1 and held[0].issue_id else None
    turn.say(chat, "\n".join(shown), issue=issue, at_once=True)
    return True
