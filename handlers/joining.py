"""Joining in three steps: a code from the community, the group bound to its building, the first list."""

import re

from handlers.arguments import MaybeWords, Words
from handlers.assigning import hand_over
from handlers.commands import command
from handlers.describe import role_and_name
from handlers.help import help_key
from handlers.permissions import HANDS_OUT, Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage import audit
from storage.chats import group_of
from storage.codes import JoinCode, burn_code, find_code, issue_code, use_code
from storage.errors import Refused
from storage.people import ROLE_WORDS, Account, Person, Role, RoleHeld, holders_up, roles_within
from storage.places import Place, PlaceKind, building_by_number, place_named

# ABCD-EFGH, as it is handed out; eight letters without the dash may be a word
_CODE = re.compile(r"^[A-Za-z2-7]{4}\s?[-–—－]\s?[A-Za-z2-7]{4}$|^[A-Z2-7]{8}$")
# 楼栋长 5栋 张建国 · 志愿者 周小满 · 群 5栋
_FOR = re.compile(r"^(?P<role>\S+?)(?:\s+(?P<place>\S*(?:栋|幢|座|号楼|网格|社区)))?(?:\s+(?P<name>\S{1,20}))?\s*$")
GROUP_WORDS = ("群", "楼栋群", "绑定")


@command("发码", name="code", may=Action.ISSUE_CODES, is_private=True)
def hand_out_code(turn: Turn, words: Words) -> None:
    """Make a one-time code for a role, a place and a name, to be handed on; or one that binds a group."""
    if turn.in_group:
        turn.reply("code-in-private")
        return
    match = _FOR.match(words)
    if match is None:
        raise Refused("usage-code")
    if match["role"] in GROUP_WORDS:
        _hand_out_group_code(turn, match["place"] or match["name"] or "")
        return
    role = ROLE_WORDS.get(match["role"])
    if role is None:
        raise Refused("usage-code")
    place = _place_for(turn, role, match["place"])
    code = issue_code(turn.session, turn.rules.secret, turn.now, place=place, role=role, name=match["name"])
    _note(turn, audit.Look.CODE, place, f"{role} {place.name}")
    title = texts().say(f"role-{role.replace('_', '-')}")
    turn.reply("code-made", title=title, place=place.name, name=match["name"] or "", code=code)


def _hand_out_group_code(turn: Turn, name: str) -> None:
    place = _named_place(turn, name) if name else _own_place(turn, {Role.BUILDING_HEAD})
    if place is None or place.kind != PlaceKind.BUILDING or not may(turn.person, Action.ISSUE_CODES, place):
        raise Refused("code-not-allowed")
    code = issue_code(turn.session, turn.rules.secret, turn.now, place=place)
    _note(turn, audit.Look.CODE, place, f"group {place.name}")
    turn.reply("code-made-group", place=place.name, code=code)


def _place_for(turn: Turn, role: Role, name: str | None) -> Place:
    """The place the code is for; the speaker's own if none is named. Raises Refused where it is not theirs to give."""
    giving = {held.role for held in turn.person.held() if role in HANDS_OUT.get(Role(held.role), frozenset())}
    place = _named_place(turn, name) if name else _own_place(turn, {Role(one) for one in giving})
    allowed = place is not None and any(
        held.role in giving and place.is_within(held.place_id) for held in turn.person.held()
    )
    fits = place is not None and place.kind == KIND_OF[role]
    if place is None or not allowed or not fits:
        raise Refused("code-not-allowed")
    return place


KIND_OF = {
    Role.RESIDENT: PlaceKind.BUILDING, Role.VOLUNTEER: PlaceKind.BUILDING, Role.BUILDING_HEAD: PlaceKind.BUILDING,
    Role.GRID_WORKER: PlaceKind.GRID, Role.STAFF: PlaceKind.COMMUNITY, Role.STREET: PlaceKind.STREET,
}  # fmt: skip
"""The level of place each role is held in."""


def _named_place(turn: Turn, name: str) -> Place | None:
    number = re.match(r"^(\d+|[A-Za-z]\d*)(?:栋|幢|座|号楼)$", name)
    if number is not None and turn.community_id is not None:
        return building_by_number(turn.session, turn.community_id, number[1].upper(), turn.building)
    return place_named(turn.session, name, [held.place_id for held in turn.person.held()])


def _own_place(turn: Turn, roles: set[Role]) -> Place | None:
    held = [one.place for one in turn.person.held() if one.role in roles]
    return held[0] if len(held) == 1 else None


@command("开始", name="start")
def start(turn: Turn, words: MaybeWords) -> None:
    """The first word in a private chat; a link may carry the code along."""
    if turn.in_group:
        return
    turn.begin()
    known = turn.known_person
    if words and _CODE.match(words.strip()):
        join(turn, Words(words))
    elif known is None or not known.held():
        turn.reply("hello-private")
    else:
        turn.say(turn.chat, texts().say(help_key(known)))


