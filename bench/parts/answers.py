"""Answers to a SAML service provider, each with two signatures, and what they cost customers who are
forwarded at the same time."""

import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass

from .gate import SECRET, Gate
from .overload import MODULE, Customer, log_in
from .providers import sandbox
from .server import Program, free_address
from .start import PORTALS

RATE = 100  # answers a second

SERVICE_PROVIDER = """
[[service_provider]]
id = "app"
preset = "saml"
entity_id = "https://app.example.com/saml"
acs_url = "https://app.example.com/saml/acs"
"""


@dataclass
class Answers:
    """Medians of the rounds."""
    cpu: float  # milliseconds of the gate's CPU an answer
    peace: float  # another customer's p99 in milliseconds
    beside: float  # the same while answers are given
    failed: int  # requests of either that were not answered with 200
    given: int  # answers


def answers(binary, stage, rounds, seconds, folder):
    """Another customer's pages alone, then beside answers, in turn."""
    jsm = Program([*MODULE, "parts.jsm", PORTALS])
    provider, issuer = sandbox(stage, SECRET)
    url = f"https://{free_address()}"
    gate = Gate("gate that answers", binary, folder, url, f"http://{jsm.line}", issuer,
                more=SERVICE_PROVIDER).serve()
    gate.wait_until(lambda: gate.portals() > 0)
    asker, other = (log_in(url, f"customer{number}") for number in (1, 2))
    other = Customer(gate.address, other)
    other.p99(1)
    peace, beside, cpu, failed, given = [], [], [], 0, 0
    for _ in range(rounds):
        peace.append(other.p99(seconds))
        alone = asked(gate, asker, lambda: time.sleep(seconds))
        cpu.append(alone["cpu"] * 1000 / max(alone["given"], 1))
        both = asked(gate, asker, lambda: beside.append(other.p99(seconds)))
        failed += alone["failed"] + both["failed"]
        given += alone["given"] + both["given"]
    gate.stop()
    provider.stop()
    jsm.stop()
    return Answers(*map(statistics.median, (cpu, peace, beside)), failed + other.failed, given)


def asked(gate, cookie, meanwhile):
    """What came of asking for answers while something else is done."""
    asker = Program([*MODULE, "parts.answers", gate.address, cookie])
    before = gate.cpu()
    meanwhile()
    used = gate.cpu() - before
    return {**json.loads(asker.stop()), "cpu": used}


class Asker(Customer):
    """A customer who opens the service provider again and again."""

    given = 0

    def ask(self, anew):
        before = self.failed
        super().ask(anew)
        self.given += self.failed == before


def main(address, cookie):
    """Asks at a steady rate until the input ends."""
    asker = Asker(address, cookie, "/_gate/saml/app/start")
    asker.ask(True)
    print("asking", flush=True)
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    while not over.is_set():
        asker.p99(1)
    print(json.dumps({"given": asker.given, "failed": asker.failed}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
