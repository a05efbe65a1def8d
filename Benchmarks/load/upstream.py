"""A DNS-over-TLS server with a certificate of an authority made for the occasion."""
import os
import socket
import subprocess

from process import Process, free_port, wait_for

NAME = "dot.example"

CONFIGURATION = """\
setLocal("127.0.0.1:{plain}")
addTLSLocal("127.0.0.1:{port}", "{folder}/{name}.pem", "{folder}/{name}.key",
    {{provider = "openssl", maxInFlight = 4096, tcpListenQueueSize = 128}})
setMaxTCPClientThreads(1)
setMaxTCPQueriesPerConnection(0)
setMaxTCPConnectionDuration(0)
setMaxTCPConnectionsPerClient(0)
addAction(AllRule(), SpoofAction("192.0.2.1", {{ttl = 300}}))
"""


class Upstream:
    """dnsdist that answers every question itself; of Debian's servers the one that costs least."""

    def __init__(self, folder, cpu=None):
        self.port = free_port()
        self.authority = f"{folder}/ca.pem"
        self._make_certificates(folder)
        path = f"{folder}/upstream.conf"
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                port=self.port, plain=free_port(), folder=folder, name=NAME))
        self.process = Process(
            ["dnsdist", "--supervised", "--disable-syslog", "-C", path],
            f"{folder}/upstream.log", cpu=cpu)
        wait_for("the DNS-over-TLS server", self._is_listening)

    @staticmethod
    def _make_certificates(folder):
        functions = os.path.join(os.path.dirname(__file__), "../../Tests/system/upstream.sh")
        subprocess.run(
            ["bash", "-euc", '. "$0"; make_authority "$1"; make_certificate "$1" "$2"',
             functions, folder, NAME], check=True)

    def _is_listening(self):
        if not self.process.is_running():
            raise RuntimeError("the DNS-over-TLS server has ended:\n" + self.process.log_tail())
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.stop()
