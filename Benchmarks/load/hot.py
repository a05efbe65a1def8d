#!/usr/bin/env python3
"""Lists the functions on a query's way, for the linker to put them side by side.

They are those in which queries spend instructions, half of them answered from memory and half
forwarded, the most used first: two runs of different length are compared. Its output is
packaging/hot-functions.txt.
Usage: hot.py DAEMON > packaging/hot-functions.txt
"""
import subprocess
import sys
import tempfile

from callgrind import Counted, by_function
from upstream import Upstream

SHORT, LONG = 640, 3_200
# What takes less is not done for each query, nor for each time that some come together.
INSTRUCTIONS = 0.1

HEADER = """\
# Functions on a query's way, which the linker puts side by side (scripts/build.sh), so that few
# pages of the program are ever needed. Names that are gone do no harm. Made by
# Benchmarks/load/hot.py DAEMON > packaging/hot-functions.txt\
"""


def main():
    binary, = sys.argv[1:]
    symbols = subprocess.run(
        ["nm", "--defined-only", "--format=posix", binary], capture_output=True, text=True,
        check=True).stdout
    own = {line.split()[0] for line in symbols.splitlines()}
    with tempfile.TemporaryDirectory() as folder:
        counted = Counted(binary, folder)
        upstream = Upstream(folder)
        try:
            short, long = (
                by_function(counted.run(
                    upstream, count,
                    lambda number: b"warm" if number % 2 else b"n%d" % number))
                for count in (SHORT, LONG))
        finally:
            upstream.stop()
    each = {name: (count - short.get(name, 0)) / (LONG - SHORT) for name, count in long.items()}
    print(HEADER)
    for name in sorted(own & each.keys(), key=lambda name: (-each[name], name)):
        if each[name] >= INSTRUCTIONS:
            print(name)


main()
