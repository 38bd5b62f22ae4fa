"""Comings and goings: the bot's own in a group, and those of its members."""

from handlers.assigning import hand_over
from handlers.describe import role_and_name
from handlers.texts import texts
from handlers.turn import Turn
from storage.chats import move_chat
from storage.people import Role, holders_up


def bot_added(turn: Turn) -> None:
    """The bot came into a group: it says what it is, and what it needs if the group has no building yet."""
    turn.begin()
    turn.say(turn.chat, texts().say("hello-group"))
    if turn.chat.place is None:
        turn.say(turn.chat, texts().say("hello-unbound"))


def bot_removed(turn: Turn) -> None:
    """The bot was put out: the chat is silent from now on, and the staff hear of it."""
    chat = turn.known_chat
    if chat is None:
        return
    turn.begin()
    chat.is_active = False
    if chat.is_group and chat.place is not None:
        for person in holders_up(turn.session, chat.place, Role.STAFF):
            turn.tell(person, texts().say("bot-removed", building=chat.place.name))


def chat_moved(turn: Turn) -> None:
    """A group became a supergroup and has another address now."""
    turn.begin()
    move_chat(turn.session, turn.message.chat, turn.message.moved_to)


def member_left(turn: Turn) -> None:
    """Somebody left a building's group: they are no resident or volunteer of it any more.

    What they carried there is open again. That a head left is told to the staff, who decide about the role.
    """
    chat, person = turn.known_chat, turn.known_person
    if chat is None or chat.place is None or person is None:
        return
    here = [held for held in person.held() if held.place_id == chat.place_id]
    if not here:
        return
    turn.begin()
    for held in here:
        if held.role in {Role.RESIDENT, Role.VOLUNTEER}:
            held.ended_at = turn.now
    turn.session.flush()
    hand_over(turn, person, chat.place)
    if any(held.role == Role.BUILDING_HEAD for held in here):
        text = texts().say("head-left", who=role_and_name(person), building=chat.place.name)
        for one in holders_up(turn.session, chat.place, Role.STAFF):
            turn.tell(one, text)
