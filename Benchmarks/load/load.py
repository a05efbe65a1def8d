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
from upstream import Upstream

ROUNDS = 5
STARTS = 15
WARM_UP = 5_000
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

    def measure_memory(self):
        """Tells the resident memory before and after the loads."""
        for what, values in (("idle", self.idle), ("after the load", self.loaded)):
            largest = max(values) / 1024
            row(f"resident memory, {what}", f"{largest:.1f} MiB",
                budget=self.budgets["resident_mib"], value=largest)

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
        finally:
            bench.upstream.stop()


main()
