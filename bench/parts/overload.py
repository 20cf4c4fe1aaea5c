"""What one customer who asks for much and takes it slowly costs another: attacks on a gate with the
limits that it has by itself, in front of a JSM with a limited number of threads."""

import http.client
import json
import ssl
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass

from .attacks import ATTACKS
from .browser import Browser
from .gate import SECRET, Gate
from .peers import page
from .providers import sandbox
from .server import Program, free_address
from .start import PORTALS

ELSEWHERE = "127.0.0.2"  # where the other customer asks from
MODULE = [sys.executable, "-m"]
RATE = 100  # requests a second
NEW = 20  # requests on one connection
WITHIN = 30  # seconds in which everything must be given back
LONG_ENOUGH = 8  # seconds of an attack: whoever has to wait for JSM does so for 5, and is then refused


@dataclass
class Attacked:
    """Under one attack; medians of the rounds, and the worst of what is bounded."""
    what: str
    count: int
    peace: float  # the other customer's p99 in milliseconds
    under: float
    failed: int  # of the other customer's requests
    peak: float  # megabytes of the gate
    threads: int  # of JSM that were busy
    connections: int  # to JSM
    answers: Counter  # that the attacker got

    @property
    def bound(self):
        return max(3 * self.peace, 50)

    @property
    def silent(self):
        """How many of the attacker's requests got no answer at all."""
        return self.answers["nothing"]


def overload(binary, stage, rounds, seconds, folder):
    """What was measured, for each attack."""
    jsm = Program([*MODULE, "parts.jsm", PORTALS])
    provider, issuer = sandbox(stage, SECRET)
    seconds = max(seconds, LONG_ENOUGH)
    found = [attacked(name, binary, jsm.line, issuer, rounds, seconds, folder) for name in ATTACKS]
    provider.stop()
    jsm.stop()
    return found


def attacked(name, binary, jsm, issuer, rounds, seconds, folder):
    url = f"https://{free_address()}"
    gate = Gate(f"gate under {name}", binary, folder, url, f"http://{jsm}", issuer, limited=True)
    gate.serve()
    gate.wait_until(lambda: gate.portals() > 0)
    attacker, other = (log_in(url, f"customer{number}") for number in (1, 2))
    other = Customer(gate.address, other)
    other.p99(1)
    gate.forget_peak()
    told(jsm)
    kind = ATTACKS[name]
    peace, under, answers = [], [], Counter()
    for _ in range(rounds):
        peace.append(other.p99(seconds))
        attack = Program([*MODULE, "parts.attacks", name, gate.address, attacker])
        under.append(other.p99(seconds))
        answers.update(json.loads(attack.stop()))
        wait_until_given_back(gate)
    busy, peak = told(jsm), gate.peak_memory()
    gate.stop()
    return Attacked(kind.what, kind.count, statistics.median(peace), statistics.median(under),
                    other.failed, peak, busy["most_busy"], busy["most_connections"], answers)


def log_in(url, username):
    browser, at = Browser(), url + page("2 KB")
    browser.log_in(at, {"username": username, "password": "demo"})
    return browser.cookie_header(at)


def told(jsm):
    connection = http.client.HTTPConnection(jsm, timeout=10)
    connection.request("GET", "/busy")
    answer = json.load(connection.getresponse())
    connection.close()
    return answer


def wait_until_given_back(gate):
    began = time.monotonic()
    while gate.metric("jsm_gate_upstream_requests") or gate.metric("jsm_gate_upstream_waiting"):
        if time.monotonic() - began > WITHIN:
            sys.exit("the gate keeps requests of an attack that is over")
        time.sleep(0.05)


def fail_on_silence(found):
    """Whoever is refused has to be told so."""
    if silent := [it for it in found if it.silent]:
        sys.exit("\n".join(f"{it.what}: {it.silent} requests got no answer" for it in silent))


class Customer:
    """Asks for one page at a steady rate, on new connections now and then."""

    def __init__(self, address, cookie, path=page("2 KB")):
        self.address, self.path, self.headers = address, path, {"Cookie": cookie}
        self.trusting = ssl.create_default_context()
        self.trusting.check_hostname, self.trusting.verify_mode = False, ssl.CERT_NONE
        self.connection, self.failed = None, 0

    def p99(self, seconds):
        """In milliseconds, each request from the moment when it was due."""
        began, took = time.monotonic(), []
        for number in range(RATE * seconds):
            due = began + number / RATE
            time.sleep(max(due - time.monotonic(), 0))
            self.ask(number % NEW == 0)
            took.append((time.monotonic() - due) * 1000)
        return statistics.quantiles(took, n=100)[98]

    def ask(self, anew):
        if anew or not self.connection:
            self.connection = http.client.HTTPSConnection(
                self.address, timeout=10, context=self.trusting, source_address=(ELSEWHERE, 0))
        try:
            self.connection.request("GET", self.path, headers=self.headers)
            answer = self.connection.getresponse()
            answer.read()
            self.failed += answer.status != 200
        except OSError:
            self.failed, self.connection = self.failed + 1, None
