"""One thing being handled: who, where, when, and how to answer."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.masking import clean_name
from handlers.memory import Memory
from handlers.messages import Button, Happening, Incoming
from handlers.permissions import Action, may, may_read
from handlers.rules import Rules
from handlers.texts import texts
from nlp.meaning import Understanding
from nlp.understand import Understander
from storage.chats import Chat, chat_at, open_chat, private_chat
from storage.due import plan_due, slot_at
from storage.errors import Refused
from storage.ids import known_id
from storage.issues import Issue, communities_of, find_issue
from storage.outbox import OutboxKind, OutboxMessage, OutboxState, said_as, said_in_group
from storage.people import Person, RoleHeld, meet, person_at
from storage.places import Place, PlaceKind, communities_within
from storage.receipts import receive

AN_HOUR = timedelta(hours=1)


class Turn:
    """One message, press or due row being handled, within the batch's transaction.

    Nothing is read from or written to the database until a handler asks for it: chatter costs nothing.
    """

    def __init__(
        self,
        open_session: Callable[[], Session],
        message: Incoming,
        rules: Rules,
        memory: Memory,
        understander: Understander,
    ) -> None:
        self._open_session = open_session
        self.message = message
        self.rules = rules
        self.memory = memory
        self.understander = understander
        self.now = message.at
        self.action: Action | None = None
        self.notice = ""
        self.has_effect = False
        self._said = 0
        self._understood: Understanding | None = None
        self._named_topics: frozenset[str] | None = None
        # Not functools.cached_property: until Python 3.12 its lock is shared by all turns, and two workers that
        # wait for the database and for each other would stand still.
        self._session: Session | None = None
        self._chat: Chat | None = None
        self._person: Person | None = None
        self._gathering: dict[int, list[_Line]] | None = None

    @property
    def session(self) -> Session:
        """The transaction, within this turn's own savepoint from the first use on."""
        if self._session is None:
            self._session = self._open_session()
        return self._session

    @property
    def may_leave_trace(self) -> bool:
        """Whether somebody or some chat may have been made known by it, though it had no effect."""
        return not self.has_effect and (self._chat is not None or self._person is not None)

    @property
    def understood(self) -> Understanding:
        """What the message's words say, worked out once."""
        if self._understood is None:
            self._understood = self.understander.understand(self.message.text)
        return self._understood

    @property
    def named_topics(self) -> frozenset[str]:
        """The topics whose things or faults the message's words name, worked out once."""
        if self._named_topics is None:
            self._named_topics = self.understander.topics_in(self.message.text)
        return self._named_topics

    @property
    def may_report(self) -> bool:
        """Whether its words report something in a group, or may do so."""
        message = self.message
        is_said = message.happening is Happening.SAID and message.original_at is None and not message.is_forward
        return self.in_group and is_said and (self.understood.is_report or self.understood.maybe is not None)

    @property
    def in_group(self) -> bool:
        """Whether everybody of the building reads along."""
        return self.message.is_group

    @property
    def known_chat(self) -> Chat | None:
        """The chat this happens in, if the bot knows it: whoever only asks leaves no trace."""
        return chat_at(self.session, self.message.chat)

    @property
    def known_person(self) -> Person | None:
        """Who speaks, if that is known: whoever only asks leaves no trace."""
        return person_at(self.session, self.message.sender)

    @property
    def chat(self) -> Chat:
        """The chat this happens in, made known by that if it was not."""
        if self._chat is None:
            message = self.message
            chat = open_chat(self.session, message.chat, message.account, is_group=self.in_group, at=self.now)
            if not self.in_group and chat.person_id is None:
                chat.person = self.known_person
            self._chat = chat
        return self._chat

    @property
    def person(self) -> Person:
        """Who speaks. Somebody unknown becomes a resident of the group's building."""
        if self._person is None:
            place = self.chat.place if self.in_group else None
            name = clean_name(self.message.name)
            self._person = meet(self.session, self.message.sender, name, self.now, place)
            if not self.in_group and self.chat.person_id != self._person.id:
                self.chat.person = self._person
        return self._person

    def become(self, person: Person) -> None:
        """Whoever speaks turned out to be this person."""
        self.chat.person = self._person = person

    @property
    def community_id(self) -> int | None:
        """The community whose numbers are meant: the group's (none while it is unbound), in private the person's."""
        if self.in_group:
            place = self._groups_place
            return place.community_id if place is not None else None
        return next((held.place.community_id for held in self._roles() if held.place.community_id), None)

    @property
    def building(self) -> Place | None:
        """The building this is about unless another is named: the group's, or the one the person belongs to."""
        if self.in_group:
            place = self._groups_place
            return place if place is not None and place.kind == PlaceKind.BUILDING else None
        return next((held.place for held in self._roles() if held.place.kind == PlaceKind.BUILDING), None)

    @property
    def _groups_place(self) -> Place | None:
        chat = self.known_chat
        return chat.place if chat is not None else None

    def _roles(self) -> list[RoleHeld]:
        person = self.known_person
        return person.held() if person is not None else []

    def issue(self, number: int) -> Issue:
        """The issue of this number, if the person may see it and do what they are about to do.

        Raises Refused ``issue-not-found`` for what is outside the person's scope as for what is not
        there, and ``not-allowed`` for what they may see but not do.
        """
        issue = self.find(number)
        if issue is None:
            raise Refused("issue-not-found", number=number)
        if self.action is not None and not may(self.person, self.action, issue):
            key = "not-allowed-reporter" if self.action in {Action.RATE, Action.WITHDRAW} else "not-allowed"
            raise Refused(key, number=number, building=issue.building.name)
        return issue

    def find(self, number: int) -> Issue | None:
        """The issue of this number, if the person may know of it here. In a group nobody hears of private ones."""
        issue = self._one_of([issue for issue in self._numbered(number) if self.sees(issue)], number)
        if issue is not None and self.in_group and not issue.is_public:
            self.tell(self.person, texts().say("issue-in-private", number=number))
            return None
        return issue

    def _numbered(self, number: int) -> list[Issue]:
        """The issues that this number may mean: the group's community's; in private those of all one has to do with."""
        communities = {self.community_id}
        if not self.in_group and self.known_person is not None:
            communities |= communities_of(self.session, self.known_person.id)
        for held in [] if self.in_group else self._roles():
            is_street = held.place.kind == PlaceKind.STREET
            communities.update(communities_within(self.session, held.place) if is_street else [held.place.community_id])
        found = [find_issue(self.session, known, number) for known in sorted(filter(None, communities))]
        return [issue for issue in found if issue is not None]

    def _one_of(self, issues: list[Issue], number: int) -> Issue | None:
        """Of several, the one whose line is pressed or answered. Raises Refused ``issue-which``."""
        if len(issues) <= 1:
            return issues[0] if issues else None
        line = said_as(self.session, self.chat.id, self.message.reply_to or self.message.message_id)
        meant = next((issue for issue in issues if line is not None and issue.id == line.issue_id), None)
        if meant is None:
            names = [self.session.get_one(Place, issue.community_id).name for issue in issues]
            raise Refused("issue-which", number=number, names=texts().say("list-comma").join(names))
        return meant

    def sees(self, issue: Issue) -> bool:
        """Whether the person may know of an issue: by role, or as one of the building's group."""
        person, chat = self.known_person, self.known_chat
        if person is not None and may_read(person, issue):
            return True
        lives_there = any(held.place_id == issue.building_id for held in self._roles())
        is_groups_own = self.in_group and chat is not None and chat.place_id == issue.building_id
        return (lives_there or is_groups_own) and issue.is_public

    @contextmanager
    def gathered(self) -> Generator[None]:
        """What is said within to one chat, and offers no answers, is said in one message."""
        self._gathering, outer = {}, self._gathering
        try:
            yield
        finally:
            lines, self._gathering = self._gathering, outer
        for said in lines.values():
            first = said[0]
            text = "\n".join(dict.fromkeys(line.text for line in said))
            self.say(first.chat, text, issue=first.issue, reply_to=first.reply_to, answers=first.answers)

    def begin(self) -> None:
        """Take note that this message has an effect. Raises AlreadyHandled for one that had it before."""
        if self.has_effect:
            return
        if not receive(self.session, self.message.key, self.now):
            raise AlreadyHandled
        self.has_effect = True

    def reply(
        self, key: str, *, buttons: tuple[Button, ...] = (), issue: Issue | None = None, **values: object
    ) -> None:
        """Say something where this was said, as an answer to it."""
        self.say(
            self.chat, texts().say(key, **values), buttons=buttons, issue=issue,
            reply_to=self.message.message_id if self.in_group else None,
        )  # fmt: skip

    def reply_with(self, text: str) -> None:
        """Say these very words where this was said."""
        self.say(self.chat, text, reply_to=self.message.message_id if self.in_group else None)

    def reply_privately(self, text: str, *, buttons: tuple[Button, ...] = ()) -> None:
        """Answer where only the person reads it; in a group, only say that this was done."""
        chat = self.chat if not self.in_group else self.private_chat(self.person)
        if chat is None:
            self.reply("private-unknown")
            return
        self.say(chat, text, buttons=buttons, for_person=self.person)
        if self.in_group:
            self.reply("sent-privately")

    def tell(
        self,
        person: Person,
        text: str,
        *,
        buttons: tuple[Button, ...] = (),
        issue: Issue | None = None,
        kind: OutboxKind = OutboxKind.SAY,
        expires_at: datetime | None = None,
        photos: tuple[tuple[str, str], ...] = (),
    ) -> bool:
        """Tell somebody in private. False if the bot has no private chat with them."""
        chat = self.private_chat(person)
        if chat is None:
            return False
        self.say(
            chat, text, buttons=buttons, issue=issue, for_person=person, kind=kind,
            expires_at=expires_at, photos=photos,
        )  # fmt: skip
        return True

    def private_chat(self, person: Person) -> Chat | None:
        """Where the person can be told something in private."""
        return private_chat(self.session, person)

    def react(self, emoji: str) -> None:
        """Nod at what was said, without a word."""
        self.say(self.chat, emoji, kind=OutboxKind.REACT, reply_to=self.message.message_id)

    def say(
        self,
        chat: Chat,
        text: str,
        *,
        buttons: tuple[Button, ...] = (),
        issue: Issue | None = None,
        reply_to: str | None = None,
        for_person: Person | None = None,
        kind: OutboxKind = OutboxKind.SAY,
        expires_at: datetime | None = None,
        photos: tuple[tuple[str, str], ...] = (),
        key: str | None = None,
        answers: OutboxMessage | None = None,
        at_once: bool = False,
    ) -> None:
        """Put a message into the outbox, in the same transaction as its cause.

        ``answers`` is a line of the bot's own that this one follows up. A group that has heard enough, or asked
        for silence, hears it later, unless it has to be said ``at_once``.
        """
        self.begin()
        if self._gathering is not None and not (buttons or photos or at_once) and kind == OutboxKind.SAY:
            self._gathering.setdefault(chat.id, []).append(_Line(chat, text, issue, reply_to, answers))
            return
        self._said += 1
        held_until = None if at_once or not chat.is_group else self._held_until(chat, kind)
        if held_until is not None:
            if kind == OutboxKind.REACT:
                return
            plan_due(self.session, "gathered", chat.id, slot_at(held_until), held_until)
        self.session.add(
            OutboxMessage(
                key=key or f"{self.message.key}>{self._said}",
                chat_id=chat.id,
                chat=chat,
                kind=kind,
                text=text,
                buttons=[{"id": button.id, "label": button.label} for button in buttons],
                photos=[{"account": account, "reference": reference} for account, reference in photos],
                reply_to=reply_to,
                answers_id=known_id(self.session, answers) if answers else None,
                is_urgent=at_once or (issue is not None and issue.is_urgent and issue.is_live),
                state=OutboxState.HELD if held_until else OutboxState.QUEUED,
                issue_id=known_id(self.session, issue) if issue else None,
                issue=issue,
                for_person_id=for_person.id if for_person else None,
                for_person=for_person,
                not_before=self.now,
                expires_at=expires_at,
                created_at=self.now,
            )
        )

    def _held_until(self, chat: Chat, kind: OutboxKind) -> datetime | None:
        """Until when a group is to be left in peace; None: it may be told now."""
        if chat.quiet_until is not None and chat.quiet_until > self.now:
            return chat.quiet_until
        if kind == OutboxKind.REACT:
            return None
        said = said_in_group(self.session, chat.id, self.now - AN_HOUR)
        full = len(said) >= self.rules.group_lines_an_hour
        return said[-self.rules.group_lines_an_hour] + AN_HOUR if full else None


@dataclass(frozen=True, slots=True)
class _Line:
    """Something that will be said together with others."""

    chat: Chat
    text: str
    issue: Issue | None
    reply_to: str | None
    answers: OutboxMessage | None


class AlreadyHandled(Exception):
    """The same message came again; it had its effect."""
