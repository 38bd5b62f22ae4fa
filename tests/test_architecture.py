"""The shape of the code that no type checker holds: arrows and async by import contract, texts, lexicon."""

import ast
import inspect
import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fluent.runtime import FluentResource

from handlers.commands import COMMANDS
from handlers.router import route
from nlp import polarity, score
from nlp.lexicon import load
from storage.domains import DOMAINS, TOPICS

ROOT = Path(__file__).parent.parent
PLAIN = ("handlers", "nlp", "storage")
DYNAMIC = (
    "level-",
    "look-",
    "usage-",
    "weekday-",
    "role-",
    "status-",
    "event-",
    "void-",
    "time-",
    "emergency-",
    "roster-",
    "wish-",
    "rule-",
    "kind-",
)
"""Beginnings of text keys that the code puts together."""

assert route  # registers every command


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def text_keys() -> set[str]:
    source = (ROOT / "handlers/texts/zh.ftl").read_text("utf-8")
    return {entry.id.name for entry in FluentResource(source).body if hasattr(entry, "id")}


def strings() -> set[str]:
    return {
        node.value
        for _, tree in sources("bot", *PLAIN)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_reason_against_a_word_and_every_rule_has_its_sentence() -> None:
    """Else 为什么 would break on the first message that it applies to."""
    reasons = re.findall(r'return "(\w+)"', inspect.getsource(polarity)) + [cue for cue, _ in polarity._BARS]
    rules = re.findall(r'^ {8}"([a-z ]+)":', inspect.getsource(polarity._malus), re.MULTILINE)
    rules += re.findall(r'rules\["(\w+)"\]', inspect.getsource(score.rules_of))
    assert len(reasons) > 12
    assert len(rules) > 12
    wanted = {f"void-{reason.replace('_', '-')}" for reason in reasons} | {
        f"rule-{rule.replace(' ', '-')}" for rule in rules
    }
    assert sorted(wanted - text_keys()) == []


def test_nothing_below_bot_is_async() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path, tree in sources(*PLAIN)
        for node in ast.walk(tree)
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert found == []


def test_every_sentence_is_used_and_every_used_one_is_there() -> None:
    keys, used = text_keys(), strings()
    assert {key for key in keys if key not in used and not key.startswith(DYNAMIC)} == set()
    called = {
        node.args[0].value
        for _, tree in sources("bot", *PLAIN)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in {"say", "reply", "Refused"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
        and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", node.args[0].value)
    }
    assert called - keys == set()


def test_every_command_that_takes_arguments_has_its_example() -> None:
    keys = text_keys()
    takes = [command for command in COMMANDS.values() if command.handler.__code__.co_argcount > 1]
    assert {command.usage_key for command in takes} - keys == set()


def test_no_sentence_stands_in_the_code() -> None:
    found = [
        f"{path.name}: {node.value[:20]}"
        for path, tree in sources("handlers", "storage")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.search("[\u4e00-\u9fff][。？！]", node.value) and node.value not in docstrings(tree)
    ]
    assert found == []


def docstrings(tree: ast.Module) -> set[str]:
    """Docstrings and the strings that explain a constant below it."""
    return {
        node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def test_the_lexicon_is_sorted_and_says_nothing_twice() -> None:
    for path in sorted((ROOT / "nlp/lexicon").glob("*.toml")):
        for section, spec in tomllib.loads(path.read_text("utf-8")).items():
            for kind, words in spec.items():
                where = f"{path.name} [{section}] {kind}"
                assert words == sorted(words), where
                assert len(words) == len({str(word) for word in words}), where


def test_no_pattern_stands_twice_in_another_order_or_under_both_kinds() -> None:
    for path in sorted((ROOT / "nlp/lexicon").glob("*.toml")):
        for section, spec in tomllib.loads(path.read_text("utf-8")).items():
            blocks = [
                [slot.split("/") for slot in slots]
                for kind in ("patterns", "urgent_patterns")
                for slots in spec.get(kind, ())
            ]
            assert [words for block in blocks for words in block if words != sorted(set(words))] == []
            patterns = [frozenset(slots) for block in blocks for slots in itertools.product(*block)]
            assert [set(slots) for slots, count in Counter(patterns).items() if count > 1] == [], (path.name, section)


def test_the_lexicon_knows_every_topic_and_enough_words() -> None:
    lexicon = load()
    named = {topic: domain for topic, domain in lexicon.domain_of.items() if topic != "other"}
    assert named == {topic.id: topic.domain for topic in TOPICS.values()}
    assert set(named.values()) == set(DOMAINS)
    assert lexicon.term_count >= 800
