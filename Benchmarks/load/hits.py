#!/usr/bin/env python3
"""Counts the instructions that the daemon spends on a query which it answers from memory.

All of them outside the kernel count, from the datagram that was received to the one that is sent:
two runs of different length are compared, so what a start costs does not. Queries come 32 at a time.
Usage: hits.py DAEMON THRESHOLDS
"""
import json
import sys
import tempfile

from callgrind import Counted, total
from upstream import Upstream

SHORT, LONG = 3_200, 12_800
# One in four spells the name in another way than the one before.
SPELLINGS = [b"wArm", b"warm", b"warm", b"warm"]


def main():
    binary, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budget = json.load(file)["daemon"]["instructions_per_hit"]
    with tempfile.TemporaryDirectory() as folder:
        counted = Counted(binary, folder)
        upstream = Upstream(folder)
        try:
            short, long = (
                total(counted.run(upstream, count, lambda number: SPELLINGS[number % 4]))
                for count in (SHORT, LONG))
        finally:
            upstream.stop()
    used = round((long - short) / (LONG - SHORT))
    print(f"{'ok' if used <= budget else 'OVER':6}{used:,} instructions from packet to packet "
          f"(budget {budget:,})")
    sys.exit(0 if used <= budget else 1)


main()
