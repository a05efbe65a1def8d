#!/usr/bin/env python3
"""Measures what memory the daemon takes that keeps 100,000 typical answers.

They have 129 octets each, as they come over the wire: one address and a long name. That all of them
are kept is seen when the server is gone and each is asked for again.
Usage: memory.py DAEMON THRESHOLDS
"""
import json
import sys
import tempfile
import time

from daemon import Daemon
from dnsperf import Load
from upstream import Upstream

ANSWERS = 100_000
# With the number that every name has of its own, 86 octets in wire format.
SUFFIX = "." + "x" * 63 + ".bench.example"
# A little more than the daemon takes to let go of the pages that only starting needed.
SETTLING_SECONDS = 3
# Enough for all of them, and not much more.
SETTINGS = "[Cache]\nSize=18M\n"


def tell(what, process):
    """Prints a line of the table and gives the resident memory in MiB."""
    total, private, files = (kib / 1024 for kib in process.memory_kib())
    print(f"{what:44}{total:6.1f} MiB, {private:.1f} private, {files:.1f} of files")
    return total


def ask(load, daemon):
    """Asks all questions; every one must have its answer."""
    load.asked = 0
    result = load.run(daemon, ANSWERS)
    if result.good != ANSWERS:
        raise RuntimeError(f"{result.good} good answers to {ANSWERS} queries")


def main():
    binary, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budget = json.load(file)["daemon"]["resident_mib_with_answers"]
    with tempfile.TemporaryDirectory() as folder:
        upstream = Upstream(folder)
        daemon = None
        try:
            daemon = Daemon(binary, folder, upstream, settings=SETTINGS)
            load = Load(folder, suffix=SUFFIX)
            time.sleep(SETTLING_SECONDS)
            tell("resident memory, idle", daemon.process)
            ask(load, daemon)
            time.sleep(SETTLING_SECONDS)
            upstream.stop()
            ask(load, daemon)
            used = tell(f"resident memory, {ANSWERS:,} answers kept", daemon.process)
        finally:
            if daemon:
                daemon.stop()
            upstream.stop()
    print("ok" if used <= budget else "OVER", f"(budget {budget} MiB)")
    sys.exit(0 if used <= budget else 1)


main()
