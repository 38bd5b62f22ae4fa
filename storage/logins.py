"""How the bot's accounts stand with their platforms: logged in or not, and since when under which identity.

On WeChat the ids of people and groups may be others after a new login. The epoch of a login is therefore part
of every address: what was bound in an earlier epoch is not met again, and has to be bound anew by a code.
"""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base


class Login(Base):
    """One of the bot's accounts."""

    __tablename__ = "logins"

    account: Mapped[str] = mapped_column(String(80), primary_key=True)
    self_id: Mapped[str] = mapped_column(String(120))
    epoch: Mapped[int] = mapped_column(default=1)
    is_up: Mapped[bool] = mapped_column(default=True)
    first_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """The last sign of life of its connection."""
    not_before: Mapped[datetime | None]
    """When it may speak again: its pace."""


def login_of(session: Session, account: str) -> Login | None:
    """How an account stands; None for one that never logged in, or needs no login."""
    return session.get(Login, account)


def note_login(
    session: Session, account: str, self_id: str, at: datetime, *, are_ids_stable: bool
) -> tuple[Login, bool]:
    """An account is logged in. After a logout, or as somebody else, a new epoch begins (True).

    ``are_ids_stable``: its gateway keeps ids over logins of the same account.
    """
    login = session.get(Login, account)
    is_fresh = False
    if login is None:
        login = Login(account=account, self_id=self_id, epoch=1, is_up=True, first_at=at, seen_at=at)
        session.add(login)
    elif login.self_id != self_id or not (login.is_up or are_ids_stable):
        login.epoch += 1
        login.self_id, login.first_at = self_id, at
        is_fresh = True
    login.is_up, login.seen_at = True, at
    session.flush()
    return login, is_fresh


def note_seen(session: Session, account: str, at: datetime) -> datetime | None:
    """An account's connection lives. Returns when it last did before; None for one that is new."""
    login = session.get(Login, account)
    if login is None:
        return None
    before, login.seen_at = login.seen_at, max(at, login.seen_at)
    return before


def note_logout(session: Session, account: str) -> bool:
    """An account is logged out, or restricted. False if it was so already."""
    login = session.get(Login, account)
    if login is None or not login.is_up:
        return False
    login.is_up = False
    session.flush()
    return True
