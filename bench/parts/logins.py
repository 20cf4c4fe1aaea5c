"""Whole logins: from a page, by the sandbox's provider, back to the page."""

import multiprocessing
import time

from . import providers
from .browser import Browser
from .gate import SECRET, Gate
from .server import free_address

BROWSERS = 4


def logins(binary, stage, folder, jsm, path, seconds):
    """Logins a second, and milliseconds of the gate's CPU a login."""
    provider, issuer = providers.sandbox(stage, SECRET)
    url = f"http://{free_address()}"
    gate = Gate("gate for logins", binary, folder, url, jsm, issuer).serve()
    gate.wait_until(lambda: gate.portals() > 0)
    Browser().log_in(url + path, providers.PERSON)
    before, began = gate.cpu(), time.monotonic()
    with multiprocessing.Pool(BROWSERS) as pool:
        counts = pool.starmap(log_in_often, [(url + path, seconds)] * BROWSERS)
    took, used = time.monotonic() - began, gate.cpu() - before
    gate.stop()
    provider.stop()
    return sum(counts) / took, used * 1000 / sum(counts)


def log_in_often(url, seconds):
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        Browser().log_in(url, providers.PERSON)
        count += 1
    return count
