"""What was looked up within a transaction: once, and without saving first what has nothing to do with it."""

import itertools
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from storage.database import Base

K = TypeVar("K")
V = TypeVar("V")


def kept(session: Session, what: str) -> dict[Any, Any]:
    """What was looked up of a kind in this transaction and need not be again; empty after anything was rolled back.

    It also holds on to the records, which a session forgets as soon as nobody else does.
    """
    return session.info.setdefault("kept", {}).setdefault(what, {})


def all_of_each(
    session: Session, what: str, keys: Iterable[K], find: Callable[[list[K]], Iterable[tuple[K, V]]]
) -> dict[K, list[V]]:
    """Look up what belongs to each of these keys, for all at once that are not known yet.

    ``find`` returns pairs of a key and one of its values, in order.
    """
    known: dict[K, list[V]] = kept(session, what)
    wanted = [key for key in dict.fromkeys(keys) if key not in known]
    known.update((key, []) for key in wanted)
    for key, value in find(wanted) if wanted else ():
        known[key].append(value)
    return known


def note(session: Session, what: str, key: object, value: object) -> None:
    """Something new belongs to a key; where that was looked up already, it is known from now on."""
    known = kept(session, what).get(key)
    if known is not None:
        known.append(value)


def forget(session: Session, what: str) -> None:
    """What was looked up of a kind may not hold any more."""
    session.info.get("kept", {}).pop(what, None)


def forget_if_set(what: str, *attributes: Any) -> None:
    """Forget what was looked up of a kind as soon as one of these attributes of a record in a session changes."""

    def on_set(record: object, value: object, old: object, _initiator: object) -> None:
        session = object_session(record) if value != old else None
        if session is not None:
            forget(session, what)

    for attribute in attributes:
        event.listen(attribute, "set", on_set)


@contextmanager
def settled(session: Session, *kinds: type[Base], is_new_known: bool = False) -> Generator[None]:
    """For questions that only records of these kinds can answer: what is pending is saved if any of them is.

    A session saves it before every question, though most of it has nothing to do with that. ``is_new_known``:
    whoever asks looks through the new records by itself.
    """
    changed = (one for one in session.dirty if isinstance(one, kinds) and session.is_modified(one))
    new = () if is_new_known else (one for one in session.new if isinstance(one, kinds))
    if any(True for _ in itertools.chain(new, changed)):
        session.flush()
    with session.no_autoflush:
        yield


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _transaction: object) -> None:  # pyright: ignore[reportUnusedFunction]
    session.info.pop("kept", None)
