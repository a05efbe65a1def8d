"""Counts of the allocations of another process, and where they were made (CMallocCount.h)."""
import mmap
import os
import struct
import subprocess

SOURCES = os.path.join(os.path.dirname(__file__), "../CMallocCount")
TRACES, FRAMES = 64, 24  # as in CMallocCount.h
TRACING, COUNTED, FIRST_TRACE = 24, 32, 40
SIZE = FIRST_TRACE + TRACES * FRAMES * 8


def build(folder):
    """Compiles the library that is preloaded and gives its path."""
    path = f"{folder}/malloc-count.so"
    subprocess.run(
        ["gcc", "-O2", "-fno-builtin", "-shared", "-fPIC", "-I", f"{SOURCES}/include", "-o", path,
         f"{SOURCES}/CMallocCount.c"], check=True)
    return path


class Counter:
    """The file that the counting library shares with us."""

    def __init__(self, library, folder):
        path = f"{folder}/malloc-count"
        with open(path, "w+b") as file:
            file.truncate(SIZE)
            self._memory = mmap.mmap(file.fileno(), SIZE)
        self.environment = {"LD_PRELOAD": library, "MALLOC_COUNT_FILE": path}

    def read(self):
        """Allocations of the executable, of GnuTLS and its libraries, of others."""
        return struct.unpack_from("=3Q", self._memory)

    def trace(self):
        """From now on, has every allocation that is not GnuTLS's leave a trace."""
        struct.pack_into("=Q", self._memory, COUNTED, 0)
        struct.pack_into("=Q", self._memory, TRACING, 1)

    def traces(self, binary):
        """The different traces left, most frequent first, as lines of functions and places."""
        struct.pack_into("=Q", self._memory, TRACING, 0)
        left = min(struct.unpack_from("=Q", self._memory, COUNTED)[0], TRACES)
        counts = {}
        for number in range(left):
            frames = struct.unpack_from(
                f"={FRAMES}Q", self._memory, FIRST_TRACE + number * FRAMES * 8)
            frames = tuple(frame for frame in frames if frame)
            counts[frames] = counts.get(frames, 0) + 1
        ordered = sorted(counts.items(), key=lambda item: -item[1])
        return [f"{count} of {left}:\n{self._describe(binary, frames)}"
                for frames, count in ordered]

    @staticmethod
    def _describe(binary, frames):
        if not frames:
            return "  by a library, not on behalf of the executable"
        # The call is before the address that it returns to.
        places = [hex(frame - 1) for frame in frames]
        named = subprocess.run(
            ["addr2line", "-Cfsp", "-e", binary, *places], capture_output=True, text=True,
            check=True).stdout
        demangled = subprocess.run(
            ["swift", "demangle", "--simplified"], input=named, capture_output=True, text=True,
            check=False)
        return "".join(f"  {line}\n" for line in (demangled.stdout or named).splitlines())
