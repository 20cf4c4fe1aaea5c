"""Customers at a hosted portal, in front of a JSM that takes its time."""

import json
import subprocess
from dataclasses import dataclass

from . import providers
from .gate import SECRET, Gate
from .server import Program, free_address

CUSTOMERS = 200
DELAY = 50  # milliseconds that JSM takes for an answer

PORTAL = """
[portals]
mode = "hosted"

[[portal]]
project = "IT"
open_desk = true
"""


@dataclass
class Hosted:
    """Pages of a hosted portal."""
    pages: int
    failed: int
    p50: float  # milliseconds
    p95: float
    cpu: float  # milliseconds of the gate's CPU a page
    memory: float  # megabytes of the gate at most


def hosted(binary, stage, folder, seconds):
    """Each customer opens a page every five seconds: home, list, request, form."""
    gate, *neighbours = gate_of_hosted_portal(binary, stage, folder, CUSTOMERS, DELAY)
    visitors = Program([stage, "visits", f"{gate.url}/p/it", CUSTOMERS, seconds])
    before = gate.cpu()
    gate.forget_peak()
    found = json.loads(visitors.process.communicate("go\n")[0])
    cpu, memory = gate.cpu() - before, gate.peak_memory()
    for program in (gate, *neighbours):
        program.stop()
    return Hosted(found["pages"], found["failed"], found["p50"], found["p95"],
                  cpu * 1000 / found["pages"], memory)


def gate_of_hosted_portal(binary, stage, folder, customers, delay):
    """A gate that knows its portal, its provider, and a Cloud site with so many customers."""
    jsm = Program([stage, "jsm", customers, delay], stderr=subprocess.DEVNULL)
    provider, issuer = providers.sandbox(stage, SECRET)
    cloud = f'email = "gate@example.com"\ncloud_api_url = "{jsm.line}"'
    gate = Gate("gate of a hosted portal", binary, folder, f"http://{free_address()}", jsm.line, issuer,
                deployment="cloud", jsm_keys=cloud, token="sandbox-token", more=PORTAL).serve()
    gate.wait_until(lambda: gate.portals() > 0)
    return gate, provider, jsm
