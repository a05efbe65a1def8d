#!/usr/bin/env python3
"""Counts the instructions that the daemon spends on a query which it answers from memory.

All of them outside the kernel count, from the datagram that was received to the one that is sent:
two runs of different length are compared, so what a start costs does not. Queries come 32 at a time.
Usage: hits.py DAEMON THRESHOLDS
"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

from daemon import Daemon
from upstream import Upstream

SHORT, LONG = 3_200, 12_800
AT_A_TIME = 32
# One in four spells the name in another way than the one before.
SPELLINGS = [b"wArm", b"warm", b"warm", b"warm"]


def query(number):
    """A question for the address of one name."""
    labels = (SPELLINGS[number % len(SPELLINGS)], b"bench", b"example")
    name = b"".join(bytes([len(label)]) + label for label in labels)
    return struct.pack("!6H", number & 0xffff, 0x0100, 1, 0, 0, 0) + name + b"\0\0\1\0\1"


def ask(daemon, numbers):
    """Sends queries and takes the answers, which must all be good."""
    for number in numbers:
        daemon.client.send(query(number))
    for _ in numbers:
        answer = daemon.client.recv(4096)
        if answer[3] & 15 or answer[6:8] != b"\0\1":
            raise RuntimeError(f"no good answer but {answer.hex()}")


def instructions(program, folder, upstream, count):
    """What a daemon executes that answers so many queries."""
    output = f"{folder}/callgrind.{count}"
    daemon = Daemon(program, folder, upstream, environment={"COUNTED": output})
    try:
        daemon.client.settimeout(10)
        # Once over TLS, and from then on from memory.
        ask(daemon, range(1))
        for first in range(0, count, AT_A_TIME):
            ask(daemon, range(first, first + AT_A_TIME))
    finally:
        daemon.stop()
    with open(output, encoding="ascii") as file:
        return int(re.search(r"^(?:summary|totals): (\d+)", file.read(), re.M).group(1))


def counted(binary, folder):
    """A program that runs the daemon with its instructions counted."""
    # Valgrind does not understand the debugging information of the compiler.
    stripped = f"{folder}/stripped"
    subprocess.run(["strip", "-g", "-o", stripped, binary], check=True)
    path = f"{folder}/counted"
    with open(path, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\n"
                   "exec valgrind --quiet --tool=callgrind --callgrind-out-file=\"$COUNTED\" "
                   f"{stripped} \"$@\"\n")
    os.chmod(path, 0o755)
    return path


def main():
    binary, thresholds = sys.argv[1:]
    with open(thresholds, encoding="utf-8") as file:
        budget = json.load(file)["daemon"]["instructions_per_hit"]
    with tempfile.TemporaryDirectory() as folder:
        program = counted(binary, folder)
        upstream = Upstream(folder)
        try:
            short, long = (
                instructions(program, folder, upstream, count) for count in (SHORT, LONG))
        finally:
            upstream.stop()
    used = round((long - short) / (LONG - SHORT))
    print(f"{'ok' if used <= budget else 'OVER':6}{used:,} instructions from packet to packet "
          f"(budget {budget:,})")
    sys.exit(0 if used <= budget else 1)


main()
