#!/usr/bin/env python3
"""Counts what the functions on a query's way call of the runtime, in the machine code.

For each function of the list: calls that guard a property against being entered twice, that count
references, that allocate. A call is counted whether it is made for each query or hardly ever, so a
number above zero in the list is a call that was looked at and found off the way of the many.
Usage: hotpath.py DAEMON LIST
"""
import collections
import json
import re
import subprocess
import sys

KINDS = {
    "exclusivity": re.compile(r"swift_(begin|end)Access"),
    "references": re.compile(
        r"swift_(retain|release|unownedRetain|unownedRelease|unownedRetainStrong|weak\w+"
        r"|bridgeObjectRetain|bridgeObjectRelease|retain_n|release_n)$"),
    "allocation": re.compile(r"(swift_(allocObject|slowAlloc|dealloc\w*)|malloc|calloc|realloc)$"),
    "lookup": re.compile(r"swift_(dynamicCast\w*|once|getTypeByMangledName\w*|conformsToProtocol)"),
}
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
CALL = re.compile(r"\t(?:call|jmp|bl|b)\s+[0-9a-f]+ <([^>+@]+)(?:@plt)?>$")


def disassembled(binary):
    """The functions of a program: for each symbol what it calls."""
    text = subprocess.run(
        ["objdump", "--disassemble", "--no-show-raw-insn", binary], check=True,
        capture_output=True, text=True).stdout
    functions, calls = {}, []
    for line in text.splitlines():
        if found := FUNCTION.match(line):
            calls = functions[found[1]] = []
        elif found := CALL.search(line):
            calls.append(found[1])
    return functions


def readable(symbols):
    """What Swift calls these symbols, without what marks a copy made for certain types."""
    names = subprocess.run(
        ["swift-demangle", "-compact", "-simplified"], input="\n".join(symbols), check=True,
        capture_output=True, text=True).stdout.splitlines()
    return [name.removeprefix("specialized ") for name in names]


def counted(calls):
    """How many of the calls are of each kind."""
    counts = collections.Counter()
    for call in calls:
        for kind, pattern in KINDS.items():
            if pattern.match(call):
                counts[kind] += 1
    return counts


def main():
    binary, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        allowed = json.load(file)
    functions = disassembled(binary)
    found, failed = collections.defaultdict(collections.Counter), False
    for name, calls in zip(readable(functions), functions.values()):
        if name in allowed:
            found[name] += counted(calls)
            found[name]["symbols"] += 1
    for name, budget in allowed.items():
        counts = found[name]
        over = [kind for kind in KINDS if counts[kind] > budget.get(kind, 0)]
        # Inlined everywhere, or renamed: either way nobody is looked at here any more.
        verdict = "GONE" if not counts["symbols"] else "OVER" if over else "ok"
        failed = failed or verdict != "ok"
        print(f"{verdict:<6}{name}: " + ", ".join(
            f"{counts[kind]} {kind} ({budget.get(kind, 0)})"
            for kind in KINDS if counts[kind] or budget.get(kind)).rstrip())
    sys.exit(1 if failed else 0)


main()
