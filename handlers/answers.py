"""Who hears of a new issue, and what they are told."""

from handlers.describe import place_words, role_and_name
from handlers.messages import Button
from handlers.news import claim_button, tell_workers, work_words
from handlers.responsible import alert_people, domain_volunteers, handlers_of
from handlers.texts import texts
from handlers.turn import Turn
from storage.issues import Issue, Level
from storage.people import Person
from storage.places import building_number

EMERGENCY = {
    "fire": "emergency-fire",
    "gas": "emergency-gas",
    "elevator": "emergency-elevator",
    "electricity": "emergency-electricity",
    "illness": "emergency-illness",
    "elderly": "emergency-elderly",
    "child": "emergency-child",
    "mental": "emergency-mental",
    "security": "emergency-police",
    "family": "emergency-police",
    "building": "emergency-leave",
}
"""What to say at once for an urgent matter; the others get ``emergency-other``."""


def answer_reports(turn: Turn, issues: list[Issue], said: str | None) -> None:
    """One line in the group for what was said, however many matters it was; private ones in private."""
    told = {issue.id: alert(turn, issue) if issue.is_urgent else _tell_head(turn, issue) for issue in issues}
    hidden = [issue for issue in issues if issue.is_sensitive and turn.in_group]
    plain = [issue for issue in issues if issue not in hidden]
    urgent = next((issue for issue in plain if issue.is_urgent), None)
    if urgent is not None:
        _warn(turn, urgent, told[urgent.id])
    elif len(plain) == 1:
        _answer_one(turn, plain[0], told[plain[0].id], said)
    elif plain:
        items = (
            texts()
            .say("list-comma")
            .join(texts().say("issue-item", number=issue.number, title=issue.title) for issue in plain)
        )
        turn.reply("issues-registered", items=items, issue=plain[0])
    if hidden:
        _answer_sensitive(turn, hidden)


def _warn(turn: Turn, issue: Issue, told: list[Person]) -> None:
    """What everybody has to do first, at once and before anything else; then the number."""
    text = texts().say(EMERGENCY.get(issue.topic or "", "emergency-other"))
    text += texts().say("emergency-told", who=_who(told)) if told else ""
    text += texts().say("emergency-number", number=issue.number)
    reply_to = turn.message.message_id if turn.in_group else None
    turn.say(turn.chat, text, issue=issue, reply_to=reply_to, buttons=_buttons(turn, issue), at_once=True)


def _buttons(turn: Turn, issue: Issue) -> tuple[Button, ...]:
    if not issue.is_public:
        return ()
    return (
        claim_button(issue),
        Button(f"metoo {issue.number}", texts().say("button-metoo")),
    )


def _answer_one(turn: Turn, issue: Issue, told: list[Person], said: str | None) -> None:
    place = _building_words(turn, issue, said) + place_words(issue)
    asks = not place_words(issue) and not issue.is_urgent and _place_matters(issue)
    ask = texts().say("ask-where") if asks else ""
    turn.reply("issue-registered", buttons=_buttons(turn, issue), issue=issue, **_registered(issue, place, told, ask))


def _registered(issue: Issue, place: str, told: list[Person], ask: str = "") -> dict[str, object]:
    """What ``issue-registered`` says of an issue."""
    return {
        "number": issue.number,
        "title": issue.title,
        "place": texts().say("in-brackets", words=place) if place else "",
        "told": texts().say("told-who", who=_who(told)) if told else texts().say("told-later"),
        "ask": ask + _return_words(issue),
    }


def _return_words(issue: Issue) -> str:
    return texts().say("recurs", number=issue.recurs.number) if issue.recurs and issue.recurs.is_public else ""


def _building_words(turn: Turn, issue: Issue, said: str | None) -> str:
    """The building where it is not the group's own, or where the one that was named is not there."""
    is_own = turn.building is not None and issue.building_id == turn.building.id
    if is_own and said is not None and building_number(issue.building.name) != said:
        return texts().say("no-such-building", building=said, own=issue.building.name)
    return "" if is_own else issue.building.name


def _place_matters(issue: Issue) -> bool:
    return issue.topic in {
        "elevator",
        "lighting",
        "building",
        "sewage",
        "garbage",
        "smell",
        "cleaning",
        "leak",
        "noise",
        "clutter",
    }


def _answer_sensitive(turn: Turn, issues: list[Issue]) -> None:
    """The group learns nothing but that it was heard; the person hears the number in private.

    Life first: whom to ring in danger is said to everybody all the same.
    """
    danger = texts().say("sensitive-danger") if any(issue.is_urgent for issue in issues) else ""
    told = [turn.tell(turn.person, _sensitive_words(issue), issue=issue) for issue in issues]
    turn.reply("sensitive-group" if all(told) else "sensitive-group-unknown", danger=danger)


def _sensitive_words(issue: Issue) -> str:
    text = texts().say("sensitive-private", number=issue.number)
    return (texts().say(EMERGENCY.get(issue.topic or "", "emergency-other")) if issue.is_urgent else "") + text


def _who(told: list[Person]) -> str:
    return role_and_name(told[0]) if told else ""


def _tell_head(turn: Turn, issue: Issue) -> list[Person]:
    """Tell whoever is to take it on; volunteers whose duty it is are asked first, and the head knows of it.

    Returns those who are responsible and know now.
    """
    asked = tell_workers(turn, issue, domain_volunteers(turn, issue), work_words(issue, "issue-offer"))
    names = texts().say("list-comma").join(person.shown_name for person in asked)
    more = texts().say("volunteers-asked", names=names) if asked else ""
    more += texts().say("recurs-head", number=issue.recurs.number) if issue.recurs else ""
    return tell_workers(turn, issue, handlers_of(turn, issue), work_words(issue, "issue-new", more=more))


def alert(turn: Turn, issue: Issue) -> list[Person]:
    """Urgent: the head, the grid worker and the staff hear of it at once; of a private matter only the staff."""
    issue.level = Level.COMMUNITY
    return tell_workers(turn, issue, alert_people(turn, issue), work_words(issue, "issue-urgent"))


def announce(turn: Turn, issue: Issue) -> None:
    """Tell the people concerned of an issue that was filed by somebody else than who said it."""
    told = alert(turn, issue) if issue.is_urgent else _tell_head(turn, issue)
    if issue.is_sensitive:
        turn.tell(issue.reporter, _sensitive_words(issue), issue=issue)
        return
    text = texts().say("issue-registered", **_registered(issue, place_words(issue), told))
    reply_to = issue.source_message if issue.chat.is_group else None
    turn.say(issue.chat, text, issue=issue, reply_to=reply_to, buttons=_buttons(turn, issue))
