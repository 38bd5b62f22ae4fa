"""The reporter decides when it is done: satisfied, not mended, taken back, or no answer in time."""

from handlers.arguments import IssueNumber, MaybeWords
from handlers.casework import resolve
from handlers.commands import command
from handlers.escalation import expect_action, stop_clocks
from handlers.masking import shown_words
from handlers.news import answer_buttons, resolve_button, tell_closed, tell_news
from handlers.permissions import Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage.due import drop_due
from storage.issues import Issue, Status
from storage.people import Role, holders_up


@command("销号", "满意", name="confirm", may=Action.RATE, takes_many=True)
def confirm(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """The reporter agrees that it is done, or says so first."""
    issue = turn.issue(number)
    if issue.is_live:
        close_by_reporter(turn, issue)
    else:
        satisfied(turn, issue, is_satisfied=True, words=shown_words(words) or None)


@command("没解决", "重开", name="reopen", may=Action.RATE)
def reopen(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """The reporter says that it is not done."""
    satisfied(turn, turn.issue(number), is_satisfied=False, words=shown_words(words) or None)


@command("撤销", name="withdraw", may=Action.WITHDRAW, takes_many=True)
def withdraw(turn: Turn, number: IssueNumber) -> None:
    """The reporter takes it back."""
    issue = turn.issue(number)
    issue.withdraw(by=turn.person, at=turn.now)
    stop_clocks(turn, issue)
    tell_news(turn, issue, "issue-withdrawn")
    if issue.handler is not None and issue.handler_id != turn.person.id:
        text = texts().say("withdrawn-handler", number=issue.number, title=issue.title)
        turn.tell(issue.handler, text, issue=issue)


def satisfied(turn: Turn, issue: Issue, *, is_satisfied: bool, words: str | None = None) -> None:
    """The reporter's answer to the question whether it is mended."""
    if not is_satisfied and issue.is_live:
        turn.begin()  # 没好 to a guess of ours: it goes on
        return
    if is_satisfied:
        _close(turn, issue, words)
        return
    issue.reopen(by=turn.person, at=turn.now, words=words)
    drop_due(turn.session, "close", issue.id)
    expect_action(turn, issue, anew=True)
    handler = issue.handler
    tell_news(
        turn, issue, "issue-reopened" if handler else "issue-reopened-open", name=handler.shown_name if handler else ""
    )
    text = texts().say(
        "reopened-handler", number=issue.number, title=issue.title,
        words=texts().say("in-brackets", words=words) if words else "",
    )  # fmt: skip
    for person in [handler] if handler else holders_up(turn.session, issue.building, Role.BUILDING_HEAD):
        turn.tell(person, text, issue=issue)


def _close(turn: Turn, issue: Issue, words: str | None) -> None:
    issue.close(by=turn.person, at=turn.now)
    issue.rate(turn.person, turn.now, 1, words)
    drop_due(turn.session, "close", issue.id)
    stop_clocks(turn, issue)
    tell_closed(turn, issue)


def close_by_reporter(turn: Turn, issue: Issue) -> None:
    """The reporter says by themselves that it is mended."""
    if issue.status != Status.RESOLVED:
        issue.resolve(by=turn.person, at=turn.now, words=shown_words(turn.message.text))
    satisfied(turn, issue, is_satisfied=True)


def ask_if_mended(turn: Turn, issue: Issue) -> None:
    """The reporter says that something is mended, and it is likely this."""
    text = texts().say("ask-if-mended", number=issue.number, title=issue.title)
    turn.begin()
    reply_to = turn.message.message_id if turn.in_group else None
    turn.say(turn.chat, text, buttons=answer_buttons(issue), issue=issue, reply_to=reply_to, for_person=turn.person)


def said_mended(turn: Turn, issue: Issue, words: str) -> None:
    """Somebody else than the reporter says that it is mended: whoever carries it has resolved it by that.

    From a neighbour it is news for the handler, who is asked to see to the closing.
    """
    turn.begin()
    if may(turn.person, Action.WORK, issue):
        resolve(turn, IssueNumber(issue.number), MaybeWords(words))
    else:
        may_be_mended(turn, issue)


def may_be_mended(turn: Turn, issue: Issue) -> None:
    """Something is mended, and it is likely this: whoever carries it sees to it."""
    turn.begin()
    issue.note(turn.person, turn.now, shown_words(turn.message.text))
    handler = issue.handler
    for person in [handler] if handler else holders_up(turn.session, issue.building, Role.BUILDING_HEAD):
        key = "maybe-mended-own" if person.id == turn.person.id else "maybe-mended"
        text = texts().say(key, number=issue.number, title=issue.title, words=shown_words(turn.message.text))
        turn.tell(person, text, buttons=(resolve_button(issue),), issue=issue)


def close_unanswered(turn: Turn, issue: Issue) -> None:
    """Nobody answered in time: struck off."""
    if issue.status == Status.RESOLVED:
        issue.close(by=None, at=turn.now)
