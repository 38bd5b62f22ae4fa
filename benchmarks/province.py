"""A province's week against what one core of this machine was measured to do: how many machines it takes.

Every group says as much as the week's profile has for its hour, in bursts; the measured costs of talk and of a report
(taken here, in this run, on SQLite in full sync) say how busy that keeps a worker. Everything assumed is printed.

Run: .venv/bin/python benchmarks/province.py [buildings, 100,000 by default]
"""

import math
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.town import corpus, fresh, messages
from bot.intake import Intake
from handlers.rules import Rules
from nlp.understand import understander

MESSAGES_A_DAY = 40
"""Of one building's group on a weekday: lively for a group of 60 to 100 households."""
REPORTS_A_WEEK = 3
"""Of one building: faults, disputes, requests; the rest is talk."""
HOURS = (
    0.4, 0.2, 0.1, 0.1, 0.2, 0.6, 2.2, 5.0, 6.0, 5.2, 5.0, 5.4,
    5.6, 4.2, 4.0, 4.2, 4.6, 5.8, 7.4, 8.6, 9.0, 8.2, 5.4, 2.6,
)  # fmt: skip
"""The share of a day's messages in each hour, in percent: morning, noon, and the evening most of all."""
WEEKEND = 1.25
"""How much more is said on Saturday and Sunday."""
STORM = 6.0
"""How many times a usual minute's messages come in the minute after a power cut or a cloudburst over a whole city."""
STORM_REPORTS = 0.5
"""What share of them are reports then (of one matter a building: further voices)."""
BUSY = 0.6
"""How busy a worker may be so that waiting stays short (at 60 % about 1.5 times the work itself)."""
SENDS_A_SECOND = 30
"""What Telegram lets one bot account say in all."""
LINES_A_REPORT = 2.5
"""What the bot says to a report: the group's line, the head's, the answer to what is done."""
CORES = 8
"""Of one machine for workers; the database and NATS have machines of their own."""


def seconds_each() -> tuple[float, float]:
    """What a line of talk and a report cost a worker that handles each in a transaction of its own."""
    talk, reports = corpus()
    chance = random.Random(8)
    costs = []
    with tempfile.TemporaryDirectory() as folder:
        for name, texts, count in (("talk", talk, 3000), ("reports", reports, 600)):
            intake = Intake(fresh(Path(folder), name), Rules(secret="x"))
            said = messages([chance.choice(texts) for _ in range(count)], 8)
            rounds = []
            for start in range(0, count, count // 5):
                part = said[start : start + count // 5]
                began = time.perf_counter()
                for message in part:
                    intake.handle([message])
                rounds.append((time.perf_counter() - began) / len(part))
            costs.append(statistics.median(rounds[1:]))
    return costs[0], costs[1]


def main() -> None:
    buildings = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    understander()
    talk, report = seconds_each()
    share = REPORTS_A_WEEK / (MESSAGES_A_DAY * 7)
    print(f"Measured here, one core: talk {talk * 1e6:,.0f} µs, a report {report * 1e3:.1f} ms, each committed alone.")
    print(
        f"Assumed: {buildings:,} buildings; {MESSAGES_A_DAY} messages and {REPORTS_A_WEEK / 7:.2f} reports a building"
    )
    print(
        f"and day ({share:.1%} of messages), weekends {WEEKEND}×; workers {BUSY:.0%} busy, {CORES} cores a machine.\n"
    )
    print("hour   msg/s  reports/s  cores  sends/s")
    worst = 0.0
    for hour, percent in enumerate(HOURS):
        rate = buildings * MESSAGES_A_DAY * WEEKEND * percent / 100 / 3600
        cores = rate * ((1 - share) * talk + share * report) / BUSY
        worst = max(worst, cores)
        print(f"{hour:02}:00 {rate:7,.0f} {rate * share:8,.1f} {cores:8.2f} {rate * share * LINES_A_REPORT:8,.1f}")
    peak = buildings * MESSAGES_A_DAY * WEEKEND * max(HOURS) / 100 / 3600
    city = peak / 14  # a province has some 14 cities; a storm is over one of them
    storm = city * STORM
    extra = (storm - city) * ((1 - STORM_REPORTS) * talk + STORM_REPORTS * report) / BUSY
    sends = peak * share * LINES_A_REPORT + storm * STORM_REPORTS
    print(f"\nStorm over one of 14 cities in the busiest hour: {storm:,.0f} msg/s there, {extra:.1f} cores more.")
    machines = math.ceil((worst + extra) / CORES)
    print(f"Workers: {worst + extra:.1f} cores = {machines} machine(s) of {CORES} cores, one more to spare.")
    print(f"With ten times the talk and reports: {(worst + extra) * 10:.0f} cores.")
    print(f"Senders: {sends:,.0f} lines/s at the worst = {math.ceil(sends / SENDS_A_SECOND)} Telegram accounts "
          f"at {SENDS_A_SECOND}/s; fewer accounts only say it later.")  # fmt: skip
    print("Not measured: PostgreSQL and NATS on machines of their own; 100,000 WeChat groups need some 200 accounts\n"
          "(500 groups each), and each its puppet service.")  # fmt: skip


main()
