"""Nothing anybody can type breaks the understanding, and its answer does not depend on who asks when."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import load
from nlp.understand import Understander, understand

HERE = Path(__file__).parent
CORPUS = sorted((HERE.parent / "corpus").glob("*.jsonl"))
TEXTS = [json.loads(line)["text"] for file in CORPUS for line in file.read_text("utf-8").splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="atheris has wheels for Linux only")
def test_two_hundred_thousand_made_up_messages_break_nothing() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, HERE / "fuzz_understanding.py", "-runs=100000", f"-seed={seed}", "-max_len=300"],
            cwd=HERE.parent.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for seed in (1, 2)
    ]  # fmt: skip
    for process in running:
        told = process.communicate()[1]
        assert process.returncode == 0, told[-2000:]
        assert "Done 100000 runs" in told


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(TEXTS)), max_size=6).map("".join))
def test_spans_point_into_the_text_as_it_was_typed(text: str) -> None:
    for shown in understand(text).evidence:
        assert 0 <= shown.start < shown.end <= len(text)


def test_the_answer_is_the_same_in_any_order_and_thread() -> None:
    first = {text: understand(text).as_dict() for text in TEXTS}
    shuffled = list(TEXTS)
    random.Random(3).shuffle(shuffled)
    with ThreadPoolExecutor(4) as threads:
        for text, again in zip(shuffled, threads.map(understand, shuffled), strict=True):
            assert again.as_dict() == first[text]


def test_the_answer_is_the_same_in_another_process() -> None:
    program = "import json, sys\nfrom nlp.understand import understand\n" + (
        "for line in sys.stdin: print(json.dumps(understand(json.loads(line)).as_dict()))"
    )
    texts = TEXTS[::7]
    done = subprocess.run(
        [sys.executable, "-c", program], input="\n".join(map(json.dumps, texts)), capture_output=True, text=True,
        check=True, env={"PYTHONHASHSEED": "77", "PATH": ""},
    )  # fmt: skip
    for text, line in zip(texts, done.stdout.splitlines(), strict=True):
        assert json.loads(line) == json.loads(json.dumps(understand(text).as_dict()))


def test_another_lexicon_beside_it_changes_nothing() -> None:
    before = [understand(text).as_dict() for text in TEXTS[:300]]
    Understander(load()).understand("电梯坏了")
    assert [understand(text).as_dict() for text in TEXTS[:300]] == before
