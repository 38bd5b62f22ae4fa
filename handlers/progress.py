"""How things stand: one issue with its history, and the lists of what is to be done, a screen at a time."""

from collections.abc import Callable

from handlers.arguments import IssueNumber, MaybeNumber, MaybeWords
from handlers.commands import command
from handlers.describe import duration_words, limit_words, place_words, shown_reporter, status_words
from handlers.explain import explain
from handlers.masking import shown_words
from handlers.messages import Button
from handlers.news import claim_button, note_look, resolve_button
from handlers.permissions import Action, may
from handlers.texts import texts
from handlers.turn import Turn
from storage.issues import Event, Issue, IssueEvent, Status, live_of, open_in_chat, open_issues, sorted_todo
from storage.local_time import local
from storage.outbox import last_offering
from storage.people import Role, buildings_of

ONE_SCREEN = 12
_HISTORY = 8


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
    show_page(turn, "todo", 0)


@command("更多", name="more")
def more(turn: Turn, words: MaybeWords) -> None:
    """The next screen of the list that was shown last here."""
    if not words:
        line = last_offering(turn.session, turn.chat.id, "more ", turn.now - turn.rules.close_after)
        if line is None:
            turn.reply("more-none")
            return
        words = MaybeWords(str(line.buttons[0]["id"]).partition(" ")[2])
        line.buttons = []  # shown now: the next 更多 is for the next screen
    name, _, offset = words.partition(" ")
    if name in LISTS and offset.isdecimal():
        show_page(turn, name, min(int(offset), 10_000))


def show_page(turn: Turn, name: str, offset: int) -> None:
    """One screen of a list, and how to see the next."""
    lines, is_for_group = LISTS[name](turn)
    shown = lines[offset : offset + ONE_SCREEN]
    if not shown:
        turn.reply("todo-none" if offset == 0 else "more-none")
        return
    left = len(lines) - offset - len(shown)
    buttons: tuple[Button, ...] = ()
    if left > 0:
        shown.append(texts().say("list-more", count=left))
        buttons = (Button(f"more {name} {offset + ONE_SCREEN}", texts().say("button-more")),)
    if is_for_group:
        reply_to = turn.message.message_id if turn.in_group else None
        turn.say(turn.chat, "\n".join(shown), buttons=buttons, reply_to=reply_to)
    else:
        turn.reply_privately("\n".join(shown), buttons=buttons)


def _todo_lines(turn: Turn) -> tuple[list[str], bool]:
    """The group's own list for those without a duty, the whole of a duty in private."""
    buildings = buildings_of(turn.session, turn.person, Role.BUILDING_HEAD, Role.GRID_WORKER, Role.STAFF, Role.STREET)
    if buildings:
        issues = [issue for issue in open_issues(turn.session, buildings) if turn.sees(issue)]
        return [_line(issue) for issue in issues], False
    if turn.in_group:
        issues = [issue for issue in sorted_todo(open_in_chat(turn.session, turn.chat.id)) if issue.is_public]
        return [_line(issue) for issue in issues], True
    mine = [issue for issue in open_issues_of(turn) if turn.person.id in {issue.reporter_id, issue.handler_id}]
    return [_line(issue) for issue in mine], True


LISTS: dict[str, Callable[[Turn], tuple[list[str], bool]]] = {"todo": _todo_lines}
"""Every list that can be shown a screen at a time: its lines, and whether the group may read them."""


@command("为什么", name="why")
def why(turn: Turn, number: IssueNumber) -> None:
    """Show what decided how an issue was filed: words, weights, rules, and what it was nearly filed as."""
    issue = turn.issue(number)
    note_look(turn, issue, turn.person)
    turn.reply_privately(explain(issue, turn.understander.understand(issue.words)))


def show_card(turn: Turn, number: int) -> bool:
    """A number alone, in private: the issue, its words and what can be done about it. False if there is none."""
    issue = turn.find(number)
    if issue is None or not may(turn.person, Action.READ, issue):
        return False
    turn.begin()
    note_look(turn, issue, turn.person)
    text = texts().say(
        "card", number=issue.number, title=issue.title, place=issue.building.name + place_words(issue),
        status=status_words(issue), limit=limit_words(issue), words=shown_words(issue.words),
        at=f"{local(issue.reported_at):%m-%d %H:%M}", name=shown_reporter(issue),
    )  # fmt: skip
    buttons: tuple[Button, ...] = ()
    if issue.status == Status.OPEN and may(turn.person, Action.CLAIM, issue):
        buttons += (claim_button(issue),)
    if issue.is_live and may(turn.person, Action.WORK, issue):
        buttons += (resolve_button(issue),)
    turn.say(turn.chat, text, buttons=buttons, issue=issue, for_person=turn.person)
    return True


def open_issues_of(turn: Turn) -> list[Issue]:
    """The live issues of the buildings the person belongs to, and their own wherever they are."""
    known = open_issues(turn.session, buildings_of(turn.session, turn.person))
    seen = [issue for issue in known if turn.sees(issue)]
    return sorted_todo([*seen, *(issue for issue in live_of(turn.session, turn.person.id) if issue not in seen)])


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
    note_look(turn, issue, turn.person)
    if issue.is_live and (limit := limit_words(issue)):
        line += texts().say("progress-limit", limit=limit)
    history = [_event_line(event) for event in issue.events[-_HISTORY:]]
    turn.say(turn.chat, "\n".join([line, *history]), issue=issue)


def answer_progress_private(turn: Turn, topics: frozenset[str]) -> bool:
    """In private: the person's own matter of that topic, or a word that there is none."""
    own = open_issues_of(turn)
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
        name=f" {name}" if name else "",
        event=texts().say(f"event-{event.event}"),
        words=texts().say("after-colon", words=_event_words(event)) if event.words else "",
    )


def _event_words(event: IssueEvent) -> str:
    is_number = event.event in {Event.MERGED, Event.ABSORBED, Event.SPLIT}
    return texts().say("number-only", number=event.words) if is_number else event.words or ""


def _line(issue: Issue) -> str:
    mark = "🔴 " if issue.is_urgent else ""
    late = texts().say("overdue-mark") if issue.is_overdue else ""
    late += texts().say("paused-mark") if issue.paused_at else ""
    return mark + texts().say(
        "todo-item",
        number=issue.number,
        title=issue.title,
        place=issue.building.name + place_words(issue),
        status=status_words(issue),
        late=late,
    )
