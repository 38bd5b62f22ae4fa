"""What the reports of a batch will ask the database for, asked at once for all of them."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from handlers.turn import AN_HOUR, Turn
from storage.chats import chat_at, read_chats, read_private_chats
from storage.doubts import read_doubts
from storage.issues import read_alike
from storage.outbox import read_said
from storage.people import Role, read_accounts, read_workers
from storage.places import Place, read_above


def read_ahead(session: Session, turns: Iterable[Turn]) -> None:
    """Look up what these turns are likely to need, so that none of them has to ask by itself.

    Only a matter of speed: a turn finds what it needs without it, too. For chatter nothing is looked up.
    """
    heard = [turn for turn in turns if turn.may_report]
    if not heard:
        return
    read_chats(session, (turn.message.chat for turn in heard))
    read_accounts(session, (turn.message.sender for turn in heard))
    bound = [(turn, place) for turn in heard if (place := _place_of(session, turn)) is not None]
    read_doubts(session, (place.id for turn, place in bound if not turn.understood.is_report))
    _for_reports(session, [(turn, place) for turn, place in bound if turn.understood.is_report])


def _place_of(session: Session, turn: Turn) -> Place | None:
    chat = chat_at(session, turn.message.chat)
    return chat.place if chat is not None else None


def _for_reports(session: Session, reports: list[tuple[Turn, Place]]) -> None:
    """Who is to hear of it, what it may repeat, and whether the group has heard enough."""
    if not reports:
        return
    places = [place for _, place in reports]
    read_above(session, places)
    workers = read_workers(session, (above for place in places for above in place.above()))
    asked = (held.person for known in workers.values() for held in known if held.role != Role.VOLUNTEER or held.duties)
    read_private_chats(session, asked)
    kinds = ((place.id, finding.topic) for turn, place in reports for finding in turn.understood.findings)
    now, rules = min(turn.now for turn, _ in reports), reports[0][0].rules
    read_alike(session, kinds, now - rules.support_window, now - rules.limits.recurs_within)
    chats = (chat_at(session, turn.message.chat) for turn, _ in reports)
    read_said(session, (chat.id for chat in chats if chat is not None), now - AN_HOUR)
