"""Carrying an issue: claim, note, resolve, confirm, correct, take back, and ask how it stands."""

from handlers.arguments import IssueNumber, MaybeNumber, MaybeWords, Words
from handlers.commands import command
from handlers.corrections import correct_issue
from handlers.describe import duration_words, place_words, status_words
from handlers.explain import explain
from handlers.masking import shown_words
from handlers.messages import Button
from handlers.permissions import Action
from handlers.report import say_joined, second
from handlers.texts import texts
from handlers.turn import Turn
from storage.corrections import CorrectionKind
from storage.domains import DOMAINS, find_topic, topic_name
from storage.due import drop_due, plan_due
from storage.errors import Refused
from storage.issues import Event, Issue, IssueEvent, Status, open_in_chat, open_issues, sorted_todo
from storage.local_time import day_bounds, local
from storage.people import Person, Role, holders_up
from storage.places import ids_within
from storage.points import earn, earned_between

ONE_SCREEN = 12


@command("认领", name="claim", may=Action.CLAIM)
def claim(turn: Turn, number: IssueNumber) -> None:
    """Take responsibility for an open issue."""
    issue = turn.issue(number)
    issue.claim(by=turn.person, at=turn.now)
    _announce(turn, issue, "issue-claimed", name=turn.person.shown_name)


