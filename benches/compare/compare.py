"""Positions per CPU second of numpy, of numba and of what was exported, on one question."""

import argparse
import csv
import json
import subprocess
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import process_time
from typing import Callable

import engines
import numpy as np
from question import SIDES, Passage, Question, Tally

SCENARIOS = {"plain": "scenario.toml", "funding": "scenario-funding.toml"}
STACKS = ("numba stack", "numba stack, horizon")
SAMPLE = 20_000

Rates = dict[str, dict[str, float]]
Engine = Callable[..., None]


def agree(engine: str, case: str, found: Tally, expected: Tally) -> None:
    """Stops with exit code 1 at the first cell in which the figures differ."""
    for (side, leverage), figures in expected.items():
        if (its := found.get((side, leverage))) != figures:
            raise SystemExit(f"{engine}, {case}, {side} {leverage:g}: {its}, expected {figures}")


def seconds(work: Callable[[], None], clock: Callable[[], float], repeats: int) -> float:
    """Median CPU seconds of the work."""
    spent = []
    for _ in range(repeats):
        begun = clock()
        work()
        spent.append(clock() - begun)
    return median(spent)


def children() -> float:
    """CPU seconds, user and system, of the processes that have ended."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def contenders(question: Question) -> dict[str, tuple[Engine, np.ndarray]]:
    """The engines with the entries that each is asked about: a sample for the slow ones."""
    every, bars, horizon = question.entries, question.bars, question.horizon
    sample = every[:: max(1, len(every) // SAMPLE)]
    return {
        STACKS[0]: (partial(engines.stack, engines.bisect, bars), every),
        STACKS[1]: (partial(engines.stack, engines.bisect, horizon), every),
        "numba stack, remembered": (partial(engines.stack, engines.walk, horizon), every),
        "numba loop": (engines.loop, sample),
        "numpy windows": (engines.windows, sample),
    }


def answer(engine: Engine, question: Question, passages: list[Passage], entries: np.ndarray,
           out: np.ndarray) -> None:
    """Both sides, one after the other, into out[side, leverage, entry]."""
    for passage, bars in zip(passages, out):
        engine(passage, question.leverages, question.horizon, entries, bars)


def measure(question: Question, case: str, answers: Tally, rates: Rates) -> None:
    """Checks each engine, which also compiles it, and then times it."""
    passages = [question.passage(side, case) for side in SIDES]
    for name, (engine, entries) in contenders(question).items():
        out = question.blank(entries)
        work = partial(answer, engine, question, passages, entries, out)
        work()
        if entries is question.entries:
            whole, expected = out, answers
        else:
            expected = question.tally(whole[:, :, entries], entries)
        agree(name, case, question.tally(out, entries), expected)
        rates[name][case] = out.size / seconds(work, process_time, repeats=5) / 1e6


def in_lots(question: Question, case: str) -> Tally:
    """What a report must say: n and the liquidated among positions of whole lots."""
    entries, (engine, _) = question.entries, contenders(question)[STACKS[1]]
    out = question.blank(entries)
    lots = [question.lots(question.passage(side, case)) for side in SIDES]
    answer(engine, question, lots, entries, out)
    return {cell: {"n": len(entries), "liquidated": found["liquidated"]}
            for cell, found in question.tally(out, entries).items()}


def measure_run(question: Question, binary: Path, scenario: Path, case: str, rates: Rates) -> None:
    """Times the whole process after one run that fills its cache, and checks its report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        command = [binary, "run", scenario, "--outcomes", "none", "--threads", "1", "--force"]
        work = partial(subprocess.run, [*command, "--out", report], check=True,
                       stdout=subprocess.DEVNULL)
        work()
        spent = seconds(work, children, repeats=3)
        with (report / "frequency.csv").open(newline="") as rows:
            found = {(row["side"], float(row["leverage"])):
                     {name: int(row[name]) for name in ("n", "liquidated")}
                     for row in csv.DictReader(rows)}
    expected = in_lots(question, case)
    agree("whole process", case, found, expected)
    rates["whole process"][case] = len(question.entries) * len(expected) / spent / 1e6


def rows(rates: Rates) -> dict[str, dict[str, dict[str, float]]]:
    """Each rate beside its ratio to the faster of the two stacks."""
    numba = {case: max(rates[stack][case] for stack in STACKS) for case in SCENARIOS}
    return {name: {case: {"millions": rate, "ratio": rate / numba[case]}
                   for case, rate in found.items()} for name, found in rates.items()}


def show(table: dict[str, dict[str, dict[str, float]]]) -> None:
    """Prints the table; what was not measured stays empty."""
    print(f"{'millions per CPU second':28}", *(f"{case:>10}   ratio" for case in SCENARIOS))
    for name, cells in table.items():
        found = (cells.get(case) for case in SCENARIOS)
        print(f"{name:28}", *(f"{cell['millions']:10.3f}{cell['ratio']:8.3f}" if cell else " " * 18
                              for cell in found))


def main() -> None:
    """Reads the folder, checks and measures everything, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what the benchmark exported")
    parser.add_argument("--binary", type=Path, help="time its `run` of the exported scenarios too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the table there as JSON")
    args = parser.parse_args()
    question, rates = Question(args.folder), defaultdict(dict)
    exported = json.loads((args.folder / "answers.json").read_text())
    for case, scenario in SCENARIOS.items():
        answers = {(side, float(leverage)): figures for side, cells in exported[case].items()
                   for leverage, figures in cells.items()}
        measure(question, case, answers, rates)
        if args.binary and (args.folder / scenario).exists():
            measure_run(question, args.binary, args.folder / scenario, case, rates)
    for kernel in exported["kernels"]:
        name = f"{kernel['engine']}, threads: {kernel['threads']}"
        case = "funding" if kernel["funding"] else "plain"
        rates[name][case] = kernel["positions"] / kernel["cpu_seconds"] / 1e6
    table = rows(rates)
    show(table)
    if args.json:
        args.json.write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
