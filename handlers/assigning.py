"""Who takes it: the head gives a matter to somebody, and open work is handed over when somebody goes."""

import re

from handlers.arguments import IssueNumber, MaybeWords
from handlers.casework import reopen_for_others
from handlers.commands import command
from handlers.describe import role_and_name
from handlers.escalation import expect_action, stop_claim_clock
from handlers.masking import shown_words
from handlers.news import note_look, tell_news, work_words
from handlers.permissions import Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage.errors import Refused
from storage.issues import Issue, held_by
from storage.people import Person, Role, person_at, workers_around
from storage.places import Place

_NAME = re.compile(r"^[\s@给:：]*(?P<name>[^\s,，。:：]{1,20})[\s,，。:：]*(?P<words>.*)$", re.S)
WORKING_ROLES = (Role.VOLUNTEER, Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF)


@command("转派", name="assign", may=Action.ASSIGN)
def assign(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """Give an issue to somebody who works for the building: by name, by mention, or by answering their words."""
    issue = turn.issue(number)
    to, reason = _whom(turn, issue, words)
    before = issue.handler
    issue.assign(turn.person, turn.now, to)
    stop_claim_clock(turn, issue)
    expect_action(turn, issue)
    why = texts().say("in-brackets", words=shown_words(reason)) if reason else ""
    more = texts().say("assigned-by", name=role_and_name(turn.person), words=why)
    if to.id != turn.person.id and turn.tell(to, work_words(issue, "issue-assigned", more=more), issue=issue):
        note_look(turn, issue, to)
    if before is not None and before.id not in {turn.person.id, to.id}:
        turn.tell(before, texts().say("assigned-away", number=issue.number, name=to.shown_name), issue=issue)
    tell_news(turn, issue, "issue-assigned-news", name=to.shown_name)


def _whom(turn: Turn, issue: Issue, words: str) -> tuple[Person, str]:
    """The person that was meant, and what was said besides. Raises Refused if that is not one who may have it."""
    mentioned = [person_at(turn.session, address) for address in turn.message.mentions]
    if turn.message.quoted is not None and not words.strip():
        mentioned.append(person_at(turn.session, turn.message.quoted.sender))
    match = _NAME.match(words)
    name, reason = (match["name"], match["words"]) if match else ("", "")
    people = [one for one in mentioned if one is not None] or _named(turn, issue, name)
    fit = [one for one in people if _may_have(one, issue)]
    if len(fit) > 1:
        raise Refused("assign-which", name=name)
    if not fit:
        raise Refused("assign-nobody", name=shown_words(name) or "?", names=_names_around(turn, issue))
    return fit[0], reason


def _named(turn: Turn, issue: Issue, name: str) -> list[Person]:
    around = workers_around(turn.session, issue.building, WORKING_ROLES)
    exact = [person for person in around if person.name == name]
    return exact or [person for person in around if name and name in person.name]


def _names_around(turn: Turn, issue: Issue) -> str:
    around = [one for one in workers_around(turn.session, issue.building, WORKING_ROLES) if _may_have(one, issue)]
    return texts().say("list-comma").join(person.shown_name for person in around[:8])


def _may_have(person: Person, issue: Issue) -> bool:
    """Who can be given a matter: those of its building, grid and community; a sensitive one no volunteer or head."""
    roles = [held for held in person.held() if held.role in WORKING_ROLES]
    if issue.is_sensitive:
        roles = [held for held in roles if held.role in {Role.GRID_WORKER, Role.STAFF}]
    return any(issue.building.is_within(held.place_id) for held in roles)


def hand_over(turn: Turn, person: Person, gone_from: Place | None = None) -> list[Issue]:
    """What somebody carries and may not any more, since they left or lost the role, is open for others again."""
    left = [
        issue
        for issue in held_by(turn.session, person.id)
        if (gone_from is not None and issue.building_id == gone_from.id)
        or not (_may_have(person, issue) or _may_still(person, issue))
    ]
    for issue in left:
        issue.release(None, turn.now, texts().say("released-gone"))
        reopen_for_others(turn, issue)
    return left


def _may_still(person: Person, issue: Issue) -> bool:
    """Whether a role in force lets somebody go on with a matter: the street's, for one handed up to it."""
    return any(held.role == Role.STREET for held in person.held()) and may(person, Action.CLAIM, issue)
