"""Who is who: joining by code, binding a group to its building, the bot's own comings and goings."""

from handlers.arguments import Words
from handlers.commands import command
from handlers.describe import role_and_name
from handlers.texts import texts
from handlers.turn import Turn
from storage.chats import chat_at, group_of, move_chat
from storage.codes import burn_code, use_code
from storage.errors import Refused
from storage.people import Account, Person, Role, holders_up, person_at


@command("加入", name="join")
def join(turn: Turn, words: Words) -> None:
    """Bind this account to the person a code was made for."""
    if turn.in_group:
        turn.begin()
        burn_code(turn.session, turn.rules.secret, words, turn.now)
        turn.reply("code-in-group")
        return
    turn.begin()
    code = use_code(turn.session, turn.rules.secret, words, turn.message.sender, turn.now)
    if code.person is None:
        code.used_at = None
        raise Refused("code-for-group")
    _bind(turn, code.person)
    turn.reply(
        "joined", who=role_and_name(code.person), places=_places(code.person), help=texts().say(help_key(code.person))
    )


def _bind(turn: Turn, person: Person) -> None:
    """The account is this person's from now on; what an unknown resident did from it stays where it is."""
    account = turn.session.get(Account, turn.message.sender)
    if account is None:
        turn.session.add(Account(address=turn.message.sender, person=person, bound_at=turn.now))
    else:
        account.person = person
        account.bound_at = turn.now
    turn.chat.person = person
    turn.session.flush()
    turn.__dict__["person"] = person


def _places(person: Person) -> str:
    return texts().say("list-comma").join(dict.fromkeys(held.place.name for held in person.held()))


@command("绑定", name="bind")
def bind(turn: Turn, words: Words) -> None:
    """Bind this group to the building a code was made for."""
    turn.begin()
    if not turn.in_group:
        raise Refused("bind-in-private")
    code = use_code(turn.session, turn.rules.secret, words, turn.message.sender, turn.now)
    if code.place is None:
        raise Refused("code-wrong")  # a person's code, now burnt: it was shown to the group
    earlier = group_of(turn.session, code.place)
    if earlier is not None and earlier.id != turn.chat.id:
        earlier.place = None
    turn.chat.place = code.place
    heads = holders_up(turn.session, code.place, Role.BUILDING_HEAD)
    head = texts().say("bound-head", who=role_and_name(heads[0])) if heads else ""
    turn.reply("group-bound", building=code.place.name, head=head)


def bot_added(turn: Turn) -> None:
    """The bot came into a group: it says what it is, and what it needs if the group has no building yet."""
    turn.begin()
    turn.say(turn.chat, texts().say("hello-group"))
    if turn.chat.place is None:
        turn.say(turn.chat, texts().say("hello-unbound"))


def bot_removed(turn: Turn) -> None:
    """The bot was put out: the chat is silent from now on, and the staff hear of it."""
    chat = chat_at(turn.session, turn.message.chat)
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


def known_person(turn: Turn) -> Person | None:
    """The speaker, if the bot knows them already."""
    return person_at(turn.session, turn.message.sender)


def help_key(person: Person) -> str:
    """The text key of the help for the most responsible role a person has."""
    if person.has(Role.STAFF, Role.GRID_WORKER, Role.STREET):
        return "help-staff"
    if person.has(Role.BUILDING_HEAD):
        return "help-head"
    return "help-volunteer" if person.has(Role.VOLUNTEER) else "help-resident"
