"""What residents say is over: it closes the matter, or it is asked whether it does; and their answer to that."""

from datetime import timedelta

from handlers.closing import ask_if_mended, close_by_reporter, may_be_mended, said_mended, satisfied
from handlers.news import is_question
from handlers.referring import answered, is_answer, is_reporter, matching, open_here
from handlers.turn import Turn
from nlp.intent import Ask, Intent
from storage.issues import Issue, Status, live_of
from storage.outbox import last_choice

JUST_REPORTED = timedelta(hours=2)
"""修好了 without saying what means what was reported, or asked about, so lately, if that is one matter."""


def mended(turn: Turn, ask: Ask) -> bool:
    """修好了: from the reporter it closes the matter; from others it is news for the handler.

    Where it names no matter and the speaker has just one here, they are asked whether it is that one.
    """
    if not ask.is_plain:
        named = turn.named_topics
        return not turn.understood.is_report and _offer_closing(turn, named or ask.topics, is_named=bool(named))
    issue = matching(turn, ask)
    if issue is None and ask.number is None and not turn.named_topics:
        return _offer_closing(turn, ask.topics)
    if issue is None or issue.status not in {Status.OPEN, Status.CLAIMED, Status.RESOLVED}:
        return False
    if is_reporter(turn, issue):
        close_by_reporter(turn, issue)
    elif issue.is_live:
        said_mended(turn, issue, ask.words)
    return True


def _offer_closing(turn: Turn, topics: frozenset[str] = frozenset(), *, is_named: bool = False) -> bool:
    """What is over: the speaker's one matter (of these topics), or else the one named or just reported here.

    What was said to be done already, and waits for the reporter's word, has it by that.
    """
    if not turn.in_group:
        return _offer_closing_privately(turn, topics)
    if not turn.memory.had_report(turn.message.chat, turn.now, turn.rules.support_window):
        return False
    here = [issue for issue in open_here(turn) if turn.sees(issue) and (not topics or issue.topic in topics)]
    live = [issue for issue in here if issue.is_live]
    own = [issue for issue in live if is_reporter(turn, issue)]
    asked = [issue for issue in here if issue.status == Status.RESOLVED and is_reporter(turn, issue)]
    if len(asked) == 1 and not own:
        satisfied(turn, asked[0], is_satisfied=True)
        return True
    meant = own or live
    if len(own) != 1 and not is_named:
        meant = [issue for issue in meant if turn.now - issue.reported_at <= JUST_REPORTED]
    if len(meant) != 1:
        return False
    if own:
        ask_if_mended(turn, meant[0])
    else:
        may_be_mended(turn, meant[0])
    return True


def _offer_closing_privately(turn: Turn, topics: frozenset[str]) -> bool:
    person = turn.known_person
    live = live_of(turn.session, person.id) if person is not None else []
    own = [issue for issue in live if not topics or issue.topic in topics]
    if len(own) != 1:
        return False
    ask_if_mended(turn, own[0])
    return True


def rated(turn: Turn, ask: Ask) -> bool:
    """好了 or 没好 to the question whether it is mended: as a reply, or from the very person who was asked."""
    is_yes = ask.intent is Intent.YES
    issue = answered(turn) if is_answer(turn) else _asked_about(turn, ask)
    if issue is None and is_yes and ask.is_plain and not turn.in_group:
        return _offer_closing(turn)
    if issue is None or not (issue.is_live or issue.status == Status.RESOLVED):
        return False
    if issue.is_live and is_answer(turn):
        return is_yes and ask.is_plain and mended(turn, ask)  # 修好了 under a line about an open issue
    if not is_reporter(turn, issue):
        return False
    if issue.is_live and is_yes:
        close_by_reporter(turn, issue)
    else:
        satisfied(turn, issue, is_satisfied=is_yes)
    return True


def _asked_about(turn: Turn, ask: Ask) -> Issue | None:
    """The issue whose reporter was asked last here. In a group a mere 好 or 是的 is talk, and no answer.

    Whether it was a guess of ours that a matter is over is only answered for a while.
    """
    if turn.in_group and not ask.is_plain:
        return None
    chat, person = turn.known_chat, turn.known_person
    if chat is None or person is None:
        return None
    asked = last_choice(turn.session, chat.id, person.id, turn.now - turn.rules.close_after)
    issue = turn.session.get(Issue, asked.issue_id) if asked is not None and asked.issue_id is not None else None
    if asked is None or issue is None or not issue.is_live:
        return issue
    is_fresh = turn.now - asked.created_at <= JUST_REPORTED
    return issue if is_fresh and is_question(asked.buttons) else None
