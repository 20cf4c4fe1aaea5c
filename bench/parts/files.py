"""Large files at a hosted portal, many at once: up with replies, and down again."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .browser import Browser
from .hosted import gate_of_hosted_portal

FILES = 10  # at once, each of a customer of its own
BYTES = 100_000_000  # of a file: what a portal takes by itself
BLOCK = bytes(256 * 1024)
BOUNDARY = "boundary-of-the-bench"


@dataclass
class Files:
    """What so many files at once cost."""
    idle: float  # megabytes of the gate before
    up: float  # megabytes at most while they go up
    down: float  # megabytes at most while they come down
    up_took: float  # seconds
    down_took: float
    failed: int


def files(binary, stage, folder):
    """Each customer replies with a file, all at once; then each reads it, all at once."""
    gate, *neighbours = gate_of_hosted_portal(binary, stage, folder, FILES, 0)
    customers = [Customer(gate, number) for number in range(FILES)]
    # What the first file of a start costs once is not of the others.
    customers[0].send(1)
    idle = gate.memory()
    up, up_took, sent = watched(gate, customers, lambda customer: customer.send(BYTES))
    down, down_took, read = watched(gate, customers, Customer.read)
    for program in (gate, *neighbours):
        program.stop()
    return Files(idle, up, down, up_took, down_took, (sent + read).count(False))


def watched(gate, customers, act):
    """Peak memory, seconds, and whether each of them did what they all do at once."""
    gate.forget_peak()
    began = time.monotonic()
    with ThreadPoolExecutor(len(customers)) as pool:
        done = list(pool.map(act, customers))
    return gate.peak_memory(), time.monotonic() - began, done


class Customer:
    """Somebody with one request."""

    def __init__(self, gate, number):
        self.gate, self.path = gate, f"/p/it/IT-{number + 1}"
        self.browser = Browser()
        person = {"username": f"customer{number}", "password": "demo"}
        self.browser.log_in(f"{gate.url}/p/it", person)
        self.cookie = self.browser.cookie_header(gate.url)

    def page(self):
        return self.browser.open(self.gate.url + self.path)[2].replace("&#x2f;", "/")

    def send(self, size):
        """Replies with a file of so many bytes."""
        reply = self.page().split('id="reply"')[1]
        ticket = reply.split('name="ticket" value="')[1].split('"')[0]
        head = part("ticket", ticket) + part("act", "send") + part("files", "", "film.bin")[:-2]
        tail = f"\r\n--{BOUNDARY}--\r\n"
        connection = http.client.HTTPConnection(self.gate.address, timeout=600)
        connection.putrequest("POST", f"{self.path}/comment")
        for name, value in (("Cookie", self.cookie), ("Origin", self.gate.url),
                            ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
                            ("Content-Length", len(head) + size + len(tail))):
            connection.putheader(name, value)
        connection.endheaders(head.encode())
        for at in range(0, size, len(BLOCK)):
            connection.send(BLOCK[:size - at])
        connection.send(tail.encode())
        return connection.getresponse().status == 303

    def read(self):
        """Reads the largest of their files to its end."""
        address = self.page().split(f'href="{self.path}/files/')[-1].split('"')[0]
        connection = http.client.HTTPConnection(self.gate.address, timeout=600)
        connection.request("GET", f"{self.path}/files/{address}", headers={"Cookie": self.cookie})
        answer, size = connection.getresponse(), 0
        while block := answer.read(len(BLOCK)):
            size += len(block)
        return answer.status == 200 and size == BYTES


def part(name, value, file=None):
    """One part of a form."""
    file = f'; filename="{file}"' if file else ""
    return (f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
            f"{value}\r\n")
