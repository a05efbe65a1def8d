#!/usr/bin/env python3
"""Asks questions at a steady rate and says how many were answered.

Each question has a name and an id of its own and is sent once, as nothing may be lost; it
has five seconds, the patience of the C library.
Usage: query-stream.py udp|tcp PER-SECOND SECONDS [ADDRESS [PORT]]
Exits 1 unless every question got an answer with data.
"""
import select
import socket
import struct
import sys
import threading
import time

PATIENCE = 5.0


def question(number):
    labels = (b"s%d" % number, b"stream", b"dot", b"example")
    name = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack(">6H", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1"


def answers(number, message):
    """Whether a message is an answer with data to the question."""
    asked = question(number)
    if len(message) < len(asked) or message[12 : len(asked)] != asked[12:]:
        return False
    ident, flags, _, count = struct.unpack(">4H", message[:8])
    return ident == number & 0xFFFF and flags & 0x800F == 0x8000 and count > 0


class Tally:
    """What was sent, and what came of it."""

    def __init__(self):
        self.sent = 0
        self.good = {}  # number: seconds it took
        self.bad = []  # answers that were none

    def report(self):
        lost = self.sent - len(self.good)
        slowest = max(self.good.values(), default=0)
        print(
            f"sent {self.sent}, answered {len(self.good)}, lost {lost},"
            f" wrong {len(self.bad)}, slowest {slowest * 1000:.0f} ms"
        )
        for message in self.bad[:3]:
            print("wrong:", message.hex())
        return lost == 0 and not self.bad and self.sent > 0


def ticks(rate, seconds):
    """Counts the questions, each when its time has come."""
    start = time.monotonic()
    for number in range(int(rate * seconds)):
        delay = start + number / rate - time.monotonic()
        if delay > 0:
            time.sleep(delay)
        yield number


def over_udp(server, rate, seconds, tally):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.connect(server)
    pending = {}

    def send():
        for number in ticks(rate, seconds):
            pending[number] = time.monotonic()
            tally.sent += 1
            try:
                sock.send(question(number))
            except OSError as error:
                print("send:", error)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    end = time.monotonic() + seconds + PATIENCE
    while time.monotonic() < end and (sender.is_alive() or pending):
        if not select.select([sock], [], [], 0.1)[0]:
            continue
        try:
            message = sock.recv(4096)
        except OSError as error:
            print("receive:", error)
            continue
        number = struct.unpack(">H", message[:2])[0] if len(message) > 1 else -1
        asked = pending.pop(number, None)
        if asked is not None and answers(number, message):
            tally.good[number] = time.monotonic() - asked
        else:
            tally.bad.append(message)


def over_tcp(server, rate, seconds, tally):
    def ask(number):
        begun = time.monotonic()
        message = b""
        try:
            with socket.create_connection(server, PATIENCE) as sock:
                asked = question(number)
                sock.sendall(struct.pack(">H", len(asked)) + asked)
                received = b""
                while len(received) < 2 or len(received) < 2 + struct.unpack(">H", received[:2])[0]:
                    sock.settimeout(max(0.001, begun + PATIENCE - time.monotonic()))
                    piece = sock.recv(4096)
                    if not piece:
                        raise OSError("closed without an answer")
                    received += piece
                message = received[2:]
        except OSError as error:
            print(f"question {number}: {error}")
            return
        if answers(number, message):
            tally.good[number] = time.monotonic() - begun
        else:
            tally.bad.append(message)

    threads = []
    for number in ticks(rate, seconds):
        tally.sent += 1
        threads.append(threading.Thread(target=ask, args=(number,), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(2 * PATIENCE)


def main():
    if not 4 <= len(sys.argv) <= 6 or sys.argv[1] not in ("udp", "tcp"):
        sys.exit(__doc__)
    transport = {"udp": over_udp, "tcp": over_tcp}[sys.argv[1]]
    server = (sys.argv[4] if len(sys.argv) > 4 else "127.0.0.53", int((sys.argv[5:] or [53])[0]))
    tally = Tally()
    transport(server, float(sys.argv[2]), float(sys.argv[3]), tally)
    sys.exit(0 if tally.report() else 1)


main()
