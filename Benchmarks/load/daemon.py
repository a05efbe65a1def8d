"""The daemon under measurement: its configuration, its sockets, what it tells when it is ready."""
import os
import socket
import struct
import time

from process import Process, free_port
from upstream import NAME

CONFIGURATION = """\
[Upstream]
Server=127.0.0.1:{upstream}#{name}
[TLS]
{authority}
[Listen]
Workers=1
[Log]
Level=warning
"""

# What the packaged socket unit asks for.
RECEIVE_BUFFER = 4 << 20


class Daemon:
    """The daemon with one worker, a UDP and a TCP socket passed as systemd passes them."""

    def __init__(self, binary, folder, upstream, cpu=None, system_store=False, environment=None,
                 early_query=None, settings=""):
        self.port = free_port()
        authority = "" if system_store else f"CAFile={upstream.authority}"
        path = f"{folder}/dotproxy.conf"
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                upstream=upstream.port, name=NAME, authority=authority) + settings)
        self._listen()
        # Waits in the socket until the daemon reads it.
        self.client = socket.socket(type=socket.SOCK_DGRAM)
        self.client.connect(("127.0.0.1", self.port))
        if early_query:
            self.client.send(early_query)
        self._make_notify_socket(folder)
        self.process = Process(
            [binary, "--config", path], f"{folder}/dotproxy.log", cpu=cpu,
            environment=dict(environment or {}, NOTIFY_SOCKET=self._notify_path),
            sockets=(self._datagrams, self._stream))
        self.ready_seconds = self._wait_for_ready() - self.process.started_at

    def _listen(self):
        self._datagrams = socket.socket(type=socket.SOCK_DGRAM)
        self._datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._stream = socket.socket()
        for sock in (self._datagrams, self._stream):
            sock.bind(("127.0.0.1", self.port))
            sock.setblocking(False)
        self._stream.listen(128)

    def _make_notify_socket(self, folder):
        self._notify_path = f"{folder}/notify.{self.port}"
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(self._notify_path)
        self._notify.settimeout(10)

    def _wait_for_ready(self):
        try:
            while b"READY=1" not in self._notify.recv(4096):
                pass
        except socket.timeout as error:
            self.process.stop()
            raise RuntimeError("the daemon is not ready:\n" + self.process.log_tail()) from error
        return time.monotonic()

    def wait_for_answer(self):
        """The time at which a good answer comes to a query that was sent by `client`."""
        self.client.settimeout(10)
        answer = self.client.recv(4096)
        arrived = time.monotonic()
        answers = struct.unpack_from("!H", answer, 6)[0]
        if answer[3] & 15 or not answers:
            raise RuntimeError(f"no answer but {answer.hex()}:\n" + self.process.log_tail())
        return arrived

    def stop(self):
        self.process.stop()
        for sock in (self._datagrams, self._stream, self.client, self._notify):
            sock.close()
        os.unlink(self._notify_path)


def query(label, number=1):
    """A question for the address of LABEL under bench.example."""
    name = b"".join(bytes([len(part)]) + part for part in (label.encode(), b"bench", b"example"))
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + name + b"\0\0\1\0\1"
