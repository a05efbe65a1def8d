#!/usr/bin/env python3
"""Checks that a forwarded query allocates nothing once the daemon is warm.

The daemon runs with its allocations counted by who asks for them. Two loads are counted, of which
the second is twice as long: the difference is what its additional queries cost, whatever a load
costs by itself. GnuTLS's own allocations are shown and not judged.
Usage: allocations.py DAEMON THRESHOLDS
"""
import json
import sys
import tempfile

from counter import Counter, build
from daemon import Daemon
from dnsperf import Load
from upstream import Upstream

WARM_UP = 5_000
# With the warm-up below the number of queries after which a connection is replaced.
SHORT, LONG = 10_000, 20_000
TRACED = 2_000
# Transport, clients, queries that wait for their answer: few of them at a time, and bursts, but
# fewer of each TCP client than it may have under way: more have to be kept meanwhile.
LOADS = [("udp", 1, 100), ("udp", 4, 1000), ("tcp", 1, 100), ("tcp", 10, 500)]


def measure(binary, folder, library, upstream, shape, budget):
    """Whether the allocations of a query are within the budget under a load of this shape."""
    counter = Counter(library, folder)
    daemon = Daemon(binary, folder, upstream, environment=counter.environment)
    load = Load(folder)
    try:
        run(load, daemon, shape, WARM_UP)
        if counter.read()[0] == 0:
            raise RuntimeError("nothing is counted: a daemon that starts allocates")
        costs = [allocated(load, daemon, counter, shape, count) for count in (SHORT, LONG)]
        own, tls, other = (
            (long - short) / (LONG - SHORT) for short, long in zip(*costs))
        holds = own + other <= budget
        transport, clients, window = shape
        print(f"{'ok' if holds else 'OVER':6}{transport}, {clients} client(s), {window} queries at "
              f"a time: {own:.4f} by the daemon, {other:.4f} by "
              f"libraries, {tls:.4f} by GnuTLS (budget {budget} without GnuTLS)")
        if not holds:
            counter.trace()
            run(load, daemon, shape, TRACED)
            print("".join(counter.traces(binary)))
        return holds
    finally:
        daemon.stop()


def allocated(load, daemon, counter, shape, count):
    """What is allocated while `count` queries are forwarded."""
    before = counter.read()
    run(load, daemon, shape, count)
    return tuple(after - start for after, start in zip(counter.read(), before))


def run(load, daemon, shape, count):
    """Forwards `count` queries; none may be lost."""
    result = load.run(daemon, count, *shape)
    if result.good != count:
        raise RuntimeError(f"{count - result.good} of {count} queries got no good answer")


def main():
    binary, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budget = json.load(file)["daemon"]["mallocs_per_forwarded_query"]
    with tempfile.TemporaryDirectory() as folder:
        library = build(folder)
        upstream = Upstream(folder)
        try:
            held = [measure(binary, folder, library, upstream, shape, budget)
                    for shape in LOADS]
        finally:
            upstream.stop()
    sys.exit(0 if all(held) else 1)


main()
