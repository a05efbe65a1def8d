#!/usr/bin/env python3
"""Checks what does not depend on the machine's mood: allocations of every step of a query's way,
and instructions of a forwarded query in the core.

Instructions are counted by valgrind over two runs, of which the second is longer: the difference
is what its additional queries take, whatever a start takes.
Usage: micro.py BENCH THRESHOLDS
"""
import json
import re
import subprocess
import sys
import tempfile

SHORT, LONG = 10_000, 30_000


def check_mallocs(bench, budget):
    """Whether every operation is within the budget."""
    lines = subprocess.run(
        [bench, "--mallocs"], capture_output=True, text=True, check=True).stdout.splitlines()
    held = bool(lines)
    for line in lines:
        mallocs, name = line.split("\t")
        holds = float(mallocs) <= budget
        held = held and holds
        print(f"{'ok' if holds else 'OVER':6}{name}: {mallocs} mallocs (budget {budget})")
    return held


def count_instructions(bench, folder, count):
    """Instructions of a whole run with so many forwarded queries."""
    report = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind", bench,
         "--run", str(count)], capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", report).group(1))


def check_instructions(bench, budget):
    """Whether a forwarded query is within the budget."""
    with tempfile.TemporaryDirectory() as folder:
        # This valgrind does not understand the debugging information of this compiler.
        bare = f"{folder}/bench"
        subprocess.run(["strip", "--strip-debug", "-o", bare, bench], check=True)
        short, long = (count_instructions(bare, folder, count) for count in (SHORT, LONG))
    each = (long - short) / (LONG - SHORT)
    holds = each <= budget
    print(f"{'ok' if holds else 'OVER':6}a forwarded query in the core: {each:.0f} instructions "
          f"(budget {budget})")
    return holds


def main():
    bench, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budgets = json.load(file)["core"]
    held = [check_mallocs(bench, budgets["mallocs_per_operation"]),
            check_instructions(bench, budgets["instructions_per_forwarded_query"])]
    sys.exit(0 if all(held) else 1)


main()
