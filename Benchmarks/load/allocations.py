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


def measure(binary, folder, library, upstream, transport, budget):
    """Whether the allocations of a query over a transport are within the budget."""
    counter = Counter(library, folder)
    daemon = Daemon(binary, folder, upstream, environment=counter.environment)
    load = Load(folder)
    try:
        run(load, daemon, transport, WARM_UP)
        if counter.read()[0] == 0:
            raise RuntimeError("nothing is counted: a daemon that starts allocates")
        costs = [allocated(load, daemon, counter, transport, count) for count in (SHORT, LONG)]
        own, tls, other = (
            (long - short) / (LONG - SHORT) for short, long in zip(*costs))
        holds = own + other <= budget
        print(f"{'ok' if holds else 'OVER':6}{transport}: {own:.4f} by the daemon, {other:.4f} by "
              f"libraries, {tls:.4f} by GnuTLS (budget {budget} without GnuTLS)")
        if not holds:
            counter.trace()
            run(load, daemon, transport, TRACED)
            print("".join(counter.traces(binary)))
        return holds
    finally:
        daemon.stop()


def allocated(load, daemon, counter, transport, count):
    """What is allocated while `count` queries are forwarded."""
    before = counter.read()
    run(load, daemon, transport, count)
    return tuple(after - start for after, start in zip(counter.read(), before))


def run(load, daemon, transport, count):
    """Forwards `count` queries; none may be lost."""
    result = load.run(daemon, count, transport)
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
            held = [measure(binary, folder, library, upstream, transport, budget)
                    for transport in ("udp", "tcp")]
        finally:
            upstream.stop()
    sys.exit(0 if all(held) else 1)


main()
