"""Load by wrk, on several servers in turn: what disturbs the machine disturbs them all."""

import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

CONNECTIONS = 64
THREADS = 2
TOLERATED = 0.001  # of requests; seen of Apache with TLS alone, one in thousands

REPORT = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %.6f, "bytes": %d, "failed": %d, "p50": %.3f, "p99": %.3f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass
class Target:
    """One address of one server, with what the requests carry."""
    server: object
    url: str
    headers: dict = field(default_factory=dict)


@dataclass
class Measured:
    """Medians over the rounds."""
    rate: float  # requests a second
    p50: float  # milliseconds
    p99: float
    cpu: float  # microseconds of the server's CPU a request
    bytes: float  # of answers, a second
    peak: float  # megabytes
    cpus: list  # `cpu` of each round


def in_turn(targets, rounds, seconds, folder):
    """Medians of each target, by its key."""
    script = folder / "report.lua"
    script.write_text(REPORT)
    for target in targets.values():
        wrk(target, 1, script)
    runs = {key: [] for key in targets}
    for _ in range(rounds):
        for key, target in targets.items():
            runs[key].append(measure(target, seconds, script))
    return {key: median(runs[key], target) for key, target in targets.items()}


def measure(target, seconds, script):
    before = target.server.cpu()
    seen = wrk(target, seconds, script)
    used = target.server.cpu() - before
    if not seen["requests"] or seen["failed"] > seen["requests"] * TOLERATED:
        sys.exit(f"{target.server.name} failed under load: {seen}")
    if seen["failed"]:
        print(f"{target.server.name} failed {seen['failed']} times", file=sys.stderr, flush=True)
    return (seen["requests"] / seen["seconds"], seen["p50"], seen["p99"],
            used * 1e6 / seen["requests"], seen["bytes"] / seen["seconds"])


def median(runs, target):
    cpus = [cpu for _, _, _, cpu, _ in runs]
    return Measured(*map(statistics.median, zip(*runs)), target.server.peak_memory(), cpus)


def wrk(target, seconds, script):
    headers = [f"-H{name}: {value}" for name, value in target.headers.items()]
    command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, *headers,
               target.url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])
