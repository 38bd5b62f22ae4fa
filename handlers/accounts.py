"""The bot's own accounts: away and back, logged out, logged in anew. Staff hear of it, by whatever way is left."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from handlers.texts import texts
from handlers.turn import Turn
from storage.chats import Chat, groups_of_account
from storage.local_time import local
from storage.people import Person, Role, holders_up
from storage.places import Place

LONG = timedelta(hours=1)
"""After so long the groups are told, too: people have said things and wonder."""

SHORTEST = timedelta(seconds=1)


def told_gap(turn: Turn) -> None:
    """The account was not connected for a while: what was said meanwhile was not heard."""
    since = turn.message.since
    if since is None or turn.now - since < SHORTEST:
        return
    span = {"since": _clock(since, turn.now), "until": _clock(turn.now, turn.now, since)}
    groups = _tell_staff(turn, "gap-staff", **span)
    if turn.now - since >= LONG:
        for group in groups:
            if group.is_active:
                turn.say(group, texts().say("gap-group", **span))


def logged_out(turn: Turn) -> None:
    """The account is logged out or shut out: its groups are deaf until somebody logs it in again."""
    _tell_staff(turn, "logged-out-staff")


def logged_in(turn: Turn) -> None:
    """Back. If ids may be others now, groups and people have to be bound again, by codes and by nothing else."""
    if turn.message.fresh_ids:
        _tell_staff(turn, "logged-in-staff")


def _tell_staff(turn: Turn, key: str, **values: str) -> list[Chat]:
    """Tell the staff concerned of something about the account, with the groups that are theirs. Returns its groups."""
    groups = groups_of_account(turn.session, turn.message.account)
    account = turn.message.account.partition(":")[2]
    for person, names in _staff_of(turn, groups):
        turn.tell(person, texts().say(key, account=account, groups=names, **values))
    return groups


def _staff_of(turn: Turn, groups: Iterable[Chat]) -> list[tuple[Person, str]]:
    """The staff of the communities these groups lie in, each with the buildings that are theirs."""
    buildings: dict[int, list[Place]] = {}
    people: dict[int, Person] = {}
    for group in groups:
        if group.place is None:
            continue
        for person in holders_up(turn.session, group.place, Role.STAFF):
            people[person.id] = person
            buildings.setdefault(person.id, []).append(group.place)
    comma = texts().say("list-comma")
    return [
        (people[known], comma.join(dict.fromkeys(place.name for place in places)))
        for known, places in buildings.items()
    ]


def _clock(at: datetime, now: datetime, other: datetime | None = None) -> str:
    """The hour and minute; the seconds, too, where the minute does not tell two apart; the day, if it was another."""
    is_short = abs(now - (other or at)) < timedelta(minutes=2)
    clock = f"{local(at):%H:%M:%S}" if is_short else f"{local(at):%H:%M}"
    return clock if local(at).date() == local(now).date() else f"{local(at):%m-%d} {clock}"
