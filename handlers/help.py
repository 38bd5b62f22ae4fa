"""Help: the few commands a person can use, and what the bot keeps of what it hears."""

from handlers.commands import command
from handlers.people import help_key, known_person
from handlers.texts import texts
from handlers.turn import Turn


@command("帮助", name="help")
def help_(turn: Turn) -> None:
    """What one can say here. In a group only the residents' part."""
    turn.begin()
    if turn.in_group:
        turn.reply("help-group")
        return
    turn.say(turn.chat, texts().say(help_key(turn.person)))


@command("隐私", name="privacy")
def privacy(turn: Turn) -> None:
    """What is kept, for how long, and who sees it."""
    turn.reply("privacy")


@command("开始", name="start")
def start(turn: Turn) -> None:
    """The first word in a private chat."""
    if turn.in_group:
        return
    turn.begin()
    person = known_person(turn)
    if person is None or not person.held():
        turn.reply("hello-private")
    else:
        turn.say(turn.chat, texts().say(help_key(turn.person)))


def not_understood(turn: Turn) -> None:
    """In private, a line that is nothing the bot knows. In a group it stays silent."""
    turn.reply("not-understood")
