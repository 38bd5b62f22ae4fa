"""From what came in to the handler that deals with it."""

from datetime import datetime

# The conversations register their commands when they are imported.
from handlers import assigning, closing, confidential, digest, help, missed, points, progress, sorting, trail, visits  # noqa: F401
from handlers.accounts import logged_in, logged_out, told_gap
from handlers.arguments import BadArguments, parse, take_numbers
from handlers.commands import COMMANDS, Call, index_words, is_slash, read_call, read_press
from handlers.doubts import answer_doubts, finding_of, keep_doubt
from handlers.follow_up import (
    add_detail,
    add_private_detail,
    add_to_answered,
    add_to_own_report,
    correct_own_report,
    follow_up,
    is_same_matter,
    says_more,
    support_chain,
)
from handlers.help import not_understood, opens_report, small_talk
from handlers.joining import is_bare_code
from handlers.messages import Happening
from handlers.news import is_question
from handlers.people import bot_added, bot_removed, chat_moved, member_left
from handlers.permissions import Action, may_anywhere
from handlers.progress import show_card
from handlers.referring import answered_number, is_answer
from handlers.report import file_report
from handlers.taking import hear_of_alert, said_how_it_goes
from handlers.texts import texts
from handlers.turn import Turn
from handlers.visits import cannot_go, read_own_words
from nlp.intent import Intent, is_aside, is_earnest, read_ask
from nlp.meaning import Understanding
from nlp.when import NoSuchTime
from storage.errors import Refused
from storage.outbox import OutboxMessage, last_choice

index_words()

SHORT_CRY = 12
"""Up to this length a line right after an alarm is about it, unless it names a place."""

_HAPPENINGS = {
    Happening.BOT_ADDED: bot_added,
    Happening.BOT_REMOVED: bot_removed,
    Happening.CHAT_MOVED: chat_moved,
    Happening.GAP: told_gap,
    Happening.LOGGED_IN: logged_in,
    Happening.LOGGED_OUT: logged_out,
}
"""What always has an effect. That somebody left may concern nobody."""


def route(turn: Turn) -> None:
    """Handle one message. Raises AlreadyHandled for one that was handled before."""
    happening = turn.message.happening
    if happening in _HAPPENINGS:
        turn.begin()
        _HAPPENINGS[happening](turn)
    elif happening is Happening.MEMBER_LEFT:
        member_left(turn)
    elif happening is Happening.PRESSED:
        _pressed(turn)
    else:
        _said(turn)


def _pressed(turn: Turn) -> None:
    call = read_press(turn.message.press)
    if call is None:
        return  # a forged or an old button
    turn.begin()
    run(turn, call)


def _said(turn: Turn) -> None:
    if turn.message.is_forward and turn.in_group:
        return  # somebody else's words, and perhaps not from here
    if turn.message.original_at is not None:
        _edited(turn, turn.message.original_at)
        return
    call = None if turn.message.is_forward else read_call(turn)
    if call is not None and run(turn, call):
        return
    if is_slash(turn.message.text):
        if not turn.in_group:
            not_understood(turn)
        return
    if is_bare_code(turn):
        run(turn, Call(COMMANDS["加入"], turn.message.text, True))
    elif not (answer_doubts(turn) or _answered_by_number(turn) or _tells_of_visit(turn)):
        _heard(turn)


def _tells_of_visit(turn: Turn) -> bool:
    """What a visitor says to the bot alone in words of their own: planned, moved, done, or they cannot go."""
    if turn.in_group or turn.message.is_forward:
        return False
    own = read_own_words(turn.message.text, turn.now)
    person = turn.known_person if own is not None else None
    if own is not None and person is not None and may_anywhere(person, Action.PLAN_VISIT):
        word, rest = own
        return run(turn, Call(COMMANDS[word], rest, False))
    return cannot_go(turn)


def _edited(turn: Turn, said_at: datetime) -> None:
    """An edit corrects the report it was, or makes a report of a slip of the pen. Commands are not run again."""
    understanding = turn.understood
    if correct_own_report(turn, understanding) or turn.now - said_at > turn.rules.follow_up_window:
        return
    if understanding.is_report and not add_to_own_report(turn, understanding):
        file_report(turn, understanding)


def _heard(turn: Turn) -> None:
    """Plain talk: a follow-up, a report, or chatter that leaves no trace."""
    text = turn.message.text
    if opens_report(turn):
        return
    hear_of_alert(turn)
    try:
        if follow_up(turn, read_ask(text)):
            return
    except Refused as refused:
        turn.begin()
        _refuse(turn, refused)
        return
    understanding = turn.understood
    if not turn.in_group and not turn.message.is_forward and said_how_it_goes(turn):
        return
    if understanding.is_report:
        if _belongs_to_another(turn, understanding):
            return
        if _is_aside(turn, understanding):
            keep_doubt(turn, understanding)
        else:
            file_report(turn, understanding)
    elif support_chain(turn) or add_detail(turn, understanding):
        return
    elif understanding.maybe is not None:
        _heard_weakly(turn, understanding)
    elif not turn.in_group and text.strip():
        _told_alone(turn, understanding)


