"""Fresh one-time codes for all who have not joined yet, as rows to hand out."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.describe import role_and_name
from storage.chats import Chat, group_of
from storage.codes import LIFE, issue_code
from storage.local_time import local
from storage.people import Person, Role
from storage.places import PlaceKind, places_of_kind


def fresh_codes(session: Session, secret: str, at: datetime) -> list[list[str]]:
    """A row a code: for each person of the roster without an account, and each building without a group."""
    until = f"{local(at + LIFE):%Y-%m-%d %H:%M}"
    rows: list[list[str]] = []
    for person in session.scalars(select(Person).where(Person.is_on_roster).order_by(Person.id)):
        reached = select(Chat.id).where(Chat.person_id == person.id, Chat.is_active).limit(1)
        has_chat = session.scalar(reached) is not None
        held = [one for one in person.held() if one.role != Role.RESIDENT]
        if held and not has_chat:
            code = issue_code(session, secret, at, person=person)
            title = role_and_name(person).removesuffix(person.name)
            rows.append(
                ["加入", _safe(person.name), title, _safe(held[0].place.name), "私聊机器人", f"加入 {code}", until]
            )
    for building in places_of_kind(session, PlaceKind.BUILDING):
        if group_of(session, building) is None:
            code = issue_code(session, secret, at, place=building)
            rows.append(["绑定群", "", "", _safe(building.name), "楼栋群里", f"绑定 {code}", until])
    return rows


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
