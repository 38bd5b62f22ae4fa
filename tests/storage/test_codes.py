"""One-time codes: once, for a day, five tries an hour, never kept in the clear."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.codes import issue_code, use_code
from storage.database import Database
from storage.errors import Refused
from storage.people import person_at
from tests.conftest import NOW


def a_code(database: Database) -> str:
    with database.transaction() as session:
        return issue_code(session, "secret", NOW, person=person_at(session, "replay:head5"))


def use(database: Database, code: str, hours: float = 0, address: str = "replay:x") -> None:
    with database.transaction() as session:
        use_code(session, "secret", code, address, NOW + timedelta(hours=hours))


def test_a_code_works_once_however_it_is_typed(database: Database) -> None:
    code = a_code(database)
    use(database, code.lower().replace("-", " "))
    with pytest.raises(Refused, match="code-wrong"):
        use(database, code)


def test_a_code_dies_after_a_day_and_when_a_new_one_is_made(database: Database) -> None:
    code = a_code(database)
    with pytest.raises(Refused, match="code-wrong"):
        use(database, code, hours=24)
    a_code(database)
    with pytest.raises(Refused, match="code-wrong"):
        use(database, code)


def test_a_code_is_not_to_be_found_in_the_database(database: Database, tmp_path: Path) -> None:
    code = a_code(database)
    database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("town.db*"))
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored
