"""The daemon with its instructions counted by valgrind, outside the kernel and function by function."""
import contextlib
import os
import re
import signal
import struct
import subprocess
import time

from daemon import Daemon

AT_A_TIME = 32


class Counted:
    """One binary, made ready to be run under valgrind."""

    def __init__(self, binary, folder):
        self.folder = folder
        # Valgrind does not understand the debugging information of the compiler.
        stripped = f"{folder}/stripped"
        subprocess.run(["strip", "-g", "-o", stripped, binary], check=True)
        self.program = f"{folder}/counted"
        with open(self.program, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n"
                       "exec valgrind --quiet --tool=callgrind --demangle=no "
                       f"--callgrind-out-file=\"$COUNTED\" {stripped} \"$@\"\n")
        os.chmod(self.program, 0o755)

    @contextlib.contextmanager
    def daemon(self, upstream, label, **options):
        """The daemon, while it is counted, and where the counts will be once it has ended."""
        output = f"{self.folder}/callgrind.{label}"
        daemon = Daemon(
            self.program, self.folder, upstream, environment={"COUNTED": output}, **options)
        try:
            daemon.client.settimeout(10)
            yield daemon, output
        finally:
            daemon.stop()

    def run(self, upstream, count, label):
        """Has `count` queries answered, of which `label` gives each name; tells where the counts are.

        So many of them come at once, whatever else the machine is doing: the daemon is stopped
        while they are sent.
        """
        with self.daemon(upstream, count) as (daemon, output):
            # The connection is made, and what does not change is in memory.
            self.ask(daemon, [question(b"warm", 0)])
            for first in range(0, count, AT_A_TIME):
                os.kill(daemon.process.pid, signal.SIGSTOP)
                self._wait_until_stopped(daemon.process.pid)
                self.ask(daemon, [
                    question(label(number), number) for number in range(first, first + AT_A_TIME)])
        return output

    @staticmethod
    def _wait_until_stopped(pid):
        end = time.monotonic() + 5
        while True:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "T":
                    return
            if time.monotonic() > end:
                raise RuntimeError("the daemon does not stop")
            time.sleep(0.0005)

    @staticmethod
    def ask(daemon, queries):
        """Sends queries, lets the daemon go on, and takes the answers, which must all be good."""
        for query in queries:
            daemon.client.send(query)
        os.kill(daemon.process.pid, signal.SIGCONT)
        for _ in queries:
            answer = daemon.client.recv(4096)
            if answer[3] & 15 or answer[6:8] != b"\0\1":
                raise RuntimeError(f"no good answer but {answer.hex()}")


def question(label, number):
    """A query for the address of LABEL under bench.example."""
    name = b"".join(bytes([len(part)]) + part for part in (label, b"bench", b"example"))
    return struct.pack("!6H", number & 0xffff, 0x0100, 1, 0, 0, 0) + name + b"\0\0\1\0\1"


def total(output):
    """All instructions of a run."""
    with open(output, encoding="ascii") as file:
        return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M).group(1))


def by_function(output):
    """The instructions of each function, those of what it calls not among them."""
    names, counts = {}, {}
    function, is_call = None, False
    with open(output, encoding="ascii") as file:
        for line in file:
            if found := re.match(r"(c?fn)=\((\d+)\)(?: (\S+))?", line):
                kind, number, name = found.groups()
                if name:
                    names[number] = name
                if kind == "fn":
                    function = number
            elif line.startswith("calls="):
                is_call = True
            elif found := re.match(r"(?:[+-]?\d+|\*) (\d+)$", line):
                if not is_call:
                    counts[function] = counts.get(function, 0) + int(found.group(1))
                is_call = False
    sums = {}
    for number, count in counts.items():
        # A function that calls itself has a name for each level.
        name = names[number].split("'")[0]
        sums[name] = sums.get(name, 0) + count
    return sums