@command("加入", name="join")
def join(turn: Turn, words: Words) -> None:
    """Bind this account to the person, or the role, that a code was made for."""
    if turn.in_group:
        turn.begin()
        burn_code(turn.session, turn.rules.secret, words, turn.now)
        turn.reply("code-in-group")
        return
    turn.begin()
    code = use_code(turn.session, turn.rules.secret, words, turn.message.sender, turn.now)
    if code.person is None and code.role is None:
        code.used_at = None
        raise Refused("code-for-group")
    person = _bind(turn, code.person) if code.person is not None else _take_role(turn, code)
    places = texts().say("list-comma").join(dict.fromkeys(held.place.name for held in person.held()))
    _note(turn, audit.Look.JOINED, person.held()[-1].place, person.held()[-1].role)
    turn.reply("joined", who=role_and_name(person), places=places, help=_next_step(turn, person))


def is_bare_code(turn: Turn) -> bool:
    """Whether a line is a personal code and nothing else: in private anything like one, in a group only a real one."""
    text = turn.message.text.strip()
    if not _CODE.match(text):
        return False
    if not turn.in_group:
        return True
    code = find_code(turn.session, turn.rules.secret, text)
    return code is not None and (code.person is not None or code.role is not None)


def _bind(turn: Turn, person: Person) -> Person:
    """The account is this person's from now on; what an unknown resident did from it stays where it is."""
    account = turn.session.get(Account, turn.message.sender)
    if account is None:
        turn.session.add(Account(address=turn.message.sender, person=person, bound_at=turn.now))
    else:
        account.person = person
        account.bound_at = turn.now
    turn.become(person)
    turn.session.flush()
    return person


def _take_role(turn: Turn, code: JoinCode) -> Person:
    """Whoever speaks holds the code's role from now on, under the name it was made for."""
    assert code.place is not None
    person = turn.person
    held = next((one for one in person.roles if one.role == code.role and one.place_id == code.place_id), None)
    if held is None:
        person.roles.append(RoleHeld(role=code.role, place=code.place, duties=[]))
    else:
        held.ended_at = None
    person.name = code.name or person.name
    person.is_on_roster = True
    turn.session.flush()
    return person


def _next_step(turn: Turn, person: Person) -> str:
    """A head is led on: the group is next if it is not bound yet, else the list."""
    heads = [held.place for held in person.held() if held.role == Role.BUILDING_HEAD]
    unbound = next((place for place in heads if group_of(turn.session, place) is None), None)
    if unbound is not None:
        return texts().say("step-group", building=unbound.name)
    return texts().say(help_key(person))


@command("绑定", name="bind")
def bind(turn: Turn, words: MaybeWords) -> None:
    """Bind this group to a building: with a code, or by the word of the building's own head."""
    turn.begin()
    if not turn.in_group:
        raise Refused("bind-in-private")
    place = _place_of_code(turn, words) if words else _heads_place(turn)
    earlier = group_of(turn.session, place)
    if earlier is not None and earlier.id != turn.chat.id:
        earlier.place = None
    turn.chat.place = place
    heads = holders_up(turn.session, place, Role.BUILDING_HEAD)
    head = texts().say("bound-head", who=role_and_name(heads[0])) if heads else ""
    turn.reply("group-bound", building=place.name, head=head)
    for person in heads:
        turn.tell(person, texts().say("step-done", building=place.name))


def _place_of_code(turn: Turn, words: str) -> Place:
    code = use_code(turn.session, turn.rules.secret, words, turn.message.sender, turn.now)
    if code.place is None or code.role is not None:
        raise Refused("code-wrong")  # a person's code, now burnt: it was shown to the group
    return code.place


def _heads_place(turn: Turn) -> Place:
    """The building of the head who says it here. Raises Refused for anybody else, and where it is not clear."""
    place = _own_place(turn, {Role.BUILDING_HEAD})
    if place is None or turn.chat.place is not None:
        raise Refused("usage-bind")
    return place


@command("卸任", name="end", may=Action.END_ROLES, is_private=True)
def end_role(turn: Turn, words: Words) -> None:
    """End somebody's role in a place one is responsible for; what they carried is open again."""
    if turn.in_group:
        turn.reply("code-in-private")
        return
    match = _FOR.match(words)
    name = (match["name"] or match["role"]) if match else words
    held = [one for one in _roles_below(turn) if one.person.name == name]
    if match is not None and match["place"]:
        held = [one for one in held if one.place.name.endswith(match["place"])]
    if not held:
        raise Refused("end-nobody", name=name)
    if len({one.person_id for one in held}) > 1:
        raise Refused("end-which", name=name)
    person = held[0].person
    for one in held:
        one.ended_at = turn.now
        _note(turn, audit.Look.ROLE_ENDED, one.place, f"{one.role} {one.place.name} {person.name}")
    turn.session.flush()
    left = hand_over(turn, person)
    turn.reply("role-ended", name=person.shown_name, count=len(left))
    turn.tell(
        person, texts().say("role-ended-self", places=texts().say("list-comma").join(one.place.name for one in held))
    )


def _roles_below(turn: Turn) -> list[RoleHeld]:
    """The roles that the speaker may end: those they could give a code for, in their own places."""
    found: list[RoleHeld] = []
    for own in turn.person.held():
        for role in HANDS_OUT.get(Role(own.role), frozenset()) - {Role.RESIDENT}:
            found.extend(one for one in roles_within(turn.session, own.place_id, role) if one not in found)
    return found


def _note(turn: Turn, look: audit.Look, place: Place, words: str) -> None:
    audit.record(turn.session, look, turn.person, turn.now, community_id=place.community_id, words=words)
