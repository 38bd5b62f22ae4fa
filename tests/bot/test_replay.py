"""``loudong replay``: a week in one building through the whole bot, told to the field."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
WEEK = ROOT / "docs" / "week"
FIELDS = {
    "issue": {"number", "label", "topic", "urgent", "building", "status", "supporters", "source"},
    "issue_event": {"number", "event", "by"},
    "say": {"chat", "text"},
    "react": {"chat", "text"},
    "reminder": {"chat", "text"},
    "digest": {"chat", "text"},
    "points": {"person", "delta", "balance", "reason"},
    "summary": {"issues", "messages"},
}


def run(*arguments: str | Path, given: str | None = None, where: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=where,
    )


@pytest.fixture(scope="module")
def week() -> list[dict[str, Any]]:
    done = run("replay", WEEK / "history.jsonl", "--roster", WEEK / "roster")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_line_has_its_fields_and_the_summary_comes_last(week: list[dict[str, Any]]) -> None:
    for told in week:
        assert told.keys() >= FIELDS[told["type"]] | {"at"}, told
    assert {told["type"] for told in week} == set(FIELDS)
    assert [told["type"] for told in week].index("summary") == len(week) - 1
    moments = [told["at"] for told in week]
    assert moments == sorted(moments)


def test_the_week_has_reports_of_all_five_domains_and_ends_as_it_should(week: list[dict[str, Any]]) -> None:
    summary = week[-1]
    assert summary["by_label"] == {"care": 3, "civility": 2, "dispute": 4, "safety": 5, "sanitation": 2}
    assert summary["by_status"] == {"claimed": 3, "closed": 6, "open": 7}
    assert Counter(told["type"] for told in week)["digest"] == 8
    assert [told["text"][:9] for told in week if told["type"] == "reminder"] == ["明天10:00走访", "今天10:00走访"]


def test_the_group_is_left_in_peace(week: list[dict[str, Any]]) -> None:
    """Of the group's own lines none but reports, questions and answers get one of ours."""
    said = [told for told in week if told["type"] == "say" and told["chat"] == "5"]
    assert len(said) <= 40
    assert not any("打老婆" in told["text"] or "302" in told["text"] for told in said)


def test_the_same_history_tells_the_same_twice(week: list[dict[str, Any]]) -> None:
    again = run("replay", WEEK / "history.jsonl", "--roster", WEEK / "roster").stdout.splitlines()
    assert [json.loads(line) for line in again] == week


def test_without_a_roster_each_group_is_a_building_and_speakers_are_residents(tmp_path: Path) -> None:
    lines = [
        {
            "time": "2026-11-17T08:00:00+08:00",
            "chat": "a",
            "sender": "u1",
            "name": "刘婶",
            "text": "电梯坏了",
            "id": "x1",
        },
        {"time": "2026-11-17T08:01:00+08:00", "chat": "b", "sender": "u2", "name": "老陈", "text": "电梯坏了"},
        {
            "time": "2026-11-17T08:02:00+08:00",
            "chat": "a",
            "sender": "u3",
            "name": "小吴",
            "text": "+1",
            "reply_to": "x1",
        },
        {"time": "2026-11-17T08:03:00+08:00", "chat": "a", "sender": "u4", "name": "谭姐", "press": "metoo 1"},
        {"time": "2026-11-18T09:00:00+08:00", "advance": True},
    ]
    (tmp_path / "h.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    told = [json.loads(line) for line in run("replay", tmp_path / "h.jsonl").stdout.splitlines()]
    issues = [line for line in told if line["type"] == "issue"]
    assert [(line["number"], line["building"], line["supporters"]) for line in issues] == [
        (1, "a", 0), (2, "b", 0), (1, "a", 1), (1, "a", 2),
    ]  # fmt: skip
    assert issues[0]["source"] == "x1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1: not JSON"),
        ("[1]", "line 1: not an object"),
        ('{"chat": "a"}', "line 1: no time"),
        ('{"time": "2026-11-17T08:00"}', "line 1: no chat"),
        ('{"time": "gestern", "chat": "a"}', "line 1: no time"),
        ("[" * 100_000, "line 1: not JSON"),
    ],
)
def test_a_broken_history_is_told_by_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "h.jsonl").write_text(text, "utf-8")
    done = run("replay", tmp_path / "h.jsonl")
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


