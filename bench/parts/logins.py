"""Whole logins: from a page, by the sandbox's provider, back to the page."""

import subprocess
import sys
from dataclasses import dataclass

from . import providers
from .gate import SECRET, Gate
from .server import free_address

AT_ONCE = 200


@dataclass
class Logins:
    """Of so many, none failed."""
    count: int
    rate: float  # a second
    cpu: float  # milliseconds of the gate's CPU each
    before: float  # megabytes of the gate after the first thousand
    after: float  # and after all


def logins(binary, stage, folder, jsm, path, count):
    """Many at once, with sessions kept on disk."""
    provider, issuer = providers.sandbox(stage, SECRET)
    url = f"http://{free_address()}"
    gate = Gate("gate for logins", binary, folder, url, jsm, issuer).serve()
    gate.wait_until(lambda: gate.portals() > 0)

    def run(count):
        done = subprocess.run([stage, "logins", url + path, str(count), str(AT_ONCE)],
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"a login failed: {done.stderr}")
        return float(done.stdout)

    run(1000)
    before, memory = gate.cpu(), gate.memory()
    took = run(count)
    found = Logins(count, count / took, (gate.cpu() - before) * 1000 / count, memory, gate.memory())
    gate.stop()
    provider.stop()
    return found
