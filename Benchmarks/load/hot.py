#!/usr/bin/env python3
"""Lists the functions that the daemon uses, for the linker to put them side by side.

First those in which queries spend instructions, half of them answered from memory and half
forwarded, the most used first: two runs of different length are compared. Then those that
connections need that come and go, then what remains of a start. Its output is
packaging/hot-functions.txt.
Usage: hot.py DAEMON > packaging/hot-functions.txt
"""
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

from callgrind import Counted, by_function, question
from upstream import Upstream

SHORT, LONG = 640, 3_200
# What takes less is not done for each query, nor for each time that some come together.
INSTRUCTIONS = 0.1

# Longer than the daemon keeps a connection to a server that nobody asks for anything, in seconds.
IDLE = 10

HEADER = """\
# Functions that the daemon uses, which the linker puts side by side (scripts/build.sh), so that few
# pages of the program are ever needed: those of each query, of connections, of the start. Names that
# are gone do no harm. Made by Benchmarks/load/hot.py DAEMON > packaging/hot-functions.txt\
"""


def movable(names):
    """The names without those of the standard library that all lie in one large section."""
    compiler = pathlib.Path(shutil.which("swiftc") or "/opt/swift/usr/bin/swiftc")
    library = compiler.resolve().parent.parent / "lib/swift_static/linux/libswiftCore.a"
    symbols = subprocess.run(
        ["objdump", "--syms", library], capture_output=True, text=True, check=True).stdout
    fixed = {line.split()[-1] for line in symbols.splitlines() if " .text\t" in line}
    return names - fixed


def start(counted, upstream):
    """What a start and an end take, with all authorities of the system."""
    with counted.daemon(upstream, "start", system_store=True) as (_, output):
        pass
    return by_function(output)


def life(counted, upstream):
    """What connections take beside that, of clients and to the server, which come and go."""
    with counted.daemon(upstream, "life") as (daemon, output):
        for number in range(2):
            counted.ask(daemon, [question(b"life%d" % number, number)])
            with socket.create_connection(("127.0.0.1", daemon.port), timeout=10) as client:
                for label in (b"life%d" % number, b"other%d" % number):
                    query = question(label, number)
                    client.sendall(struct.pack("!H", len(query)) + query)
                    with client.makefile("rb") as stream:
                        length, = struct.unpack("!H", stream.read(2))
                        stream.read(length)
            time.sleep(IDLE)
    return by_function(output)


def queries(counted, upstream):
    """The instructions of each function for a query."""
    short, long = (
        by_function(counted.run(
            upstream, count, lambda number: b"warm" if number % 2 else b"n%d" % number))
        for count in (SHORT, LONG))
    return {name: (count - short.get(name, 0)) / (LONG - SHORT) for name, count in long.items()}


def in_order(each, living, starting):
    """All that is used, what is used most first."""
    yield from (name for name in sorted(each, key=lambda name: (-each[name], name))
                if each[name] >= INSTRUCTIONS)
    yield from sorted(name for name in living if living[name] > starting.get(name, 0))
    yield from sorted(starting)


def main():
    binary, = sys.argv[1:]
    symbols = subprocess.run(
        ["nm", "--defined-only", "--format=posix", binary], capture_output=True, text=True,
        check=True).stdout
    own = movable({line.split()[0] for line in symbols.splitlines()})
    with tempfile.TemporaryDirectory() as folder:
        counted = Counted(binary, folder)
        upstream = Upstream(folder)
        try:
            used = [measure(counted, upstream) for measure in (queries, life, start)]
        finally:
            upstream.stop()
    print(HEADER)
    # Each where it comes first.
    for name in dict.fromkeys(in_order(*used)):
        if name in own:
            print(name)


main()