@command("进展", name="note", may=Action.CLAIM)
def note(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Say how the work goes."""
    issue = turn.issue(number)
    issue.note(by=turn.person, at=turn.now, words=shown_words(words))
    _announce(turn, issue, "issue-noted", name=turn.person.shown_name, words=shown_words(words))


@command("办结", name="resolve", may=Action.CLAIM)
def resolve(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """The work is done; ask the reporter."""
    issue = turn.issue(number)
    issue.resolve(by=turn.person, at=turn.now, words=shown_words(words) or None)
    plan_due(turn.session, "close", issue.id, f"{turn.now:%Y%m%d%H%M%S}", turn.now + turn.rules.close_after)
    earned = _earn(turn, issue.handler or turn.person, issue)
    _ask_reporter(turn, issue, shown_words(words))
    if turn.chat.id != issue.chat_id:
        turn.reply("resolve-noted", number=issue.number, earned=_earned_words(earned, issue.domain))


@command("销号", "满意", name="confirm", may=Action.RATE)
def confirm(turn: Turn, number: IssueNumber) -> None:
    """The reporter agrees that it is done, or says so first."""
    issue = turn.issue(number)
    if issue.is_live:
        close_by_reporter(turn, issue)
    else:
        satisfied(turn, issue, is_satisfied=True)


@command("没解决", "重开", name="reopen", may=Action.RATE)
def reopen(turn: Turn, number: IssueNumber, words: MaybeWords) -> None:
    """The reporter says that it is not done."""
    satisfied(turn, turn.issue(number), is_satisfied=False, words=shown_words(words) or None)


@command("撤销", name="withdraw", may=Action.WITHDRAW)
def withdraw(turn: Turn, number: IssueNumber) -> None:
    """The reporter takes it back."""
    issue = turn.issue(number)
    issue.withdraw(by=turn.person, at=turn.now)
    drop_due(turn.session, "claim-limit", issue.id)
    _announce(turn, issue, "issue-withdrawn")


@command("无效", name="invalid", may=Action.INVALIDATE)
def invalidate(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Staff or head: it is no matter for the building team, for a reason that the reporter sees."""
    issue = turn.issue(number)
    correct_issue(turn, issue, CorrectionKind.INVALID, "none", None)
    issue.invalidate(by=turn.person, at=turn.now, reason=shown_words(words))
    drop_due(turn.session, "claim-limit", issue.id)
    _announce(turn, issue, "issue-invalid", words=shown_words(words))


@command("改类", name="relabel", may=Action.RECLASSIFY)
def reclassify(turn: Turn, number: IssueNumber, words: Words) -> None:
    """Correct the topic."""
    issue = turn.issue(number)
    found = find_topic(words)
    if found is None:
        raise Refused("topic-unknown", words=shown_words(words))
    correct_issue(turn, issue, CorrectionKind.RELABELLED, *found)
    issue.reclassify(turn.person, turn.now, *found)
    turn.reply("issue-reclassified", number=issue.number, title=issue.title, domain=_domain_name(issue.domain))


@command("附议", "我也是", name="metoo", may=Action.READ)
def me_too(turn: Turn, number: IssueNumber) -> None:
    """The same trouble here."""
    turn.action = None
    issue = turn.issue(number)
    if not issue.is_live:
        raise Refused("issue-not-open", number=number, status=issue.status)
    if issue.reporter_id == turn.person.id or any(one.person_id == turn.person.id for one in issue.supporters):
        turn.begin()
        turn.notice = texts().say("already-counted", number=issue.number)
        return
    say_joined(turn, issue, second(turn, issue))


@command("进度", name="status")
def progress(turn: Turn, number: MaybeNumber) -> None:
    """How an issue stands, or how one's own do."""
    if number:
        answer_progress(turn, turn.issue(number))
        return
    own = [issue for issue in open_issues_of(turn) if issue.reporter_id == turn.person.id]
    if not own:
        turn.reply("progress-none")
    else:
        turn.reply_privately("\n".join(_line(issue) for issue in own[:ONE_SCREEN]))


@command("待办", "清单", name="todo")
def todo(turn: Turn) -> None:
    """What is to be done: everybody's own list of their group, the whole list of a duty in private."""
    places = [
        held.place_id for held in turn.person.held() if held.role in {Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF}
    ]
    if not places:
        issues = sorted_todo(open_in_chat(turn.session, turn.chat.id)) if turn.in_group else []
        mine = [issue for issue in open_issues_of(turn) if turn.person.id in {issue.reporter_id, issue.handler_id}]
        _list(turn, issues if turn.in_group else mine)
        return
    buildings = {building for place in places for building in ids_within(turn.session, place)}
    issues = [issue for issue in open_issues(turn.session, buildings) if turn.sees(issue)]
    text = "\n".join(_lines(issues)) if issues else texts().say("todo-none")
    turn.reply_privately(text)


@command("为什么", name="why")
def why(turn: Turn, number: IssueNumber) -> None:
    """Show what decided how an issue was filed: words, weights, rules, and what it was nearly filed as."""
    issue = turn.issue(number)
    turn.reply_privately(explain(issue, turn.understander.understand(issue.words)))


def satisfied(turn: Turn, issue: Issue, *, is_satisfied: bool, words: str | None = None) -> None:
    """The reporter's answer to the question whether it is mended."""
    if not is_satisfied and issue.is_live:
        turn.begin()  # 没好 to a guess of ours: it goes on
        return
    if is_satisfied:
        issue.close(by=turn.person, at=turn.now)
        issue.rating = 1
        drop_due(turn.session, "close", issue.id)
        drop_due(turn.session, "claim-limit", issue.id)
        _announce(turn, issue, "issue-closed", duration=duration_words(turn.now - issue.reported_at))
        return
    issue.reopen(by=turn.person, at=turn.now, words=words)
    drop_due(turn.session, "close", issue.id)
    _announce(
        turn,
        issue,
        "issue-reopened" if issue.handler else "issue-reopened-open",
        name=issue.handler.shown_name if issue.handler else "",
    )
    for person in [issue.handler] if issue.handler else holders_up(turn.session, issue.building, Role.BUILDING_HEAD):
        turn.tell(
            person,
            texts().say(
                "reopened-handler",
                number=issue.number,
                title=issue.title,
                words=texts().say("in-brackets", words=words) if words else "",
            ),
            issue=issue,
        )


def close_by_reporter(turn: Turn, issue: Issue) -> None:
    """The reporter says by themselves that it is mended."""
    if issue.status != Status.RESOLVED:
        issue.resolve(by=turn.person, at=turn.now, words=shown_words(turn.message.text))
    satisfied(turn, issue, is_satisfied=True)


def ask_if_mended(turn: Turn, issue: Issue) -> None:
    """The reporter says that something is mended, and it is likely this."""
    buttons = (
        Button(f"confirm {issue.number}", texts().say("button-satisfied")),
        Button(f"reopen {issue.number}", texts().say("button-not-mended")),
    )
    text = texts().say("ask-if-mended", number=issue.number, title=issue.title)
    turn.begin()
    reply_to = turn.message.message_id if turn.in_group else None
    turn.say(turn.chat, text, buttons=buttons, issue=issue, reply_to=reply_to, for_person=turn.person)


def note_mended(turn: Turn, issue: Issue) -> None:
    """A neighbour says that it is mended: noted, and the handler is asked to see to the closing."""
    turn.begin()
    issue.note(turn.person, turn.now, shown_words(turn.message.text))
    handler = issue.handler
    for person in [handler] if handler else holders_up(turn.session, issue.building, Role.BUILDING_HEAD):
        text = texts().say("maybe-mended", number=issue.number, title=issue.title, words=shown_words(turn.message.text))
        turn.tell(
            person, text, buttons=(Button(f"resolve {issue.number}", texts().say("button-resolve")),), issue=issue
        )


def close_unanswered(turn: Turn, issue: Issue) -> None:
    """Nobody answered in time: struck off."""
    if issue.status == Status.RESOLVED:
        issue.close(by=None, at=turn.now)


def mark_overdue(turn: Turn, issue: Issue) -> None:
    """Nobody took it within its limit: the head and the one above hear of it, once."""
    if issue.status != Status.OPEN or issue.is_overdue:
        return
    issue.mark_overdue(turn.now)
    waited = duration_words(turn.now - issue.reported_at)
    for role in (Role.STAFF,) if issue.is_sensitive else (Role.BUILDING_HEAD, Role.GRID_WORKER):
        for person in holders_up(turn.session, issue.building, role):
            text = texts().say(
                "issue-overdue",
                number=issue.number,
                title=issue.title,
                place=issue.building.name + place_words(issue),
                waited=waited,
            )
            turn.tell(
                person, text, buttons=(Button(f"claim {issue.number}", texts().say("button-claim")),), issue=issue
            )


def open_issues_of(turn: Turn) -> list[Issue]:
    """The live issues of the buildings the person belongs to."""
    places = [held.place_id for held in turn.person.held()]
    buildings = {building for place in places for building in ids_within(turn.session, place)}
    return open_issues(turn.session, buildings)


def answer_progress(turn: Turn, issue: Issue) -> None:
    """One line on how it stands; the history where only one person reads it."""
    turn.begin()
    line = texts().say(
        "progress",
        number=issue.number,
        title=issue.title,
        status=status_words(issue),
        waited=duration_words((issue.closed_at or turn.now) - issue.reported_at),
    )
    if turn.in_group:
        notes = [event for event in issue.events if event.event in {Event.NOTED, Event.RESOLVED} and event.words]
        last = texts().say("progress-note", words=notes[-1].words) if notes else ""
        turn.say(turn.chat, line + last, issue=issue, reply_to=turn.message.message_id)
        return
    history = [_event_line(event) for event in issue.events[-8:]]
    turn.say(turn.chat, "\n".join([line, *history]), issue=issue)


def answer_progress_private(turn: Turn, topics: frozenset[str]) -> bool:
    """In private: the person's own matter of that topic, or a word that there is none."""
    own = [issue for issue in open_issues_of(turn) if turn.sees(issue)]
    match = [issue for issue in own if issue.topic in topics] or [
        issue for issue in own if issue.reporter_id == turn.person.id
    ]
    if match:
        answer_progress(turn, match[0])
    else:
        turn.reply("progress-none")
    return True


def _event_line(event: IssueEvent) -> str:
    name = event.by.shown_name if event.by else ""
    return texts().say(
        "progress-event",
        at=f"{local(event.at):%m-%d %H:%M}",
        name=name,
        event=texts().say(f"event-{event.event}"),
        words=texts().say("after-colon", words=event.words) if event.words else "",
    )


def _announce(turn: Turn, issue: Issue, key: str, **values: object) -> None:
    """Tell the chat the issue came from; whoever acts elsewhere is answered there, too."""
    text = texts().say(key, number=issue.number, title=issue.title, **values)
    turn.begin()
    if not issue.is_sensitive or not issue.chat.is_group:
        turn.say(issue.chat, text, issue=issue, reply_to=issue.source_message if issue.chat.is_group else None)
    else:
        turn.tell(issue.reporter, text, issue=issue)
    if turn.chat.id != issue.chat_id and not (issue.is_sensitive and turn.person.id == issue.reporter_id):
        turn.say(turn.chat, text, issue=issue)


def _ask_reporter(turn: Turn, issue: Issue, words: str) -> None:
    handler = issue.handler or turn.person
    text = texts().say(
        "ask-reporter",
        number=issue.number,
        title=issue.title,
        name=handler.shown_name,
        words=texts().say("in-brackets", words=words) if words else "",
    )
    buttons = (
        Button(f"confirm {issue.number}", texts().say("button-satisfied")),
        Button(f"reopen {issue.number}", texts().say("button-not-mended")),
    )
    if issue.is_sensitive and issue.chat.is_group:
        turn.tell(issue.reporter, text, buttons=buttons, issue=issue)
        return
    reply_to = issue.source_message if issue.chat.is_group else None
    turn.say(issue.chat, text, buttons=buttons, issue=issue, reply_to=reply_to, for_person=issue.reporter)


def _earn(turn: Turn, person: Person, issue: Issue) -> int:
    """Points for a matter carried to its end, once an issue, up to the day's cap."""
    return grant(
        turn,
        person,
        turn.rules.points.resolve,
        issue.domain,
        "resolve",
        f"issue:{issue.id}:resolved",
        issue.community_id,
    )


def grant(turn: Turn, person: Person, amount: int, domain: str, reason: str, source: str, community_id: int) -> int:
    """Credit points within the person's daily cap. Returns what was credited."""
    start, end = day_bounds(local(turn.now).date())
    left = turn.rules.points.daily_cap - earned_between(turn.session, person, start, end)
    if domain not in DOMAINS:
        domain = "civility"  # what none of the five duties covers is public spirit
    transfer = earn(turn.session, community_id, person, min(amount, left), domain, reason, source, turn.now)
    return transfer.amount if transfer else 0


def _earned_words(amount: int, domain: str) -> str:
    return texts().say("earned", amount=amount, domain=_domain_name(domain)) if amount else ""


def _domain_name(domain: str) -> str:
    return topic_name(domain, None)


def _list(turn: Turn, issues: list[Issue]) -> None:
    if not issues:
        turn.reply("todo-none")
        return
    turn.begin()
    turn.say(turn.chat, "\n".join(_lines(issues)), reply_to=turn.message.message_id if turn.in_group else None)


def _lines(issues: list[Issue]) -> list[str]:
    lines = [_line(issue) for issue in issues[:ONE_SCREEN]]
    if len(issues) > ONE_SCREEN:
        lines.append(texts().say("todo-more", count=len(issues) - ONE_SCREEN))
    return lines


def _line(issue: Issue) -> str:
    mark = "🔴 " if issue.is_urgent else ""
    late = texts().say("overdue-mark") if issue.is_overdue else ""
    return mark + texts().say(
        "todo-item",
        number=issue.number,
        title=issue.title,
        place=issue.building.name + place_words(issue),
        status=status_words(issue),
        late=late,
    )
