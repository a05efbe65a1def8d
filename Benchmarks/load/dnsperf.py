"""dnsperf, Debian's load generator, with names that are asked once each."""
import os
import re
import subprocess


class Load:
    """Questions for names that no earlier load of the same object asked."""

    def __init__(self, folder, cpu=None, suffix=".bench.example"):
        self.folder = folder
        self.suffix = suffix
        self.cpu = cpu
        self.asked = 0

    def run(self, daemon, count, transport="udp", clients=1, window=100):
        """Asks `count` new questions, at most `window` at a time; gives what dnsperf says."""
        numbers = range(self.asked, self.asked + count)
        self.asked += count
        return self._ask(daemon, numbers, 1, transport, clients, window)

    def repeat(self, daemon, names, times, transport="udp", clients=1, window=100):
        """Asks the first `names` questions that were ever asked, again and again."""
        return self._ask(daemon, range(names), times, transport, clients, window)

    def _ask(self, daemon, numbers, times, transport, clients, window):
        path = f"{self.folder}/questions"
        with open(path, "w", encoding="ascii") as file:
            for number in numbers:
                file.write(f"n{number:08d}{self.suffix} A\n")
        count = len(numbers) * times
        arguments = [
            "dnsperf", "-m", transport, "-s", "127.0.0.1", "-p", str(daemon.port), "-d", path,
            "-n", str(times), "-c", str(clients), "-q", str(window), "-b", "4096", "-t", "5"]
        outcome = subprocess.run(
            arguments, capture_output=True, text=True, timeout=120, check=False,
            preexec_fn=self._pin)
        result = Result(outcome.stdout)
        if outcome.returncode or result.completed + result.lost != count:
            raise RuntimeError(f"dnsperf: {outcome.stdout}\n{outcome.stderr}")
        return result

    def _pin(self):
        if self.cpu is not None:
            os.sched_setaffinity(0, {self.cpu})


class Result:
    """What one run of dnsperf came to."""

    def __init__(self, report):
        self.completed = int(self._number(report, r"Queries completed: +(\d+)"))
        self.lost = int(self._number(report, r"Queries lost: +(\d+)"))
        self.good = int(self._number(report, r"NOERROR (\d+)"))
        self.queries_per_second = self._number(report, r"Queries per second: +([\d.]+)")
        self.latency = self._number(report, r"Average Latency \(s\): +([\d.]+)")

    @staticmethod
    def _number(report, pattern):
        found = re.search(pattern, report)
        return float(found.group(1)) if found else 0.0
