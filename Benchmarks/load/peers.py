"""Other forwarders of Debian, as far as they are installed, set up to do what the daemon does."""
import shutil
import socket
import tempfile

from process import Process, free_port, wait_for
from upstream import NAME

UNBOUND = """\
server:
  interface: 127.0.0.1@{port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  so-rcvbuf: 4m
  module-config: "iterator"
  do-not-query-localhost: no
  outgoing-range: 8192
  num-queries-per-thread: 4096
  incoming-num-tcp: 300
  max-reuse-tcp-queries: 100000000
  qname-minimisation: no
  tls-cert-bundle: "{authority}"
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-tls-upstream: yes
  forward-addr: 127.0.0.1@{upstream}#{name}
"""

DNSDIST = """\
setLocal("127.0.0.1:{port}")
setMaxTCPClientThreads(1)
setMaxUDPOutstanding(65535)
setUDPSocketBufferSizes(4194304, 4194304)
setUDPMultipleMessagesVectorSize(64)
newServer({{address = "127.0.0.1:{upstream}", tls = "openssl", subjectName = "{name}",
    caStore = "{authority}", validateCertificates = true, maxInFlight = 4096,
    healthCheckMode = "up"}})
getPool(""):setCache(newPacketCache(100000))
"""

STUBBY = """\
resolution_type: GETDNS_RESOLUTION_STUB
dns_transport_list:
  - GETDNS_TRANSPORT_TLS
tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
tls_query_padding_blocksize: 128
idle_timeout: 10000
tls_ca_file: "{authority}"
appdata_dir: "{folder}"
listen_addresses:
  - 127.0.0.1@{port}
upstream_recursive_servers:
  - address_data: 127.0.0.1
    tls_port: {upstream}
    tls_auth_name: "{name}"
"""

SMARTDNS = """\
bind 127.0.0.1:{port}
bind-tcp 127.0.0.1:{port}
cache-size 100000
cache-persist no
prefetch-domain no
serve-expired no
speed-check-mode none
dualstack-ip-selection no
log-level fatal
ca-file {authority}
server-tls 127.0.0.1:{upstream} -host-name {name} -tls-host-verify {name}
"""

KRESD = """\
net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
trust_anchors.remove('.')
for _, name in ipairs({{'ta_update', 'priming', 'detect_time_skew'}}) do
    pcall(modules.unload, name)
end
log_level('err')
cache.open(100 * MB, 'lmdb://{folder}')
policy.add(policy.all(policy.TLS_FORWARD({{
    {{'127.0.0.1@{upstream}', hostname = '{name}', ca_file = '{authority}'}}}})))
"""

# Name and program, configuration, arguments.
KNOWN = [
    ("unbound", UNBOUND, ["-d", "-c", "{path}"]),
    ("dnsdist", DNSDIST, ["--supervised", "--disable-syslog", "-C", "{path}"]),
    ("stubby", STUBBY, ["-C", "{path}", "-v", "1"]),
    ("smartdns", SMARTDNS, ["-f", "-x", "-c", "{path}"]),
    ("kresd", KRESD, ["-n", "-c", "{path}"]),
]


def installed():
    """Those that are here."""
    return [known for known in KNOWN if shutil.which(known[0])]


class Peer:
    """One of them, with one thread for queries where it can be told so."""

    def __init__(self, known, folder, upstream, cpu=None):
        self.name, configuration, arguments = known
        self.port = free_port()
        # A new one each time: some keep what they know there, and would know every name the next
        # time.
        folder = tempfile.mkdtemp(prefix=self.name, dir=folder)
        # stubby goes by the ending, the others do not mind.
        path = f"{folder}/configuration.yml"
        with open(path, "w", encoding="ascii") as file:
            file.write(configuration.format(
                port=self.port, upstream=upstream.port, name=NAME, folder=folder,
                authority=upstream.authority))
        self.process = Process(
            [self.name] + [argument.format(path=path) for argument in arguments],
            f"{folder}/log", cpu=cpu)
        wait_for(self.name, self._answers)

    def _answers(self):
        """Whether it serves: then TCP is accepted, too."""
        if not self.process.is_running():
            raise RuntimeError(f"{self.name} has ended:\n" + self.process.log_tail())
        with socket.socket() as sock:
            return sock.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self):
        self.process.stop()
