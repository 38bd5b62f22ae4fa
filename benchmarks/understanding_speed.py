"""How fast messages are understood, side by side with jieba alone and a trained classifier, in one run.

    python benchmarks/understanding_speed.py tests/corpus

Everything is a ratio measured in alternating rounds, for machines differ and drift. The classifier needs
scikit-learn; without it that line is left out.
"""

import argparse
import importlib
import os
import pkgutil
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba

import nlp
from benchmarks.rows import Row, read_rows
from nlp.understand import understand

ROUNDS = 7
MESSAGES = 10_000
CHAT_SHARE = 0.85
HOSTILE = (
    "1" * 4095 + "x", "一" * 4096, "1栋" * 2048, "5-" * 2048, "的" * 4096, " " * 4096, "，" * 4096, "a" * 4096,
    "1" * 30 + "x", "a1" * 2048, "得想" * 2048, "像" * 4096, "不" * 4096, "楼到" * 2048, "路与" * 2048, "尊敬的" * 1365,
    "我是" * 2048, "关于" * 2048, "电梯坏了" * 1024, "哈" * 4096, "+1" * 2048, "没" * 4096, "[" * 4096, "负" * 4096,
)  # fmt: skip


def mixed(rows: Sequence[Row]) -> list[str]:
    """So many messages, of which 85 % are chat, drawn with a fixed seed."""
    draw = random.Random(1)
    chat = [row.text for row in rows if row.label == "none"]
    reports = [row.text for row in rows if row.label != "none"]
    return [draw.choice(chat if draw.random() < CHAT_SHARE else reports) for _ in range(MESSAGES)]


def seconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        work(text)
    return time.perf_counter() - start


def side_by_side(others: dict[str, tuple[Callable[[str], object], int]], texts: Sequence[str]) -> None:
    """Ratios to our own, pair by pair; each other is given as many of the texts as it can do in good time."""
    for name, (work, count) in others.items():
        part = texts[:count]
        ratios = [seconds(work, part) / seconds(understand, part) for _ in range(ROUNDS)]
        print(f"understand : {name:<34}{statistics.median(ratios):6.1f} ×  ({min(ratios):.1f}-{max(ratios):.1f})")


def classifier(rows: Sequence[Row]) -> Callable[[str], object] | None:
    """TF-IDF with logistic regression, one message at a time."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError:
        return None
    model = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 3)), LogisticRegression(max_iter=2000))
    model.fit([row.text for row in rows], [row.label for row in rows])
    return lambda text: model.predict([text])


def longest(rows: Sequence[Row]) -> tuple[float, str]:
    """The worst of messages of 4,096 characters, in milliseconds."""
    texts = [*HOSTILE]
    draw = random.Random(2)
    for _ in range(20):
        text = "，".join(draw.choice(rows).text for _ in range(600))[:4096]
        texts += [text, text.replace("，", "")]
    return max((min(seconds(understand, [text]) for _ in range(3)) * 1000, text[:12]) for text in texts)


def worst_pattern() -> tuple[float, str]:
    """The slowest regular expression of the package on hostile texts, in milliseconds."""
    worst = (0.0, "")
    for info in pkgutil.iter_modules(nlp.__path__):
        module = importlib.import_module(f"nlp.{info.name}")
        for name, pattern in vars(module).items():
            if isinstance(pattern, re.Pattern):
                for text in HOSTILE:
                    took = min(seconds(lambda text, all=pattern.findall: all(text), [text]) for _ in (1, 2))
                    worst = max(worst, (took * 1000, f"{info.name}.{name} on {text[:6]}…"))
    return worst


START = """
import re, time
start = time.perf_counter()
from nlp.understand import understand
understand("三单元电提又坏了")
took = time.perf_counter() - start
print(took, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
"""


def start_up(*, is_cold: bool) -> tuple[float, float]:
    """Seconds to import and first answer, and the peak memory in MB; cold is without jieba's cache."""
    times: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(Path(nlp.__path__[0]).parent), "TMPDIR": folder}
        for index in range(4):
            cache = Path(folder)
            if is_cold:
                for file in cache.glob("jieba*"):
                    file.unlink()
            run = subprocess.run(
                [sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True
            )
            if index or is_cold:
                took, memory = map(float, run.stdout.split())
                times.append((took, memory))
    return min(times)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    rows = list(read_rows(parser.parse_args().files))
    texts = mixed(rows)
    understand("")
    jieba.setLogLevel(60)
    jieba.initialize()
    others: dict[str, tuple[Callable[[str], object], int]] = {"jieba.lcut alone": (jieba.lcut, MESSAGES)}
    if (model := classifier(rows)) is not None:
        others["TF-IDF + logistic regression, singly"] = (model, 300)
    took = min(seconds(understand, texts) for _ in range(3))
    print(f"messages a second, 85 % chat{MESSAGES / took:16,.0f}")
    side_by_side(others, texts)
    print("worst of 4,096 characters: {:.1f} ms ({}…)".format(*longest(rows)))
    print("slowest regular expression: {:.2f} ms ({})".format(*worst_pattern()))
    for name, is_cold in (("warm", False), ("cold", True)):
        print("import and first answer, jieba's cache {}: {:.2f} s, {:.0f} MB".format(name, *start_up(is_cold=is_cold)))


if __name__ == "__main__":
    main()
