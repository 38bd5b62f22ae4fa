"""Carrying an issue: claim, note, resolve, give back."""

from handlers.arguments import IssueNumber, MaybeWords, Words
from handlers.commands import command
from handlers.describe import place_words
from handlers.escalation import expect_action, stop_claim_clock, stop_clocks
from handlers.masking import shown_words
from handlers.news import ask_reporter, tell_news, tell_workers, work_words
from handlers.permissions import Action
from handlers.responsible import handlers_of
from handlers.texts import texts
from handlers.turn import Turn
from storage.domains import DOMAINS, topic_name
from storage.due import plan_due
from storage.issues import Issue
from storage.local_time import day_bounds, local
from storage.people import Person, Role, holders_up
from storage.points import earn, earned_between


@command("认领", name="claim", may=Action.CLAIM, takes_many=True)
def claim(turn: Turn, number: IssueNumber) -> None:
    """Take responsibility for an open issue."""
    issue = turn.issue(number)
    issue.claim(by=turn.person, at=turn.now)
    if issue.is_urgent:
        issue.acknowledge(turn.person, turn.now)
    stop_claim_clock(turn, issue)
    expect_action(turn, issue)
    tell_news(turn, issue, "issue-claimed", name=turn.person.shown_name)
    _tell_heads_of_a_volunteer(turn, issue)


def _tell_heads_of_a_volunteer(turn: Turn, issue: Issue) -> None:
    """The head knows who carries a matter of their building, and may give it to somebody else."""
    heads = holders_up(turn.session, issue.building, Role.BUILDING_HEAD)
    if issue.is_sensitive or turn.person.has(Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF, Role.STREET):
        return
    for head in heads:
        text = texts().say(
            "volunteer-claimed", number=issue.number, title=issue.title, name=turn.person.shown_name,
            place=issue.building.name + place_words(issue),
        )  # fmt: skip
        turn.tell(head, text, issue=issue)


@command("退回", name="release", may=Action.WORK)
def release(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """Whoever has it cannot do it: it is open again, and those who give out the work hear why."""
    issue = turn.issue(number)
    was_own = issue.handler_id == turn.person.id
    handler = issue.handler
    issue.release(turn.person, turn.now, shown_words(words) or None)
    reopen_for_others(turn, issue)
    turn.reply("issue-released", number=issue.number, title=issue.title)
    if handler is not None and not was_own:
        turn.tell(handler, texts().say("released-handler", number=issue.number, title=issue.title), issue=issue)


def reopen_for_others(turn: Turn, issue: Issue) -> None:
    """Nobody has it any more: its clock for claiming runs anew, and those who may take it hear of it."""
    expect_action(turn, issue, anew=True)
    people = handlers_of(turn, issue, but=turn.person if turn.message.sender else None)
    tell_workers(turn, issue, people, work_words(issue, "issue-free-again"))


@command("进展", name="note", may=Action.WORK)
def note(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Say how the work goes."""
    issue = turn.issue(number)
    issue.note(by=turn.person, at=turn.now, words=shown_words(words))
    issue.picture(turn.message.account, turn.message.photos, turn.now)
    tell_news(turn, issue, "issue-noted", name=turn.person.shown_name, words=shown_words(words))


@command("办结", name="resolve", may=Action.WORK, takes_many=True)
def resolve(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """The work is done; ask the reporter."""
    issue = turn.issue(number)
    issue.resolve(by=turn.person, at=turn.now, words=shown_words(words) or None)
    issue.picture(turn.message.account, turn.message.photos, turn.now)
    stop_clocks(turn, issue)
    plan_due(turn.session, "close", issue.id, f"{turn.now:%Y%m%d%H%M%S}", turn.now + turn.rules.close_after)
    handler = issue.handler or turn.person
    earned = _earn(turn, handler, issue)
    ask_reporter(turn, issue, shown_words(words))
    if turn.chat.id != issue.chat_id:
        own = earned if handler.id == turn.person.id else 0
        turn.reply("resolve-noted", number=issue.number, earned=_earned_words(own, issue.domain))


def _earn(turn: Turn, person: Person, issue: Issue) -> int:
    """Points for a matter carried to its end, once an issue, up to the day's cap. Nobody earns by their own report."""
    if person.id == issue.reporter_id:
        return 0
    return grant(
        turn, person, turn.rules.points.resolve, issue.domain, "resolve", f"issue:{issue.id}:resolved",
        issue.community_id,
    )  # fmt: skip


def grant(turn: Turn, person: Person, amount: int, domain: str, reason: str, source: str, community_id: int) -> int:
    """Credit points within the person's daily cap. Returns what was credited."""
    start, end = day_bounds(local(turn.now).date())
    left = turn.rules.points.daily_cap - earned_between(turn.session, person, start, end)
    transfer = earn(
        turn.session, community_id, person, min(amount, left), _earning_domain(domain), reason, source, turn.now
    )
    return transfer.amount if transfer else 0


def _earning_domain(domain: str) -> str:
    return domain if domain in DOMAINS else "civility"  # what none of the five duties covers is public spirit


def _earned_words(amount: int, domain: str) -> str:
    return texts().say("earned", amount=amount, domain=topic_name(_earning_domain(domain), None)) if amount else ""
