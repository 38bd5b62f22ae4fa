"""Where news of an issue is told: in the group it came from, or to the people it is private to."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.describe import duration_words, place_words, shown_reporter
from handlers.masking import shown_words
from handlers.messages import Button
from handlers.texts import texts
from handlers.turn import Turn
from storage import audit
from storage.issues import Issue
from storage.local_time import local
from storage.outbox import first_line_about
from storage.people import Person


def tell_news(turn: Turn, issue: Issue, key: str, **values: object) -> None:
    """Say how it goes, under the line that registered it; whoever acts elsewhere is answered there, too."""
    text = texts().say(key, number=issue.number, title=issue.title, **values)
    turn.begin()
    told = say_where_reported(turn, issue, text)
    if turn.message.chat and turn.message.chat != told:
        turn.say(turn.chat, text, issue=issue)


def say_where_reported(
    turn: Turn, issue: Issue, text: str, *, buttons: tuple[Button, ...] = (), for_person: Person | None = None,
    photos: tuple[tuple[str, str], ...] = (), to_reporter: bool = False,
) -> str | None:  # fmt: skip
    """Say something in the chat of an issue, or to its reporter alone. Returns the address of that chat."""
    if issue.chat.is_group and not issue.is_public:
        chat = turn.private_chat(issue.reporter)
        if chat is not None:
            turn.say(chat, text, buttons=buttons, issue=issue, for_person=issue.reporter, photos=photos)
        return chat.address if chat else None
    is_group = issue.chat.is_group
    line = first_line_about(turn.session, issue.chat_id, issue.id) if is_group and not to_reporter else None
    turn.say(
        issue.chat, text, buttons=buttons, issue=issue, for_person=for_person, photos=photos, answers=line,
        reply_to=issue.source_message if is_group else None,
    )  # fmt: skip
    return issue.chat.address


def ask_reporter(turn: Turn, issue: Issue, words: str) -> None:
    """The work is said to be done: the reporter judges, by button or in words; supporters read along."""
    text = texts().say(
        "ask-reporter", number=issue.number, title=issue.title, name=turn.person.shown_name,
        words=texts().say("in-brackets", words=words) if words else "",
    )  # fmt: skip
    photos = tuple((turn.message.account, reference) for reference in turn.message.photos)
    say_where_reported(
        turn, issue, text, buttons=answer_buttons(issue), for_person=issue.reporter, photos=photos, to_reporter=True
    )
    tell_private_supporters(turn, issue, "supporter-resolved", name=turn.person.shown_name)


def answer_buttons(issue: Issue) -> tuple[Button, ...]:
    """The two answers of a reporter."""
    return (
        Button(f"confirm {issue.number}", texts().say("button-satisfied")),
        Button(f"reopen {issue.number}", texts().say("button-not-mended")),
    )


def is_question(buttons: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these are the answers to the question if it is mended, whose own words say «好了回 1»."""
    return bool(buttons) and str(buttons[0]["id"]).startswith("confirm ")


def tell_private_supporters(turn: Turn, issue: Issue, key: str, **values: object) -> None:
    """Whoever has the same trouble and said so in private hears of it there; the others read the group."""
    text = texts().say(key, number=issue.number, title=issue.title, **values)
    for one in issue.supporters:
        if one.chat is not None and not one.chat.is_group:
            turn.say(one.chat, text, issue=issue, for_person=one.person)


def tell_closed(turn: Turn, issue: Issue) -> None:
    """Struck off: one line for the group, the supporters counted in."""
    voices = texts().say("closed-voices", count=issue.voices) if issue.supporters else ""
    duration = duration_words(turn.now - issue.reported_at)
    tell_news(turn, issue, "issue-closed", duration=duration, voices=voices)
    tell_private_supporters(turn, issue, "issue-closed", duration=duration, voices="")


def work_words(issue: Issue, key: str, **values: object) -> str:
    """An issue as those see it who are to take it on: where, when, who, in what words."""
    return texts().say(
        key, number=issue.number, title=issue.title, clock=f"{local(issue.reported_at):%H:%M}",
        name=shown_reporter(issue), words=shown_words(issue.words),
        **{"more": "", "place": issue.building.name + place_words(issue), **values},
    )  # fmt: skip


def tell_workers(turn: Turn, issue: Issue, people: list[Person], text: str, *, has_photos: bool = True) -> list[Person]:
    """Tell those who may act, with a button. Returns who knows now: told, or speaking themselves.

    Whoever is shown a sensitive case stands in the audit trail.
    """
    photos = tuple((photo.account, photo.reference) for photo in issue.photos) if has_photos else ()
    told: list[Person] = []
    for person in people:
        is_speaker = person.id == _speaker_id(turn)
        if is_speaker or turn.tell(person, text, buttons=_next_move(issue, person), issue=issue, photos=photos):
            told.append(person)
            note_look(turn, issue, person)
    return told


def _next_move(issue: Issue, person: Person) -> tuple[Button, ...]:
    if issue.handler is None:
        return (claim_button(issue),)
    return (resolve_button(issue),) if issue.handler is person else ()


def claim_button(issue: Issue) -> Button:
    """Take it on."""
    return Button(f"claim {issue.number}", texts().say("button-claim"))


def resolve_button(issue: Issue) -> Button:
    """Say that it is done."""
    return Button(f"resolve {issue.number}", texts().say("button-resolve"))


def note_look(turn: Turn, issue: Issue, person: Person) -> None:
    """Keep in the trail that somebody else than the reporter saw a sensitive case."""
    if issue.is_sensitive and person.id != issue.reporter_id:
        audit.record(turn.session, audit.Look.SENSITIVE, person, turn.now, community_id=issue.community_id, issue=issue)


def _speaker_id(turn: Turn) -> int | None:
    return turn.person.id if turn.message.sender else None
