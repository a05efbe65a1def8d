#!/usr/bin/env python3
"""Measures the daemon between dnsperf and a DNS-over-TLS server, all on this machine.

The daemon has a processor to itself, the others share the rest. What counts is its time on that
processor for each query, which the others hardly disturb; every round is made several times,
each with a daemon of its own, and the middle one is told. Nothing may be lost.
Usage: load.py DAEMON THRESHOLDS
"""
import json
import os
import statistics
import sys
import tempfile

from daemon import Daemon, query
from dnsperf import Load
from peers import Peer, installed
from upstream import Upstream

ROUNDS = 5
STARTS = 15
WARM_UP = 5_000
# Of the comparison: names that are in memory, and how often each is asked.
PEER_NAMES, PEER_TIMES = 1_000, 100
PEER_MISSES = 20_000
PEER_ROUNDS = 3
QUERIES = 100_000
# Transport, clients, queries that wait for their answer.
LOADS = [("udp", 1, 100), ("udp", 4, 1000), ("tcp", 10, 1000)]


class Bench:
    """What all measurements share: the programs, the places, the table."""

    def __init__(self, binary, budgets, folder):
        self.binary, self.budgets, self.folder = binary, budgets, folder
        processors = sorted(os.sched_getaffinity(0))
        self.daemon_cpu, self.other_cpu = processors[-1], processors[0]
        self.upstream = Upstream(folder, cpu=self.other_cpu)
        self.idle, self.loaded = [], []

    def start(self, **options):
        return Daemon(self.binary, self.folder, self.upstream, cpu=self.daemon_cpu, **options)

    def measure_load(self, transport, clients, window):
        """Forwards many queries and tells what each took."""
        rounds = []
        for _ in range(ROUNDS):
            daemon = self.start()
            try:
                rounds.append(self._round(daemon, transport, clients, window))
            finally:
                daemon.stop()
        costs, batches, rates = zip(*rounds)
        cost = statistics.median(costs)
        what = f"{transport}, {clients} client(s), {window} queries at a time"
        row(f"{what}: CPU", f"{cost:.2f} us a query",
            f"best {min(costs):.2f}, {statistics.median(batches):.0f} queries a wake-up")
        row(f"{what}: a core's worth", f"{1e6 / cost:,.0f} queries/s",
            budget=self.budgets["queries_per_core_second"], value=1e6 / cost, at_least=True)
        row(f"{what}: answered here", f"{statistics.median(rates):,.0f} queries/s",
            "others share one processor")

    def _round(self, daemon, transport, clients, window):
        load = Load(self.folder, cpu=self.other_cpu)
        self.idle.append(daemon.process.resident_kib())
        self._run(load, daemon, WARM_UP, transport, clients, window)
        cpu, sleeps = daemon.process.cpu_seconds(), daemon.process.sleeps()
        result = self._run(load, daemon, QUERIES, transport, clients, window)
        cost = (daemon.process.cpu_seconds() - cpu) / QUERIES * 1e6
        batch = QUERIES / max(daemon.process.sleeps() - sleeps, 1)
        self.loaded.append(daemon.process.resident_kib())
        return cost, batch, result.queries_per_second

    @staticmethod
    def _run(load, daemon, count, transport, clients, window):
        result = load.run(daemon, count, transport, clients, window)
        if result.good != count:
            raise RuntimeError(
                f"{transport}: {result.lost} of {count} queries were lost, {result.good} got a "
                "good answer")
        return result

    def compare(self):
        """Tells what a query costs the other forwarders that are installed, beside the daemon."""
        print(f"\n{'us of CPU a query; UDP, 4 clients, 200 at a time':<52}"
              f"{'in memory':>10}{'ratio':>7}{'forwarded':>11}{'ratio':>7}{'lost %':>8}{'MiB':>6}")
        ours = None
        for known in [None] + installed():
            rounds = [self._peer_round(known) for _ in range(PEER_ROUNDS)]
            hit, miss, lost, memory = (statistics.median(values) for values in zip(*rounds))
            ours = ours or (hit, miss)
            print(f"{known[0] if known else 'dotproxy':<52}{hit:>10.2f}{hit / ours[0]:>7.2f}"
                  f"{miss:>11.2f}{miss / ours[1]:>7.2f}{lost:>8.2f}{memory:>6.0f}", flush=True)

    def _peer_round(self, known):
        """Costs of a hit and of a miss, the share that was lost, and resident memory at the end."""
        server = (
            Peer(known, self.folder, self.upstream, cpu=self.daemon_cpu) if known
            else self.start())
        load, process = Load(self.folder, cpu=self.other_cpu), server.process
        try:
            load.run(server, PEER_NAMES, clients=4, window=200)
            before = process.cpu_seconds()
            hits = load.repeat(server, PEER_NAMES, PEER_TIMES, clients=4, window=200)
            between = process.cpu_seconds()
            misses = load.run(server, PEER_MISSES, clients=4, window=200)
            after = process.cpu_seconds()
            asked = PEER_NAMES * PEER_TIMES + PEER_MISSES
            return ((between - before) / max(hits.good, 1) * 1e6,
                    (after - between) / max(misses.good, 1) * 1e6,
                    (hits.lost + misses.lost) / asked * 100, process.resident_kib() / 1024)
        finally:
            server.stop()

    def measure_memory(self):
        """Tells the resident memory before and after the loads."""
        for what, values, budget in (("idle", self.idle, "resident_mib_idle"),
                                     ("after the load", self.loaded, "resident_mib_after_load")):
            largest = max(values) / 1024
            row(f"resident memory, {what}", f"{largest:.1f} MiB",
                budget=self.budgets[budget], value=largest)

    def measure_start(self, system_store):
        """Tells how long a start takes."""
        ready, first = [], []
        for number in range(STARTS):
            early = query(f"early{number}")
            daemon = self.start(system_store=system_store, early_query=early)
            try:
                ready.append(daemon.ready_seconds * 1e3)
                if not system_store:
                    first.append((daemon.wait_for_answer() - daemon.process.started_at) * 1e3)
            finally:
                daemon.stop()
        store = "system store" if system_store else "CAFile="
        middle = statistics.median(ready)
        row(f"exec to READY, {store}", f"{middle:.1f} ms", f"best {min(ready):.1f}",
            budget=self.budgets["ready_milliseconds"], value=middle)
        if first:
            row("exec to first answer over TLS", f"{statistics.median(first):.1f} ms",
                f"best {min(first):.1f}")


def row(what, figure, note="", budget=None, value=None, at_least=False):
    """Prints a line of the table."""
    if budget is not None:
        holds = value >= budget if at_least else value <= budget
        verdict = "ok" if holds else "OVER"
        note = f"{verdict} ({'at least' if at_least else 'at most'} {budget:,}) {note}".rstrip()
    print(f"{what:<58}{figure:>20}  {note}".rstrip(), flush=True)


def main():
    binary, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budgets = json.load(file)["daemon"]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(binary, budgets, folder)
        try:
            for load in LOADS:
                bench.measure_load(*load)
            bench.measure_memory()
            bench.measure_start(system_store=False)
            bench.measure_start(system_store=True)
            bench.compare()
        finally:
            bench.upstream.stop()


main()
