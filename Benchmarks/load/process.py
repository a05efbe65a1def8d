"""Processes that are measured: started with passed sockets, pinned, read from /proc, ended."""
import ctypes
import os
import signal
import socket
import time

FIRST_PASSED = 3  # SD_LISTEN_FDS_START
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Process:
    """One child. It is ended by its own pid and dies with whoever started it."""

    def __init__(self, arguments, log, cpu=None, environment=None, sockets=()):
        self.name = os.path.basename(arguments[0])
        self.log = log
        started, child_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self._become(arguments, log, cpu, environment or {}, sockets, child_end)
            finally:
                os._exit(127)
        os.close(child_end)
        # Written right before exec: what Python takes for a fork is not the child's.
        self.started_at = int(os.read(started, 32)) / 1e9
        os.close(started)

    @staticmethod
    def _become(arguments, log, cpu, environment, sockets, child_end):
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        null = os.open("/dev/null", os.O_RDONLY)
        # Out of the way of the numbers they are to have, then there, inheritable.
        parked = [os.dup2(sock.fileno(), 100 + i) for i, sock in enumerate(sockets)]
        child_end = os.dup2(child_end, 99, inheritable=False)
        for number, descriptor in enumerate(parked, FIRST_PASSED):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        merged = dict(os.environ, **environment)
        if sockets:
            merged.update(
                LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(parked)),
                LISTEN_FDNAMES=":".join(["dns"] * len(parked)))
        os.write(child_end, b"%d" % time.monotonic_ns())
        os.execvpe(arguments[0], arguments, merged)

    def is_running(self):
        return os.waitpid(self.pid, os.WNOHANG)[0] == 0 if self.pid else False

    def stop(self):
        """Asks it to end and waits; nothing is left behind."""
        if not self.pid:
            return
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 5
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
            time.sleep(0.01)
        self.pid = 0

    def cpu_seconds(self):
        """Time on a processor, user's and system's, of all threads that live."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def sleeps(self):
        """Times that a thread had nothing to do and went to sleep."""
        tasks = os.listdir(f"/proc/{self.pid}/task")
        return sum(self._status(f"task/{task}/", "voluntary_ctxt_switches") for task in tasks)

    def resident_kib(self):
        """Resident memory, shared pages of libraries included."""
        return self._status("", "VmRSS")

    def memory_kib(self):
        """Resident memory: all, what is its own, and pages of files, which others may share."""
        return tuple(self._status("", field) for field in ("VmRSS", "RssAnon", "RssFile"))

    def _status(self, folder, field):
        with open(f"/proc/{self.pid}/{folder}status", encoding="ascii") as file:
            for line in file:
                name, value = line.split(":", 1)
                if name == field:
                    return int(value.split()[0])
        raise RuntimeError(f"the kernel does not tell {field}")

    def log_tail(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-8:])


def free_port(address="127.0.0.1"):
    """A port that is free for UDP and TCP."""
    while True:
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            stream.bind((address, 0))
            try:
                datagrams.bind(stream.getsockname())
                return stream.getsockname()[1]
            except OSError:
                continue


def wait_for(what, condition, seconds=10):
    """Waits until a condition holds, and fails in words when it does not come to hold."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what}: not within {seconds} s")
        time.sleep(0.01)
