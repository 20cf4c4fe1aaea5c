"""How fast a gate starts, and what it costs while nobody uses it."""

import sys
import time

from .gate import Gate
from .server import free_address
from .stand_in import Neighbours

PORTALS = 60
SETTLE = 3  # seconds from ready to idle: background reading is over, freed memory is returned


def start_and_idle(binary, folder, runs):
    """Milliseconds from start to ready and megabytes when idle, for each run."""
    with Neighbours(PORTALS) as neighbours:
        url = f"https://{free_address()}"
        gate = Gate("gate to start", binary, folder, url, neighbours.url, neighbours.url)
        gate.serve()
        gate.wait_until(lambda: gate.portals() == PORTALS)
        gate.stop()
        return [measure(gate) for _ in range(runs)]


def measure(gate):
    began = time.monotonic()
    gate.serve()
    ready = (time.monotonic() - began) * 1000
    if gate.portals() != PORTALS:
        sys.exit("the gate was ready without its stored portals")
    time.sleep(SETTLE)
    idle = gate.memory()
    gate.stop()
    return ready, idle
