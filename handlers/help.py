"""Help: the few commands a person can use, and what the bot keeps of what it hears."""

from handlers.commands import command
from handlers.texts import texts
from handlers.turn import Turn
from storage.people import Person, Role


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


def not_understood(turn: Turn) -> None:
    """In private, a line that is nothing the bot knows. In a group it stays silent."""
    turn.reply("not-understood")


def help_key(person: Person) -> str:
    """The text key of the help for the most responsible role a person has."""
    if person.has(Role.STAFF, Role.GRID_WORKER, Role.STREET):
        return "help-staff"
    if person.has(Role.BUILDING_HEAD):
        return "help-head"
    return "help-volunteer" if person.has(Role.VOLUNTEER) else "help-resident"
