#!/usr/bin/env python3
"""Checks what does not depend on the machine's mood: allocations of every step of a query's way,
instructions of a query in the core, forwarded, answered from memory or turned away, and memory
under endless names. The time to keep an answer does depend on it; its budget is four times what
it takes.

Instructions are counted by valgrind over two runs, of which the second is longer: the difference
is what its additional queries take, whatever a start takes.
Usage: micro.py BENCH THRESHOLDS
"""
import json
import os
import re
import subprocess
import sys
import tempfile

SHORT, LONG = 10_000, 30_000
NAMES = 10_000_000
# What the benchmark calls it, what it is, its budget.
QUERIES = [("forward", "a forwarded query", "instructions_per_forwarded_query"),
           ("pair", "a forwarded query that may be hedged",
            "instructions_per_query_that_may_be_hedged"),
           ("hit", "a query answered from memory", "instructions_per_hit"),
           ("drop", "a message that is no query", "instructions_per_dropped_message"),
           ("malformed", "a malformed query", "instructions_per_malformed_query"),
           ("refuse", "a refused query", "instructions_per_refused_query")]


# What is done to a query in addition, as the difference of two kinds, and its budget.
ADDITIONS = [("special names, of which none is asked for", "hit-rules", "hit",
              "instructions_of_unused_policy"),
             ("and names that are not resolved", "hit-filter", "hit",
              "instructions_of_policy_with_filter")]


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


def keep_answers(bench, count):
    """What it takes to keep answers to so many names: CPU seconds, and the most memory in KiB."""
    with subprocess.Popen([bench, "--run", "keep", str(count)]) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the benchmark ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def check_endless_names(bench, budgets):
    """Whether memory is flat, and time too, under millions of names that are asked for once."""
    (early, few), (late, many) = (keep_answers(bench, count) for count in (NAMES // 10, NAMES))
    each = (late - early) / (NAMES - NAMES // 10) * 1e9
    grown, budget = many - few, budgets["kib_grown_by_ten_million_names"]
    print(f"{'ok' if grown <= budget else 'OVER':6}{NAMES:,} names in a full cache: {grown:,} KiB "
          f"more than after a tenth of them (budget {budget})")
    limit = budgets["nanoseconds_to_keep_an_answer"]
    print(f"{'ok' if each <= limit else 'OVER':6}keeping of one, another of which must go: "
          f"{each:.0f} ns (budget {limit})")
    return grown <= budget and each <= limit


def count_instructions(bench, folder, query, count):
    """Instructions of a whole run with so many queries."""
    report = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind", bench,
         "--run", query, str(count)], capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", report).group(1))


def check_instructions(bench, budgets):
    """Whether every kind of query is within its budget."""
    held = True
    with tempfile.TemporaryDirectory() as folder:
        # This valgrind does not understand the debugging information of this compiler.
        bare = f"{folder}/bench"
        subprocess.run(["strip", "--strip-debug", "-o", bare, bench], check=True)
        each = {}
        for query in dict.fromkeys([row[0] for row in QUERIES] + [row[1] for row in ADDITIONS]):
            short, long = (
                count_instructions(bare, folder, query, count) for count in (SHORT, LONG))
            each[query] = (long - short) / (LONG - SHORT)
        for query, name, key in QUERIES:
            held = check_count(f"{name} in the core", each[query], budgets[key]) and held
        for name, query, base, key in ADDITIONS:
            held = check_count(name, each[query] - each[base], budgets[key]) and held
    return held


def check_count(name, count, budget):
    """Whether so many instructions are within the budget."""
    print(f"{'ok' if count <= budget else 'OVER':6}{name}: {count:.0f} instructions (budget {budget})")
    return count <= budget


def main():
    bench, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budgets = json.load(file)["core"]
    held = [check_mallocs(bench, budgets["mallocs_per_operation"]),
            check_instructions(bench, budgets), check_endless_names(bench, budgets)]
    sys.exit(0 if all(held) else 1)


main()
