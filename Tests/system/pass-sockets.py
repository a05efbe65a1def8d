#!/usr/bin/env python3
"""Runs a program with a UDP and a TCP socket passed as systemd passes them.

systemd-socket-activate passes sockets of one type only, a DNS service takes both.
Usage: pass-sockets.py ADDRESS PORT PROGRAM [ARGUMENT]...
"""
import os
import socket
import sys

FIRST = 3  # SD_LISTEN_FDS_START


def bound(kind, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    sock.setblocking(False)
    return sock


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    address, port, program = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    datagrams = bound(socket.SOCK_DGRAM, address, port)
    stream = bound(socket.SOCK_STREAM, address, port)
    stream.listen(128)

    # Out of the way of the numbers they are to have, then there, inheritable.
    parked = [os.dup2(s.fileno(), 100 + i) for i, s in enumerate((datagrams, stream))]
    for number, descriptor in enumerate(parked, FIRST):
        os.dup2(descriptor, number, inheritable=True)
        os.close(descriptor)

    os.environ["LISTEN_PID"] = str(os.getpid())
    os.environ["LISTEN_FDS"] = str(len(parked))
    os.environ["LISTEN_FDNAMES"] = ":".join(["dns"] * len(parked))
    os.execvp(program[0], program)


main()
