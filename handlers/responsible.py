"""Who is to be asked or told about a matter of a building."""

from handlers.turn import Turn
from storage.issues import Issue
from storage.people import Person, Role, holders, holders_up, nearest
from storage.places import Place


def handlers_of(turn: Turn, issue: Issue, but: Person | None = None) -> list[Person]:
    """Who is to take an issue on: the head, or whoever of the next levels can be reached. Staff, if it is sensitive."""
    if issue.is_sensitive:
        return [one for one in holders_up(turn.session, issue.building, Role.STAFF) if one is not but]
    return reachable(turn, issue.building, (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF), but)


def reachable(turn: Turn, building: Place, roles: tuple[Role, ...], but: Person | None = None) -> list[Person]:
    """The holders of the first of these roles whom the bot can tell something in private, one of them left out."""
    speaker = turn.person.id if turn.message.sender else None
    for holding in nearest(turn.session, building, *roles).values():
        found = [person for person in holding if person is not but]
        known = [person for person in found if person.id == speaker or turn.private_chat(person)]
        if known:
            return known
    return []


def alert_people(turn: Turn, issue: Issue) -> list[Person]:
    """Who hears of an urgent matter at once: head, grid worker and staff; of a sensitive one only the staff."""
    roles = (Role.STAFF,) if issue.is_sensitive else (Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF)
    found = nearest(turn.session, issue.building, *roles)
    return list(dict.fromkeys(person for holding in found.values() for person in holding))


def domain_volunteers(turn: Turn, issue: Issue) -> list[Person]:
    """The building's volunteers whose duty this domain is (五员), if the roster names any. None for a secret."""
    if issue.is_sensitive:
        return []
    return [
        person
        for person in holders(turn.session, issue.building, Role.VOLUNTEER)
        if person.id != issue.reporter_id
        and any(
            issue.domain in held.duties
            for held in person.held()
            if held.role == Role.VOLUNTEER and held.place_id == issue.building_id
        )
    ]