def _told_alone(turn: Turn, understanding: Understanding) -> None:
    """What is told to the bot alone and is no report by its words: it is answered, noted, or filed as it is."""
    if small_talk(turn) or add_private_detail(turn):
        return
    if is_earnest(turn.message.text):
        _file_likeliest(turn, understanding)
    else:
        not_understood(turn)


def _file_likeliest(turn: Turn, understanding: Understanding) -> None:
    file_report(turn, understanding._replace(findings=(finding_of(understanding),)))


def _belongs_to_another(turn: Turn, understanding: Understanding) -> bool:
    """Whether what sounds like a report says more of one that is there already."""
    if add_to_own_report(turn, understanding) or add_to_answered(turn, understanding):
        return True
    return (understanding.is_vague or says_more(turn, understanding)) and add_detail(turn, understanding)


def _is_aside(turn: Turn, understanding: Understanding) -> bool:
    """Right after a report, a short line that agrees, guesses or grumbles is talk about it, more likely than not.

    So is what is called out where minutes count: 车要泡了，快挪车. With a place of its own, or where minutes count
    for itself, it is taken at its word.
    """
    if not turn.in_group or is_answer(turn) or understanding.place.is_numbered or understanding.is_urgent:
        return False
    chat, window = turn.message.chat, turn.rules.aside_window
    in_alarm = turn.memory.had_alarm(chat, turn.now, window) and len(turn.message.text) <= SHORT_CRY
    just_now = in_alarm or (turn.memory.had_report(chat, turn.now, window) and is_aside(turn.message.text))
    return just_now and not is_same_matter(turn, understanding)


def _heard_weakly(turn: Turn, understanding: Understanding) -> None:
    """Too little to be sure of: in a group a person is asked; whoever speaks to the bot alone means something."""
    if turn.in_group:
        keep_doubt(turn, understanding)
    else:
        _file_likeliest(turn, understanding)


def run(turn: Turn, call: Call) -> bool:
    """Run a command. False where a bare word turned out to be ordinary talk."""
    turn.action = call.command.may
    try:
        calls = _several(turn, call) or [_arguments(turn, call)]
    except BadArguments:
        if turn.in_group and not call.is_explicit:
            return False
        turn.reply(call.command.usage_key)
        return True
    except NoSuchTime as wrong:
        turn.say(turn.chat, texts().say(f"time-{wrong.reason}", **wrong.values))
        return True
    turn.begin()
    with turn.gathered():
        for arguments in calls:
            try:
                call.command.handler(turn, *arguments)
            except BadArguments:  # found out by the handler itself
                turn.reply(call.command.usage_key)
            except Refused as refused:
                _refuse(turn, refused)
    return True


def _arguments(turn: Turn, call: Call) -> list[object]:
    """What the handler asks for. Whoever answers a line about an issue need not repeat its number."""
    try:
        return parse(call.command.handler, call.rest, turn.now)
    except BadArguments:
        number = answered_number(turn)
        if number is None:
            raise
        return parse(call.command.handler, f"{number} {call.rest}", turn.now)


def _several(turn: Turn, call: Call) -> list[list[object]]:
    """The arguments for each of several issues: «办结 34 35 换了灯泡». Empty where only one was named.

    A further number counts only if there is such an issue: «办结 34 110来过» is about one.
    """
    if not call.command.takes_many:
        return []
    numbers, rests = take_numbers(call.rest)
    known = 1
    while known < len(numbers) and turn.find(numbers[known]) is not None:
        known += 1
    if known < 2:
        return []
    words = rests[known - 1]
    return [parse(call.command.handler, f"{number} {words}", turn.now) for number in dict.fromkeys(numbers[:known])]


def _refuse(turn: Turn, refused: Refused) -> None:
    """Say why not. A press in a group gets it as a passing notice: the group need not read along."""
    text = texts().say(refused.key, **refused.values)
    if turn.message.happening is Happening.PRESSED and turn.in_group:
        turn.notice = text
    else:
        turn.say(turn.chat, text, reply_to=turn.message.message_id if turn.in_group else None)


def _answered_by_number(turn: Turn) -> bool:
    """A bare number answers the last line that offered choices: in private, or for the one it was asked of."""
    ask = read_ask(turn.message.text) if len(turn.message.text) <= 8 else None
    if ask is None or ask.intent is not Intent.NUMBER or ask.number is None:
        return False
    choice = _choice(turn)
    if choice is None or not 1 <= ask.number <= len(choice.buttons):
        return not turn.in_group and show_card(turn, ask.number)
    call = read_press(str(choice.buttons[ask.number - 1]["id"]))
    return call is not None and run(turn, call)


def _choice(turn: Turn) -> OutboxMessage | None:
    """What the person was asked; else, where nobody can press, what the whole group was asked just now.

    Where buttons can be pressed a number answers only the question whether it is mended: somebody who wants
    to see 1号 has not claimed it by that.
    """
    chat, person = turn.known_chat, turn.known_person
    if chat is None:
        return None
    since = turn.now - turn.rules.close_after
    asked = last_choice(turn.session, chat.id, person.id, since) if person else None
    if asked is not None and turn.message.can_press and not is_question(asked.buttons):
        asked = None
    if asked is None and turn.in_group and not turn.message.can_press:
        # Anybody's «2» right after the line is meant for it; later it is a two.
        asked = last_choice(turn.session, chat.id, None, turn.now - turn.rules.follow_up_window)
    return asked
