"""Points (积分): a ledger of transfers in which nothing is ever edited, and the catalogue they buy from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base
from storage.people import Person


class PointAccount(Base):
    """A person's points, or the pool of the community that gives them (``person_id`` empty).

    A person's balance cannot fall below zero; the pool's is minus all that is out there, so that the
    sum over all accounts is always zero.
    """

    __tablename__ = "point_accounts"
    __table_args__ = (CheckConstraint("person_id IS NULL OR balance >= 0", name="balance_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("places.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), unique=True)
    balance: Mapped[int] = mapped_column(default=0)


class PointTransfer(Base):
    """Points that went from one account to another. ``source`` is what they were for, and unique."""

    __tablename__ = "point_transfers"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("point_accounts.id"), index=True)
    amount: Mapped[int]
    domain: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)

    to: Mapped[PointAccount] = relationship(foreign_keys=[to_id])


class CatalogueItem(Base):
    """Something that points can be exchanged for."""

    __tablename__ = "catalogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(String(60), unique=True)
    points: Mapped[int]
    stock: Mapped[int]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    where: Mapped[str] = mapped_column(String(60), default="")


def account_of(session: Session, community_id: int, person: Person | None) -> PointAccount:
    """A person's account, or the community's pool; opened at first use."""
    statement = select(PointAccount)
    if person is None:
        statement = statement.where(PointAccount.community_id == community_id, PointAccount.person_id.is_(None))
    else:
        statement = statement.where(PointAccount.person_id == person.id)
    account = session.scalar(statement)
    if account is None:
        account = PointAccount(community_id=community_id, person_id=person.id if person else None, balance=0)
        session.add(account)
        session.flush()
    return account


def earn(
    session: Session,
    community_id: int,
    person: Person,
    amount: int,
    domain: str,
    reason: str,
    source: str,
    at: datetime,
) -> PointTransfer | None:
    """Credit a person once for a source. None if it was credited before or there is nothing to give."""
    if amount <= 0 or session.scalar(select(PointTransfer.id).where(PointTransfer.source == source)) is not None:
        return None
    pool, account = account_of(session, community_id, None), account_of(session, community_id, person)
    transfer = PointTransfer(
        from_id=pool.id, to=account, amount=amount, domain=domain, reason=reason, source=source, at=at
    )
    session.add(transfer)
    # In the database and not in memory: two workers may credit at once.
    for moved, delta in ((pool, -amount), (account, amount)):
        session.execute(
            update(PointAccount).where(PointAccount.id == moved.id).values(balance=PointAccount.balance + delta)
        )
    session.flush()
    session.refresh(account)
    return transfer


def balance(session: Session, person: Person) -> tuple[int, dict[str, int]]:
    """The total and what of it was earned in each domain."""
    account = session.scalar(select(PointAccount).where(PointAccount.person_id == person.id))
    if account is None:
        return 0, {}
    earned = select(PointTransfer.domain, func.sum(PointTransfer.amount)).where(PointTransfer.to_id == account.id)
    spent = select(PointTransfer.domain, func.sum(PointTransfer.amount)).where(PointTransfer.from_id == account.id)
    by_domain = {domain: int(amount) for domain, amount in session.execute(earned.group_by(PointTransfer.domain))}
    for domain, amount in session.execute(spent.group_by(PointTransfer.domain)):
        by_domain[domain] = by_domain.get(domain, 0) - int(amount)
    return account.balance, by_domain


def earned_between(session: Session, person: Person, start: datetime, end: datetime) -> int:
    """What a person earned in ``[start, end)``."""
    account = session.scalar(select(PointAccount.id).where(PointAccount.person_id == person.id))
    statement = select(func.coalesce(func.sum(PointTransfer.amount), 0)).where(
        PointTransfer.to_id == account, PointTransfer.at >= start, PointTransfer.at < end
    )
    return int(session.execute(statement).scalar_one())


def next_reward(session: Session, points: int, today: date) -> CatalogueItem | None:
    """The cheapest thing on offer today that is still out of reach."""
    statement = (
        select(CatalogueItem)
        .where(CatalogueItem.points > points, CatalogueItem.stock > 0)
        .where(CatalogueItem.ends_on.is_(None) | (CatalogueItem.ends_on >= today))
        .order_by(CatalogueItem.points)
    )
    return session.scalars(statement).first()
