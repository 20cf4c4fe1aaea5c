"""Many sessions: what they take in memory, and what a gate is like that has a million."""

import subprocess
import sys
import time
from dataclasses import dataclass

from . import peers
from .comparison import session_at
from .gate import SECRET, Gate, redirect_uri
from .load import Measured, Target, in_turn
from .providers import certified
from .server import free_address

MANY = 100_000
MILLION = 1_000_000


@dataclass
class Sessions:
    memory: float  # megabytes that a hundred thousand take
    begun: float  # of a million, a second
    start: float  # milliseconds from start to ready with a million
    idle: float  # megabytes of that gate then
    million: Measured  # pages of 2 KB with a million
    one: Measured  # with one


def sessions(binary, stage, world, rounds, seconds, folder):
    """What was measured. The million takes about 2 GB of disk."""
    memory, _ = fill(stage, MANY, folder / "sessions")
    url = f"http://{free_address()}"
    provider, issuer = certified(SECRET, [redirect_uri(url)])
    gate = Gate("gate with a million", binary, folder, url, world.jsm, issuer)
    _, begun = fill(stage, MILLION, gate.folder / "state")
    began = time.monotonic()
    gate.serve()
    start, idle = (time.monotonic() - began) * 1000, gate.memory()
    gate.wait_until(lambda: gate.portals() > 0)
    one = world.logged_in()["2 KB", "gate"]
    million = Target(gate, url + peers.page("2 KB"), {"Cookie": session_at(url)})
    measured = in_turn({"one": one, "million": million}, rounds, seconds, folder)
    gate.stop()
    provider.stop()
    return Sessions(memory, begun, start, idle, measured["million"], measured["one"])


def fill(stage, count, folder):
    """Megabytes of memory that so many new sessions take, and how many began a second."""
    folder.mkdir(mode=0o700)
    done = subprocess.run([stage, "sessions", str(count), folder], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"no {count} sessions: {done.stderr}")
    before, after, took = map(float, done.stdout.split())
    return (after - before) / 1024, count / took
