"""One-time codes that bind an account to a person, or a group to a building."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.errors import Refused
from storage.people import Person
from storage.places import Place

LIFE = timedelta(hours=24)
TRIES_AN_HOUR = 5
_RANDOM_BYTES = 5  # 40 bits


class JoinCode(Base):
    """A code, kept as an HMAC only. It is for a person, for a role in a place, or for a building's group.

    ``role`` is empty for a group's code. Whoever uses a role's code becomes that, under the ``name`` it
    was made for.
    """

    __tablename__ = "join_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))
    role: Mapped[str | None] = mapped_column(String(16))
    name: Mapped[str | None] = mapped_column(String(40))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship()
    place: Mapped[Place | None] = relationship()


class CodeAttempt(Base):
    """A wrong code, by who tried it."""

    __tablename__ = "code_attempts"
    __table_args__ = (Index("ix_code_attempts_address_at", "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


def issue_code(
    session: Session,
    secret: str,
    at: datetime,
    *,
    person: Person | None = None,
    place: Place | None = None,
    role: str | None = None,
    name: str | None = None,
) -> str:
    """A fresh code, shown once: ``ABCD-EFGH``. An older unused one for the same is void."""
    older = update(JoinCode).where(
        JoinCode.used_at.is_(None),
        JoinCode.person_id == (person.id if person else None),
        JoinCode.place_id == (place.id if place else None),
        JoinCode.role == role,
        JoinCode.name == name,
    )
    session.execute(older.values(used_at=at))
    code = base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode()
    session.add(
        JoinCode(digest=_digest(secret, code), person=person, place=place, role=role, name=name, expires_at=at + LIFE)
    )
    return f"{code[:4]}-{code[4:]}"


def use_code(session: Session, secret: str, given: str, address: str, at: datetime) -> JoinCode:
    """Redeem a code. Raises Refused ``code-too-many`` after five wrong ones in an hour, else ``code-wrong``.

    A wrong, a used and an expired code are told apart to nobody.
    """
    tries = session.scalar(
        select(func.count()).where(CodeAttempt.address == address, CodeAttempt.at > at - timedelta(hours=1))
    )
    if (tries or 0) >= TRIES_AN_HOUR:
        raise Refused("code-too-many")
    code = find_code(session, secret, given)
    if code is None or code.used_at is not None or code.expires_at <= at:
        session.add(CodeAttempt(address=address, at=at))
        raise Refused("code-wrong")
    code.used_at = at
    return code


def burn_code(session: Session, secret: str, given: str, at: datetime) -> None:
    """A personal code that was shown in a group is worth nothing any more."""
    code = find_code(session, secret, given)
    if code is not None and code.used_at is None:
        code.used_at = at


def find_code(session: Session, secret: str, given: str) -> JoinCode | None:
    """The code as somebody typed it: case, dashes and blanks do not matter."""
    letters = "".join(char for char in given.upper() if char.isascii() and char.isalnum())
    return session.get(JoinCode, _digest(secret, letters))


def _digest(secret: str, code: str) -> str:
    return hmac.new(secret.encode(), code.encode(), hashlib.sha256).hexdigest()