class TestClassify:
    """``loudong classify``: one JSON line for each text."""

    def test_texts_and_json_lines_are_read_alike(self, tmp_path: Path) -> None:
        given = '三单元电提又坏了\n{"text": "早上好"}\n{"not": "a text"}\n\n好大的煤气味\n'
        (tmp_path / "t.txt").write_text(given, "utf-8")
        by_file, by_pipe = run("classify", tmp_path / "t.txt"), run("classify", given=given)
        assert by_file.stdout == by_pipe.stdout
        told = [json.loads(line) for line in by_file.stdout.splitlines()]
        assert [line["label"] for line in told] == ["safety", "none", "none", "none", "safety"]
        first = told[0]
        assert set(first) == {
            "text", "label", "topic", "urgent", "also", "place", "evidence", "score", "kind", "runner_up", "rules",
            "void", "weak",
        }  # fmt: skip
        assert first["place"] == {"building": None, "unit": "3", "floor": None, "room": None, "spot": None}
        assert set(first["evidence"][0]) == {"term", "start", "end", "topic", "weight"}
        assert told[4]["urgent"] is True

    def test_bytes_that_are_no_text_and_no_file_at_all(self, tmp_path: Path) -> None:
        (tmp_path / "t.txt").write_bytes(b"\xff\xfe\x00\n" + "电梯坏了\n".encode())
        told = [json.loads(line) for line in run("classify", tmp_path / "t.txt").stdout.splitlines()]
        assert [line["label"] for line in told] == ["none", "safety"]
        assert run("classify", tmp_path / "none.txt").returncode == 1


class TestOperating:
    """The commands of an operator, on a folder of their own."""

    def test_from_template_to_digest(self, tmp_path: Path) -> None:
        assert run("template", "r.xlsx", where=tmp_path).returncode == 0
        assert run("db", "upgrade", where=tmp_path).returncode == 0
        assert "imported: 4 places, 4 people" in run("import", WEEK / "roster", where=tmp_path).stdout
        assert "立新桥社区 11月17日" in run("digest", "--at", "2026-11-17T08:30", where=tmp_path).stdout
        done = run("export", "codes", "codes.csv", where=tmp_path)
        assert "wrote" in done.stdout
        assert (tmp_path / "codes.csv").stat().st_mode & 0o077 == 0

    def test_a_broken_roster_is_told_and_nothing_is_taken_over(self, tmp_path: Path) -> None:
        folder = tmp_path / "r"
        folder.mkdir()
        (folder / "places.csv").write_text("类别,名称,上级\n街道,上梅街道,\n楼栋,5栋,没有的网格\n", "utf-8")
        done = run("import", folder, where=tmp_path)
        assert done.returncode == 1
        assert "places 3: 没有叫「没有的网格」的地点" in done.stderr
        assert "no community yet" in run("digest", where=tmp_path).stdout

    def test_a_broken_database_is_told_and_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "loudong.db").write_bytes(b"this is no database" * 100)
        for command in (["digest"], ["import", str(WEEK / "roster")], ["db", "upgrade"]):
            done = run(*command, where=tmp_path)
            assert done.returncode == 1
            assert "database:" in done.stderr
            assert "Traceback" not in done.stderr
        assert (tmp_path / "data" / "loudong.db").read_bytes() == b"this is no database" * 100

    def test_the_doctor_says_what_to_do(self, tmp_path: Path) -> None:
        done = run("doctor", where=tmp_path)
        assert done.returncode == 1
        assert "FIX  telegram: no account configured" in done.stdout
        assert "FIX  roster: no building yet; run: loudong template" in done.stdout
        (tmp_path / "config.toml").write_text("[databse]\n", "utf-8")
        assert "databse" in run("doctor", where=tmp_path).stdout

    @pytest.mark.parametrize(
        "arguments",
        [["run"], ["run", "--config", "none.toml"], ["run", "--role", "worker"], ["replay", "none"],
         ["export", "x", "y"],         ["import", "none"], ["digest", "--at", "gestern"], ["template", "r.txt"]],
    )  # fmt: skip
    def test_what_cannot_be_done_is_said_in_a_line(self, tmp_path: Path, arguments: list[str]) -> None:
        done = run(*arguments, where=tmp_path)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert 0 < len(done.stderr.splitlines()) <= 3
